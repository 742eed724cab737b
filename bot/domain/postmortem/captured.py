"""The capture statement: what the report was made from, and where the record has holes."""

from collections.abc import Iterable, Sequence

from bot.domain.incident import Incident
from bot.domain.postmortem.model import CaptureGapRow, Causes, Link
from bot.domain.postmortem.sources import is_message, linked
from bot.domain.postmortem.wording import listed, moment
from bot.domain.record import Capture
from bot.domain.text import counted


def channel_name(incident: Incident) -> str:
    """Return what to call the incident's channel in a report."""
    return f"#{incident.channel_name}" if incident.channel_name else f"the channel of {incident.incident_id}"


def capture_statement(capture: Capture, channels: Sequence[str] = ()) -> tuple[str, ...]:
    """Return in sentences what was captured and how far it was checked.

    `channels` are named where there are several.
    """
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
    where = f"the channels {listed(channels)}" if len(channels) > 1 else "the incident's channel"
    return (
        f"This report was made from {counted(capture.messages, 'message')} of {where}, with {changes}.",
        f"{checked}.",
        *([recovered] if capture.recovered else []),
        lost,
        "What was edited away or deleted is not shown.",
    )


def window(incident: Incident) -> tuple[str, ...]:
    """Return in a sentence from when to when the channel was recorded, where that is not as long as it was there.

    Of an incident that has become part of another it names the channel.
    """
    if not (incident.is_adopted and incident.capture_from):
        return ()
    until = f" until {moment(incident.capture_until)} UTC" if incident.capture_until else ""
    began = moment(incident.capture_from)
    channel = "The channel" if incident.merged_into is None else f"The channel {channel_name(incident)}"
    return (f"{channel} was there before: what was said in it from {began} UTC{until} belongs to this report.",)


def capture_gaps(capture: Capture) -> tuple[CaptureGapRow, ...]:
    """Return each stretch in which capture was lost, in words."""
    return tuple(
        CaptureGapRow(moment(gap.from_at), moment(gap.to_at), gap.recovered, gap.cause) for gap in capture.gaps
    )


def links(incidents: Sequence[Incident], causes: Causes, workspace_url: str | None) -> tuple[Link, ...]:
    """Return what to look at beside the report, each address once: the channels, and what shows a cause elsewhere."""
    found = [link for one in incidents if (link := _channel(one, workspace_url))]
    found += [link for link in _proofs(causes) if link.url and not is_message(link.url, workspace_url)]
    unique: dict[str | None, Link] = {}
    for link in found:
        unique.setdefault(link.url, link)
    return tuple(unique.values())


def _channel(incident: Incident, workspace_url: str | None) -> Link | None:
    if not workspace_url or not incident.channel_id:
        return None
    channel = linked(f"{workspace_url.rstrip('/')}/archives/{incident.channel_id}")
    is_own = incident.merged_into is None and not incident.channel_name
    return Link("the incident's channel" if is_own else channel_name(incident), channel.url) if channel else None


def _proofs(causes: Causes) -> Iterable[Link]:
    for cause in (*causes.triggers, *causes.roots, *causes.factors):
        if cause.proof and cause.proof.url:
            yield cause.proof
