"""The impact in figures: who and what was affected, how much, how long, and what it cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.errors import UserError
from bot.domain.quantities import Money, People, read_money, read_people, read_tickets
from bot.domain.text import one_line
from bot.domain.when import as_typed, read_moment

NAMES_LIMIT = 20
NAME_LIMIT = 80
WORDS_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ImpactDetails:
    """What is known of the impact. `users_share` is 0 to 1, times are UTC; None, or empty, is not known."""

    users: int | None = None
    users_share: float | None = None
    services: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    from_at: datetime | None = None
    to_at: datetime | None = None
    data_integrity: str | None = None
    sla_breach: str | None = None
    revenue: Money | None = None
    tickets: int | None = None
    cost: Money | None = None

    @property
    def people(self) -> People | None:
        """How many were affected, None where neither a number nor a share is known."""
        if self.users is None and self.users_share is None:
            return None
        return People(self.users, self.users_share)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known."""
        return self == ImpactDetails()


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of the form, by its name in the report's JSON: how it is called, read and shown."""

    label: str
    read: Callable[[str, datetime, str], dict[str, Any]]
    words: Callable[[ImpactDetails, Callable[[datetime], str]], str]


def _people(text: str, _now: datetime, _zone: str) -> dict[str, Any]:
    people = read_people(text) if text else People()
    return {"users": people.count, "users_share": people.share}


def _names(attribute: str) -> Callable[[str, datetime, str], dict[str, Any]]:
    def read(text: str, _now: datetime, _zone: str) -> dict[str, Any]:
        names = tuple(dict.fromkeys(name for part in text.replace("\n", ",").split(",") if (name := one_line(part))))
        if len(names) > NAMES_LIMIT:
            raise UserError(f"Those are {len(names)} names; {NAMES_LIMIT} is the limit. Name what they have in common.")
        if too_long := next((name for name in names if len(name) > NAME_LIMIT), None):
            raise UserError(
                f"“{too_long[:40]}…” is too long for a name. Put commas between the names: checkout, search"
            )
        return {attribute: names}

    return read


def _moment(attribute: str) -> Callable[[str, datetime, str], dict[str, Any]]:
    def read(text: str, now: datetime, zone: str) -> dict[str, Any]:
        return {attribute: read_moment(text, now=now, zone=zone).at if text else None}

    return read


def _words(attribute: str) -> Callable[[str, datetime, str], dict[str, Any]]:
    return lambda text, _now, _zone: {attribute: text or None}


def _money(attribute: str) -> Callable[[str, datetime, str], dict[str, Any]]:
    return lambda text, _now, _zone: {attribute: read_money(text) if text else None}


def _tickets(text: str, _now: datetime, _zone: str) -> dict[str, Any]:
    return {"tickets": read_tickets(text) if text else None}


def _ticket_words(details: ImpactDetails, _said: Callable[[datetime], str]) -> str:
    return "" if details.tickets is None else f"{details.tickets:,}" if details.tickets else "none"


_FIELDS: Mapping[str, _Field] = {
    "users": _Field("Users", _people, lambda it, _: it.people.words if it.people else ""),
    "services": _Field("Services", _names("services"), lambda it, _: ", ".join(it.services)),
    "regions": _Field("Regions", _names("regions"), lambda it, _: ", ".join(it.regions)),
    "from": _Field("From", _moment("from_at"), lambda it, said: said(it.from_at) if it.from_at else ""),
    "to": _Field("Until", _moment("to_at"), lambda it, said: said(it.to_at) if it.to_at else ""),
    "data_integrity": _Field("Data", _words("data_integrity"), lambda it, _: it.data_integrity or ""),
    "sla_breach": _Field("SLA", _words("sla_breach"), lambda it, _: it.sla_breach or ""),
    "revenue": _Field("Revenue lost", _money("revenue"), lambda it, _: it.revenue.words if it.revenue else ""),
    "tickets": _Field("Support tickets", _tickets, _ticket_words),
    "cost": _Field("Other costs", _money("cost"), lambda it, _: it.cost.words if it.cost else ""),
}
FIELDS = tuple(_FIELDS)


