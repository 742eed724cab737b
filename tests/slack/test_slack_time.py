"""Slack's time, told from the answers of its Web API."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Sandbox
from bot.slack.slack_time import SlackTime, TimedClient
from tests.fakes import ManualClock

NOW = datetime(2026, 11, 20, 14, 10, 20, 500_000, tzinfo=UTC)


def date(moment: datetime) -> str:
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def hear(time: SlackTime, machine: ManualClock, slack: datetime, *, takes: float = 0.2) -> None:
    """Let an answer come in that Slack gave in the middle of so many seconds."""
    asked_at = machine()
    machine.move(seconds=takes)
    time.heard(date(slack + timedelta(seconds=takes / 2)), asked_at=asked_at)


@given(st.integers(-86_400, 86_400), st.floats(0, 10), st.floats(0, 0.999))
def test_clock_agrees_with_slacks_to_some_seconds(skew: int, takes: float, fraction: float) -> None:
    slack = NOW.replace(microsecond=int(fraction * 1_000_000))
    machine = ManualClock(slack + timedelta(seconds=skew))
    time = SlackTime(machine)
    hear(time, machine, slack, takes=takes)
    # Half of what the call took is as near as it can be told.
    assert abs(time() - (slack + timedelta(seconds=takes))) <= timedelta(seconds=6 + takes / 2)


@given(st.floats(-4, 4), st.floats(0, 10))
def test_clock_that_is_right_stays_as_it_is(skew: float, takes: float) -> None:
    machine = ManualClock(NOW + timedelta(seconds=skew))
    time = SlackTime(machine)
    hear(time, machine, NOW, takes=takes)
    assert time() == machine()


@pytest.mark.parametrize("skew", [-600, -60, 60, 600])
def test_time_does_not_jump_with_each_answer(skew: int) -> None:
    machine = ManualClock(NOW + timedelta(seconds=skew))
    time = SlackTime(machine)
    hear(time, machine, NOW)
    ahead = machine() - time()
    for takes in (0.3, 1.0, 0.05, 2.0):
        hear(time, machine, machine() - timedelta(seconds=skew), takes=takes)
        assert machine() - time() == ahead


def test_clock_that_is_set_while_the_program_runs_is_followed() -> None:
    machine = ManualClock(NOW + timedelta(minutes=10))
    time = SlackTime(machine)
    hear(time, machine, NOW)
    assert abs(time() - NOW) < timedelta(seconds=2)
    machine.move(minutes=-10)
    hear(time, machine, NOW + timedelta(seconds=0.2))
    assert time() == machine()


@pytest.mark.parametrize("told", [None, "", "yesterday", "Fri, 20 Nov 2026 14:10:20 -0000"])
def test_answer_that_does_not_say_the_time_changes_nothing(told: str | None) -> None:
    machine = ManualClock(NOW + timedelta(minutes=10))
    time = SlackTime(machine)
    time.heard(told, asked_at=machine())
    assert time() == machine()


def test_client_tells_the_time_of_each_answer() -> None:
    with Sandbox() as sandbox:
        time = SlackTime(lambda: datetime.now(UTC) - timedelta(minutes=10))
        client = TimedClient(time, token=sandbox.bot_token, base_url=sandbox.api_url)
        client.auth_test()
    assert abs(time() - datetime.now(UTC)) < timedelta(seconds=3)
