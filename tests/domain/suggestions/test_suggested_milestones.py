"""Milestones that a channel gives evidence of, and those that it doesn't."""

from datetime import datetime

import pytest

from bot.domain.messages import Message
from bot.domain.milestones import Milestone
from bot.domain.suggestions import ProposedMilestone, proposed_milestones, suggestions
from tests.domain.suggestions.channels import channel
from tests.factories import at

REPORT = ("10:00", "ana", "customers are reporting errors at checkout, 40 tickets")
FOUND = ("10:12", "bo", "turns out the deploy removed the retry header")
DONE = ("10:20", "bo", "rolled back payments to 2.31")
BETTER = ("10:27", "ana", "checkout is working again, error rate is back to normal")
OVER = ("10:40", "ana", "we're done here, closing the incident")


def proposed(*lines: tuple[str, str, str]) -> dict[Milestone, ProposedMilestone]:
    messages = channel(*lines)
    return {one.milestone: one for one in proposed_milestones(messages, suggestions(messages))}


def times(*lines: tuple[str, str, str]) -> dict[Milestone, datetime]:
    return {milestone: one.at for milestone, one in proposed(*lines).items()}


def test_first_report_mitigation_and_end_are_proposed() -> None:
    assert times(REPORT, FOUND, DONE, BETTER, OVER) == {
        Milestone.DETECTED: at("10:00"),
        Milestone.MITIGATED: at("10:20"),
        Milestone.RESOLVED: at("10:40"),
    }


def test_each_stands_on_a_message_and_says_why() -> None:
    found = proposed(REPORT, FOUND, DONE, BETTER, OVER)
    assert found[Milestone.MITIGATED].message.text == DONE[2]
    assert found[Milestone.MITIGATED].reason == "is the last thing done before it got better"
    assert found[Milestone.RESOLVED].reason == "says that it is over"


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("checkout fails for everybody since 09:41 UTC", "09:41"),
        ("errors at checkout, started at 09:50Z", "09:50"),
        ("checkout has been failing for the last 20 minutes", "09:40"),
        ("checkout is down for half an hour", "09:30"),
        ("the errors began about 15 min ago", "09:45"),
        ("checkout has been broken for the past two hours", "08:00"),
    ],
)
def test_onset_is_proposed_where_somebody_says_since_when(text: str, since: str) -> None:
    assert times(("10:00", "ana", text), DONE, BETTER)[Milestone.STARTED] == at(since)


@pytest.mark.parametrize(
    "text",
    [
        "checkout fails for everybody since 09:41",
        "checkout fails for everybody",
        "is checkout down since 09:41 UTC?",
        "checkout fails, I have been here for 20 years",
    ],
)
def test_onset_is_not_guessed(text: str) -> None:
    assert Milestone.STARTED not in times(("10:00", "ana", text), DONE, BETTER)


def test_recovery_without_anybody_closing_is_the_last_word_of_it() -> None:
    found = proposed(REPORT, FOUND, DONE, BETTER)
    assert found[Milestone.RESOLVED].at == at("10:27")
    assert found[Milestone.RESOLVED].reason == "is the last word of it getting better"


def test_nothing_is_resolved_while_trouble_is_reported_afterwards() -> None:
    again = ("10:45", "ana", "customers are reporting errors at checkout again, 12 tickets")
    assert Milestone.RESOLVED not in times(REPORT, FOUND, DONE, BETTER, again)


def test_nothing_mitigated_it_where_nothing_was_done() -> None:
    assert Milestone.MITIGATED not in times(REPORT, BETTER)


def test_channel_of_small_talk_has_no_milestones() -> None:
    messages: tuple[Message, ...] = channel(("09:00", "ana", "good morning"), ("09:05", "bo", "coffee?"))
    assert proposed_milestones(messages, suggestions(messages)) == ()


def test_milestones_come_in_their_usual_order() -> None:
    messages = channel(("09:58", "cy", "checkout is failing for 10 minutes"), FOUND, DONE, BETTER, OVER)
    found = [one.milestone for one in proposed_milestones(messages, suggestions(messages))]
    assert found == [Milestone.STARTED, Milestone.DETECTED, Milestone.MITIGATED, Milestone.RESOLVED]
