"""The names of the work that waits in the due table, and how each item is built."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.incident import Incident
from storage.capture import MARK_JOB
from storage.due import NewItem

OPEN = "open"
LOOK = "look"
ADOPT = "adopt"
TAKE_IN = "take-in"
RECONCILE = "reconcile"
LEAVE = "leave"
CHANNEL = "channel"
TELL = "tell"
HEADER = "header"
INVITE = "invite"
CALL_IN = "call-in"
LINE = "line"
MARK = MARK_JOB
DRAFT = "draft"
PUBLISH = "publish"
UPDATE = "update"
REMINDER = "reminder"
FOLLOW_UP = "follow-up"
FOLLOW_UP_CHANGED = "follow-up-changed"
ANSWER = "answer"
HOME = "home"
TIMELINE = "timeline"
SHOW = "show"
HANDOVER = "handover"
MEETING = "meeting"
EXPORT = "export"
MENTION = "mention"


def _item(incident: Incident, kind: str, slot: str, at: datetime, payload: Mapping[str, Any] | None = None) -> NewItem:
    return NewItem(incident.team_id, kind, f"incident:{incident.row_id}", slot, due_at=at, payload=payload or {})


def _short(key: str) -> str:
    """Return a request's key at a length that fits every column."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def row_of(subject: str) -> int:
    """Return the storage key of the incident that a subject names."""
    return int(subject.rpartition(":")[2])


def channel_of(subject: str) -> str:
    """Return the channel's id that a subject names."""
    return subject.rpartition(":")[2]


def opening(incident: Incident, *, now: datetime, response_url: str | None) -> NewItem:
    """Make the channel and everything in it."""
    return _item(incident, OPEN, "", now, {"response_url": response_url})


def look(team_id: str, key: str, *, now: datetime, payload: Mapping[str, Any]) -> NewItem:
    """Look at a channel that is to be adopted, and show the preview; `payload` is what `adopting.ask` stored."""
    return NewItem(team_id, LOOK, f"answer:{_short(key)}", "", due_at=now, payload=payload)


def adopt(incident: Incident, *, now: datetime) -> NewItem:
    """Put the header and all else into a channel that was there before."""
    return _item(incident, ADOPT, "", now)


def take_in(incident: Incident, *, now: datetime, response_url: str | None) -> NewItem:
    """Take in what was said in the channel before. Its subject is its own: nothing else has to wait for it."""
    subject = f"take-in:{incident.row_id}"
    return NewItem(incident.team_id, TAKE_IN, subject, "", due_at=now, payload={"response_url": response_url})


def reconcile(incident: Incident, *, at: datetime) -> NewItem:
    """Compare what is stored of the channel with Slack's history. Its subject is its own: nothing else has to wait."""
    return NewItem(incident.team_id, RECONCILE, f"reconcile:{incident.row_id}", "", due_at=at)


def leave(team_id: str, channel_id: str, key: str, *, now: datetime) -> NewItem:
    """Leave a channel that was entered for a look alone."""
    return NewItem(team_id, LEAVE, channel_id, _short(key), due_at=now)


def channel(team_id: str, channel_id: str, *, now: datetime) -> NewItem:
    """Learn what has become of an incident's channel."""
    return NewItem(team_id, CHANNEL, f"channel:{channel_id}", "", due_at=now)


def tell(incident: Incident, slot: str, text: str, *, now: datetime) -> NewItem:
    """Tell somebody in charge something by direct message, once per slot."""
    return _item(incident, TELL, slot, now, {"text": text})


def header(incident: Incident, *, now: datetime) -> NewItem:
    """Bring the header and the topic up to date."""
    return _item(incident, HEADER, "", now)


def invite(incident: Incident, user_id: str, *, now: datetime) -> NewItem:
    """Bring somebody into the channel."""
    return _item(incident, INVITE, user_id, now)


def call_in(incident: Incident, *, now: datetime) -> NewItem:
    """Bring in the groups of the incident's severity."""
    return _item(incident, CALL_IN, "", now)


def line(incident: Incident, key: str, text: str, *, now: datetime, notifies: Sequence[str] = ()) -> NewItem:
    """Say one short line in the channel, once per request; `notifies` are those who wait for it."""
    return _item(incident, LINE, _short(key), now, {"text": text, "notifies": list(notifies)})


def handover(incident: Incident, handover_id: int, *, now: datetime) -> NewItem:
    """Post an offer of the lead, or bring its message up to date."""
    return _item(incident, HANDOVER, str(handover_id), now)


def draft(incident: Incident, key: str, *, now: datetime, by: str, audience: str, response_url: str | None) -> NewItem:
    """Make a revision and post it, with its version for an audience."""
    payload = {"by": by, "key": key, "audience": audience, "response_url": response_url}
    return _item(incident, DRAFT, _short(key), now, payload)


def publish(incident: Incident, revision: int, *, now: datetime, audience: str = "internal") -> NewItem:
    """Tell that a revision is published for an audience."""
    slot = str(revision) if audience == "internal" else f"{revision}:{audience}"
    return _item(incident, PUBLISH, slot, now)


def meeting(incident: Incident, *, now: datetime) -> NewItem:
    """Tell when the review meeting is, or that there is none any more."""
    return _item(incident, MEETING, "", now)


def export(
    incident: Incident, key: str, *, now: datetime, form: str, revision: int, asked: Mapping[str, Any]
) -> NewItem:
    """Send a revision to whoever asked for it, as a file; `asked` is what `export.ask_for_export` stored of that."""
    return _item(incident, EXPORT, _short(key), now, {"form": form, "revision": revision, **asked})


def tell_outside(incident: Incident, update_id: int, *, now: datetime) -> NewItem:
    """Show an update in the announcement."""
    return _item(incident, UPDATE, str(update_id), now)


def reminder(incident: Incident, *, now: datetime) -> NewItem:
    """Look at once whether the incident is to be reminded of something; the job itself says when to look again."""
    return _item(incident, REMINDER, "", now)


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


def show(team_id: str, key: str, *, now: datetime, payload: Mapping[str, Any]) -> NewItem:
    """Show somebody a list of their own; `payload` is what `showing.show_later` stored."""
    return NewItem(team_id, SHOW, f"answer:{_short(key)}", "", due_at=now, payload=payload)


def mention(team_id: str, payload: Mapping[str, Any], *, now: datetime) -> NewItem:
    """Carry out what a mention of the bot asked for, once for each message; those of one channel in order."""
    return NewItem(team_id, MENTION, f"mention:{payload['channel_id']}", payload["ts"], due_at=now, payload=payload)


def home(team_id: str, user_id: str, *, now: datetime) -> NewItem:
    """Show somebody their Home tab."""
    return NewItem(team_id, HOME, f"user:{user_id}", "", due_at=now)
