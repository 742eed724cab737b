"""Records of exports of all ages: what each teaches, and what is said of one that can't be read."""

from typing import Any

import pytest

from bot.domain.importing import NOBODY
from bot.domain.messages import RANK_POST, MessageDeleted, MessageSeen, VoteCast
from bot.domain.timeline import PINNED_VOTE
from bot.slack.exported import Exported, Own, UnreadableError, exact_ts, listed_person, pin_of, read_record

Json = dict[str, Any]
TEAM, HOME, CHANNEL = "T0HERE", "T0THERE", "C0OPS"
TS = "1549384020.000100"
FILE = {"name": "plan.txt", "title": "The plan", "filetype": "text", "permalink": "https://acme.slack.com/files/1"}


def read(record: object, **fields: Any) -> Exported:
    values: Json = {"own": Own(), "apps": {}, "home": HOME}
    return read_record(record, TEAM, CHANNEL, **(values | fields))


def message(**fields: Any) -> Json:
    return {"type": "message", "user": "U0ANN", "text": "It is down", "ts": TS} | fields


def seen_in(exported: Exported) -> MessageSeen:
    (seen,) = [record for record in exported.records if isinstance(record, MessageSeen)]
    return seen


def votes_in(exported: Exported) -> list[tuple[str, str]]:
    return [(record.user_id, record.emoji) for record in exported.records if isinstance(record, VoteCast)]


def test_message_is_read_as_from_slack() -> None:
    found = seen_in(read(message(text="<@U0BEA> &lt;down&gt; &amp; out", thread_ts="1549384000.000000")))

    assert (found.team_id, found.channel_id, found.ts, found.user_id) == (TEAM, CHANNEL, TS, "U0ANN")
    assert found.text == "\ue000U0BEA\ue001 <down> & out"
    assert (found.thread_ts, found.text_rank, found.author_name) == ("1549384000.000000", RANK_POST, None)


