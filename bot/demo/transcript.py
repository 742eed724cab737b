"""The transcript: what everybody saw, as Markdown; what only one person saw or typed is marked so."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.demo.readable import labelled
from bot.demo.stage import ANNOUNCEMENTS, TALK
from bot.demo.story import LINK, Act, Step, Story
from bot.demo.witness import Seen, Version

_KEPT_UP_TO_DATE = "header"
_FORM = "form"
_DELETED = "(deleted this message)"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: `order` sorts it, `thread` is the ts of the message in whose thread it stands."""

    order: tuple[int, int, str]
    place: str
    version: Version
    who: str
    note: str = ""
    thread: str | None = None
    ts: str | None = None
    after: str = ""


def transcript(story: Story, steps: Sequence[tuple[Step, str]], seen: Iterable[Seen]) -> str:
    """Return the transcript of a story.

    `steps` are the steps that were played, each with the name of the channel it happened in; `seen` is what the
    witness saw.
    """
    items = sorted((*_typed(story, steps), *_shown(seen)), key=lambda item: item.order)
    incident = [item.place for item in items if item.place not in (ANNOUNCEMENTS, TALK)]
    parts = [_head(story)]
    for place in (TALK, ANNOUNCEMENTS, *dict.fromkeys(incident)):
        parts += [f"## #{place}", *_days([item for item in items if item.place == place])]
    return "\n\n".join(parts) + "\n"


def _head(story: Story) -> str:
    people = "\n".join(f"- {person.name}, {person.job} ({person.zone})" for person in story.people)
    return (
        f"# Transcript: what everybody saw\n\n{story.title}, replayed at {story.company}. {story.notice}\n\n"
        "All times are UTC. Lines in italics were typed, pressed or seen by one person alone. Messages stand as they "
        "read at the end; of what somebody edited or deleted the earlier text is not shown. The channel's topic, "
        f"which follows the header, is left out.\n\n{people}"
    )


def _shown(seen: Iterable[Seen]) -> Iterator[Item]:
    """Yield each message once where it was posted, and once more for each time that the application changed it."""
    answered: set[int] = set()
    for message in seen:
        first, *later = message.versions
        if message.purpose == _FORM and len(first.lines) == 1:
            # An empty form says nothing that the one that is sent in does not say.
            continue
        # Within a step: what was typed, its answer, what all see, then what else one person sees.
        rank = 2 if message.only_for is None else 3 if first.step in answered else 1
        if message.only_for:
            answered.add(first.step)
        is_own = bool(message.purpose or message.only_for)
        settled = message.versions[-1] if not is_own or message.purpose == _KEPT_UP_TO_DATE else first
        yield _item(message, rank, first, settled)
        if is_own and message.purpose != _KEPT_UP_TO_DATE:
            for before, after in zip(message.versions, later, strict=False):
                new = tuple(line for line in after.lines if line not in before.lines)
                if new:
                    yield _item(message, 2, after, Version(after.step, after.at, new), is_change=True)


def _item(message: Seen, rank: int, placed: Version, said: Version, *, is_change: bool = False) -> Item:
    if message.gone_at and not message.purpose:
        said = Version(said.step, said.at, (_DELETED,))
    note = f"seen by {message.only_for} alone" if message.only_for else ""
    if is_change:
        note = f"{note}, in place of the last answer" if note else "changed its message; new in it"
    elif message.purpose == _KEPT_UP_TO_DATE:
        note = "kept up to date; as it stood at the end"
    elif message.purpose == _FORM:
        note = f"opens a form for {message.only_for} alone"
    elif message.purpose and message.gone_at:
        note = f"taken away at {_clock(message.gone_at, placed.at.date())}"
    elif message.is_notice:
        note = "notice"
    return Item(
        order=(placed.step, rank, message.ts),
        place=message.place,
        version=Version(placed.step, placed.at, said.lines),
        who=message.author,
        note=note,
        thread=message.thread_ts if message.is_reply else message.ts if is_change and not message.only_for else None,
        ts=None if is_change else message.ts,
        after="" if is_change else _marks(message),
    )


def _marks(message: Seen) -> str:
    parts = ["(edited)"] if message.is_edited and not message.purpose else []
    parts += [f":{emoji}: {', '.join(names)}" for emoji, names in message.reactions]
    return "" if message.gone_at else " · ".join(parts)


def _typed(story: Story, steps: Sequence[tuple[Step, str]]) -> Iterator[Item]:
    """Yield what people did that nobody else saw: commands, buttons, menus, forms, shortcuts."""
    words = {
        Act.COMMAND: "typed {text}",
        Act.PRESS: "pressed [{text}]",
        Act.CHOOSE: "chose “{text}” for {item}",
        Act.SUBMIT: "sent the form “{form}”",
        Act.SHORTCUT: "used “Add to timeline” on “{on}”",
    }
    texts = {step.name: step.text for step, _ in steps if step.name}

    def link(match: re.Match[str]) -> str:
        return f"the link of “{texts[match[1]]}”"

    for number, (step, place) in enumerate(steps):
        if step.act in words:
            on = texts.get(step.on, step.on)
            item = f"“{step.beside} …”" if step.beside else f"action {step.item}"
            done = words[step.act].format(text=step.text, item=item, on=on, form=step.form)
            filled = (labelled(label, LINK.sub(link, value)) for label, value in step.fields)
            version = Version(number, step.at, (done, *filled))
            yield Item((number, 0, ""), place, version, story.name_of(step.who), note="typed")


def _days(items: Sequence[Item]) -> Iterator[str]:
    """Yield the lines of a channel by day, the replies of a thread under its first message."""
    parents = {item.ts for item in items if item.ts and item.thread is None}
    day: date | None = None
    lines: list[str] = []
    for item in items:
        if item.thread in parents:
            continue
        if item.version.at.date() != day:
            day = item.version.at.date()
            if lines:
                yield "\n".join(lines)
            yield f"### {day}"
            lines = []
        lines.append(_line(item, "", day))
        lines += [_line(reply, "  ", day) for reply in items if item.ts and reply.thread == item.ts]
    if lines:
        yield "\n".join(lines)


def _line(item: Item, indent: str, day: date) -> str:
    when = _clock(item.version.at, day)
    first, *more = [_escaped(line) for line in _with_buttons_beside(item.version.lines)] or [""]
    if item.note == "typed":
        return f"\\\n{indent}  ".join([f"{indent}- {when} *{item.who} {first}*", *more])
    if item.note == "notice":
        return f"{indent}- {when} *{first.removeprefix('@')}*"
    note = f" *({item.note})*" if item.note else ""
    text = f"\\\n{indent}  ".join([first, *more, *([item.after] if item.after else [])])
    return f"{indent}- {when} **{item.who}**{note}: {text}"


def _clock(at: datetime, day: date) -> str:
    return f"{at:%H:%M}" if at.date() == day else f"{at:%Y-%m-%d %H:%M}"


def _with_buttons_beside(lines: Sequence[str]) -> list[str]:
    """Return the lines with each row of buttons behind the text that it belongs to."""
    joined: list[str] = []
    for line in lines:
        if joined and line.startswith("[") and line.endswith("]"):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _escaped(text: str) -> str:
    """Return plain text for Markdown: its marks are shown, not obeyed."""
    for mark in "\\*<>`":
        text = text.replace(mark, f"\\{mark}")
    return text
