from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.adoption import (
    MOST_MESSAGES,
    RECORDED_AFTER_END,
    ChannelFacts,
    Talk,
    beginning,
    check_adoptable,
    covers,
    end_of_capture,
    is_conversation,
    is_led_here,
    may_be_adopted_again,
)
from bot.domain.errors import UserError
from bot.domain.incident import Status
from tests.factories import DECLARED, at, make_incident

MICROSECOND = timedelta(microseconds=1)
OWN = "/incident start Checkout errors"
OPEN = ChannelFacts("C1", "ops")


@pytest.mark.parametrize(
    ("facts", "is_security", "is_private", "reason"),
    [
        (ChannelFacts("C1", "ops", is_archived=True), False, False, "This channel is archived"),
        (ChannelFacts("C1", "ops", is_shared=True), False, False, "This channel is shared with another organisation"),
        (OPEN, True, False, "Security incidents are private"),
        (OPEN, False, True, "Everybody here can read this channel"),
    ],
)
def test_channel_that_will_not_do_is_refused_with_the_reason_and_the_way_round(
    facts: ChannelFacts, reason: str, *, is_security: bool, is_private: bool
) -> None:
    with pytest.raises(UserError, match=reason) as refused:
        check_adoptable(facts, is_security=is_security, is_private=is_private, otherwise=OWN)
    assert refused.value.message.endswith(f"leave out --here: {OWN}")


@pytest.mark.parametrize("is_security", [False, True])
def test_private_channel_will_do_for_anything(*, is_security: bool) -> None:
    inside = ChannelFacts("C1", "ops", is_private=True)
    check_adoptable(inside, is_security=is_security, is_private=True, otherwise=OWN)


def test_public_channel_will_do_for_what_everybody_may_see() -> None:
    check_adoptable(OPEN, is_security=False, is_private=False, otherwise=OWN)


@pytest.mark.parametrize(
    ("name", "is_one"), [("directmessage", True), ("mpdm-ana--ben-1", True), ("privategroup", False), ("ops", False)]
)
def test_direct_messages_and_groups_without_a_name_are_no_channels(name: str, *, is_one: bool) -> None:
    assert is_conversation(name) is is_one


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ([], None),
        (["13:30"], "13:30"),
        (["13:29"], None),
        (["12:00", "13:10", "13:20", "13:50"], "13:10"),
        (["13:50", "13:20", "13:10"], "13:10"),
        (["13:31", "14:01"], "13:31"),
    ],
)
def test_talk_begins_after_the_last_half_hour_of_silence(said: list[str], first: str | None) -> None:
    assert beginning([at(clock) for clock in said], at("14:00")) == (at(first) if first else None)


@given(st.lists(st.integers(0, 300)))
def test_beginning_is_one_of_the_messages_and_nothing_before_it_is_near(minutes: list[int]) -> None:
    now = DECLARED
    said = [now - timedelta(minutes=number) for number in minutes]
    first = beginning(said, now)
    earlier = [moment for moment in said if first and moment < first]
    assert first is None or first in said
    assert all(first is not None and first - moment > timedelta(minutes=30) for moment in earlier)


@pytest.mark.parametrize(("messages", "is_too_much"), [(MOST_MESSAGES, False), (MOST_MESSAGES + 1, True)])
def test_talk_can_be_too_much(messages: int, *, is_too_much: bool) -> None:
    assert Talk(messages, 3, DECLARED).is_too_much is is_too_much


@pytest.mark.parametrize(
    ("starts", "ends", "moment", "is_in"),
    [
        (None, None, DECLARED, True),
        (DECLARED, None, DECLARED, True),
        (DECLARED, None, DECLARED - MICROSECOND, False),
        (None, DECLARED, DECLARED, True),
        (None, DECLARED, DECLARED + MICROSECOND, False),
    ],
)
def test_window_has_its_ends(starts: datetime | None, ends: datetime | None, moment: datetime, *, is_in: bool) -> None:
    assert covers(make_incident(capture_from=starts, capture_until=ends), moment) is is_in


@pytest.mark.parametrize(
    ("known", "status", "ends"),
    [
        (None, Status.MITIGATED, None),
        (None, Status.RESOLVED, DECLARED + RECORDED_AFTER_END),
        (None, Status.CANCELLED, DECLARED + RECORDED_AFTER_END),
        (DECLARED, Status.CLOSED, DECLARED),
        (DECLARED, Status.INVESTIGATING, None),
    ],
)
def test_capture_of_an_adopted_channel_ends_with_the_response(
    known: datetime | None, status: Status, ends: datetime | None
) -> None:
    adopted = make_incident(is_adopted=True, capture_until=known)
    assert end_of_capture(adopted, status, DECLARED) == ends


@pytest.mark.parametrize("status", list(Status))
def test_channel_of_its_own_is_recorded_as_long_as_it_is_there(status: Status) -> None:
    own = make_incident(status=status)
    assert end_of_capture(own, status, DECLARED) is None
    assert is_led_here(own, DECLARED + timedelta(days=100))
    assert not may_be_adopted_again(own)


def test_adopted_channel_is_led_until_its_capture_has_ended_and_free_for_the_next_once_it_is_over() -> None:
    going_on = make_incident(is_adopted=True)
    over = make_incident(is_adopted=True, status=Status.RESOLVED, capture_until=DECLARED)
    assert is_led_here(going_on, DECLARED + timedelta(days=1))
    assert is_led_here(over, DECLARED)
    assert not is_led_here(over, DECLARED + MICROSECOND)
    assert (may_be_adopted_again(going_on), may_be_adopted_again(over)) == (False, True)
