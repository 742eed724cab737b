"""What becoming part of another incident does to the rows, and that it can be taken back to the last of them."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.incident import Incident
from bot.domain.statements import CauseKind, Impact, Lesson, LessonKind, Why
from bot.domain.updates import Update
from storage import capture, incidents, links, merging, records, search, statements, tasks, undo, updates
from storage import tables as t
from storage.database import Connection, Database
from storage.merging import Moved
from storage.undo import GiveBack, OfAnother, RestoreColumns
from tests.factories import DECLARED, TEAM, make_action, make_cause, make_note, make_task
from tests.storage.stored import incident_in, seen

ENTERED = (t.notes, t.impacts, t.causes, t.whys, t.lessons, t.updates, t.actions, t.tasks)


def filled(connection: Connection, word: str, **fields: Any) -> Incident:
    """Return an incident with two of everything that can be entered, the second one taken back."""
    incident = incident_in(connection, title=f"{word} fails", **fields)
    for number in (1, 2):
        text = f"{word} {number}"
        statements.add_note(connection, incident, make_note("14:10", text))
        statements.add_impact(connection, incident, Impact(text, "U1", DECLARED))
        statements.add_cause(connection, incident, make_cause(CauseKind.ROOT, text))
        statements.add_why(connection, incident, Why(0, text, "U1", DECLARED))
        statements.add_lesson(connection, incident, Lesson(LessonKind.WELL, text, "U1", DECLARED))
        statements.add_action(connection, incident, make_action(text=text))
        tasks.add_task(connection, incident, make_task(text=text))
        updates.add_update(connection, incident, Update(0, text, "U1", DECLARED, "#incidents"))
    for table in ENTERED:
        rows = connection.execute(select(table.c.id).where(table.c.incident == incident.row_id).order_by(table.c.id))
        last = list(rows.scalars())[-1]
        connection.execute(table.update().where(table.c.id == last).values(is_removed=True))
    return incident


def everything(connection: Connection) -> dict[str, list[Any]]:
    return {table.name: list(connection.execute(select(table).order_by(table.c.id))) for table in ENTERED}


def joined(connection: Connection, part: Incident, whole: Incident) -> Moved:
    moved = merging.move(connection, part, whole)
    incidents.change(connection, part, merged_into=whole.row_id)
    return moved


def test_everything_entered_belongs_to_the_whole_with_numbers_of_its_own(database: Database) -> None:
    with database.transaction() as connection:
        whole, part = filled(connection, "Database", channel_id="C2"), filled(connection, "Checkout")
        moved = joined(connection, part, whole)
        record = records.load(connection, whole)
        for found in (record.material.notes, record.impacts, record.causes, record.whys, record.lessons):
            assert [one.text for one in found] == ["Database 1", "Checkout 1"]
        assert [one.text for one in record.communications] == ["Database 1", "Checkout 1"]
        assert [(one.number, one.text) for one in record.actions] == [(1, "Database 1"), (3, "Checkout 1")]
        assert [(one.number, one.text) for one in record.tasks] == [(1, "Database 1"), (3, "Checkout 1")]
        assert [(one.before, one.after, one.is_removed) for one in moved.numbers["actions"]] == [
            (1, 3, False),
            (2, 4, True),
        ]
        left = records.load(connection, part)
        assert (left.material.notes, left.causes, left.actions, left.tasks) == ((), (), (), ())


def test_giving_back_restores_every_row(database: Database) -> None:
    with database.transaction() as connection:
        whole, part = filled(connection, "Database", channel_id="C2"), filled(connection, "Checkout")
        before = everything(connection)
        key = undo.remember(connection, part, [GiveBack(merging.move(connection, part, whole))], by="U1", now=DECLARED)
        assert everything(connection) != before
        assert undo.merged_of(connection, key) == (part.row_id, whole.row_id)
        assert undo.take_back(connection, part, key)
        assert everything(connection) == before


def test_what_was_entered_since_stays_with_the_whole(database: Database) -> None:
    with database.transaction() as connection:
        whole, part = filled(connection, "Database", channel_id="C2"), filled(connection, "Checkout")
        key = undo.remember(connection, part, [GiveBack(merging.move(connection, part, whole))], by="U1", now=DECLARED)
        statements.add_action(connection, whole, make_action(text="since"))
        undo.take_back(connection, part, key)
        assert [(one.number, one.text) for one in statements.actions_of(connection, whole)] == [
            (1, "Database 1"),
            (5, "since"),
        ]


def test_why_chain_of_the_part_gets_its_id_for_a_name(database: Database) -> None:
    with database.transaction() as connection:
        part = filled(connection, "Checkout")
        assert len(merging.name_whys(connection, part)) == 2
        assert {why.branch for why in statements.whys_of(connection, part)} == {part.incident_id}


def test_step_can_concern_another_incident_than_its_command(database: Database) -> None:
    with database.transaction() as connection:
        one, other = incident_in(connection, channel_id=None), incident_in(connection, channel_id=None)
        incidents.change(connection, other, vendor="Acme")
        step = OfAnother(other.row_id, RestoreColumns({"vendor": None}, {"vendor": "Acme"}))
        key = undo.remember(connection, one, [step], by="U1", now=DECLARED)
        assert not undo.is_of_rows(connection, key)
        undo.take_back(connection, one, key)
        assert incidents.by_row(connection, other.row_id).vendor is None


def test_record_of_the_whole_has_the_channel_of_the_part(database: Database) -> None:
    with database.transaction() as connection:
        whole, part = incident_in(connection, channel_id="C2"), incident_in(connection)
        joined(connection, part, whole)
        capture.save(connection, [seen(text="there"), seen(text="here", channel_id="C2")], now=DECLARED)
        record = records.load(connection, whole)
        assert [message.text for message in record.material.messages] == ["here"]
        (of_part,) = record.material.parts
        assert [message.text for message in of_part.material.messages] == ["there"]
        assert record.capture.messages == 2
        (message,) = of_part.material.messages
        assert records.said_in(connection, whole, message.channel_id, message.ts).row_id == part.row_id
        assert records.said_in(connection, whole, "C2", message.ts) == whole


def test_merged_incident_is_listed_only_where_it_is_asked_for(database: Database) -> None:
    with database.transaction() as connection:
        whole, part = incident_in(connection, channel_id="C2"), incident_in(connection)
        joined(connection, part, whole)
        part = incidents.by_row(connection, part.row_id)
        assert incidents.of_team(connection, TEAM, only_open=False) == (whole,)
        assert set(incidents.of_team(connection, TEAM, only_open=False, has_parts=True)) == {whole, part}
        assert (incidents.whole_of(connection, part), incidents.whole_of(connection, whole)) == (whole, whole)
        assert (incidents.parts_of(connection, whole), incidents.parts_of(connection, part)) == ((part,), ())


def test_links_of_the_part_are_links_of_the_whole_and_lead_to_it(database: Database) -> None:
    with database.transaction() as connection:
        whole, part, third = (incident_in(connection, channel_id=None) for _ in range(3))
        for other in (whole, third):
            links.add(connection, part, other, by="U1", now=DECLARED)
        incidents.change(connection, part, merged_into=whole.row_id)
        assert links.of(connection, whole) == (third,)
        assert links.of(connection, third) == (whole,)


@pytest.mark.parametrize("word", ["002", "zebra"])
def test_whole_is_found_by_the_id_and_the_title_of_its_part(database: Database, word: str) -> None:
    with database.transaction() as connection:
        whole = incident_in(connection, channel_id="C2")
        part = incident_in(connection, title="Zebra crossing")
        joined(connection, part, whole)
        found = search.find(connection, [word], [whole.row_id])
        assert [(hit.where, hit.text) for hit in found[whole.row_id]] == [
            ("merged into it", f"{part.incident_id} Zebra crossing")
        ]
