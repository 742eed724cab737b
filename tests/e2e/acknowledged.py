"""Holding what the process has acknowledged against its database."""

from typing import Any

from tests.e2e.process import Scribe

Json = dict[str, Any]


def stored_messages(scribe: Scribe) -> set[str]:
    return {ts for (ts,) in scribe.ask("SELECT ts FROM messages")}


def assert_nothing_acknowledged_is_lost(scribe: Scribe, channel: str) -> None:
    """Hold every acknowledged event against the database."""
    events = [event for event in scribe.acknowledged() if place(event) == channel]
    assert len(events) > 0
    posted = {event["ts"] for event in events if event["type"] == "message" and "subtype" not in event}
    own = {message["ts"] for message in scribe.screen.from_bot(channel)}
    assert posted - own - stored_messages(scribe) == set()
    deleted = {event["deleted_ts"] for event in events if event.get("subtype") == "message_deleted"}
    assert deleted <= {ts for (ts,) in scribe.ask("SELECT ts FROM messages WHERE is_deleted AND text = ''")}
    edits = {edit for event in events if event.get("subtype") == "message_changed" for edit in edit_of(event)}
    known = set(scribe.ask("SELECT ts, edited_ts FROM message_revisions"))
    gone = {ts for (ts,) in scribe.ask("SELECT ts FROM messages WHERE is_deleted")}
    assert {edit for edit in edits if edit[0] not in gone | own} <= known
    reactions = [event for event in events if event["type"].startswith("reaction")]
    voted = {vote_of(event) for event in reactions if event["user"] != scribe.sandbox.bot_user_id}
    assert voted <= set(scribe.ask("SELECT ts, user_id, emoji FROM votes"))


def place(event: Json) -> str:
    return str(event.get("channel") or event.get("item", {}).get("channel"))


def edit_of(event: Json) -> list[tuple[str, str]]:
    message = event["message"]
    return [(message["ts"], message["edited"]["ts"])] if "edited" in message else []


def vote_of(event: Json) -> tuple[str, str, str]:
    return event["item"]["ts"], event["user"], event["reaction"]
