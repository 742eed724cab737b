"""The application stops in the middle of things: what it acknowledged stays, what it promised follows."""

from collections.abc import Iterator
from threading import Thread

import pytest
from sqlalchemy import text

from bot.sandbox import visible_text
from tests.scenarios.stage import Room, Stage


class ImpatientStage(Stage):
    """A stage that soon sends again what was not acknowledged."""

    ack_timeout = 1.0


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    stage = ImpatientStage(database_url)
    stage.open()
    stage.start()
    yield stage
    stage.close()


def kept(stage: Stage, room: Room) -> list[str]:
    with stage.application.world.database.reading() as connection:
        query = text("SELECT text FROM messages WHERE channel_id = :channel ORDER BY ts")
        return list(connection.execute(query, {"channel": room.channel}).scalars())


def test_no_acknowledged_message_is_lost_when_the_application_stops_under_load(stage: Stage) -> None:
    room = stage.declare("Stopped under load")
    said = [f"message {number}" for number in range(200)]

    def talk() -> None:
        for words in said:
            stage.people.say("ana", room.channel, words)

    talking = Thread(target=talk)
    talking.start()
    stage.wait_until(lambda: len(kept(stage, room)) > 20)
    stage.stop(is_gentle=False)
    talking.join()
    stage.start()
    stage.settle()
    acked = [
        delivery.payload["event"]["text"]
        for delivery in stage.sandbox.sockets.deliveries
        if delivery.acked and delivery.payload["event"].get("text", "").startswith("message ")
    ]
    stored = kept(stage, room)
    assert len(acked) > 20
    assert set(acked) <= set(stored)
    assert len(stored) == len(set(stored))


def test_draft_that_was_promised_is_made_by_the_next_process(stage: Stage) -> None:
    room = stage.declare("Promised")
    stage.application.scheduler.stop()
    assert stage.type("ana", room.channel, "/postmortem draft").startswith("Working on the draft")
    stage.stop()
    stage.start()
    stage.settle()
    assert [file.name for file in stage.screen.files()] == [f"{room.incident_id}-draft-1.md"]
    assert len([one for one in stage.screen.messages(room.channel) if "Postmortem of" in visible_text(one)]) == 1


def test_line_and_header_that_were_promised_follow_after_a_restart(stage: Stage) -> None:
    room = stage.declare("Still to say")
    stage.application.scheduler.stop()
    stage.type("ana", room.channel, "/incident mitigated")
    assert "*Status*\nInvestigating" in stage.header_text(room)
    stage.stop()
    stage.start()
    stage.settle()
    assert "*Status*\nMitigated" in stage.header_text(room)
    assert stage.bot_said(room.channel)[1:] == ["Status: mitigated (@Ana Silva)"]


def test_incidents_are_numbered_on_after_a_restart(stage: Stage) -> None:
    first = stage.declare("Before the restart")
    stage.stop()
    stage.start()
    second = stage.declare("After the restart")
    assert int(second.incident_id[-3:]) == int(first.incident_id[-3:]) + 1
