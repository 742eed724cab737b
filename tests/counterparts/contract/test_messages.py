"""chat.*: what the app posts, changes, deletes and whispers. https://docs.slack.dev/reference/methods/chat.postMessage"""

import re

from tests.counterparts.contract.slack import OK, TIMESTAMP, Slack, outcome

SECTION = {"type": "section", "block_id": "one", "text": {"type": "mrkdwn", "text": "*Hello*"}}
NOWHERE, NEVER = "C0NOWHERE1", "1111111111.000001"


def test_posted_message_is_answered_with_its_place_and_seen_by_everyone(slack: Slack, channel: str) -> None:
    answer = slack.client.chat_postMessage(channel=channel, text="Hello", blocks=[SECTION])
    assert answer["channel"] == channel
    assert re.fullmatch(TIMESTAMP, answer["ts"])
    (seen,) = slack.messages(channel)
    for message in (answer["message"], seen):
        assert (message["type"], message["ts"], message["text"]) == ("message", answer["ts"], "Hello")
        assert (message["user"], message["bot_id"]) == (slack.bot_user, slack.bot_id)
        assert message["blocks"] == [SECTION]
        assert "thread_ts" not in message


def test_timestamps_are_unique_in_a_channel_and_in_order(slack: Slack, channel: str) -> None:
    stamps = [str(slack.client.chat_postMessage(channel=channel, text="again")["ts"]) for _ in range(5)]
    assert stamps == sorted(set(stamps))


def test_reply_carries_the_ts_of_its_parent(slack: Slack, channel: str) -> None:
    parent = slack.client.chat_postMessage(channel=channel, text="parent")["ts"]
    reply = slack.client.chat_postMessage(channel=channel, text="reply", thread_ts=parent)
    assert reply["message"]["thread_ts"] == parent


def test_message_to_a_user_id_goes_to_their_direct_messages(slack: Slack) -> None:
    answer = slack.client.chat_postMessage(channel=slack.ana, text="between us")
    direct = slack.client.conversations_open(users=slack.ana)["channel"]["id"]
    assert answer["channel"] == direct
    assert direct.startswith("D")
    assert slack.messages(direct)[-1]["text"] == "between us"


def test_channel_that_is_not_there_is_refused(slack: Slack) -> None:
    assert outcome(slack.client.chat_postMessage, channel=NOWHERE, text="Hello") == "channel_not_found"


def test_escaped_text_stays_as_it_was_sent(slack: Slack, channel: str) -> None:
    text = "a &amp; b &lt;c&gt; <https://example.com|d>"
    slack.client.chat_postMessage(channel=channel, text=text)
    assert slack.messages(channel)[-1]["text"] == text
    assert slack.client.conversations_history(channel=channel)["messages"][0]["text"] == text


def test_update_replaces_text_and_blocks_and_keeps_the_ts(slack: Slack, channel: str) -> None:
    ts = slack.client.chat_postMessage(channel=channel, text="before")["ts"]
    answer = slack.client.chat_update(channel=channel, ts=ts, text="after", blocks=[SECTION])
    assert (answer["channel"], answer["ts"], answer["text"]) == (channel, ts, "after")
    (seen,) = slack.messages(channel)
    assert (seen["ts"], seen["text"], seen["blocks"]) == (ts, "after", [SECTION])


def test_update_with_text_alone_removes_the_blocks(slack: Slack, channel: str) -> None:
    ts = slack.client.chat_postMessage(channel=channel, text="before", blocks=[SECTION])["ts"]
    slack.client.chat_update(channel=channel, ts=ts, text="after")
    (seen,) = slack.messages(channel)
    assert (seen["text"], seen.get("blocks") or []) == ("after", [])


def test_update_and_delete_of_what_is_not_there_are_refused(slack: Slack, channel: str) -> None:
    assert outcome(slack.client.chat_update, channel=channel, ts=NEVER, text="after") == "message_not_found"
    assert outcome(slack.client.chat_delete, channel=channel, ts=NEVER) == "message_not_found"


def test_deleted_message_is_seen_no_more(slack: Slack, channel: str) -> None:
    ts = slack.client.chat_postMessage(channel=channel, text="gone soon")["ts"]
    answer = slack.client.chat_delete(channel=channel, ts=ts)
    assert (answer["channel"], answer["ts"]) == (channel, ts)
    assert slack.messages(channel) == []
    assert outcome(slack.client.chat_delete, channel=channel, ts=ts) == "message_not_found"


def test_ephemeral_message_is_seen_by_its_person_alone(slack: Slack, channel: str) -> None:
    answer = slack.client.chat_postEphemeral(channel=channel, user=slack.ana, text="for you", blocks=[SECTION])
    assert re.fullmatch(TIMESTAMP, answer["message_ts"])
    (whisper,) = slack.whispers(slack.ana, channel)
    assert (whisper["ts"], whisper["text"], whisper["blocks"]) == (answer["message_ts"], "for you", [SECTION])
    assert slack.whispers(slack.ben, channel) == []
    assert slack.messages(channel) == []


def test_ephemeral_message_can_be_neither_changed_nor_reacted_to_elsewhere(slack: Slack, channel: str) -> None:
    ts = slack.client.chat_postEphemeral(channel=channel, user=slack.ana, text="for you")["message_ts"]
    other = slack.channel()
    assert outcome(slack.client.chat_update, channel=other, ts=ts, text="after") == "message_not_found"
    assert outcome(slack.client.reactions_add, channel=other, timestamp=ts, name="eyes") == "message_not_found"


def test_permalink_holds_the_channel_and_the_ts_without_its_dot(slack: Slack, channel: str) -> None:
    parent = slack.client.chat_postMessage(channel=channel, text="parent")["ts"]
    reply = slack.client.chat_postMessage(channel=channel, text="reply", thread_ts=parent)["ts"]
    link = slack.client.chat_getPermalink(channel=channel, message_ts=parent)["permalink"]
    assert link.endswith(f"/archives/{channel}/p{parent.replace('.', '')}")
    link = slack.client.chat_getPermalink(channel=channel, message_ts=reply)["permalink"]
    assert link.endswith(f"/archives/{channel}/p{reply.replace('.', '')}?thread_ts={parent}&cid={channel}")
    assert outcome(slack.client.chat_getPermalink, channel=channel, message_ts=NEVER) == "message_not_found"


def test_token_in_the_header_is_known_to_both(slack: Slack) -> None:
    assert outcome(slack.client.auth_test) == OK
    answer = slack.client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == (slack.team, slack.bot_user, slack.bot_id)
    assert {"url", "team", "user", "is_enterprise_install"} <= set(answer.data)
