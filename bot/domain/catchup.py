"""Which moments of an incident somebody who comes late should read first."""

from collections.abc import Sequence

from bot.domain.timeline import Entry, is_own_note

SHOWN = 7
_LATEST = 3


def moments(entries: Sequence[Entry], *, at_most: int = SHOWN) -> tuple[Entry, ...]:
    """Return at most so many entries, in the order of the timeline, which `entries` must be in.

    The latest few are always among them; the places that are left go to milestones and key decisions, the newest
    first, and then to whatever else is newest. What the program noted by itself comes after all that people did.
    """
    newest_first = list(enumerate(entries))[::-1]
    told = [one for one in newest_first if not is_own_note(one[1])]
    latest, earlier = told[:_LATEST], told[_LATEST:]
    telling = [one for one in earlier if one[1].is_key or one[1].milestone]
    others = [one for one in earlier if one not in telling]
    noted = [one for one in newest_first if is_own_note(one[1])]
    chosen = [*latest, *telling, *others, *noted][:at_most]
    return tuple(entry for _, entry in sorted(chosen, key=lambda one: one[0]))
