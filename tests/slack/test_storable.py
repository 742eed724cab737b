"""What Slack sends becomes records that every database can keep, whatever signs are in it."""

import dataclasses
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import CaptureRecord
from bot.slack.payloads import membership_record, message_from_history, message_record, vote_record
from storage import capture
from storage.database import Database
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.storage.stored import store_incident

# PostgreSQL refuses a null; half of a pair of surrogates can't be written as UTF-8 at all.
ODD = "odd\x00 \ud83d sign"
TS = "1795183500.000100"
odd_texts = st.text(st.characters(codec=None), max_size=12).map(lambda text: f"{text}\x00\udc00x")


def event(text: str) -> Mapping[str, object]:
    return {
        "channel": CHANNEL,
        "ts": TS,
        "event_ts": TS,
        "text": text,
        "user": text,
        "username": text,
        "bot_id": text,
        "reaction": text,
        "type": "reaction_added",
        "item": {"type": "message", "channel": CHANNEL, "ts": TS},
        "blocks": [{"type": "section", "text": {"text": text}}],
        "attachments": [{"title": text, "fields": [{"title": text, "value": text}]}],
        "files": [{"title": text}],
    }


def records(text: str) -> list[CaptureRecord]:
    """Return every record that an event with this text in each field teaches."""
    one = event(text)
    found = [
        message_record(TEAM, one, own_bot_id="B0", own_user_id="U0"),
        message_from_history(TEAM, CHANNEL, one),
        vote_record(TEAM, one),
        membership_record(TEAM, one),
    ]
    return [record for record in found if record is not None]


@given(odd_texts)
def test_no_record_has_a_sign_that_a_database_refuses(text: str) -> None:
    made = records(text)
    assert len(made) == 4
    for record in made:
        for value in dataclasses.asdict(record).values():
            if isinstance(value, str):
                assert "\x00" not in value
                assert value.encode()


@pytest.mark.parametrize("text", [ODD])
def test_records_with_odd_signs_are_stored(database: Database, text: str) -> None:
    store_incident(database)
    with database.transaction() as connection:
        capture.save(connection, records(text), now=DECLARED)
        assert capture.has_message(connection, TEAM, CHANNEL, TS)
