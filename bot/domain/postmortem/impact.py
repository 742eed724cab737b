"""The impact as the report tells it: what was stated in words, and the figures that count."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.impact import ImpactDetails, facts
from bot.domain.postmortem.model import Fact, Figures, Statement
from bot.domain.postmortem.sources import Sources
from bot.domain.statements import Impact, with_details


def impact_statements(impacts: Sequence[Impact], sources: Sources) -> tuple[Statement, ...]:
    """Return what was stated in words, in order of time."""
    return tuple(
        Statement(sources.naming.text(each.text), sources.entered(each.by, each.said_at))
        for each in sorted(impacts, key=lambda each: each.said_at)
        if each.text
    )


def figures(impacts: Sequence[Impact], sources: Sources) -> Figures | None:
    """Return the figures that count, with who entered them; None where there are none."""
    found = with_details(impacts)
    if found is None or found.details is None:
        return None
    details = _without_names(found.details, sources)
    return Figures(
        details,
        tuple(Fact(label, value) for label, value in facts(details)),
        sources.entered(found.by, found.said_at),
    )


def _without_names(details: ImpactDetails, sources: Sources) -> ImpactDetails:
    def text(words: str | None) -> str | None:
        return sources.naming.text(words) if words else words

    return replace(
        details,
        services=tuple(sources.naming.text(name) for name in details.services),
        regions=tuple(sources.naming.text(name) for name in details.regions),
        data_integrity=text(details.data_integrity),
        sla_breach=text(details.sla_breach),
    )
