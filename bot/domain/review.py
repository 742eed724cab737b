"""The review of a draft: what it must have before it is published, a checklist scored 1 to 5, and the average.

Each line says why and which command mends it. 3.5 is the mark to reach.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.actions import ActionStatus, ActionType
from bot.domain.archive import WRITTEN_WITHIN
from bot.domain.durations import in_words
from bot.domain.incident import Kind
from bot.domain.lint import Finding, Rule
from bot.domain.lint import findings as findings_on
from bot.domain.milestones import Milestone
from bot.domain.postmortem import Postmortem
from bot.domain.postmortem.captured import is_sure, uncompared
from bot.domain.postmortem.gaps import Commands
from bot.domain.postmortem.model import ActionRow, TimelineRow
from bot.domain.record import Capture
from bot.domain.text import counted

MARK_TO_REACH = 3.5
_BEST, _WORST = 5, 1
_DEEP_ENOUGH = 3
# Conditions that an organisation can change; a technical one alone is the end of few chains.
_LAYERS_TO_FIX = ("process", "organisational")
_STRONG = (ActionType.PREVENT, ActionType.DETECT, ActionType.MITIGATE_FUTURE, ActionType.REPAIR)


@dataclass(frozen=True, slots=True)
class MustHave:
    """Something without which a report is not published; `command` fills it, None where nothing is missing."""

    item: str
    is_met: bool
    why: str
    command: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """One line of the checklist: its score from 1 to 5, the reason, and the command that raises it."""

    item: str
    score: int
    why: str
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What a draft is worth: the score is the average of the checklist, to one decimal."""

    must_haves: tuple[MustHave, ...]
    checklist: tuple[CheckedItem, ...]
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def score(self) -> float:
        """The average of the checklist."""
        return round(sum(item.score for item in self.checklist) / len(self.checklist), 1)

    @property
    def is_ready(self) -> bool:
        """Whether nothing that a report must have is missing."""
        return all(one.is_met for one in self.must_haves)


def review(
    report: Postmortem, commands: Commands, *, has_follow_ups: bool, first_drafted_at: datetime | None = None
) -> Review:
    """Return the review of a report.

    `has_follow_ups` says whether the 30 and 60 days are set, `first_drafted_at` (UTC) when its first draft was made,
    None where this is the first.
    """
    findings = findings_on(report)
    checks: tuple[Callable[[], CheckedItem], ...] = (
        lambda: _tone(findings),
        lambda: _captured(report, commands),
        lambda: _causes_apart(report, commands),
        lambda: _depth(report, commands),
        lambda: _answered(report, commands),
        lambda: _actions(report, commands),
        lambda: _prevention(report, commands),
        lambda: _both_sides(report, commands),
        lambda: _in_time(report, commands, first_drafted_at or report.drafted_at),
        lambda: _followed_up(commands, has_follow_ups=has_follow_ups),
    )
    return Review(_must_haves(report, findings, commands), tuple(check() for check in checks), findings)


def _must_haves(report: Postmortem, findings: Sequence[Finding], commands: Commands) -> tuple[MustHave, ...]:
    blame = [finding for finding in findings if finding.rule is Rule.BLAME]
    is_quantified = report.figures is not None or (
        bool(report.impact) and not any(finding.rule is Rule.UNQUANTIFIED_IMPACT for finding in findings)
    )
    causes = (*report.causes.roots, *report.causes.factors, *report.causes.triggers)
    actions = _rows(report)
    # What is only suggested stands on nobody's word yet.
    decided = [row for row in report.rows if not row.is_suggested]
    return (
        _must("Summary", bool(report.summary), "a paragraph made of the facts", "nothing is known to sum up", None),
        _must(
            "Timeline with milestones in order",
            bool(decided) and _knows(report, Milestone.STARTED),
            f"{counted(len(decided), 'entry', 'entries')}, the start is known",
            _lacking(report, decided),
            f"{commands.incident} set started 14:05",
        ),
        _must(
            "Impact in figures",
            is_quantified or report.incident.kind is Kind.NEAR_MISS,
            "who and how much is said" if is_quantified else "a near miss owes none",
            "no figure says who was affected, and how much",
            f"{commands.incident} impact",
        ),
        _must(
            "A cause with evidence",
            any(cause.proof or cause.evidence.source.url for cause in causes),
            "a cause links to what shows it",
            "no cause links to a message or a page that shows it" if causes else "no cause is named",
            f"{commands.incident} cause",
        ),
        _must(
            "An action",
            bool(actions),
            counted(len(actions), "action"),
            "none is entered",
            f"{commands.incident} action",
        ),
        _must("No blame", not blame, "nothing found", f"{counted(len(blame), 'sentence')} to look at", None),
    )


