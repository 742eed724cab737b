from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.incident import Status
from bot.domain.messages import Message, Vote
from bot.domain.milestones import Milestone
from bot.domain.timeline import (
    PHASE_EMOJI,
    PLAIN_EMOJI,
    SHORTCUT_VOTE,
    Curation,
    Entry,
    Mark,
    Material,
    Origin,
    Phase,
    entries,
    parse_emoji_map,
    plain_emoji,
    proposals,
)
from tests.factories import at, make_change, make_message, make_note, make_stamp

DOWN = make_message("14:10", "It is down")
DEPLOY = make_message("14:00", "Deploy 4711 went out")


def vote(emoji: str = "pushpin", user: str = "U1", event_ts: str = "1.0", message: Message = DOWN) -> Vote:
    return Vote(message.ts, user, emoji, event_ts)


def texts(found: Sequence[Entry]) -> list[str]:
    return [entry.text for entry in found]


def of_down(*votes: Vote, curation: Curation | None = None, uncounted: frozenset[str] = frozenset()) -> list[Entry]:
    material = Material(messages=[DOWN], votes=votes, curations=[curation] if curation else [], uncounted=uncounted)
    return list(entries(material, PHASE_EMOJI))


def test_message_without_a_reaction_is_no_entry() -> None:
    assert of_down() == []


def test_reactions_of_two_people_make_one_entry() -> None:
    (entry,) = of_down(vote(user="U1"), vote(user="U2", event_ts="2.0"))
    assert (entry.text, entry.at, entry.origin, entry.message_ts) == ("It is down", DOWN.at, Origin.REACTION, DOWN.ts)
    assert (entry.reference, entry.author_id, entry.phase, entry.is_key) == (f"m{DOWN.ts}", DOWN.user_id, None, False)


def test_entry_goes_with_the_last_reaction_and_comes_back_with_a_new_one() -> None:
    both = [vote(user="U1"), vote(user="U2")]
    assert [len(of_down(*standing)) for standing in (both, both[1:], [], both[:1])] == [1, 1, 0, 1]


@pytest.mark.parametrize(
    ("emoji", "phase", "is_key"),
    [
        ("pushpin", None, False),
        ("rotating_light", Phase.DETECTION, False),
        ("mag", Phase.INVESTIGATION, False),
        ("wrench", Phase.MITIGATION, False),
        ("checkered_flag", Phase.RESOLUTION, False),
        ("scales", None, True),
        ("mag::skin-tone-4", Phase.INVESTIGATION, False),
        (SHORTCUT_VOTE, None, False),
    ],
)
def test_reaction_makes_an_entry_of_its_phase(emoji: str, phase: Phase | None, *, is_key: bool) -> None:
    (entry,) = of_down(vote(emoji))
    assert (entry.phase, entry.is_key) == (phase, is_key)


@pytest.mark.parametrize("emoji", ["eyes", "bulb", "dart", "boom", "+1", "entry", ""])
def test_reaction_that_means_no_entry_makes_none(emoji: str) -> None:
    assert of_down(vote(emoji)) == []


def test_last_phase_wins_whatever_the_order_of_the_rows() -> None:
    cast = [vote("mag", event_ts="9.5"), vote("wrench", "U2", "10.1"), vote("rotating_light", "U3", "9.10")]
    for seed in range(6):
        shuffled = Random(seed).sample(cast, len(cast))
        assert [entry.phase for entry in of_down(*shuffled)] == [Phase.MITIGATION]
    assert [entry.phase for entry in of_down(cast[0], cast[2])] == [Phase.INVESTIGATION]


def test_mark_without_a_phase_takes_no_phase_away() -> None:
    (entry,) = of_down(vote("mag", event_ts="1.0"), vote("pushpin", event_ts="2.0"), vote("scales", event_ts="3.0"))
    assert (entry.phase, entry.is_key) == (Phase.INVESTIGATION, True)


def test_reactions_of_bots_and_guests_do_not_count() -> None:
    assert of_down(vote(user="UBOT"), uncounted=frozenset({"UBOT"})) == []
    assert len(of_down(vote(user="UBOT"), vote(user="U1"), uncounted=frozenset({"UBOT"}))) == 1


def test_edited_entry_stays_when_its_last_reaction_is_taken_off() -> None:
    edited = Curation(DOWN.ts, text="Checkout is down", was_edited=True)
    assert texts(of_down(curation=edited)) == ["Checkout is down"]
    assert of_down(curation=Curation(DOWN.ts, phase=Phase.DETECTION)) == []


def test_what_people_decided_goes_before_what_message_and_reactions_say() -> None:
    decided = Curation(DOWN.ts, "Better words", at("14:02"), Phase.RECOVERY, is_key=False, was_edited=True)
    (entry,) = of_down(vote("mag"), vote("scales", event_ts="2.0"), curation=decided)
    assert (entry.text, entry.at, entry.phase, entry.is_key) == ("Better words", at("14:02"), Phase.RECOVERY, False)


