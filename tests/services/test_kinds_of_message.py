"""Messages as Slack sends them, from the payload to what people read of them: on the timeline and in the report."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.incident import Incident
from bot.domain.messages import MessageSeen, time_of
from bot.rendering import Renderer
from bot.sandbox import visible_text
from bot.services import draft, timeline
from bot.services.world import World
from bot.slack.blocks import rendered
from bot.slack.payloads import message_from_history, message_record, vote_record
from storage import capture, curations, incidents, people
from storage.database import Database
from storage.people import Team
from tests.factories import CHANNEL, DECLARED, HELPER, LEAD, NOTES, REPORTER, TEAM, WORKSPACE, make_person
from tests.fakes import FakeSlack, ask, world_on
from tests.storage.stored import incident_in

Json = dict[str, Any]
TS = "1795184000.000100"
PAGE = "https://example.slack.com/files/U1/F1/graph.png"
GRAPH: Json = {"id": "F1", "title": "graph.png", "mimetype": "image/png", "mode": "hosted", "permalink": PAGE}
POSTED: Json = {"type": "message", "channel": CHANNEL, "user": HELPER, "ts": TS, "event_ts": TS, "text": "it is down"}


@pytest.fixture
def slack() -> FakeSlack:
    made = FakeSlack()
    made.people = {
        LEAD: make_person(LEAD, "Priya Natarajan"),
        NOTES: make_person(NOTES, "Tom Reyes"),
        REPORTER: make_person(REPORTER, "Ada Quist"),
        HELPER: make_person(HELPER, "Jonas Bergström"),
    }
    return made


@pytest.fixture
def world(database: Database, slack: FakeSlack) -> Iterator[World]:
    with world_on(database, slack, lambda: DECLARED) as made:
        with database.transaction() as connection:
            people.save_team(connection, Team(TEAM, "Example", WORKSPACE, "UOWN", "BOWN"))
            incidents.change(connection, incident_in(connection), channel_name="inc-checkout")
        yield made


def incident_of(world: World) -> Incident:
    with world.database.reading() as connection:
        return incidents.by_row(connection, 1)


def told(world: World, *events: Json) -> None:
    """Deliver message events, and let somebody pin the message that the first is about."""
    for event in events:
        record = message_record(TEAM, {"channel": CHANNEL} | event, own_bot_id="BOWN", own_user_id="UOWN")
        assert record is not None
        store(world, record)


def store(world: World, *given: Any) -> None:
    with world.database.transaction() as connection:
        capture.save(connection, given, now=DECLARED)


def pinned(world: World, by: str = NOTES, ts: str = TS) -> None:
    item = {"type": "message", "channel": CHANNEL, "ts": ts}
    event = {"type": "reaction_added", "user": by, "reaction": "pushpin", "item": item, "event_ts": "1795184900.000100"}
    vote = vote_record(TEAM, event)
    assert vote is not None
    store(world, vote)


def changed(message: Json, before: Json, event_ts: str = "1795184500.000100", *, is_edit: bool = True) -> Json:
    edited = {"edited": {"user": HELPER, "ts": event_ts}} if is_edit else {}
    message = {name: value for name, value in message.items() if name not in ("channel", "event_ts")} | edited
    outer = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": event_ts, "event_ts": event_ts}
    return outer | {"message": message, "previous_message": before}


def report(world: World) -> str:
    return Renderer().markdown(draft.assembled(world, incident_of(world), 1))


def row(world: World, ts: str = TS) -> str:
    """Return what the report's timeline says happened in this message."""
    time = f"{time_of(ts):%H:%M}"
    found = re.findall(rf"^\| {time} \| [^|]* \| (.*) \| [^|]* \|$", report(world), re.MULTILINE)
    assert len(found) == 1, found
    return str(found[0])


def shown(world: World) -> str:
    """Return what the asker reads of the timeline in Slack."""
    view = timeline.show(world, ask(), is_whole=True)
    message = rendered(view)
    return visible_text({"text": message.text, "blocks": message.blocks})


