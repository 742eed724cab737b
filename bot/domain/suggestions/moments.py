"""From scored messages to suggestions: one for each moment, and no more than a timeline of that length has."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from math import cbrt

from bot.domain.messages import Message, ts_rank
from bot.domain.suggestions import table
from bot.domain.suggestions.excerpt import excerpt
from bot.domain.suggestions.model import Moment, Suggestion
from bot.domain.suggestions.phases import phases
from bot.domain.suggestions.scoring import Candidate, candidates


def suggestions(messages: Sequence[Message], *, declared_at: datetime | None = None) -> tuple[Suggestion, ...]:
    """Return the key moments of one channel in order of time.

    `messages` are its standing messages in any order. `declared_at` (UTC) is when the incident was declared, None
    when that is not known: what was changed before it and before the first report led up to it.
    """
    ordered = sorted(messages, key=lambda message: (message.at, ts_rank(message.ts)))
    found = candidates(ordered)
    chosen = _chosen(found, ordered)
    others = _others(chosen, found, ordered)
    told = phases(chosen, ordered, declared_at)
    return tuple(
        Suggestion(
            message=ordered[one.index],
            moment=moment,
            phase=phase,
            text=excerpt(one.statements),
            reason=one.reason,
            score=round(one.points, 2),
            is_key=moment is Moment.DECISION,
            others=tuple(ordered[index].ts for index in others[one.index]),
        )
        for one, (moment, phase) in zip(chosen, told, strict=True)
    )


def _chosen(found: Sequence[Candidate], messages: Sequence[Message]) -> list[Candidate]:
    """Return the best candidates, none of them too near to a better one, in order of time."""
    ranked = sorted((one for one in found if one.points >= table.LEAST), key=lambda one: (-one.worth, one.index))
    strongest = [one.worth for one in ranked[: table.STRONGEST]]
    strong = sum(strongest) / max(1, len(strongest))
    most = max(table.MOST_AT_LEAST, round(table.MOST_PER_CUBE_ROOT * cbrt(_minutes(found, messages))))
    chosen: list[tuple[datetime, int, Candidate]] = []
    for one in ranked:
        if len(chosen) >= most or one.worth < table.LEAST_SHARE * strong:
            break
        at = messages[one.index].at
        near = chosen[
            bisect_left(chosen, at - table.STRETCH, key=_when) : bisect_right(chosen, at + table.STRETCH, key=_when)
        ]
        nearness = sum(1 - abs(then - at) / table.STRETCH for then, _, _ in near)
        if one.worth >= (table.LEAST_SHARE + table.NEAR_COST * nearness) * strong:
            insort(chosen, (at, one.index, one))
    return [one for _, _, one in chosen]


def _when(entry: tuple[datetime, int, Candidate]) -> datetime:
    return entry[0]


def _minutes(found: Sequence[Candidate], messages: Sequence[Message]) -> float:
    """Return how long the talk lasted: slow talk counts for its pace, silence for half an hour at most."""
    seconds = 0.0
    for before, after in pairwise(found):
        gap = min(messages[after.index].at - messages[before.index].at, table.QUIET)
        seconds += gap.total_seconds() * (before.pace + after.pace) / 2
    return seconds / 60


def _others(
    chosen: Sequence[Candidate], found: Sequence[Candidate], messages: Sequence[Message]
) -> dict[int, list[int]]:
    """Return further messages about each chosen moment by its index: its run, and what else tells of it nearby."""
    others = {one.index: [index for index in one.members if index != one.index] for one in chosen}
    taken = {one.index for one in chosen}
    position = 0
    for one in found:
        if one.index in taken or one.points < table.LEAST_OF_OTHERS or not chosen:
            continue
        at = messages[one.index].at
        while position + 1 < len(chosen) and abs(messages[chosen[position + 1].index].at - at) <= abs(
            messages[chosen[position].index].at - at
        ):
            position += 1
        near = chosen[position]
        is_about = near.words & one.words or near.moment is one.moment
        if is_about and abs(messages[near.index].at - at) < table.STRETCH:
            others[near.index] += one.members
    return {index: sorted(members) for index, members in others.items()}
