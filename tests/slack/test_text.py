"""Slack's text at the door and at the exits: read once, escaped once, and no token that somebody typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import MENTION_CLOSE, MENTION_OPEN, channel_mark, cleaned, group_mark, mention, mentioned
from bot.slack.text import decode, escaped, local_time, notifying, shown, whispered

_ENTITIES = re.compile(r"&(amp|lt|gt);")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("&amp;lt;", "&lt;"),
        ("&quot;stays&quot;", "&quot;stays&quot;"),
        ("<@U123ABC>", mention("U123ABC")),
        ("<@U123ABC|ben>", mention("U123ABC")),
        ("<@W123ABC>", mention("W123ABC")),
        ("ask <@U1> and <@U2>", f"ask {mention('U1')} and {mention('U2')}"),
        ("<@notanid|ben>", "@ben"),
        ("<#C123|ops>", "#ops"),
        ("<#C123>", channel_mark("C123")),
        ("<#C123|>", channel_mark("C123")),
        ("<#general>", "#general"),
        ("<!here>", "@here"),
        ("<!channel>", "@channel"),
        ("<!everyone|everyone>", "@everyone"),
        ("half a \ud83d smile", "half a  smile"),
        ("<!subteam^S123|@on-call>", "@on-call"),
        ("<!subteam^S123>", group_mark("S123")),
        ("<!subteam^s 1>", "@s 1"),
        ("<!date^1392734382^{date} at {time}>", "2014-02-18 14:39 UTC"),
        ("<!date^soon^{date}>", ""),
        ("<!date^1392734382^{date} at {time}|Feb 18, 2014>", "Feb 18, 2014"),
        ("<https://example.com>", "https://example.com"),
        ("<https://example.com/?a=1&amp;b=2|the graph>", "the graph (https://example.com/?a=1&b=2)"),
        ("<http://example.com|example.com>", "http://example.com"),
        ("<mailto:ana@example.com|ana@example.com>", "ana@example.com"),
        ("<tel:+123|+123>", "+123 (tel:+123)"),
        ("a < b", "a < b"),
        ("<>", "<>"),
        ("line one\r\nline two", "line one\nline two"),
        ("bell\x07 and null\x00", "bell and null"),
        (f"{MENTION_OPEN}U123{MENTION_CLOSE}", "U123"),
        (f"<@U1{MENTION_OPEN}23>", mention("U123")),
    ],
)
def test_incoming_text_is_read_once(raw: str, kept: str) -> None:
    assert decode(raw) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "<@U123ABC>",
        "<!channel>",
        "<!here|here>",
        "<!subteam^S1|all>",
        "<https://evil.example.com|your bank>",
        "&lt;!channel&gt;",
        "&amp;lt;@U1&amp;gt;",
        f"{MENTION_OPEN}U123{MENTION_CLOSE}",
    ],
)
def test_typed_token_is_only_text_on_the_way_out(typed: str) -> None:
    """Slack escapes what people type, so a token that they spelled out arrives as text and leaves as text."""
    out = shown(decode(escaped(typed)), lambda user_id: f"NAME OF {user_id}")
    assert "<" not in out
    assert ">" not in out
    assert "NAME OF" not in out


@given(st.text())
def test_what_people_type_comes_back_unchanged(typed: str) -> None:
    assert decode(escaped(typed)) == cleaned(typed)


@given(st.text())
def test_no_typed_text_becomes_a_mention(typed: str) -> None:
    assert mentioned(decode(escaped(typed))) == ()


def test_group_is_never_notified_and_never_shown_by_its_id() -> None:
    assert shown(decode("ask <!subteam^S123>"), str) == "ask a user group"
    assert whispered(decode("ask <!subteam^S123>")) == "ask a user group"


def test_channel_is_one_to_go_to() -> None:
    assert shown(decode("see <#C123>"), str) == "see <#C123>"


@given(st.text(alphabet=f"<>@#!&;|^UCS12amplgtd{MENTION_OPEN}{MENTION_CLOSE} \n"))
def test_any_raw_text_can_be_read_and_shown_without_a_token(raw: str) -> None:
    out = re.sub(r"<#[CDG][A-Z0-9]+>", "", shown(decode(raw), lambda user_id: f"<@{user_id}>"))
    assert "<" not in out
    assert ">" not in out
    assert MENTION_OPEN not in out
    assert "&" not in _ENTITIES.sub("", out)


@given(st.text())
def test_escaped_text_holds_nothing_that_slack_would_read(text: str) -> None:
    out = escaped(text)
    assert not set("<>") & set(out)
    assert "&" not in _ENTITIES.sub("", out)
    assert len(out) >= len(text)


@given(st.text(alphabet=st.characters(exclude_characters=MENTION_OPEN + MENTION_CLOSE)))
def test_text_without_mentions_is_shown_as_it_is_escaped(text: str) -> None:
    assert shown(text, str.lower) == escaped(text)


def test_mention_is_shown_by_name_and_the_name_is_escaped_too() -> None:
    assert shown(f"ask {mention('U1')} & go", lambda _: "Ben <b>") == "ask @Ben &lt;b&gt; &amp; go"


def test_only_the_notifying_form_notifies() -> None:
    assert notifying("U1") == "<@U1>"


def test_local_time_carries_utc_for_clients_that_can_not_show_it() -> None:
    assert local_time(1763647533, "2025-11-20 14:05 UTC") == (
        "<!date^1763647533^{date_short_pretty} {time}|2025-11-20 14:05 UTC>"
    )
    assert "<b>" not in local_time(1, "<b>")