def test_file_stands_behind_the_text_with_a_link_to_slacks_page_of_it(world: World) -> None:
    told(world, POSTED | {"subtype": "file_share", "files": [GRAPH]})
    pinned(world)
    assert row(world) == f"it is down ([image: graph.png]({PAGE}))"
    assert f"it is down (<{PAGE}|image: graph.png>)" in shown(world)


def test_message_of_files_alone_says_what_was_shared(world: World) -> None:
    files = [GRAPH, GRAPH | {"title": "q.csv", "mimetype": "text/csv"}, {"id": "F3", "mode": "hidden_by_limit"}]
    told(world, POSTED | {"subtype": "file_share", "text": "", "files": files})
    pinned(world)
    assert row(world) == (
        f"Shared without words ([image: graph.png]({PAGE}), [spreadsheet: q.csv]({PAGE}),"
        " file that Slack no longer shows)"
    )
    assert f"(<{PAGE}|image: graph.png>, <{PAGE}|spreadsheet: q.csv>, file that Slack no longer shows)" in shown(world)


def test_hostile_name_of_a_file_stays_text(world: World) -> None:
    name = "a](javascript:alert(1))|<!channel>`x`*b*&lt;img&gt;.png"
    told(
        world,
        POSTED | {"subtype": "file_share", "files": [GRAPH | {"title": name, "permalink": "javascript:alert(1)"}]},
    )
    pinned(world)
    assert row(world) == (r"it is down (image: a\](javascript:alert(1))\|\<!channel\>\`x\`\*b\*\<img\>.png)")
    assert "<!channel>" not in shown(world)
    assert "<img>" not in shown(world)


def test_deleted_file_is_named_no_more(world: World) -> None:
    posted = POSTED | {"subtype": "file_share", "files": [GRAPH]}
    told(world, posted, changed(posted | {"files": [{"id": "F1", "mode": "tombstone"}]}, posted, is_edit=False))
    pinned(world)
    assert row(world) == "it is down (deleted file)"
    assert "graph.png" not in report(world) + shown(world)


def test_what_was_edited_away_is_printed_nowhere(world: World) -> None:
    first = changed(POSTED | {"text": "second wording"}, POSTED | {"text": "first wording"})
    second = changed(POSTED | {"text": "third wording"}, first["message"], "1795184600.000100")
    told(world, POSTED | {"text": "first wording"}, first, second)
    pinned(world)
    postmortem = draft.assembled(world, incident_of(world), 1)
    everything = "".join([report(world), Renderer().html(postmortem), repr(postmortem), shown(world)])
    assert "third wording" in everything
    assert "first wording" not in everything
    assert "second wording" not in everything
    assert "2 edits" in report(world)


def test_broadcast_of_a_reply_stands_once(world: World) -> None:
    reply = POSTED | {"thread_ts": "1795183000.000100", "text": "found it"}
    told(world, reply, reply | {"subtype": "thread_broadcast", "root": {"ts": "1795183000.000100"}})
    store(world, message_from_history(TEAM, CHANNEL, reply | {"subtype": "thread_broadcast"}))
    pinned(world)
    assert report(world).count("| found it |") == 1
    assert draft.assembled(world, incident_of(world), 1).capture.messages == 1


def test_what_is_said_with_me_says_who_does_it(world: World) -> None:
    told(world, POSTED | {"subtype": "me_message", "text": "restarts the workers"})
    pinned(world)
    assert row(world) == "A responder restarts the workers"


def test_groups_and_channels_are_called_by_their_names(world: World, slack: FakeSlack) -> None:
    slack.group_names = {"S1": "on-call"}
    slack.channel_names = {"C9": "payments"}
    told(world, POSTED | {"text": f"<!subteam^S1> look at <#C9|> here in <#{CHANNEL}>, not <#C8>; <!subteam^S2>"})
    pinned(world)
    said = "@on-call look at #payments here in #inc-checkout, not another channel; a user group"
    assert row(world) == said
    assert said in shown(world)


def test_deactivated_people_keep_their_name_and_unknown_ones_are_no_ids(world: World, slack: FakeSlack) -> None:
    slack.people[LEAD] = make_person(LEAD, "Priya Natarajan", is_deactivated=True)
    told(world, POSTED | {"text": f"<@{LEAD}> and <@U0GONE> looked, says Priya Natarajan"})
    pinned(world)
    assert row(world) == "A responder (2) and a responder (3) looked, says a responder (2)"
    assert "U0GONE" not in report(world)


