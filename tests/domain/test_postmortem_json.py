"""The report as data: exactly the keys, nesting and nulls of the contract."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.actions import ActionType, Priority
from bot.domain.incident import Kind, Role, Severity, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem import as_json, assemble
from bot.domain.record import Capture, CaptureGap
from bot.domain.statements import CauseKind, Layer, LessonKind
from bot.domain.text import mention
from bot.domain.timeline import PHASE_EMOJI, Material
from tests.factories import (
    HELPER,
    LEAD,
    at,
    make_action,
    make_cause,
    make_communication,
    make_holder,
    make_impact,
    make_incident,
    make_lesson,
    make_message,
    make_person,
    make_record,
    make_stamp,
    make_vote,
    make_why,
)

MILESTONES = (
    *("declared_at", "started_at", "detected_at", "acknowledged_at", "identified_at", "mitigated_at", "resolved_at"),
)
IMPACT = (
    *("text", "users", "users_share", "services", "regions", "from", "to", "data_integrity", "sla_breach", "revenue"),
    *("tickets", "cost"),
)
CONTRACT: dict[str, tuple[str, ...]] = {
    "incident": ("id", "title", "kind", "type", "severity", "status", "services", "vendor"),
    "milestones": MILESTONES,
    "proposed_milestones": MILESTONES,
    "metrics": ("time_to_detect", "time_to_acknowledge", "time_to_mitigate", "time_to_resolve"),
    "impact": IMPACT,
    "timeline": (
        *("at", "text", "phase", "origin", "key", "suggested", "reason", "author_role", "permalink"),
        *("channel", "files"),
    ),
    "causes": ("trigger", "root", "contributing", "whys"),
    "actions": ("text", "owner", "due", "type", "priority", "status", "cause", "link"),
    "lessons": ("well", "poorly", "lucky", "hard", "unknown"),
    "communications": ("at", "to", "text"),
    "gaps": ("section", "question", "command"),
    "findings": (),
    "capture": ("messages", "recovered", "checked_until", "gaps"),
    "review": (),
}


def _json(incident: dict[str, Any] | None = None, material: Material | None = None, **fields: Any) -> dict[str, Any]:
    record = make_record(
        make_incident(**(incident or {})), material, workspace_url="https://example.slack.com", **fields
    )
    return as_json(assemble(record, now=at("18:00"), revision=1, emoji=PHASE_EMOJI))


def _filled() -> dict[str, Any]:
    message = make_message("14:10:33", f"a <b> & {mention(LEAD)}\nrolled back", HELPER)
    return _json(
        {
            "severity": Severity.SEV1,
            "status": Status.RESOLVED,
            "services": ("checkout",),
            "vendor": "Northbank",
            "kind": Kind.NEAR_MISS,
        },
        Material(
            messages=(message,),
            votes=(make_vote(message, "scales"), make_vote(message, "wrench", HELPER)),
            stamps=(
                make_stamp(Milestone.STARTED, "13:55"),
                make_stamp(Milestone.DETECTED, "14:01:30"),
                make_stamp(Milestone.RESOLVED, at("14:05", date(2026, 11, 22))),
            ),
        ),
        roles=(make_holder(Role.LEAD, LEAD),),
        impacts=(make_impact("a"), make_impact("b")),
        causes=(
            make_cause(CauseKind.TRIGGER, "first", 1),
            make_cause(CauseKind.TRIGGER, "the deploy", 2, evidence="https://ci.example.com/1"),
            make_cause(CauseKind.ROOT, "the pool", 3, layer=Layer.TECHNICAL, category="capacity"),
            make_cause(CauseKind.CONTRIBUTING, "the export", 4, score=0, evidence="javascript:alert(1)"),
        ),
        whys=(make_why(1, "because"), make_why(1, "also", "second")),
        actions=(
            make_action(
                1,
                "move it",
                owner_id=HELPER,
                due=date(2026, 12, 15),
                type=ActionType.MITIGATE_FUTURE,
                priority=Priority.P1,
                cause_id=3,
                link="https://tracker.example.com/1",
            ),
            make_action(2, "ask", link="javascript:alert(1)"),
        ),
        lessons=tuple(make_lesson(kind, kind.value) for kind in LessonKind),
        communications=(make_communication("14:20", "we are on it"),),
        people={HELPER: make_person(HELPER, "Jonas Bergström"), LEAD: make_person(LEAD, "Priya Natarajan")},
        capture=Capture(5, 1, 1, 2, at("16:00"), (CaptureGap(at("15:00"), at("15:05"), 2, "restart"),)),
    )


@pytest.mark.parametrize("made", [_json, _filled])
def test_keys_are_exactly_those_of_the_contract(made: Any) -> None:
    found = made()
    assert set(found) == set(CONTRACT)
    for name, keys in CONTRACT.items():
        values = found[name] if isinstance(found[name], list) else [found[name]]
        assert all(set(value or {}) == set(keys) for value in values)


def test_nested_keys_are_exactly_those_of_the_contract() -> None:
    causes = _filled()["causes"]
    assert set(causes["trigger"]) == {"text", "evidence"}
    assert [set(cause) for cause in causes["root"]] == [{"text", "evidence", "layer", "category"}]
    assert [set(cause) for cause in causes["contributing"]] == [{"text", "evidence", "layer", "category", "score"}]
    assert [set(why) for why in causes["whys"]] == [{"text", "branch"}] * 2
    assert [set(gap) for gap in _filled()["capture"]["gaps"]] == [{"from", "to", "recovered", "cause"}]


def test_what_is_not_known_is_null_or_empty() -> None:
    found = _json()
    assert found["milestones"] == dict.fromkeys(MILESTONES) | {"declared_at": "2026-11-20T14:05:00Z"}
    assert found["proposed_milestones"] == dict.fromkeys(MILESTONES)
    assert set(found["metrics"].values()) == {None}
    assert found["impact"] == dict.fromkeys(IMPACT) | {"services": [], "regions": []}
    assert found["causes"] == {"trigger": None, "root": [], "contributing": [], "whys": []}
    assert found["lessons"] == {"well": [], "poorly": [], "lucky": [], "hard": [], "unknown": []}
    assert found["capture"] == {"messages": 0, "recovered": 0, "checked_until": None, "gaps": []}
    assert (found["actions"], found["communications"], found["findings"], found["review"]) == ([], [], [], None)
    assert found["incident"]["vendor"] is None
    assert len(found["gaps"]) == 16


def test_incident_is_given_by_its_words_and_numbers() -> None:
    assert _filled()["incident"] == {
        "id": "INC-2026-11-20-001",
        "title": "Checkout errors in the EU",
        "kind": "near-miss",
        "type": "production",
        "severity": 1,
        "status": "resolved",
        "services": ["checkout"],
        "vendor": "Northbank",
    }


def test_times_are_utc_in_whole_seconds_and_lengths_are_seconds() -> None:
    found = _filled()
    assert found["milestones"]["detected_at"] == "2026-11-20T14:01:30Z"
    assert found["metrics"] == {
        "time_to_detect": 390,
        "time_to_acknowledge": None,
        "time_to_mitigate": None,
        "time_to_resolve": int(timedelta(days=2, minutes=10).total_seconds()),
    }
    times = re.findall(r'"(?:at|from|to|checked_until|\w+_at)": "([^"]+)"', json.dumps(found))
    clocks = [time for time in times if time != "#incidents"]
    assert clocks
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time) for time in clocks)


def test_entry_is_whole_and_unescaped_with_people_as_roles() -> None:
    entry = next(entry for entry in _filled()["timeline"] if entry["origin"] == "reaction")
    assert entry == {
        "at": "2026-11-20T14:10:33Z",
        "text": "a <b> & the incident lead\nrolled back",
        "phase": "mitigation",
        "origin": "reaction",
        "key": True,
        "suggested": False,
        "reason": None,
        "author_role": "a responder",
        "permalink": "https://example.slack.com/archives/C1/p1795183833000000",
        "channel": None,
        "files": [],
    }


def test_timeline_holds_entries_only() -> None:
    quiet = make_message("14:15", "not marked")
    assert [entry["text"] for entry in _json(material=Material(messages=(quiet,)))["timeline"]] == [
        "The incident was declared"
    ]


def test_of_several_triggers_the_latest_is_given() -> None:
    assert _filled()["causes"]["trigger"] == {"text": "the deploy", "evidence": "https://ci.example.com/1"}


def test_causes_keep_their_scores_and_only_safe_evidence() -> None:
    (factor,) = _filled()["causes"]["contributing"]
    assert factor == {"text": "the export", "evidence": None, "layer": None, "category": None, "score": 0}


def test_actions_are_given_with_owner_by_name_and_cause_by_text() -> None:
    assert _filled()["actions"] == [
        {
            "text": "move it",
            "owner": "Jonas Bergström",
            "due": "2026-12-15",
            "type": "mitigate-future",
            "priority": "P1",
            "status": "open",
            "cause": "the pool",
            "link": "https://tracker.example.com/1",
        },
        {
            "text": "ask",
            "owner": None,
            "due": None,
            "type": None,
            "priority": None,
            "status": "open",
            "cause": None,
            "link": None,
        },
    ]


def test_report_survives_being_written_as_json() -> None:
    assert json.loads(json.dumps(_filled())) == _filled()
