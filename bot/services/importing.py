"""Taking exported channels in as one incident.

Everything is read once before anything is stored, so that what is broken is known. Then the messages are stored batch
by batch, which leaves a running program its turns; nobody sees them before the last transaction makes the incident.
Killed before that, the import simply begins anew: the same messages make the same rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Protocol, TypeVar

from bot.domain.errors import NotFoundError, ScribeError
from bot.domain.importing import NOBODY, UNKNOWN_TEAM, Window, default_title, key_of, made_channel_id
from bot.domain.incident import CHANNEL_NAME_LIMIT, Incident, IncidentType, Kind, Severity, Status
from bot.domain.messages import CaptureRecord, MembershipChanged, MessageSeen, time_of, ts_of
from bot.domain.people import Person
from bot.domain.text import clipped
from storage import capture, incidents, names, people, requests, sources
from storage.database import Connection, Database
from storage.incidents import NewIncident
from storage.people import Team
from storage.sources import Source

T = TypeVar("T")

_BATCH = 1_000
# Before every event: whoever is seen to leave later has left.
_LONG_AGO = "0.0"


@dataclass(frozen=True, slots=True)
class ExportedChannel:
    """A channel that was chosen in an export; `key` names it there.

    `channel_id` is None where the export doesn't say it; `members` are known of a private channel.
    """

    key: str
    name: str
    channel_id: str | None
    is_private: bool
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Whose messages are read: the ids by which the channel is known here, and who the program itself is, if known."""

    team_id: str
    channel_id: str
    own_user_id: str | None = None
    own_bot_id: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What an export teaches of one message, which `ts` names."""

    ts: str
    records: tuple[CaptureRecord, ...]


class Export(Protocol):
    """An export and the channels of it that were chosen."""

    @property
    def name(self) -> str:
        """What people call the export: the name of its file."""

    @property
    def channels(self) -> tuple[ExportedChannel, ...]:
        """The chosen channels, in the order in which they were named."""

    @property
    def team_id(self) -> str | None:
        """The workspace it is from, None where it doesn't say it."""

    @property
    def listed_at(self) -> datetime:
        """When its people were listed (UTC)."""

    def messages(self, channel: ExportedChannel, place: Place) -> Iterator[Taken]:
        """Yield what is known of the messages of a channel. Raises ScribeError for what is broken."""

    def settle(self) -> None:
        """Say that everything has been read once."""

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield the id and the name of each channel of the export that everybody may read."""

    def people(self) -> Iterator[Person]:
        """Yield the people of the export, also those of whom only the messages tell that were read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for beside the channels. `title` is None for one made of the channels and their days."""

    window: Window
    severity: Severity
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """The incident, and what came into it: its messages, and how many of them were not there before.

    `is_again` says that it was there; `is_connected` that the program is connected to the workspace it belongs to.
    """

    incident: Incident
    channels: tuple[str, ...]
    messages: int
    new: int
    is_again: bool
    is_connected: bool


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found in one pass: the first and the last message of the window, and of all."""

    first: str | None = None
    last: str | None = None
    first_of_all: str | None = None
    last_of_all: str | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    """From which message to which is taken in, by their timestamps."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """An import that is about to be carried out: into which workspace, and what each channel is called there."""

    team_id: str
    own: Team | None
    places: tuple[tuple[ExportedChannel, Place], ...]
    window: Window
    key: str


def import_export(database: Database, export: Export, wanted: Wanted, *, now: datetime) -> Imported:
    """Take the chosen channels in as one incident, or add what is new to the one that they were taken into before.

    Raises NotFoundError where the window has no messages, ScribeError for what is broken in the export; nothing was
    stored then.
    """
    plan = _plan(database, export, wanted.window)
    found = _read_once(export, plan)
    export.settle()
    _store_people(database, export, plan, now=now)
    _store_names(database, export, plan)
    before = _standing(database, plan, found)
    _store_messages(database, export, plan)
    incident, is_again = _kept(database, plan, found, wanted, now=now)
    with database.reading() as connection:
        messages = sources.standing(connection, incident)
    return Imported(
        incident=incident,
        channels=tuple(channel.name for channel, _place in plan.places),
        messages=messages,
        new=_standing(database, plan, found) - before,
        is_again=is_again,
        is_connected=plan.own is not None and plan.own.team_id == plan.team_id,
    )


def _plan(database: Database, export: Export, window: Window) -> _Plan:
    with database.reading() as connection:
        connected = people.teams(connection)
        fitting = next((one for one in connected if one.team_id == export.team_id), None)
        own = fitting or (connected[0] if connected else None)
        teams = dict.fromkeys([own.team_id if own else None, export.team_id, UNKNOWN_TEAM])
        for team_id in filter(None, teams):
            plan = _plan_for(team_id, own, export, window)
            if requests.answer_of(connection, team_id, plan.key) is not None:
                return plan
    return _plan_for(own.team_id if own else export.team_id or UNKNOWN_TEAM, own, export, window)


def _plan_for(team_id: str, own: Team | None, export: Export, window: Window) -> _Plan:
    is_foreign = export.team_id is not None and export.team_id != team_id
    places = []
    for channel in _private_first(export.channels):
        channel_id = channel.channel_id or made_channel_id(channel.name)
        if is_foreign:
            # Slack would lead to no such channel of this workspace.
            channel_id = made_channel_id(export.team_id or "", channel_id)
        place = Place(team_id, channel_id, own.bot_user_id if own else None, own.bot_id if own else None)
        places.append((channel, place))
    key = key_of([place.channel_id for _channel, place in places], window)
    return _Plan(team_id, own, tuple(places), window, key)


def _private_first(channels: Sequence[ExportedChannel]) -> Iterable[ExportedChannel]:
    """Return the channels in their order, a private one before all: who may see the incident is who is in the first."""
    first = next((channel for channel in channels if channel.is_private), None)
    return channels if first is None else [first, *(channel for channel in channels if channel != first)]


def _read_once(export: Export, plan: _Plan) -> _Span:
    """Read everything, so that what is broken is met before anything is stored; return what is to be taken in."""
    found = _Read()
    for channel, place in plan.places:
        for taken in export.messages(channel, place):
            if any(isinstance(record, MessageSeen) for record in taken.records):
                found = _with(found, taken.ts, is_inside=_is_inside(taken.ts, plan.window))
    if found.first is None or found.last is None:
        raise _nothing(export, plan, found)
    return _Span(found.first, found.last)


def _with(found: _Read, ts: str, *, is_inside: bool) -> _Read:
    first_of_all, last_of_all = min(found.first_of_all or ts, ts), max(found.last_of_all or ts, ts)
    if not is_inside:
        return replace(found, first_of_all=first_of_all, last_of_all=last_of_all)
    first, last = min(found.first or ts, ts), max(found.last or ts, ts)
    return _Read(first, last, first_of_all, last_of_all)


def _is_inside(ts: str, window: Window) -> bool:
    # Exported timestamps have ten digits of seconds, as do the bounds: they are in order as texts.
    starts, ends = window.from_at, window.until
    return (starts is None or ts >= ts_of(starts)) and (ends is None or ts <= ts_of(ends))


def _nothing(export: Export, plan: _Plan, found: _Read) -> ScribeError:
    names = " and ".join(f"#{clipped(channel.name, CHANNEL_NAME_LIMIT)}" for channel, _place in plan.places)
    if found.first_of_all is None or found.last_of_all is None:
        return NotFoundError(f"{export.name} holds no messages of {names} that can be read.")
    first, last = time_of(found.first_of_all), time_of(found.last_of_all)
    return NotFoundError(
        f"Nothing was said then in {names}: the first message of {export.name} there is of {first:%Y-%m-%d %H:%M} UTC, "
        f"the last of {last:%Y-%m-%d %H:%M} UTC."
    )


def _batches(items: Iterable[T]) -> Iterator[Sequence[T]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _store_people(database: Database, export: Export, plan: _Plan, *, now: datetime) -> None:
    listed_at = min(export.listed_at, now)
    for batch in _batches(export.people()):
        with database.transaction() as connection:
            people.save_older(connection, plan.team_id, batch, read_at=listed_at)


def _store_names(database: Database, export: Export, plan: _Plan) -> None:
    """Store what the channels are called that messages may mention by their ids; what is known from Slack stays."""
    for batch in _batches(export.names()):
        with database.transaction() as connection:
            found = dict(batch)
            known = names.known(connection, plan.team_id, found)
            new = {channel_id: name for channel_id, name in found.items() if not known.get(channel_id)}
            names.save(connection, plan.team_id, new, now=export.listed_at)


def _store_messages(database: Database, export: Export, plan: _Plan) -> None:
    for channel, place in plan.places:
        taken = (one for one in export.messages(channel, place) if _is_inside(one.ts, plan.window))
        for batch in _batches(record for one in taken for record in one.records):
            # The same records make the same rows, so a transaction that was broken off is simply carried out again.
            database.retrying(partial(_store, batch))


def _store(batch: Sequence[CaptureRecord], connection: Connection) -> None:
    capture.store(connection, batch)


def _standing(database: Database, plan: _Plan, found: _Span) -> int:
    """Return how many messages stand between the first and the last that were found, in all the channels."""
    with database.reading() as connection:
        return sum(
            sources.standing_between(connection, place.team_id, place.channel_id, found.first, found.last)
            for _channel, place in plan.places
        )


def _kept(database: Database, plan: _Plan, found: _Span, wanted: Wanted, *, now: datetime) -> tuple[Incident, bool]:
    """Make the incident, or widen the one that was made before; return it, and whether it was there."""
    first, last = time_of(found.first), time_of(found.last)

    def work(connection: Connection) -> tuple[Incident, bool]:
        known = requests.answer_of(connection, plan.team_id, plan.key)
        if known is None:
            incident = _create(connection, plan, first, wanted, default_title(_names(plan), first, last))
            requests.remember(connection, plan.team_id, plan.key, {"incident": incident.row_id}, now=now)
        else:
            incident = incidents.locked(connection, incidents.by_row(connection, known["incident"]))
        _know_members(connection, plan)
        return _widened(connection, plan, incident, first, last), known is not None

    return database.retrying(work)


def _names(plan: _Plan) -> tuple[str, ...]:
    return tuple(channel.name for channel, _place in plan.places)


def _create(connection: Connection, plan: _Plan, first: datetime, wanted: Wanted, title: str) -> Incident:
    """Store the incident: over from the start, and led in no channel. Nobody declared it."""
    (channel, place), *further = plan.places
    new = NewIncident(
        team_id=plan.team_id,
        title=wanted.title or title,
        kind=Kind.RETRO,
        type=IncidentType.PRODUCTION,
        severity=wanted.severity,
        is_private=channel.is_private,
        reporter_id=NOBODY,
        declared_at=first,
    )
    incident = incidents.change(
        connection,
        incidents.create(connection, new),
        status=Status.RESOLVED.value,
        channel_id=place.channel_id,
        channel_name=clipped(channel.name, CHANNEL_NAME_LIMIT),
        holds_channel=False,
        is_adopted=True,
        is_imported=True,
    )
    sources.add(connection, incident, [Source(place.channel_id, channel.name) for channel, place in further])
    return incident


def _know_members(connection: Connection, plan: _Plan) -> None:
    """Let those see a private incident who were in its channel when it was exported; whoever has left since has."""
    channel, place = plan.places[0]
    capture.store(
        connection,
        [
            MembershipChanged(place.team_id, place.channel_id, user_id, is_member=True, event_ts=_LONG_AGO)
            for user_id in channel.members
        ],
    )


def _widened(connection: Connection, plan: _Plan, incident: Incident, first: datetime, last: datetime) -> Incident:
    """Let the incident reach from its first message to its last, or as far as was asked for."""
    starts = plan.window.from_at or min(incident.capture_from or first, first)
    ends = plan.window.until or max(incident.capture_until or last, last)
    is_private = incident.is_private or plan.places[0][0].is_private
    return incidents.change(connection, incident, capture_from=starts, capture_until=ends, is_private=is_private)
