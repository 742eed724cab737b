"""What the app is told of. https://docs.slack.dev/apis/events-api and https://docs.slack.dev/reference/events"""

import re

from tests.counterparts.contract.slack import TIMESTAMP, Slack


def test_connection_greets_the_app_and_wraps_what_it_sends(slack: Slack, channel: str) -> None:
    assert slack.app.hello["num_connections"] >= 1
    assert slack.app.hello["connection_info"]["app_id"]
    slack.say(slack.ana, channel, "hello")
    slack.app.event("message", channel)
    envelope = slack.app.envelopes[-1]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
    assert envelope["envelope_id"]
    slack.command(slack.ana, channel, "/try", "")
    envelope = slack.app.envelopes[-1]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)


def test_event_is_wrapped_with_its_team_and_a_key_of_its_own(slack: Slack, channel: str) -> None:
    slack.say(slack.ana, channel, "one")
    slack.say(slack.ana, channel, "two")
    slack.app.event("message", channel)
    wrappers = [one for one in slack.app.payloads("events_api") if one["event"].get("channel") == channel]
    assert len({one["event_id"] for one in wrappers}) == len(wrappers) == 2
    for one in wrappers:
        assert (one["type"], one["team_id"]) == ("event_callback", slack.team)
        assert set(one) >= {"token", "api_app_id", "event", "event_time", "authorizations"}
        assert isinstance(one["event_time"], int)
        assert one["authorizations"][0]["user_id"] == slack.bot_user


def test_message(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, "the pool is full")
    event = slack.app.event("message", channel)
    assert (event["ts"], event["event_ts"]) == (ts, ts)
    assert re.fullmatch(TIMESTAMP, ts)
    assert (event["user"], event["text"], event["channel_type"]) == (slack.ana, "the pool is full", "channel")
    assert not {"subtype", "thread_ts", "bot_id", "edited"} & set(event)


def test_thread_reply(slack: Slack, channel: str) -> None:
    parent = slack.say(slack.ana, channel, "parent")
    reply = slack.say(slack.ben, channel, "reply", thread=parent)
    event = slack.app.event("message", channel)
    assert (event["ts"], event["thread_ts"]) == (reply, parent)


def test_edit_carries_the_new_message_and_the_old_one(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, "befor")
    slack.edit(slack.ana, channel, ts, "before")
    event = slack.app.event("message", channel, subtype="message_changed")
    assert (event["message"]["ts"], event["message"]["text"], event["message"]["user"]) == (ts, "before", slack.ana)
    assert event["message"]["edited"]["user"] == slack.ana
    assert re.fullmatch(TIMESTAMP, event["message"]["edited"]["ts"])
    assert (event["previous_message"]["ts"], event["previous_message"]["text"]) == (ts, "befor")
    assert event["ts"] > ts
    assert event["event_ts"] > ts


def test_edited_reply_says_which_thread_it_is_in(slack: Slack, channel: str) -> None:
    parent = slack.say(slack.ana, channel, "parent")
    reply = slack.say(slack.ben, channel, "repli", thread=parent)
    slack.edit(slack.ben, channel, reply, "reply")
    event = slack.app.event("message", channel, subtype="message_changed")
    assert event["message"]["thread_ts"] == parent


def test_deletion_names_the_message(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, "a secret")
    slack.delete(slack.ana, channel, ts)
    event = slack.app.event("message", channel, subtype="message_deleted")
    assert event["deleted_ts"] == ts
    assert event["previous_message"]["ts"] == ts
    assert event["ts"] > ts


def test_reaction_names_the_message_and_who_gave_it(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, "marked")
    slack.react(slack.ben, channel, ts, "pushpin")
    added = slack.app.event("reaction_added", channel)
    slack.react(slack.ben, channel, ts, "pushpin", is_on=False)
    removed = slack.app.event("reaction_removed", channel)
    for event in (added, removed):
        assert (event["user"], event["reaction"], event["item_user"]) == (slack.ben, "pushpin", slack.ana)
        assert event["item"] == {"type": "message", "channel": channel, "ts": ts}
        assert re.fullmatch(TIMESTAMP, event["event_ts"])
    assert removed["event_ts"] > added["event_ts"]


def test_shared_file_is_a_message_of_its_own_kind(slack: Slack, channel: str) -> None:
    slack.share(slack.ana, channel, "trace.txt", "boom")
    event = slack.app.event("message", channel, subtype="file_share")
    assert event["user"] == slack.ana
    (file,) = event["files"]
    assert (file["name"], file["title"]) == ("trace.txt", "trace.txt")


def test_mention_comes_beside_the_message(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, f"<@{slack.bot_user}> note rolled back")
    mention = slack.app.event("app_mention", channel)
    assert (mention["user"], mention["ts"], mention["event_ts"]) == (slack.ana, ts, ts)
    assert mention["text"] == f"<@{slack.bot_user}> note rolled back"
    assert slack.app.event("message", channel)["ts"] == ts


def test_mention_in_a_thread_says_which(slack: Slack, channel: str) -> None:
    parent = slack.say(slack.ana, channel, "parent")
    slack.say(slack.ana, channel, f"<@{slack.bot_user}> info", thread=parent)
    assert slack.app.event("app_mention", channel)["thread_ts"] == parent


def test_mention_of_somebody_else_is_a_message_alone(slack: Slack, channel: str) -> None:
    slack.say(slack.ana, channel, f"<@{slack.ben}> look")
    slack.app.event("message", channel)
    slack.say(slack.ana, channel, "and more")
    assert slack.app.events("app_mention", channel) == []


def test_direct_message_says_so(slack: Slack) -> None:
    direct = slack.client.conversations_open(users=slack.ana)["channel"]["id"]
    slack.say(slack.ana, direct, "between us")
    assert slack.app.event("message", direct)["channel_type"] == "im"


def test_opened_home_tab_says_whose(slack: Slack) -> None:
    slack.open_home(slack.ben)
    event = slack.app.event("app_home_opened")
    direct = slack.client.conversations_open(users=slack.ben)["channel"]["id"]
    assert (event["user"], event["tab"], event["channel"]) == (slack.ben, "home", direct)
    assert re.fullmatch(TIMESTAMP, event["event_ts"])