@pytest.mark.parametrize("was_edited", [False, True])
def test_kept_out_wins_over_every_reaction(*, was_edited: bool) -> None:
    kept_out = Curation(DOWN.ts, text="words", is_kept_out=True, was_edited=was_edited)
    assert of_down(vote("mag"), vote(SHORTCUT_VOTE), curation=kept_out) == []


def test_entry_taken_off_with_its_votes_comes_back_with_another_one() -> None:
    taken_off = Curation(DOWN.ts, without=frozenset({("U1", "pushpin"), ("U1", SHORTCUT_VOTE)}))
    assert of_down(vote(user="U1"), vote(SHORTCUT_VOTE, user="U1"), curation=taken_off) == []
    assert len(of_down(vote(user="U1"), vote(user="U2"), curation=taken_off)) == 1
    assert len(of_down(vote(user="U1"), vote("mag", user="U1"), curation=taken_off)) == 1


def test_deleted_message_is_never_an_entry() -> None:
    """A deleted message is no longer among the messages; its votes and what was decided about it may be."""
    kept = Curation(DOWN.ts, text="It is down", was_edited=True)
    material = Material(messages=[], votes=[vote("mag")], curations=[kept])
    assert entries(material, PHASE_EMOJI) == ()
    assert proposals(Material(votes=[vote("bulb")]), PHASE_EMOJI) == ()


def test_entry_has_the_words_that_the_message_has_now() -> None:
    edited = replace(DOWN, text="It is down in the EU", is_edited=True)
    assert texts(entries(Material(messages=[edited], votes=[vote()]), PLAIN_EMOJI)) == ["It is down in the EU"]


def test_entry_in_a_thread_knows_its_thread() -> None:
    reply = replace(DOWN, thread_ts=DEPLOY.ts)
    (entry,) = entries(Material(messages=[reply], votes=[vote()]), PLAIN_EMOJI)
    assert (entry.thread_ts, entry.channel_id) == (DEPLOY.ts, DOWN.channel_id)


def test_emoji_means_only_what_the_setting_says() -> None:
    material = Material(messages=[DOWN], votes=[vote("mag")])
    assert entries(material, PLAIN_EMOJI) == ()
    assert len(entries(material, {"mag": Mark.ENTRY})) == 1


def test_timeline_is_in_order_of_time_whatever_its_entries_are() -> None:
    material = Material(
        messages=[DOWN, DEPLOY],
        votes=[vote(), vote(message=DEPLOY)],
        notes=[make_note("14:05", "Rolled back"), make_note("13:00", "A note of before", note_id=2)],
        stamps=[make_stamp(Milestone.STARTED, "14:01"), make_stamp(Milestone.RESOLVED, "15:00")],
    )
    assert texts(entries(material, PLAIN_EMOJI)) == [
        "A note of before",
        "Deploy 4711 went out",
        "The disruption started",
        "Rolled back",
        "It is down",
        "The incident was resolved",
    ]


def test_entries_of_one_moment_keep_the_order_of_their_messages() -> None:
    made = [make_message("14:10", str(number), ts=f"1795183800.{number:06d}") for number in (1, 2, 10)]
    moved = [Curation(message.ts, at=at("14:00")) for message in made]
    votes = [vote(message=message) for message in made]
    for seed in range(4):
        shuffled = Random(seed).sample(made, 3)
        material = Material(messages=shuffled, votes=votes, curations=moved)
        assert texts(entries(material, PLAIN_EMOJI)) == ["1", "2", "10"]


messages = st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=6).map(
    lambda minutes: [make_message(f"14:{minute:02d}", f"message {minute}") for minute in minutes]
)


@given(messages, st.data())
def test_timeline_does_not_depend_on_the_order_or_number_of_its_rows(made: list[Message], data: st.DataObject) -> None:
    cast = st.builds(
        Vote,
        st.sampled_from([message.ts for message in made]),
        st.sampled_from(["U1", "U2", "UBOT"]),
        st.sampled_from(["pushpin", "mag", "wrench", "scales", "eyes"]),
        st.sampled_from(["1.1", "1.2", "9.10", "10.1"]),
    )
    votes = data.draw(st.lists(cast, max_size=8, unique_by=lambda one: (one.ts, one.user_id, one.emoji)))
    in_order = Material(messages=made, votes=votes, uncounted={"UBOT"})
    shuffled = Material(
        messages=data.draw(st.permutations(made)), votes=data.draw(st.permutations(votes)), uncounted={"UBOT"}
    )
    found = entries(in_order, PHASE_EMOJI)
    assert found == entries(shuffled, PHASE_EMOJI)
    standing = {one.ts for one in votes if one.user_id != "UBOT" and one.emoji != "eyes"}
    assert {entry.message_ts for entry in found} == standing
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)


def test_milestone_carries_the_note_of_the_move_that_stamped_it() -> None:
    material = Material(
        stamps=[make_stamp(Milestone.MITIGATED, "14:40")],
        status_changes=[make_change(Status.MITIGATED, "14:40", "rolled back 4711")],
    )
    (entry,) = entries(material, PLAIN_EMOJI)
    assert (entry.text, entry.phase, entry.milestone) == (
        "The impact was mitigated: rolled back 4711",
        Phase.MITIGATION,
        Milestone.MITIGATED,
    )


