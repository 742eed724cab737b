"""Editing single entries of the timeline: their words, time, phase and weight; keeping out, removing. All with Undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain import editing
from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.messages import permalink
from bot.domain.milestones import SETTABLE, Milestone
from bot.domain.rights import Right
from bot.domain.text import clipped, one_line
from bot.domain.timeline import Entry, Material, message_entries, milestone_entries, note_entry
from bot.domain.when import Moment, echo
from bot.services import people, status
from bot.services.requests import Outcome, Request, carry_out, look
from bot.services.views import AnswerView
from bot.services.world import World
from storage import capture, curations, due, incidents, records, statements
from storage import people as stored_people
from storage.database import Connection
from storage.undo import RestoreRow, Step

_ECHO_LENGTH = 120
_GONE = "That entry is no longer on the timeline."


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What the form of an entry holds when it opens, and what it remembers of that."""

    incident: Incident
    entry: Entry
    held: Mapping[str, str]
    base: Mapping[str, str]


def open_form(world: World, request: Request, reference: str) -> EntryForm:
    """Return what the form of an entry holds. Raises UserError where it may not be edited, or is gone."""
    incident = look(world, request, _right(reference))
    with world.database.reading() as connection:
        entry = _entry(world, connection, incident, reference)
    text = people.spoken(world, incident.team_id, entry.text or entry.words, now=request.now, at_most=1)
    held = editing.held(entry, text, request.zone)
    return EntryForm(incident, entry, held, editing.base_of(held))


@dataclass(frozen=True, slots=True)
class Proposed:
    """The message that something is made from: its words with people by name, and its address."""

    text: str
    link: str | None


def proposed(world: World, request: Request, ts: str) -> Proposed:
    """Return the words of a message, for the form of what a reaction on it proposes. Raises NotFoundError."""
    incident = look(world, request, Right.STATE)
    with world.database.reading() as connection:
        messages = _of_message(connection, incident, ts).messages
        workspace = stored_people.team(connection, incident.team_id)
    if not messages:
        raise NotFoundError("That message is gone, and what was proposed with it.")
    text = people.spoken(world, incident.team_id, messages[0].words, now=request.now, at_most=1)
    first = messages[0]
    link = permalink(workspace.url if workspace else None, first.channel_id, first.ts, first.thread_ts)
    return Proposed(text.strip(), link)


def edit(
    world: World, request: Request, reference: str, base: Mapping[str, str], given: Mapping[str, str]
) -> AnswerView:
    """Store what was changed in the form, and nothing else; of a milestone the time alone.

    `base` is what the form remembers, `given` what it holds now. Raises UserError, `field` naming where.
    """
    changed = editing.changed(base, given, now=request.now, zone=request.zone)
    if reference in set(Milestone):
        return _retime(world, request, Milestone(reference), changed)
    incident = look(world, request, _right(reference))
    if "text" in changed:
        with world.database.reading() as connection:
            before = _entry(world, connection, incident, reference).text
        changed["text"] = people.unspoken(world, incident.team_id, changed["text"], before, now=request.now)

    def change(connection: Connection, incident: Incident) -> Outcome:
        entry = _entry(world, connection, incident, reference)
        if not changed:
            return Outcome("That entry stays as it was.")
        return _decided(connection, incident, entry, request, _said(entry, changed, request), changed)

    return carry_out(world, request, _right(reference), change)


def set_key(world: World, request: Request, reference: str, *, is_key: bool) -> AnswerView:
    """Say that an entry is a key decision, or that it is none. Raises UserError when it is gone."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        entry = _entry(world, connection, incident, reference)
        said = f"{_short(entry)} is {'a' if is_key else 'no longer a'} key decision."
        return _decided(connection, incident, entry, request, said, {"is_key": is_key}, is_edit=False)

    return carry_out(world, request, _right(reference), change)


def keep_out(world: World, request: Request, reference: str) -> AnswerView:
    """Keep a message out of the report, whatever reactions it has or gets. Raises UserError when it is gone."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        entry = _entry(world, connection, incident, reference)
        said = f"{_short(entry)} stays out of the report."
        return _curated(connection, incident, entry, request, said, is_kept_out=True)

    return carry_out(world, request, _right(reference), change)


def remove(world: World, request: Request, reference: str) -> AnswerView:
    """Take an entry off the timeline: a note for good, a message until somebody else reacts to it.

    What was edited goes with it. Raises UserError when it is gone.
    """

    def change(connection: Connection, incident: Incident) -> Outcome:
        entry = _entry(world, connection, incident, reference)
        said = f"{_short(entry)} is off the timeline."
        if entry.message_ts is None:
            key = int(reference.removeprefix("n"))
            statements.remove(connection, "notes", key)
            return Outcome(said, undo=(RestoreRow("notes", key, {"is_removed": False}, {"is_removed": True}),))
        votes = _of_message(connection, incident, reference[1:]).votes
        without = [[vote.user_id, vote.emoji] for vote in votes]
        nothing: dict[str, Any] = {"text": None, "at": None, "phase": None, "is_key": None, "was_edited": False}
        # What was just taken off must not come back as a suggestion.
        nothing |= {"was_suggested": False, "is_declined": True}
        return _curated(connection, incident, entry, request, said, without=without, **nothing)

    return carry_out(world, request, _right(reference), change)


