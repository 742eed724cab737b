import json
import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import ActionStatus, ActionType
from bot.domain.impact import ImpactDetails
from bot.domain.incident import IncidentType, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem import Postmortem, as_json
from bot.domain.postmortem.audiences import Audience, Brief, customer, executive, projected
from bot.domain.statements import CauseKind
from bot.domain.timeline import Material
from tests.factories import HELPER, make_action, make_cause, make_change, make_impact, make_report, make_stamp
from tests.rendering.incidents import hostile, report, rich

STARTED = make_stamp(Milestone.STARTED, "13:57")
DETECTED = make_stamp(Milestone.DETECTED, "14:01")
MITIGATED = make_stamp(Milestone.MITIGATED, "14:38")
RESOLVED = make_stamp(Milestone.RESOLVED, "15:10")


def text_of(brief: Brief) -> str:
    lines = [brief.title, *brief.state]
    for section in brief.sections:
        lines += [section.heading, *section.paragraphs, *section.items]
        lines += [f"{fact.label}: {fact.value}" for fact in section.facts]
    return "\n".join(lines)


def told(*stamps: Any, **given: Any) -> str:
    incident = {"status": Status.RESOLVED} | given.pop("incident", {})
    return text_of(customer(make_report(Material(stamps=stamps), incident=incident, **given)))


@pytest.mark.parametrize(
    ("stamps", "sentences"),
    [
        ((), "A part of our service was disrupted. We are working on it."),
        ((STARTED,), "On 2026-11-20 at 13:57 UTC a part of our service was disrupted. We are working on it."),
        (
            (STARTED, DETECTED, MITIGATED, RESOLVED),
            (
                "On 2026-11-20 at 13:57 UTC a part of our service was disrupted. We noticed it 4 min later. "
                "It was over at 14:38 UTC, after 41 min."
            ),
        ),
        (
            (STARTED, MITIGATED),
            (
                "On 2026-11-20 at 13:57 UTC a part of our service was disrupted. "
                "It was over at 14:38 UTC, after 41 min. We are still watching it."
            ),
        ),
        ((RESOLVED,), "A part of our service was disrupted. It was over on 2026-11-20 at 15:10 UTC."),
        (
            (STARTED, make_stamp(Milestone.DETECTED, "13:57")),
            "We noticed it at once. We are working on it.",
        ),
    ],
)
def test_customers_read_what_happened_as_far_as_it_is_known(stamps: tuple[Any, ...], sentences: str) -> None:
    first, _heading, told_of = told(*stamps).partition("What happened\n")
    assert first
    assert sentences in told_of.splitlines()[0]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (IncidentType.SECURITY, "Security incident on 2026-11-20"),
        (IncidentType.PRODUCT, "a part of our service did not work as intended"),
        (IncidentType.PROCESS, "a part of our service was affected"),
    ],
)
def test_customers_read_what_kind_of_trouble_it_was(kind: IncidentType, words: str) -> None:
    assert words in told(STARTED, incident={"type": kind})


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        (ImpactDetails(users=1), "1 user was affected."),
        (ImpactDetails(users=1_240), "1,240 users were affected."),
        (ImpactDetails(users=1_240, users_share=0.031), "1,240 users (3.1%) were affected."),
        (ImpactDetails(users_share=0.2), "20% of our users were affected."),
        (ImpactDetails(users_share=1.0), "All of our users were affected."),
    ],
)
def test_customers_read_how_many_were_affected(details: ImpactDetails, sentence: str) -> None:
    assert f"Who was affected\n{sentence}" in told(impacts=(make_impact("internal words", details=details),))


def test_customers_read_how_many_measures_there_are_and_what_for() -> None:
    actions = (
        make_action(1, type=ActionType.PREVENT),
        make_action(2, type=ActionType.PREVENT, status=ActionStatus.DONE),
        make_action(3, type=ActionType.DETECT),
        make_action(4),
        make_action(5, status=ActionStatus.DROPPED, type=ActionType.REPAIR),
    )
    assert (
        "We have decided on 4 measures, among them 1 to notice it sooner and 2 to keep it from happening again. "
        "1 of 4 is done." in told(actions=actions)
    )


