from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.actions import ActionType
from bot.domain.incident import Kind, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem import Postmortem, as_json, assemble
from bot.domain.postmortem.gaps import Commands
from bot.domain.record import Capture, CaptureGap, IncidentRecord
from bot.domain.review import CheckedItem, MustHave, Review, review, with_review
from bot.domain.statements import CauseKind, Layer, LessonKind
from bot.domain.timeline import PHASE_EMOJI, Material
from tests.factories import (
    HELPER,
    at,
    make_action,
    make_cause,
    make_impact,
    make_incident,
    make_lesson,
    make_note,
    make_record,
    make_stamp,
    make_why,
)


def report_of(record: IncidentRecord) -> Postmortem:
    return assemble(record, now=at("18:00"), revision=1, emoji=PHASE_EMOJI)


COMMANDS = Commands("/incident", "/postmortem")
BLAME = "A careless engineer pushed it"


def reviewed(record: IncidentRecord, *, has_follow_ups: bool = True) -> Review:
    return review(report_of(record), COMMANDS, has_follow_ups=has_follow_ups)


def resolved(**fields: Any) -> IncidentRecord:
    material = Material(
        notes=(make_note("14:02", "Errors begin"),),
        stamps=(make_stamp(Milestone.STARTED, "14:00"), make_stamp(Milestone.RESOLVED, "15:00")),
    )
    return make_record(make_incident(status=Status.RESOLVED), material, **fields)


FULL = resolved(
    impacts=(make_impact("1 in 5 checkouts failed for 40 minutes"),),
    causes=(
        make_cause(CauseKind.ROOT, evidence="https://example.com/graph", cause_id=1, layer=Layer.PROCESS),
        make_cause(CauseKind.CONTRIBUTING, "The alert looked at the mean", cause_id=2),
    ),
    whys=(make_why(1, "The pool was full"), make_why(2, "Its size is fixed"), make_why(3, "Nobody owns its size")),
    lessons=(make_lesson(LessonKind.WELL), make_lesson(LessonKind.POORLY, "The page took 20 minutes")),
    actions=(
        make_action(
            1,
            owner_id=HELPER,
            due=date(2026, 12, 1),
            type=ActionType.PREVENT,
            link="https://example.com/T-1",
            cause_id=1,
        ),
        make_action(
            2,
            owner_id=HELPER,
            due=date(2026, 12, 1),
            type=ActionType.DETECT,
            link="https://example.com/T-2",
            cause_id=1,
        ),
    ),
)

ENDED = CaptureGap(at("15:00"), at("15:10"), 0, "the program was not running")
LASTING = replace(ENDED, to_at=None)


def must(found: Review, item: str) -> MustHave:
    return next(one for one in found.must_haves if one.item == item)


def check(found: Review, item: str) -> CheckedItem:
    return next(one for one in found.checklist if one.item.startswith(item))


def test_report_with_everything_is_ready_and_near_the_best_score() -> None:
    found = reviewed(FULL)
    assert [one.item for one in found.must_haves if not one.is_met] == []
    assert found.is_ready
    assert found.findings == ()
    assert {one.item: one.score for one in found.checklist if one.score < 4} == {
        "Timeline in order and captured whole": 2
    }
    assert found.score >= 4.5


def test_empty_report_is_not_ready_and_each_thing_missing_names_its_command() -> None:
    found = reviewed(make_record(), has_follow_ups=False)
    assert not found.is_ready
    missing = {one.item: one.command for one in found.must_haves if not one.is_met}
    assert missing == {
        "Timeline with milestones in order": "/incident set started 14:05",
        "Impact in figures": "/incident impact",
        "A cause with evidence": "/incident cause",
        "An action": "/incident action",
    }
    assert all(1 <= one.score <= 5 for one in found.checklist)
    assert found.score < 2.5
    assert check(found, "Follow-ups").command == "/postmortem draft"


@pytest.mark.parametrize(
    ("changed", "item"),
    [
        ({"impacts": (make_impact("Some customers saw errors"),)}, "Impact in figures"),
        ({"impacts": ()}, "Impact in figures"),
        ({"causes": (make_cause(CauseKind.ROOT),)}, "A cause with evidence"),
        ({"actions": ()}, "An action"),
        ({"causes": (make_cause(CauseKind.ROOT, BLAME, evidence="https://example.com/x"),)}, "No blame"),
    ],
)
def test_one_thing_taken_away_is_the_one_that_is_missing(changed: dict[str, Any], item: str) -> None:
    found = reviewed(replace(FULL, **changed))
    assert [one.item for one in found.must_haves if not one.is_met] == [item]