def _lacking(report: Postmortem, decided: Sequence[TimelineRow]) -> str:
    """Return what the timeline lacks."""
    if decided:
        return "when it started is not known"
    suggested = "its one entry is only suggested" if len(report.rows) == 1 else "its entries are only suggested"
    return suggested if report.rows else "the timeline is empty"


def _must(item: str, is_met: bool, met: str, missing: str, command: str | None) -> MustHave:  # noqa: FBT001 - the fact itself
    return MustHave(item, is_met, met if is_met else missing, None if is_met else command)


def _rows(report: Postmortem) -> tuple[ActionRow, ...]:
    return tuple(row for group in report.actions for row in group.rows if row.status is not ActionStatus.DROPPED)


def _knows(report: Postmortem, milestone: Milestone) -> bool:
    return any(row.milestone is milestone and row.at for row in report.milestones)


def _tone(findings: Sequence[Finding]) -> CheckedItem:
    rules = (Rule.BLAME, Rule.COUNTERFACTUAL, Rule.PERSON_AS_CAUSE)
    found = [finding for finding in findings if finding.rule in rules]
    why = f"{counted(len(found), 'sentence')} about people's choices" if found else "nobody is blamed"
    return CheckedItem("Blameless tone", max(_BEST - 2 * len(found), _WORST), why)


