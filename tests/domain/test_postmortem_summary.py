"""The executive summary: facts alone, in grammar that fits one and many."""

from datetime import date
from typing import Any

import pytest

from bot.domain.actions import ActionStatus
from bot.domain.incident import IncidentType, Kind, Severity, Status
from bot.domain.milestones import Milestone, Stamp
from bot.domain.postmortem import assemble
from bot.domain.record import IncidentRecord
from bot.domain.statements import CauseKind
from bot.domain.timeline import PHASE_EMOJI, Material, Phase
from tests.factories import (
    at,
    make_action,
    make_bot_message,
    make_cause,
    make_change,
    make_impact,
    make_incident,
    make_message,
    make_note,
    make_record,
    make_stamp,
)

NEXT_DAY = date(2026, 11, 21)
STARTED = make_stamp(Milestone.STARTED, "13:55")
DETECTED = make_stamp(Milestone.DETECTED, "14:01")
MITIGATED = make_stamp(Milestone.MITIGATED, "14:35")
RESOLVED = make_stamp(Milestone.RESOLVED, "15:10")


def _summary(record: IncidentRecord) -> str:
    return "\n".join(assemble(record, now=at("18:00"), revision=1, emoji=PHASE_EMOJI).summary)


def _of(*stamps: Stamp, material: dict[str, Any] | None = None, fields: dict[str, Any] | None = None, **of: Any) -> str:
    return _summary(make_record(make_incident(**of), Material(stamps=stamps, **(material or {})), **(fields or {})))


def test_incident_that_has_just_been_declared_says_what_and_since_when() -> None:
    assert _of() == (
        "“Checkout errors in the EU” is a SEV2 production incident. "
        "It was declared on 2026-11-20 at 14:05 UTC; it is still being investigated."
    )


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        ({"kind": Kind.NEAR_MISS}, "is a SEV2 production near miss."),
        ({"kind": Kind.DRILL, "severity": Severity.SEV1}, "is a SEV1 production drill."),
        ({"kind": Kind.RETRO, "type": IncidentType.PROCESS}, "is a SEV2 process incident, recorded afterwards."),
        ({"vendor": "Northbank"}, "is a SEV2 production incident involving Northbank."),
        ({"status": Status.RESOLVED}, "“Checkout errors in the EU” was a SEV2 production incident."),
        ({"services": ("checkout",)}, "The service checkout was affected."),
        ({"services": ("checkout", "search")}, "The services checkout and search were affected."),
        ({"services": ("a", "b", "c")}, "The services a, b and c were affected."),
        ({"services": ("checkout",), "kind": Kind.NEAR_MISS}, "It concerned the service checkout."),
        ({"services": ("a", "b"), "kind": Kind.DRILL}, "It concerned the services a and b."),
        ({"status": Status.IDENTIFIED}, "14:05 UTC; its cause is identified, and it is not mitigated yet."),
        ({"status": Status.MITIGATED}, "14:05 UTC; it is not resolved yet."),
        ({"status": Status.CANCELLED}, "It was declared on 2026-11-20 at 14:05 UTC and was cancelled."),
        ({"status": Status.RESOLVED}, "It was declared on 2026-11-20 at 14:05 UTC."),
    ],
)
def test_summary_says_what_it_was(of: dict[str, Any], sentence: str) -> None:
    assert sentence in _of(**of)


@pytest.mark.parametrize(
    ("stamps", "sentence"),
    [
        ((STARTED, RESOLVED), "It started on 2026-11-20 at 13:55 UTC and was resolved at 15:10 UTC, 1 h 15 min later."),
        ((RESOLVED,), "It was declared on 2026-11-20 at 14:05 UTC and was resolved at 15:10 UTC."),
        (
            (STARTED, make_stamp(Milestone.RESOLVED, at("17:00", date(2026, 11, 23)))),
            "It started on 2026-11-20 at 13:55 UTC and was resolved on 2026-11-23 at 17:00 UTC, 3 d 3 h later.",
        ),
        ((STARTED, DETECTED), "It was detected at 14:01 UTC, 6 min after it started."),
        ((DETECTED,), "It was detected at 14:01 UTC."),
        (
            (STARTED, make_stamp(Milestone.DETECTED, "13:55:40")),
            "It was detected at 13:55 UTC, within a minute of the start.",
        ),
        ((STARTED, MITIGATED), "The impact was mitigated at 14:35 UTC, 40 min after it started."),
        ((MITIGATED,), "The impact was mitigated at 14:35 UTC."),
    ],
)
def test_summary_says_when(stamps: tuple[Stamp, ...], sentence: str) -> None:
    assert sentence in _of(*stamps, status=Status.RESOLVED)


def test_a_missing_milestone_is_passed_over() -> None:
    summary = _of(status=Status.RESOLVED)
    for word in ("started", "detected", "mitigated", "resolved", "unknown", "None"):
        assert word not in summary


