"""Declaring an incident with a command: the channel, the header, the announcement."""

import html
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.scenarios.stage import Room, Stage, labels


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SCRIBE_ANNOUNCE_CHANNEL": "#incidents"}


def announcements(stage: Stage, room: Room) -> list[str]:
    return [text for text in stage.seen_in("incidents") if room.incident_id in text]


def test_start_answers_at_once_and_then_says_where_the_channel_is(stage: Stage) -> None:
    answer = stage.type("ana", "general", "/incident start Checkout errors in the EU --sev 2")
    assert re.match(
        r"INC-\d{4}-\d\d-\d\d-\d{3} \(SEV2\) is declared\. Making #inc-\d{8}-checkout-errors-in-the-eu", answer
    )
    stage.settle()
    room = stage.room(answer)
    channel = stage.screen.channel(room.name).id
    assert f"{room.incident_id} is open. Go to <#{channel}>" in stage.whispered("ana", "general")


def test_reporter_is_invited_and_the_channel_is_named_after_day_and_title(stage: Stage) -> None:
    room = stage.declare("Größe & co: crème brûlée!")
    assert room.name == f"inc-{stage.clock():%Y%m%d}-große-co-creme-brulee".replace("ß", "")
    assert stage.screen.members(room.channel) == ["scribe", "ana"]


def test_header_says_what_how_who_and_when(stage: Stage) -> None:
    room = stage.declare("Payments are slow --sev 1")
    header = stage.header_text(room)
    for words in (
        f"{room.incident_id} · Payments are slow",
        "*Severity*\n:red_circle: SEV1",
        "*Status*\nInvestigating",
        "*Incident lead*\nnobody yet",
        "*Reported by*\nAna Silva",
        "Messages here are recorded for the postmortem.",
        "Nobody was called in by this incident.",
        "More: `/incident`",
    ):
        assert words in header
    assert re.search(
        r"\*Declared\*\n<!date\^\d+\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>", header
    )


def test_header_has_one_primary_button_and_at_most_four_others_in_every_state(stage: Stage) -> None:
    room = stage.declare("Buttons")
    seen = []
    for command in ("info", "role lead", "identified", "mitigated", "resolve", "reopen", "cancel it was nothing"):
        stage.type("ana", room.channel, f"/incident {command}")
        stage.settle()
        shown = labels(stage.header(room))
        assert len(shown) <= 5
        assert [label for label in shown if label.endswith("*")] == shown[:1]
        seen.append(shown[0])
    assert seen == [
        "Take the lead*",
        "Cause identified*",
        "Mitigated*",
        "Resolved*",
        "Draft the postmortem*",
        "Cause identified*",
        "Reopen*",
    ]


def test_header_is_edited_in_place_as_things_change(stage: Stage) -> None:
    room = stage.declare("Old words --sev 3")
    before = stage.header(room)["ts"]
    for command in ("severity 1", "title New words", "role lead @ben", "identified"):
        stage.type("ana", room.channel, f"/incident {command}")
    stage.settle()
    header = stage.header_text(room)
    assert stage.header(room)["ts"] == before
    for words in ("New words", "SEV1", "*Incident lead*\nBen Okoro", "*Status*\nIdentified"):
        assert words in header
    assert "Old words" not in header


def test_topic_tells_id_severity_status_and_title_and_follows_them(stage: Stage) -> None:
    room = stage.declare("Search <is> down & out --sev 2")
    topic = stage.screen.topic(room.channel)
    assert topic == f"{room.incident_id} · SEV2 · investigating · Search &lt;is&gt; down &amp; out"
    stage.type("ana", room.channel, "/incident mitigated")
    stage.settle()
    assert "· mitigated ·" in stage.screen.topic(room.channel)


def test_topic_is_not_set_again_when_nothing_in_it_changed(stage: Stage) -> None:
    room = stage.declare("Topic noise")
    stage.type("ana", room.channel, "/incident role lead")
    stage.settle()
    assert [call.args["channel"] for call in stage.screen.calls("conversations.setTopic")].count(room.channel) == 1


def test_announcement_names_the_channel_without_inviting_anyone(stage: Stage) -> None:
    room = stage.declare("Login fails --sev 1")
    (announced,) = announcements(stage, room)
    assert "*SEV1: Login fails*" in announced
    assert f"<#{room.channel}>" in announced
    assert "by Ana Silva" in announced
    assert "<@" not in announced


