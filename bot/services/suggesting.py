"""Taking up what the program suggests for the timeline, one by one or all together, or turning it down. With Undo."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.errors import NotFoundError
from bot.domain.incident import Incident
from bot.domain.messages import permalink, ts_rank
from bot.domain.milestones import Milestone
from bot.domain.rights import Right
from bot.domain.suggesting import Suggested, suggested
from bot.domain.suggestions import ProposedMilestone
from bot.domain.text import clipped, counted, one_line
from bot.domain.timeline import Entry
from bot.domain.when import Moment, echo
from bot.services.entries import mark
from bot.services.requests import Outcome, Request, carry_out, look
from bot.services.status import stamp_steps
from bot.services.views import AnswerView
from bot.services.world import World
from storage import curations, records
from storage import people as stored_people
from storage.database import Connection
from storage.undo import Step

_ECHO_LENGTH = 120
_GONE = "That suggestion is gone: its message was changed, or somebody decided about it."


def accept(world: World, request: Request, reference: str) -> AnswerView:
    """Put a suggested message on the timeline. Raises NotFoundError when it is suggested no more."""
    entry = _find(_suggested(world, request), reference)

    def change(connection: Connection, incident: Incident) -> Outcome:
        return _accepted(connection, incident, request, [entry], f"On the timeline: {_short(entry)}.")

    return carry_out(world, request, Right.MARK, change)


def accept_all(world: World, request: Request, until: str) -> AnswerView:
    """Put all that is suggested on the timeline, up to the message with this timestamp, the last that was known.

    Raises NotFoundError when nothing is suggested any more.
    """
    entries = [
        entry for entry in _suggested(world, request).entries if ts_rank(entry.message_ts or "0") <= ts_rank(until)
    ]
    if not entries:
        raise NotFoundError("Nothing is suggested any more.")

    def change(connection: Connection, incident: Incident) -> Outcome:
        said = f"{counted(len(entries), 'suggestion')} put on the timeline."
        return _accepted(connection, incident, request, entries, said)

    return carry_out(world, request, Right.MARK, change)


def decline(world: World, request: Request, reference: str) -> AnswerView:
    """Suggest a message no more. Raises NotFoundError when it is not suggested any more."""
    entry = _find(_suggested(world, request), reference)

    def change(connection: Connection, incident: Incident) -> Outcome:
        assert entry.channel_id is not None
        assert entry.message_ts is not None
        step = curations.decide(connection, incident, entry.channel_id, entry.message_ts, is_declined=True)
        return Outcome(f"{_short(entry)} is not suggested any more.", undo=(step,))

    return carry_out(world, request, Right.MARK, change)


def accept_milestone(world: World, request: Request, milestone: Milestone) -> AnswerView:
    """Set a milestone as it is proposed, standing on its message, which is taken up where it is suggested itself.

    Raises NotFoundError when it is not proposed any more, UserError when it would contradict another one.
    """
    found = _suggested(world, request, Right.CHANGE)
    proposed = next((one for one in found.milestones if one.milestone is milestone), None)
    if proposed is None:
        raise NotFoundError(f"“{milestone.value}” is not proposed any more.")
    told = [entry for entry in found.entries if _is_of(entry, proposed)]

    def change(connection: Connection, incident: Incident) -> Outcome:
        ts, link = _evidence(connection, incident, proposed)
        steps = stamp_steps(
            world, connection, incident, milestone, proposed.at, request, message_ts=ts, message_link=link
        )
        when = echo(Moment(proposed.at, request.zone, explicit_zone=False), now=request.now)
        said = f"{milestone.value.capitalize()}: {when}, as {_quoted(proposed.message.text)} says."
        taken_up = _accepted(connection, incident, request, told, said)
        return replace(taken_up, undo=(*steps, *taken_up.undo), refreshes_header=True)

    return carry_out(world, request, Right.CHANGE, change)


def _suggested(world: World, request: Request, right: Right = Right.MARK) -> Suggested:
    incident = look(world, request, right)
    with world.database.reading() as connection:
        record = records.load(connection, incident)
    return suggested(record.material, world.policy.emoji)


def _is_of(entry: Entry, proposed: ProposedMilestone) -> bool:
    return (entry.channel_id, entry.message_ts) == (proposed.message.channel_id, proposed.message.ts)


def _find(found: Suggested, reference: str) -> Entry:
    for entry in found.entries:
        if entry.reference == reference:
            return entry
    raise NotFoundError(_GONE)


def _accepted(
    connection: Connection, incident: Incident, request: Request, entries: Sequence[Entry], said: str
) -> Outcome:
    steps: list[Step] = []
    jobs = []
    for entry in entries:
        assert entry.channel_id is not None
        assert entry.message_ts is not None
        # The words stay the message's own: what its author edits away later must not stand here.
        decided = {"was_suggested": True, "phase": entry.phase.value if entry.phase else None}
        decided |= {"is_key": True} if entry.is_key else {}
        steps.append(curations.decide(connection, incident, entry.channel_id, entry.message_ts, **decided))
        jobs.append(mark(incident, entry.channel_id, entry.message_ts, request))
    return Outcome(said, undo=tuple(steps), jobs=tuple(jobs))


def _evidence(connection: Connection, incident: Incident, proposed: ProposedMilestone) -> tuple[str | None, str | None]:
    """Return the timestamp of the message in the incident's own channel, else its address elsewhere."""
    message = proposed.message
    if message.channel_id == incident.channel_id:
        return message.ts, None
    workspace = stored_people.team(connection, incident.team_id)
    return None, permalink(workspace.url if workspace else None, message.channel_id, message.ts, message.thread_ts)


def _short(entry: Entry) -> str:
    return _quoted(entry.text)


def _quoted(text: str) -> str:
    return f"“{clipped(one_line(text), _ECHO_LENGTH)}”"
