"""How the terminal tells a run of steps in one line that fits its width."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.demo.story import Act, Step, Story

# What is done to a message is told with it.
HANDLING = (Act.REACT, Act.UNREACT, Act.EDIT, Act.DELETE, Act.SHORTCUT)
# Commands of one kind that follow each other are told as one, with the last answer.
_TOLD_TOGETHER = ("set", "role", "impact", "cause", "why", "action", "lesson")
_TWO = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line: `text` may be shortened, what stands before and after it stays."""

    text: str
    before: str = ""
    after: str = ""


def fitted(parts: Sequence[Part], width: int) -> str:
    """Return the parts as one line of at most `width` characters, each shortened as little as needed."""
    room = max(width - sum(len(part.before) + len(part.after) for part in parts), 0)
    shares: dict[int, int] = {}
    by_length = sorted(range(len(parts)), key=lambda index: len(parts[index].text))
    for taken, index in enumerate(by_length):
        shares[index] = min(len(parts[index].text), room // (len(parts) - taken))
        room -= shares[index]
    return "".join(f"{part.before}{_cut(part.text, shares[index])}{part.after}" for index, part in enumerate(parts))


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return f"{text[: length - 1].rstrip()}…" if length else ""


def is_told_with(step: Step, run: Sequence[Step]) -> bool:
    """Whether a step is told in one line with the run of steps before it."""
    last = run[-1]
    if step.act in HANDLING:
        return subject_of(run) == step.on
    if step.act in (Act.SAY, Act.REPLY):
        return all(each.act in (Act.SAY, Act.REPLY) and each.place == step.place for each in run)
    if step.act is Act.JOIN:
        return last.act is Act.JOIN
    if step.act is Act.SUBMIT:
        return last.who == step.who
    before = next((each for each in reversed(run) if each.act is not Act.SUBMIT), last)
    words = [each.text.split()[1] for each in (before, step) if each.act is Act.COMMAND]
    return len(words) == _TWO and words[0] == words[1] and words[0] in _TOLD_TOGETHER and not last.is_refused


def subject_of(run: Sequence[Step]) -> str:
    """Return the name of the message that a run speaks of: the last one written, else the one handled."""
    written = [step.name for step in run if step.act.is_message]
    return written[-1] if written else run[-1].on


def teller(story: Story, run: Sequence[Step]) -> str:
    """Return who is named in front of a run: who wrote, else who did it."""
    steps = [step for step in run if step.act.is_message] or run
    if steps[-1].act is Act.WAIT:
        return ""
    names = first_names(story, steps)
    return ", ".join(names) if len(names) <= _TWO else f"{names[0]} and {len(names) - 1} more"


def first_names(story: Story, steps: Sequence[Step]) -> list[str]:
    """Return the first names of who did the steps, each once."""
    return list(dict.fromkeys(story.name_of(step.who).split()[0] for step in steps))


def told(story: Story, run: Sequence[Step], texts: Mapping[str, str]) -> list[Part]:
    """Return what was done in a run; `texts` are the messages by name, as they read now."""
    handled = [step for step in run if step.act in HANDLING]
    written = [step for step in run if step.act.is_message]
    if not written and not handled:
        return _done(run)
    text = texts.get(subject_of(run)) or run[-1].text
    count = f"{len(written)} messages, the last: " if len(written) > 1 else ""
    if not written:
        return [Part(text, _handling(story, handled, of_others=False) + " “", "”")]
    after = _handling(story, handled, of_others=True)
    return [Part(text, f"{count}“", f"” · {after}" if after else "”")]


def _handling(story: Story, handled: Sequence[Step], *, of_others: bool) -> str:
    """Return what was done to a message: with the names, or for a line that begins with them."""
    phrases = []
    for (act, emoji), steps in groupby(handled, key=lambda step: (step.act, step.text if step.act in _MARKS else "")):
        names = first_names(story, list(steps))
        several = len(names) > 1
        verb = {
            Act.REACT: f"{'react' if several else 'reacts'} :{emoji}:{'' if of_others else ' to'}",
            Act.UNREACT: f"takes :{emoji}: off again",
            Act.EDIT: "edits it",
            Act.DELETE: "deletes it, and it leaves the timeline",
            Act.SHORTCUT: "uses “Add to timeline”",
        }[act]
        phrases.append(f"{', '.join(names)} {verb}" if of_others else verb)
    return "; ".join(phrases)


_MARKS = (Act.REACT, Act.UNREACT)


def _done(run: Sequence[Step]) -> list[Part]:
    asked = [step for step in run if step.act is not Act.SUBMIT]
    forms = [step for step in run if step.act is Act.SUBMIT]
    parts = _asked(asked[-1], times=len(asked))
    if len(asked) == 1 and forms:
        # The first field of a form says what it is about.
        parts.append(Part(forms[0].fields[0][1], ": “", "”"))
    return parts


def _asked(step: Step, *, times: int) -> list[Part]:
    several = times > 1
    match step.act:
        case Act.COMMAND:
            return [Part(f"{times} times {' '.join(step.text.split()[:2])}" if several else step.text)]
        case Act.JOIN:
            return [Part("join the channel" if several else "joins the channel")]
        case Act.PRESS:
            return [Part(f"presses [{step.text}]")]
        case Act.CHOOSE:
            what = f"action {step.item}" if step.item else f"“{step.beside} …”"
            return [Part(f"chooses “{step.text}” for {what}")]
        case _:
            return [Part("The clock is moved to here.")]
