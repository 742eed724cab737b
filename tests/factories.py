"""Domain values for tests: each factory makes a plausible one, and takes what the test cares about."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.actions import ActionItem
from bot.domain.impact import ImpactDetails
from bot.domain.incident import Incident, IncidentType, Kind, Role, RoleHolder, Severity, Status, StatusChange
from bot.domain.messages import Message, Vote, time_of
from bot.domain.milestones import Milestone, Stamp
from bot.domain.people import Person
from bot.domain.postmortem import Postmortem, assemble
from bot.domain.record import Communication, IncidentRecord
from bot.domain.statements import Cause, CauseKind, Impact, Lesson, LessonKind, Why
from bot.domain.tasks import Task
from bot.domain.timeline import PHASE_EMOJI, Material, Note

TEAM = "T1"
WORKSPACE = "https://example.slack.com/"
CHANNEL = "C1"
DAY = date(2026, 11, 20)
DECLARED = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
LEAD, COMMS, NOTES, OPS, REPORTER, HELPER = "ULEAD", "UCOMMS", "UNOTES", "UOPS", "UREPORT", "UHELP"


def at(clock: str, day: date = DAY) -> datetime:
    """Return a UTC time of the test day: `at("14:05")` or `at("14:05:33")`."""
    return datetime.fromisoformat(f"{day.isoformat()}T{clock}").replace(tzinfo=UTC)


def ts_of(moment: datetime) -> str:
    """Return the Slack timestamp of a moment."""
    return f"{int(moment.timestamp())}.{moment.microsecond:06d}"


def make_person(user_id: str, real_name: str = "", display_name: str = "", **fields: Any) -> Person:
    return Person(user_id, display_name=display_name, real_name=real_name, **fields)


def make_incident(**fields: Any) -> Incident:
    values: dict[str, Any] = {
        "row_id": 1,
        "team_id": TEAM,
        "incident_id": "INC-2026-11-20-001",
        "title": "Checkout errors in the EU",
        "kind": Kind.LIVE,
        "type": IncidentType.PRODUCTION,
        "severity": Severity.SEV2,
        "status": Status.INVESTIGATING,
        "is_private": False,
        "reporter_id": REPORTER,
        "declared_at": DECLARED,
        "channel_id": CHANNEL,
        "channel_name": "inc-20261120-checkout-errors-in-the-eu",
    }
    return Incident(**(values | fields))


def make_message(clock: str | datetime, text: str, user_id: str | None = HELPER, **fields: Any) -> Message:
    moment = at(clock) if isinstance(clock, str) else clock
    ts = fields.pop("ts", ts_of(moment))
    values: dict[str, Any] = {
        "channel_id": CHANNEL,
        "ts": ts,
        "at": time_of(ts),
        "text": text,
        "user_id": user_id,
        "bot_id": None,
        "author_name": None,
        "thread_ts": None,
        "is_edited": False,
        "kind": "message",
    }
    return Message(**(values | fields))


def make_bot_message(clock: str, text: str, name: str = "PagerDuty", **fields: Any) -> Message:
    return make_message(clock, text, None, bot_id="B1", author_name=name, **fields)


def make_vote(message: Message, emoji: str = "pushpin", user_id: str = NOTES) -> Vote:
    return Vote(message.ts, user_id, emoji, event_ts=message.ts)


def pinned(messages: Sequence[Message], emoji: str = "pushpin") -> tuple[Vote, ...]:
    """Return a vote for each message, all with the same emoji."""
    return tuple(make_vote(message, emoji) for message in messages)


def make_note(clock: str | datetime, text: str, by: str = NOTES, note_id: int = 1, **fields: Any) -> Note:
    moment = at(clock) if isinstance(clock, str) else clock
    return Note(note_id, moment, text, by, fields.pop("said_at", moment), **fields)


def make_stamp(milestone: Milestone, clock: str | datetime, by: str = LEAD, **fields: Any) -> Stamp:
    moment = at(clock) if isinstance(clock, str) else clock
    return Stamp(milestone, moment, by, fields.pop("said_at", moment), **fields)


def make_change(status: Status, clock: str | datetime, note: str = "", by: str = LEAD, **fields: Any) -> StatusChange:
    moment = at(clock) if isinstance(clock, str) else clock
    return StatusChange(status, moment, by, fields.pop("said_at", moment), note, **fields)


def make_holder(role: Role, user_id: str, clock: str = "14:06") -> RoleHolder:
    return RoleHolder(role, user_id, at(clock))


def make_impact(
    text: str = "1,200 customers could not pay for 40 minutes", by: str = LEAD, details: ImpactDetails | None = None
) -> Impact:
    return Impact(text, by, at("15:30"), details)


def make_cause(kind: CauseKind, text: str = "The pool was too small", cause_id: int = 1, **fields: Any) -> Cause:
    values: dict[str, Any] = {"by": LEAD, "said_at": at("16:00")}
    return Cause(cause_id, kind, text, **(values | fields))


def make_why(position: int, text: str, branch: str | None = None, by: str = LEAD) -> Why:
    return Why(position, text, by, at("16:10"), branch)


def make_lesson(kind: LessonKind, text: str = "The rollback took four minutes", by: str = HELPER) -> Lesson:
    return Lesson(kind, text, by, at("16:20"))


def make_action(number: int = 1, text: str = "Alert on pool saturation", **fields: Any) -> ActionItem:
    values: dict[str, Any] = {"by": LEAD, "said_at": at("16:30")}
    return ActionItem(action_id=number, number=number, text=text, **(values | fields))


def make_task(number: int = 1, text: str = "Restart the workers", **fields: Any) -> Task:
    values: dict[str, Any] = {"by": LEAD, "said_at": at("14:10")}
    return Task(task_id=number, number=number, text=text, **(values | fields))


def make_communication(clock: str, text: str, to: str = "#incidents") -> Communication:
    return Communication(at(clock), to, text)


def make_record(incident: Incident | None = None, material: Material | None = None, **fields: Any) -> IncidentRecord:
    return IncidentRecord(incident or make_incident(), material or Material(), **fields)


def make_report(
    material: Material | None = None, *, incident: Mapping[str, Any] | None = None, **fields: Any
) -> Postmortem:
    """Assemble the report of a record with these fields, at 18:00 of the test day, in a known workspace."""
    record = make_record(make_incident(**(incident or {})), material, workspace_url=WORKSPACE, **fields)
    return assemble(record, now=at("18:00"), revision=1, emoji=PHASE_EMOJI)
