"""What a suggestion is: a moment that the program found in a channel by itself, and why it proposes it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.messages import Message
from bot.domain.milestones import Milestone
from bot.domain.timeline import Phase


class Moment(StrEnum):
    """What a suggestion is about."""

    DETECTION = "detection"
    ALERT = "alert"
    EVIDENCE = "evidence"
    HYPOTHESIS = "hypothesis"
    DECISION = "decision"
    CHANGE = "change"
    ESCALATION = "escalation"
    COMMUNICATION = "communication"
    MITIGATION = "mitigation"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One moment of a channel, proposed for the timeline.

    `message` stands for the moment and `others` are the timestamps of further messages about it. `text` is a cut of
    the message's text: its telling lines. `reason` is for people. `is_key` marks a decision.
    """

    message: Message
    moment: Moment
    phase: Phase | None
    text: str
    reason: str
    score: float
    is_key: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposedMilestone:
    """A milestone that the channel gives evidence of. `at` is UTC."""

    milestone: Milestone
    at: datetime
    message: Message
    reason: str
