"""The report as data: the contract of `draft --format json`, which other programs rely on."""

from datetime import datetime, timedelta
from typing import Any

from bot.domain.impact import as_json as details_as_json
from bot.domain.messages import with_files
from bot.domain.milestones import Milestone
from bot.domain.postmortem.model import ActionRow, CauseStatement, Postmortem, Statement, TimelineRow
from bot.domain.postmortem.wording import iso

# The order of the contract, which is not the order of the moments.
_MILESTONES = (
    Milestone.DECLARED,
    Milestone.STARTED,
    Milestone.DETECTED,
    Milestone.ACKNOWLEDGED,
    Milestone.IDENTIFIED,
    Milestone.MITIGATED,
    Milestone.RESOLVED,
)


def as_json(postmortem: Postmortem) -> dict[str, Any]:
    """Return the report in the form of `draft --format json`: text unescaped, a missing value None.

    Times are `2026-11-20T14:05:33Z`, lengths whole seconds, dates `2026-12-15`.
    """
    known = {row.milestone: row.at for row in postmortem.milestones}
    return {
        "incident": _incident(postmortem),
        "milestones": {milestone.field: _time(known.get(milestone)) for milestone in _MILESTONES},
        "proposed_milestones": {milestone.field: _proposed(postmortem, milestone) for milestone in _MILESTONES},
        "metrics": {
            "time_to_detect": _seconds(postmortem.metrics.time_to_detect),
            "time_to_acknowledge": _seconds(postmortem.metrics.time_to_acknowledge),
            "time_to_mitigate": _seconds(postmortem.metrics.time_to_mitigate),
            "time_to_resolve": _seconds(postmortem.metrics.time_to_resolve),
        },
        "impact": _impact(postmortem),
        "timeline": [_entry(row) for row in postmortem.rows],
        "causes": _causes(postmortem),
        "actions": [_action(row) for group in postmortem.actions for row in group.rows],
        "lessons": {
            "well": _texts(postmortem.lessons.well),
            "poorly": _texts(postmortem.lessons.poorly),
            "lucky": _texts(postmortem.lessons.lucky),
            "hard": _texts(postmortem.lessons.hard),
            "unknown": _texts(postmortem.lessons.unknown),
        },
        "communications": [{"at": iso(row.at), "to": row.to, "text": row.text} for row in postmortem.communications],
        "gaps": [
            {"section": gap.section.value, "question": gap.question, "command": gap.command} for gap in postmortem.gaps
        ],
        "findings": [],
        "capture": _capture(postmortem),
        "review": None,
    }


def _incident(postmortem: Postmortem) -> dict[str, Any]:
    incident = postmortem.incident
    return {
        "id": incident.incident_id,
        "title": incident.title,
        "kind": incident.kind.value,
        "type": incident.type.value,
        "severity": incident.severity.value,
        "status": incident.status.value,
        "services": list(incident.services),
        "vendor": incident.vendor,
    }


def _impact(postmortem: Postmortem) -> dict[str, Any]:
    """Return the impact: what was stated as text, and the figures that were given. None is read out of the text."""
    text = "\n".join(_texts(postmortem.impact)) or None
    return {"text": text, **details_as_json(postmortem.figures.details if postmortem.figures else None)}


def _proposed(postmortem: Postmortem, milestone: Milestone) -> dict[str, Any] | None:
    """Return a proposal; its evidence is the address of a message, or what it says where that has none."""
    for row in postmortem.proposed:
        if row.milestone is milestone:
            return {"at": iso(row.at), "evidence": row.evidence.source.url or row.excerpt}
    return None


def _entry(row: TimelineRow) -> dict[str, Any]:
    return {
        "at": iso(row.at),
        "text": with_files(row.text, row.files),
        "phase": row.phase.value if row.phase else None,
        "origin": row.origin.value,
        "key": row.is_key,
        "suggested": row.is_suggested,
        "reason": row.reason,
        "author_role": row.author_role,
        "permalink": row.permalink,
        "channel": row.channel,
        "files": [{"name": file.name or None, "kind": file.kind, "link": file.link} for file in row.files],
    }


def _causes(postmortem: Postmortem) -> dict[str, Any]:
    causes = postmortem.causes
    roots = [_cause(cause) for cause in causes.roots]
    # Of several triggers the contract has room for one: the latest.
    trigger = next(({"text": cause.text, "evidence": _evidence(cause)} for cause in reversed(causes.triggers)), None)
    return {
        "trigger": trigger,
        "root": roots,
        "contributing": [{**_cause(cause), "score": cause.score} for cause in causes.factors],
        "whys": [{"text": why.text, "branch": chain.branch} for chain in causes.whys for why in chain.links],
    }


def _cause(cause: CauseStatement) -> dict[str, Any]:
    return {
        "text": cause.text,
        "evidence": _evidence(cause),
        "layer": cause.layer,
        "category": cause.category,
    }


def _evidence(cause: CauseStatement) -> str | None:
    return cause.proof.url if cause.proof else None


def _action(row: ActionRow) -> dict[str, Any]:
    return {
        "text": row.text,
        "owner": row.owner,
        "due": row.due.isoformat() if row.due else None,
        "type": row.type.value if row.type else None,
        "priority": row.priority.value if row.priority else None,
        "status": row.status.value,
        "cause": row.cause,
        "link": row.tracker.url if row.tracker else None,
    }


def _capture(postmortem: Postmortem) -> dict[str, Any]:
    capture = postmortem.capture
    return {
        "messages": capture.messages,
        "recovered": capture.recovered,
        "checked_until": _time(capture.checked_until),
        "gaps": [
            {"from": iso(gap.from_at), "to": _time(gap.to_at), "recovered": gap.recovered, "cause": gap.cause}
            for gap in capture.gaps
        ],
    }


def _texts(stated: tuple[Statement, ...]) -> list[str]:
    return [statement.text for statement in stated]


def _time(at: datetime | None) -> str | None:
    return iso(at) if at else None


def _seconds(length: timedelta | None) -> int | None:
    return int(length.total_seconds()) if length is not None else None
