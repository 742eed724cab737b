from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.when.days import MONTHS, WEEKDAYS
from bot.domain.when.moments import Moment
from bot.domain.when.placing import instants, written, zulu


def echo(moment: Moment, *, now: datetime) -> str:
    """Say in words how a moment was understood, in the person's zone and in UTC.

    Args:
        moment: what was read.
        now: the time of answering, aware.

    Returns:
        "yesterday 23:55, 22:55 UTC"; "Tue 18 Nov 14:05, 13:05 UTC"; "today 14:05 UTC" where both clocks
        agree; "today 00:30, Thu 19 Nov 23:30 UTC" where the dates differ. Whole minutes.
    """
    zone = ZoneInfo(moment.zone)
    local, here = moment.at.astimezone(zone), now.astimezone(zone)
    said = f"{_day(local, here)} {local:%H:%M}"
    if not local.utcoffset():
        return f"{said} UTC"
    there = moment.at.astimezone(UTC)
    day = "" if there.date() == local.date() else f"{_dated(there, here)} "
    return f"{said}, {day}{there:%H:%M} UTC"


def as_typed(at: datetime, zone: str) -> str:
    """Write a moment as somebody in that zone would type it, to the minute, so that it is read back as meant.

    Args:
        at: the moment, aware.
        zone: an IANA zone.

    Returns:
        "2026-11-20 15:05" in the zone; "2026-11-20T14:05Z" where the zone's clocks showed that time twice.
    """
    rules = ZoneInfo(zone)
    minute = at.astimezone(UTC).replace(second=0, microsecond=0)
    local = minute.astimezone(rules).replace(tzinfo=None)
    return written(local) if instants(local, rules) == [minute] else zulu(minute)


def _day(local: datetime, here: datetime) -> str:
    near = {timedelta(0): "today", timedelta(days=-1): "yesterday", timedelta(days=1): "tomorrow"}
    return near.get(local.date() - here.date()) or _dated(local, here)


def _dated(at: datetime, here: datetime) -> str:
    # Not strftime, whose names depend on the locale of the server.
    day = f"{WEEKDAYS[at.weekday()][:3]} {at.day} {MONTHS[at.month - 1][:3]}"
    return day if at.year == here.year else f"{day} {at.year}"
