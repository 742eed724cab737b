"""What is suggested, and where: people come first."""

import pytest

from bot.domain import suggesting
from bot.domain.messages import Message
from bot.domain.milestones import Milestone
from bot.domain.suggesting import CURATED_WITHIN, Suggested, suggested, suggested_in_draft
from bot.domain.suggestions import Moment, ProposedMilestone, Suggestion
from bot.domain.timeline import PLAIN_EMOJI, Curation, Material, Origin, Part, Phase, entries
from tests.factories import at, make_incident, make_message, make_note, make_stamp, make_vote

ALERT = make_message("14:02", "5xx on checkout above 3%")
FOUND = make_message("14:20", "it's the pool, all 20 connections are taken")
ROLLED_BACK = make_message("14:41", "rolled back to 2.13")
ROLLED_TOO = make_message("14:42", "yes, 2.13 is out everywhere")
BACK = make_message("15:30", "error rate is back to normal")
SAID = (ALERT, FOUND, ROLLED_BACK, ROLLED_TOO, BACK)


def suggestion(message: Message, moment: Moment, phase: Phase, *others: Message) -> Suggestion:
    texts = tuple(other.ts for other in others)
    return Suggestion(message, moment, phase, message.text, "says so", 1.0, is_key=False, others=texts)


ALL = (
    suggestion(ALERT, Moment.ALERT, Phase.DETECTION),
    suggestion(FOUND, Moment.EVIDENCE, Phase.INVESTIGATION),
    suggestion(ROLLED_BACK, Moment.CHANGE, Phase.MITIGATION, ROLLED_TOO),
    suggestion(BACK, Moment.RECOVERY, Phase.RECOVERY),
)


