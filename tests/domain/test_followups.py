from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import ActionStatus
from bot.domain.followups import due_times, follow_up, stand_ins
from bot.domain.incident import Role, RoleHolder
from tests.factories import LEAD, OPS, REPORTER, make_action, make_holder, make_incident


@given(st.datetimes(max_value=datetime(2999, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants it so
def test_follow_ups_are_due_after_thirty_and_sixty_days_to_the_second(anchor: datetime) -> None:
    assert due_times(anchor) == {30: anchor + timedelta(days=30), 60: anchor + timedelta(days=60)}


def test_day_is_twenty_four_hours_also_where_the_clocks_change() -> None:
    anchor = datetime(2026, 10, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    assert due_times(anchor)[30] - anchor == timedelta(hours=720)


def test_actions_are_sorted_by_state_and_only_owners_of_open_work_are_asked() -> None:
    actions = [
        make_action(1, owner_id="U1"),
        make_action(2, owner_id="U2", status=ActionStatus.DONE),
        make_action(3, owner_id="U3", status=ActionStatus.DROPPED),
        make_action(4),
        make_action(5, owner_id="U1"),
    ]
    found = follow_up(30, actions)
    numbers = [[one.number for one in group] for group in (found.open, found.done, found.dropped)]
    assert numbers == [[1, 4, 5], [2], [3]]
    assert (found.asked, found.days) == (("U1",), 30)


@pytest.mark.parametrize("status", [ActionStatus.DONE, ActionStatus.DROPPED])
def test_follow_up_without_open_work_asks_nobody(status: ActionStatus) -> None:
    for actions in ([], [make_action(1, owner_id="U1", status=status)]):
        found = follow_up(60, actions)
        assert (found.open, found.asked) == ((), ())


@pytest.mark.parametrize(
    ("holders", "told"),
    [
        ([], (REPORTER,)),
        ([make_holder(Role.LEAD, LEAD)], (LEAD, REPORTER)),
        ([make_holder(Role.LEAD, LEAD), make_holder(Role.OWNER, OPS)], (OPS, LEAD, REPORTER)),
        ([make_holder(Role.LEAD, LEAD), make_holder(Role.OWNER, LEAD)], (LEAD, REPORTER)),
        ([make_holder(Role.LEAD, REPORTER), make_holder(Role.NOTES, OPS)], (REPORTER,)),
    ],
)
def test_owner_then_lead_then_reporter_stand_in_for_the_channel(
    holders: list[RoleHolder], told: tuple[str, ...]
) -> None:
    assert stand_ins(make_incident(), holders) == told