def in_words(details: ImpactDetails, said: Callable[[datetime], str]) -> dict[str, str]:
    """Return what is known in words by the fields' names, in the order of the form; `said` says a time."""
    shown = {name: field.words(details, said) for name, field in _FIELDS.items()}
    return {name: words for name, words in shown.items() if words}


def facts(details: ImpactDetails) -> tuple[tuple[str, str], ...]:
    """Return what is known as labels and values, times in UTC."""
    found = in_words(details, lambda at: f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    return tuple((_FIELDS[name].label, words) for name, words in found.items())


def typed(details: ImpactDetails, zone: str) -> dict[str, str]:
    """Return what a form holds of it, by the fields' names, as its reader in this zone would type it."""
    return in_words(details, lambda at: as_typed(at, zone))


def changed(
    current: ImpactDetails, held: Mapping[str, str], given: Mapping[str, str], *, now: datetime, zone: str
) -> ImpactDetails:
    """Return the details after a form was sent in.

    Only what was changed in the form is changed: of two people with the same form open, neither overwrites what they
    did not touch.

    Args:
        current: what is known now.
        held: what the form held when it was opened.
        given: what it holds now, by name; a field that it does not have is not in it.
        now: the time of sending, for the window's times.
        zone: the sender's IANA zone.

    Raises UserError for what can't be read, `field` naming where.
    """
    values: dict[str, Any] = {}
    for name, text in given.items():
        if text == held.get(name, ""):
            continue
        try:
            values |= _FIELDS[name].read(text, now, zone)
        except UserError as error:
            error.field = name
            raise
    details = replace(current, **values)
    if details.from_at and details.to_at and details.from_at > details.to_at:
        where = "to" if "to_at" in values else "from"
        begin, end = as_typed(details.from_at, zone), as_typed(details.to_at, zone)
        raise UserError(f"It can't end ({end}) before it began ({begin}). Correct one of the two.", field=where)
    return details


def differences(before: ImpactDetails, after: ImpactDetails) -> tuple[str, ...]:
    """Return what a change came to, a line for each field that says something else now."""
    old, new = dict(facts(before)), dict(facts(after))
    lines = []
    for label in (field.label for field in _FIELDS.values()):
        was, value = old.get(label), new.get(label)
        if was != value:
            lines.append(f"{label}: {value or 'left open'}" + (f" (was {was})" if was else ""))
    return tuple(lines)


def as_json(details: ImpactDetails | None) -> dict[str, Any]:
    """Return the details by the names of the report's JSON.

    Times are `2026-11-20T14:05:33Z`; amounts carry their currency, so they are text: `12,400 EUR`.
    """
    it = details or ImpactDetails()
    return {
        "users": it.users,
        "users_share": it.users_share,
        "services": list(it.services),
        "regions": list(it.regions),
        "from": _time(it.from_at),
        "to": _time(it.to_at),
        "data_integrity": it.data_integrity,
        "sla_breach": it.sla_breach,
        "revenue": it.revenue.words if it.revenue else None,
        "tickets": it.tickets,
        "cost": it.cost.words if it.cost else None,
    }


def from_json(stored: Mapping[str, Any]) -> ImpactDetails:
    """Return the details that `as_json` made this of."""
    return ImpactDetails(
        users=stored["users"],
        users_share=stored["users_share"],
        services=tuple(stored["services"]),
        regions=tuple(stored["regions"]),
        from_at=_read_time(stored["from"]),
        to_at=_read_time(stored["to"]),
        data_integrity=stored["data_integrity"],
        sla_breach=stored["sla_breach"],
        revenue=read_money(stored["revenue"]) if stored["revenue"] else None,
        tickets=stored["tickets"],
        cost=read_money(stored["cost"]) if stored["cost"] else None,
    )


def _time(at: datetime | None) -> str | None:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def _read_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
