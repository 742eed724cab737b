"""The composition root: settings in, wired application out. No logic."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.config import Settings
from bot.rendering import Renderer
from bot.schedule import Scheduler
from bot.services import answering, calling, draft, followups, header, home, jobs, marking, opening, publish, timeline
from bot.services.world import Policy, World
from bot.slack import commands, events, forms, presses
from bot.slack.connect import identify, open_socket
from bot.slack.events import Identity
from bot.slack.messenger import SlackMessenger
from bot.slack.workspace import SlackChannels, SlackDirectory, SlackFiles, SlackHistory
from storage import migrate, people
from storage.database import Database
from storage.due import DueItem
from storage.writer import CaptureWriter

CALL_SECONDS = 10
# Asking who somebody is happens before a command's ack, which has three seconds; twice where it names another.
ASK_SECONDS = 1
LISTENERS = 64


@dataclass(frozen=True, slots=True)
class Application:
    """The wired application. `start` and `stop` it once."""

    world: World
    scheduler: Scheduler
    handler: SocketModeHandler

    def start(self) -> None:
        """Take up what is due and connect to Slack. Raises ConnectError."""
        self.world.writer.start()
        self.scheduler.start()
        open_socket(self.handler)

    def stop(self) -> None:
        """Disconnect, commit what is queued, finish what is running."""
        self.handler.close()  # type: ignore[no-untyped-call]
        self.scheduler.stop()
        self.world.writer.stop()
        self.world.database.close()


def system_clock(settings: Settings) -> Callable[[], datetime]:
    """Return the clock: the system's time in UTC, moved by SCRIBE_CLOCK_OFFSET."""
    offset = settings.clock_offset
    return lambda: datetime.now(UTC) + offset


def open_database(url: str) -> Database:
    """Return the database, brought up to date. Raises storage.database.DatabaseUnusableError."""
    database = Database(url)
    migrate.upgrade(database)
    return database


def _client(settings: Settings, seconds: int) -> WebClient:
    # No retry handlers: after a lost answer they would post a second time.
    return WebClient(
        token=settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=seconds, retry_handlers=[]
    )


def build(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> Application:
    """Wire the application for one workspace. Raises DatabaseUnusableError, ConnectError."""
    now = clock or system_clock(settings)
    database = open_database(settings.DATABASE_URL)
    client = _client(settings, CALL_SECONDS)
    team = identify(client)
    with database.transaction() as connection:
        people.save_team(connection, team)
    identity = Identity(team.team_id, team.bot_user_id, team.bot_id)
    channels = SlackChannels(client, identity.bot_user_id)
    work: dict[str, Callable[[DueItem], None]] = {}
    scheduler = Scheduler(database, work, clock=now)
    world = World(
        database=database,
        writer=CaptureWriter(database, clock=now, after_commit=scheduler.wake),
        clock=now,
        policy=_policy(settings, channels),
        renderer=Renderer(settings.SCRIBE_TEMPLATES),
        messenger=SlackMessenger(client),
        channels=channels,
        files=SlackFiles(client),
        history=SlackHistory(client, identity.bot_id),
        directory=SlackDirectory(client, _client(settings, ASK_SECONDS), identity.team_id),
        wake=scheduler.wake,
    )
    work.update(_jobs(world))
    handler = SocketModeHandler(
        _bolt(client, world, identity), settings.SLACK_APP_TOKEN, concurrency=LISTENERS, ping_interval=5
    )
    return Application(world, scheduler, handler)


def _policy(settings: Settings, channels: SlackChannels) -> Policy:
    announce = settings.SCRIBE_ANNOUNCE_CHANNEL
    return Policy(
        command=settings.SCRIBE_COMMAND,
        postmortem_command=settings.SCRIBE_POSTMORTEM_COMMAND,
        default_severity=settings.SCRIBE_DEFAULT_SEVERITY,
        announce_in=channels.resolve(announce) if announce else None,
        emoji=settings.emoji,
        invite_groups=settings.invite_groups,
    )


def _jobs(world: World) -> dict[str, Callable[[DueItem], None]]:
    """Return what does each kind of due work."""

    def with_world(job: Callable[[World, DueItem], None]) -> Callable[[DueItem], None]:
        return lambda item: job(world, item)

    return {
        jobs.OPEN: with_world(opening.open_channel),
        jobs.HEADER: with_world(header.refresh),
        jobs.INVITE: with_world(calling.invite_one),
        jobs.CALL_IN: with_world(calling.escalate),
        jobs.LINE: with_world(header.say_line),
        jobs.MARK: with_world(marking.bring_up_to_date),
        jobs.DRAFT: with_world(draft.make_draft),
        jobs.PUBLISH: with_world(publish.tell),
        jobs.FOLLOW_UP: with_world(followups.remind),
        jobs.FOLLOW_UP_CHANGED: with_world(followups.show_changes),
        jobs.ANSWER: with_world(answering.show),
        jobs.TIMELINE: with_world(timeline.show_now),
        jobs.HOME: with_world(home.show_home),
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
        attaching_conversation_kwargs_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    events.register(app, world, identity)
    commands.register(app, world)
    presses.register(app, world)
    forms.register(app, world, identity)
    return app
