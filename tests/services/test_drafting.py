import hashlib
from datetime import timedelta

import pytest

from bot.domain.incident import Incident
from bot.domain.messages import VoteCast
from bot.domain.people import Person
from bot.domain.postmortem.audiences import Audience
from bot.services import draft, jobs
from bot.services.ports import OutcomeUnknownError
from bot.services.world import World
from storage import capture, drafts, due, incidents
from storage.drafts import Draft
from tests.factories import CHANNEL, DECLARED, TEAM, at, ts_of
from tests.fakes import FakeSlack, ManualClock, ask, lost
from tests.storage.stored import seen, store_incident


def pin(world: World, clock: str, text: str, voter: str) -> None:
    key = ts_of(at(clock))
    cast = VoteCast(TEAM, CHANNEL, key, voter, "pushpin", is_on=True, event_ts=key)
    with world.database.transaction() as connection:
        capture.save(connection, [seen(clock, text), cast], now=DECLARED)


def work_off(world: World, kind: str) -> None:
    with world.database.transaction() as connection:
        found = due.claim(connection, worker="w", now=world.clock(), limit=99)
    for item in found:
        if item.kind == kind:
            draft.make_draft(world, item)
        with world.database.transaction() as connection:
            due.finish(connection, item, worker="w", now=world.clock())


def make(world: World, key: str = "d") -> Draft:
    draft.ask_for_draft(world, ask(key), Audience.INTERNAL)
    work_off(world, jobs.DRAFT)
    return newest(world)


def newest(world: World) -> Draft:
    with world.database.reading() as connection:
        incident = incidents.by_channel(connection, TEAM, CHANNEL)
        assert incident is not None
        found = drafts.latest(connection, incident)
    assert found is not None
    return found


@pytest.fixture
def incident(world: World) -> Incident:
    return store_incident(world.database)


def test_voters_whom_nobody_has_asked_for_yet_are_asked_for_before_they_count(
    world: World, slack: FakeSlack, incident: Incident
) -> None:
    slack.people["UBOT2"] = Person("UBOT2", "robot", "", is_bot=True)
    pin(world, "14:10", "A person pinned this", "UANA")
    pin(world, "14:11", "A robot pinned this", "UBOT2")
    markdown = make(world).markdown
    assert "A person pinned this" in markdown
    assert "A robot pinned this" not in markdown


def test_each_draft_is_a_revision_of_its_own_and_the_earlier_stay(
    world: World, slack: FakeSlack, incident: Incident
) -> None:
    first = make(world, "d1")
    pin(world, "14:10", "Something new", "UANA")
    second = make(world, "d2")
    assert (first.revision, second.revision) == (1, 2)
    with world.database.reading() as connection:
        assert drafts.by_revision(connection, incident, 1) == first
    assert second.sha256 == hashlib.sha256(second.markdown.encode()).hexdigest() != first.sha256
    (summary,) = slack.posted("draft-summary")
    assert getattr(summary.view, "revision", None) == 2


def test_revision_that_could_not_be_posted_is_kept_and_posted_later(
    world: World, slack: FakeSlack, incident: Incident
) -> None:
    slack.goes_wrong("send", lost())
    with pytest.raises(OutcomeUnknownError):
        make(world)
    kept = newest(world)
    pin(world, "14:10", "Said after it was asked for", "UANA")
    with world.database.transaction() as connection:
        (item,) = due.claim(connection, worker="other", now=DECLARED + due.LEASE, limit=1)
    draft.make_draft(world, item)
    assert newest(world) == kept
    assert [file.content.decode() for file in slack.files.values()] == [kept.markdown]


def test_first_draft_sets_the_follow_ups_and_a_later_one_does_not_move_them(
    world: World, clock: ManualClock, incident: Incident
) -> None:
    make(world, "d1")
    clock.move(days=3)
    draft.ask_for_draft(world, ask("d2", now=clock()), Audience.INTERNAL)
    work_off(world, jobs.DRAFT)
    with world.database.transaction() as connection:
        waiting = due.claim(connection, worker="w", now=DECLARED + timedelta(days=60), limit=9)
    set_for = {item.slot: item.due_at for item in waiting if item.kind == jobs.FOLLOW_UP}
    assert set_for == {"30d": DECLARED + timedelta(days=30), "60d": DECLARED + timedelta(days=60)}
