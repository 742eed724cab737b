import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.incident import (
    CHANNEL_NAME_LIMIT,
    TITLE_LIMIT,
    Role,
    Severity,
    Status,
    channel_name,
    free_channel_name,
    private_channel_name,
    private_id,
    public_id,
    slug,
    valid_severity,
    valid_title,
)

DAY = date(2026, 11, 20)
# https://docs.slack.dev/reference/methods/conversations.create: lower case, digits, hyphens, underscores, at most 80.
VALID_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


@pytest.mark.parametrize(
    ("number", "incident_id"),
    [(1, "INC-2026-11-20-001"), (42, "INC-2026-11-20-042"), (999, "INC-2026-11-20-999"), (1000, "INC-2026-11-20-1000")],
)
def test_public_id_is_the_day_and_its_counter(number: int, incident_id: str) -> None:
    assert public_id(DAY, number) == incident_id


@given(st.integers(0, 2**20 - 1))
def test_private_id_ends_in_four_signs_that_no_counter_has(number: int) -> None:
    ending = private_id(DAY, number).removeprefix("INC-2026-11-20-")
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}", ending)
    assert not ending.isdigit()


def test_private_ids_of_different_numbers_differ_but_for_those_of_digits_alone() -> None:
    numbers = range(0, 2**20, 37)
    assert len({private_id(DAY, number) for number in numbers}) > 0.98 * len(numbers)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Checkout errors in the EU", "checkout-errors-in-the-eu"),
        ("  API: 5xx / timeouts!  ", "api-5xx-timeouts"),
        ("Überlastung der Züge", "uberlastung-der-zuge"),
        ("支払いエラー", "incident"),
        ("🔥🔥", "incident"),
        ("---", "incident"),
        ("", "incident"),
        ("ﬁne ２４", "fine-24"),
        ("SELECT * FROM `users`;", "select-from-users"),
    ],
)
def test_slug_has_the_letters_that_a_channel_may_have(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(st.text(max_size=300), st.integers(1, 10_000))
def test_channel_name_is_valid_for_slack_whatever_the_title(title: str, attempt: int) -> None:
    name = channel_name(DAY, title, attempt)
    assert VALID_CHANNEL.fullmatch(name)
    assert len(name) <= CHANNEL_NAME_LIMIT
    assert name.startswith("inc-20261120-")
    assert not name.endswith("-")
    assert "--" not in name


@given(st.text(max_size=300))
def test_names_of_further_attempts_are_all_different(title: str) -> None:
    assert len({channel_name(DAY, title, attempt) for attempt in range(1, 15)}) == 14


@given(st.text(max_size=100), st.integers(0, 5))
def test_free_name_is_the_first_that_is_not_taken(title: str, count: int) -> None:
    taken = frozenset(channel_name(DAY, title, attempt) for attempt in range(1, count + 1))
    assert free_channel_name(DAY, title, taken) == channel_name(DAY, title, count + 1)


@given(st.integers(0, 2**20 - 1), st.integers(1, 99))
def test_name_of_a_private_channel_tells_only_its_id(number: int, attempt: int) -> None:
    incident_id = private_id(DAY, number)
    name = private_channel_name(incident_id, attempt)
    assert VALID_CHANNEL.fullmatch(name)
    assert name == incident_id.lower() + (f"-{attempt}" if attempt > 1 else "")


@pytest.mark.parametrize("typed", ["2", "SEV2", "sev2", "sev 2", "Sev-2", " 2 "])
def test_severity_is_read_in_every_usual_form(typed: str) -> None:
    assert valid_severity(typed) is Severity.SEV2


@pytest.mark.parametrize("typed", ["0", "5", "", "22", "high", "sev", "2.0", "-2x", "²"])
def test_severity_that_is_none_is_refused_with_what_is_right(typed: str) -> None:
    with pytest.raises(UserError, match=r"is not a severity\. Use 1 \(worst\) to 4, for example: 2") as refused:
        valid_severity(typed)
    assert refused.value.field == "severity"


def test_title_is_kept_on_one_line() -> None:
    assert valid_title("  Checkout\n errors\tin  the EU ") == "Checkout errors in the EU"


@pytest.mark.parametrize("title", ["", "   ", "\n\t"])
def test_empty_title_is_refused_with_an_example(title: str) -> None:
    with pytest.raises(UserError, match="Try: Checkout errors in the EU"):
        valid_title(title)


def test_title_at_the_limit_is_taken_and_one_more_is_refused_and_given_back() -> None:
    assert len(valid_title("x" * TITLE_LIMIT)) == TITLE_LIMIT
    with pytest.raises(UserError, match="The title has 201 characters; 200 is the limit") as refused:
        valid_title("x" * (TITLE_LIMIT + 1))
    assert refused.value.typed == "x" * 201


@pytest.mark.parametrize("status", Status)
def test_response_is_over_when_resolved_closed_or_cancelled(status: Status) -> None:
    assert status.is_over == (status.value in {"resolved", "closed", "cancelled"})


def test_every_role_and_severity_has_a_name_for_people() -> None:
    assert {role.label for role in Role} == {
        "incident lead",
        "communications lead",
        "note-taker",
        "operations lead",
        "postmortem owner",
    }
    assert [severity.label for severity in Severity] == ["SEV1", "SEV2", "SEV3", "SEV4"]
