from bot.domain.incident import Incident
from bot.domain.record import Related
from storage import links, records, undo
from storage.database import Connection, Database
from storage.undo import RemoveLink
from tests.factories import DECLARED
from tests.storage.stored import incident_in


def incidents_in(connection: Connection, *titles: str, is_private: bool = False) -> list[Incident]:
    return [incident_in(connection, channel_id=None, title=title, is_private=is_private) for title in titles]


def add(connection: Connection, one: Incident, other: Incident) -> bool:
    return links.add(connection, one, other, by="U1", now=DECLARED)


def test_link_has_no_direction_and_stands_once(database: Database) -> None:
    with database.transaction() as connection:
        one, other = incidents_in(connection, "One", "Other")
        assert (add(connection, one, other), add(connection, other, one)) == (True, False)
        assert (links.of(connection, one), links.of(connection, other)) == ((other,), (one,))


def test_links_are_given_the_oldest_first_and_not_those_of_others(database: Database) -> None:
    with database.transaction() as connection:
        one, two, three, four = incidents_in(connection, "1", "2", "3", "4")
        for pair in ((three, one), (two, three), (three, four), (one, four)):
            add(connection, *pair)
        assert links.of(connection, three) == (one, two, four)
        assert links.of(connection, two) == (three,)


def test_link_is_removed_from_either_side(database: Database) -> None:
    with database.transaction() as connection:
        one, other = incidents_in(connection, "One", "Other")
        for first, second in ((one, other), (other, one)):
            add(connection, one, other)
            links.remove(connection, first.row_id, second.row_id)
            assert links.of(connection, one) == ()
        links.remove(connection, one.row_id, other.row_id)


def test_linking_can_be_taken_back(database: Database) -> None:
    with database.transaction() as connection:
        one, other = incidents_in(connection, "One", "Other")
        add(connection, one, other)
        key = undo.remember(connection, other, [RemoveLink(one.row_id)], by="U1", now=DECLARED)
        assert undo.take_back(connection, other, key)
        assert links.of(connection, one) == ()


def test_record_names_related_incidents_that_everybody_may_know_of(database: Database) -> None:
    with database.transaction() as connection:
        (one, other), (private,) = (
            incidents_in(connection, "One", "Other"),
            incidents_in(connection, "x", is_private=True),
        )
        for found in (other, private):
            add(connection, one, found)
        assert records.load(connection, one).related == (
            Related(other.incident_id, "Other", other.kind, other.severity, other.status),
        )
        assert [related.title for related in records.load(connection, private).related] == ["One"]
