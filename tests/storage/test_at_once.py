"""Several connections at the same moment, as several processes have them: nothing is lost, done twice or mixed.

Whatever is refused here would be refused to somebody; a wait is not.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.errors import TryAgainError
from bot.domain.incident import Incident
from bot.domain.messages import CaptureRecord, MembershipChanged, MessageDeleted, VoteCast, edit_rank
from storage import capture, drafts, due, incidents, posts
from storage.database import Database
from storage.drafts import Draft
from storage.due import DueItem, NewItem
from storage.posts import NewPost
from storage.tables import memberships, message_revisions, messages, votes
from tests.databases import Databases
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.storage.stored import at_once, seen, store_incident

Rows = dict[str, list[Any]]


def test_ids_have_no_gap_and_no_double(database_url: str) -> None:
    def declare(database: Database) -> list[str]:
        return [store_incident(database, channel_id=None).incident_id for _ in range(10)]

    made = [one for ids in at_once(database_url, *[declare] * 8) for one in ids]  # type: ignore[union-attr]
    assert sorted(made) == [f"INC-2026-11-20-{number:03d}" for number in range(1, 81)]


def test_private_ids_drawn_at_the_same_moment_are_all_different(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.incidents.secrets.randbits", lambda _bits: random.randrange(20))

    def declare(database: Database) -> str:
        return store_incident(database, channel_id=None, is_private=True).incident_id

    made = at_once(database_url, *[declare] * 8)
    assert len(set(made)) == 8
    assert all(isinstance(one, str) for one in made)


class Office:
    """Workers at one due table. It sees what each is at, and notes when two are at one subject."""

    def __init__(self) -> None:
        self.done: list[DueItem] = []
        self.clashes: list[str] = []
        self._at: dict[str, str] = {}
        self._lock = threading.Lock()

    def work(self, worker: str, database: Database) -> None:
        idle = 0
        # A round may find nothing because others are at everything: only a few of them mean the end.
        while idle < 20:
            with database.transaction() as connection:
                items = due.claim(connection, worker=worker, now=DECLARED, limit=3)
            idle = 0 if items else idle + 1
            self._begin(worker, items)
            for item in items:
                self._end(item, is_last=item is [one for one in items if one.subject == item.subject][-1])
                with database.transaction() as connection:
                    due.finish(connection, item, worker=worker, now=DECLARED)

    def _begin(self, worker: str, items: tuple[DueItem, ...]) -> None:
        with self._lock:
            for item in items:
                if self._at.get(item.subject, worker) != worker:
                    self.clashes.append(item.subject)
                self._at[item.subject] = worker

    def _end(self, item: DueItem, *, is_last: bool) -> None:
        with self._lock:
            self.done.append(item)
            if is_last:
                del self._at[item.subject]


def test_due_items_are_claimed_once_in_order_and_by_one_worker_a_subject(database_url: str) -> None:
    database = Database(database_url)
    with database.transaction() as connection:
        for number in range(80):
            due.put(connection, NewItem(TEAM, "line", f"incident:{number % 8}", str(number), due_at=DECLARED))
    database.close()
    office = Office()
    outcomes = at_once(database_url, *(partial(office.work, f"worker {number}") for number in range(5)))
    assert outcomes == [None] * 5
    assert Counter(item.slot for item in office.done) == Counter(str(number) for number in range(80))
    for subject in range(8):
        slots = [int(item.slot) for item in office.done if item.subject == f"incident:{subject}"]
        assert all(before < after for before, after in pairwise(slots))
    assert office.clashes == []


def test_items_that_are_put_again_while_they_are_claimed_renewed_and_given_back_keep_nobody_waiting_crosswise(
    database_url: str,
) -> None:
    slots = [str(number) for number in range(6)]

    def put(slots: list[str], database: Database) -> None:
        for _ in range(25):
            with database.transaction() as connection:
                for slot in slots:
                    due.put(connection, NewItem(TEAM, "header", f"incident:{slot}", slot, due_at=DECLARED))

    def claim(worker: str, database: Database) -> None:
        for _ in range(25):
            with database.transaction() as connection:
                items = due.claim(connection, worker=worker, now=DECLARED, limit=6)
            with database.transaction() as connection:
                due.renew(connection, [item.item_id for item in items], worker=worker, now=DECLARED)
            for item in items[::2]:
                with database.transaction() as connection:
                    due.finish(connection, item, worker=worker, now=DECLARED)
            with database.transaction() as connection:
                due.release(connection, worker=worker)

    database = Database(database_url)
    put(slots, database)
    database.close()
    # Against the order in which they are claimed.
    works = (partial(put, slots[::-1]), partial(claim, "one"), partial(claim, "two"))
    assert at_once(database_url, *works) == [None] * 3


def history() -> list[CaptureRecord]:
    """Return what happened to thirty messages: each edited twice, voted on and off, some deleted."""
    happened: list[CaptureRecord] = []
    for number in range(30):
        ts = f"1795183500.{number:06d}"
        happened.append(seen(ts=ts, text=f"message {number}"))
        for edit in (1, 2):
            edited = f"17951836{number:02d}.{edit}"
            happened.append(
                seen(ts=ts, text=f"edit {edit} of {number}", text_rank=edit_rank(edited, edited), edited_ts=edited)
            )
        happened += [
            VoteCast(TEAM, CHANNEL, ts, user, "pushpin", is_on=turn % 2 == number % 2, event_ts=f"179518370{turn}.5")
            for turn in range(3)
            for user in ("U1", "U2")
        ]
        if number % 5 == 0:
            happened.append(MessageDeleted(TEAM, CHANNEL, ts))
    for turn in range(6):
        moment = f"179518380{turn}.1"
        happened.append(MembershipChanged(TEAM, CHANNEL, f"U{turn % 2}", is_member=turn < 3, event_ts=moment))
    return happened


def save_in_batches(records: list[CaptureRecord], database: Database) -> None:
    rest = list(records)
    while rest:
        size = random.randint(5, 60)
        batch, rest = rest[:size], rest[size:]
        with database.transaction() as connection:
            capture.save(connection, batch, now=DECLARED)


def shuffled(records: list[CaptureRecord]) -> list[CaptureRecord]:
    return random.sample(records, len(records))


def stored_rows(database: Database) -> Rows:
    with database.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))))
            for table in (messages, message_revisions, votes, memberships)
        }


def test_messages_edits_votes_and_members_are_the_same_whoever_stores_them_in_whatever_order(
    database: Database, database_url: str, databases: Databases
) -> None:
    happened = history()
    url = databases.migrated()
    alone = Database(url)
    store_incident(alone)
    save_in_batches(happened, alone)
    wanted = stored_rows(alone)
    alone.close()
    databases.drop(url)

    store_incident(database)
    works = [partial(save_in_batches, shuffled(happened)) for _ in range(4)]
    assert at_once(database_url, *works) == [None] * 4
    assert stored_rows(database) == wanted
    assert len(wanted["messages"]) == 30


def test_votes_of_two_people_on_the_same_messages_keep_nobody_waiting_crosswise(
    database: Database, database_url: str
) -> None:
    store_incident(database)

    def vote(user: str, numbers: range, database: Database) -> None:
        for turn in range(10):
            cast: list[CaptureRecord] = [
                VoteCast(TEAM, CHANNEL, f"1795183500.{number:06d}", user, "pushpin", is_on=True, event_ts=f"{turn}.1")
                for number in numbers
            ]
            with database.transaction() as connection:
                capture.save(connection, cast, now=DECLARED)

    works = (partial(vote, "U1", range(40)), partial(vote, "U2", range(39, -1, -1)))
    assert at_once(database_url, *works) == [None] * 2


def test_post_is_intended_once(database: Database, database_url: str) -> None:
    incident = store_incident(database)
    new = NewPost("header:1", TEAM, incident.row_id, "header", CHANNEL)

    def intend(database: Database) -> int:
        with database.transaction() as connection:
            return posts.intend(connection, new, now=DECLARED).post_id

    first, *others = at_once(database_url, *[intend] * 6)
    assert isinstance(first, int)
    assert set(others) == {first}


def draft(made_for: str) -> Draft:
    return Draft(0, 1, made_for, "internal", DECLARED, "U1", "# Report", "<h1>", {}, "short", "0" * 64, None, None)


def save_draft(incident: Incident, made_for: str) -> Callable[[Database], int]:
    def save(database: Database) -> int:
        with database.transaction() as connection:
            return drafts.add(connection, incident, draft(made_for)).draft_id

    return save


def test_request_makes_its_draft_once(database: Database, database_url: str) -> None:
    incident = store_incident(database)
    first, *others = at_once(database_url, *[save_draft(incident, "command:1")] * 4)
    assert isinstance(first, int)
    assert set(others) == {first}


def test_of_two_drafts_of_one_number_one_is_saved_and_the_other_is_to_be_made_anew(
    database: Database, database_url: str
) -> None:
    incident = store_incident(database)
    outcomes = at_once(database_url, *(save_draft(incident, f"command:{number}") for number in range(4)))
    assert sorted(type(one).__name__ for one in outcomes) == ["TryAgainError"] * 3 + ["int"]
    assert all(
        "Draft 1 of INC-2026-11-20-001 has been made meanwhile" in str(one)
        for one in outcomes
        if isinstance(one, TryAgainError)
    )


def test_names_of_channels_are_told_to_one_at_a_time(database: Database, database_url: str) -> None:
    def reserve(incident: Incident, database: Database) -> str:
        with database.transaction() as connection:
            taken = incidents.taken_channel_names(connection, TEAM)
            name = next(f"inc-{number}" for number in range(99) if f"inc-{number}" not in taken)
            return str(incidents.change(connection, incident, channel_name=name).channel_name)

    made = [store_incident(database, channel_id=None) for _ in range(6)]
    names = at_once(database_url, *(partial(reserve, incident) for incident in made))
    assert sorted(map(str, names)) == [f"inc-{number}" for number in range(6)]