@pytest.fixture(autouse=True)
def _known_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Suggests the four moments above wherever their messages are, and the last one as the mitigation.

    The rules themselves have tests of their own; here it matters what becomes of what they find.
    """

    def found(messages: list[Message]) -> tuple[Suggestion, ...]:
        return tuple(one for one in ALL if any(one.message.text == message.text for message in messages))

    def milestones(messages: list[Message], _: object) -> tuple[ProposedMilestone, ...]:
        ends = [message for message in messages if message.text == BACK.text]
        return tuple(ProposedMilestone(Milestone.MITIGATED, one.at, one, "says so") for one in ends)

    monkeypatch.setattr(suggesting, "suggestions", found)
    monkeypatch.setattr(suggesting, "proposed_milestones", milestones)


def texts(of: Suggested) -> list[str]:
    return [entry.text for entry in of.entries]


def drafted(material: Material) -> list[str]:
    return texts(suggested_in_draft(material, PLAIN_EMOJI))


def offered(material: Material) -> list[str]:
    return texts(suggested(material, PLAIN_EMOJI))


def test_channel_in_which_nobody_reacted_gets_a_timeline_of_suggestions() -> None:
    material = Material(messages=SAID)
    assert drafted(material) == [ALERT.text, FOUND.text, ROLLED_BACK.text, BACK.text]
    first = suggested(material, PLAIN_EMOJI).entries[0]
    assert (first.origin, first.is_suggested, first.reason) == (Origin.SUGGESTION, True, "says so")
    assert (first.reference, first.phase, first.author_id) == (f"m{ALERT.ts}", Phase.DETECTION, ALERT.user_id)


def test_message_that_stands_on_the_timeline_is_not_suggested_again() -> None:
    pinned = Material(messages=SAID, votes=[make_vote(FOUND)])
    assert FOUND.text not in offered(pinned)
    assert FOUND.text in [entry.text for entry in entries(pinned, PLAIN_EMOJI)]


def test_message_on_which_a_milestone_stands_is_not_suggested() -> None:
    stamp = make_stamp(Milestone.IDENTIFIED, FOUND.at, message_ts=FOUND.ts)
    assert FOUND.text not in offered(Material(messages=SAID, stamps=[stamp]))


def test_moment_of_which_another_message_stands_there_is_not_suggested() -> None:
    assert ROLLED_BACK.text not in offered(Material(messages=SAID, votes=[make_vote(ROLLED_TOO)]))


@pytest.mark.parametrize(
    "curation",
    [
        Curation(FOUND.ts, is_kept_out=True),
        Curation(FOUND.ts, is_declined=True),
        Curation(FOUND.ts, without=frozenset({("U1", "pushpin")})),
    ],
    ids=["kept out", "turned down", "taken off"],
)
def test_what_somebody_decided_against_is_not_suggested(curation: Curation) -> None:
    assert offered(Material(messages=SAID, curations=[curation])) == [ALERT.text, ROLLED_BACK.text, BACK.text]


def test_message_that_somebody_took_the_pushpin_off_is_not_suggested() -> None:
    assert FOUND.text not in offered(Material(messages=SAID, withdrawn=[make_vote(FOUND)]))
    # Other reactions say nothing of the timeline.
    assert FOUND.text in offered(Material(messages=SAID, withdrawn=[make_vote(FOUND, "eyes")]))


def test_draft_suggests_nothing_in_a_stretch_that_people_have_curated() -> None:
    curated = Material(messages=SAID, votes=[make_vote(ROLLED_BACK)])
    assert drafted(curated) == [ALERT.text, FOUND.text, BACK.text]
    noted = Material(messages=SAID, notes=[make_note("14:30", "Asked the database team")])
    assert drafted(noted) == [ALERT.text, BACK.text]
    # Who looks at the timeline is offered all the same.
    assert offered(noted) == [ALERT.text, FOUND.text, ROLLED_BACK.text, BACK.text]


def test_curated_stretch_ends_where_it_says() -> None:
    exactly = Material(messages=SAID, notes=[make_note(ALERT.at + CURATED_WITHIN, "Joined")])
    assert ALERT.text not in drafted(exactly)
    later = Material(messages=SAID, notes=[make_note(at("14:17:01"), "Joined")])
    assert ALERT.text in drafted(later)


def test_what_the_program_noted_itself_curates_nothing() -> None:
    own = Material(messages=SAID, notes=[make_note("14:30", "The incident lead was named")])
    assert drafted(own) == [ALERT.text, FOUND.text, ROLLED_BACK.text, BACK.text]


def test_suggestion_that_was_taken_up_is_an_entry_without_a_reaction() -> None:
    taken = Material(messages=SAID, curations=[Curation(FOUND.ts, was_suggested=True, phase=Phase.INVESTIGATION)])
    (entry,) = entries(taken, PLAIN_EMOJI)
    assert (entry.origin, entry.is_suggested, entry.phase) == (Origin.SUGGESTION, False, Phase.INVESTIGATION)
    # Taking one up says nothing of its neighbours: they are still suggested.
    assert drafted(taken) == [ALERT.text, ROLLED_BACK.text, BACK.text]


def test_taken_up_suggestion_that_somebody_pins_too_counts_as_pinned() -> None:
    both = Material(messages=SAID, votes=[make_vote(FOUND)], curations=[Curation(FOUND.ts, was_suggested=True)])
    assert [entry.origin for entry in entries(both, PLAIN_EMOJI)] == [Origin.REACTION]


def test_suggestions_of_a_part_name_its_channel() -> None:
    elsewhere = make_message("14:25", FOUND.text, channel_id="C2")
    part = Part(make_incident(row_id=2, channel_id="C2", merged_into=1), Material(messages=(elsewhere,)))
    found = suggested(Material(messages=(ALERT, ROLLED_BACK), parts=(part,)), PLAIN_EMOJI)
    assert [entry.text for entry in found.entries] == [ALERT.text, FOUND.text, ROLLED_BACK.text]


def test_milestone_is_proposed_while_nobody_has_set_it() -> None:
    (proposed,) = suggested(Material(messages=SAID), PLAIN_EMOJI).milestones
    assert (proposed.milestone, proposed.at) == (Milestone.MITIGATED, BACK.at)
    known = Material(messages=SAID, stamps=[make_stamp(Milestone.MITIGATED, "15:00")])
    assert suggested(known, PLAIN_EMOJI).milestones == ()


def test_milestone_that_contradicts_a_known_one_is_not_proposed() -> None:
    over = Material(messages=SAID, stamps=[make_stamp(Milestone.RESOLVED, "15:00")])
    assert suggested(over, PLAIN_EMOJI).milestones == ()
