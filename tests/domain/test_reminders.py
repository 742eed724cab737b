from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incident import Kind, Severity, Status
from bot.domain.reminders import (
    LIVE_KINDS,
    RULES,
    Decision,
    Reminder,
    ReminderKind,
    Situation,
    decide,
    due_times,
)
from bot.domain.updates import Update
from tests.factories import COMMS, DECLARED, LEAD, make_incident

LEAD_DUE, UPDATE_DUE, RESOLUTION_DUE = ReminderKind.LEAD, ReminderKind.UPDATE, ReminderKind.RESOLUTION
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def situation(
    *,
    has_lead: bool = False,
    live_since: datetime = DECLARED,
    told: datetime | None = None,
    promised: datetime | None = None,
    mitigated_at: datetime | None = None,
    **fields: Any,
) -> Situation:
    update = Update(1, "We are on it", COMMS, told, "#incidents", promised) if told else None
    return Situation(make_incident(**fields), has_lead, live_since, update, mitigated_at)


def after(times: Mapping[ReminderKind, datetime]) -> dict[ReminderKind, timedelta]:
    return {kind: at - DECLARED for kind, at in times.items()}


@pytest.mark.parametrize(
    ("severity", "every"),
    [(Severity.SEV1, 30 * MINUTE), (Severity.SEV2, HOUR), (Severity.SEV3, DAY), (Severity.SEV4, DAY)],
)
def test_updates_are_due_by_severity_from_the_declaration_and_from_the_last_one(
    severity: Severity, every: timedelta
) -> None:
    assert after(due_times(situation(severity=severity, has_lead=True))) == {UPDATE_DUE: every}
    told = situation(severity=severity, has_lead=True, told=DECLARED + 7 * MINUTE)
    assert after(due_times(told)) == {UPDATE_DUE: every + 7 * MINUTE}


def test_announced_time_of_the_next_update_counts_instead_of_the_severitys() -> None:
    told = situation(has_lead=True, told=DECLARED + MINUTE, promised=DECLARED + 5 * HOUR)
    assert after(due_times(told)) == {UPDATE_DUE: 5 * HOUR}


def test_lead_is_asked_for_after_five_minutes_until_there_is_one() -> None:
    assert after(due_times(situation()))[LEAD_DUE] == 5 * MINUTE
    assert LEAD_DUE not in due_times(situation(has_lead=True))


@pytest.mark.parametrize("status", Status)
def test_resolution_is_asked_for_a_day_after_the_mitigation_while_it_is_mitigated(status: Status) -> None:
    times = due_times(situation(status=status, mitigated_at=DECLARED + HOUR))
    assert times.get(RESOLUTION_DUE) == (DECLARED + HOUR + DAY if status is Status.MITIGATED else None)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.CANCELLED])
def test_nothing_is_asked_once_it_is_over(status: Status) -> None:
    assert due_times(situation(status=status, mitigated_at=DECLARED)) == {}


@pytest.mark.parametrize("kind", Kind)
def test_only_what_is_happening_is_reminded_of(kind: Kind) -> None:
    assert bool(due_times(situation(kind=kind))) == (kind in (Kind.LIVE, Kind.DRILL))


def test_reopening_counts_from_the_reopening_whatever_was_promised_before() -> None:
    again = DECLARED + 9 * HOUR
    reopened = situation(live_since=again, told=DECLARED + HOUR, promised=DECLARED + 2 * HOUR)
    assert after(due_times(reopened)) == {LEAD_DUE: 9 * HOUR + 5 * MINUTE, UPDATE_DUE: 10 * HOUR}


NOTHING = Reminder()


def at(minutes: float, standing: Reminder = NOTHING, **fields: Any) -> Decision:
    return decide(situation(**fields), standing, now=DECLARED + minutes * MINUTE)


