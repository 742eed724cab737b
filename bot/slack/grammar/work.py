"""Readers of the commands that give people something to do: actions, tasks, updates, handovers."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.actions import TYPE_ALIASES, ActionType, Priority
from bot.domain.errors import UserError
from bot.domain.text import mention
from bot.domain.when import read_span
from bot.slack.grammar.asked import (
    Asked,
    Choice,
    chosen,
    keyword,
    listed,
    not_a_person,
    only_person,
    person_in,
    said,
    statement,
    unquoted,
)
from bot.slack.grammar.commands import AddAction, AddTask, Command, HandOver, PostUpdate
from bot.slack.grammar.times import due_at_end

_TYPES = Choice(
    "a type of action", tuple(ActionType), {keyword(alias): kind.value for alias, kind in TYPE_ALIASES.items()}
)
_TYPE = re.compile(r"(?<!\S)(?:--|—|–)type(?!\S|=(?:\s|$))(?:\s+|$)|(?<!\S)(?:--|—|–)type=", re.IGNORECASE)
_TYPE_VALUE = re.compile(r"\"[^\"]*\"|[“„‟][^“”]*[”“]|'[^']*'|[‘‚][^‘’]*[’‘]|\S+")
_PRIORITY = re.compile(r"P[0-9]", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"@\w[\w.\-]*")
# "Talk to @anna" is a sentence about somebody; "Add an alert @anna" names its owner.
_PREPOSITIONS = frozenset({"to", "with", "from", "for", "and", "or", "of"})
_NEXT = re.compile(r"(?<!\S)next(?:\s+in)?\s+(?=\S)", re.IGNORECASE)
_TASK = "restart the workers"
_ACTION = "Add an alert on the queue"


@dataclass(frozen=True, slots=True)
class _Ending:
    """What stands at the end of an action's text, and the text before it."""

    text: str
    owner_id: str | None = None
    priority: Priority | None = None


def action(asked: Asked) -> Command:
    """Read `action TEXT [@owner] [due WHEN] [P0..P2] [--type TYPE]`, the parts after TEXT in any order."""
    if not asked.rest:
        return AddAction()
    text, kind = _without_type(asked)
    ending = _without_ending(asked, _Ending(text))
    before, due, after = due_at_end(asked, ending.text)
    if after.strip():
        right = asked.form(
            f"{before} {after.strip()} {ending.text[len(before) : len(ending.text) - len(after)].strip()}"
        )
        raise UserError(f"{said(after)} stands after the date. Put it before: {right}")
    if due:
        ending = _without_ending(asked, _Ending(before, ending.owner_id, ending.priority))
    if not ending.text:
        raise UserError(f"Say what is to be done: {asked.form(f'{_ACTION} {asked.rest}')}")
    statement(asked, ending.text, what="what is to be done", example=_ACTION)
    return AddAction(ending.text, ending.owner_id, due, ending.priority, kind)


def _without_type(asked: Asked) -> tuple[str, ActionType | None]:
    options = list(_TYPE.finditer(asked.rest))
    if not options:
        return asked.rest, None
    start, end = options[-1].span()
    before, after = asked.rest[:start].rstrip(), asked.rest[end:]
    value = _TYPE_VALUE.match(after)
    if value is None:
        raise UserError(f"--type needs a value, {listed(ActionType)}: {asked.form(f'{before} --type prevent')}")
    rest = after[value.end() :].strip()
    name = chosen(unquoted(value[0]), _TYPES, lambda name: asked.form(f"{before} --type {name} {rest}"))
    return f"{before} {rest}".strip(), ActionType(name)


def _without_ending(asked: Asked, ending: _Ending) -> _Ending:
    """Take the owner and the priority off the end, each at most once."""
    while ending.text:
        before, word = _split_last(ending.text)
        bare = word.rstrip(",;.")
        if ending.owner_id is None and (person := _owner_in(asked, before, bare)):
            ending = _Ending(before, person, ending.priority)
        elif ending.priority is None and _PRIORITY.fullmatch(bare):
            ending = _Ending(before, ending.owner_id, _priority(asked, bare))
        else:
            break
    return ending


def _priority(asked: Asked, word: str) -> Priority:
    if word.upper() not in set(Priority):
        right = asked.form(
            f"{asked.rest[: asked.rest.rindex(word)]}P2{asked.rest[asked.rest.rindex(word) + len(word) :]}"
        )
        raise UserError(f"{said(word)} is not a priority. Use {listed(Priority)}: {right}")
    return Priority(word.upper())


def _owner_in(asked: Asked, before: str, word: str) -> str | None:
    if _split_last(before)[1].lower() in _PREPOSITIONS:
        return None
    if _PLAIN_NAME.fullmatch(word):
        raise not_a_person(word, asked.form(asked.rest))
    return person_in(word)


def _split_last(text: str) -> tuple[str, str]:
    parts = text.rsplit(None, 1)
    if not parts:
        return "", ""
    return (parts[0].rstrip().rstrip(",;"), parts[1]) if len(parts) > 1 else ("", parts[0])


def task(asked: Asked) -> Command:
    """Read `task TEXT [@user]`."""
    before, word = _split_last(asked.rest)
    person = _owner_in(asked, before, word.rstrip(",;."))
    text = before if person else asked.rest
    if person and not text:
        raise UserError(f"Say what is to be done now: {asked.form(f'{_TASK} {mention(person)}')}")
    return AddTask(statement(asked, text, what="what is to be done now", example=_TASK), person)


def update(asked: Asked) -> Command:
    """Read `update TEXT [next 30m]`."""
    example = "Payments are back for most customers next 30m"
    text, next_in = _without_next(asked.rest)
    return PostUpdate(statement(asked, text, what="what those outside should know", example=example), next_in)


def _without_next(text: str) -> tuple[str, timedelta | None]:
    found = list(_NEXT.finditer(text))
    if not found:
        return text, None
    before, after = text[: found[-1].start()], text[found[-1].end() :]
    try:
        return before.rstrip().rstrip(",;"), read_span(after.rstrip("."))
    except UserError:
        # "Next 5 customers" is a sentence, "next 30x" a mistyped time.
        if after[0].isdigit() and len(after.split()) == 1:
            raise
        return text, None


def handover(asked: Asked) -> Command:
    """Read `handover @user`."""
    person = only_person(asked, asked.rest.split())
    if person is None:
        raise UserError(f"Say who takes over: {asked.form('@name')}")
    return HandOver(person)
