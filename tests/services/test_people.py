from dataclasses import replace

from bot.domain.messages import MembershipChanged
from bot.domain.people import Person
from bot.domain.text import SOMEONE, channel_mark, group_mark, mention
from bot.services import people
from bot.services.world import World
from storage import capture, names
from storage.database import Connection
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.fakes import FakeSlack, ManualClock, lost
from tests.storage.stored import store_incident

ANA = Person("UANA", "ana", "Ana Silva", "Europe/Lisbon")


def known(world: World, *user_ids: str) -> dict[str, Person]:
    return dict(people.known(world, TEAM, user_ids, now=world.clock()))


def test_slack_is_asked_once_a_day_and_no_more(world: World, slack: FakeSlack, clock: ManualClock) -> None:
    slack.people["UANA"] = ANA
    for _ in range(3):
        assert known(world, "UANA", "UANA") == {"UANA": ANA}
    assert slack.calls == ["person"]
    slack.people["UANA"] = replace(ANA, real_name="Ana Sousa")
    clock.move(hours=24)
    assert known(world, "UANA") == {"UANA": ANA}
    clock.move(seconds=1)
    assert known(world, "UANA")["UANA"].real_name == "Ana Sousa"


def test_who_cannot_be_asked_for_stays_as_last_known(world: World, slack: FakeSlack, clock: ManualClock) -> None:
    slack.people["UANA"] = ANA
    known(world, "UANA")
    clock.move(days=2)
    slack.goes_wrong("person", lost(), times=9)
    assert known(world, "UANA", "UNEW") == {"UANA": ANA}
    assert people.names(world, TEAM, ["UANA", "UNEW"], now=world.clock()) == {"UANA": "Ana Silva", "UNEW": SOMEONE}


def test_unknown_people_in_a_text_that_is_edited_are_still_who_they_were(
    world: World, slack: FakeSlack, clock: ManualClock
) -> None:
    said = f"{mention('UNEW')} told {mention('UGONE')} and {mention('UANA')}"
    slack.people["UANA"] = ANA
    known(world, "UANA")
    written = people.spoken(world, TEAM, said, now=world.clock())
    assert written == "@someone unknown told @someone unknown (2) and @Ana Silva"
    slack.people["UNEW"] = Person("UNEW", "newcomer", "Nia New")
    clock.move(days=2)
    edited = people.unspoken(world, TEAM, f"{written} about it", said, now=world.clock())
    assert edited == f"{said} about it"


def test_channels_and_groups_in_a_text_have_the_names_that_are_stored(world: World) -> None:
    said = f"ask {group_mark('S1')} in {channel_mark('C1')}"
    assert people.spoken(world, TEAM, said, now=world.clock()) == "ask a user group in another channel"
    with world.database.transaction() as connection:
        names.save(connection, TEAM, {"S1": "on-call", "C1": "payments"}, now=DECLARED)
    assert people.spoken(world, TEAM, said, now=world.clock()) == "ask @on-call in #payments"


def test_nobody_is_asked_for_by_an_empty_id(world: World, slack: FakeSlack) -> None:
    assert known(world, "") == {}
    assert slack.calls == []


def test_asker_has_their_zone_and_is_in_the_channel_that_they_typed_in(world: World, slack: FakeSlack) -> None:
    slack.people["UANA"] = ANA
    actor, zone = people.actor(world, TEAM, "UANA", "CHERE", now=DECLARED)
    assert (zone, set(actor.member_of), actor.is_guest) == ("Europe/Lisbon", {"CHERE"}, False)
    assert people.actor(world, TEAM, "UANA", "", now=DECLARED)[0].member_of == frozenset()


def test_asker_is_known_to_be_in_the_channels_that_they_joined(world: World) -> None:
    store_incident(world.database)

    def move(connection: Connection, *, is_member: bool, event_ts: str) -> None:
        moved = MembershipChanged(TEAM, CHANNEL, "UANA", is_member=is_member, event_ts=event_ts)
        capture.save(connection, [moved], now=DECLARED)

    with world.database.transaction() as connection:
        move(connection, is_member=True, event_ts="1.0")
    assert people.actor(world, TEAM, "UANA", "", now=DECLARED)[0].member_of == {CHANNEL}
    with world.database.transaction() as connection:
        move(connection, is_member=False, event_ts="2.0")
    assert people.actor(world, TEAM, "UANA", "", now=DECLARED)[0].member_of == frozenset()


def test_guest_and_bot_are_known_as_such(world: World, slack: FakeSlack) -> None:
    slack.people |= {"UG": Person("UG", "", "", is_guest=True), "UB": Person("UB", "", "", is_bot=True)}
    assert people.actor(world, TEAM, "UG", "", now=DECLARED)[0].is_guest
    assert people.actor(world, TEAM, "UB", "", now=DECLARED)[0].is_bot
    assert people.actor(world, TEAM, "UNKNOWN", "", now=DECLARED)[1] == "UTC"
