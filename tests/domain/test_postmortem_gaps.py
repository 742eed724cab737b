"""Gaps: what the report asks for, and the command that fills each."""

import re
from datetime import date
from typing import Any

import pytest

from bot.domain.actions import ActionStatus, ActionType, Priority
from bot.domain.incident import Kind, Role, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem import Postmortem, Section, assemble
from bot.domain.statements import CauseKind, LessonKind
from bot.domain.tasks import TaskStatus
from bot.domain.text import mention
from bot.domain.timeline import PHASE_EMOJI, Material
from bot.slack.grammar.commands import Context
from bot.slack.grammar.parse import parse_incident, parse_postmortem
from tests.factories import (
    HELPER,
    at,
    make_action,
    make_cause,
    make_change,
    make_communication,
    make_holder,
    make_impact,
    make_lesson,
    make_person,
    make_record,
    make_report,
    make_stamp,
    make_task,
    make_why,
)

NEXT_DAY = date(2026, 11, 21)


def _gaps(postmortem: Postmortem) -> dict[str, str]:
    return {gap.question: gap.command for gap in postmortem.gaps}


def test_every_section_without_material_asks_for_it_with_a_command() -> None:
    postmortem = make_report(incident={"status": Status.RESOLVED})
    assert {gap.section for gap in postmortem.gaps} == set(Section) - {
        Section.SUMMARY,
        Section.TIMELINE,
        Section.CHECKLIST,
        Section.RELATED,
        Section.APPENDIX,
    }
    order = list(Section)
    places = [order.index(gap.section) for gap in postmortem.gaps]
    assert places == sorted(places)
    assert all(re.match(r"/(incident|postmortem) \w+", gap.command) for gap in postmortem.gaps)
    assert all(gap.question.endswith("?") for gap in postmortem.gaps)


def test_gaps_use_the_names_of_the_commands_in_this_workspace() -> None:
    postmortem = assemble(
        make_record(), now=at("18:00"), revision=1, emoji=PHASE_EMOJI, command="/inc", postmortem_command="/pm"
    )
    assert {gap.command.split()[0] for gap in postmortem.gaps} == {"/inc", "/pm"}


def test_open_incident_is_not_asked_for_what_has_not_happened_yet() -> None:
    asked = _gaps(make_report())
    assert "When did the disruption start?" in asked
    assert not {"When was the cause identified?", "When did the impact stop?", "When was it resolved?"} & set(asked)


def test_missing_milestone_gap_gives_a_time_in_the_right_form() -> None:
    assert _gaps(make_report())["When did the disruption start?"] == "/incident set started 2026-11-20T14:05Z"


@pytest.mark.parametrize(
    ("fields", "is_asked"),
    [
        ({}, True),
        ({"status": Status.CLOSED}, True),
        ({"status": Status.CANCELLED}, False),
        ({"kind": Kind.RETRO}, True),
        ({"kind": Kind.DRILL}, False),
        ({"kind": Kind.NEAR_MISS}, False),
    ],
)
def test_what_was_told_outside_is_asked_where_somebody_outside_was_affected(
    fields: dict[str, Any], *, is_asked: bool
) -> None:
    asked = [gap.command for gap in make_report(incident=fields).gaps_in("Communications")]
    assert asked == (["/incident update Payments work again since 15:10 UTC"] if is_asked else [])


def test_whole_report_has_no_gaps() -> None:
    fields = {
        "roles": (make_holder(Role.OWNER, HELPER),),
        "impacts": (make_impact(),),
        "causes": tuple(make_cause(kind, cause_id=number) for number, kind in enumerate(CauseKind)),
        "whys": (make_why(1, "because"),),
        "lessons": tuple(make_lesson(kind) for kind in LessonKind),
        "actions": (make_action(owner_id=HELPER, due=NEXT_DAY),),
        "communications": (make_communication("14:20", "we are on it"),),
    }
    stamps = tuple(make_stamp(milestone, "14:05") for milestone in Milestone)
    postmortem = make_report(Material(stamps=stamps), incident={"status": Status.CLOSED}, **fields)
    assert postmortem.gaps == ()
    assert postmortem.about[-1].value == "nothing"