STRANGER = {
    "user": "U9",
    "user_team": "T9",
    "source_team": "T9",
    "team": "T9",
    "user_profile": {"real_name": "Ida Holm"},
}


def test_person_of_another_workspace_counts_by_their_words_and_not_by_their_reactions(
    world: World,
) -> None:
    told(
        world,
        POSTED | STRANGER | {"text": "we see it too"},
        POSTED | {"ts": "1795184100.000100", "text": "Ida Holm is on it"},
    )
    pinned(world, by="U9", ts="1795184100.000100")
    assert "is on it" not in report(world)
    pinned(world)
    pinned(world, ts="1795184100.000100")
    written = report(world)
    assert "| we see it too |" in written
    assert "Ida Holm" not in written
    assert "A responder is on it" in written


LONG = "The pool is exhausted. " * 600


def test_long_message_is_kept_whole_and_shown_shortened_with_the_rest_a_click_away(world: World) -> None:
    told(world, POSTED | {"text": LONG})
    pinned(world)
    entry = next(one for one in draft.assembled(world, incident_of(world), 1).rows if one.text.startswith("The pool"))
    assert entry.text == LONG.strip()
    link = f"{WORKSPACE}archives/{CHANNEL}/p{TS.replace('.', '')}"
    assert re.fullmatch(
        rf"(The pool is exhausted\. )+The pool is exhausted\.… \(shortened; \[the rest\]\({link}\)\)", row(world)
    )
    assert f"The pool is exhausted.… (<{link}|the rest>)" in shown(world)


def test_code_is_kept_as_it_was_written(world: World) -> None:
    told(world, POSTED | {"text": "see\n```SELECT *\n  FROM &lt;a&gt; | b```\nand `x_y*z*`"})
    pinned(world)
    assert row(world) == r"see `SELECT *` `FROM <a> \| b` and `x_y*z*`"
    html = Renderer().html(draft.assembled(world, incident_of(world), 1))
    assert "SELECT *\n  FROM &lt;a&gt; | b" in html


def test_marks_for_bold_are_left_out_of_the_report_and_kept_for_slack(world: World) -> None:
    told(world, POSTED | {"text": "*db-1* is _slow_, ~not down~\n&gt; since 13:10\n• pool"})
    pinned(world)
    assert row(world) == r"db-1 is slow, \~not down\~; “since 13:10” pool"
    assert "*db-1* is _slow_" in shown(world)


def kept_out(world: World) -> None:
    with world.database.transaction() as connection:
        curations.decide(connection, incident_of(world), CHANNEL, TS, is_kept_out=True)


REREADS: dict[str, Json | None] = {
    "an edit": changed(POSTED | {"text": "it is down, twice"}, POSTED),
    "a link preview": changed(POSTED | {"attachments": [{"from_url": "https://x.example.com"}]}, POSTED, is_edit=False),
    "the event once more": POSTED,
    "a reply, told of": POSTED | {"reply_count": 3, "thread_ts": TS},
    "the history": None,
}


@pytest.mark.parametrize("how", REREADS)
def test_message_that_is_kept_out_stays_out_however_it_is_read_again(world: World, how: str) -> None:
    told(world, POSTED)
    pinned(world)
    kept_out(world)
    event = REREADS[how]
    if event is None:
        seen = message_from_history(TEAM, CHANNEL, POSTED | {"edited": {"user": HELPER, "ts": "1795184700.000100"}})
        assert isinstance(seen, MessageSeen)
        store(world, seen)
    else:
        told(world, event)
    pinned(world, by=LEAD)
    assert "it is down" not in report(world) + shown(world)


def test_text_that_is_withheld_says_so(world: World) -> None:
    told(world, {"type": "message", "subtype": "ekm_access_denied", "user": "UREVOKEDU", "text": "suspended", "ts": TS})
    pinned(world)
    assert row(world) == "The text of this message is withheld by the organisation's encryption key."
    assert "UREVOKEDU" not in report(world)
