"""The bundled incident: read from incident.toml, whose head says what each word in it means."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import resources
from typing import Any

from bot.demo.errors import DemoError

# In a field of a form: the link of the message with this name.
LINK = re.compile(r"\{([^{}]+)\}")


class Act(StrEnum):
    """What somebody does in one step."""

    SAY = "say"
    ALERT = "alert"
    REPLY = "reply"
    EDIT = "edit"
    DELETE = "delete"
    REACT = "react"
    UNREACT = "unreact"
    JOIN = "join"
    COMMAND = "command"
    PRESS = "press"
    CHOOSE = "choose"
    SUBMIT = "submit"
    SHORTCUT = "shortcut"
    WAIT = "wait"

    @property
    def is_message(self) -> bool:
        """Whether it writes a new message."""
        return self in (Act.SAY, Act.ALERT, Act.REPLY)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the story; `zone` is their IANA zone."""

    handle: str
    name: str
    zone: str
    job: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one person does at one moment (UTC). `on` and `name` point at messages; `place` is a channel of its own.

    `item` and `beside` say in whose menu something is chosen. `form` is the title of the form that is sent in, `fields`
    what is filled into it: labels with values.
    """

    at: datetime
    act: Act
    who: str = ""
    text: str = ""
    on: str = ""
    name: str = ""
    place: str = ""
    details: tuple[str, ...] = ()
    item: int | None = None
    beside: str = ""
    is_refused: bool = False
    form: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some steps under a heading."""

    heading: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """The incident as data. `title` names the public outage that it follows, `notice` says what is invented."""

    title: str
    notice: str
    company: str
    alerts_from: str
    people: tuple[Person, ...]
    chapters: tuple[Chapter, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in order."""
        return tuple(step for chapter in self.chapters for step in chapter.steps)

    def name_of(self, handle: str) -> str:
        """Return somebody's name; the alerting bot's where nobody is named."""
        return next((person.name for person in self.people if person.handle == handle), self.alerts_from)


def load() -> Story:
    """Return the bundled incident. Raises DemoError for a step that is out of order or names nobody."""
    read = tomllib.loads(resources.files("bot.demo").joinpath("incident.toml").read_text(encoding="utf-8"))
    story = Story(
        title=read["title"],
        notice=read["notice"],
        company=read["company"],
        alerts_from=read["alerts_from"],
        people=tuple(Person(handle, **about) for handle, about in read["people"].items()),
        chapters=tuple(
            Chapter(chapter["heading"], tuple(_step(step) for step in chapter["steps"])) for chapter in read["chapters"]
        ),
    )
    check(story)
    return story


def _step(given: Mapping[str, Any]) -> Step:
    return Step(
        at=given["at"].astimezone(UTC),
        act=Act(given["does"]),
        who=given.get("who", ""),
        text=given.get("text", ""),
        on=given.get("on", ""),
        name=given.get("name", ""),
        place=given.get("in", ""),
        details=tuple(given.get("details", ())),
        item=given.get("item"),
        beside=given.get("beside", ""),
        is_refused=given.get("is_refused", False),
        form=given.get("form", ""),
        fields=tuple((label, value) for label, value in given.get("fields", ())),
    )


def check(story: Story) -> None:
    """Raise DemoError for a step that is not later than the one before it, or that names nobody of the story."""
    handles = {person.handle for person in story.people}
    for earlier, later in zip(story.steps, story.steps[1:], strict=False):
        if later.at <= earlier.at:
            raise DemoError(f"The step at {later.at:%Y-%m-%d %H:%M:%S} comes after one that is later or the same.")
    for step in story.steps:
        if step.who not in handles and step.act not in (Act.ALERT, Act.WAIT):
            raise DemoError(f"The step at {step.at:%Y-%m-%d %H:%M:%S} names nobody of the story: “{step.who}”.")
        if (step.act is Act.SUBMIT) != bool(step.form and step.fields):
            raise DemoError(
                f"The step at {step.at:%Y-%m-%d %H:%M:%S} sends in a form, and must say which and with what."
            )
