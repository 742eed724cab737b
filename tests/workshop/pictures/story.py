"""A short incident, played by hand so that every message, form and tab of the pictures comes up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.counterparts.local_slack import ANA, BEN, INCIDENTS
from tests.counterparts.scribe import Room, Scribe
from tests.workshop.pictures.page import Camera

Shot = Callable[[Camera, Path], None]


@dataclass(frozen=True)
class Picture:
    """Something to take: its name, and how a camera takes it."""

    name: str
    take: Shot


def pictures(scribe: Scribe) -> Iterator[Picture]:
    """Play the incident, and yield each picture while the page shows it."""
    scribe.type(ANA, INCIDENTS, "/incident start")
    yield from _form("form-declare", scribe)
    room = scribe.declare("Checkout errors in the EU --sev 2 --since 8 minutes ago", channel=INCIDENTS)
    yield _message("announcement", scribe, INCIDENTS, scribe.people.from_bot(INCIDENTS)[-1])
    yield _message("header-new", scribe, room.channel, scribe.header(room))
    yield from _investigate(scribe, room)
    yield from _mitigate(scribe, room)
    yield _message("announcement-updated", scribe, INCIDENTS, scribe.people.from_bot(INCIDENTS)[-1])
    yield _message("header", scribe, room.channel, scribe.header(room))
    yield from _whispers(scribe, room)
    yield from _edit(scribe, room)
    yield from _hand_over(scribe, room)
    yield from _forms(scribe, room)
    _resolve(scribe, room)
    yield _message("header-resolved", scribe, room.channel, scribe.header(room))
    yield _draft(scribe, room)
    for name in ("review", "list", "publish"):
        yield _whisper(f"postmortem-{name}", scribe, room, f"/postmortem {name}")
    yield _home(scribe)
    yield _adoption(scribe)
    scribe.restart(days=31)
    yield _message("follow-up", scribe, room.channel, scribe.people.from_bot(room.channel)[-1])


def _whispers(scribe: Scribe, room: Room) -> Iterator[Picture]:
    for name in ("timeline", "catchup", "tasks", "info", "list", "help"):
        yield _whisper(name, scribe, room, f"/incident {name}")


def _forms(scribe: Scribe, room: Room) -> Iterator[Picture]:
    for name in ("impact", "cause", "lesson", "action"):
        scribe.type(ANA, room.channel, f"/incident {name}")
        yield from _form(f"form-{name}", scribe)


def _edit(scribe: Scribe, room: Room) -> Iterator[Picture]:
    scribe.type(ANA, room.channel, "/incident timeline")
    shown = scribe.people.whispers(ANA, room.channel)[-1]
    first = next(one["accessory"] for one in shown["blocks"] if "accessory" in one)
    scribe.people.press(ANA, room.channel, shown["ts"], first["action_id"], option=first["options"][0]["value"])
    yield from _form("form-time", scribe)


def _hand_over(scribe: Scribe, room: Room) -> Iterator[Picture]:
    command = f"/incident handover <@{BEN}>"
    scribe.type(ANA, room.channel, command)
    yield from _form("form-handover", scribe)
    scribe.type(ANA, room.channel, command)
    # What is not named keeps what it holds.
    scribe.people.submit(ANA, {"risks": "At 18:00 the evening peak begins"})
    scribe.people.close_modal(ANA)
    scribe.settle()
    yield _message("handover", scribe, room.channel, scribe.people.from_bot(room.channel)[-1])


def _investigate(scribe: Scribe, room: Room) -> Iterator[Picture]:
    alert = scribe.people.say(
        BEN,
        room.channel,
        "Checkout answers 502 to about one request in five, in the EU only, since the deploy.",
    )
    scribe.people.react(ANA, room.channel, alert, "pushpin")
    _do(scribe, room, "set detected 5 minutes ago", "role lead", f"role ops <@{BEN}>")
    yield _message("line", scribe, room.channel, scribe.people.from_bot(room.channel)[-1])
    _later(scribe, minutes=6)
    _do(scribe, room, "identified -- Release 2.15 opens a database connection for each retry")


def _mitigate(scribe: Scribe, room: Room) -> Iterator[Picture]:
    _later(scribe, minutes=4)
    _do(
        scribe,
        room,
        "note We roll checkout back rather than raise the pool: a larger pool could take the database down",
        "impact One payment in five failed in the EU, for about 1,200 customers",
        "update About one payment in five fails in the EU. We are rolling back the release. next 30m",
        f"task Roll checkout back to 2.14 <@{BEN}>",
        "task Tell the support team which customers are affected",
    )
    _later(scribe, minutes=38)
    reminder = scribe.people.from_bot(room.channel)[-1]
    yield _message("reminder", scribe, room.channel, reminder)
    scribe.people.press(ANA, room.channel, reminder["ts"], "reminder.update")
    yield from _form("form-update", scribe)
    _do(scribe, room, "mitigated -- Rolled checkout back to 2.14")


def _resolve(scribe: Scribe, room: Room) -> None:
    _do(
        scribe,
        room,
        "cause root The size of the connection pool is set by hand and nothing checks it",
        "cause trigger Release 2.15 opened a connection for each retry",
        "lesson well The alert came within five minutes",
        f"action Alert on pool saturation <@{BEN}> due friday P1 --type detect",
        f"action Derive the pool's size from the number of workers <@{ANA}> due in 2 weeks P1 --type prevent",
    )
    _later(scribe, minutes=25)
    _do(scribe, room, "resolve")


def _do(scribe: Scribe, room: Room, *commands: str) -> None:
    for text in commands:
        scribe.type(ANA, room.channel, f"/incident {text}")
    scribe.settle()


def _later(scribe: Scribe, minutes: int) -> None:
    """Let time pass, by the bot's clock."""
    scribe.restart(minutes=minutes)


def _draft(scribe: Scribe, room: Room) -> Picture:
    scribe.type(ANA, room.channel, "/postmortem draft")
    scribe.settle()
    posted = [one for one in scribe.people.from_bot(room.channel) if "Postmortem of" in str(one.get("text"))]
    return _message("draft", scribe, room.channel, posted[-1])


def _home(scribe: Scribe) -> Picture:
    scribe.declare("Search answers slowly --sev 3", channel=INCIDENTS)
    scribe.people.open_home(ANA)
    scribe.settle()
    return Picture("home", lambda camera, file: camera.home(file))


def _adoption(scribe: Scribe) -> Picture:
    scribe.people.say(BEN, INCIDENTS, "Mails from us arrive an hour late.")
    scribe.type(ANA, INCIDENTS, "/incident start Mails are late --here")
    scribe.settle()
    return _message("adoption", scribe, INCIDENTS, scribe.people.whispers(ANA, INCIDENTS)[-1])


def _form(name: str, scribe: Scribe) -> Iterator[Picture]:
    """Yield the form that is open, and close it."""
    view = scribe.people.modal()
    assert view is not None, f"{name} did not open"
    yield Picture(name, lambda camera, file: camera.form(view, file))
    scribe.people.close_modal(ANA)


def _message(name: str, scribe: Scribe, channel: str, message: dict[str, Any]) -> Picture:
    thread = message.get("thread_ts")
    return Picture(name, lambda camera, file: camera.message(channel, message["ts"], file, thread=thread))


def _whisper(name: str, scribe: Scribe, room: Room, command: str) -> Picture:
    scribe.type(ANA, room.channel, command)
    scribe.settle()
    return _message(name, scribe, room.channel, scribe.people.whispers(ANA, room.channel)[-1])
