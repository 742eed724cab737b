"""Who somebody is: from storage, and from Slack when storage doesn't know or is a day old."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import UserError
from bot.domain.incident import Incident
from bot.domain.messages import MessageSeen, permalink, time_of
from bot.domain.people import Person
from bot.domain.rights import Actor
from bot.domain.text import SOMEONE, mention, mentioned, named, things_named_in, with_mentions_as
from bot.services.ports import OutsideError, RefusedError
from bot.services.world import World
from storage import capture, people
from storage import names as stored_names

FRESH_FOR = timedelta(days=1)


def known(
    world: World, team_id: str, user_ids: Iterable[str], *, now: datetime, at_most: int | None = None
) -> Mapping[str, Person]:
    """Return the people, asking Slack for those not stored or stale; for `at_most` of them while an ack is awaited.

    Soft: somebody whom Slack can't tell of now stays as last known, or missing.
    """
    wanted = [user_id for user_id in dict.fromkeys(user_ids) if user_id]
    with world.database.reading() as connection:
        found = dict(people.known(connection, team_id, wanted))
        read_at = {user_id: people.read_at(connection, team_id, user_id) for user_id in wanted}
    fetched = []
    stale = [user_id for user_id, last in read_at.items() if last is None or now - last > FRESH_FOR]
    for user_id in stale[:at_most]:
        try:
            person = world.directory.person(user_id)
        except RefusedError:
            continue
        except OutsideError:
            # Slack is slow or away: a command that waits for its ack can't ask for each of them.
            break
        if person:
            fetched.append(person)
    if fetched:
        with world.database.transaction() as connection:
            # In one order everywhere, so that two processes that save the same people can't wait crosswise.
            for person in sorted(fetched, key=lambda one: one.user_id):
                people.save(connection, team_id, person, now=now)
    return found | {person.user_id: person for person in fetched}


def check_member(world: World, team_id: str, user_id: str, cannot: str, *, now: datetime) -> None:
    """Raise UserError for bots, guests and people who have left; `cannot` says what follows: "can't be the lead"."""
    person = known(world, team_id, [user_id], now=now).get(user_id)
    if person and (person.is_bot or person.is_deactivated or person.is_guest):
        why = "a bot" if person.is_bot else "a guest" if person.is_guest else "no longer in this workspace"
        raise UserError(f"{person.name} is {why} and {cannot}. Name a member of this workspace.")


def names(
    world: World, team_id: str, user_ids: Iterable[str], *, now: datetime, at_most: int | None = None
) -> dict[str, str]:
    """Return how to call each of the people; a word where Slack can't tell. `at_most` as for `known`."""
    wanted = tuple(user_ids)
    found = known(world, team_id, wanted, now=now, at_most=at_most)
    return {user_id: found[user_id].name if user_id in found else SOMEONE for user_id in wanted}


def spoken(world: World, team_id: str, text: str, *, now: datetime, at_most: int | None = None) -> str:
    """Return stored text with the people mentioned in it as `@Name`, for places that take plain text alone.

    Channels and groups in it have the names that are stored. `at_most` as for `known`.
    """
    things = things_named_in(text)
    if things:
        with world.database.reading() as connection:
            text = named(text, stored_names.known(connection, team_id, things))
    shown = _written(world, team_id, text, now=now, at_most=at_most)
    return with_mentions_as(text, lambda user_id: f"@{shown[user_id]}")


def unspoken(world: World, team_id: str, text: str, before: str, *, now: datetime) -> str:
    """Return a text that was edited as plain text with its people mentioned again, where `before` mentioned them."""
    known_ones = _written(world, team_id, before, now=now, at_most=1)
    # Somebody may have become known since the text was written out.
    written = [*known_ones.items(), *((user_id, _unknown(at)) for at, user_id in enumerate(known_ones))]
    for user_id, name in sorted(written, key=lambda one: -len(one[1])):
        text = re.sub(rf"@{re.escape(name)}(?!\w)", mention(user_id), text)
    return text


def _written(world: World, team_id: str, text: str, *, now: datetime, at_most: int | None) -> dict[str, str]:
    """Return what stands for each person in a text that is written out; the unknown ones can be told apart."""
    wanted = mentioned(text)
    found = names(world, team_id, wanted, now=now, at_most=at_most) if wanted else {}
    return {user_id: _unknown(at) if found[user_id] == SOMEONE else found[user_id] for at, user_id in enumerate(wanted)}


def _unknown(at: int) -> str:
    return f"{SOMEONE} ({at + 1})" if at else SOMEONE


def link_to(world: World, seen: MessageSeen) -> str | None:
    """Return the address of a message, None as long as the workspace's own is not known."""
    with world.database.reading() as connection:
        workspace = people.team(connection, seen.team_id)
    return permalink(workspace.url if workspace else None, seen.channel_id, seen.ts, seen.thread_ts)


def titled(world: World, incident: Incident, *, now: datetime) -> Incident:
    """Return the incident with the people mentioned in its title by name, to be shown."""
    return replace(incident, title=spoken(world, incident.team_id, incident.title, now=now))


def has_left(world: World, team_id: str, user_id: str, channel_id: str, *, since: datetime) -> bool:
    """Whether somebody is known to have left an incident's channel after this moment (UTC), and not to be back."""
    with world.database.reading() as connection:
        last = capture.membership(connection, team_id, channel_id, user_id)
    return last is not None and not last.is_member and time_of(last.event_ts) > since


def actor(world: World, team_id: str, user_id: str, channel_id: str, *, now: datetime) -> tuple[Actor, str]:
    """Return who is asking, with their zone (IANA, UTC where unknown).

    Being in the channel that they typed in is proof of membership; others are known from joins and leaves.
    """
    person = known(world, team_id, [user_id], now=now).get(user_id)
    with world.database.reading() as connection:
        channels = capture.channels_of(connection, team_id, user_id)
    return (
        Actor(
            team_id=team_id,
            user_id=user_id,
            is_guest=person.is_guest if person else False,
            is_bot=person.is_bot if person else False,
            member_of=channels | ({channel_id} if channel_id else set()),
        ),
        person.zone if person else "UTC",
    )
