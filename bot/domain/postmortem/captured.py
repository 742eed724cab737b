"""The capture statement: what the report was made from, and where the record has holes."""

from collections.abc import Iterable

from bot.domain.incident import Incident
from bot.domain.postmortem.model import CaptureGapRow, Causes, Link
from bot.domain.postmortem.sources import linked
from bot.domain.postmortem.wording import moment
from bot.domain.record import Capture
from bot.domain.text import counted


def capture_statement(capture: Capture) -> tuple[str, ...]:
    """Return in sentences what was captured and how far it was checked."""
    changes = f"{counted(capture.edits, 'edit')} and {counted(capture.deletes, 'deletion')}"
    checked = (
        f"It was compared with Slack's history until {moment(capture.checked_until)} UTC"
        if capture.checked_until
        else "It was not compared with Slack's history yet"
    )
    were = "was" if capture.recovered == 1 else "were"
    recovered = f"{counted(capture.recovered, 'message')} {were} recovered from Slack's history."
    lost = (
        f"Capture was lost for {counted(len(capture.gaps), 'stretch', 'stretches')}."
        if capture.gaps
        else "No stretch is known in which capture was lost."
    )
    return (
        f"This report was made from {counted(capture.messages, 'message')} of the incident's channel, with {changes}.",
        f"{checked}.",
        *([recovered] if capture.recovered else []),
        lost,
        "What was edited away or deleted is not shown.",
    )


def capture_gaps(capture: Capture) -> tuple[CaptureGapRow, ...]:
    """Return each stretch in which capture was lost, in words."""
    return tuple(
        CaptureGapRow(moment(gap.from_at), moment(gap.to_at), gap.recovered, gap.cause) for gap in capture.gaps
    )


def links(incident: Incident, causes: Causes, workspace_url: str | None) -> tuple[Link, ...]:
    """Return what to look at beside the report, each address once: the channel, and the evidence of causes."""
    channel = None
    if workspace_url and incident.channel_id:
        channel = linked(f"{workspace_url.rstrip('/')}/archives/{incident.channel_id}")
    name = f"#{incident.channel_name}" if incident.channel_name else "the incident's channel"
    found = [Link(name, channel.url)] if channel else []
    found += _proofs(causes)
    unique: dict[str | None, Link] = {}
    for link in found:
        unique.setdefault(link.url, link)
    return tuple(unique.values())


def _proofs(causes: Causes) -> Iterable[Link]:
    for cause in (*causes.triggers, *causes.roots, *causes.factors):
        if cause.proof and cause.proof.url:
            yield cause.proof
