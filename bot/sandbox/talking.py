"""People who write, edit, delete and react, and who make, join and leave channels."""

import uuid
from collections.abc import Iterable, Sequence

from bot.sandbox import channels, posting
from bot.sandbox.driver import Driver
from bot.sandbox.errors import SandboxError
from bot.sandbox.records import (
    Author,
    Channel,
    ChannelKind,
    Draft,
    Json,
    OtherApp,
    Person,
    StoredFile,
    Usergroup,
)
from bot.sandbox.workspace import SLACKBOT

FileGiven = tuple[str, bytes | str]


class Talking(Driver):
    """What people do to messages and channels. Users and channels are given by id or by name."""

    # Setting the scene: no events, as if it had always been so

    def add_person(
        self,
        name: str,
        *,
        real_name: str | None = None,
        tz: str = "Europe/London",
        guest: bool = False,
        bot: bool = False,
        deactivated: bool = False,
    ) -> str:
        """Adds a user and returns the id. ``tz`` is an IANA zone; ``bot`` makes it another app's bot user."""
        with self._acting() as workspace:
            if any(p.name == name for p in workspace.people.values()):
                raise SandboxError(f"there is already a person {name}")
            bot_id = workspace.new_id("B") if bot else None
            person = Person(
                workspace.new_id("U"), name, real_name or name.capitalize(), tz, guest, bot, deactivated, bot_id
            )
            workspace.people[person.id] = person
            if bot_id:
                workspace.other_apps[bot_id] = OtherApp(bot_id, workspace.new_id("A"), person.real_name)
            return person.id

    def add_channel(
        self, name: str, *, private: bool = False, members: Iterable[str] = (), shared: bool = False
    ) -> str:
        """Adds a channel with its members (the bot's is ``scribe``) and returns the id; ``shared`` by Slack Connect."""
        with self._acting() as workspace:
            channels.check_name(workspace, name)
            ids = [workspace.person(m).id for m in members]
            kind = ChannelKind.PRIVATE if private else ChannelKind.PUBLIC
            creator = ids[0] if ids else SLACKBOT
            channel = Channel(workspace.new_id("C"), name, kind, creator, workspace.seconds(), ids, shared=shared)
            workspace.channels[channel.id] = channel
            return channel.id

    def add_usergroup(self, handle: str, members: Iterable[str]) -> str:
        """Adds a user group such as ``oncall`` and returns the id."""
        with self._acting() as workspace:
            ids = tuple(workspace.person(m).id for m in members)
            group = Usergroup(workspace.new_id("S"), handle, ids)
            workspace.usergroups[group.id] = group
            return group.id

    # Messages

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread: str | None = None,
        broadcast: bool = False,
        files: Sequence[FileGiven] = (),
        subtype: str | None = None,
    ) -> str:
        """Posts a message and returns its ts.

        Args:
            user: who writes; must be in the channel.
            channel: where.
            text: in Slack's escaped form (``<@U..>``, ``&amp;``); `typed` makes it from what is typed.
            thread: the ts of the message to reply to; a reply's ts finds its parent.
            broadcast: a reply that also goes to the channel.
            files: (name, content) of files to share with it.
            subtype: such as ``me_message``.
        """
        with self._acting() as workspace:
            person, place = self._present(user, channel)
            parent = place.messages.get(thread) if thread else None
            stored = [self._store(person.id, name, content) for name, content in files]
            author = Author(user=person.id)
            if person.bot_id:
                author = Author(person.id, person.bot_id, workspace.other_apps[person.bot_id].app_id)
            draft = Draft(
                author,
                text,
                subtype=subtype or ("file_share" if files else None),
                thread_ts=(parent.thread_ts or parent.ts) if parent else thread,
                files=stored,
                extra={"client_msg_id": str(uuid.uuid4())},
            )
            return posting.post(workspace, place, draft, broadcast=broadcast).ts

    def _store(self, owner: str, name: str, content: bytes | str) -> str:
        workspace = self._workspace
        data = content.encode() if isinstance(content, str) else content
        stored = StoredFile(
            workspace.new_id("F"), name, owner, workspace.seconds(), len(data), name, data, completed=True
        )
        workspace.files[stored.id] = stored
        return stored.id

    def dm(self, user: str, text: str, *, thread: str | None = None) -> str:
        """Writes to the bot in their direct messages and returns the ts."""
        with self._acting() as workspace:
            place = workspace.direct(workspace.person(user).id)
        return self.say(user, place.id, text, thread=thread)

    def alert(
        self,
        app_name: str,
        channel: str,
        text: str,
        attachments: Sequence[Json] = (),
        blocks: Sequence[Json] = (),
        *,
        thread: str | None = None,
    ) -> str:
        """Posts as another app, such as a monitoring system (``bot_message``), and returns the ts."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            app = next((a for a in workspace.other_apps.values() if a.name == app_name), None)
            if app is None:
                app = OtherApp(workspace.new_id("B"), workspace.new_id("A"), app_name)
                workspace.other_apps[app.bot_id] = app
            draft = Draft(
                Author(bot_id=app.bot_id, app_id=app.app_id, username=app_name),
                text,
                subtype="bot_message",
                thread_ts=thread,
                blocks=blocks,
                attachments=attachments,
            )
            return posting.post(workspace, place, draft).ts

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Changes the text of one's own message."""
        with self._acting() as workspace:
            person, place = self._present(user, channel)
            message = self._message(place, ts)
            if message.author.user != person.id:
                raise SandboxError(f"{person.name} can only edit their own messages")
            posting.change(workspace, place, message, by=person.id, text=text)

    def delete(self, user: str, channel: str, ts: str, *, as_admin: bool = False) -> None:
        """Deletes one's own message, or anybody's as an admin. A parent with replies becomes a tombstone."""
        with self._acting() as workspace:
            person, place = self._present(user, channel)
            message = self._message(place, ts)
            if message.author.user != person.id and not as_admin:
                raise SandboxError(f"{person.name} can only delete their own messages")
            posting.delete(workspace, place, message)

    def unfurl(self, channel: str, ts: str, *, url: str = "https://example.com/") -> None:
        """Slack shows a preview of a link: the message changes without being edited."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            message = self._message(place, ts)
            preview = {"id": 1, "from_url": url, "original_url": url, "fallback": "Preview", "title": "Preview"}
            posting.change(workspace, place, message, by=None, attachments=[*message.attachments, preview])

    def react(self, user: str, channel: str, ts: str, emoji: str) -> None:
        """Puts a reaction on a message."""
        with self._acting() as workspace:
            person, place = self._present(user, channel)
            posting.react(workspace, place, self._message(place, ts), user=person.id, emoji=emoji.strip(":"))

    def unreact(self, user: str, channel: str, ts: str, emoji: str) -> None:
        """Takes one's reaction off again."""
        with self._acting() as workspace:
            person, place = self._present(user, channel)
            posting.unreact(workspace, place, self._message(place, ts), user=person.id, emoji=emoji.strip(":"))

    # Channels

    def create_channel(self, user: str, name: str, *, private: bool = False) -> str:
        """Makes a channel with the user in it, as it happens now (with events), and returns the id."""
        with self._acting() as workspace:
            return channels.create(workspace, name, creator=workspace.person(user).id, private=private).id

    def join(self, user: str, channel: str) -> None:
        """Joins a public channel."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            if place.is_private:
                raise SandboxError(f"#{place.name} is private: invite instead")
            channels.join(workspace, place, workspace.person(user).id)

    def leave(self, user: str, channel: str) -> None:
        """Leaves a channel."""
        with self._acting() as workspace:
            channels.leave(workspace, workspace.channel(channel), workspace.person(user).id)

    def invite(self, user: str, channel: str, invited: str) -> None:
        """Brings somebody else, or the bot (``scribe``), into a channel."""
        with self._acting() as workspace:
            person, place = self._present(user, channel)
            channels.join(workspace, place, workspace.person(invited).id, inviter=person.id)

    def kick(self, user: str, channel: str, removed: str) -> None:
        """Takes somebody else, or the bot, out of a channel."""
        with self._acting() as workspace:
            _, place = self._present(user, channel)
            channels.leave(workspace, place, workspace.person(removed).id)

    def archive(self, channel: str, user: str | None = None) -> None:
        """Archives a channel."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            channels.archive(workspace, place, self._somebody(place, user))

    def unarchive(self, channel: str, user: str | None = None) -> None:
        """Opens an archived channel again."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            channels.unarchive(workspace, place, self._somebody(place, user))

    def remove_channel(self, channel: str, user: str | None = None) -> None:
        """Deletes a channel for good."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            channels.remove(workspace, place, self._somebody(place, user))

    def rename(self, channel: str, name: str, user: str | None = None) -> None:
        """Renames a channel."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            channels.rename(workspace, place, name, self._somebody(place, user))

    def convert_to_private(self, channel: str, user: str | None = None) -> None:
        """Makes a public channel private."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            channels.convert_to_private(workspace, place, self._somebody(place, user))

    def share(self, channel: str) -> str:
        """Shares a private channel with another organisation; returns the id that it has from then on."""
        with self._acting() as workspace:
            place = workspace.channel(channel)
            channels.share(workspace, place)
            return place.id

    def set_topic(self, user: str, channel: str, topic: str) -> None:
        """Sets a channel's topic."""
        with self._acting() as workspace:
            person, place = self._present(user, channel)
            channels.caption(workspace, place, "topic", topic, person.id)

    def deactivate(self, user: str) -> None:
        """Deactivates somebody's account."""
        with self._acting() as workspace:
            workspace.person(user).deactivated = True

    def _somebody(self, place: Channel, user: str | None) -> str:
        """Who does it: the named one, else the first person in the channel."""
        if user is not None:
            return self._workspace.person(user).id
        people = [m for m in place.members if m != self._workspace.bot_user_id]
        return people[0] if people else place.creator
