"""Every subtype of message: what is done with it stands in one table, and the reader does it."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.domain.messages import MessageDeleted, MessageSeen
from bot.slack import payloads
from bot.slack.reading import SUBTYPES, Subtype, Treatment
from tests.workshop import write_docs

# As https://docs.slack.dev/reference/events/message lists them.
DOCUMENTED = """
    assistant_app_thread bot_message channel_archive channel_convert_to_private channel_join channel_leave channel_name
    channel_posting_permissions channel_purpose channel_topic channel_unarchive document_mention ekm_access_denied
    file_comment file_mention file_share group_archive group_join group_leave group_name group_purpose group_topic
    group_unarchive me_message message_changed message_deleted message_replied pinned_item reminder_add reply_broadcast
    thread_broadcast unpinned_item bot_add bot_remove
""".split()  # noqa: SIM905 - a wrapped line of words is easier to compare with Slack's list
TS, OTHER = "1763647533.000100", "1763647500.000100"
MESSAGE: dict[str, Any] = {"type": "message", "channel": "C1", "user": "U1", "text": "words", "ts": TS, "event_ts": TS}
EVENT = MESSAGE | {"message": MESSAGE | {"ts": OTHER}, "deleted_ts": OTHER}


def test_every_documented_subtype_has_its_place_once() -> None:
    names = [one.name for one in SUBTYPES]
    assert len(names) == len(set(names))
    assert set(DOCUMENTED) <= set(names)


@pytest.mark.parametrize("subtype", SUBTYPES, ids=lambda subtype: subtype.name or "none")
def test_subtype_is_treated_as_the_table_says(subtype: Subtype) -> None:
    event = EVENT | ({"subtype": subtype.name} if subtype.name else {})
    record = payloads.message_record("T1", event, own_bot_id="BOWN", own_user_id="UOWN")
    match subtype.treatment:
        case Treatment.LEFT_OUT:
            assert record is None
        case Treatment.DELETES:
            assert isinstance(record, MessageDeleted)
            assert record.ts == (TS if subtype.name == "tombstone" else OTHER)
        case Treatment.CHANGES:
            assert isinstance(record, MessageSeen)
            assert record.ts == OTHER
        case Treatment.TAKEN_IN:
            assert isinstance(record, MessageSeen)
            assert record.user_id == "U1"
        case Treatment.WITHHELD:
            assert isinstance(record, MessageSeen)
            assert "words" not in record.text
            assert record.user_id is None


def test_document_lists_every_subtype() -> None:
    document = Path(write_docs.MESSAGES).read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", document, re.MULTILINE)
    assert listed == [one.name for one in SUBTYPES if one.name]
    assert write_docs.written(write_docs.MESSAGES) == document
