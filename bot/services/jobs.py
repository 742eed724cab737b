"""The names of the work that waits in the due table, and how each item is built."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.incident import Incident
from storage.capture import MARK_JOB
from storage.due import NewItem

OPEN = "open"
HEADER = "header"
INVITE = "invite"
CALL_IN = "call-in"
LINE = "line"
MARK = MARK_JOB
DRAFT = "draft"
PUBLISH = "publish"
FOLLOW_UP = "follow-up"
FOLLOW_UP_CHANGED = "follow-up-changed"
ANSWER = "answer"
HOME = "home"
TIMELINE = "timeline"


def _item(incident: Incident, kind: str, slot: str, at: datetime, payload: Mapping[str, Any] | None = None) -> NewItem:
    return NewItem(incident.team_id, kind, f"incident:{incident.row_id}", slot, due_at=at, payload=payload or {})


def _short(key: str) -> str:
    """Return a request's key at a length that fits every column."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def row_of(subject: str) -> int:
    """Return the storage key of the incident that a subject names."""
    return int(subject.removeprefix("incident:"))


def opening(incident: Incident, *, now: datetime, response_url: str | None) -> NewItem:
    """Make the channel and everything in it."""
    return _item(incident, OPEN, "", now, {"response_url": response_url})


def header(incident: Incident, *, now: datetime) -> NewItem:
    """Bring the header and the topic up to date."""
    return _item(incident, HEADER, "", now)


def invite(incident: Incident, user_id: str, *, now: datetime) -> NewItem:
    """Bring somebody into the channel."""
    return _item(incident, INVITE, user_id, now)


def call_in(incident: Incident, *, now: datetime) -> NewItem:
    """Bring in the groups of the incident's severity."""
    return _item(incident, CALL_IN, "", now)


def line(incident: Incident, key: str, text: str, *, now: datetime) -> NewItem:
    """Say one short line in the channel, once per request."""
    return _item(incident, LINE, _short(key), now, {"text": text})


def draft(incident: Incident, key: str, *, now: datetime, by: str, response_url: str | None) -> NewItem:
    """Make a revision and post it."""
    return _item(incident, DRAFT, _short(key), now, {"by": by, "key": key, "response_url": response_url})


def publish(incident: Incident, revision: int, *, now: datetime) -> NewItem:
    """Tell that a revision is published."""
    return _item(incident, PUBLISH, str(revision), now)


def follow_up(incident: Incident, days: int, *, at: datetime) -> NewItem:
    """Review the postmortem's actions."""
    return _item(incident, FOLLOW_UP, f"{days}d", at)


def follow_up_changed(incident: Incident, *, now: datetime) -> NewItem:
    """Bring posted follow-ups up to date."""
    return _item(incident, FOLLOW_UP_CHANGED, "", now)


def answer(team_id: str, key: str, *, now: datetime, response_url: str, shown: Mapping[str, Any]) -> NewItem:
    """Show an answer through a response_url; `shown` is what `answering.show` reads."""
    payload = {"response_url": response_url, **shown}
    return NewItem(team_id, ANSWER, f"answer:{_short(key)}", "", due_at=now, payload=payload)


def show_timeline(team_id: str, key: str, *, now: datetime, payload: Mapping[str, Any]) -> NewItem:
    """Show somebody the timeline; `payload` is what `timeline.show_later` stored."""
    return NewItem(team_id, TIMELINE, f"answer:{_short(key)}", "", due_at=now, payload=payload)


def home(team_id: str, user_id: str, *, now: datetime) -> NewItem:
    """Show somebody their Home tab."""
    return NewItem(team_id, HOME, f"user:{user_id}", "", due_at=now)
