"""Earlier wordings of messages: kept, counted, and shown nowhere. With a message that is deleted their texts go too."""

from collections.abc import Iterable, Iterator
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, update
from sqlalchemy.engine import Connection

from bot.domain.messages import AS_POSTED, MessageDeleted, MessageSeen
from storage.tables import message_revisions, messages
from storage.upsert import Insert, by_code_point, inserting

_KEY = ("team_id", "channel_id", "ts", "edited_ts")
# Whether a row stands for an edit.
IS_EDIT = message_revisions.c.edited_ts != AS_POSTED


def keep(connection: Connection, seen: Iterable[MessageSeen], gone: Iterable[MessageDeleted]) -> None:
    """Keep the wordings that these records tell of, once their messages are stored.

    Whatever comes first, the post, the edits or the deletion: of a deleted message no text stays.
    """
    rows = sorted((row for one in seen for row in _rows(one)), key=itemgetter(*_KEY))
    if rows:
        connection.execute(_insert(connection.dialect.name), rows)
    touched = {(row["team_id"], row["channel_id"], row["ts"]) for row in rows}
    touched |= {(one.team_id, one.channel_id, one.ts) for one in gone}
    if touched:
        # The rows of the messages were locked before, so that no other process can slip a wording in between.
        keys = [{"of_team": team, "of_channel": channel, "of_ts": ts} for team, channel, ts in sorted(touched)]
        connection.execute(_FORGET, keys)


def _rows(seen: MessageSeen) -> Iterator[dict[str, Any]]:
    wordings = [(seen.edited_ts, seen.text)] if seen.edited_ts else []
    wordings += [(seen.before.edited_ts, seen.before.text)] if seen.before else []
    for edited_ts, text in wordings:
        yield {
            "team_id": seen.team_id,
            "channel_id": seen.channel_id,
            "ts": seen.ts,
            "edited_ts": edited_ts,
            "text": text,
        }


@cache
def _insert(dialect: str) -> Insert:
    insert = inserting(dialect, message_revisions)
    old, new = message_revisions.c.text, insert.excluded.text
    # Two deliveries that give one edit two wordings never should meet; the greater wins in either order.
    is_greater = or_(old.is_(None), by_code_point(new, dialect) > old)
    return insert.on_conflict_do_update(index_elements=_KEY, set_={"text": new}, where=is_greater)


_OF = message_revisions.c
_FORGET = (
    update(message_revisions)
    .where(
        _OF.team_id == bindparam("of_team"),
        _OF.channel_id == bindparam("of_channel"),
        _OF.ts == bindparam("of_ts"),
        _OF.text.is_not(None),
        exists().where(
            and_(
                messages.c.team_id == _OF.team_id,
                messages.c.channel_id == _OF.channel_id,
                messages.c.ts == _OF.ts,
                messages.c.is_deleted,
            )
        ),
    )
    .values(text=None)
)
