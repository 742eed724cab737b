"""Live reminders: what an open incident is asked for, and when. Pure policy; the clock and Slack are elsewhere.

At most one reminder stands at a time. `RULES` says what may be asked, the most pressing first: without a lead nobody
does the rest, and those outside wait for news before anybody asks whether it is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incident import Incident, Kind, Severity, Status
from bot.domain.updates import Update


class ReminderKind(StrEnum):
    """What is asked for."""

    LEAD = "lead"
    UPDATE = "update"
    RESOLUTION = "resolution"


_SEVERITIES = tuple(Severity)
# How long each may be missing. Updates every 30 minutes, every hour or daily by severity are what public runbooks ask,
# for example https://github.com/CueCrux/Crux/blob/main/docs/incident-comms.md; the other two are this program's own
# choice: five minutes are enough to find a lead, and in a day what was mitigated has seen a full round of its load.
RULES: Mapping[ReminderKind, Mapping[Severity, timedelta]] = {
    ReminderKind.LEAD: dict.fromkeys(_SEVERITIES, timedelta(minutes=5)),
    ReminderKind.UPDATE: {
        Severity.SEV1: timedelta(minutes=30),
        Severity.SEV2: timedelta(minutes=60),
        Severity.SEV3: timedelta(days=1),
        Severity.SEV4: timedelta(days=1),
    },
    ReminderKind.RESOLUTION: dict.fromkeys(_SEVERITIES, timedelta(hours=24)),
}
# A near miss and a retro are over when they are recorded: nobody leads them now.
LIVE_KINDS = (Kind.LIVE, Kind.DRILL)
SNOOZES = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class Situation:
    """What reminders look at. `live_since` is the declaration or the last reopening; all times are UTC."""

    incident: Incident
    has_lead: bool
    live_since: datetime
    last_update: Update | None
    mitigated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """The reminder that stands in an incident's channel.

    `kind` is what it asks for and `since` when that was due, None while none stands. `number` counts the messages.
    It is snoozed while `snoozed_until` is set.
    """

    kind: ReminderKind | None = None
    since: datetime | None = None
    number: int = 0
    snoozed_until: datetime | None = None
    snoozed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be asked now: `kind` None for nothing.

    `is_anew` says that a snooze is over: the reminder comes as a new message, because an edited one notifies nobody.
    `look_again_at` is when time alone changes this, None when only a change of the incident does.
    """

    kind: ReminderKind | None = None
    since: datetime | None = None
    is_snoozed: bool = False
    is_anew: bool = False
    look_again_at: datetime | None = None


def due_times(situation: Situation) -> dict[ReminderKind, datetime]:
    """Return when each of the things that are missing is or was due, the most pressing kind first."""
    incident = situation.incident
    if incident.status.is_over or incident.kind not in LIVE_KINDS:
        return {}
    after = {kind: lengths[incident.severity] for kind, lengths in RULES.items()}
    due = {ReminderKind.UPDATE: _update_due(situation, after[ReminderKind.UPDATE])}
    if not situation.has_lead:
        due[ReminderKind.LEAD] = situation.live_since + after[ReminderKind.LEAD]
    if incident.status is Status.MITIGATED and situation.mitigated_at:
        due[ReminderKind.RESOLUTION] = situation.mitigated_at + after[ReminderKind.RESOLUTION]
    return {kind: due[kind] for kind in RULES if kind in due}


def _update_due(situation: Situation, every: timedelta) -> datetime:
    """Return when the next update was promised; else it is counted from the last one, or since it is live."""
    last = situation.last_update
    if last is None or last.said_at < situation.live_since:
        return situation.live_since + every
    return last.next_due_at or last.said_at + every


def decide(situation: Situation, standing: Reminder, *, now: datetime) -> Decision:
    """Return what is to be asked at `now`.

    A snooze lasts until its time, or until what it was about is settled: then whatever is due next is asked.
    """
    due = due_times(situation)
    held = [kind for kind, at in due.items() if at <= now]
    until = standing.snoozed_until
    if until and now < until and standing.kind in held:
        return Decision(standing.kind, due[standing.kind], is_snoozed=True, look_again_at=until)
    later = min((at for at in due.values() if at > now), default=None)
    if not held:
        return Decision(look_again_at=later)
    return Decision(held[0], due[held[0]], is_anew=until is not None, look_again_at=later)
