"""The report's timeline, milestones and durations, and the roles in which people appear there."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bot.domain.actions import ActionStatus
from bot.domain.incident import Role, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem import Postmortem, assemble
from bot.domain.statements import CauseKind, LessonKind
from bot.domain.timeline import PHASE_EMOJI, Curation, Material, Origin, Phase
from tests.factories import (
    HELPER,
    LEAD,
    OPS,
    REPORTER,
    at,
    make_action,
    make_bot_message,
    make_cause,
    make_change,
    make_communication,
    make_holder,
    make_impact,
    make_lesson,
    make_message,
    make_note,
    make_person,
    make_record,
    make_report,
    make_stamp,
    make_vote,
    make_why,
    pinned,
)

NEXT_DAY = date(2026, 11, 21)


def _words(postmortem: Postmortem) -> list[str]:
    return [f"{row.time} {row.mark + ': ' if row.mark else ''}{row.excerpt}" for row in postmortem.rows]


def test_timeline_stands_in_order_with_a_day_for_each_utc_date() -> None:
    late = make_note(at("00:10", NEXT_DAY), "after midnight", note_id=1)
    early = make_note("23:50", "before midnight", note_id=2)
    postmortem = make_report(Material(notes=(late, early)))
    assert [day.label for day in postmortem.timeline] == ["Friday, 2026-11-20", "Saturday, 2026-11-21"]
    assert postmortem.is_over_several_days
    assert _words(postmortem)[1:] == ["23:50 before midnight", "00:10 after midnight"]


def test_declaration_stands_on_the_timeline_although_nobody_stamped_it() -> None:
    (row,) = make_report().rows
    assert (row.at, row.text, row.origin) == (at("14:05"), "The incident was declared", Origin.MILESTONE)
    assert (row.evidence.source.label, row.evidence.note) == ("entered", "by the reporter")


def test_message_stands_with_its_link_and_its_author_as_a_role() -> None:
    message = make_message("14:10", "rolled back", OPS, thread_ts="1795183200.000000")
    row = make_report(Material(messages=(message,), votes=pinned([message])), roles=(make_holder(Role.OPS, OPS),)).rows[
        -1
    ]
    assert row.permalink == (
        f"https://example.slack.com/archives/C1/p{message.ts.replace('.', '')}?thread_ts=1795183200.000000&cid=C1"
    )
    assert (row.evidence.source.url, row.evidence.note) == (row.permalink, "by the operations lead")
    assert row.author_role == "the operations lead"


def test_message_without_a_known_workspace_has_no_link() -> None:
    message = make_message("14:10", "rolled back")
    row = assemble(
        make_record(material=Material(messages=(message,), votes=pinned([message]))),
        now=at("18:00"),
        revision=1,
        emoji=PHASE_EMOJI,
    ).rows[-1]
    assert row.permalink is None
    assert (row.evidence.source.label, row.evidence.note) == ("message", "by a responder")


def test_message_moved_in_time_says_when_it_was_written() -> None:
    message = make_message("14:10", "it began ten minutes ago")
    moved = Curation(message.ts, at=at("14:00"), was_edited=True)
    row = make_report(Material(messages=(message,), curations=(moved,))).rows[0]
    assert (row.time, row.evidence.note) == ("14:00", "by a responder, 14:10")


@pytest.mark.parametrize(
    ("said_at", "note"),
    [
        (at("14:10:30"), "by a responder"),
        (at("15:40"), "by a responder, 15:40"),
        (at("09:00", NEXT_DAY), "by a responder, 2026-11-21 09:00"),
    ],
)
def test_note_says_who_entered_it_and_when_if_that_was_later(said_at: datetime, note: str) -> None:
    row = make_report(Material(notes=(make_note("14:10", "scaled up", HELPER, said_at=said_at),))).rows[-1]
    assert (row.evidence.source.label, row.evidence.note) == ("entered", note)
    assert row.permalink is None


def test_message_that_is_an_entry_and_a_milestone_stands_once() -> None:
    alert = make_bot_message("14:01", "5xx above 2%")
    stamp = make_stamp(Milestone.DETECTED, alert.at, message_ts=alert.ts)
    postmortem = make_report(Material(messages=(alert,), votes=pinned([alert]), stamps=(stamp,)))
    assert _words(postmortem) == ["14:01 Detected: 5xx above 2%", "14:05 The incident was declared"]
    assert postmortem.rows[0].text == "5xx above 2%"
    assert postmortem.rows[0].phase is Phase.DETECTION


def test_message_that_is_several_milestones_stands_once() -> None:
    alert = make_bot_message("14:01", "5xx above 2%")
    stamps = tuple(make_stamp(each, alert.at, message_ts=alert.ts) for each in (Milestone.STARTED, Milestone.DETECTED))
    postmortem = make_report(Material(messages=(alert,), votes=pinned([alert], "scales"), stamps=stamps))
    assert _words(postmortem)[0] == "14:01 Started, detected, key decision: 5xx above 2%"


def test_milestone_at_another_time_than_its_message_stays_a_fact_of_its_own() -> None:
    message = make_message("14:20", "errors began at 13:57")
    stamp = make_stamp(Milestone.STARTED, "13:57", message_ts=message.ts)
    material = Material(messages=(message,), votes=pinned([message]), stamps=(stamp,))
    postmortem = make_report(material, roles=(make_holder(Role.LEAD, LEAD),))
    assert _words(postmortem)[0] == "13:57 The disruption started"
    assert _words(postmortem)[-1] == "14:20 errors began at 13:57"
    assert postmortem.rows[0].evidence.note == "by a responder, 14:20"


def test_milestone_whose_message_was_taken_back_stands_on_who_entered_it() -> None:
    stamp = make_stamp(Milestone.DETECTED, "14:01", REPORTER, message_ts="1795183260.000000", said_at=at("14:06"))
    row = make_report(Material(stamps=(stamp,))).rows[0]
    assert (row.evidence.source.url, row.evidence.note) == (None, "by the reporter, 14:06")
    assert row.permalink is None


def test_key_decision_is_marked_with_words() -> None:
    message = make_message("14:30", "we roll back")
    postmortem = make_report(Material(messages=(message,), votes=(make_vote(message, "scales"),)))
    assert _words(postmortem)[-1] == "14:30 Key decision: we roll back"
    assert [row.text for row in postmortem.key_decisions] == ["we roll back"]


def test_message_without_text_says_so() -> None:
    message = make_message("14:10", "")
    row = make_report(Material(messages=(message,), votes=pinned([message]))).rows[-1]
    assert (row.text, row.excerpt, row.is_clipped) == ("", "A message without text", False)


def test_overlong_entry_is_shortened_but_kept_whole_beside() -> None:
    text = "```\n" + "x" * 2_000 + "\n```"
    message = make_message("14:10", text)
    row = make_report(Material(messages=(message,), votes=pinned([message]))).rows[-1]
    assert row.text == text
    assert len(row.excerpt) < 650
    assert row.excerpt.endswith("…```")
    assert row.is_clipped


def test_accounts_are_told_from_the_entries_of_their_phases() -> None:
    messages = [make_message(f"14:1{number}", mark) for number, mark in enumerate(("found", "looked", "fixed", "over"))]
    votes = tuple(
        make_vote(message, emoji)
        for message, emoji in zip(messages, ("rotating_light", "mag", "wrench", "checkered_flag"), strict=True)
    )
    recovered = make_note("16:00", "all quiet", phase=Phase.RECOVERY)
    postmortem = make_report(Material(messages=tuple(messages), votes=votes, notes=(recovered,)))
    assert [row.text for row in postmortem.detection.rows] == ["The incident was declared", "found"]
    assert [row.text for row in postmortem.response.rows] == ["looked", "fixed"]
    assert [row.text for row in postmortem.resolution.rows] == ["over", "all quiet"]


def test_missing_milestones_are_unknown_or_not_yet_and_never_zero() -> None:
    postmortem = make_report(incident={"status": Status.IDENTIFIED})
    assert {row.label: row.time for row in postmortem.milestones} == {
        "Started": "unknown",
        "Detected": "unknown",
        "Declared": "2026-11-20 14:05",
        "Acknowledged": "unknown",
        "Cause identified": "unknown",
        "Mitigated": "not yet",
        "Resolved": "not yet",
    }
    assert {measure.value for measure in postmortem.measures} == {"unknown"}
    assert [measure.basis for measure in postmortem.measures] == [
        "no start and no detection recorded",
        "no detection and no acknowledgement recorded",
        "no start recorded, not mitigated yet",
        "no start recorded, not resolved yet",
    ]


def test_durations_are_told_in_two_units() -> None:
    stamps = (
        make_stamp(Milestone.STARTED, "13:55"),
        make_stamp(Milestone.DETECTED, "14:01:30"),
        make_stamp(Milestone.RESOLVED, at("17:55:20", date(2026, 11, 23))),
    )
    postmortem = make_report(Material(stamps=stamps), incident={"status": Status.RESOLVED})
    assert [(measure.value, measure.basis) for measure in postmortem.measures] == [
        ("6 min 30 s", "from start to detection"),
        ("unknown", "no acknowledgement recorded"),
        ("unknown", "no mitigation recorded"),
        ("3 d 4 h", "from start to resolution"),
    ]


def _reopened(status: Status, *later: Any) -> Postmortem:
    changes = (
        make_change(Status.MITIGATED, "14:30"),
        make_change(Status.RESOLVED, "15:00"),
        make_change(Status.INVESTIGATING, "16:30", "errors are back", is_reopening=True),
    )
    material = Material(stamps=(make_stamp(Milestone.STARTED, "14:00"), *later), status_changes=changes)
    return make_report(material, incident={"status": status}, status_changes=changes)


def test_reopened_incident_keeps_its_first_interval_and_is_not_resolved() -> None:
    postmortem = _reopened(Status.INVESTIGATING)
    assert postmortem.reopenings == (
        "It was reopened at 2026-11-20 16:30 UTC, 1 h 30 min after it had been resolved at 2026-11-20 15:00 UTC.",
    )
    assert _words(postmortem)[-3:] == [
        "14:30 The impact was mitigated (before it was reopened)",
        "15:00 The incident was resolved (before it was reopened)",
        "16:30 The incident was reopened: errors are back",
    ]
    assert postmortem.metrics.time_to_resolve is None
    assert postmortem.measures[3].basis == "not resolved yet"


def test_incident_resolved_again_counts_to_its_last_resolution() -> None:
    again = make_stamp(Milestone.RESOLVED, "18:00")
    postmortem = _reopened(Status.RESOLVED, again)
    assert postmortem.measures[3].value == "4 h"
    assert "15:00 The incident was resolved (before it was reopened)" in _words(postmortem)
    assert "18:00 The incident was resolved" in _words(postmortem)


def test_people_are_numbered_in_the_order_in_which_they_first_appear() -> None:
    messages = (make_message("14:20", "second", "UB"), make_message("14:10", "first", "UA"))
    postmortem = make_report(Material(messages=messages, votes=pinned(messages)), impacts=(make_impact(by="UC"),))
    assert [row.author_role for row in postmortem.rows] == ["the reporter", "a responder", "a responder (2)"]
    assert postmortem.impact[0].evidence.note.startswith("by a responder (3),")


def test_names_in_every_kind_of_text_become_roles() -> None:
    name = "Priya Natarajan"
    people = {LEAD: make_person(LEAD, name)}
    message = make_message("14:10", f"ask {name}")
    postmortem = make_report(
        Material(messages=(message,), votes=pinned([message]), notes=(make_note("14:11", f"told {name}"),)),
        incident={"title": f"{name} broke it", "services": (f"{name} svc",), "vendor": name},
        impacts=(make_impact(f"for {name}"),),
        causes=tuple(make_cause(kind, f"by {name}", category=name, evidence=f"see {name}") for kind in CauseKind),
        whys=(make_why(1, f"why {name}", f"branch {name}"),),
        lessons=tuple(make_lesson(kind, f"thanks {name}") for kind in LessonKind),
        actions=(make_action(1, f"ask {name}", reason=f"said {name}", status=ActionStatus.DROPPED),),
        communications=(make_communication("14:20", f"from {name}", f"to {name}"),),
        roles=(make_holder(Role.LEAD, LEAD),),
        people=people,
    )
    # Of the authors, the lead is one: there the name belongs.
    assert "Natarajan" not in repr(replace(postmortem, about=()))
    assert "Natarajan" in repr(postmortem.about)
