# ruff: noqa: E501 - each sentence stands whole on its line, as people read it
"""What people may put into the forms that is wrong, and the exact sentence at the field: read by tests and docs.

It is sent in on 2026-11-20 at 14:30 UTC by somebody in London. What a menu does not offer can't be chosen, and Slack
itself asks for what is left empty and stops where a field is full: such things never arrive.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from bot.domain.handover import Brief
from bot.domain.statements import CauseKind
from bot.slack.blocks import (
    action_modals,
    entry_modals,
    impact_modals,
    leading_modals,
    modals,
    statement_modals,
    update_modals,
)
from bot.slack.blocks.elements import Block
from tests.factories import make_cause, make_incident

NOTHING: Mapping[str, str] = MappingProxyType({})
_ENTRY = {"text": "Rolled back", "when": "14:05", "phase": "", "key": ""}


def _made(maker: Callable[..., Block], **of: Any) -> tuple[Callable[..., Block], Mapping[str, Any]]:
    return maker, of


class FormOf(Enum):
    """The forms: what makes each, and of what."""

    DECLARE = _made(modals.declare)
    ENTRY = _made(entry_modals.edit_entry, held=_ENTRY)
    MILESTONE = _made(entry_modals.correct_time, held=_ENTRY)
    IMPACT = _made(impact_modals.impact, held={})
    COSTS = _made(impact_modals.impact_costs, held={})
    CAUSE = _made(statement_modals.cause)
    LESSON = _made(statement_modals.lesson)
    ACTION = _made(action_modals.action, causes=(make_cause(CauseKind.ROOT),))
    DROP = _made(modals.drop_action, text="x")
    HANDOVER = _made(leading_modals.handover, to_name="x", brief=Brief())
    TASK = _made(leading_modals.give_task, text="x")
    UPDATE = _made(update_modals.send_update, incident=make_incident(), last=None, place="")

    @property
    def maker(self) -> Callable[..., Block]:
        """The function that makes it."""
        return self.value[0]

    @property
    def view(self) -> Block:
        """It as it looks."""
        return self.maker(**self.value[1], metadata={})

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self.view["title"]["text"])

    @property
    def fields(self) -> dict[str, Block]:
        """Its fields by their names."""
        return {block["block_id"]: block for block in self.view["blocks"] if block["type"] == "input"}

    def label(self, name: str) -> str:
        """What stands above a field."""
        return str(self.fields[name]["label"]["text"])


@dataclass(frozen=True, slots=True)
class WrongField:
    """What was put into a form's fields, and the sentence that then stands at the field named `at`.

    `typed` holds what was put in by the fields' names, for the fields that were changed. `meanwhile` says what happened
    after the form was opened.
    """

    form: FormOf
    at: str
    typed: Mapping[str, str]
    answer: str
    meanwhile: str = ""
    by: str = "ana"


def _at(form: FormOf, name: str, typed: str, answer: str) -> WrongField:
    return WrongField(form, name, {name: typed}, answer)


# What happened meanwhile, and who typed what for it in the incident's channel; `>` presses a button of an answer.
MEANWHILE = {
    "the note was undone meanwhile": "ana > answer.undo",
    "the cause was undone meanwhile": "ana > answer.undo",
    "Cleo took the lead meanwhile": "cleo /incident role lead",
    "Ben took the lead meanwhile": "ben /incident role lead",
    "it was resolved meanwhile": "ben /incident resolve",
    "it was cancelled meanwhile": "ben /incident cancel the probe was wrong",
    "Cleo took the task meanwhile": "cleo /incident tasks take 1",
    "the task was finished meanwhile": "ben /incident tasks done 1",
}
# Any text will do there, as long as Slack lets it be typed.
TAKES_ANYTHING = {
    FormOf.DECLARE: ("vendor",),
    FormOf.COSTS: ("data_integrity", "sla_breach"),
    FormOf.HANDOVER: ("tried", "hypothesis", "risks", "tasks", "next_check"),
}
_BLANK = "   "
_NAMES = ", ".join(f"s{number}" for number in range(21))
_LONG = "x" * 81
WRONG_FIELDS: tuple[WrongField, ...] = (
    _at(FormOf.DECLARE, "title", _BLANK, "An incident needs a title. Try: Checkout errors in the EU"),
    WrongField(
        FormOf.DECLARE,
        "title",
        {"title": "Checkout errors"},
        "Guests can't declare an incident. Ask a member of this workspace to do it.",
        by="guest",
    ),
    _at(FormOf.ENTRY, "text", _BLANK, "Say what happened. Try: Rolled back"),
    _at(FormOf.ENTRY, "when", _BLANK, "Say when. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z."),
    _at(
        FormOf.ENTRY,
        "when",
        "soonish",
        'I can\'t place "soonish" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    _at(
        FormOf.ENTRY,
        "when",
        "25:61",
        'I can\'t place "25:61" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    _at(FormOf.ENTRY, "when", "tomorrow 10:00", '"tomorrow 10:00" is in the future. Try 2026-11-20 10:00.'),
    _at(FormOf.ENTRY, "when", "30 feb 14:05", "There is no 30 feb. Try 28 Feb 14:05."),
    _at(FormOf.ENTRY, "when", "1", 'I can\'t place "1" in time. Try 1:00 pm, 10 minutes ago, or 2026-11-20T14:30Z.'),
    WrongField(
        FormOf.ENTRY,
        "when",
        {"text": "Rolled back twice"},
        "That entry is no longer on the timeline.",
        meanwhile="the note was undone meanwhile",
    ),
    _at(FormOf.MILESTONE, "when", "tomorrow 10:00", '"tomorrow 10:00" is in the future. Try 2026-11-20 10:00.'),
    _at(
        FormOf.MILESTONE,
        "when",
        "14:20",
        "“started” at 2026-11-20 14:20 UTC would come after “detected” at 2026-11-20 14:10 UTC. Correct that one first, for example: /incident set detected 2026-11-20T14:20Z",
    ),
    _at(
        FormOf.IMPACT, "users", "many", "“many” is not a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."
    ),
    _at(FormOf.IMPACT, "users", "12.345", "“12.345” can be read in two ways. Write 12,345."),
    _at(FormOf.IMPACT, "users", "150%", "“150%” is more than all of them. Write a share of at most 100%."),
    _at(
        FormOf.IMPACT, "users", "1.5", "“1.5” can't be a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."
    ),
    _at(FormOf.IMPACT, "services", _NAMES, "Those are 21 names; 20 is the limit. Name what they have in common."),
    _at(
        FormOf.IMPACT,
        "services",
        _LONG,
        "“xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is too long for a name. Put commas between the names: checkout, search",
    ),
    _at(FormOf.IMPACT, "regions", _NAMES, "Those are 21 names; 20 is the limit. Name what they have in common."),
    _at(
        FormOf.IMPACT,
        "regions",
        _LONG,
        "“xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is too long for a name. Put commas between the names: checkout, search",
    ),
    _at(
        FormOf.IMPACT,
        "from",
        "soonish",
        'I can\'t place "soonish" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    _at(
        FormOf.IMPACT,
        "from",
        "tomorrow",
        'I can\'t place "tomorrow" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    _at(
        FormOf.IMPACT,
        "to",
        "soonish",
        'I can\'t place "soonish" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    _at(FormOf.IMPACT, "to", "in 2 hours", '"in 2 hours" is in the future. Try 2 hours ago.'),
    WrongField(
        FormOf.IMPACT,
        "to",
        {"from": "14:05", "to": "13:50"},
        "It can't end (2026-11-20 13:50) before it began (2026-11-20 14:05). Correct one of the two.",
    ),
    _at(FormOf.IMPACT, "text", _BLANK, "Say who was affected and how, or give a figure."),
    _at(FormOf.COSTS, "revenue", "a lot", "“a lot” is not an amount. Write it like $12,400, 12.4K EUR or none."),
    _at(FormOf.COSTS, "revenue", "12.345", "“12.345” can be read in two ways. Write 12,345 or 12.34."),
    _at(FormOf.COSTS, "tickets", "lots", "“lots” is not a number of tickets. Write it like 85 or 1,200."),
    _at(FormOf.COSTS, "tickets", "-3", "“-3” is not a number of tickets. Write it like 85 or 1,200."),
    _at(FormOf.COSTS, "cost", "?", "“?” is not an amount. Write it like $12,400, 12.4K EUR or none."),
    WrongField(FormOf.COSTS, "data_integrity", NOTHING, "Say who was affected and how, or give a figure."),
    _at(FormOf.CAUSE, "text", _BLANK, "Say what the cause was. Try: The retry queue has no limit"),
    WrongField(
        FormOf.CAUSE,
        "evidence",
        {"text": "No limit", "evidence": "the dashboard"},
        "“the dashboard” is not a link. Paste one that begins with https://, such as a message's “Copy link”: https://example.slack.com/archives/C012/p1795190000000100",
    ),
    WrongField(
        FormOf.CAUSE,
        "evidence",
        {"text": "No limit", "evidence": "ftp://example.com/graph"},
        "“ftp://example.com/graph” is not a link. Paste one that begins with https://, such as a message's “Copy link”: https://example.slack.com/archives/C012/p1795190000000100",
    ),
    WrongField(
        FormOf.CAUSE,
        "own_category",
        {"text": "No limit", "category": "technical debt", "own_category": "clock skew"},
        "Choose a category or name your own: “technical debt” is chosen already.",
    ),
    WrongField(
        FormOf.CAUSE,
        "score",
        {"text": "No limit", "kind": "trigger", "score": "3"},
        "Only a contributing factor has a score. Leave this empty, or change the kind.",
    ),
    _at(FormOf.LESSON, "text", _BLANK, "Say what was learned. Try: The alert fired within a minute"),
    _at(FormOf.ACTION, "text", _BLANK, "Say what is to be done. Try: Alert on queue age"),
    WrongField(
        FormOf.ACTION,
        "owner",
        {"text": "Alert on it", "owner": "robot"},
        "Robot is a bot and can't own an action. Name somebody who can do it.",
    ),
    WrongField(
        FormOf.ACTION,
        "owner",
        {"text": "Alert on it", "owner": "left"},
        "Lea Left is no longer in this workspace and can't own an action. Name somebody who can do it.",
    ),
    WrongField(
        FormOf.ACTION,
        "due",
        {"text": "Alert on it", "due": "soon"},
        'I can\'t read "soon" as a due date. Try friday, in 2 weeks, or 2026-12-04.',
    ),
    WrongField(
        FormOf.ACTION,
        "due",
        {"text": "Alert on it", "due": "2020-01-01"},
        '"2020-01-01" is in the past. Try 2027-01-01.',
    ),
    WrongField(FormOf.ACTION, "due", {"text": "Alert on it", "due": "30 feb"}, "There is no 30 feb. Try 28 Feb."),
    WrongField(
        FormOf.ACTION,
        "due",
        {"text": "Alert on it", "due": "12/01/2027"},
        'I can\'t read "12/01/2027" as a due date. Try 2027-01-12, 2027-12-01, or in 2 weeks.',
    ),
    WrongField(
        FormOf.ACTION,
        "link",
        {"text": "Alert on it", "link": "PAY-412"},
        "“PAY-412” is not a link. Paste one that begins with https://, such as https://example.atlassian.net/browse/PAY-412",
    ),
    WrongField(
        FormOf.ACTION,
        "cause",
        {"text": "Alert on it", "cause": "Root: No limit"},
        "That cause has been taken back meanwhile. Choose another one, or none.",
        meanwhile="the cause was undone meanwhile",
    ),
    _at(FormOf.DROP, "reason", _BLANK, "Say why it is dropped, for example: replaced by the move to the new queue"),
    _at(
        FormOf.HANDOVER,
        "state",
        _BLANK,
        "Say how things stand, for example: checkout is back for most, the queue is still long",
    ),
    WrongField(
        FormOf.HANDOVER,
        "state",
        NOTHING,
        "@Cleo Marchetti is the incident lead, and only they hand it over. To name another without them: /incident role lead @Ben Okoro",
        meanwhile="Cleo took the lead meanwhile",
    ),
    WrongField(
        FormOf.HANDOVER,
        "state",
        NOTHING,
        "@Ben Okoro is the incident lead already.",
        meanwhile="Ben took the lead meanwhile",
    ),
    WrongField(
        FormOf.HANDOVER,
        "state",
        NOTHING,
        "INC-2026-11-20-001 is resolved, so there is no lead to hand over. To take it up again: /incident reopen",
        meanwhile="it was resolved meanwhile",
    ),
    _at(FormOf.TASK, "owner", "robot", "Robot is a bot and can't be given a task. Name a member of this workspace."),
    _at(
        FormOf.TASK,
        "owner",
        "guest",
        "Gus Guest is a guest and can't be given a task. Name a member of this workspace.",
    ),
    _at(
        FormOf.TASK,
        "owner",
        "left",
        "Lea Left is no longer in this workspace and can't be given a task. Name a member of this workspace.",
    ),
    WrongField(
        FormOf.TASK,
        "owner",
        {"owner": "cleo"},
        "Task 1 is for @Cleo Marchetti already.",
        meanwhile="Cleo took the task meanwhile",
    ),
    WrongField(
        FormOf.TASK, "owner", {"owner": "cleo"}, "Task 1 is done already.", meanwhile="the task was finished meanwhile"
    ),
    _at(FormOf.UPDATE, "text", _BLANK, "Say what those outside should know. Try: Payments are back for most customers"),
    WrongField(
        FormOf.UPDATE,
        "text",
        {"text": "All is well"},
        "INC-2026-11-20-001 is cancelled: it was no incident. To take it up again: /incident reopen",
        meanwhile="it was cancelled meanwhile",
    ),
)
