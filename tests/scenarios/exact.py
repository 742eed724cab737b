"""A stage whose answers are the same each time: on 2026-11-20 at 14:30 UTC, with everybody whom a table may name."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from tests.scenarios.stage import Stage, staged

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
# More than a module's tests take, and far from the times that the tables name.
_LONGEST = timedelta(minutes=25)
_MINUTE = re.compile(r"(2026-11-2\d[ T])(14:\d\d)( UTC|Z)")
_PERSON = re.compile(r"<@(\w+)>")


@contextmanager
def staged_at(
    now: datetime, where: str, settings: Mapping[str, str] = MappingProxyType({"SCRIBE_ANNOUNCE_CHANNEL": "incidents"})
) -> Iterator[Stage]:
    """Yields a stage with the application running on it from this moment on, a guest, a bot and a leaver added."""
    with staged(where, settings, is_started=False) as stage:
        move_to(stage, now)
        stage.people.add_person("guest", real_name="Gus Guest", guest=True)
        stage.people.add_person("robot", real_name="Robot", bot=True)
        stage.people.add_person("left", real_name="Lea Left", deactivated=True)
        stage.start()
        yield stage


def move_to(stage: Stage, now: datetime) -> None:
    """Moves the clock to this moment."""
    stage.clock.move(now - stage.clock())


def as_documented(stage: Stage, text: str, names: Mapping[str, str]) -> str:
    """Returns what people read as the tables have it: people by their handles, what was said just now at 14:30.

    `names` holds what else is called otherwise in the tables, such as the ids of incidents.
    """
    text = _PERSON.sub(lambda found: f"@{stage.sandbox.workspace.people[found[1]].name}", text)
    return _MINUTE.sub(_at_the_beginning, replaced(text, names))


def replaced(text: str, names: Mapping[str, str]) -> str:
    """Returns the text with each of these replaced, all at once: what one turns into may be another one."""
    return re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], text) if names else text


def _at_the_beginning(found: re.Match[str]) -> str:
    at = datetime.strptime(f"{NOW:%Y-%m-%d} {found[2]}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return f"{found[1]}{NOW:%H:%M}{found[3]}" if NOW <= at <= NOW + _LONGEST else found[0]
