from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain.when.days import DAY
from bot.domain.when.errors import WhenError, offered
from bot.domain.when.zones import Place

# Clocks differ a little: what is typed in the last seconds before its minute is meant for that minute.
SLACK: Final = timedelta(minutes=1)
# This machine's clock may be that much behind. A bare clock within that is the last one of a person whose clock is
# right, so it is not taken for the one of the day before.
UNSURE: Final = timedelta(minutes=10)


def instants(local: datetime, rules: tzinfo) -> list[datetime]:
    """Find when a clock on the wall showed a local time.

    Args:
        local: a date and time without a zone.
        rules: the zone of that clock.

    Returns:
        The UTC moments in order: none in a gap, two in a fold, else one.
    """
    found = {local.replace(tzinfo=rules, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in found if at.astimezone(rules).replace(tzinfo=None) == local)


def nearest(clock: time, days: Iterable[date], place: Place, fits: Callable[[datetime], bool]) -> datetime | None:
    """Place a clock time on the first of some days where it fits.

    Args:
        clock: the time on the wall.
        days: local dates, the likeliest first.
        place: where that wall is.
        fits: whether a UTC moment can be meant, for example because it has passed. Of the two
            moments of a fold only those that fit count.

    Returns:
        The UTC moment, or None when nothing fits.

    Raises:
        WhenError: when the time is skipped (gap) or comes twice (fold) on the day that fits.
        OverflowError: at the very ends of the calendar.
    """
    for day in days:
        local = datetime.combine(day, clock)
        found = instants(local, place.rules)
        if not found and fits(_end_of_gap(local, place.rules)):
            raise _gap(local, place, [at for at in _beside_gap(local, place.rules) if fits(at)])
        match [at for at in found if fits(at)]:
            case [at]:
                return at
            case [first, second]:
                raise _fold(local, place, first, second)
    return None


def latest(clock: time, place: Place, now: datetime) -> datetime | None:
    """Place a bare clock time on its latest occurrence; raises WhenError like `nearest`."""
    today = now.astimezone(place.rules).date()
    days = [today + DAY * offset for offset in (1, 0, -1, -2)]
    return nearest(clock, days, place, lambda at: at <= now + SLACK)


def passed(clock: time, days: Iterable[date], place: Place, now: datetime) -> datetime | None:
    """Place a clock time on the first of some days where it has passed; raises WhenError like `nearest`.

    Of a fold nobody can say which is meant also when the second comes within minutes.
    """
    at = nearest(clock, days, place, lambda at: at <= now + SLACK)
    local = at.astimezone(place.rules).replace(tzinfo=None) if at else None
    match instants(local, place.rules) if local else []:
        case [first, second] if local and SLACK < second - now <= UNSURE:
            raise _fold(local, place, first, second)
    return at


def is_just_ahead(clock: time, place: Place, now: datetime) -> bool:
    """Whether a bare clock time comes within minutes, so that nobody can say which of its days is meant."""
    today = now.astimezone(place.rules).date()
    coming = (datetime.combine(today + DAY * offset, clock) for offset in (-1, 0, 1))
    return any(SLACK < at - now <= UNSURE for local in coming for at in instants(local, place.rules))


def written(local: datetime) -> str:
    """Write a local time the way people type it, with seconds only where there are any."""
    wanted = "microseconds" if local.microsecond else "seconds" if local.second else "minutes"
    return local.replace(tzinfo=None).isoformat(sep=" ", timespec=wanted)


def zulu(at: datetime) -> str:
    """Write a moment as `2026-11-20T14:05Z`, with seconds only where there are any."""
    return written(at.astimezone(UTC)).replace(" ", "T") + "Z"


def _beside_gap(local: datetime, rules: tzinfo) -> list[datetime]:
    return [local.replace(tzinfo=rules, fold=fold).astimezone(UTC) for fold in (1, 0)]


def _end_of_gap(local: datetime, rules: tzinfo) -> datetime:
    """Find when the clocks jumped, to the minute: from then on, what they skipped has passed."""
    before, after = _beside_gap(local, rules)
    offset = before.astimezone(rules).utcoffset()
    while after - before > SLACK:
        middle = before + (after - before) / 2
        if middle.astimezone(rules).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _gap(local: datetime, place: Place, beside: list[datetime]) -> WhenError:
    examples = [written(at.astimezone(place.rules)) + place.suffix for at in beside]
    day, clock = written(local).split()
    return WhenError(f"The clocks in {place.name} skipped {clock} on {day}. {offered(examples)}")


def _fold(local: datetime, place: Place, first: datetime, second: datetime) -> WhenError:
    day, clock = written(local).split()
    return WhenError(
        f"The clocks in {place.name} showed {clock} twice on {day}. {offered([zulu(first), zulu(second)])}"
    )
