from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.quantities import Money, People, read_money, read_people, read_tickets


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("50000", People(50_000)),
        ("50,000", People(50_000)),
        ("50 000", People(50_000)),
        ("50'000", People(50_000)),
        ("50K", People(50_000)),
        ("50k", People(50_000)),
        ("50 thousand", People(50_000)),
        ("1.2M", People(1_200_000)),
        ("1.200 million", People(1_200_000)),
        ("about 1.25 million users", People(1_250_000)),
        ("~500 customers", People(500)),
        ("50K (20%)", People(50_000, 0.2)),
        ("50K, 20%", People(50_000, 0.2)),
        ("50K users (20% of them)", People(50_000, 0.2)),
        ("50,000 20%", People(50_000, 0.2)),
        ("1 (0.25%)", People(1, 0.0025)),
        ("20%", People(share=0.2)),
        ("12.5 % of EU users", People(share=0.125)),
        ("100%", People(share=1.0)),
        ("0", People(0)),
        ("none", People(0)),
        ("Nobody", People(0)),
        ("  50K\n(20%) ", People(50_000, 0.2)),
    ],
)
def test_people_are_read_as_they_are_typed(typed: str, people: People) -> None:
    assert read_people(typed) == people


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("many", "“many” is not a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."),
        ("-5", "“-5” is not a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."),
        ("5-10", "“5-10” is not a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."),
        ("50,00", "“50,00” is not a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."),
        ("1.5", "“1.5” can't be a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."),
        ("99 billion", "“99 billion” can't be a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."),
        ("1.200", "“1.200” can be read in two ways. Write 1,200."),
        ("120%", "“120%” is more than all of them. Write a share of at most 100%."),
        ("٥٠", "“٥٠” is not a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."),
    ],
)
def test_what_is_no_number_of_people_is_refused_with_an_example(typed: str, refusal: str) -> None:
    with pytest.raises(UserError) as refused:
        read_people(typed)
    assert refused.value.message == refusal


@pytest.mark.parametrize(
    ("typed", "money"),
    [
        ("$12,400", Money(Decimal(12_400), "$")),
        ("12,400", Money(Decimal(12_400))),
        ("12.4K EUR", Money(Decimal(12_400), "EUR")),
        ("EUR 12.4K", Money(Decimal(12_400), "EUR")),
        ("about €1.2 million", Money(Decimal(1_200_000), "€")),
        ("1.2m £", Money(Decimal(1_200_000), "£")),
        ("99.95 CHF", Money(Decimal("99.95"), "CHF")),
        ("none", Money(Decimal(0))),
    ],
)
def test_amounts_are_read_with_the_currency_that_is_named(typed: str, money: Money) -> None:
    assert read_money(typed) == money


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("a lot", "“a lot” is not an amount. Write it like $12,400, 12.4K EUR or none."),
        ("$12,400 EUR", "“$12,400 EUR” is not an amount. Write it like $12,400, 12.4K EUR or none."),
        ("12 per day", "“12 per day” is not an amount. Write it like $12,400, 12.4K EUR or none."),
        ("$1.200", "“1.200” can be read in two ways. Write 1,200 or 1.20."),
        ("9,999,999 billion", "“9,999,999 billion” is more money than there is. Write it like $12,400 or 12.4K EUR."),
    ],
)
def test_what_is_no_amount_is_refused_with_an_example(typed: str, refusal: str) -> None:
    with pytest.raises(UserError) as refused:
        read_money(typed)
    assert refused.value.message == refusal


@pytest.mark.parametrize(("typed", "tickets"), [("85", 85), ("1,200 tickets", 1_200), ("1.2k", 1_200), ("none", 0)])
def test_tickets_are_read_as_a_whole_number(typed: str, tickets: int) -> None:
    assert read_tickets(typed) == tickets


@pytest.mark.parametrize("typed", ["some", "1.5", "9,999 million", "12 calls"])
def test_what_is_no_number_of_tickets_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        read_tickets(typed)
    assert refused.value.message == f"“{typed}” is not a number of tickets. Write it like 85 or 1,200."


SHARES = st.one_of(st.none(), st.integers(0, 10_000).map(lambda parts: parts / 10_000))


@given(count=st.integers(0, 10**10), share=SHARES)
def test_people_in_words_are_read_back_as_they_were(count: int, share: float | None) -> None:
    assert read_people(People(count, share).words) == People(count, share)


@given(cents=st.integers(0, 10**14), currency=st.sampled_from([None, "$", "€", "EUR", "CHF"]))
def test_money_in_words_is_read_back_as_it_was(cents: int, currency: str | None) -> None:
    money = Money(Decimal(cents) / 100, currency)
    assert read_money(money.words) == money


@given(st.text(max_size=60))
def test_any_text_is_a_quantity_or_one_line_of_refusal(typed: str) -> None:
    refusals = [refused for read in (read_people, read_money, read_tickets) if (refused := refusal_of(read, typed))]
    assert all("\n" not in refused and len(refused) < 150 for refused in refusals)


def refusal_of(read: Callable[[str], object], typed: str) -> str:
    try:
        read(typed)
    except UserError as refused:
        return refused.message
    return ""
