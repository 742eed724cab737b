"""The applications whose capture is compared, each a process of its own with the settings of its environment.

Run as `python -m benchmarks.sides SIDE`.
"""

import gc
import sys
import threading
import time
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy import Engine, event

from benchmarks.incident import TEAM
from bot import app, config
from bot.cli import main as scribe
from storage import writer

# The program as it is; on a disk that takes longer; there with a commit for each message; an empty listener.
OURS, SLOW, SLOW_SINGLE, EMPTY = "ours", "slow", "slow-single", "empty"
COMMIT_SECONDS = 0.002


def main() -> None:
    """Run one side until it is ended."""
    side = sys.argv[1]
    if side == EMPTY:
        _listen_to_nothing(config.read())
    if side in (SLOW, SLOW_SINGLE):
        event.listen(Engine, "commit", lambda _: time.sleep(COMMIT_SECONDS))
    if side == SLOW_SINGLE:
        writer.BATCH_LIMIT = 1
    scribe(["run"])


def _listen_to_nothing(settings: config.Settings) -> None:
    """Run Bolt, set up as the program does it, with an empty listener: the floor."""
    who = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-bench", bot_id="B0BOT", bot_user_id="U0BOT")
    bolt = App(
        client=WebClient(base_url=settings.SLACK_API_URL, retry_handlers=[]),
        authorize=lambda **_: who,
        process_before_response=True,
        attaching_conversation_kwargs_enabled=False,
    )
    bolt.event("message")(_hear)
    handler = SocketModeHandler(bolt, settings.SLACK_APP_TOKEN, concurrency=app.LISTENERS, ping_interval=5)
    handler.connect()  # type: ignore[no-untyped-call]
    # As `scribe run` does it.
    gc.freeze()
    threading.Event().wait()


def _hear(body: dict[str, Any]) -> None:
    """Do nothing."""


if __name__ == "__main__":
    main()
