"""The composition root: settings in, wired application out. No logic."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.config import Settings
from bot.rendering import Renderer
from bot.schedule import Pulse, Scheduler
from bot.services import (
    adopting,
    answering,
    backfill,
    calling,
    channel_life,
    draft,
    export,
    followups,
    handover,
    header,
    home,
    jobs,
    marking,
    opening,
    postmortems,
    publish,
    reconciling,
    reminders,
    showing,
    telling,
    timeline,
    updates,
)
from bot.services.imported import unless_imported
from bot.services.watching import Watch
from bot.services.world import Policy, World
from bot.slack import commands, events, forms, mentions, presses
from bot.slack.capture_lane import CaptureLane
from bot.slack.connect import SocketConnection, identify
from bot.slack.events import Identity
from bot.slack.history import SlackHistory
from bot.slack.messenger import SlackMessenger
from bot.slack.slack_time import SlackTime, TimedClient
from bot.slack.socket_watch import SocketWatch
from bot.slack.workspace import SlackChannels, SlackDirectory, SlackFiles
from bot.web.address import Address
from bot.web.server import HttpConnection
from storage import migrate, people
from storage.database import Database
from storage.due import DueItem
from storage.writer import CaptureWriter

CALL_SECONDS = 10
# Asking who somebody is happens before a command's ack, which has three seconds; twice where it names another.
ASK_SECONDS = 1
LISTENERS = 64


class Connection(Protocol):
    """The way in which Slack's events reach the application: Socket Mode or HTTP."""

    def start(self) -> str:
        """Let events in, and return a sentence that says so. Raises ScribeError, in one line."""

    def stop(self) -> None:
        """Let no more in, and answer those that are under way."""


@dataclass(frozen=True, slots=True)
class Application:
    """The wired application. `start` and `stop` it once."""

    world: World
    scheduler: Scheduler
    bolt: App
    connection: Connection
    watch: Watch
    pulse: Pulse

    def start(self) -> str:
        """Connect to Slack, take up what is due; return a sentence that says how connected. Raises ScribeError."""
        self.world.writer.start()
        # First, so that a start that fails has begun nothing that is due.
        connected = self.connection.start()
        self.watch.began()
        self.pulse.start()
        self.scheduler.start()
        return connected

    def stop(self) -> None:
        """Disconnect, commit what is queued, finish what is running."""
        self.pulse.stop()
        self.watch.ended()
        self.connection.stop()
        self.scheduler.stop()
        self.world.writer.stop()
        self.world.database.close()


def system_clock(settings: Settings, time: Callable[[], datetime] | None = None) -> Callable[[], datetime]:
    """Return the clock: the time in UTC, the system's unless another is given, moved by SCRIBE_CLOCK_OFFSET."""
    offset = settings.clock_offset
    now = time or _system_time
    return lambda: now() + offset


def _system_time() -> datetime:
    return datetime.now(UTC)


def open_database(url: str) -> Database:
    """Return the database, brought up to date. Raises storage.database.DatabaseUnusableError."""
    database = Database(url)
    migrate.upgrade(database)
    return database


def _client(settings: Settings, seconds: int, time: SlackTime) -> WebClient:
    # No retry handlers: after a lost answer they would post a second time.
    return TimedClient(
        time, token=settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=seconds, retry_handlers=[]
    )


def build(
    settings: Settings, *, http: Address | None = None, clock: Callable[[], datetime] | None = None
) -> Application:
    """Wire the application for one workspace: for HTTP mode at that address, else for Socket Mode.

    Raises DatabaseUnusableError, ConnectError.
    """
    time = SlackTime(_system_time)
    now = clock or system_clock(settings, time)
    database = open_database(settings.DATABASE_URL)
    client = _client(settings, CALL_SECONDS, time)
    team = identify(client)
    with database.transaction() as connection:
        people.save_team(connection, team)
    identity = Identity(team.team_id, team.bot_user_id, team.bot_id)
    channels = SlackChannels(client, identity.bot_user_id)
    work: dict[str, Callable[[DueItem], None]] = {}
    scheduler = Scheduler(database, work, clock=now)
    line = SocketWatch(now)
    world = World(
        database=database,
        writer=CaptureWriter(database, clock=now, after_commit=scheduler.wake),
        clock=now,
        policy=_policy(settings, channels),
        renderer=Renderer(settings.SCRIBE_TEMPLATES),
        messenger=SlackMessenger(client),
        channels=channels,
        files=SlackFiles(client),
        history=SlackHistory(client, identity.bot_id, identity.bot_user_id, now),
        directory=SlackDirectory(client, _client(settings, ASK_SECONDS, time), identity.team_id),
        wake=scheduler.wake,
        reconnect=line.reconnect,
    )
    work.update(_jobs(world))
    bolt = _bolt(client, world, identity)
    # Over HTTP there is no connection to lose: who listens is reached, as far as this side can know.
    watch = Watch(world, identity.team_id, line.is_listening if http is None else lambda: True)
    if http is not None:
        way: Connection = HttpConnection(bolt, http, secret=settings.SLACK_SIGNING_SECRET, threads=LISTENERS)
    else:
        handler = SocketModeHandler(bolt, settings.SLACK_APP_TOKEN, concurrency=LISTENERS, ping_interval=5)
        way = SocketConnection(handler, CaptureLane(world, identity, handler.client), line, watch)
    return Application(world, scheduler, bolt, way, watch, Pulse(watch.tick))


