"""Channels, files and people: the other ports onto Slack's Web API."""

import contextlib
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import structlog
from slack_sdk import WebClient

from bot.domain.adoption import ChannelFacts
from bot.domain.people import Person
from bot.domain.text import cleaned
from bot.services.ports import OutcomeUnknownError, OutsideError, RefusedError
from bot.slack.blocks.elements import clipped_mrkdwn
from bot.slack.calls import call
from bot.slack.profiles import person_of
from bot.slack.text import escaped

log = structlog.get_logger()

MARK = "spiral_note_pad"
TOPIC_LIMIT = 250
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{6,}")
_REAL_TIME_TOLERANCE = 600
_PAGE = 200
_PAGES = 50
_UPLOAD_SECONDS = 30
_ALREADY = {"already_in_channel", "cant_invite_self", "already_pinned", "already_reacted", "no_reaction"}


@contextlib.contextmanager
def _repeatable() -> Any:
    """Let a call pass that Slack refuses because its effect is there already."""
    try:
        yield
    except RefusedError as error:
        if error.code not in _ALREADY:
            raise


class SlackChannels:
    """Making and keeping channels."""

    def __init__(self, client: WebClient, bot_user_id: str) -> None:
        self._client = client
        self._bot_user_id = bot_user_id

    def create(self, name: str, *, is_private: bool) -> str:
        """Make a channel and return its id. Raises NameTakenError, OutsideError."""
        answer = call(self._client.conversations_create, name=name, is_private=is_private)
        return str(answer["channel"]["id"])

    def about(self, channel_id: str) -> ChannelFacts:
        """Return what Slack says of a channel. Raises ChannelGoneError where it shows the bot none, OutsideError."""
        channel = call(self._client.conversations_info, channel=channel_id)["channel"]
        return ChannelFacts(
            channel_id=channel_id,
            name=str(channel.get("name") or ""),
            is_private=bool(channel.get("is_private")),
            is_archived=bool(channel.get("is_archived")),
            is_shared=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
            is_member=bool(channel.get("is_member")),
        )

    def join(self, channel_id: str) -> None:
        """Enter a public channel; being in it already changes nothing. Raises OutsideError."""
        call(self._client.conversations_join, channel=channel_id)

    def leave(self, channel_id: str) -> None:
        """Leave a channel; not being in it changes nothing. Raises OutsideError."""
        call(self._client.conversations_leave, channel=channel_id)

    def members(self, channel_id: str) -> tuple[str, ...]:
        """Return who is in a channel. Raises OutsideError."""
        found: list[str] = []
        cursor = ""
        for _ in range(_PAGES):
            answer = call(self._client.conversations_members, channel=channel_id, limit=_PAGE, cursor=cursor)
            found += answer.get("members", [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return tuple(found)

    def find_own(self, name: str, *, since_epoch: int) -> str | None:
        """Return the id of the channel of this name if the bot made it since then, else None. Raises OutsideError."""
        channel = self._named(name)
        # Slack stamps with real time, also where this program's clock has been moved forward for a test.
        since = min(since_epoch, int(time.time()) - _REAL_TIME_TOLERANCE)
        if channel is None or channel.get("creator") != self._bot_user_id or channel.get("created", 0) < since:
            return None
        return str(channel["id"])

    def resolve(self, name_or_id: str) -> str:
        """Return the id of a channel given by id or by name; the name itself where it can't be found or listed now."""
        name = name_or_id.removeprefix("#")
        if _CHANNEL_ID.fullmatch(name):
            return name
        try:
            channel = self._named(name)
        except OutsideError as error:
            log.warning("announcement channel not looked up", error=str(error))
            return name
        return str(channel["id"]) if channel else name

    def called(self, name_or_id: str) -> str:
        """Return `#name` of a channel given by id or by name; what was given where Slack can't tell now."""
        name = name_or_id.removeprefix("#")
        if _CHANNEL_ID.fullmatch(name):
            try:
                name = str(call(self._client.conversations_info, channel=name)["channel"]["name"])
            except OutsideError as error:
                log.warning("announcement channel's name not looked up", error=str(error))
        return f"#{name}"

    def _named(self, name: str) -> dict[str, Any] | None:
        cursor = ""
        for _ in range(_PAGES):
            answer = call(
                self._client.conversations_list,
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=_PAGE,
                cursor=cursor,
            )
            for channel in answer.get("channels", []):
                if channel.get("name") == name:
                    return dict(channel)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    def invite(self, channel_id: str, user_ids: Sequence[str]) -> None:
        """Invite people one by one, so that one who can't be invited doesn't keep the others out.

        Raises OutsideError for failures that trying again may mend; a refusal concerns that person alone.
        """
        for user_id in user_ids:
            try:
                with _repeatable():
                    call(self._client.conversations_invite, channel=channel_id, users=user_id)
            except RefusedError as error:
                log.warning("person not invited", code=error.code, channel=channel_id)

    def set_topic(self, channel_id: str, topic: str) -> None:
        """Set the topic. Raises OutsideError."""
        call(self._client.conversations_setTopic, channel=channel_id, topic=clipped_mrkdwn(escaped(topic), TOPIC_LIMIT))

    def pin(self, channel_id: str, ts: str) -> None:
        """Pin a message; pinning it again changes nothing. Raises OutsideError."""
        with _repeatable():
            call(self._client.pins_add, channel=channel_id, timestamp=ts)

    def direct(self, user_id: str) -> str:
        """Return the id of the direct channel with somebody. Raises PersonUnreachableError, OutsideError."""
        answer = call(self._client.conversations_open, users=user_id)
        return str(answer["channel"]["id"])

    def mark(self, channel_id: str, ts: str, *, is_on: bool) -> None:
        """Put the bot's quiet mark on a message or take it off; repeating changes nothing. Raises OutsideError."""
        method = self._client.reactions_add if is_on else self._client.reactions_remove
        with _repeatable():
            call(method, channel=channel_id, timestamp=ts, name=MARK)


class SlackFiles:
    """Sharing files with the two calls of https://docs.slack.dev/messaging/working-with-files."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def begin(self, name: str, size: int) -> tuple[str, str]:
        """Announce an upload and return (file id, address to send the content to). Raises OutsideError."""
        answer = call(self._client.files_getUploadURLExternal, filename=name, length=size)
        return str(answer["file_id"]), str(answer["upload_url"])

    def share(
        self, file_id: str, address: str, content: bytes, *, title: str, channel_id: str, thread_ts: str | None
    ) -> None:
        """Send the content and share the file. Raises OutsideError."""
        if not address.startswith(("https://", "http://")):
            raise RefusedError("Slack named an upload address that is no web address", "bad_upload_url")
        request = Request(address, data=content, headers={"Content-Type": "application/octet-stream"}, method="POST")  # noqa: S310 - checked above
        try:
            with urlopen(request, timeout=_UPLOAD_SECONDS):  # noqa: S310 - checked above
                pass
        except HTTPError as error:
            error.close()
            raise OutcomeUnknownError(f"the file's content could not be sent: HTTP {error.code}") from error
        except OSError as error:
            raise OutcomeUnknownError(f"the file's content could not be sent: {error}") from error
        call(
            self._client.files_completeUploadExternal,
            files=[{"id": file_id, "title": title}],
            channel_id=channel_id,
            thread_ts=thread_ts,
        )

    def is_shared(self, file_id: str, channel_id: str) -> bool:
        """Whether the file has arrived in the channel. Raises OutsideError."""
        try:
            answer = call(self._client.files_info, file=file_id)
        except RefusedError as error:
            if error.code == "file_not_found":
                return False
            raise
        file = answer.get("file") or {}
        return channel_id in [*file.get("channels", []), *file.get("groups", []), *file.get("ims", [])]


class SlackDirectory:
    """Who is who. `asking` is the client for what is asked while a command waits: it may not take long."""

    def __init__(self, client: WebClient, asking: WebClient, team_id: str) -> None:
        self._client = client
        self._asking = asking
        self._team_id = team_id

    def person(self, user_id: str) -> Person | None:
        """Return somebody, None if Slack knows no such person. Raises OutsideError."""
        try:
            user = call(self._asking.users_info, user=user_id)["user"]
        except RefusedError as error:
            if error.code in ("user_not_found", "user_not_visible"):
                return None
            raise
        return person_of(user_id, user, team_id=self._team_id)

    def group_members(self, group_id: str, *, is_awaited: bool = False) -> tuple[str, ...]:
        """Return the people in a user group; `is_awaited` while a command waits for it. Raises OutsideError."""
        client = self._asking if is_awaited else self._client
        return tuple(call(client.usergroups_users_list, usergroup=group_id).get("users", []))

    def group_names(self) -> Mapping[str, str]:
        """Return what each user group is called, by its id; those that were switched off too. Raises OutsideError."""
        groups = call(self._asking.usergroups_list, include_disabled=True).get("usergroups", [])
        return {str(group["id"]): cleaned(group.get("handle") or group.get("name") or "") for group in groups}

    def channel_name(self, channel_id: str) -> str | None:
        """Return what a public channel is called; None for a private one and for none at all. Raises OutsideError."""
        try:
            channel = call(self._asking.conversations_info, channel=channel_id)["channel"]
        except RefusedError as error:
            if error.code in ("channel_not_found", "not_in_channel", "method_not_supported_for_channel_type"):
                return None
            raise
        is_public = channel.get("is_channel") and not channel.get("is_private")
        return cleaned(channel.get("name") or "") if is_public else None
