"""Readers of the commands that give people something to do: actions, tasks, handovers."""

import re
from dataclasses import dataclass, replace

from bot.domain.actions import TYPE_ALIASES, ActionType, Priority
from bot.domain.errors import UserError
from bot.domain.handover import HandoverAnswer
from bot.domain.tasks import TaskMove
from bot.domain.text import mention
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
    split_word,
    statement,
    unquoted,
)
from bot.slack.grammar.commands import (
    AddAction,
    AddTask,
    AnswerHandover,
    Command,
    HandOver,
    MoveTask,
    ShowTasks,
)
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
_TASK = "restart the workers"
_NUMBER = re.compile(r"#?[0-9]{1,6}")
_MEANT_AS_MOVE = re.compile(r"(?:done|take|give|drop)\s+#?[0-9]{1,6}(?:\s+\S+)?", re.IGNORECASE)
_MOVES = Choice(
    "something to do with a task",
    tuple(TaskMove),
    {"finish": "done", "finished": "done", "mine": "take", "assign": "give", "remove": "drop", "dropped": "drop"},
)
_ANSWERS = Choice("an answer to a handover", tuple(HandoverAnswer), {"cancel": "withdraw", "refuse": "decline"})
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
        raise UserError(f"{said(after)} stands after the date. Put it before", right=right)
    if due:
        ending = _without_ending(asked, _Ending(before, ending.owner_id, ending.priority))
    if not ending.text:
        raise UserError("Say what is to be done", right=asked.form(f"{_ACTION} {asked.rest}"))
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
        raise UserError(f"--type needs a value, {listed(ActionType)}", right=asked.form(f"{before} --type prevent"))
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
        raise UserError(f"{said(word)} is not a priority. Use {listed(Priority)}", right=right)
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
    """Read `task TEXT [@user]`; `task done 3` is meant as `tasks done 3`."""
    if _MEANT_AS_MOVE.fullmatch(asked.rest):
        return tasks(replace(asked, name="tasks"))
    before, word = _split_last(asked.rest)
    person = _owner_in(asked, before, word.rstrip(",;."))
    text = before if person else asked.rest
    if person and not text:
        raise UserError("Say what is to be done now", right=asked.form(f"{_TASK} {mention(person)}"))
    return AddTask(statement(asked, text, what="what is to be done now", example=_TASK), person)


def tasks(asked: Asked) -> Command:
    """Read `tasks` or `tasks done|take|give|action|drop NUMBER [@user]`."""
    if not asked.rest:
        return ShowTasks()
    first, after = split_word(asked.rest)
    second, rest = split_word(after)
    # "3 done" is as clear as "done 3".
    word, number = (second, first) if _NUMBER.fullmatch(first) and second else (first, second)
    if _NUMBER.fullmatch(word):
        raise UserError(f"Say what to do with task {word.lstrip('#')}", right=asked.form(f"done {word}"))
    move = TaskMove(chosen(word, _MOVES, lambda name: asked.form(f"{name} {number or 1} {rest}")))
    if not _NUMBER.fullmatch(number):
        listing = f"{asked.form()} shows them"
        raise UserError(f"Say which task, by its number ({listing})", right=asked.form(f"{move} 1"))
    here = asked.form(f"{move} {number}")
    if move is TaskMove.GIVE:
        person = only_person(replace(asked, name=f"{asked.name} {move} {number}"), rest.split())
        if person is None and rest:
            return MoveTask(int(number.lstrip("#")), TaskMove.TAKE)
        if person is None:
            raise UserError("Say who does it", right=f"{here} @name")
        return MoveTask(int(number.lstrip("#")), move, person)
    if rest:
        raise UserError("Nothing goes after the number", right=here)
    return MoveTask(int(number.lstrip("#")), move)


def handover(asked: Asked) -> Command:
    """Read `handover @user`, or the answer to one: `handover accept|decline|withdraw`."""
    answer = _ANSWERS.find(asked.rest)
    if answer is not None:
        return AnswerHandover(HandoverAnswer(answer))
    if near := _ANSWERS.nearest(asked.rest):
        right = asked.form(near)
        raise UserError(
            f"{said(asked.rest)} is neither a person nor an answer to a handover. Did you mean", right=right
        )
    person = only_person(asked, asked.rest.split())
    if person is None:
        raise UserError("Say who takes over", right=asked.form("@name"))
    return HandOver(person)
