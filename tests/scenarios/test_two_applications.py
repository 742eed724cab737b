"""Two applications on one database, as during an upgrade: they share the work and do nothing twice."""

import re
from concurrent.futures import ThreadPoolExecutor

from tests.scenarios.stage import Room, Stage


def test_two_applications_on_one_database_share_the_work_and_do_nothing_twice(stage: Stage) -> None:
    stage.start()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: stage.type("ana", "general", f"/incident start Shared {n % 3}"), range(12)))
    stage.settle()
    rooms = [stage.room(answer) for answer in answers]
    assert len({room.incident_id for room in rooms}) == 12
    made = [one for one in stage.screen.channels() if one.name.startswith("inc-")]
    assert len(made) == 12
    assert [len(stage.bot_said(one.id)) for one in made] == [1] * 12
    first = next(one for one in made if one.name == rooms[0].name)
    room = Room(rooms[0].incident_id, first.id, first.name)

    def talk(number: int) -> None:
        ts = stage.people.say("ana", room.channel, f"said {number}")
        stage.people.react("ana", room.channel, ts, "pushpin")
        stage.people.edit("ana", room.channel, ts, f"edited {number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(talk, range(24)))
    stage.settle()
    shown = stage.timeline("ana", room)
    assert sorted(re.findall(r"edited \d+", shown)) == sorted(f"edited {number}" for number in range(24))
    assert stage.sandbox.sockets.lost == []