def _policy(settings: Settings, channels: SlackChannels) -> Policy:
    announce = settings.SCRIBE_ANNOUNCE_CHANNEL
    return Policy(
        command=settings.SCRIBE_COMMAND,
        postmortem_command=settings.SCRIBE_POSTMORTEM_COMMAND,
        default_severity=settings.SCRIBE_DEFAULT_SEVERITY,
        announce_in=channels.resolve(announce) if announce else None,
        announce_name=channels.called(announce) if announce else None,
        emoji=settings.emoji,
        invite_groups=settings.invite_groups,
        approvers=settings.approvers,
    )


def _jobs(world: World) -> dict[str, Callable[[DueItem], None]]:
    """Return what does each kind of due work."""

    def with_world(job: Callable[[World, DueItem], None]) -> Callable[[DueItem], None]:
        return lambda item: job(world, item)

    return {
        jobs.OPEN: with_world(opening.open_channel),
        jobs.LOOK: with_world(adopting.show_preview),
        jobs.ADOPT: with_world(adopting.open_here),
        jobs.TAKE_IN: with_world(backfill.take_in),
        jobs.RECONCILE: with_world(reconciling.reconcile),
        jobs.LEAVE: with_world(adopting.leave),
        jobs.CHANNEL: with_world(channel_life.look_again),
        jobs.TELL: with_world(telling.tell),
        jobs.HEADER: with_world(unless_imported(header.refresh)),
        jobs.INVITE: with_world(unless_imported(calling.invite_one)),
        jobs.CALL_IN: with_world(unless_imported(calling.escalate)),
        jobs.LINE: with_world(unless_imported(header.say_line)),
        jobs.MARK: with_world(marking.bring_up_to_date),
        jobs.DRAFT: with_world(draft.make_draft),
        jobs.PUBLISH: with_world(publish.tell),
        jobs.UPDATE: with_world(unless_imported(updates.tell_outside)),
        jobs.REMINDER: with_world(unless_imported(reminders.bring_up_to_date)),
        jobs.FOLLOW_UP: with_world(followups.remind),
        jobs.FOLLOW_UP_CHANGED: with_world(followups.show_changes),
        jobs.ANSWER: with_world(answering.show),
        jobs.TIMELINE: with_world(timeline.show_now),
        jobs.SHOW: with_world(showing.show_now),
        jobs.HANDOVER: with_world(unless_imported(handover.show)),
        jobs.HOME: with_world(home.show_home),
        jobs.MENTION: with_world(mentions.answer),
        jobs.MEETING: with_world(unless_imported(postmortems.tell_meeting)),
        jobs.EXPORT: with_world(export.send),
    }


def _bolt(client: WebClient, world: World, identity: Identity) -> App:
    """Return Bolt's app with every listener; its answers wait for the listeners, so an ack follows the commit."""
    # Known since the start: an authorisation that could fail per request would drop events behind a 200.
    authorized = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team_id,
        bot_token=client.token,
        bot_id=identity.bot_id,
        bot_user_id=identity.bot_user_id,
    )
    # Bolt warns that it ignores the environment's token beside `client` and `authorize`; that is what is meant here.
    logging.getLogger("slack_bolt.App").addFilter(lambda record: "`token`" not in record.getMessage())
    app = App(
        client=client,
        authorize=lambda **_: authorized,
        process_before_response=True,
        # bot.web checks them, before anything of the request is read.
        request_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    # Before the events: the listener for every other event comes last.
    mentions.register(app, world, identity)
    events.register(app, world, identity)
    commands.register(app, world)
    presses.register(app, world)
    forms.register(app, world, identity)
    return app