@pytest.mark.parametrize(
    ("value", "ts"),
    [
        (TS, TS),
        ("1549384020", "1549384020.000000"),
        (1549384020, "1549384020.000000"),
        # A number with a fraction is kept as text when an export is read.
        ("1549384020.5", "1549384020.500000"),
    ],
)
def test_timestamp_of_any_form_is_the_key_that_slack_uses(value: object, ts: str) -> None:
    assert read(message(ts=value)).ts == ts


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (None, "it is no message but null"),
        (7, "it is no message but a number"),
        ("hello", "it is no message but a text"),
        ([], "it is no message but a list"),
        ({"type": "message"}, "it has no ts"),
        (message(ts="abc"), "ts “abc” is no Slack timestamp"),
        (message(ts=True), "ts “True” is no Slack timestamp"),
        (message(ts={}), "ts “{}” is no Slack timestamp"),
        (message(ts="154938402.000001"), "ts “154938402.000001” is no Slack timestamp"),
        (message(ts="1549384020.0000001"), "ts “1549384020.0000001” is no Slack timestamp"),
        (message(ts="９549384020.000001"), "ts “９549384020.000001” is no Slack timestamp"),
        (message(text=5), "its text is no text but a number"),
        (message(text=["a"]), "its text is no text but a list"),
        (message(user=5), "user “5” is no Slack id"),
        (message(user="U" * 40), f"user “{'U' * 40}” is no Slack id"),
        (message(bot_id="B1\n\x1b[31m"), "bot_id “B1 [31m” is no Slack id"),
        ({"type": "message", "subtype": "message_changed", "ts": TS}, "it is an edit without its message"),
        ({"type": "message", "subtype": "message_deleted", "ts": TS}, "it has no deleted_ts"),
    ],
)
def test_record_that_can_not_be_read_says_what_is_wrong(record: object, what: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        read(record)

    assert str(raised.value) == what


@pytest.mark.parametrize(
    "record",
    [
        message(subtype="channel_join"),
        message(subtype="channel_topic"),
        message(subtype="pinned_item"),
        message(subtype="a_subtype_of_next_year"),
        {"type": "file", "id": "F1"},
    ],
)
def test_noise_of_the_channels_life_teaches_nothing(record: Json) -> None:
    assert read(record) == Exported(None)


def test_edited_message_counts_as_edited() -> None:
    found = seen_in(read(message(edited={"user": "U0ANN", "ts": "1549384080.000000"})))

    assert (found.edited_ts, found.text_rank > RANK_POST) == ("1549384080.000000", True)


def test_edit_with_a_broken_time_is_the_message_as_it_stands() -> None:
    assert seen_in(read(message(edited={"user": "U0ANN", "ts": None}))).edited_ts is None


def test_record_of_an_edit_is_about_the_message_that_was_edited() -> None:
    edit = {
        "type": "message",
        "subtype": "message_changed",
        "ts": "1549384090.000000",
        "original": message(text="It is up"),
        "message": message(edited={"user": "U0ANN", "ts": "1549384080.000000"}),
    }
    found = read(edit)
    seen = seen_in(found)

    assert (found.ts, seen.ts, seen.text) == (TS, TS, "It is down")
    assert seen.before is not None
    assert seen.before.text == "It is up"


@pytest.mark.parametrize(
    "record",
    [
        {"type": "message", "subtype": "message_deleted", "ts": "1549384090.000000", "deleted_ts": TS},
        {"type": "message", "subtype": "message_deleted", "ts": "1549384090.000000", "original": message()},
        message(subtype="tombstone", user="USLACKBOT", text="This message was deleted.", hidden=True),
    ],
)
def test_deletion_leaves_a_tombstone(record: Json) -> None:
    assert read(record) == Exported(TS, (MessageDeleted(TEAM, CHANNEL, TS),))


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (message(files=[FILE]), "It is down"),
        (message(subtype="file_share", files=[FILE], text=""), ""),
        # Until 2018: one file, and a text of Slack's own that holds what was said about it.
        (
            message(
                subtype="file_share",
                file=FILE,
                text="<@U0ANN|ann> uploaded a file: <https://acme.slack.com/files/1|The plan> and commented: Look",
            ),
            "Look",
        ),
        (
            message(
                subtype="file_share",
                file=FILE,
                text="<@U0ANN> uploaded a file: <https://acme.slack.com/files/1|The plan>",
            ),
            "",
        ),
        (message(subtype="file_share", file={**FILE, "initial_comment": {"comment": "Look"}}, text="…"), "Look"),
        (message(subtype="file_comment", file=FILE, user=None, comment={"user": "U0ANN", "comment": "Look"}), "Look"),
        (
            message(
                subtype="file_comment",
                file=FILE,
                text="<@U0ANN> commented on <@U0BEA>’s file <https://acme.slack.com/files/1|The plan>: Look",
            ),
            "Look",
        ),
    ],
)
def test_files_of_all_ages_come_with_what_was_said_about_them(record: Json, text: str) -> None:
    found = seen_in(read(record))

    assert (found.text, found.user_id) == (text, "U0ANN")
    assert [(file.name, file.link) for file in found.files] == [("The plan", "https://acme.slack.com/files/1")]


def test_reactions_are_votes_as_old_as_the_message() -> None:
    reactions = [
        {"name": "pushpin", "users": ["U0BEA", "U0CAI", 5, "\n"], "count": 4},
        {"name": "x" * 200, "users": ["U0BEA"]},
        {"users": ["U0BEA"]},
        "odd",
    ]
    found = read(message(reactions=reactions))

    assert votes_in(found) == [("U0BEA", "pushpin"), ("U0CAI", "pushpin")]
    assert {record.event_ts for record in found.records if isinstance(record, VoteCast)} == {TS}


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"pinned_to": ["C0OPS"], "pinned_info": {"pinned_by": "U0BEA"}}, "U0BEA"),
        ({"pinned_to": ["C0OPS"]}, "U0ANN"),
        ({"pinned_to": ["C0OPS"], "user": None, "bot_id": "B1"}, NOBODY),
    ],
)
def test_pinned_message_has_a_vote_of_whoever_pinned_it(fields: Json, by: str) -> None:
    assert votes_in(read(message(**fields))) == [(by, PINNED_VOTE)]


