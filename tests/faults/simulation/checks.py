"""What the program promises, held against what it has stored."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.messages import edit_rank, time_of, ts_rank
from bot.domain.record import IncidentRecord
from bot.domain.timeline import PLAIN_EMOJI, message_entries
from storage import gaps, records
from tests.faults.simulation import shapes
from tests.faults.simulation.delivering import Delivery
from tests.faults.simulation.stage import Stage
from tests.faults.simulation.truth import TrueChannel, TrueMessage

Json = dict[str, Any]

# How far the program's time may be from Slack's.
_CLOCKS_AGREE = timedelta(seconds=6)


def no_defects(defects: Sequence[Exception]) -> None:
    """Nothing failed that no fault explains."""
    for defect in defects:
        raise AssertionError(f"due work failed: {type(defect).__name__}: {defect}") from defect


# What was acknowledged


def nothing_acknowledged_is_missing(stage: Stage, truth: TrueChannel, deliveries: Sequence[Delivery]) -> None:
    """Each event that was acknowledged has left its trace in the database, or something newer has."""
    told = (one.body["event"] for one in deliveries if one.acked_at is not None)
    acknowledged = [event for event in told if truth.is_recorded(_target(event))]
    if not acknowledged:
        return
    messages = {
        ts: (rank, bool(gone)) for ts, rank, gone in stage.ask("SELECT ts, text_rank, is_deleted FROM messages")
    }
    votes = {
        (ts, user, emoji): rank
        for ts, user, emoji, rank in stage.ask("SELECT ts, user_id, emoji, event_rank FROM votes")
    }
    edits = set(stage.ask("SELECT ts, edited_ts FROM message_revisions"))
    for event in acknowledged:
        if event["type"] == "message":
            _message_is_kept(event, messages, edits)
        elif event["user"] != shapes.OWN_USER:
            rank = votes.get((event["item"]["ts"], event["user"], event["reaction"]), "")
            assert rank >= ts_rank(event["event_ts"]), f"acknowledged and lost: {event}"


def _target(event: Json) -> str:
    """Return the timestamp of the message that an event is about."""
    about = event.get("item") or event.get("message") or event
    return str(event.get("deleted_ts") or about["ts"])


def _message_is_kept(event: Json, messages: dict[str, tuple[str, bool]], edits: set[tuple[str, str]]) -> None:
    subtype, message = event.get("subtype", ""), event.get("message") or event
    ts, least = message.get("ts", ""), "0"
    if subtype == "message_deleted":
        ts, least = event["deleted_ts"], "9"
        message = event["previous_message"]
    elif message.get("subtype") == "tombstone":
        least = "9"
    elif subtype == "message_changed" and "edited" in message:
        least = edit_rank(message["edited"]["ts"], event["event_ts"])
    if subtype == "message_replied" or message.get("subtype") in shapes.NOISE or message.get("user") == shapes.OWN_USER:
        return
    rank, is_gone = messages.get(ts, ("", False))
    assert rank >= least, f"acknowledged and lost: {event}"
    if least.startswith("2") and not is_gone:
        assert (ts, message["edited"]["ts"]) in edits, f"acknowledged, but no edit is known: {event}"


# What is stored in the end


def stored_equals_true(
    stage: Stage, truth: TrueChannel, deliveries: Sequence[Delivery], kept_out: Collection[str]
) -> int:
    """The stored channel is the true one; return how many messages were recovered."""
    with stage.database.reading() as connection:
        record = records.load(connection, stage.incident)
        recovered = gaps.recovered_at(connection, stage.incident)
        for at in recovered:
            assert gaps.covering(connection, stage.incident, at), f"recovered from no gap: {at}"
    _messages_are_true(record, truth)
    _votes_are_true(record, truth)
    _counts_are_plausible(record, truth)
    _nothing_is_made_up(stage, truth)
    _recovered_was_missing(stage, deliveries)
    _kept_out_stays_out(record, kept_out)
    assert stage.ask("PRAGMA integrity_check") == [("ok",)], "the database is damaged"
    return len(recovered)


def _as_true(message: TrueMessage) -> tuple[Any, ...]:
    is_app = message.author == shapes.ALERTING
    author = (None, message.author) if is_app else (message.author, None)
    return (message.ts, message.text, *author, message.thread_ts, message.files, message.edited_ts is not None)


def _same(what: str, stored: Sequence[Any], true: Sequence[Any]) -> None:
    missing, wrong = [one for one in true if one not in stored], [one for one in stored if one not in true]
    assert not missing and not wrong, f"{what} differ: true are {missing}, stored are {wrong}"  # noqa: PT018 - one sentence
    assert list(stored) == list(true), f"{what} are in another order: {stored}"


def _messages_are_true(record: IncidentRecord, truth: TrueChannel) -> None:
    true = [_as_true(one) for one in sorted(truth.kept(), key=lambda one: Decimal(one.ts))]
    stored = [
        (
            one.ts,
            one.text,
            one.user_id,
            one.bot_id,
            one.thread_ts,
            tuple(file.name for file in one.files),
            one.is_edited,
        )
        for one in record.material.messages
    ]
    _same("messages", stored, true)
    assert [one.at for one in record.material.messages] == [time_of(str(one[0])) for one in true]


def _votes_are_true(record: IncidentRecord, truth: TrueChannel) -> None:
    true = {(one.ts, user, emoji) for one in truth.kept() for emoji, user in one.votes}
    standing = {one.ts for one in truth.kept()}
    votes = record.material.votes
    stored = {
        (one.ts, one.user_id, one.emoji) for one in votes if one.ts in standing and one.user_id != shapes.OWN_USER
    }
    _same("reactions", sorted(stored), sorted(true))


def _counts_are_plausible(record: IncidentRecord, truth: TrueChannel) -> None:
    counted = record.capture
    standing = truth.kept()
    assert counted.messages == len(standing), f"{counted.messages} messages counted, {len(standing)} stand"
    assert counted.deletes <= len(truth.taken_back), f"{counted.deletes} deletions counted"
    assert counted.edits <= truth.edits, f"{counted.edits} edits counted, {truth.edits} made"
    in_gaps = sum(gap.recovered for gap in counted.gaps)
    assert in_gaps == counted.recovered, f"{counted.recovered} recovered, but {in_gaps} in gaps"
    assert not counted.unchecked, f"not checked: {counted.unchecked}"


def _nothing_is_made_up(stage: Stage, truth: TrueChannel) -> None:
    stored = {ts for (ts,) in stage.ask("SELECT ts FROM messages")}
    content = {ts for ts, one in truth.ever.items() if one.is_content and truth.is_recorded(ts)}
    assert stored <= content, f"never said: {sorted(stored - content)}"


def _recovered_was_missing(stage: Stage, deliveries: Sequence[Delivery]) -> None:
    """What counts as recovered had not been delivered before."""
    recovered = dict(stage.ask("SELECT ts, recovered_at FROM messages WHERE recovered_at IS NOT NULL"))
    for one in deliveries:
        event = one.body["event"]
        if one.acked_at is not None and event.get("ts") in recovered:
            latest = time_of(f"{one.acked_at:.6f}") + _CLOCKS_AGREE
            at = datetime.fromisoformat(recovered[event["ts"]]).replace(tzinfo=UTC)
            assert at <= latest, f"counted as recovered though it was delivered: {event}"


def _kept_out_stays_out(record: IncidentRecord, kept_out: Collection[str]) -> None:
    decided = {one.ts for one in record.material.curations if one.is_kept_out}
    assert set(kept_out) <= decided, f"kept out no more: {set(kept_out) - decided}"
    shown = {entry.message_ts for entry in message_entries(record.material, PLAIN_EMOJI)}
    assert not shown & set(kept_out), f"shown though kept out: {shown & set(kept_out)}"
