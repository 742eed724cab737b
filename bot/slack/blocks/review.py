"""The review of a postmortem, for the asker."""

from bot.domain.lint import Finding
from bot.domain.review import MARK_TO_REACH, Review
from bot.domain.text import clipped, counted, one_line
from bot.services.views import ReviewView
from bot.slack.blocks.elements import Block, Rendered, context, message, paragraphs, section
from bot.slack.text import escaped

# Three of each at a time: more is a wall, and what is mended makes room for the next.
_AT_A_TIME = 3
_QUOTED = 120
_GOOD = 4


def review(view: ReviewView) -> Rendered:
    """Return the review: the score, what must not be missing, the checklist, gaps and findings, three at a time."""
    found = view.review
    title = f"Review of {view.incident.incident_id}: {found.score} of 5 ({MARK_TO_REACH} is the mark to reach)"
    must = [
        f"• {'Has' if one.is_met else '*Not yet*'}: {one.item}, {escaped(one.why)}{_mended_by(one.command)}"
        for one in found.must_haves
    ]
    blocks: list[Block] = [
        section(f"*{escaped(title)}*"),
        *paragraphs(["*To be published it needs*", *must]),
        *paragraphs(["*Checklist, the weakest first*", *_checked(found)]),
        *_gap_lines(view),
        *_finding_lines(view),
        context(f"As it would be drafted now: `{escaped(view.postmortem_command)} draft`"),
    ]
    return message(escaped(title), blocks)


def _checked(found: Review) -> list[str]:
    """Return a line for each item that could be better, and one for all that are good."""
    ranked = sorted(found.checklist, key=lambda one: one.score)
    weak = [
        f"• {one.score} of 5: {one.item} ({escaped(one.why)}){_mended_by(one.command)}"
        for one in ranked
        if one.score < _GOOD
    ]
    good = "; ".join(one.item for one in ranked if one.score >= _GOOD)
    return [*weak, *([f"• {_GOOD} or 5 of 5: {good}"] if good else [])]


def _mended_by(command: str | None) -> str:
    return f": `{escaped(command)}`" if command else ""


def _gap_lines(view: ReviewView) -> list[Block]:
    if not view.gaps:
        return []
    lines = [
        f"• {escaped(clipped(question, _QUOTED))} `{escaped(command)}`" for question, command in view.gaps[:_AT_A_TIME]
    ]
    if len(view.gaps) > _AT_A_TIME:
        lines.append(f"… and {len(view.gaps) - _AT_A_TIME} more, named in the draft")
    return paragraphs([f"*Still missing: {counted(len(view.gaps), 'thing')}*", *lines])


def _finding_lines(view: ReviewView) -> list[Block]:
    findings = view.review.findings
    if not findings:
        return []
    lines = [_finding(finding) for finding in findings[:_AT_A_TIME]]
    if len(findings) > _AT_A_TIME:
        lines.append(f"… and {len(findings) - _AT_A_TIME} more once these are mended")
    return paragraphs([f"*To be written differently: {counted(len(findings), 'place')}*", *lines])


def _finding(finding: Finding) -> str:
    quoted = escaped(clipped(one_line(finding.text), _QUOTED))
    return f"• “{quoted}” ({finding.rule.value}): {escaped(finding.why)} {escaped(finding.rewrite)}"
