from typing import Any

import pytest

from bot.slack.mentions import asked_in

BOT = "UBOT"


def event(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1795153000.000100", "text": text} | fields


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@UBOT> note rolled back", "note rolled back"),
        ("  <@UBOT>: note rolled back", "note rolled back"),
        ("<@UBOT|scribe>, list", "list"),
        ("<@UBOT>", ""),
        ("<@UBOT>\nnote a\nb", "note a\nb"),
        ("<@UBOT> action ask <@UBOT>", "action ask <@UBOT>"),
        ("<@UBOT> note a &amp; b <@U2>", "note a &amp; b <@U2>"),
    ],
)
def test_words_after_a_leading_mention_are_what_is_asked(text: str, words: str) -> None:
    assert asked_in(event(text, thread_ts="1.2"), BOT) == {
        "user_id": "U1",
        "channel_id": "C1",
        "ts": "1795153000.000100",
        "thread_ts": "1.2",
        "text": words,
        "bot": BOT,
    }


@pytest.mark.parametrize(
    "heard",
    [
        event("ask <@UBOT> to help"),
        event("&lt;@UBOT&gt; list"),
        event("<@UBOTHER> list"),
        event("<@UBOT> list", bot_id="B1"),
        event("<@UBOT> list", user=BOT),
        event("<@UBOT> list", user=None),
        event("<@UBOT> list", ts="soon"),
        event("<@UBOT> list", channel=None),
        {"type": "app_mention"},
    ],
)
def test_what_asks_for_nothing_is_left_alone(heard: dict[str, Any]) -> None:
    assert asked_in(heard, BOT) is None
