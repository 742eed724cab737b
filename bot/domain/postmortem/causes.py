"""Trigger, root causes, contributing factors and the why chains, as the report tells them."""

from collections.abc import Sequence
from itertools import groupby

from bot.domain.postmortem.model import Causes, CauseStatement, Statement, WhyChain
from bot.domain.postmortem.sources import Sources
from bot.domain.statements import Cause, CauseKind, Why

_TOP_SCORE = 3


def causes(found: Sequence[Cause], whys: Sequence[Why], sources: Sources) -> Causes:
    """Return the causes by kind: in the order they were stated, factors by falling score with unscored ones last."""

    def of(kind: CauseKind) -> list[Cause]:
        return [cause for cause in found if cause.kind is kind]

    factors = sorted(
        of(CauseKind.CONTRIBUTING), key=lambda cause: -1 if cause.score is None else cause.score, reverse=True
    )
    return Causes(
        triggers=tuple(_cause(cause, sources) for cause in of(CauseKind.TRIGGER)),
        roots=tuple(_cause(cause, sources) for cause in of(CauseKind.ROOT)),
        factors=tuple(_cause(cause, sources) for cause in factors),
        whys=_chains(whys, sources),
    )


def _cause(cause: Cause, sources: Sources) -> CauseStatement:
    category = sources.naming.text(cause.category) if cause.category else None
    is_factor = cause.kind is CauseKind.CONTRIBUTING
    tags = (
        f"{cause.layer.value} layer" if cause.layer else None,
        category,
        f"score {cause.score} of {_TOP_SCORE}" if is_factor and cause.score is not None else None,
    )
    return CauseStatement(
        text=sources.naming.text(cause.text),
        evidence=sources.entered(cause.by, cause.said_at),
        proof=sources.proof(cause.evidence),
        layer=cause.layer.value if cause.layer else None,
        category=category,
        score=cause.score,
        tags=tuple(tag for tag in tags if tag),
    )


def _chains(whys: Sequence[Why], sources: Sources) -> tuple[WhyChain, ...]:
    """Return one chain for each branch; the one without a name comes first."""
    ordered = sorted(whys, key=lambda why: (why.branch or "", why.position))
    return tuple(
        WhyChain(
            sources.naming.text(branch) if branch else None,
            tuple(Statement(sources.naming.text(why.text), sources.entered(why.by, why.said_at)) for why in chain),
        )
        for branch, chain in groupby(ordered, key=lambda why: why.branch or None)
    )