@pytest.mark.parametrize(
    ("action", "questions"),
    [
        (make_action(3), ["Who owns action 3, and when is it due?"]),
        (make_action(3, owner_id=HELPER), ["When is action 3 due?"]),
        (make_action(3, due=NEXT_DAY), ["Who owns action 3?"]),
        (make_action(3, status=ActionStatus.DONE), []),
        (make_action(3, status=ActionStatus.DROPPED), []),
    ],
)
def test_open_action_without_owner_or_date_is_a_gap(action: Any, questions: list[str]) -> None:
    postmortem = make_report(actions=(action,))
    assert [gap.question for gap in postmortem.gaps_in(Section.ACTIONS)] == questions


def test_gap_of_an_action_gives_the_command_that_enters_it_whole() -> None:
    action = make_action(1, "Alert on\npool use", type=ActionType.DETECT, priority=Priority.P1, owner_id=HELPER)
    people = {HELPER: make_person(HELPER, "Jonas Bergström", "jonas")}
    (gap,) = make_report(actions=(action,), people=people).gaps_in(Section.ACTIONS)
    assert gap.command == "/incident action Alert on pool use @jonas due 2026-12-20 P1 --type detect"


@pytest.mark.parametrize("status", [Status.INVESTIGATING, Status.RESOLVED])
def test_command_of_every_gap_can_be_typed(status: Status) -> None:
    readers = {"/incident": parse_incident, "/postmortem": parse_postmortem}
    postmortem = make_report(incident={"status": status}, actions=(make_action(1),))
    for gap in (*postmortem.gaps, *make_report().gaps):
        command, _, text = gap.command.partition(" ")
        read = readers[command](text.replace("@user", mention(HELPER)), Context(at("18:00"), "UTC"))
        assert read.target is None


@pytest.mark.parametrize("kind", [Kind.NEAR_MISS, Kind.DRILL])
def test_near_miss_and_drill_owe_no_impact(kind: Kind) -> None:
    assert make_report(incident={"kind": kind}).gaps_in(Section.IMPACT) == ()


def test_near_miss_asks_what_could_have_happened() -> None:
    assert "What could have happened, and what stopped it?" in _gaps(make_report(incident={"kind": Kind.NEAR_MISS}))


@pytest.mark.parametrize(
    ("kind", "word"), [(Kind.NEAR_MISS, "near miss"), (Kind.DRILL, "drill"), (Kind.RETRO, "recorded afterwards")]
)
def test_report_says_what_kind_of_record_it_is(kind: Kind, word: str) -> None:
    assert word in " ".join(make_report(incident={"kind": kind}).notices)


def test_live_incident_needs_no_notice() -> None:
    assert make_report().notices == ()


def test_cancelled_incident_says_when_and_why() -> None:
    changes = (make_change(Status.CANCELLED, "14:30", "false alarm"),)
    postmortem = make_report(incident={"status": Status.CANCELLED}, status_changes=changes)
    assert postmortem.notices == ("The incident was cancelled at 2026-11-20 14:30 UTC: false alarm",)


def test_task_left_open_asks_whether_it_is_work_for_afterwards_once_the_incident_is_over() -> None:
    tasks = (make_task(1, status=TaskStatus.DONE), make_task(2, f"Ask {mention(HELPER)} for logs", owner_id=HELPER))
    people = {HELPER: make_person(HELPER, "Hal Help")}
    over, running = (
        _gaps(make_report(incident={"status": status}, tasks=tasks, people=people))
        for status in (Status.RESOLVED, Status.MITIGATED)
    )
    ((question, command),) = ((asked, typed) for asked, typed in over.items() if asked.startswith("Task "))
    assert re.fullmatch(r"Task 2 was left open \(Ask @?\w.* for logs\)\. Is it work for afterwards\?", question)
    assert "Hal" not in question
    assert command == "/incident tasks action 2"
    assert not [asked for asked in running if asked.startswith("Task ")]