def test_reopening_keeps_the_first_interval() -> None:
    changes = [
        make_change(Status.MITIGATED, "14:40", "rolled back"),
        make_change(Status.RESOLVED, "14:50"),
        make_change(Status.INVESTIGATING, "15:30", "it is back", is_reopening=True),
        make_change(Status.RESOLVED, "16:00"),
    ]
    material = Material(stamps=[make_stamp(Milestone.RESOLVED, "16:00")], status_changes=changes)
    assert texts(entries(material, PLAIN_EMOJI)) == [
        "The impact was mitigated (before it was reopened): rolled back",
        "The incident was resolved (before it was reopened)",
        "The incident was reopened: it is back",
        "The incident was resolved",
    ]


def test_corrected_milestone_leaves_nothing_of_its_first_time() -> None:
    material = Material(
        stamps=[make_stamp(Milestone.RESOLVED, "15:30")], status_changes=[make_change(Status.RESOLVED, "15:00")]
    )
    assert [(entry.text, entry.at) for entry in entries(material, PLAIN_EMOJI)] == [
        ("The incident was resolved", at("15:30"))
    ]


def test_corrected_milestone_keeps_the_note_of_its_move() -> None:
    changes = [
        make_change(Status.MITIGATED, "14:00", "restarted it"),
        make_change(Status.INVESTIGATING, "14:30", is_reopening=True),
        make_change(Status.MITIGATED, "15:00", "rolled back"),
        make_change(Status.RESOLVED, "15:10"),
    ]
    stamps = [make_stamp(Milestone.MITIGATED, "14:50"), make_stamp(Milestone.RESOLVED, "15:05")]
    found = texts(entries(Material(stamps=stamps, status_changes=changes), PLAIN_EMOJI))
    assert found[-2:] == ["The impact was mitigated: rolled back", "The incident was resolved"]


def test_note_of_before_the_reopening_is_not_told_of_the_milestone_after_it() -> None:
    changes = [
        make_change(Status.RESOLVED, "14:00", "restarted it"),
        make_change(Status.INVESTIGATING, "14:30", is_reopening=True),
    ]
    material = Material(stamps=[make_stamp(Milestone.RESOLVED, "15:05")], status_changes=changes)
    assert texts(entries(material, PLAIN_EMOJI))[-1] == "The incident was resolved"


def test_cancelling_is_on_the_timeline_with_its_reason() -> None:
    material = Material(status_changes=[make_change(Status.CANCELLED, "14:20", "a false alarm")])
    assert texts(entries(material, PLAIN_EMOJI)) == ["The incident was cancelled: a false alarm"]


def test_reactions_propose_lessons_actions_and_impacts_in_order_of_time() -> None:
    material = Material(
        messages=[DEPLOY, DOWN],
        votes=[vote("boom"), vote("dart"), vote("dart", "U2"), vote("bulb", message=DEPLOY), vote("pushpin")],
    )
    found = [(one.mark, one.message.text) for one in proposals(material, PHASE_EMOJI)]
    assert found == [
        (Mark.LESSON, "Deploy 4711 went out"),
        (Mark.ACTION, "It is down"),
        (Mark.IMPACT, "It is down"),
    ]


def test_nothing_is_proposed_from_what_is_kept_out_or_from_bots() -> None:
    kept_out = [Curation(DOWN.ts, is_kept_out=True)]
    assert proposals(Material(messages=[DOWN], votes=[vote("dart")], curations=kept_out), PHASE_EMOJI) == ()
    assert proposals(Material(messages=[DOWN], votes=[vote("dart")], uncounted={"U1"}), PHASE_EMOJI) == ()


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", PLAIN_EMOJI),
        ("pushpin", PLAIN_EMOJI),
        (" phases ", PHASE_EMOJI),
        ("fire=detection", {"fire": Mark.DETECTION}),
        (" :fire: = detection , pin=entry", {"fire": Mark.DETECTION, "pin": Mark.ENTRY}),
    ],
)
def test_setting_of_the_emoji_is_read(setting: str, expected: dict[str, Mark]) -> None:
    assert parse_emoji_map(setting) == expected


@pytest.mark.parametrize("setting", ["fire", "fire=", "=entry", "fire=smoke", "pushpin=entry,", "a=entry;b=entry"])
def test_setting_that_cannot_be_read_names_the_part_and_the_marks(setting: str) -> None:
    with pytest.raises(UserError, match=r"is not EMOJI=MARK.*the marks are entry, detection"):
        parse_emoji_map(setting)


@pytest.mark.parametrize(("name", "plain"), [("wave::skin-tone-3", "wave"), ("wave", "wave"), ("", "")])
def test_skin_tone_does_not_change_what_an_emoji_means(name: str, plain: str) -> None:
    assert plain_emoji(name) == plain
