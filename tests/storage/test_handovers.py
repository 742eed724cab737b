from dataclasses import replace

from bot.domain.handover import Brief, Handover, HandoverStatus
from bot.domain.incident import Incident
from storage import handovers
from storage.database import Database
from tests.factories import DECLARED, HELPER, LEAD, at
from tests.storage.stored import store_incident

BRIEF = Brief(state="Half is back", risks="The evening peak", next_check="16:30")


def offer(database: Database, incident: Incident, to_id: str = HELPER) -> Handover:
    with database.transaction() as connection:
        return handovers.offer(connection, incident, Handover(0, LEAD, DECLARED, to_id, BRIEF))


def standing(database: Database, incident: Incident) -> Handover | None:
    with database.reading() as connection:
        return handovers.standing(connection, incident)


def test_offer_is_read_back_whole_and_stands(database: Database) -> None:
    incident = store_incident(database)
    assert standing(database, incident) is None
    made = offer(database, incident)
    assert made == Handover(made.handover_id, LEAD, DECLARED, HELPER, BRIEF)
    assert standing(database, incident) == made


def test_offer_that_has_ended_stands_no_longer_and_says_how(database: Database) -> None:
    incident = store_incident(database)
    made = offer(database, incident)
    with database.transaction() as connection:
        handovers.move_handover(connection, made, HandoverStatus.DECLINED, by=HELPER, now=at("15:00"))
        found = handovers.handover_of(connection, incident, made.handover_id)
    assert found == replace(made, status=HandoverStatus.DECLINED, status_by=HELPER, status_at=at("15:00"))
    assert standing(database, incident) is None


def test_offers_of_other_incidents_are_not_found(database: Database) -> None:
    incident, other = store_incident(database), store_incident(database, channel_id="COTHER")
    made = offer(database, incident)
    assert standing(database, other) is None
    with database.reading() as connection:
        assert handovers.handover_of(connection, other, made.handover_id) is None
