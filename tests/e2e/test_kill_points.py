"""Killed at many random moments while people type, the process has lost nothing acknowledged, and has all in the end.

`make test` kills a few times, `make faults` sixty times (`KILLS=60`).
"""

import os
import random
import sys
import threading
import time
from dataclasses import dataclass, field

from bot.sandbox import visible_text
from tests.e2e.acknowledged import assert_nothing_acknowledged_is_lost
from tests.e2e.process import Scribe
from tests.e2e.test_kill import opened

FEW = "6"
KILLS = int(os.environ.get("KILLS", FEW))
_SEED = 4711
# Between a start and the next kill, in seconds of real time.
_LONGEST_LIFE = 0.7
_PAUSE = 0.01


@dataclass
class Talk:
    """Three people who talk without a break, until told to stop."""

    scribe: Scribe
    channel: str
    dice: random.Random = field(default_factory=lambda: random.Random(_SEED))
    said: list[tuple[str, str]] = field(default_factory=list)
    number: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.stopping.is_set():
            self._do_something()
            time.sleep(_PAUSE)

    def _do_something(self) -> None:
        scribe, people, channel = self.scribe, self.scribe.people, self.channel
        self.number += 1
        who, emoji = self.dice.choice(["ana", "ben"]), self.dice.choice(["pushpin", "eyes"])
        dice = self.dice.random()
        if dice < 0.45 or not self.said:
            self.said.append((people.say(who, channel, f"message {self.number}"), who))
            return
        ts, author = self.dice.choice(self.said[-30:])
        if dice < 0.6:
            people.say(who, channel, f"answer {self.number}", thread=ts)
        elif dice < 0.8:
            is_on = scribe.sandbox.workspace.person(who).id in scribe.screen.reactions(channel, ts).get(emoji, [])
            (people.unreact if is_on else people.react)(who, channel, ts, emoji)
        elif dice < 0.95:
            people.edit(author, channel, ts, f"better {self.number}")
        else:
            people.delete(author, channel, ts)
            self.said.remove((ts, author))


def true_channel(scribe: Scribe, channel: str) -> tuple[dict[str, str], set[tuple[str, str, str]]]:
    """Return what people see: the texts by timestamp, and the reactions."""
    own = {message["ts"] for message in scribe.screen.from_bot(channel)}
    top = [message for message in scribe.screen.messages(channel) if message["ts"] not in own]
    shown = [one for message in top for one in scribe.screen.thread(channel, message["ts"])]
    spoken = {one["ts"]: one for one in shown if "subtype" not in one}
    votes = {
        (ts, user, emoji)
        for ts in spoken
        for emoji, users in scribe.screen.reactions(channel, ts).items()
        for user in users
        if user != scribe.sandbox.bot_user_id
    }
    return {ts: visible_text(message) for ts, message in spoken.items()}, votes


def stored_channel(scribe: Scribe) -> tuple[dict[str, str], set[tuple[str, str, str]]]:
    texts = dict(scribe.ask("SELECT ts, text FROM messages WHERE NOT is_deleted"))
    return texts, {vote for vote in scribe.ask("SELECT ts, user_id, emoji FROM votes WHERE is_on") if vote[0] in texts}


def test_process_killed_at_random_moments_has_lost_nothing_and_catches_up(scribe: Scribe) -> None:
    channel = opened(scribe)
    scribe.people.join("ben", channel)
    # Slack gives up soon: what happens while nobody is connected is lost, and has to be found in the history.
    scribe.sandbox.sockets.redelivery_delays = (0.05, 0.1)
    scribe.sandbox.sockets.keep_unconnected = 0.05
    talk, moments = Talk(scribe, channel), random.Random(_SEED)
    talking = threading.Thread(target=talk.run)
    talking.start()
    try:
        for _ in range(KILLS):
            time.sleep(moments.uniform(0, _LONGEST_LIFE))
            scribe.kill()
            assert_nothing_acknowledged_is_lost(scribe, channel)
            assert scribe.ask("PRAGMA integrity_check") == [("ok",)]
            scribe.start()
    finally:
        talk.stopping.set()
        talking.join()
    assert len(scribe.sandbox.sockets.lost) > 0, "nothing was lost, so nothing was to be caught up with"
    # Past the lease of what the killed ones were at, and past what the history may be behind.
    scribe.restart(minutes=2)
    scribe.settle()
    scribe.type("ana", channel, "/postmortem draft")
    scribe.settle()
    assert_nothing_acknowledged_is_lost(scribe, channel)
    assert stored_channel(scribe) == true_channel(scribe, channel)
    assert scribe.ask("PRAGMA integrity_check") == [("ok",)]
    # For `make faults`, which shows what tests write.
    sys.stdout.write(
        f"{KILLS} kills: {len(scribe.acknowledged()):,} events acknowledged, 0 of them lost; "
        f"{len(scribe.sandbox.sockets.lost):,} never delivered, all found in the history\n"
    )
