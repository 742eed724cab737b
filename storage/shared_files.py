"""The files of a message as they are kept: under a rank that orders what deliveries say of them, whatever comes first.

The JSON begins with the rank, so that of two texts the greater is the later word: `["1:998:001",[["graph.png",...]]]`.
An edit outranks what was posted. Of one wording, the delivery that knows fewer files that still stand is the later one
(a file is deleted, and never comes back), then the one that knows more names (Slack hides those of old files).
"""

from typing import Any

from bot.domain.messages import RANK_DELETED, RANK_POST, File, MessageSeen, ts_rank

_MOST = 999
DELETED_FILES: list[Any] = [RANK_DELETED, []]


def as_kept(seen: MessageSeen) -> list[Any] | None:
    """Return what to store of a message's files; None where it says nothing of any."""
    if not seen.files and not seen.edited_ts:
        return None
    wording = f"2:{ts_rank(seen.edited_ts)}" if seen.edited_ts else RANK_POST
    standing = sum(not file.is_gone for file in seen.files)
    named = sum(bool(file.name) for file in seen.files)
    rank = f"{wording}:{max(_MOST - standing, 0):03d}:{min(named, _MOST):03d}"
    return [rank, [[file.name, file.kind, file.link] for file in seen.files]]


def as_files(kept: list[Any] | None) -> tuple[File, ...]:
    """Return the files of a stored message."""
    return tuple(File(name, kind, link) for name, kind, link in kept[1]) if kept else ()