@pytest.mark.parametrize(
    ("kind", "words", "said_outside"),
    [
        ("drill", "This is a drill.", ["(a drill)"]),
        ("near-miss", "This is a near miss", ["(a near miss)"]),
        ("live", "Messages here", ["Kind of live"]),
        ("retro", "It is recorded afterwards.", []),
    ],
)
def test_kind_is_kept_and_said_everywhere(stage: Stage, kind: str, words: str, said_outside: list[str]) -> None:
    room = stage.declare(f"Kind of {kind} --kind {kind}")
    assert f"{kind}, production" in stage.info("ana", room)
    assert words in stage.header_text(room)
    announced = announcements(stage, room)
    assert len(announced) == len(said_outside)
    assert all(word in text for word, text in zip(said_outside, announced, strict=True))


def test_type_and_vendor_are_kept_for_the_report(stage: Stage) -> None:
    room = stage.declare('Their API fails --type process --vendor "Big Cloud"')
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    report = next(file.text for file in stage.screen.files() if file.name.startswith(room.incident_id))
    assert "live, process" in stage.info("ana", room)
    assert "Big Cloud" in report


def test_since_is_taken_as_the_start_of_the_disruption(stage: Stage) -> None:
    room = stage.declare("Began earlier --since 20 minutes ago")
    assert "Started: " in stage.info("ana", room)


def test_since_is_echoed_in_the_askers_zone_and_in_utc(stage: Stage) -> None:
    answer = stage.type("ben", "general", "/incident start Began elsewhere --since 20 minutes ago")
    assert re.search(r"It started (today|yesterday) \d\d:\d\d, (\w+ \d+ \w+ )?\d\d:\d\d UTC\.", answer)


def test_start_inside_an_incident_channel_makes_another_incident(stage: Stage) -> None:
    first = stage.declare("First of two")
    second = stage.declare("Second of two", channel=first.channel)
    assert second.incident_id != first.incident_id
    assert second.channel != first.channel


def test_name_taken_by_a_foreign_channel_gets_the_next_suffix(stage: Stage) -> None:
    stage.people.create_channel("ben", f"inc-{stage.clock():%Y%m%d}-taken-by-people")
    room = stage.declare("Taken by people")
    assert room.channel
    name = f"inc-{stage.clock():%Y%m%d}-taken-by-people-2"
    assert stage.screen.channel(name).creator == stage.sandbox.bot_user_id
    assert f"Go to <#{stage.screen.channel(name).id}>" in stage.whispered("ana", "general")[-1]


def test_title_used_twice_gets_two_channels(stage: Stage) -> None:
    first, second = stage.declare("Same words"), stage.declare("Same words")
    assert second.name == f"{first.name}-2"


def test_title_used_twice_at_once_gets_two_channels(stage: Stage) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: stage.type(who, "general", "/incident start Twins"), ("ana", "ben")))
    stage.settle()
    names = {stage.room(answer).name for answer in answers}
    assert len({stage.screen.channel(name).id for name in names}) == 2


def test_twenty_starts_at_once_get_twenty_ids_and_twenty_channels(stage: Stage) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: stage.type("ana", "general", f"/incident start Load {n}"), range(20)))
    rooms = [stage.room(answer) for answer in answers]
    assert len({room.incident_id for room in rooms}) == 20
    stage.settle()
    assert all(len(stage.screen.pins(stage.screen.channel(room.name).id)) == 1 for room in rooms)


def test_long_title_is_refused_with_its_text_given_back(stage: Stage) -> None:
    answer = stage.type("ana", "general", f"/incident start {'word ' * 1000}")
    assert answer.startswith("The title has 4,999 characters; 200 is the limit.")
    assert "You typed: /incident start word word" in answer


def test_very_long_text_is_given_back_to_its_last_word(stage: Stage) -> None:
    words = " ".join(f"<{number}>" for number in range(900))
    for command in (f"/incident start {words}", f"/incident 001 note {words}"):
        answer = stage.type("ana", "general", command)
        shown = " ".join(answer.partition("You typed: ")[2].split())
        assert html.unescape(shown) == command


def test_longest_title_fits_every_place(stage: Stage) -> None:
    room = stage.declare("&<>" * 66 + "ok")
    assert len(room.name) <= 80
    topic = stage.screen.topic(room.channel)
    assert topic.startswith(room.incident_id)
    assert len(topic) <= 250
    assert announcements(stage, room)


def test_title_of_signs_alone_still_gets_a_channel(stage: Stage) -> None:
    room = stage.declare("🔥🔥🔥")
    assert room.name.startswith(f"inc-{stage.clock():%Y%m%d}-incident")


def test_person_mentioned_in_a_title_is_shown_by_name_and_not_notified(stage: Stage) -> None:
    room = stage.declare("@ben says the queue is stuck")
    everything = "\n".join([stage.header_text(room), stage.screen.topic(room.channel), *announcements(stage, room)])
    assert everything.count("@Ben Okoro says the queue is stuck") == 3
    assert room.name.endswith("-ben-okoro-says-the-queue-is-stuck")
