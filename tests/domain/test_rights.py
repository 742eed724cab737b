from itertools import product

import pytest

from bot.domain.errors import NotAllowedError, NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Actor, Right, may, sees
from tests.factories import CHANNEL, REPORTER, TEAM, make_incident

PUBLIC = make_incident()
PRIVATE = make_incident(is_private=True, incident_id="INC-2026-11-20-7QRS")
HERE = frozenset({CHANNEL})
ELSEWHERE = frozenset({"C9"})

MEMBER = Actor(TEAM, "U1", member_of=ELSEWHERE)
INSIDER = Actor(TEAM, "U2", member_of=HERE)
ITS_REPORTER = Actor(TEAM, REPORTER, member_of=ELSEWHERE)
GUEST_INSIDE = Actor(TEAM, "U3", is_guest=True, member_of=HERE)
GUEST_OUTSIDE = Actor(TEAM, "U4", is_guest=True, member_of=ELSEWHERE)
BOT_INSIDE = Actor(TEAM, "U5", is_bot=True, member_of=HERE)
STRANGER = Actor("T2", "U6", member_of=HERE)


def is_allowed(actor: Actor, right: Right, incident: Incident) -> bool:
    try:
        may(actor, right, incident)
    except UserError:
        return False
    return True


SEES = [
    (MEMBER, True, False),
    (INSIDER, True, True),
    (ITS_REPORTER, True, True),
    (GUEST_INSIDE, True, True),
    (GUEST_OUTSIDE, False, False),
    (BOT_INSIDE, False, False),
    (STRANGER, False, False),
]


@pytest.mark.parametrize(("actor", "public", "private"), SEES)
def test_who_sees_an_incident(actor: Actor, *, public: bool, private: bool) -> None:
    assert (sees(actor, PUBLIC), sees(actor, PRIVATE)) == (public, private)


@pytest.mark.parametrize(("actor", "right"), list(product([MEMBER, INSIDER, ITS_REPORTER], Right)))
def test_members_may_do_everything_with_a_public_incident(actor: Actor, right: Right) -> None:
    assert is_allowed(actor, right, PUBLIC)


@pytest.mark.parametrize(("actor", "right"), list(product([INSIDER, ITS_REPORTER], Right)))
def test_those_inside_may_do_everything_with_a_private_incident(actor: Actor, right: Right) -> None:
    assert is_allowed(actor, right, PRIVATE)


@pytest.mark.parametrize(("actor", "right"), list(product([MEMBER, GUEST_OUTSIDE, BOT_INSIDE, STRANGER], Right)))
def test_private_incident_is_not_there_for_those_outside(actor: Actor, right: Right) -> None:
    with pytest.raises(NotFoundError, match="There is no incident INC-2026-11-20-7QRS that you can see"):
        may(actor, right, PRIVATE)


@pytest.mark.parametrize("right", Right)
def test_guests_may_look_and_nothing_else(right: Right) -> None:
    if right is Right.SEE:
        may(GUEST_INSIDE, right, PUBLIC)
        return
    with pytest.raises(NotAllowedError, match=f"Guests can't {right.value}"):
        may(GUEST_INSIDE, right, PUBLIC)


def test_guests_and_bots_declare_nothing_and_members_do() -> None:
    may(MEMBER, Right.DECLARE, None)
    with pytest.raises(NotAllowedError, match="Guests can't declare an incident"):
        may(GUEST_OUTSIDE, Right.DECLARE, None)
    with pytest.raises(NotAllowedError, match="Bots can't declare an incident"):
        may(BOT_INSIDE, Right.DECLARE, None)


def test_incident_without_a_channel_yet_is_private_to_its_reporter() -> None:
    early = make_incident(is_private=True, channel_id=None)
    assert sees(ITS_REPORTER, early)
    assert not sees(INSIDER, early)
    assert not sees(Actor(TEAM, "U9"), early)
