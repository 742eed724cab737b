"""Earlier wordings: kept with their texts, counted without the first one, gone with a message that is deleted."""

from itertools import permutations

import pytest
from sqlalchemy import select

from bot.domain.messages import (
    AS_POSTED,
    DELETED_FILE,
    RANK_UNFURL,
    CaptureRecord,
    File,
    MessageDeleted,
    MessageSeen,
    Revision,
    edit_rank,
)
from storage import capture, records
from storage.database import Database
from storage.tables import message_revisions
from tests.factories import CHANNEL, DECLARED, TEAM, at, ts_of
from tests.storage.stored import seen, store_incident

KEY = ts_of(at("14:10"))
FIRST, SECOND = "1795184000.000000", "1795184100.000000"
GRAPH, NOTES = File("graph.png", "image", "https://example.slack.com/files/1"), File("notes.txt", "text")


def save(database: Database, *given: CaptureRecord) -> None:
    with database.transaction() as connection:
        capture.save(connection, given, now=DECLARED)


def edited(text: str, edited_ts: str, before: Revision | None = None, files: tuple[File, ...] = ()) -> MessageSeen:
    return seen(text=text, text_rank=edit_rank(edited_ts, edited_ts), edited_ts=edited_ts, before=before, files=files)


POSTED = seen(text="frist")
CORRECTED = edited("first", FIRST, Revision(AS_POSTED, "frist"))
REWORDED = edited("the first", SECOND, Revision(FIRST, "first"))
GONE = MessageDeleted(TEAM, CHANNEL, KEY)


def wordings(database: Database) -> dict[str, str | None]:
    table = message_revisions.c
    with database.reading() as connection:
        return {row.edited_ts: row.text for row in connection.execute(select(table.edited_ts, table.text))}


@pytest.mark.parametrize("order", list(permutations([POSTED, CORRECTED, REWORDED])))
def test_every_wording_is_kept_in_whatever_order_it_comes(database: Database, order: list[CaptureRecord]) -> None:
    incident = store_incident(database)
    for record in order:
        save(database, record)
    assert wordings(database) == {AS_POSTED: "frist", FIRST: "first", SECOND: "the first"}
    with database.reading() as connection:
        loaded = records.load(connection, incident)
    assert loaded.capture.edits == 2
    assert [(one.text, one.is_edited) for one in loaded.material.messages] == [("the first", True)]


@pytest.mark.parametrize("order", list(permutations([POSTED, CORRECTED, REWORDED, GONE])))
def test_no_wording_outlives_its_message(database: Database, order: list[CaptureRecord]) -> None:
    incident = store_incident(database)
    for record in order:
        save(database, record)
    assert wordings(database) == {AS_POSTED: None, FIRST: None, SECOND: None}
    with database.reading() as connection:
        assert records.load(connection, incident).capture.edits == 2


def test_wording_that_came_in_one_batch_with_the_deletion_is_gone_too(database: Database) -> None:
    store_incident(database)
    save(database, POSTED, GONE, CORRECTED)
    assert set(wordings(database).values()) == {None}


def test_message_as_it_was_posted_is_no_edit(database: Database) -> None:
    incident = store_incident(database)
    save(database, seen(before=Revision(AS_POSTED, "before")))
    with database.reading() as connection:
        record = records.load(connection, incident)
    assert record.capture.edits == 0
    assert not record.material.messages[0].is_edited


def files_of(database: Database, *given: CaptureRecord) -> tuple[File, ...]:
    incident = store_incident(database)
    for record in given:
        save(database, record)
    with database.reading() as connection:
        (message,) = records.load(connection, incident).material.messages
    return message.files


def test_files_are_kept_in_their_order_with_their_links(database: Database) -> None:
    assert files_of(database, seen(files=(GRAPH, NOTES))) == (GRAPH, NOTES)


@pytest.mark.parametrize("is_late", [False, True])
def test_edit_decides_about_the_files_as_about_the_text(database: Database, *, is_late: bool) -> None:
    told = [seen(files=(GRAPH, NOTES)), edited("without", FIRST, files=())]
    assert files_of(database, *(told[::-1] if is_late else told)) == ()


@pytest.mark.parametrize("is_late", [False, True])
def test_deleted_file_is_gone_although_nothing_was_edited(database: Database, *, is_late: bool) -> None:
    gone = (File("", DELETED_FILE), NOTES)
    told = [seen(files=(GRAPH, NOTES)), seen(text_rank=RANK_UNFURL, files=gone)]
    assert files_of(database, *(told[::-1] if is_late else told)) == gone


@pytest.mark.parametrize("is_late", [False, True])
def test_file_that_slack_hides_later_keeps_its_name(database: Database, *, is_late: bool) -> None:
    told = [seen(files=(GRAPH,)), seen(files=(File("", "file that Slack no longer shows"),))]
    assert files_of(database, *(told[::-1] if is_late else told)) == (GRAPH,)


def test_preview_without_files_takes_none_away(database: Database) -> None:
    assert files_of(database, seen(files=(GRAPH,)), seen(text_rank=RANK_UNFURL)) == (GRAPH,)


def test_deleted_message_has_no_files(database: Database) -> None:
    store_incident(database)
    save(database, GONE, seen(files=(GRAPH,)), edited("again", FIRST, files=(GRAPH,)))
    with database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT files FROM messages").scalar_one()
    assert "graph" not in kept


def test_text_withheld_later_takes_nothing_away(database: Database) -> None:
    incident = store_incident(database)
    save(database, seen(text="known"), seen(text="withheld", text_rank=RANK_UNFURL, user_id=None, kind=""))
    with database.reading() as connection:
        (message,) = records.load(connection, incident).material.messages
    assert (message.text, message.kind) == ("known", "message")
