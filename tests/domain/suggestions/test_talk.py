"""Where the talk is fast, what it is about, and what of it becomes the text of a suggestion."""

import pytest

from bot.domain.suggestions import Moment, suggestions
from bot.domain.suggestions.excerpt import excerpt
from bot.domain.suggestions.features import read
from bot.domain.suggestions.talk import paces, themes
from bot.domain.suggestions.words import telling_words
from tests.domain.suggestions.channels import at_second, channel
from tests.factories import at

PEOPLE = ("UANA", "UBO", "UCY")
SLOW = [at_second(900 * index, PEOPLE[index % 3], f"the newsletter of week {index}") for index in range(8)]
FAST = [at_second(20_000 + 30 * index, PEOPLE[index % 3], f"the indexer refuses batch {index}") for index in range(20)]


def test_pace_is_highest_where_people_write_most() -> None:
    found = paces([*SLOW, *FAST], [True] * 28)
    assert max(found[:8]) < 0.3
    assert max(found[8:]) == 1
    assert min(found[8:]) > 2 * max(found[:8])


def test_machines_make_no_pace() -> None:
    assert max(paces(FAST, [False] * len(FAST))) == 0


def test_empty_channel_has_no_pace_and_no_subject() -> None:
    assert paces([], []) == []
    assert themes([], [], [], []) == []


def test_subject_is_what_several_people_say_where_the_talk_is_fast() -> None:
    messages = [*SLOW, *FAST]
    by_people = [True] * len(messages)
    words = [telling_words(one.text) for one in messages]
    found = themes(messages, words, paces(messages, by_people), by_people)
    assert max(found[:8]) < min(found[8:])


def test_word_of_one_person_alone_is_no_subject() -> None:
    messages = [at_second(30 * index, "UANA", "the newsletter again") for index in range(9)]
    words = [telling_words(one.text) for one in messages]
    assert max(themes(messages, words, [1.0] * 9, [True] * 9)) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the indexes of geo-svc", {"index", "geo-svc", "geo"}),
        ("`fitment-backfill` was started", {"fitment-backfill", "fitment", "backfill"}),
        ("did you see that? thanks :tada: https://a.example/b", set()),
    ],
)
def test_telling_words_are_names_and_things_by_their_stems(text: str, words: set[str]) -> None:
    assert telling_words(text) >= words
    assert telling_words(text) <= words | {"svc"}


def test_job_that_the_incident_speaks_of_later_led_up_to_it() -> None:
    job = channel(("09:12", "Scheduler", "job `fitment-backfill` started by yusuf"))
    other = channel(("09:20", "Deploybot", "newsletter v88 deployed to production by ines"))
    talk = channel(
        *[
            (f"10:{minute:02d}", ("ana", "bo", "cy")[minute % 3], text)
            for minute, text in enumerate(
                (
                    "customers are reporting errors in the search, 40 tickets",
                    "search refuses every write of the fitment fields",
                    "who writes fitment fields?",
                    "the backfill does",
                    "turns out the fitment backfill makes a field of each vehicle",
                    "so we stop the backfill?",
                    "backfill cancelled, fitment writes are gone",
                    "search is back to normal",
                )
            )
        ]
    )
    found = {one.message.at: one for one in suggestions((*job, *other, *talk))}
    assert found[at("09:12")].moment is Moment.CHANGE
    assert at("09:20") not in found


def test_ticket_that_a_machine_copies_is_worth_less_than_what_somebody_says() -> None:
    said = "SUP-301 fix confirmed by the customer"
    talk = [("10:00", "ana", "checkout is failing with 502s"), ("10:20", "bo", "rolled back checkout")]
    by_machine = suggestions(channel(*talk, ("10:40", "Jira", said)))
    by_somebody = suggestions(channel(*talk, ("10:40", "cy", said)))
    scores = [
        max((one.score for one in found if one.message.at == at("10:40")), default=0.0)
        for found in (by_machine, by_somebody)
    ]
    assert scores[0] < scores[1]


@pytest.mark.parametrize("text", ["401s: 52% -> 9% -> 3%", "errors 6.1% → 2.8%"])
def test_trouble_whose_amount_falls_is_getting_better(text: str) -> None:
    assert read(text)[0].moment is Moment.RECOVERY


@pytest.mark.parametrize("text", ["401s: 3% -> 9% -> 52%", "errors 2.8% → 6.1%"])
def test_trouble_whose_amount_rises_is_trouble(text: str) -> None:
    assert read(text)[0].moment is Moment.EVIDENCE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ok. rolled back payments. errors are gone", "rolled back payments. errors are gone"),
        (
            "then that's the plan. Kiri types, Rafael reads along",
            "then that's the plan. Kiri types, Rafael reads along",
        ),
        ("found it. anybody near a keyboard?", "found it."),
        ("```\nGET /health 200\nlevel=error token rejected\n```", "level=error token rejected"),
        ("```\none two\nthree\nfour\n```", "one two three"),
        ("1. copied the partitions\n2. deleted the doubles", "1. copied the partitions 2. deleted the doubles"),
    ],
)
def test_text_reads_as_a_row(text: str, told: str) -> None:
    assert excerpt(read(text)) == told


def test_long_message_is_told_by_its_telling_sentences() -> None:
    chatter = "I have been staring at this for an hour and my tea is cold and the cat wants to go out and so do I. "
    text = chatter * 2 + "rolled back payments to 2.31. errors are gone."
    assert excerpt(read(text)) == "rolled back payments to 2.31. errors are gone."