def _captured(report: Postmortem, commands: Commands) -> CheckedItem:
    item = "Timeline in order and captured whole"
    if not report.rows:
        return CheckedItem(item, _WORST, "the timeline is empty", f"{commands.incident} note 14:05 TEXT")
    gaps = len(uncompared(report.capture))
    known = sum(_knows(report, milestone) for milestone in Milestone)
    unknown = len(Milestone) - known
    doubts = max(gaps, not is_sure(report.capture))
    score = max(_BEST - doubts - unknown // 2, _WORST)
    why = f"{known} of {len(Milestone)} milestones known, {_compared(report.capture)}"
    return CheckedItem(item, score, why, f"{commands.incident} set started 14:05" if unknown else None)


def _compared(capture: Capture) -> str:
    if capture.is_imported:
        return "taken in from an export"
    if capture.checked_until is None:
        return "not compared with Slack's history"
    return "compared with Slack's history" if is_sure(capture) else "compared with Slack's history in part"


def _causes_apart(report: Postmortem, commands: Commands) -> CheckedItem:
    item = "Root causes apart from contributing factors"
    roots, factors = len(report.causes.roots), len(report.causes.factors)
    why = f"{counted(roots, 'root cause')}, {counted(factors, 'contributing factor')}"
    if roots and factors:
        return CheckedItem(item, _BEST, why)
    missing = "cause root TEXT" if not roots else "cause contributing TEXT"
    return CheckedItem(item, 3 if roots or factors else _WORST, why, f"{commands.incident} {missing}")


def _depth(report: Postmortem, commands: Commands) -> CheckedItem:
    item = "The chain reaches something that can be fixed"
    links = max((len(chain.links) for chain in report.causes.whys), default=0)
    reaches = any(cause.layer in _LAYERS_TO_FIX for cause in (*report.causes.roots, *report.causes.factors))
    why = f"{counted(links, 'why')}, {'a' if reaches else 'no'} cause in how we work"
    score = min(_WORST + min(links, _DEEP_ENOUGH) + (1 if reaches else 0), _BEST)
    return CheckedItem(item, score, why, None if score == _BEST else f"{commands.incident} why TEXT")


def _answered(report: Postmortem, commands: Commands) -> CheckedItem:
    item = "Every cause is answered by an action"
    roots = report.causes.roots
    if not roots:
        return CheckedItem(item, _WORST, "no root cause is named", f"{commands.incident} cause root TEXT")
    # Rows name the cause they answer in the words of the report.
    answered = len({row.cause for row in _rows(report) if row.cause})
    share = min(answered / len(roots), 1.0)
    why = f"{min(answered, len(roots))} of {counted(len(roots), 'root cause')}"
    return CheckedItem(item, _scaled(share), why, None if share == 1 else f"{commands.incident} action")


def _actions(report: Postmortem, commands: Commands) -> CheckedItem:
    item = "Actions are owned, dated, typed and linked"
    rows = _rows(report)
    if not rows:
        return CheckedItem(item, _WORST, "there is none", f"{commands.incident} action")
    held = sum(bool(value) for row in rows for value in (row.owner, row.due, row.type, row.tracker))
    share = held / (4 * len(rows))
    parts = (
        f"{sum(row.owner is not None for row in rows)} owned",
        f"{sum(row.due is not None for row in rows)} dated",
        f"{sum(row.type is not None for row in rows)} typed",
        f"{sum(row.tracker is not None for row in rows)} linked",
    )
    why = f"of {counted(len(rows), 'action')} {', '.join(parts)}"
    return CheckedItem(item, _scaled(share), why, None if share == 1 else f"{commands.incident} action")


def _prevention(report: Postmortem, commands: Commands) -> CheckedItem:
    item = "Prevention is stronger than training alone"
    kinds = {row.type for row in _rows(report)}
    strong = [kind.value for kind in _STRONG if kind in kinds]
    if ActionType.PREVENT in kinds:
        return CheckedItem(item, _BEST if len(strong) > 1 else 4, f"actions to {', '.join(strong)}")
    why = f"actions to {', '.join(strong)}, none to prevent" if strong else "no action says that it prevents"
    return CheckedItem(item, 3 if strong else _WORST, why, f"{commands.incident} action TEXT --type prevent")


def _both_sides(report: Postmortem, commands: Commands) -> CheckedItem:
    item = "What went well and what went poorly"
    well, poorly = len(report.lessons.well), len(report.lessons.poorly)
    why = f"{well} went well, {poorly} went poorly"
    if well and poorly:
        return CheckedItem(item, _BEST, why)
    missing = "well" if not well else "poorly"
    return CheckedItem(item, 3 if well or poorly else _WORST, why, f"{commands.incident} lesson {missing} TEXT")


def _in_time(report: Postmortem, commands: Commands, drafted_at: datetime) -> CheckedItem:
    item = "Drafted within 48 hours"
    resolved = next((row.at for row in report.milestones if row.milestone is Milestone.RESOLVED), None)
    if resolved is None:
        return CheckedItem(item, 3, "when it was resolved is not known", f"{commands.incident} set resolved 16:00")
    return _lateness(item, resolved, drafted_at)


def _lateness(item: str, resolved: datetime, drafted: datetime) -> CheckedItem:
    late = (drafted - resolved) / WRITTEN_WITHIN
    score = max(_BEST - max(int(late + 0.999) - 1, 0), _WORST)
    return CheckedItem(item, score, f"{in_words(max(drafted - resolved, drafted - drafted))} after the resolution")


def _followed_up(commands: Commands, *, has_follow_ups: bool) -> CheckedItem:
    item = "Follow-ups are scheduled"
    if has_follow_ups:
        return CheckedItem(item, _BEST, "after 30 and 60 days")
    return CheckedItem(item, _WORST, "they are set by the first draft", f"{commands.postmortem} draft")


def _scaled(share: float) -> int:
    """Return a share from 0 to 1 as a score from 1 to 5."""
    return _WORST + round(share * (_BEST - _WORST))


def with_review(report: dict[str, Any], found: Review, markdown: str) -> dict[str, Any]:
    """Return the report's JSON with the review and the findings in it; `markdown` is where their places are."""
    return report | {
        "findings": [_placed(finding, markdown.splitlines()) for finding in found.findings],
        "review": {
            "score": found.score,
            "must_haves": [{"item": one.item, "met": one.is_met, "why": one.why} for one in found.must_haves],
            "checklist": [{"item": one.item, "score": one.score, "why": one.why} for one in found.checklist],
        },
    }


def _placed(finding: Finding, lines: Sequence[str]) -> dict[str, Any]:
    """Return a finding with its line from 1 and its place in it; null for what stands nowhere as it was written."""
    places = ((number, line.find(finding.text)) for number, line in enumerate(lines, 1))
    is_missing = finding.rule is Rule.MISSING_SECTION
    line, start = next(((number, at) for number, at in places if at >= 0 and not is_missing), (None, None))
    return {
        "line": line,
        "start": start,
        "end": None if start is None else start + len(finding.text),
        "text": finding.text,
        "rule": finding.rule.value,
        "why": finding.why,
        "rewrite": finding.rewrite,
    }
