"""One record of an export of Slack, of any age: dict in, what capture learns from it out.

What an export says otherwise than the API, and what Slack wrote otherwise in earlier years, is put into today's form
first; then it is read like a message from Slack. https://slack.com/help/articles/220556107 describes exports.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.errors import ScribeError
from bot.domain.importing import NOBODY
from bot.domain.messages import CaptureRecord, MessageDeleted, MessageSeen, VoteCast
from bot.domain.people import Person
from bot.domain.text import cleaned, clipped, one_line
from bot.domain.timeline import PINNED_VOTE
from bot.slack.payloads import message_from_history, message_record
from bot.slack.profiles import person_of
from bot.slack.reading.shapes import mapping, mappings, string
from bot.slack.text import unescaped

Json = Mapping[str, Any]

# Ten digits of seconds, with or without a fraction: Slack is younger than nine, and eleven are far away.
_TS = re.compile(r"([0-9]{10})(?:\.([0-9]{1,6}))?", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9._-]{1,32}", re.ASCII)
_EMOJI_LIMIT = 128
_SHOWN = 60
# Of “<@U1|ann> uploaded a file: <https://…|plan.txt> and commented: here it is” people said the last part.
_SAID_OF_FILE = re.compile(r"\s*<@[^<>]*> .*?<[^<>@][^<>]*>(?: and commented)?:\s*(?P<said>.+)", re.DOTALL)
# Such as “added an integration to this channel: <https://…/services/B012|github>”.
_ADDED_APP = re.compile(r"/services/(?P<bot_id>B[A-Z0-9]{1,31})\|(?P<name>[^|<>]+)>")


class UnreadableError(ScribeError):
    """A record that is not what Slack exports. The message says what is wrong with it, without its place."""


@dataclass(frozen=True, slots=True)
class Own:
    """Who the program is in the workspace: what it said itself is not taken in. None where it was never connected."""

    user_id: str | None = None
    bot_id: str | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What one record teaches. `ts` is that of the message it is about, None for the noise of a channel's life.

    `replies` are those that the message lists as its thread; `profile` describes its author, whom the export's list of
    people may not name; `app` is the bot id and the name of a program that was added to the channel.
    """

    ts: str | None
    records: tuple[CaptureRecord, ...] = ()
    replies: tuple[str, ...] = ()
    profile: Person | None = None
    app: tuple[str, str] | None = None


def exact_ts(value: object, name: str = "ts") -> str:
    """Return a timestamp in Slack's form; whole seconds get a fraction. Raises UnreadableError."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else None
    found = _TS.fullmatch(text) if text is not None else None
    if found is None:
        wrong = f"it has no {name}" if value is None else f"{name} “{_quoted(value)}” is no Slack timestamp"
        raise UnreadableError(wrong)
    return f"{found[1]}.{found[2] or '':0<6}"


def read_record(
    record: object, team_id: str, channel_id: str, *, own: Own, apps: Mapping[str, str], home: str | None
) -> Exported:
    """Return what a record of a channel teaches.

    `apps` names programs by their bot id, for records that don't; `home` is the workspace of the export, None where it
    is not known. Raises UnreadableError.
    """
    if not isinstance(record, Mapping):
        raise UnreadableError(f"it is no message but {_kind(record)}")
    if record.get("type", "message") != "message":
        return Exported(None)
    subtype = record.get("subtype")
    if subtype in ("message_changed", "message_deleted", "tombstone"):
        return _changed(record, str(subtype), team_id, channel_id, own)
    ts = exact_ts(record.get("ts"))
    # Whoever belongs to the workspace of the export is no stranger in it, wherever it is taken in.
    seen = message_from_history(home or team_id, channel_id, _checked(_modern(record, ts)))
    if seen is None:
        return Exported(None, app=_added_app(record))
    if _is_own(seen, own):
        return Exported(ts, replies=_replies(record, ts))
    profile = _profile(record, seen, home)
    name = seen.author_name if seen.user_id is None or seen.bot_id else None
    seen = replace(seen, team_id=team_id, author_name=name or (apps.get(seen.bot_id) if seen.bot_id else None))
    votes = (*_votes(record, seen), *_pins(record, seen))
    return Exported(ts, (seen, *votes), _replies(record, ts), profile)


def _changed(record: Json, subtype: str, team_id: str, channel_id: str, own: Own) -> Exported:
    """Return what the record of an edit or a deletion teaches, as exports of all conversations have them."""
    before: Json = next(
        (record[key] for key in ("original", "previous_message") if isinstance(record.get(key), Mapping)), {}
    )
    if subtype == "message_changed":
        after = record.get("message")
        if not isinstance(after, Mapping):
            raise UnreadableError("it is an edit without its message")
        ts = exact_ts(after.get("ts"))
        # What the original says is known before the edit, so that the edit counts as one.
        event = {**record, "ts": exact_ts(record.get("ts")), "channel": channel_id, "previous_message": before}
        event["message"] = _checked(_modern(after, ts))
        found = message_record(team_id, event, own_bot_id=own.bot_id or NOBODY, own_user_id=own.user_id or NOBODY)
        return Exported(ts, (found,)) if found else Exported(None)
    named = record.get("ts") if subtype == "tombstone" else record.get("deleted_ts", before.get("ts"))
    ts = exact_ts(named, "ts" if subtype == "tombstone" else "deleted_ts")
    return Exported(ts, (MessageDeleted(team_id, channel_id, ts),))


def _modern(record: Json, ts: str) -> dict[str, Any]:
    """Return a message with what the API would say: exact timestamps, and what was said about a file apart."""
    found = {**record, "ts": ts, "thread_ts": _ts_or_none(record.get("thread_ts"))}
    edited = mapping(record.get("edited"))
    if edited:
        found["edited"] = {**edited, "ts": _ts_or_none(edited.get("ts"))}
    file = mapping(record.get("file"))
    if file and not (record.get("comment") or file.get("initial_comment")):
        said = _SAID_OF_FILE.fullmatch(string(record.get("text")))
        found["comment"] = {"comment": said["said"] if said else ""}
    return found


def _added_app(record: Json) -> tuple[str, str] | None:
    found = _ADDED_APP.search(string(record.get("text"))) if record.get("subtype") == "bot_add" else None
    return (found["bot_id"], unescaped(found["name"])) if found else None


def _ts_or_none(value: object) -> str | None:
    try:
        return exact_ts(value)
    except UnreadableError:
        return None


def _checked(message: dict[str, Any]) -> dict[str, Any]:
    """Return the message, its text and its author's ids as they can be kept. Raises UnreadableError."""
    if not isinstance(message.get("text"), str | None):
        raise UnreadableError(f"its text is no text but {_kind(message['text'])}")
    for name in ("user", "bot_id"):
        value = message.get(name) or None
        if value is not None and not (isinstance(value, str) and _ID.fullmatch(value)):
            raise UnreadableError(f"{name} “{_quoted(value)}” is no Slack id")
        message[name] = value
    return message


