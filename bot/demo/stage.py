"""The stage: the stand-in for Slack with the story's people, and the very application connected to it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import app, config
from bot.app import Application
from bot.demo.clock import ManualClock
from bot.demo.errors import DemoError
from bot.demo.story import Story
from bot.sandbox import Sandbox
from bot.slack.connect import SocketConnection

ANNOUNCEMENTS = "incidents"
TALK = "ops"
_BOT = "scribe"
_IDLE_SECONDS = 20.0
_PAUSE_SECONDS = 0.005
_QUIET_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story is played."""

    sandbox: Sandbox
    application: Application
    clock: ManualClock

    def settle(self) -> None:
        """Wait until everything that the last step caused has happened.

        Raises SandboxTimeoutError and DemoError when it does not come to rest.
        """
        # The scheduler looks by the true clock, and nobody tells it that this one has been moved.
        self.application.scheduler.wake()
        deadline = time.monotonic() + _IDLE_SECONDS
        # Twice in a row: what the scheduler did last may still be on its way to the application as an event.
        calm = 0
        while calm < 2:  # noqa: PLR2004 - see above
            self.sandbox.wait_idle(_IDLE_SECONDS, quiet=_QUIET_SECONDS)
            calm = calm + 1 if self.application.scheduler.is_idle else 0
            if time.monotonic() > deadline:
                raise DemoError(f"the application was not done after {_IDLE_SECONDS:g} s")
            if not calm:
                time.sleep(_PAUSE_SECONDS)


@contextmanager
def staged(story: Story, database: Path) -> Iterator[Stage]:
    """Start the stand-in and the application on an SQLite file; stop both at the end."""
    clock = ManualClock(story.steps[0].at)
    with Sandbox(clock=clock, redelivery_delays=(0.0, 0.5, 1.0)) as sandbox:
        _populate(sandbox, story)
        application = app.build(_settings(sandbox, database), clock=clock)
        application.start()
        try:
            sandbox.wait_connected()
            yield Stage(sandbox, application, clock)
        finally:
            try:
                _hang_up(sandbox, application)
            finally:
                application.stop()


def _hang_up(sandbox: Sandbox, application: Application) -> None:
    """End the connection from Slack's side: from this one the SDK would wait seconds for bytes before it let go."""
    connection = application.connection
    assert isinstance(connection, SocketConnection)
    client = connection.handler.client
    client.auto_reconnect_enabled = False
    sandbox.faults.cut_sockets()
    sandbox.wait_until(lambda: not client.is_connected(), what="the connection was not ended")


def _settings(sandbox: Sandbox, database: Path) -> config.Settings:
    """Return settings of the demo alone: neither the environment nor a .env file is read."""
    given = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "SCRIBE_ANNOUNCE_CHANNEL": ANNOUNCEMENTS,
        "SCRIBE_EMOJI": "phases",
    }
    return config.read(given, None)


def _populate(sandbox: Sandbox, story: Story) -> None:
    for person in story.people:
        sandbox.people.add_person(person.handle, real_name=person.name, tz=person.zone)
    everybody = [person.handle for person in story.people]
    sandbox.people.add_channel(ANNOUNCEMENTS, members=[*everybody, _BOT])
    sandbox.people.add_channel(TALK, members=everybody)
