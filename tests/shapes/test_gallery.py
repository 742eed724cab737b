"""Every message, form and Home tab, empty, typical and overfull: Slack's types and limits, and the house's rules."""

import re
from collections import Counter

import pytest

from bot.slack.blocks import Rendered
from tests.shapes.gallery import FULL, Sample, Size, called, has_a_list, needed, samples
from tests.shapes.limits import message_problems, mrkdwn_texts, view_problems

SAMPLES = [pytest.param(one, id=one.name) for one in samples()]
MESSAGES = [pytest.param(one, id=one.name) for one in samples() if one.is_message]
# What calls out to a channel, to everybody or to a group, wherever it stands; and what calls one person.
_CALLS_MANY = re.compile(r"<!(?!date\^)[^>]*>")
_CALLS_ONE = re.compile(r"<@(\w+)[^>]*>")


def message(sample: Sample) -> Rendered:
    made = sample.make()
    assert isinstance(made, Rendered)
    return made


def formatted(sample: Sample) -> str:
    """Return all that Slack would format."""
    made = sample.make()
    if isinstance(made, Rendered):
        return "\n".join([made.text, *mrkdwn_texts(made.blocks)])
    return "\n".join(mrkdwn_texts(made))


def test_every_view_and_form_has_an_empty_a_typical_and_a_full_sample() -> None:
    there = {(called(one.shows), one.size) for one in samples()}
    wanted = {(called(shown), size) for shown in needed() for size in Size}
    missing = [f"{name}, {size}" for name, size in sorted(wanted - there)]
    assert not missing, "how to add them: tests/shapes/gallery.py\n" + "\n".join(missing)


def test_every_sample_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(one.name for one in samples()).items() if count > 1] == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample_has_slacks_shape_and_fits_its_limits(sample: Sample) -> None:
    made = sample.make()
    if isinstance(made, Rendered):
        assert message_problems(made.text, made.blocks, is_posted=not sample.to_asker) == []
    else:
        assert view_problems(made) == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_nothing_that_people_typed_calls_anybody(sample: Sample) -> None:
    said = formatted(sample)
    assert _CALLS_MANY.findall(said) == []
    assert "U0TYPED" not in _CALLS_ONE.findall(said)


@pytest.mark.parametrize("sample", MESSAGES)
def test_message_for_everyone_calls_only_those_it_asks_for_something(sample: Sample) -> None:
    called_in = _CALLS_ONE.findall(formatted(sample))
    assert sample.to_asker or set(called_in) == set(sample.asks)


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.values[0].size is FULL])  # type: ignore[union-attr]
def test_what_does_not_fit_says_where_the_rest_is(sample: Sample) -> None:
    assert sample.rest or not has_a_list(sample.shows), "say in `rest` which words tell where the rest is"
    assert sample.rest in formatted(sample)
