"""Killed at any moment and started again, the process has lost nothing acknowledged and says nothing twice."""

import re
import threading
import time
from typing import Any

from bot.sandbox import lost_answer, slow
from tests.e2e.acknowledged import assert_nothing_acknowledged_is_lost, stored_messages
from tests.e2e.process import Scribe
from tests.faults.posted import posting, purposes, reports

_DECLARED = re.compile(r"(INC-[\w-]+) \(SEV\d\) is declared\. Making #(\S+)")


def named(answer: str) -> str:
    """Return the name of the channel that is being made."""
    found = _DECLARED.search(answer)
    assert found, answer
    return found[2]


def opened(scribe: Scribe) -> str:
    name = named(scribe.type("ana", "general", "/incident start Checkout errors --sev 2"))
    scribe.settle()
    return scribe.screen.channel(name).id


def test_incident_from_its_declaration_to_its_second_follow_up(scribe: Scribe) -> None:
    channel = opened(scribe)
    people = scribe.people
    people.join("ben", channel)
    kept = people.say("ben", channel, "The pool is full &amp; slow")
    people.react("ana", channel, kept, "pushpin")
    reply = people.say("ana", channel, "since deploy 4711", thread=kept)
    people.react("ben", channel, reply, "pushpin")
    dropped = people.say("ben", channel, "never mind this")
    people.react("ana", channel, dropped, "pushpin")
    people.unreact("ana", channel, dropped, "pushpin")
    gone = people.say("ben", channel, "a password")
    people.react("ana", channel, gone, "pushpin")
    scribe.restart()

    people.edit("ben", channel, kept, "The pool is full since 14:00")
    people.delete("ben", channel, gone)
    for command in ("role lead @ben", "impact 1,200 customers could not pay", "cause root The pool has no limit"):
        scribe.type("ana", channel, f"/incident {command}")
    scribe.type("ana", channel, "/incident action Add an alert @ben due 2030-01-01")
    scribe.type("ana", channel, "/incident resolve")
    scribe.restart()

    scribe.settle()
    scribe.type("ana", channel, "/postmortem draft")
    scribe.restart()
    scribe.settle()
    scribe.type("ana", channel, "/postmortem publish --yes")
    scribe.restart()
    scribe.settle()
    before = {"header": 1, "line": 3, "draft-summary": 1}
    assert purposes(scribe.screen, channel) == before
    scribe.restart(days=31)
    scribe.settle()
    assert purposes(scribe.screen, channel) == before | {"follow-up": 1}
    scribe.restart(days=30)
    scribe.settle()
    scribe.restart(days=100)
    scribe.settle()

    assert purposes(scribe.screen, channel) == before | {"follow-up": 2}
    assert purposes(scribe.screen, "incidents") == {"announcement": 1, "published": 1}
    assert len(scribe.screen.pins(channel)) == 1
    (report,) = scribe.screen.files()
    assert len(reports(scribe.screen, channel)) == 1
    for text in ("The pool is full since 14:00", "since deploy 4711", "1,200 customers", "The pool has no limit"):
        assert text in report.text
    for text in ("slow", "never mind this", "a password"):
        assert text not in report.text
    assert_nothing_acknowledged_is_lost(scribe, channel)


def test_burst_of_messages_and_votes_survives_being_killed_again_and_again(scribe: Scribe) -> None:
    channel = opened(scribe)
    scribe.people.join("ben", channel)

    def talk() -> None:
        for number in range(150):
            ts = scribe.people.say("ben", channel, f"message {number}")
            if number % 3 == 0:
                scribe.people.react("ana", channel, ts, "pushpin")
            if number % 10 == 0:
                scribe.people.edit("ben", channel, ts, f"better message {number}")
            if number % 25 == 0:
                scribe.people.delete("ben", channel, ts)
            time.sleep(0.01)

    talking = threading.Thread(target=talk)
    talking.start()
    for _ in range(2):
        time.sleep(0.3)
        scribe.restart()
    talking.join()
    scribe.settle()
    assert scribe.sandbox.sockets.lost == []
    assert_nothing_acknowledged_is_lost(scribe, channel)
    texts = dict(scribe.ask("SELECT ts, text FROM messages WHERE NOT is_deleted"))
    shown = {message["ts"]: message["text"] for message in scribe.screen.messages(channel)}
    assert {ts: text for ts, text in shown.items() if text.startswith(("message", "better"))} == texts
    assert scribe.ask("PRAGMA integrity_check") == [("ok",)]


def test_message_acknowledged_at_the_moment_of_the_kill_is_stored(scribe: Scribe) -> None:
    channel = opened(scribe)
    for number in range(3):
        ts = scribe.people.say("ana", channel, f"last words {number}")
        scribe.sandbox.wait_until(lambda ts=ts: any(event.get("ts") == ts for event in scribe.acknowledged()))  # type: ignore[misc]
        scribe.kill()
        assert ts in stored_messages(scribe)
        scribe.start()


def test_channel_opening_survives_a_kill_at_each_of_its_steps(scribe: Scribe) -> None:
    steps: tuple[tuple[str, Any], ...] = (
        ("conversations.create", None),
        ("chat.postMessage", posting("header")),
        ("conversations.setTopic", None),
        ("chat.postMessage", posting("announcement")),
    )
    for number, (method, when) in enumerate(steps):
        done = len(scribe.screen.calls(method))
        scribe.sandbox.faults.api(method, lost_answer() if number % 2 else slow(0.3), when=when)
        name = named(scribe.type("ana", "general", f"/incident start Step {number}"))
        if number % 2:
            scribe.sandbox.wait_until(lambda m=method, d=done: len(scribe.screen.calls(m)) > d)  # type: ignore[misc]
        else:
            time.sleep(0.15)
        scribe.restart()
        scribe.settle()
        channel = scribe.screen.channel(name).id
        assert purposes(scribe.screen, channel) == {"header": 1}
        assert len(scribe.screen.pins(channel)) == 1
        assert scribe.screen.topic(channel) != ""
        assert scribe.screen.members(channel).count("ana") == 1
        assert purposes(scribe.screen, "incidents") == {"announcement": number + 1}
    assert len([one for one in scribe.screen.channels() if one.name.startswith("inc-")]) == len(steps)


def test_draft_survives_a_kill_at_each_of_its_steps(scribe: Scribe) -> None:
    channel = opened(scribe)
    steps = ("chat.postMessage", "files.getUploadURLExternal", "upload", "files.completeUploadExternal")
    for number, method in enumerate(steps):
        scribe.sandbox.faults.api(method, slow(0.3))
        scribe.type("ana", channel, "/postmortem draft")
        time.sleep(0.1 + 0.1 * (number % 2))
        scribe.restart()
        scribe.sandbox.faults.clear()
        scribe.settle()
        assert purposes(scribe.screen, channel) == {"header": 1, "draft-summary": 1}
        shared = reports(scribe.screen, channel)
        assert len(shared) == len(set(shared)) == number + 1
    assert scribe.ask("SELECT count(*) FROM drafts") == [(len(steps),)]
