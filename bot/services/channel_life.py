"""What becomes of an incident's channel: renamed, made private, archived, deleted, or left by the program.

An event is stored as it comes, once; what follows in Slack is a due item that first asks what the channel is like now,
so that events may come late, twice and in any order.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain.adoption import ChannelFacts, covers, is_led_here
from bot.domain.capturing import GapCause
from bot.domain.channels import ChannelChange, ChannelChanged, ChannelMoved
from bot.domain.incident import Incident, Status
from bot.domain.messages import MembershipChanged, time_of, ts_of, ts_rank
from bot.domain.text import channel_mark
from bot.domain.timeline import Note
from bot.services import jobs, people, reconciling
from bot.services.ports import ChannelGoneError
from bot.services.world import World
from storage import capture, due, gaps, incidents, links, moved_channels, requests, sources, statements, undo
from storage import people as stored_people
from storage.database import Connection
from storage.due import DueItem

log = structlog.get_logger()

# Somebody who left right after the list of members was read must not be back in.
_CLOCK_TOLERANCE = timedelta(seconds=10)


def noticed(world: World, changed: ChannelChanged) -> None:
    """Store what happened to a channel, if an incident is or was led in it. A second delivery changes nothing."""
    key = f"channel:{changed.channel_id}:{changed.change.value}:{changed.event_ts}"
    now = world.clock()

    def work(connection: Connection) -> bool:
        led = _concerned(connection, changed.team_id, changed.channel_id)
        if not led or requests.answer_of(connection, changed.team_id, key) is not None:
            return False
        requests.remember(connection, changed.team_id, key, {}, now=now)
        news = _news(connection, changed, now)
        for incident in led:
            for one in news:
                _follow(connection, incident, one, now)
            if news:
                _tell(connection, world.policy.command, incident, news[-1], now)
        if news:
            due.put(connection, jobs.channel(changed.team_id, changed.channel_id, now=now))
        return bool(news)

    if world.database.retrying(work):
        log.info("channel changed", channel=changed.channel_id, change=changed.change.value)
        world.wake()


def _concerned(connection: Connection, team_id: str, channel_id: str) -> tuple[Incident, ...]:
    """Return the incidents that are or were led in a channel, and those that were taken in from there."""
    return (
        *incidents.in_channel(connection, team_id, channel_id),
        *sources.taken_from(connection, team_id, channel_id),
    )


def _news(connection: Connection, changed: ChannelChanged, now: datetime) -> tuple[ChannelChanged, ...]:
    """Return what is new in a change, in order of time.

    That the program is no longer in a channel Slack tells in two ways; and it may be back when that arrives.
    """
    if changed.change not in (ChannelChange.LEFT, ChannelChange.JOINED):
        return (changed,)
    place = changed.team_id, changed.channel_id, _own_id(connection, changed.team_id)
    is_in = changed.change is ChannelChange.JOINED
    known = capture.membership(connection, *place)
    capture.save(connection, [MembershipChanged(*place, is_member=is_in, event_ts=changed.event_ts)], now=now)
    # Nobody saw the program come into a channel that it made: not knowing means inside.
    was_in = known.is_member if known else True
    if known is None or ts_rank(known.event_ts) < ts_rank(changed.event_ts):
        is_new = was_in is not is_in and (not is_in or _is_first(connection, changed, now))
        return (changed,) if is_new else ()
    back = replace(changed, change=ChannelChange.JOINED, event_ts=known.event_ts)
    is_late = was_in and not is_in and _is_first(connection, back, now)
    return (changed, back) if is_late else ()


def _is_first(connection: Connection, back: ChannelChanged, now: datetime) -> bool:
    """Whether the program's coming back at this moment has not been noted before; remember that it is now."""
    key = f"channel:{back.channel_id}:back:{ts_rank(back.event_ts)}"
    if requests.answer_of(connection, back.team_id, key) is not None:
        return False
    requests.remember(connection, back.team_id, key, {}, now=now)
    return True


def _own_id(connection: Connection, team_id: str) -> str:
    team = stored_people.team(connection, team_id)
    assert team is not None
    return team.bot_user_id


def _follow(connection: Connection, incident: Incident, changed: ChannelChanged, now: datetime) -> None:
    """Store what a change means for one incident: its privacy, a line on its timeline."""
    if changed.change is ChannelChange.MADE_PRIVATE:
        _make_private(connection, incident, now)
    if changed.change in (ChannelChange.LEFT, ChannelChange.JOINED):
        _follow_presence(connection, incident, changed, now)
    noted = _NOTED.get(changed.change)
    if noted and is_led_here(incident, now):
        by = _own_id(connection, incident.team_id)
        whole = incidents.whole_of(connection, incident)
        text = noted if whole == incident else f"{incident.incident_id}: {noted}"
        statements.add_note(connection, whole, Note(0, time_of(changed.event_ts), text, by, now))


def _follow_presence(connection: Connection, incident: Incident, changed: ChannelChanged, now: datetime) -> None:
    """Store since when nothing of the channel reaches the program, or that it is over; then all is to be compared."""
    at = time_of(changed.event_ts)
    if changed.change is ChannelChange.LEFT and covers(incident, at):
        gaps.begin(connection, incident, GapCause.NOT_IN_CHANNEL, at)
    elif changed.change is ChannelChange.JOINED and gaps.end(connection, incident, GapCause.NOT_IN_CHANNEL, at):
        reconciling.ask(connection, incident, now=now, doubtful=True)


