"""What holds for every channel, whatever people type."""

import random
import time
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.messages import Message
from bot.domain.suggestions import Moment, Suggestion, proposed_milestones, suggestions, table
from bot.domain.text import MENTION_OPEN, mention
from tests.domain.suggestions.channels import at_second
from tests.domain.suggestions.test_sentences import SAYS_NOTHING, TELLS
from tests.factories import make_bot_message, make_message

SENTENCES = [text for text, _ in TELLS] + list(SAYS_NOTHING)
ALERTS = ["[FIRING] checkout errors above 5%", "[RESOLVED] checkout errors above 5%", "deployed web 4.1 to production"]
HOSTILE = (
    "```",
    "``` unclosed",
    "`" * 50,
    ">" * 50,
    "?!" * 400,
    "a" * 20_000,
    "rolled back " * 2_000,
    "1." * 5_000,
    '"' + "x " * 3_000,
    f"{MENTION_OPEN}broken",
    f"{mention('U1')} rolled back {mention('U2')}",
    "\u202edenifed",
    "\u0130stanbul İ ß ŉ back up",
    "\n" * 500,
    "=1+1|cmd",
    "<!channel> rolled back",
    "9" * 4_000,
    "99999999999 hours ago failing for the last 99999999999999 hours",
    "errors since 24:61 UTC",
    "👩‍👩‍👧‍👦 🔥🔥🔥",
)

texts = st.one_of(
    st.sampled_from(SENTENCES),
    st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=4).map("\n".join),
    st.sampled_from(HOSTILE),
    st.text(max_size=200),
)


@st.composite
def channels(draw: st.DrawFn) -> list[Message]:
    """Draw a channel of people, bots and threads, a message each some seconds after the one before."""
    found: list[Message] = []
    second = 0
    for number, text in enumerate(draw(st.lists(texts, max_size=40))):
        second += draw(st.integers(min_value=0, max_value=2_000))
        moment = at_second(second, "U1", "").at
        thread = draw(st.sampled_from([None, *(one.ts for one in found[-2:])]))
        who = draw(st.sampled_from(["UANA", "UBO", "UCY", "bot"]))
        ts = f"{int(moment.timestamp())}.{number:06d}"
        if who == "bot":
            found.append(make_bot_message("10:00", draw(st.sampled_from([*ALERTS, text])), ts=ts))
        else:
            found.append(make_message(moment, text, user_id=who, ts=ts, thread_ts=thread))
    return found


@given(channels(), st.randoms(use_true_random=False))
@example([at_second(index, "UANA", text) for index, text in enumerate(HOSTILE)], random.Random(1))
def test_order_of_messages_changes_nothing(messages: list[Message], shuffler: random.Random) -> None:
    shuffled = list(messages)
    shuffler.shuffle(shuffled)
    found = suggestions(messages)
    assert suggestions(shuffled) == found
    assert proposed_milestones(shuffled, found) == proposed_milestones(messages, found)


@given(channels())
def test_every_suggestion_stands_on_a_message_of_the_channel_and_says_why(messages: list[Message]) -> None:
    found = suggestions(messages)
    assert all(one.message in messages for one in found)
    assert [one.message.at for one in found] == sorted(one.message.at for one in found)
    assert all(one.reason and one.score > 0 and one.is_key == (one.moment is Moment.DECISION) for one in found)


@given(channels())
def test_text_is_a_cut_of_the_message_and_never_more(messages: list[Message]) -> None:
    for one in suggestions(messages):
        assert one.text
        assert len(one.text) <= table.LONGEST_TEXT
        assert is_cut(one)


def is_cut(one: Suggestion) -> bool:
    """Whether its characters, white space aside, stand in the message in the same order."""
    rest = iter("".join(one.message.text.split()))
    return all(character in rest for character in "".join(one.text.removesuffix("…").split()))


@given(channels())
def test_no_message_belongs_to_two_moments(messages: list[Message]) -> None:
    found = suggestions(messages)
    used = Counter(ts for one in found for ts in (one.message.ts, *one.others))
    assert all(times == 1 for times in used.values())
    assert set(used) <= {message.ts for message in messages}


@given(channels())
def test_milestones_stand_on_messages_of_the_channel(messages: list[Message]) -> None:
    for one in proposed_milestones(messages, suggestions(messages)):
        assert one.message in messages
        assert one.at <= one.message.at
        assert one.reason


@given(channels())
def test_there_are_never_more_than_a_timeline_of_that_length_has(messages: list[Message]) -> None:
    minutes = (
        (max(one.at for one in messages) - min(one.at for one in messages)).total_seconds() / 60 if messages else 0
    )
    assert len(suggestions(messages)) <= max(
        table.MOST_AT_LEAST, round(table.MOST_PER_CUBE_ROOT * minutes ** (1 / 3)) + 1
    )


def test_ten_thousand_messages_are_read_within_a_draft() -> None:
    pick = random.Random(7)
    messages = [
        at_second(index * 20, f"U{pick.randrange(30)}", f"{pick.choice(SENTENCES)} ({pick.randrange(900)})")
        for index in range(10_000)
    ]
    begun = time.process_time()
    found = suggestions(messages)
    took = time.process_time() - begun
    assert found
    # A tenth of this on a quiet machine; generous, so that only another order of growth fails it.
    assert took < 6
