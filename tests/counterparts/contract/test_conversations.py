"""conversations.*, users.* and reactions.*: reading back what is there."""

from tests.counterparts.contract.slack import OK, Slack, outcome

NOWHERE, NEVER = "C0NOWHERE1", "1111111111.000001"
# What the bot reads of a channel, of a person and of a message.
CHANNEL_KEYS = {"id", "name", "is_private", "is_member", "is_archived", "topic", "purpose"}
PERSON_KEYS = {"id", "team_id", "name", "real_name", "deleted", "is_bot", "tz", "tz_offset", "profile"}


def test_created_channel_is_found_by_its_id_and_in_the_list(slack: Slack) -> None:
    name = f"made-{slack.channel().lower()}"
    made = slack.client.conversations_create(name=name)["channel"]
    assert set(made) >= CHANNEL_KEYS
    assert (made["name"], made["is_member"], made["is_archived"]) == (name, True, False)
    info = slack.client.conversations_info(channel=made["id"])["channel"]
    assert (info["id"], info["name"], info["topic"]["value"]) == (made["id"], name, "")
    listed = slack.client.conversations_list(types="public_channel,private_channel", limit=1000)
    assert made["id"] in [one["id"] for one in listed["channels"]]
    assert listed["response_metadata"]["next_cursor"] == ""


def test_channel_that_is_not_there_has_no_info_and_no_members(slack: Slack) -> None:
    assert outcome(slack.client.conversations_info, channel=NOWHERE) == "channel_not_found"
    assert outcome(slack.client.conversations_members, channel=NOWHERE) == "channel_not_found"


def test_bot_is_among_the_members_of_its_channels(slack: Slack, channel: str) -> None:
    answer = slack.client.conversations_members(channel=channel)
    assert slack.bot_user in answer["members"]
    assert answer["response_metadata"]["next_cursor"] == ""


def test_direct_channel_with_a_person_is_always_the_same(slack: Slack) -> None:
    first = slack.client.conversations_open(users=slack.ben)["channel"]["id"]
    assert first == slack.client.conversations_open(users=slack.ben)["channel"]["id"]
    assert first != slack.client.conversations_open(users=slack.ana)["channel"]["id"]


def test_history_is_newest_first_and_leaves_replies_out(slack: Slack, channel: str) -> None:
    first = slack.say(slack.ana, channel, "first")
    slack.say(slack.ben, channel, "a reply", thread=first)
    second = slack.say(slack.ben, channel, "second")
    answer = slack.client.conversations_history(channel=channel)
    assert [one["ts"] for one in answer["messages"]] == [second, first]
    assert answer["has_more"] is False
    newest, oldest = answer["messages"]
    assert (newest["type"], newest["user"], newest["text"]) == ("message", slack.ben, "second")
    assert (oldest["thread_ts"], oldest["reply_count"]) == (first, 1)
    assert oldest["reply_users"] == [slack.ben]


def test_history_from_a_ts_to_itself_holds_that_message(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, "this one")
    answer = slack.client.conversations_history(channel=channel, oldest=ts, latest=ts, inclusive=True, limit=1)
    assert ts in [one["ts"] for one in answer["messages"]]


def test_history_shows_edits_and_reactions(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, "befor")
    slack.edit(slack.ana, channel, ts, "before")
    slack.react(slack.ben, channel, ts, "eyes")
    slack.react(slack.ana, channel, ts, "eyes")
    (message,) = slack.client.conversations_history(channel=channel)["messages"]
    assert message["text"] == "before"
    assert message["edited"]["user"] == slack.ana
    assert message["edited"]["ts"] > ts
    assert message["reactions"] == [{"name": "eyes", "users": [slack.ben, slack.ana], "count": 2}]


def test_thread_is_its_parent_then_its_replies_oldest_first(slack: Slack, channel: str) -> None:
    parent = slack.say(slack.ana, channel, "parent")
    replies = [slack.say(slack.ben, channel, text, thread=parent) for text in ("one", "two")]
    answer = slack.client.conversations_replies(channel=channel, ts=parent)
    assert [one["ts"] for one in answer["messages"]] == [parent, *replies]
    assert all(one["thread_ts"] == parent for one in answer["messages"])
    assert answer["has_more"] is False


def test_message_without_replies_is_a_thread_of_one(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, "alone")
    (alone,) = slack.client.conversations_replies(channel=channel, ts=ts)["messages"]
    assert (alone["ts"], "thread_ts" in alone) == (ts, False)


def test_reply_asked_for_by_its_own_ts_is_found(slack: Slack, channel: str) -> None:
    parent = slack.say(slack.ana, channel, "parent")
    reply = slack.say(slack.ben, channel, "reply", thread=parent)
    found = slack.client.conversations_replies(channel=channel, ts=reply)["messages"]
    assert reply in [one["ts"] for one in found]


def test_person_is_described_with_name_and_zone(slack: Slack) -> None:
    user = slack.client.users_info(user=slack.ana)["user"]
    assert set(user) >= PERSON_KEYS
    assert (user["id"], user["team_id"], user["name"]) == (slack.ana, slack.team, "ana")
    assert (user["is_bot"], user["deleted"], user["tz"]) == (False, False, "Europe/London")
    assert (user["profile"]["real_name"], user["profile"]["display_name"]) == ("Ana Silva", "ana")


def test_bot_is_a_person_too_and_nobody_else_is_made_up(slack: Slack) -> None:
    assert slack.client.users_info(user=slack.bot_user)["user"]["is_bot"] is True
    assert outcome(slack.client.users_info, user="U0NOBODY01") == "user_not_found"


def test_everyone_is_listed(slack: Slack) -> None:
    answer = slack.client.users_list()
    assert {slack.ana, slack.ben, slack.bot_user} <= {one["id"] for one in answer["members"]}
    assert all(set(one) >= {"id", "name", "is_bot", "deleted", "profile"} for one in answer["members"])


def test_reaction_of_the_bot_is_put_on_and_taken_off(slack: Slack, channel: str) -> None:
    ts = slack.say(slack.ana, channel, "marked")
    assert outcome(slack.client.reactions_add, channel=channel, timestamp=ts, name="eyes") == OK
    (marked,) = slack.messages(channel)
    assert marked["reactions"] == [{"name": "eyes", "users": [slack.bot_user], "count": 1}]
    assert outcome(slack.client.reactions_remove, channel=channel, timestamp=ts, name="eyes") == OK
    (bare,) = slack.messages(channel)
    assert bare.get("reactions", []) == []


def test_reaction_to_what_is_not_there_is_refused(slack: Slack, channel: str) -> None:
    for method in (slack.client.reactions_add, slack.client.reactions_remove):
        assert outcome(method, channel=channel, timestamp=NEVER, name="eyes") == "message_not_found"