def test_pins_that_the_channel_lists_are_votes() -> None:
    vote = pin_of(TEAM, CHANNEL, {"id": TS, "type": "C", "user": "U0BEA"})

    assert vote == VoteCast(TEAM, CHANNEL, TS, "U0BEA", PINNED_VOTE, is_on=True, event_ts=TS)
    assert pin_of(TEAM, CHANNEL, {"id": "F012", "type": "F"}) is None
    assert pin_of(TEAM, CHANNEL, "odd") is None


def test_replies_that_a_thread_lists_are_known() -> None:
    replies = [{"user": "U0BEA", "ts": "1549384050.000000"}, {"ts": "abc"}, {"ts": TS}, None]

    assert read(message(replies=replies)).replies == ("1549384050.000000",)


def test_author_who_is_missing_from_the_list_is_described_by_the_message() -> None:
    profile = {"real_name": "Dora Fey", "display_name": "dora", "team": "T0OTHER"}
    found = read(message(user_profile=profile)).profile

    assert found is not None
    assert (found.user_id, found.name, found.is_guest) == ("U0ANN", "Dora Fey", True)


def test_people_of_the_exports_own_workspace_are_no_strangers() -> None:
    found = read(message(user_team=HOME, user_profile={"real_name": "Dora Fey", "team": HOME}))

    assert seen_in(found).author_name is None
    assert found.profile is not None
    assert not found.profile.is_guest


def test_username_of_old_records_is_a_name() -> None:
    found = read(message(username="ann.lee")).profile

    assert found is not None
    assert found.name == "ann.lee"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"username": "PagerDuty"}, "PagerDuty"),
        ({"bot_profile": {"name": "Grafana"}}, "Grafana"),
        ({}, "github"),
    ],
)
def test_program_is_called_by_the_record_or_by_what_the_export_knows(fields: Json, name: str) -> None:
    alert = message(subtype="bot_message", bot_id="B0GIT", text="CPU is at 99%", user=None, **fields)
    found = seen_in(read(alert, apps={"B0GIT": "github"}))

    assert (found.author_name, found.bot_id, found.user_id) == (name, "B0GIT", None)


def test_program_that_was_added_to_the_channel_is_known_from_then_on() -> None:
    text = "added an integration to this channel: <https://acme.slack.com/services/B0GIT|R&amp;D bot>"

    assert read(message(subtype="bot_add", bot_id="B0GIT", text=text)).app == ("B0GIT", "R&D bot")


def test_what_the_program_said_itself_is_left_out() -> None:
    own = Own("U0SCRIBE", "B0SCRIBE")

    assert read(message(user="U0SCRIBE"), own=own).records == ()
    assert read(message(subtype="bot_message", bot_id="B0SCRIBE", user=None), own=own).records == ()
    assert read(message(), own=own).records


def test_hostile_text_takes_no_time() -> None:
    text = "<@U0ANN> " + "<" * 300_000

    assert seen_in(read(message(subtype="file_share", file=FILE, text=text))).text == ""
    assert read(message(subtype="bot_add", text="/services/B1|" * 30_000)).app is None


@pytest.mark.parametrize(
    ("user", "what"),
    [
        (None, "it is nobody but null"),
        ({}, "it has no id"),
        ({"id": 5}, "id “5” is no Slack id"),
        ({"id": "U" * 33}, f"id “{'U' * 33}” is no Slack id"),
    ],
)
def test_person_who_can_not_be_read_says_what_is_wrong(user: object, what: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        listed_person(user, home=None)

    assert str(raised.value) == what


def test_listed_person_has_what_is_known() -> None:
    listed = {"id": "U0ANN", "name": "ann", "tz": "Europe/London", "deleted": True, "profile": {"real_name": "Ann Lee"}}
    found = listed_person(listed, home=HOME)

    assert (found.name, found.zone, found.is_deactivated, found.is_guest) == ("Ann Lee", "Europe/London", True, False)


def test_missing_timestamp_is_named() -> None:
    with pytest.raises(UnreadableError, match="it has no deleted_ts"):
        exact_ts(None, "deleted_ts")
