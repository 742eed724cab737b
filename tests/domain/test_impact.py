from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.impact import FIELDS, ImpactDetails, as_json, changed, differences, facts, from_json, typed
from bot.domain.quantities import Money
from bot.domain.when import as_typed, read_moment
from tests.factories import at

NOW = at("18:00")
LONDON, NEW_YORK = "Europe/London", "America/New_York"
FULL = ImpactDetails(
    users=50_000,
    users_share=0.2,
    services=("checkout", "payments"),
    regions=("eu-west-1",),
    from_at=at("13:50"),
    to_at=at("14:20"),
    data_integrity="No order was lost; 12 were doubled",
    sla_breach="99.9% in November missed",
    revenue=Money(Decimal(12_400), "EUR"),
    tickets=85,
    cost=Money(Decimal("310.50"), "$"),
)
GIVEN = {
    "users": "50K (20%)",
    "services": "checkout, payments, checkout",
    "regions": "eu-west-1",
    "from": "13:50",
    "to": "14:20",
    "data_integrity": "No order was lost; 12 were doubled",
    "sla_breach": "99.9% in November missed",
    "revenue": "12.4K EUR",
    "tickets": "85",
    "cost": "$310.50",
}


NOTHING = ImpactDetails()


def sent(given: dict[str, str], current: ImpactDetails = NOTHING, zone: str = LONDON) -> ImpactDetails:
    return changed(current, typed(current, zone), given, now=NOW, zone=zone)


def test_form_that_was_filled_in_is_read_whole() -> None:
    assert sent(GIVEN) == FULL


def test_window_is_read_in_the_zone_of_whoever_typed_it() -> None:
    assert sent({"from": "08:50"}, zone=NEW_YORK).from_at == at("13:50")


def test_what_a_form_holds_is_what_its_reader_would_type() -> None:
    assert typed(FULL, NEW_YORK) == {
        "users": "50,000 (20%)",
        "services": "checkout, payments",
        "regions": "eu-west-1",
        "from": "2026-11-20 08:50",
        "to": "2026-11-20 09:20",
        "data_integrity": "No order was lost; 12 were doubled",
        "sla_breach": "99.9% in November missed",
        "revenue": "12,400 EUR",
        "tickets": "85",
        "cost": "$310.50",
    }


def test_form_sent_in_as_it_was_opened_changes_nothing() -> None:
    exact = ImpactDetails(from_at=at("13:50:33"))
    assert sent(typed(exact, LONDON), exact) == exact


def test_emptied_field_is_not_known_any_more() -> None:
    after = sent(typed(FULL, LONDON) | {"users": "", "services": "", "to": "", "cost": ""}, FULL)
    assert (after.people, after.services, after.to_at, after.cost) == (None, (), None, None)
    assert after.revenue == FULL.revenue


def test_field_that_a_form_does_not_have_stays() -> None:
    assert sent({"users": "10"}, FULL).services == FULL.services


def test_of_two_open_forms_neither_overwrites_what_it_did_not_touch() -> None:
    both_opened = typed(ImpactDetails(users=1_200), LONDON)
    first = changed(ImpactDetails(users=1_200), both_opened, both_opened | {"users": "50K"}, now=NOW, zone=LONDON)
    second = changed(first, both_opened, both_opened | {"regions": "EU"}, now=NOW, zone=LONDON)
    assert second == ImpactDetails(users=50_000, regions=("EU",))


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"users": "many"}, "users", "is not a number of people"),
        ({"revenue": "a lot"}, "revenue", "is not an amount"),
        ({"cost": "tbd"}, "cost", "is not an amount"),
        ({"tickets": "lots"}, "tickets", "is not a number of tickets"),
        ({"from": "tomorrow 10:00"}, "from", '"tomorrow 10:00" is in the future'),
        ({"to": "1"}, "to", "I can't place"),
        (
            {"from": "14:20", "to": "13:50"},
            "to",
            "It can't end (2026-11-20 13:50) before it began (2026-11-20 14:20). Correct one of the two.",
        ),
        (
            {"services": ",".join(f"s{number}" for number in range(21))},
            "services",
            "Those are 21 names; 20 is the limit.",
        ),
        ({"regions": "x" * 81}, "regions", "is too long for a name. Put commas between the names: checkout, search"),
    ],
)
def test_wrong_field_is_refused_at_its_place(given: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        sent(given)
    assert refused.value.field == field
    assert words in refused.value.message


def test_beginning_moved_behind_the_end_is_refused_at_the_beginning() -> None:
    with pytest.raises(UserError) as refused:
        sent(typed(FULL, LONDON) | {"from": "15:00"}, FULL)
    assert refused.value.field == "from"


def test_differences_say_what_was_and_what_is() -> None:
    after = sent(typed(FULL, LONDON) | {"users": "60K", "tickets": ""}, FULL)
    assert differences(FULL, after) == (
        "Users: 60,000 (was 50,000 (20%))",
        "Support tickets: left open (was 85)",
    )
    assert differences(ImpactDetails(), ImpactDetails(users=0)) == ("Users: none",)


def test_facts_say_times_in_utc() -> None:
    assert dict(facts(FULL))["From"] == "2026-11-20 13:50 UTC"
    assert len(facts(FULL)) == len(FIELDS)
    assert facts(ImpactDetails()) == ()


def test_json_has_the_names_of_the_report() -> None:
    assert as_json(FULL) == {
        "users": 50_000,
        "users_share": 0.2,
        "services": ["checkout", "payments"],
        "regions": ["eu-west-1"],
        "from": "2026-11-20T13:50:00Z",
        "to": "2026-11-20T14:20:00Z",
        "data_integrity": "No order was lost; 12 were doubled",
        "sla_breach": "99.9% in November missed",
        "revenue": "12,400 EUR",
        "tickets": 85,
        "cost": "$310.50",
    }
    assert all(value is None or value == [] for value in as_json(None).values())


TEXTS = st.one_of(st.none(), st.text(min_size=1, max_size=40))
MONEY = st.one_of(
    st.none(),
    st.builds(
        lambda cents, currency: Money(Decimal(cents) / 100, currency),
        st.integers(0, 10**11),
        st.sampled_from([None, "$", "EUR"]),
    ),
)
NAMES = st.lists(st.sampled_from(["checkout", "eu-west-1", "Zürich"]), unique=True, max_size=3).map(tuple)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 20, 18)).map(  # noqa: DTZ001 - made aware below
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
DETAILS = st.builds(
    ImpactDetails,
    users=st.one_of(st.none(), st.integers(0, 10**9)),
    users_share=st.one_of(st.none(), st.floats(0, 1)),
    services=NAMES,
    regions=NAMES,
    from_at=st.one_of(st.none(), MOMENTS),
    data_integrity=TEXTS,
    sla_breach=TEXTS,
    revenue=MONEY,
    tickets=st.one_of(st.none(), st.integers(0, 10**6)),
    cost=MONEY,
)


@given(DETAILS)
def test_stored_details_come_back_as_they_were(details: ImpactDetails) -> None:
    assert from_json(as_json(details)) == details


@given(MOMENTS, st.sampled_from([LONDON, NEW_YORK, "Asia/Kathmandu", "UTC", "Australia/Lord_Howe"]))
def test_moment_as_typed_is_read_back_to_the_minute(moment: datetime, zone: str) -> None:
    read = read_moment(as_typed(moment, zone), now=NOW, zone=zone).at
    assert timedelta(0) <= moment - read < timedelta(minutes=1)


def test_moment_that_the_clocks_showed_twice_is_typed_in_utc() -> None:
    assert as_typed(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), LONDON) == "2026-10-25T00:30Z"
