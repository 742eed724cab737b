"""Slack's time: this machine's, corrected where Slack's answers show that it is off.

What people write bears Slack's time. Compared with it by a clock that is minutes off, what was said a moment ago would
seem to be old, and a time that somebody types would be placed on another day.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

log = structlog.get_logger()

# Answers say the time to the second. Less than this is left alone: a machine's clock that is set is the better one.
_UNNOTICED = timedelta(seconds=5)
_TO_THE_SECOND = timedelta(seconds=1)
# What is known stays as long as it fits an answer that closely, so that the time doesn't jump with each.
_FITS = timedelta(seconds=2)
_NONE = timedelta(0)


class SlackTime:
    """A clock (UTC) that agrees with Slack's to some seconds. May be used from several threads.

    `machine` is this machine's clock.
    """

    def __init__(self, machine: Callable[[], datetime]) -> None:
        self.machine = machine
        self._off = _NONE

    def __call__(self) -> datetime:
        """Return Slack's time."""
        return self.machine() + self._off

    def heard(self, date: str | None, *, asked_at: datetime) -> None:
        """Take note of the `Date` of an answer to what this machine asked when its clock said `asked_at`."""
        said = _moment(date)
        if said is None:
            return
        # The answer was given between the asking and now.
        least, most = said - self.machine(), said + _TO_THE_SECOND - asked_at
        if least <= _UNNOTICED and most >= -_UNNOTICED:
            off = _NONE
        elif self._off and least - _FITS <= self._off <= most + _FITS:
            return
        else:
            off = (least + most) / 2
        if off != self._off:
            self._off = off
            log.warning("this machine's clock is off: Slack's time is used", seconds_behind=round(off.total_seconds()))


def _moment(date: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment and moment.tzinfo else None


class TimedClient(WebClient):
    """A client that tells what time Slack's answers say."""

    def __init__(self, time: SlackTime, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._time = time

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Call a method of the Web API."""
        asked_at = self._time.machine()
        answer = super().api_call(api_method, **arguments)
        dates = (str(value) for name, value in (answer.headers or {}).items() if name.lower() == "date")
        self._time.heard(next(dates, None), asked_at=asked_at)
        return answer