@pytest.mark.parametrize(
    ("minutes", "fields", "kind", "again"),
    [
        (0, {}, None, 5),
        (4.99, {}, None, 5),
        (5, {}, LEAD_DUE, 60),
        (5, {"has_lead": True}, None, 60),
        (60, {"has_lead": True}, UPDATE_DUE, None),
        # Several hold: without a lead nobody does the rest.
        (60, {}, LEAD_DUE, None),
        (3_000, {"status": Status.MITIGATED, "mitigated_at": DECLARED}, LEAD_DUE, None),
        (3_000, {"status": Status.MITIGATED, "mitigated_at": DECLARED, "has_lead": True}, UPDATE_DUE, None),
        (
            3_000,
            {
                "status": Status.MITIGATED,
                "mitigated_at": DECLARED,
                "has_lead": True,
                "told": DECLARED + 2_990 * MINUTE,
            },
            RESOLUTION_DUE,
            3_050,
        ),
        # A short promise comes before the lead is asked for.
        (3, {"told": DECLARED, "promised": DECLARED + 2 * MINUTE}, UPDATE_DUE, 5),
        (3_000, {"status": Status.RESOLVED}, None, None),
    ],
)
def test_decision(minutes: float, fields: dict[str, Any], kind: ReminderKind | None, again: float | None) -> None:
    decision = at(minutes, **fields)
    assert decision.kind is kind
    assert decision.look_again_at == (DECLARED + again * MINUTE if again is not None else None)
    assert (decision.is_snoozed, decision.is_anew) == (False, False)


SNOOZED = Reminder(LEAD_DUE, DECLARED + 5 * MINUTE, 1, DECLARED + 36 * MINUTE, LEAD)


def test_snooze_keeps_everything_else_quiet_until_its_time() -> None:
    decision = at(35, SNOOZED, severity=Severity.SEV1)
    assert (decision.kind, decision.is_snoozed, decision.look_again_at) == (
        LEAD_DUE,
        True,
        DECLARED + 36 * MINUTE,
    )


def test_after_the_snooze_it_is_asked_anew() -> None:
    decision = at(36, SNOOZED, severity=Severity.SEV1)
    assert (decision.kind, decision.is_snoozed, decision.is_anew) == (LEAD_DUE, False, True)


def test_snooze_ends_when_what_it_was_about_is_settled() -> None:
    decision = at(35, SNOOZED, severity=Severity.SEV1, has_lead=True)
    assert (decision.kind, decision.is_snoozed, decision.is_anew) == (UPDATE_DUE, False, True)
    assert at(20, SNOOZED, severity=Severity.SEV1, has_lead=True) == Decision(look_again_at=DECLARED + 30 * MINUTE)


offsets = st.none() | st.integers(-5_000, 5_000).map(lambda minutes: DECLARED + minutes * MINUTE)
situations = st.builds(
    situation,
    has_lead=st.booleans(),
    live_since=st.integers(0, 3_000).map(lambda minutes: DECLARED + minutes * MINUTE),
    told=offsets,
    promised=offsets,
    mitigated_at=offsets,
    status=st.sampled_from(Status),
    severity=st.sampled_from(Severity),
    kind=st.sampled_from(Kind),
)
standings = st.builds(
    Reminder,
    kind=st.none() | st.sampled_from(ReminderKind),
    number=st.integers(0, 9),
    snoozed_until=offsets,
)
moments = st.integers(0, 6_000).map(lambda minutes: DECLARED + minutes * MINUTE)


@given(situations, standings, moments)
def test_what_is_asked_is_always_due_and_the_next_look_is_always_ahead(
    found: Situation, standing: Reminder, now: datetime
) -> None:
    decision = decide(found, standing, now=now)
    times = due_times(found)
    assert (decision.kind is None) == (decision.since is None)
    if decision.kind:
        assert times[decision.kind] == decision.since
        assert times[decision.kind] <= now
    else:
        assert all(due > now for due in times.values())
    assert decision.look_again_at is None or decision.look_again_at > now


@given(situations, moments)
def test_looking_only_when_told_misses_no_change_of_what_is_asked(found: Situation, now: datetime) -> None:
    """Until the next look nothing else would be decided, however often one looked in between."""
    decision = decide(found, Reminder(), now=now)
    until = decision.look_again_at or now + timedelta(days=30)
    for share in (0.1, 0.5, 0.999):
        between = now + (until - now) * share
        assert decide(found, Reminder(), now=between).kind is decision.kind


@given(situations, standings, moments)
def test_over_and_recorded_afterwards_asks_nothing(found: Situation, standing: Reminder, now: datetime) -> None:
    if found.incident.status.is_over or found.incident.kind not in LIVE_KINDS:
        assert decide(found, standing, now=now) == Decision()


def test_every_rule_says_how_long_for_every_severity() -> None:
    assert {kind: set(lengths) for kind, lengths in RULES.items()} == {kind: set(Severity) for kind in ReminderKind}