def _right(reference: str) -> Right:
    """Return what editing an entry asks for: what making one like it does."""
    if reference in set(Milestone):
        return Right.CHANGE
    return Right.MARK if reference.startswith("m") else Right.STATE


def _entry(world: World, connection: Connection, incident: Incident, reference: str) -> Entry:
    """Return the entry that a reference names. Raises NotFoundError when it is gone."""
    found: list[Entry] = []
    if reference in set(Milestone):
        stamps = incidents.stamps_of(connection, incident)
        found = [one for one in milestone_entries(stamps, ()) if one.reference == reference]
    elif reference.startswith("m"):
        material = _of_message(connection, incident, reference[1:])
        found = list(message_entries(material, world.policy.emoji))
    elif reference.startswith("n"):
        found = [
            note_entry(note) for note in statements.notes_of(connection, incident) if f"n{note.note_id}" == reference
        ]
    if not found:
        raise NotFoundError(_GONE)
    return found[0]


def _of_message(connection: Connection, incident: Incident, named: str) -> Material:
    """Return what the entry of a message is made of; `named` is its timestamp, `ts@channel` in a part's channel."""
    ts, _, channel_id = named.partition("@")
    said_in = records.said_in(connection, incident, channel_id, ts) if channel_id else incident
    return records.material_of_message(connection, said_in, ts)


def _decided(
    connection: Connection,
    incident: Incident,
    entry: Entry,
    request: Request,
    said: str,
    changed: Mapping[str, Any],
    *,
    is_edit: bool = True,
) -> Outcome:
    """Store what was decided of an entry, on its message or on its note."""
    values = {name: value.value if name == "phase" else value for name, value in changed.items()}
    if entry.message_ts is None:
        key = int(entry.reference.removeprefix("n"))
        before = {name: getattr(entry, name) for name in changed}
        before |= {"phase": entry.phase.value if entry.phase else None} if "phase" in changed else {}
        statements.change_note(connection, key, **values)
        return Outcome(said, undo=(RestoreRow("notes", key, before, values),))
    # One that was edited stays when its last reaction goes.
    return _curated(connection, incident, entry, request, said, **values, **({"was_edited": True} if is_edit else {}))


def _curated(
    connection: Connection, incident: Incident, entry: Entry, request: Request, said: str, **decided: Any
) -> Outcome:
    assert entry.channel_id is not None
    assert entry.message_ts is not None
    steps: tuple[Step, ...] = (curations.decide(connection, incident, entry.channel_id, entry.message_ts, **decided),)
    return Outcome(said, undo=steps, jobs=(mark(incident, entry.channel_id, entry.message_ts, request),))


def mark(incident: Incident, channel_id: str, ts: str, request: Request) -> due.NewItem:
    """Return the work that brings the bot's mark on a message up to date."""
    return due.NewItem(incident.team_id, capture.MARK_JOB, channel_id, ts, due_at=request.now)


def _retime(world: World, request: Request, milestone: Milestone, changed: Mapping[str, Any]) -> AnswerView:
    if milestone not in SETTABLE:
        raise UserError("The declaration was when it was: it can't be moved.", field="when")
    if "at" not in changed:
        return AnswerView(f"“{milestone.value.capitalize()}” stays as it was.")
    return status.set_milestone(world, request, milestone, Moment(changed["at"], request.zone, explicit_zone=False))


def _said(entry: Entry, changed: Mapping[str, Any], request: Request) -> str:
    """Return what was changed, with what it was."""
    lines = []
    if "text" in changed:
        lines.append(f"Now: {clipped(one_line(changed['text']), _ECHO_LENGTH)} (was: {_short(entry)})")
    else:
        lines.append(f"Changed: {_short(entry)}")
    if "at" in changed:
        now, was = (
            echo(Moment(at, request.zone, explicit_zone=False), now=request.now) for at in (changed["at"], entry.at)
        )
        lines.append(f"When: {now} (was {was})")
    if "phase" in changed:
        lines.append(f"Phase: {changed['phase'].value}" + (f" (was {entry.phase.value})" if entry.phase else ""))
    if "is_key" in changed:
        lines.append("A key decision" if changed["is_key"] else "No longer a key decision")
    return "\n".join(lines)


def _short(entry: Entry) -> str:
    return f"“{clipped(one_line(entry.words), _ECHO_LENGTH)}”"