def test_near_miss_owes_no_figures() -> None:
    record = replace(FULL, incident=make_incident(status=Status.RESOLVED, kind=Kind.NEAR_MISS), impacts=())
    assert must(reviewed(record), "Impact in figures").is_met


@pytest.mark.parametrize(
    ("changed", "item", "lower"),
    [
        ({"causes": FULL.causes[:1]}, "Root causes apart", 3),
        ({"whys": ()}, "The chain reaches", 2),
        ({"actions": (make_action(1, type=ActionType.PREVENT),)}, "Actions are owned", 2),
        ({"actions": (make_action(1, type=ActionType.DETECT, cause_id=1),)}, "Prevention is stronger", 3),
        ({"actions": (make_action(1, type=ActionType.PREVENT),)}, "Every cause is answered", 1),
        ({"lessons": FULL.lessons[:1]}, "What went well", 3),
        ({"lessons": ()}, "What went well", 1),
        ({"lessons": (*FULL.lessons, make_lesson(LessonKind.HARD, BLAME))}, "Blameless tone", 3),
    ],
)
def test_each_weakness_lowers_its_own_line_with_a_reason(changed: dict[str, Any], item: str, lower: int) -> None:
    before, after = check(reviewed(FULL), item), check(reviewed(replace(FULL, **changed)), item)
    assert (before.score, after.score) == (before.score, lower)
    assert before.score > after.score
    assert after.why


def test_what_went_poorly_is_not_held_against_the_tone() -> None:
    poorly = (*FULL.lessons, make_lesson(LessonKind.POORLY, BLAME))
    assert reviewed(replace(FULL, lessons=poorly)).findings == ()


def test_json_has_the_review_and_each_finding_with_its_place() -> None:
    report = report_of(replace(FULL, causes=(make_cause(CauseKind.ROOT, BLAME),)))
    markdown = f"# Report\n\n- {BLAME} ([entered])\n"
    data = with_review(as_json(report), review(report, COMMANDS, has_follow_ups=True), markdown)
    assert set(data["review"]) == {"score", "must_haves", "checklist"}
    (finding,) = [one for one in data["findings"] if one["rule"] == "blame"]
    line = markdown.splitlines()[finding["line"] - 1]
    assert line[finding["start"] : finding["end"]] == finding["text"] == "careless"


def test_missing_section_has_no_line() -> None:
    report = report_of(replace(FULL, actions=()))
    data = with_review(as_json(report), review(report, COMMANDS, has_follow_ups=True), "## Action items\n")
    missing = [one for one in data["findings"] if one["rule"] == "missing-section"]
    assert [(one["line"], one["start"], one["end"]) for one in missing] == [(None, None, None)]


def test_draft_is_in_time_by_its_first_revision_however_often_it_is_made_again() -> None:
    record = resolved()
    late = replace(report_of(record), drafted_at=at("18:00") + timedelta(days=9))
    again = review(late, COMMANDS, has_follow_ups=True, first_drafted_at=at("18:00"))
    assert check(again, "Drafted within 48 hours").score == 5
    assert check(again, "Drafted within 48 hours").why == "3 h after the resolution"
    assert check(review(late, COMMANDS, has_follow_ups=True), "Drafted within 48 hours").score == 1


@pytest.mark.parametrize(
    ("capture", "lost", "why"),
    [
        (Capture(), 1, "not compared with Slack's history"),
        (Capture(checked_until=at("18:00")), 0, "compared with Slack's history"),
        (Capture(checked_until=at("18:00"), gaps=(ENDED,)), 0, "compared with Slack's history"),
        (Capture(checked_until=at("14:30"), gaps=(ENDED, LASTING)), 2, "compared with Slack's history in part"),
        (Capture(checked_until=at("18:00"), unchecked=("Not.",)), 1, "compared with Slack's history in part"),
        (Capture(is_imported=True), 0, "taken in from an export"),
    ],
)
def test_capture_loses_points_for_what_was_not_compared(capture: Capture, lost: int, why: str) -> None:
    best = check(reviewed(replace(FULL, capture=Capture(is_imported=True))), "Timeline in order")
    found = check(reviewed(replace(FULL, capture=capture)), "Timeline in order")
    assert found.score == best.score - lost
    assert found.why.endswith(f"milestones known, {why}")
