"""Quantities as people type them: "50K (20%)", "$12,400", "about 1.2 million". Nothing is guessed."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.errors import UserError
from bot.domain.text import clipped, one_line

_SAID_LIMIT = 40
# More than there are people, and more money than there is.
_MOST_PEOPLE = 10**10
_MOST_MONEY = 10**15
_MOST_TICKETS = 10**9
_ALL = 100
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
_SIGNS = "$€£¥₹"
# Thousands in groups of three behind a comma, a space or an apostrophe; a dot before the fraction.
_NUMBER = (
    r"(?P<whole>[0-9]{1,3}(?:[, '’][0-9]{3})+|[0-9]{1,18})(?:\.(?P<fraction>[0-9]{1,9}))?"
    r"(?:\s?(?P<scale>k|thousand|mn|million|m|bn|billion|b)\b)?"
)
_ABOUT = r"(?:about|around|approx\.?|approximately|roughly|some|~)?\s*"
_WHO = r"(?:\s+(?:users?|customers?|people|accounts?|clients?|tenants?))?"
_SHARE = r"(?P<share>[0-9]{1,3}(?:\.[0-9]{1,4})?)\s?%"
_COUNTED = re.compile(
    rf"{_ABOUT}{_NUMBER}{_WHO}(?:\s*,?\s*\(?\s*{_SHARE}(?:\s+of(?:\s+\w+){{1,3}})?\s*\)?)?", re.IGNORECASE
)
_SHARED = re.compile(rf"{_ABOUT}{_SHARE}(?:\s+of(?:\s+\w+){{1,3}})?", re.IGNORECASE)
_PERHAPS_THOUSANDS = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_NONE = frozenset({"none", "nobody", "no one", "no", "zero", "nothing"})
_CODE = r"(?-i:[A-Z]{3})"
_MONEY = re.compile(
    rf"{_ABOUT}(?:(?P<sign>[{_SIGNS}])\s?|(?P<before>{_CODE})\s)?{_NUMBER}"
    rf"(?:\s?(?P<sign_after>[{_SIGNS}])|\s(?P<after>{_CODE}))?",
    re.IGNORECASE,
)
_COUNT = re.compile(rf"{_ABOUT}{_NUMBER}(?:\s+tickets?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class People:
    """How many were affected, and what share (0 to 1) of all that is; at least one of the two is known."""

    count: int | None = None
    share: float | None = None

    @property
    def words(self) -> str:
        """The quantity as it can be typed: `50,000 (20%)`, `20%`, `none`."""
        percent = f"{(Decimal(str(self.share)) * 100).normalize():f}%" if self.share is not None else ""
        if self.count is None:
            return percent
        if not percent:
            return f"{self.count:,}" if self.count else "none"
        return f"{self.count:,} ({percent})"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; `currency` is a sign or a code of three letters, None where none was named."""

    amount: Decimal
    currency: str | None = None

    @property
    def words(self) -> str:
        """The amount as it can be typed: `$12,400`, `12,400.50 EUR`."""
        number = f"{self.amount:,f}"
        if self.currency is None:
            return number
        return f"{self.currency}{number}" if self.currency in _SIGNS else f"{number} {self.currency}"


def read_people(text: str) -> People:
    """Read how many people were affected: `50K`, `50,000 (20%)`, `20%`, `none`.

    Raises UserError for anything else, for a part of a person and for a share over 100%.
    """
    typed = one_line(text)
    if typed.casefold() in _NONE:
        return People(0)
    if found := _SHARED.fullmatch(typed):
        return People(share=_share(found))
    found = _COUNTED.fullmatch(typed)
    if not found:
        raise UserError(f"{_said(typed)} is not a number of people. Write it like 50,000, 50K, 20% or 50K (20%).")
    _refuse_two_readings(found, is_whole=True)
    count = _number(found)
    if count != count.to_integral_value() or count > _MOST_PEOPLE:
        raise UserError(f"{_said(typed)} can't be a number of people. Write it like 50,000, 50K, 20% or 50K (20%).")
    return People(int(count), _share(found) if found["share"] else None)


def read_money(text: str) -> Money:
    """Read an amount: `$12,400`, `12.4K EUR`, `1.2 million`. Raises UserError for anything else."""
    typed = one_line(text)
    if typed.casefold() in _NONE:
        return Money(Decimal(0))
    found = _MONEY.fullmatch(typed)
    named = [found[name] for name in ("sign", "before", "sign_after", "after") if found[name]] if found else []
    if not found or len(named) > 1:
        raise UserError(f"{_said(typed)} is not an amount. Write it like $12,400, 12.4K EUR or none.")
    _refuse_two_readings(found)
    amount = _number(found)
    if amount > _MOST_MONEY:
        raise UserError(f"{_said(typed)} is more money than there is. Write it like $12,400 or 12.4K EUR.")
    return Money(amount, named[0] if named else None)


def read_tickets(text: str) -> int:
    """Read a number of support tickets: `85`, `1,200`, `none`. Raises UserError for anything else."""
    typed = one_line(text)
    if typed.casefold() in _NONE:
        return 0
    found = _COUNT.fullmatch(typed)
    if found:
        _refuse_two_readings(found)
    number = _number(found) if found else Decimal("NaN")
    if not found or number != number.to_integral_value() or number > _MOST_TICKETS:
        raise UserError(f"{_said(typed)} is not a number of tickets. Write it like 85 or 1,200.")
    return int(number)


def _said(typed: str) -> str:
    return f"“{clipped(typed, _SAID_LIMIT)}”"


def _refuse_two_readings(found: re.Match[str], *, is_whole: bool = False) -> None:
    """Raise UserError for `1.000`, as half the world writes a thousand; `is_whole` says that no fraction is meant."""
    whole, fraction = found["whole"], found["fraction"] or ""
    if _PERHAPS_THOUSANDS.fullmatch(f"{whole}.{fraction}") and not found["scale"]:
        right = f"{whole},{fraction}" if is_whole else f"{whole},{fraction} or {whole}.{fraction[:2]}"
        raise UserError(f"“{whole}.{fraction}” can be read in two ways. Write {right}.")


def _number(found: re.Match[str]) -> Decimal:
    digits = re.sub(r"[^0-9]", "", found["whole"])
    power = _SCALES[found["scale"].lower()] if found["scale"] else 0
    number = Decimal(f"{digits}.{found['fraction'] or 0}").scaleb(power)
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def _share(found: re.Match[str]) -> float:
    percent = Decimal(found["share"])
    if percent > _ALL:
        raise UserError(f"“{found['share']}%” is more than all of them. Write a share of at most 100%.")
    return float(percent / 100)
