"""What people type is data: whatever the bot repeats mentions nobody, notifies nobody and links nowhere new."""

import re
from typing import Any

import pytest

from bot.sandbox import visible_text
from tests.scenarios.stage import Json, Room, Stage

# As typed into a command, where Slack escapes; and as Slack sends a message with the same words.
TYPED = "<!channel> <!here> <!subteam^S123|all> <https://evil.example.com|click> & *bold* @ben"
# The only tokens that the bot's own words may hold, by what follows the bracket.
_TOKEN = re.compile(r"<([^<>]*)>")
_OWN = ("!date^", "#C", "https://sandbox.slack.com/")


@pytest.fixture(scope="module")
def room(stage: Stage) -> Room:
    """An incident in which every text that can be typed is hostile, up to its follow-ups."""
    room = stage.declare(f'{TYPED} --vendor "<!everyone> Inc"')
    stage.people.invite("ana", room.channel, "ben")
    message = stage.people.say(
        "ana", room.channel, "<!channel> &lt;!here&gt; <https://evil.example.com|click> <@U0S0000003>"
    )
    stage.people.react("ana", room.channel, message, "pushpin")
    stage.people.command("ana", room.channel, "/incident", "handover @ben")
    stage.people.submit("ana", "handover", {"state": TYPED})
    stage.people.close_modal("ana", everything=True)
    stage.settle()
    # As long as it stands it mentions whom it asks, and is meant to.
    stage.people.press("ana", room.channel, stage.screen.from_bot(room.channel)[-1]["ts"], "handover.withdraw")
    for typed in (
        f"title {TYPED}",
        f"identified -- {TYPED}",
        f"mitigated -- {TYPED}",
        f"note {TYPED}",
        f"impact {TYPED}",
        f"cause root {TYPED}",
        f"cause trigger {TYPED}",
        f"why {TYPED}",
        f"lesson well {TYPED}",
        f"lesson unknown {TYPED}",
        f"service {TYPED}",
        f"team {TYPED}",
        f"update {TYPED}",
        f"task {TYPED} again",
        f"action {TYPED[:-4]}do it",
        f"resolve -- {TYPED}",
        f"reopen -- {TYPED}",
        f"cancel {TYPED}",
        f"reopen -- {TYPED}",
        "resolve",
    ):
        stage.type("ana", room.channel, f"/incident {typed}")
        stage.settle()
    for typed in ("draft", "meeting tomorrow 10:00", "publish --yes"):
        stage.type("ana", room.channel, f"/postmortem {typed}")
        stage.settle()
    stage.pass_time(days=31)
    return room


def tokens(message: Json) -> list[str]:
    """Returns the tokens in all that Slack would format: mrkdwn texts, and the text for notifications."""
    return _TOKEN.findall("\n".join(_formatted(message)))


def _formatted(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for one in node for text in _formatted(one)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if node.get("type") in ("mrkdwn", "message") and isinstance(node.get("text"), str) else []
    return own + [text for key, one in node.items() if key not in ("metadata", "files") for text in _formatted(one)]


@pytest.mark.parametrize("channel", ["the incident's", "incidents"])
def test_nothing_that_everyone_sees_holds_a_token_that_somebody_typed(stage: Stage, room: Room, channel: str) -> None:
    posted = stage.screen.from_bot(room.channel if channel != "incidents" else channel)
    assert posted
    for message in posted:
        foreign = [token for token in tokens(message) if not token.startswith(_OWN)]
        assert foreign == [], visible_text(message)


def test_typed_words_are_readable_all_the_same(stage: Stage, room: Room) -> None:
    said = "\n".join(stage.bot_said(room.channel))
    assert "&lt;!channel&gt; &lt;!here&gt;" in said
    assert "<!channel> <!here>" in stage.header_text(room), "a headline is plain text"


def test_mention_is_repeated_as_a_name(stage: Stage, room: Room) -> None:
    said = "\n".join(stage.bot_said(room.channel))
    assert "@Ben Okoro" in said
    assert "<@" not in said
    assert "\ue000" not in said


def test_bot_repeats_nothing_with_previews_of_links(stage: Stage, room: Room) -> None:
    posts = [call for call in stage.screen.calls("chat.postMessage") if call.outcome == "ok"]
    assert posts
    assert all(not call.args["unfurl_links"] and not call.args["unfurl_media"] for call in posts)


def test_metadata_of_posts_names_keys_and_no_words(stage: Stage, room: Room) -> None:
    for message in stage.screen.from_bot(room.channel):
        payload = (message.get("metadata") or {}).get("event_payload", {"key": ""})
        assert set(payload) == {"key"}
        assert re.fullmatch(r"[\w:.-]*", payload["key"])


@pytest.mark.parametrize(
    "typed",
    [
        *(f"/incident {words}" for words in ("info", "timeline all", "list", "tasks", "catchup", "whys")),
        *(f"/postmortem {words}" for words in ("review", "list", "search evil", "search here", "similar", "quarter")),
    ],
)
def test_answers_to_one_person_hold_no_token_that_calls_a_group(stage: Stage, room: Room, typed: str) -> None:
    command, _, words = typed.partition(" ")
    answer = stage.people.command("ana", room.channel, command, words)
    assert answer.problem is None
    assert not any(mark in f"{answer.text}{answer.blocks}" for mark in ("\ue000", "\ue001"))
    found = tokens({"type": "message", "text": answer.text, "blocks": answer.blocks})
    assert not [token for token in found if token.startswith("!") and not token.startswith("!date^")]
    assert not [token for token in found if "evil" in token]


@pytest.mark.parametrize("typed", ["impact", "cause", "lesson", "action", "handover @ben"])
def test_forms_hold_what_was_typed_as_words_alone(stage: Stage, room: Room, typed: str) -> None:
    stage.type("ana", room.channel, "/incident reopen")
    stage.people.command("ana", room.channel, "/incident", typed)
    form = stage.screen.modal("ana")
    stage.people.close_modal("ana", everything=True)
    stage.type("ana", room.channel, "/incident resolve")
    assert form is not None
    assert not [token for token in tokens(form) if not token.startswith(_OWN)]
    assert not any(mark in str(form) for mark in ("\ue000", "\ue001"))


def test_home_tab_holds_no_typed_token(stage: Stage, room: Room) -> None:
    other = stage.declare(TYPED)
    stage.type("ana", other.channel, f"/incident action {TYPED} then do it @ana")
    stage.people.open_home("ana")
    stage.settle()
    home = stage.screen.home("ana")
    assert home is not None
    assert "then do it" in visible_text(home)
    assert not [token for token in tokens(home) if not token.startswith((*_OWN, "@U"))]
    assert "\ue000" not in visible_text(home)