def moved(world: World, new: ChannelMoved) -> None:
    """Follow a channel to its new id. A second delivery changes nothing."""
    now = world.clock()

    def work(connection: Connection) -> int:
        led = moved_channels.move(connection, new.team_id, new.old_id, new.new_id)
        for incident in led:
            # What was said under the new id before this arrived belonged to nobody.
            since = time_of(new.event_ts)
            if since < now:
                gaps.add(connection, incident, GapCause.MOVED, since, now)
            reconciling.ask(connection, incident, now=now, doubtful=True)
            due.put(connection, jobs.header(incident, now=now))
        return len(led)

    if world.database.retrying(work):
        log.info("channel has a new id", channel=new.new_id, before=new.old_id)
        world.wake()


def _tell(connection: Connection, command: str, incident: Incident, changed: ChannelChanged, now: datetime) -> None:
    """Let somebody in charge be told, if there is something to tell."""
    told = _told(command, incident, changed.change, now)
    if told:
        slot = f"{changed.change.value}:{changed.event_ts}"
        due.put_once(connection, jobs.tell(incident, slot, told, now=now))


def _make_private(connection: Connection, incident: Incident, now: datetime) -> None:
    """Let an incident exist only for the people in its channel from now on; its id stays.

    So does what it has become part of, and what has become part of that: it tells of what was said here.
    """
    # Nobody joins it with another meanwhile, takes it apart, or decides by what it was before.
    incidents.lock_merging(connection, incident.team_id)
    whole = incidents.whole_of(connection, incidents.by_row(connection, incident.row_id))
    for each in (whole, *incidents.parts_of(connection, whole)):
        one = incidents.locked(connection, each)
        # Private already, such as for its type, it could be made public again by taking that back.
        undo.keep_private(connection, one)
        if not one.is_private:
            incidents.change(connection, one, is_private=True)
            # Those that it is linked with name it no longer.
            for shown in (one, *links.of(connection, one)):
                due.put(connection, jobs.header(shown, now=now))


_NOTED = {
    ChannelChange.LEFT: "Incident Scribe was taken out of the channel: what was said from here on is not recorded",
    ChannelChange.JOINED: "Incident Scribe is in the channel again",
}


def _told(command: str, incident: Incident, change: ChannelChange, now: datetime) -> str:
    """Return what somebody in charge is to know of it, empty for nothing."""
    if incident.status in (Status.CLOSED, Status.CANCELLED) or not is_led_here(incident, now):
        return ""
    channel, name = channel_mark(incident.channel_id or ""), incident.incident_id
    match change:
        case ChannelChange.LEFT:
            return (
                f"Incident Scribe was taken out of {channel}: what is said there is no longer recorded for {name}. "
                "To go on, type there: /invite @Incident Scribe"
            )
        case ChannelChange.DELETED:
            return (
                f"The channel of {name} was deleted. What was recorded until then stays: {command} {name} timeline all"
            )
        case ChannelChange.ARCHIVED if not incident.status.is_over:
            return (
                f"{channel} was archived while {name} is still {incident.status.value}: nothing can be said there "
                f"any more. If it is over: {command} {name} resolve"
            )
        case ChannelChange.MADE_PUBLIC if incident.is_private:
            return (
                f"{channel} was made public: everybody can read what is said there. {name} itself stays private, in "
                "lists, searches and announcements."
            )
        case _:
            return ""


def look_again(world: World, item: DueItem) -> None:
    """Learn what an incident's channel is like now. Raises OutsideError where trying again is right."""
    channel_id = jobs.channel_of(item.subject)
    with world.database.reading() as connection:
        led = _concerned(connection, item.team_id, channel_id)
        own_id = _own_id(connection, item.team_id)
    # So that what is noted in the program's name has its name.
    people.known(world, item.team_id, [own_id], now=world.clock())
    try:
        facts = world.channels.about(channel_id)
        for incident in led:
            learn(world, incident, facts)
        if facts.is_private:
            know_members(world, item.team_id, channel_id)
    except ChannelGoneError as error:
        log.info("channel not shown to the bot any more", channel=channel_id, code=error.code)


def learn(world: World, incident: Incident, facts: ChannelFacts) -> Incident:
    """Store what the incident's channel is called and whether it is private; return the incident as it is now."""
    with world.database.transaction() as connection:
        # Before any row, as whoever reserves a name does it.
        incidents.lock_channel_names(connection, incident.team_id)
        if facts.is_private:
            _make_private(connection, incident, world.clock())
        incident = incidents.locked(connection, incident)
        if incident.holds_channel and facts.name and incident.channel_name != facts.name:
            incident = incidents.rename_channel(connection, incident, facts.name)
    world.wake()
    return incident


def know_members(world: World, team_id: str, channel_id: str) -> None:
    """Store who is in a channel: nobody saw them come. A later coming or going outranks it. Raises OutsideError."""
    seen_at = ts_of(world.clock() - _CLOCK_TOLERANCE)
    inside = world.channels.members(channel_id)
    world.writer.save(
        [MembershipChanged(team_id, channel_id, user_id, is_member=True, event_ts=seen_at) for user_id in inside]
    )
