"""One incident, from its declaration to its second follow-up, against a Slack that nobody here wrote.

The bot runs as people run it, `scribe run`, over Socket Mode and over HTTP; it is killed and started on the way.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox import visible_text
from tests.counterparts.local_slack import ANA, BEN, CLEO, GENERAL, INCIDENTS
from tests.counterparts.scribe import HTTP, SOCKET, Room, Scribe, running


@pytest.fixture(params=[SOCKET, HTTP])
def scribe(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scribe]:
    with running(tmp_path, request.param) as started:
        yield started


def declared(scribe: Scribe) -> Room:
    room = scribe.declare("Checkout errors in the EU --sev 2")
    assert room.name.endswith("checkout-errors-in-the-eu")
    assert f"{room.incident_id} · Checkout errors in the EU" in scribe.header_text(room)
    assert "Messages here are recorded for the postmortem." in scribe.header_text(room)
    assert any(f"<#{room.channel}>" in text for text in scribe.people.whispered(ANA, GENERAL))
    (announcement,) = scribe.people.texts(INCIDENTS)
    assert "SEV2: Checkout errors in the EU" in announcement
    return room


def talked(scribe: Scribe, room: Room) -> dict[str, str]:
    """What is said and marked in the channel and in a thread; the ts of each by its name."""
    people = scribe.people
    said = {"kept": people.say(BEN, room.channel, "The pool is full &amp; slow")}
    people.react(ANA, room.channel, said["kept"], "pushpin")
    said["reply"] = people.say(ANA, room.channel, "since deploy 4711", thread=said["kept"])
    people.react(BEN, room.channel, said["reply"], "pushpin")
    said["dropped"] = people.say(CLEO, room.channel, "never mind this")
    people.react(ANA, room.channel, said["dropped"], "pushpin")
    people.react(ANA, room.channel, said["dropped"], "pushpin", is_on=False)
    said["gone"] = people.say(CLEO, room.channel, "a password")
    people.react(ANA, room.channel, said["gone"], "pushpin")
    said["file"] = people.share(BEN, room.channel, "trace.txt", "boom", text="the trace")
    people.react(BEN, room.channel, said["file"], "pushpin")
    scribe.settle()
    marked = {name for name, ts in said.items() if "spiral_note_pad" in people.marks(room.channel, ts)}
    assert marked == {"kept", "reply", "gone", "file"}
    return said


def taken_back(scribe: Scribe, room: Room, said: dict[str, str]) -> None:
    scribe.people.edit(BEN, room.channel, said["kept"], "The pool is full since 14:00")
    scribe.people.delete(CLEO, room.channel, said["gone"])
    scribe.settle()
    timeline = scribe.timeline(ANA, room)
    for text in ("The pool is full since 14:00", "since deploy 4711", "text: trace.txt"):
        assert text in timeline
    for text in ("slow", "never mind this", "a password"):
        assert text not in timeline


def moved(scribe: Scribe, room: Room) -> None:
    for action_id in ("header.lead", "header.move.identified", "header.move.mitigated", "header.move.resolved"):
        scribe.people.press(BEN, room.channel, scribe.header(room)["ts"], action_id)
        scribe.settle()
    header = scribe.header_text(room)
    assert "Resolved" in header
    assert "Ben Okoro" in header
    lines = scribe.people.texts(room.channel)
    assert any("Ben Okoro is the incident lead" in text for text in lines)
    assert any(text.startswith("Status: resolved") for text in lines)


def written_down(scribe: Scribe, room: Room) -> None:
    answers = {
        "note 10 minutes ago rolled back the release": "rolled back the release",
        "impact 1,200 customers could not pay for 40 minutes": "1,200 customers",
        "cause root The pool has no limit": "The pool has no limit",
        "why The load doubled": "The load doubled",
        "lesson well The alert was quick": "The alert was quick",
        f"action Add an alert <@{BEN}|ben> due 2030-01-01 P1": "Add an alert",
    }
    for typed, answered in answers.items():
        assert answered in scribe.type(ANA, room.channel, f"/incident {typed}"), typed


def drafted(scribe: Scribe, room: Room) -> None:
    assert "Working on the draft" in scribe.type(ANA, room.channel, "/postmortem draft")
    scribe.settle()
    (summary,) = [one for one in scribe.people.from_bot(room.channel) if "Postmortem of" in visible_text(one)]
    (report,) = [one for one in scribe.people.from_bot(room.channel) if one.get("files")]
    assert report["thread_ts"] == summary["ts"]
    content = scribe.people.file(report)
    for text in ("The pool is full since 14:00", "since deploy 4711", "1,200 customers", "The pool has no limit"):
        assert text in content
    for text in ("rolled back the release", "The load doubled", "The alert was quick", "Add an alert"):
        assert text in content
    for text in ("never mind this", "a password"):
        assert text not in content


def published(scribe: Scribe, room: Room) -> None:
    scribe.type(ANA, room.channel, "/postmortem publish --yes")
    scribe.settle()
    assert "Closed" in scribe.header_text(room)
    announcements = [text for text in scribe.people.texts(INCIDENTS) if room.incident_id in text]
    assert len(announcements) == 2


def followed_up(scribe: Scribe, room: Room) -> None:
    assert _follow_ups(scribe, room) == []
    for days, count in ((31, 1), (30, 2), (100, 2)):
        scribe.restart(days=days)
        assert len(_follow_ups(scribe, room)) == count
    first, second = _follow_ups(scribe, room)
    assert "30 days after" in first
    assert "60 days after" in second
    assert "Add an alert" in first


def _follow_ups(scribe: Scribe, room: Room) -> list[str]:
    return [
        text for text in scribe.people.texts(room.channel) if f"days after the postmortem of {room.incident_id}" in text
    ]


def test_incident_from_its_declaration_to_its_second_follow_up(scribe: Scribe) -> None:
    room = declared(scribe)
    said = talked(scribe, room)
    scribe.restart()
    taken_back(scribe, room, said)
    moved(scribe, room)
    written_down(scribe, room)
    scribe.restart()
    drafted(scribe, room)
    published(scribe, room)
    followed_up(scribe, room)
    assert "Traceback" not in scribe.errors()
