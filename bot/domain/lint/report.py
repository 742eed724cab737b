"""The findings on a whole report: on every statement that people entered, but for quotes and what went poorly."""

from collections.abc import Iterator

from bot.domain.actions import ActionStatus
from bot.domain.lint.rules import Finding, Rule, lint_action, lint_cause, lint_impact, lint_text
from bot.domain.postmortem import Postmortem
from bot.domain.postmortem.model import Section

# A report without these is none; others may well be empty.
_NEEDED = {
    Section.IMPACT: "Say who was affected, and how much",
    Section.ROOT_CAUSES: "Name the condition whose fix stops it from coming back",
    Section.ACTIONS: "Enter what is done about it",
}


def findings(report: Postmortem, names: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Return the findings in the order of the report's sections. `names` are people known by name."""
    return tuple(_findings(report, names))


def _findings(report: Postmortem, names: tuple[str, ...]) -> Iterator[Finding]:
    for statement in report.impact:
        yield from lint_text(statement.text, names)
    if report.impact and report.figures is None:
        texts = " ".join(statement.text for statement in report.impact)
        yield from lint_impact(texts)
    causes = report.causes
    for cause in (*causes.triggers, *causes.roots, *causes.factors):
        yield from lint_cause(cause.text, names)
    for chain in causes.whys:
        for why in chain.links:
            yield from lint_text(why.text, names)
    # What went poorly is said in anger as well, and wants to be said.
    lessons = report.lessons
    for lesson in (*lessons.well, *lessons.lucky, *lessons.hard, *lessons.unknown):
        yield from lint_text(lesson.text, names)
    for group in report.actions:
        for action in group.rows:
            yield from lint_text(action.text, names)
            if action.status is ActionStatus.OPEN:
                yield from lint_action(action.text, is_owned=action.owner is not None, is_dated=action.due is not None)
    yield from _missing(report)


def _missing(report: Postmortem) -> Iterator[Finding]:
    empty = {
        Section.IMPACT: not report.impact and report.figures is None,
        Section.ROOT_CAUSES: not report.causes.roots,
        Section.ACTIONS: not report.actions,
    }
    asked = {gap.section for gap in report.gaps}
    for section, rewrite in _NEEDED.items():
        if empty[section] and section in asked:
            yield Finding(Rule.MISSING_SECTION, section.value, "The report is not complete without it.", rewrite)
