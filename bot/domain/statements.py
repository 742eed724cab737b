"""What the team states for the report: impact, causes, whys, lessons. Each says who entered it and when (UTC)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import UserError
from bot.domain.impact import ImpactDetails

STATEMENT_LIMIT = 3_000


class CauseKind(StrEnum):
    """What a cause was to the incident."""

    ROOT = "root"
    CONTRIBUTING = "contributing"
    TRIGGER = "trigger"


class Layer(StrEnum):
    """Where a cause lies."""

    TECHNICAL = "technical"
    PROCESS = "process"
    ORGANISATIONAL = "organisational"


class LessonKind(StrEnum):
    """What a lesson tells of."""

    WELL = "well"
    POORLY = "poorly"
    LUCKY = "lucky"
    HARD = "hard"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Impact:
    """Who and what was affected, in the words of `by`; `text` is empty where only figures were given."""

    text: str
    by: str
    said_at: datetime
    details: ImpactDetails | None = None
    impact_id: int = 0


@dataclass(frozen=True, slots=True)
class Cause:
    """A trigger, root cause or contributing factor. `evidence` is a URL; `score` 0 to 3 is for factors."""

    cause_id: int
    kind: CauseKind
    text: str
    by: str
    said_at: datetime
    evidence: str | None = None
    layer: Layer | None = None
    category: str | None = None
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """One link of a why chain; `position` counts from 1 within its `branch`."""

    position: int
    text: str
    by: str
    said_at: datetime
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What went well, poorly, by luck, what made it hard, what is still unknown."""

    kind: LessonKind
    text: str
    by: str
    said_at: datetime


def with_details(impacts: Sequence[Impact]) -> Impact | None:
    """Return the statement whose figures count: the latest that has any, None for none."""
    return next((impact for impact in reversed(impacts) if impact.details), None)


def valid_statement(text: str, *, what: str, example: str) -> str:
    """Return the text without outer white space. Raises UserError when it is empty or over STATEMENT_LIMIT.

    `what` and `example` make the sentence: "Say what the impact was. Try: ...".
    """
    stripped = text.strip()
    if not stripped:
        raise UserError(f"Say {what}. Try: {example}")
    if len(stripped) > STATEMENT_LIMIT:
        raise UserError(
            f"That has {len(stripped):,} characters; {STATEMENT_LIMIT:,} is the limit. Say it shorter, or in parts.",
            typed=stripped,
        )
    return stripped
