"""Three incidents open at the same time, worked on in turns: nothing of one shows in another."""

from bot.sandbox import visible_text
from tests.scenarios.stage import Room, Stage

LEADS = {"Red": "ana", "Green": "ben", "Blue": "cleo"}


def do(stage: Stage, room: Room, command: str, *, by: str = "ana") -> str:
    answer = stage.type(by, room.channel, f"/incident {command}")
    stage.settle()
    return answer


def announcement(stage: Stage, room: Room) -> str:
    (found,) = [text for text in stage.seen_in("incidents") if room.incident_id in text]
    return found


def asked(stage: Stage, room: Room) -> list[str]:
    """Returns what reminders in the incident's channel ask for."""
    said = [visible_text(one) for one in stage.screen.from_bot(room.channel)]
    return [text for text in said if "Nobody leads" in text or "An update for those outside" in text]


def opened(stage: Stage) -> dict[str, Room]:
    """Returns three incidents, their severities 1 to 3, each with its own lead, declared and led in turns."""
    rooms = {}
    for severity, color in enumerate(LEADS, start=1):
        rooms[color] = stage.declare(f"{color} trouble --sev {severity}")
    for color, lead in LEADS.items():
        if lead != "ana":
            stage.people.invite("ana", rooms[color].channel, lead)
        do(stage, rooms[color], "role lead", by=lead)
    return rooms


def test_interleaved_commands_updates_and_reminders_stay_with_their_incidents(stage: Stage) -> None:
    rooms = opened(stage)
    for round_ in ("first", "second"):
        for color, lead in LEADS.items():
            do(stage, rooms[color], f"update {color} {round_} news", by=lead)
            do(stage, rooms[color], f"note {color} {round_} note", by=lead)
    # From outside, by the end of its id, and about another one than the channel's.
    do(stage, rooms["Red"], f"{rooms['Blue'].ending} update Blue news from elsewhere next 2h")
    for color, room in rooms.items():
        others = [other for other in LEADS if other != color]
        latest = "Blue news from elsewhere" if color == "Blue" else f"{color} second news"
        shown = announcement(stage, room)
        assert latest in shown
        everything = [shown, stage.header_text(room), stage.timeline("ana", room), *stage.bot_said(room.channel)]
        assert not any(other in text for other in others for text in everything)
    assert "Next update by" in announcement(stage, rooms["Blue"])
    assert "Next update by" not in announcement(stage, rooms["Red"])


def test_each_incident_is_reminded_by_its_own_severity_and_of_its_own_lead(stage: Stage) -> None:
    rooms = opened(stage)
    silent = stage.declare("Grey trouble --sev 4")
    stage.pass_time(minutes=31)
    assert [len(asked(stage, rooms[color])) for color in LEADS] == [1, 0, 0]
    assert "Nobody leads" in asked(stage, silent)[0]
    do(stage, rooms["Red"], "update Red is better next 4h")
    assert asked(stage, rooms["Red"]) == []
    assert len(asked(stage, silent)) == 1
    stage.pass_time(minutes=30)
    assert [len(asked(stage, rooms[color])) for color in LEADS] == [0, 1, 0]
    ben = stage.people.typed("@ben")
    assert asked(stage, rooms["Green"])[0].startswith(ben)
    do(stage, rooms["Green"], "resolve", by="ben")
    do(stage, silent, "role lead")
    assert [asked(stage, room) for room in (*rooms.values(), silent)] == [[], [], [], []]