@pytest.mark.parametrize(
    ("types", "done", "sentence"),
    [
        ((ActionType.PREVENT,), 0, "1 measure, to keep it from happening again. It is not done yet."),
        ((None,), 1, "1 measure. It is done."),
        ((ActionType.PREVENT, ActionType.DETECT), 2, "2 measures: 1 to notice it sooner and 1 to keep it"),
        ((ActionType.PREVENT, ActionType.DETECT), 2, "All are done."),
        ((None, None), 0, "2 measures. None is done yet."),
    ],
)
def test_customers_read_how_much_is_done_in_words(
    types: tuple[ActionType | None, ...], done: int, sentence: str
) -> None:
    actions = tuple(
        make_action(number, type=kind, status=ActionStatus.DONE if number <= done else ActionStatus.OPEN)
        for number, kind in enumerate(types, start=1)
    )
    assert sentence in told(actions=actions)


MARK = "ZQX"


def planted(value: Any, path: str = "") -> Any:
    """Return a report in which every text is a marked one, whatever field it stands in."""
    if isinstance(value, Enum | datetime | date | bool | int | float) or value is None:
        return value
    if isinstance(value, str):
        return f"{MARK} {path} <@U0{MARK}> https://{MARK.lower()}.internal/x #inc-{MARK} AKIA{MARK}"
    if isinstance(value, tuple):
        return tuple(planted(one, f"{path}[{number}]") for number, one in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            one.name: planted(getattr(value, one.name), f"{path}.{one.name}") for one in fields(value) if one.init
        }
        return replace(value, **changed)
    return value


@pytest.mark.parametrize("made", [rich, hostile], ids=["rich", "hostile"])
def test_nothing_that_anybody_typed_comes_through_to_customers(made: Any) -> None:
    marked: Postmortem = planted(report(made()))
    assert MARK in text_of(executive(marked))
    assert MARK not in text_of(customer(marked))
    assert MARK.lower() not in text_of(customer(marked)).lower()
    data = projected(as_json(marked), Audience.CUSTOMER)
    assert MARK.lower() not in json.dumps(data).lower()


@settings(max_examples=60)
@given(typed=st.text(min_size=4, max_size=60).filter(lambda text: bool(text.strip())))
def test_no_typed_text_reaches_customers_wherever_it_was_typed(typed: str) -> None:
    marked = f"{typed}{MARK}"
    found = make_report(
        Material(stamps=(STARTED, RESOLVED), status_changes=(make_change(Status.RESOLVED, "15:10", marked),)),
        incident={"title": marked, "services": (marked,), "vendor": marked, "owning_team": marked},
        impacts=(
            make_impact(marked, details=ImpactDetails(data_integrity=marked, regions=(marked,), sla_breach=marked)),
        ),
        causes=(make_cause(CauseKind.ROOT, marked, category=marked, evidence=f"https://example.com/{MARK}"),),
        actions=(make_action(1, marked, owner_id=HELPER, link=f"https://example.com/{MARK}", reason=marked),),
    )
    assert MARK not in text_of(customer(found))
    assert MARK not in json.dumps(projected(as_json(found), Audience.CUSTOMER))


def test_executives_get_summary_impact_causes_times_and_actions_and_no_more() -> None:
    brief = executive(report(rich()))
    assert [section.heading for section in brief.sections] == [
        "Summary",
        "Impact",
        "Cause",
        "Times",
        "What is done about it",
    ]
    text = text_of(brief)
    assert "Revenue lost: 18,400 EUR" in text
    assert re.search(r"Alert when the pool is above 80% \(.+, no due date, open\)", text)
    # Dropped work is not promised.
    assert "dropped)" not in text


@pytest.mark.parametrize("audience", list(Audience))
def test_json_of_every_audience_has_every_key(audience: Audience) -> None:
    data = as_json(report(rich()))
    found = projected(data, audience)

    def keys(value: Any) -> Any:
        return {key: keys(inner) for key, inner in value.items()} if isinstance(value, dict) else None

    assert keys(found) == keys(data)
    assert (found == data) == (audience is Audience.INTERNAL)


def test_json_for_others_keeps_what_is_theirs() -> None:
    data = as_json(report(rich()))
    theirs, own = projected(data, Audience.CUSTOMER), projected(data, Audience.EXECUTIVE)
    assert theirs["metrics"] == own["metrics"] == data["metrics"]
    assert theirs["impact"]["users"] == 1_240
    assert theirs["milestones"]["acknowledged_at"] is None
    assert theirs["actions"] == theirs["timeline"] == []
    assert own["actions"] == data["actions"]
    assert own["causes"]["root"] == data["causes"]["root"]
    assert own["causes"]["contributing"] == own["timeline"] == own["lessons"]["poorly"] == []
