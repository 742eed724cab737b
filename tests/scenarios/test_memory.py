"""Looking back: searching, incidents like this one, a quarter in figures."""

from pathlib import Path

import pytest

from tests.scenarios.stage import Room, Stage, staged


def ids(answer: str) -> list[str]:
    return [line.split(" · ")[0] for line in answer.splitlines() if line.startswith("INC-")]


def search(stage: Stage, words: str, *, by: str = "ben") -> str:
    return stage.type(by, "general", f"/postmortem search {words}")


@pytest.fixture(scope="module")
def pool(stage: Stage) -> Room:
    room = stage.declare('Checkout stuck --sev 2 --vendor "Big Cloud"')
    stage.type("ana", room.channel, "/incident cause root The connection pool had no upper limit")
    stage.type("ana", room.channel, "/incident action Alert on 100% of the pool_size")
    stage.type("ana", room.channel, "/incident note 50% of the payments fail")
    return room


def test_search_finds_what_was_said_about_an_incident_with_an_excerpt(stage: Stage, pool: Room) -> None:
    answer = search(stage, "POOL limit")
    assert ids(answer) == [pool.incident_id]
    assert " — cause: The connection pool had no upper limit" in answer


@pytest.mark.parametrize("words", ["checkout", "big cloud", "payments", "connection payments", "100%", "pool_size"])
def test_search_reads_titles_facts_actions_and_the_timeline_across_each_other(
    stage: Stage, pool: Room, words: str
) -> None:
    assert ids(search(stage, words)) == [pool.incident_id]


@pytest.mark.parametrize(
    "words", ["nowhere-said", "pool nowhere-said", "1_0%", "po_l", "p%l", "'; DROP TABLE incidents"]
)
def test_search_takes_every_word_literally_and_says_when_nothing_is_found(stage: Stage, pool: Room, words: str) -> None:
    assert pool.incident_id
    assert search(stage, words).startswith("Nothing is found for ")


@pytest.mark.parametrize("words", ["one two three four five six seven eight nine", "x" * 101])
def test_search_for_too_much_is_refused_with_the_limit_and_gives_back_what_was_typed(stage: Stage, words: str) -> None:
    answer = search(stage, words)
    assert answer.startswith("That is too much to look for; 8 words are the limit. Try: `/postmortem search ")
    assert answer.endswith(f"You typed: /postmortem search {words}")


def test_removed_statement_is_not_found_any_more(stage: Stage) -> None:
    room = stage.declare("Taken back")
    stage.type("ana", room.channel, "/incident cause The zebra escaped")
    assert ids(search(stage, "zebra")) == [room.incident_id]
    shown = [one for one in stage.screen.ephemerals("ana", room.channel) if "answer.undo" in str(one["blocks"])]
    stage.people.press("ana", room.channel, shown[-1]["ts"], "answer.undo")
    stage.settle()
    assert search(stage, "zebra").startswith("Nothing is found")


def test_private_incident_is_found_compared_and_counted_inside_only(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        public = stage.declare("Quartz lamp flickers")
        secret = stage.declare("Quartz lamp stolen --private")
        assert ids(search(stage, "quartz", by="ana")) == [secret.incident_id, public.incident_id]
        assert ids(search(stage, "quartz", by="ben")) == [public.incident_id]
        assert secret.incident_id in stage.type("ana", public.channel, "/postmortem similar")
        stage.people.join("ben", public.channel)
        assert secret.incident_id not in stage.type("ben", public.channel, "/postmortem similar")
        assert ": 2 incidents" in stage.type("ana", "general", "/postmortem quarter")
        assert ": 1 incident\n" in stage.type("ben", "general", "/postmortem quarter")


def test_similar_names_other_incidents_with_the_reason(stage: Stage, pool: Room) -> None:
    other = stage.declare('Payments stuck --vendor "big cloud"')
    stage.type("ana", other.channel, "/incident cause A connection limit was set too low")
    answer = stage.type("ana", other.channel, "/postmortem similar")
    assert answer.startswith(f"Like {other.incident_id}:\n{pool.incident_id} · SEV2")
    assert "same vendor: Big Cloud; both say connection, limit" in answer
    alone = stage.declare("Xylophone qwerty")
    assert stage.type("ana", alone.channel, "/postmortem similar").startswith(
        f"No incident so far is like {alone.incident_id}: compared are services, vendor and causes."
    )


def test_quarter_shows_counts_medians_and_actions_and_refuses_one_to_come(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        assert stage.type("ana", "general", "/postmortem quarter 2020Q1") == "2020Q1: 0 incidents"
        room = stage.declare("Slow search --sev 1")
        stage.declare("Fire drill --kind drill")
        cancelled = stage.declare("False alarm")
        stage.type("ana", cancelled.channel, "/incident cancel the probe was wrong")
        stage.type("ana", room.channel, "/incident action Add an alert")
        stage.type("ana", room.channel, "/incident resolve")
        stage.type("ana", room.channel, "/postmortem draft")
        stage.settle()
        lines = stage.type("ana", "general", "/postmortem quarter").splitlines()
        assert lines[0].endswith(" so far: 1 incident (1 drill, 1 cancelled left out)")
        assert lines[1:3] == ["By severity: SEV1 1", "By type: production 1"]
        assert "Time to resolve (start to resolution): not known of any" in lines
        assert "Drafted within 48 hours of the resolution: 1 of 1" in lines
        assert lines[-1] == "Actions: 1, of these 1 open"
        assert "2099Q1 has not begun. The current one: `/postmortem quarter " in stage.type(
            "ana", "general", "/postmortem quarter 2099Q1"
        )
