"""What Slack's history shows of a message when it is asked, as against what was delivered of it."""

from dataclasses import dataclass

from bot.domain.messages import MessageSeen, VoteCast


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the history shows it now.

    `seen` is None for noise, for the bot's own, and for what was deleted and left a placeholder (`is_deleted`).
    `votes` are its reactions but the bot's own, of which the history may name only some: then `has_more_votes`, and
    `vote_counts` says how many there are of each emoji. `replies` counts what stands in its thread, by at least
    `repliers`; there are `more_repliers` than named. `last_reply_ts` is None without a thread.
    """

    ts: str
    seen: MessageSeen | None
    votes: tuple[VoteCast, ...] = ()
    has_more_votes: bool = False
    vote_counts: tuple[tuple[str, int], ...] = ()
    replies: int = 0
    repliers: tuple[str, ...] = ()
    more_repliers: bool = False
    last_reply_ts: str | None = None
    is_deleted: bool = False
