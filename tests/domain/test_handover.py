from datetime import timedelta
from typing import Any

import pytest

from bot.domain.handover import BRIEF_LIMIT, Brief, Situation, prefilled
from bot.domain.incident import Status
from bot.domain.milestones import Milestone
from bot.domain.statements import CauseKind
from bot.domain.tasks import TaskStatus
from bot.domain.text import mention
from bot.domain.timeline import PHASE_EMOJI, Material, entries
from bot.domain.updates import Update
from tests.factories import (
    DECLARED,
    HELPER,
    LEAD,
    at,
    make_cause,
    make_incident,
    make_message,
    make_note,
    make_stamp,
    make_task,
    make_vote,
    make_why,
)

NOW = DECLARED + timedelta(minutes=90)


def situation(material: Material | None = None, **fields: Any) -> Situation:
    known: dict[str, Any] = {
        "incident": make_incident(status=Status.IDENTIFIED),
        "milestones": {},
        "entries": entries(material or Material(), PHASE_EMOJI),
        "causes": (),
        "whys": (),
        "tasks": (),
        "updates": (),
    }
    return Situation(**(known | fields))


def brief(material: Material | None = None, **fields: Any) -> Brief:
    return prefilled(situation(material, **fields), now=NOW)


def test_brief_of_an_incident_of_which_nothing_is_known_says_its_state_alone() -> None:
    assert brief() == Brief(state="SEV2, identified, for 1 h 30 min.")


def test_state_counts_from_the_onset_and_repeats_the_last_update() -> None:
    sent = (
        Update(1, "It is down", LEAD, at("14:10"), "#incidents"),
        Update(2, "Half of the\ncheckouts are back", LEAD, at("15:00"), "#incidents", at("15:30")),
    )
    started = {Milestone.STARTED: DECLARED - timedelta(minutes=30)}
    made = brief(milestones=started, updates=sent)
    assert made.state == "SEV2, identified, for 2 h.\nLast update, 15:00 UTC: Half of the checkouts are back"
    assert made.next_check == f"Next update due {at('15:30'):%Y-%m-%d} 15:30 UTC"


def test_next_check_is_empty_where_the_last_update_promised_nothing() -> None:
    promised = Update(1, "It is down", LEAD, at("14:10"), "#incidents", at("14:40"))
    assert brief(updates=(promised, Update(2, "Still", LEAD, at("14:20"), "#incidents"))).next_check == ""


def test_tried_are_the_latest_entries_of_investigation_and_mitigation_in_their_order() -> None:
    said = [make_message(f"14:{minute}", f"Try {minute}") for minute in range(10, 16)]
    other = make_message("14:30", "The alert came")
    votes = (*(make_vote(one, "wrench") for one in said), make_vote(other, "rotating_light"))
    stamps = (make_stamp(Milestone.MITIGATED, "14:20"),)
    made = brief(Material(messages=(*said, other), votes=votes, stamps=stamps))
    assert made.tried == "- Try 12\n- Try 13\n- Try 14\n- Try 15"


def test_without_phases_tried_is_what_people_put_on_the_timeline_and_not_what_the_program_notes() -> None:
    notes = [
        make_note("14:10", "Rolled back to 2.14", note_id=1),
        make_note("14:11", "The incident lead was named", note_id=2),
        make_note("14:12", "Severity changed from SEV3 to SEV2", note_id=3),
        make_note("14:13", "The pool was full", note_id=4),
    ]
    made = brief(Material(notes=notes, stamps=(make_stamp(Milestone.DETECTED, "14:00"),)))
    assert made.tried == "- Rolled back to 2.14\n- The pool was full"


@pytest.mark.parametrize(
    ("fields", "hypothesis"),
    [
        ({}, ""),
        ({"whys": (make_why(1, "It was slow"), make_why(2, "The pool was small"))}, "- The pool was small"),
        ({"whys": (make_why(1, "x"),), "causes": (make_cause(CauseKind.TRIGGER, "A deploy"),)}, "- A deploy"),
        (
            {
                "causes": (
                    make_cause(CauseKind.ROOT, "No limit"),
                    make_cause(CauseKind.TRIGGER, "A deploy"),
                    make_cause(CauseKind.ROOT, "No alert"),
                )
            },
            "- No limit\n- No alert",
        ),
    ],
)
def test_hypothesis_is_the_best_that_is_known_of_the_causes(fields: dict[str, Any], hypothesis: str) -> None:
    assert brief(**fields).hypothesis == hypothesis


def test_open_tasks_are_listed_with_owner_and_age() -> None:
    tasks = (
        make_task(1, "Restart the workers", owner_id=HELPER, said_at=NOW - timedelta(minutes=12)),
        make_task(2, "Gone", status=TaskStatus.DONE),
        make_task(3, "Call the vendor", said_at=NOW - timedelta(hours=2)),
    )
    made = brief(tasks=tasks)
    assert made.tasks == f"1. Restart the workers ({mention(HELPER)}, 12 min)\n3. Call the vendor (nobody, 2 h)"


def test_no_field_is_longer_than_the_form_takes() -> None:
    said = [make_message(f"14:{minute}", "x" * 3_000) for minute in range(10, 16)]
    tasks = tuple(make_task(number, "y" * 3_000, owner_id=HELPER) for number in range(1, 30))
    sent = (Update(1, "z" * 3_000, LEAD, at("14:10"), "#incidents", at("14:40")),)
    material = Material(messages=said, votes=tuple(make_vote(one, "wrench") for one in said))
    made = brief(material, tasks=tasks, updates=sent)
    texts = [made.state, made.tried, made.tasks, made.next_check]
    assert all(0 < len(text) <= BRIEF_LIMIT for text in texts)
    assert made.tasks.endswith("…")


def test_brief_of_what_was_typed_has_no_outer_white_space_and_leaves_out_what_is_missing() -> None:
    assert Brief.of({"state": "  It is up \n", "risks": " "}) == Brief(state="It is up")