@pytest.mark.parametrize(
    ("message", "how"),
    [
        (make_bot_message("14:01", "firing"), "It was detected at 14:01 UTC through a message by PagerDuty."),
        (
            make_message("14:01", "is it me?", "UREPORT"),
            "It was detected at 14:01 UTC through a message by the reporter.",
        ),
    ],
)
def test_summary_says_how_it_was_found(message: Any, how: str) -> None:
    stamp = make_stamp(Milestone.DETECTED, "14:01", message_ts=message.ts)
    assert how in _of(stamp, material={"messages": (message,)})


def test_detection_by_a_message_that_was_taken_back_names_nobody() -> None:
    gone = make_bot_message("14:01", "firing")
    assert "It was detected at 14:01 UTC." in _of(make_stamp(Milestone.DETECTED, "14:01", message_ts=gone.ts))


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1,200 users could not pay"], "Impact: 1,200 users could not pay."),
        (["one user could not pay.", "no data was lost!"], "Impact: One user could not pay. No data was lost!"),
        (["a", "b", "c", "d"], "Impact: A. B. C. (1 more below.)"),
        (["5% of\n orders"], "Impact: 5% of orders."),
        (["eu-west-1 was down"], "Impact: eu-west-1 was down."),
    ],
)
def test_summary_tells_the_impact_in_sentences(texts: list[str], told: str) -> None:
    assert told in _of(fields={"impacts": tuple(make_impact(text) for text in texts)}).splitlines()


def test_long_statement_is_shortened_in_the_summary() -> None:
    summary = _of(fields={"impacts": (make_impact("very " * 200),)})
    assert max(len(line) for line in summary.splitlines()) < 320
    assert summary.endswith("very…")


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ([CauseKind.TRIGGER], "What set it off: Text 0."),
        ([CauseKind.TRIGGER, CauseKind.TRIGGER], "What set it off: Text 1."),
        ([CauseKind.ROOT], "Root cause: Text 0."),
        ([CauseKind.TRIGGER, CauseKind.ROOT, CauseKind.ROOT], "What set it off: Text 0. Root causes: Text 1. Text 2."),
    ],
)
def test_summary_tells_trigger_and_root_causes(kinds: list[CauseKind], told: str) -> None:
    causes = tuple(make_cause(kind, f"text {number}", number) for number, kind in enumerate(kinds))
    assert told in _of(fields={"causes": causes}).splitlines()


def test_contributing_factors_stay_out_of_the_summary() -> None:
    assert "factor" not in _of(fields={"causes": (make_cause(CauseKind.CONTRIBUTING, "a factor"),)})


def test_summary_tells_the_fix_from_the_note_of_the_status() -> None:
    changes = (
        make_change(Status.MITIGATED, "14:35", "rolled back to 2.14"),
        make_change(Status.RESOLVED, "15:10", "the fix is out"),
    )
    summary = _of(MITIGATED, RESOLVED, status=Status.RESOLVED, fields={"status_changes": changes})
    assert "What fixed it: Rolled back to 2.14. The fix is out." in summary


def test_summary_tells_the_fix_from_the_note_also_when_the_time_was_corrected() -> None:
    changes = (make_change(Status.MITIGATED, "14:20", "rolled back to 2.14"),)
    summary = _of(MITIGATED, status=Status.MITIGATED, fields={"status_changes": changes})
    assert "What fixed it: Rolled back to 2.14." in summary


def test_summary_tells_the_fix_from_the_last_step_of_mitigation_where_no_note_was_left() -> None:
    notes = (
        make_note("14:20", "scaled up", note_id=1, phase=Phase.MITIGATION),
        make_note("14:30", "rolled back", note_id=2, phase=Phase.MITIGATION),
    )
    assert "What fixed it: Rolled back." in _of(MITIGATED, status=Status.MITIGATED, material={"notes": notes})


def test_nothing_is_said_to_have_fixed_it_before_it_is_mitigated() -> None:
    notes = (make_note("14:20", "scaled up", phase=Phase.MITIGATION),)
    assert "What fixed it" not in _of(material={"notes": notes})


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ("o", "1 action is planned."),
        ("oo", "2 actions are planned."),
        ("d", "1 action was planned and is done."),
        ("x", "1 action was planned and is dropped."),
        ("dd", "2 actions were planned: 2 done."),
        ("oodx", "4 actions were planned: 2 open, 1 done, 1 dropped."),
    ],
)
def test_summary_counts_the_actions(statuses: str, told: str) -> None:
    states = {"o": ActionStatus.OPEN, "d": ActionStatus.DONE, "x": ActionStatus.DROPPED}
    actions = tuple(make_action(number, status=states[sign]) for number, sign in enumerate(statuses, 1))
    assert told in _of(fields={"actions": actions}).splitlines()


@pytest.mark.parametrize(("times", "told"), [(1, "It was reopened once."), (2, "It was reopened 2 times.")])
def test_summary_counts_the_reopenings(times: int, told: str) -> None:
    changes = tuple(make_change(Status.INVESTIGATING, f"1{6 + time}:00", is_reopening=True) for time in range(times))
    assert told in _of(fields={"status_changes": changes})