def _is_own(seen: MessageSeen, own: Own) -> bool:
    return (own.user_id is not None and seen.user_id == own.user_id) or (
        own.bot_id is not None and seen.bot_id == own.bot_id
    )


def _replies(record: Json, ts: str) -> tuple[str, ...]:
    found = (_ts_or_none(reply.get("ts")) for reply in mappings(record, "replies"))
    return tuple(reply for reply in found if reply and reply != ts)


def _votes(record: Json, seen: MessageSeen) -> Iterator[VoteCast]:
    """Yield the reactions; an export doesn't say when they were put, so that whatever else is known outranks them."""
    for reaction in mappings(record, "reactions"):
        emoji, users = string(reaction.get("name")), reaction.get("users")
        for user_id in users if isinstance(users, list) and 0 < len(emoji) <= _EMOJI_LIMIT else ():
            if isinstance(user_id, str) and _ID.fullmatch(user_id):
                yield vote_of(seen, user_id, emoji)


def _pins(record: Json, seen: MessageSeen) -> Iterator[VoteCast]:
    if record.get("pinned_to"):
        by = string(mapping(record.get("pinned_info")).get("pinned_by"))
        yield vote_of(seen, by if _ID.fullmatch(by) else seen.user_id or NOBODY, PINNED_VOTE)


def vote_of(seen: MessageSeen, user_id: str, emoji: str) -> VoteCast:
    """Return a vote on a message, as old as the message."""
    return VoteCast(seen.team_id, seen.channel_id, seen.ts, user_id, emoji, is_on=True, event_ts=seen.ts)


def member_ids(channel: Json) -> tuple[str, ...]:
    """Return who was in a channel when it was exported."""
    members = channel.get("members")
    listed = members if isinstance(members, list) else ()
    return tuple(dict.fromkeys(one for one in listed if isinstance(one, str) and _ID.fullmatch(one)))


def pin_of(team_id: str, channel_id: str, pin: object) -> VoteCast | None:
    """Return what the list of a channel's pins says of one message, None for what is no message."""
    listed = mapping(pin)
    ts, by = _ts_or_none(listed.get("id")), string(listed.get("user"))
    if ts is None:
        return None
    named = by if _ID.fullmatch(by) else NOBODY
    return VoteCast(team_id, channel_id, ts, named, PINNED_VOTE, is_on=True, event_ts=ts)


def _profile(record: Json, seen: MessageSeen, home: str | None) -> Person | None:
    """Return what a message says of its author, None for nothing and for a program."""
    if seen.user_id is None or seen.bot_id is not None:
        return None
    profile = mapping(record.get("user_profile"))
    if profile:
        described = {**profile, "profile": profile, "team_id": profile.get("team") or home}
        return person_of(seen.user_id, described, team_id=home)
    username = string(record.get("username"))
    return Person(seen.user_id, display_name=username, real_name="") if username else None


def listed_person(user: object, *, home: str | None) -> Person:
    """Return one of the people that an export lists. Raises UnreadableError."""
    if not isinstance(user, Mapping):
        raise UnreadableError(f"it is nobody but {_kind(user)}")
    user_id = user.get("id")
    if user_id is None:
        raise UnreadableError("it has no id")
    if not (isinstance(user_id, str) and _ID.fullmatch(user_id)):
        raise UnreadableError(f"id “{_quoted(user_id)}” is no Slack id")
    return person_of(user_id, user, team_id=home)


def bot_of(user: Json) -> str | None:
    """Return the bot id of a program that is listed among the people, None for a person."""
    bot_id = string(mapping(user.get("profile")).get("bot_id"))
    return bot_id if _ID.fullmatch(bot_id) else None


def _quoted(value: object) -> str:
    return clipped(one_line(cleaned(str(value))), _SHOWN)


_KINDS = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", type(None): "null"}


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "an object")
