"""The capture statement: what the report was made from, and where the record has holes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.domain.capturing import GapCause
from bot.domain.durations import in_full
from bot.domain.incident import Incident
from bot.domain.messages import channel_link
from bot.domain.postmortem.model import CaptureGapRow, Causes, Link
from bot.domain.postmortem.sources import is_message, linked
from bot.domain.postmortem.wording import clock, listed, moment
from bot.domain.record import Capture, CaptureGap
from bot.domain.text import counted

# A comparison that old says how things stand now: what came since was captured as it came.
_JUST_NOW = timedelta(minutes=10)
# Shorter stretches in which nothing was missed are no news to anybody; the data has them.
_MOMENT = timedelta(minutes=1)


def channel_name(incident: Incident) -> str:
    """Return what to call the incident's channel in a report."""
    return f"#{incident.channel_name}" if incident.channel_name else f"the channel of {incident.incident_id}"


def capture_statement(
    capture: Capture, incidents: Sequence[Incident], channels: Sequence[str] = (), *, now: datetime
) -> tuple[str, ...]:
    """Return in sentences what was captured, how far it was compared with Slack's history, and what is missing.

    `incidents` are the report's own and its parts, `channels` are named where there are several; `now` (UTC) is when
    the report is made.
    """
    day = incidents[0].declared_at.date()
    where = f"the channels {listed(channels)}" if len(channels) > 1 else "the incident's channel"
    recovered = recovery(capture, day)
    what = ", ".join(filter(None, [numbers(capture, now), recovered]))
    return (
        f"This report was made from what was said in {where}: {what}.",
        f"{counted(capture.edits, 'edit')} and {counted(capture.deletes, 'deletion')} were taken in.",
        *comparison(capture, incidents),
        *losses(capture, day),
        "What was edited away or deleted is not shown.",
    )


def numbers(capture: Capture, now: datetime) -> str:
    """Return `412 of 412 messages` where Slack's history was found to hold no others just now, else `412 messages`."""
    said = counted(capture.messages, "message")
    return f"{capture.messages:,} of {said}" if _is_whole(capture, now) else said


def recovery(capture: Capture, day: date) -> str:
    """Return how many of the messages were recovered, and after what; empty for none. `day` need not be named."""
    if not capture.recovered:
        return ""
    is_all = capture.recovered == capture.messages
    them = f"{capture.recovered:,} of them" if not is_all else "all of them" if capture.recovered > 1 else ""
    after = [gap for gap in capture.gaps if gap.recovered]
    return " ".join(filter(None, [them, "recovered", _origin(after, capture.recovered, day)]))


def recoveries(capture: Capture, day: date) -> tuple[str, ...]:
    """Return the same as a sentence of its own, none for none."""
    if not capture.recovered:
        return ()
    were = f"{counted(capture.recovered, 'message')} {'was' if capture.recovered == 1 else 'were'}"
    after = [gap for gap in capture.gaps if gap.recovered]
    return (f"{were} recovered {_origin(after, capture.recovered, day)}.",)


def comparison(capture: Capture, incidents: Sequence[Incident]) -> tuple[str, ...]:
    """Return in sentences how far it was compared with Slack's history, and what could not be."""
    taken_in = "was taken in from an export and can't be compared with Slack's history."
    if capture.is_imported:
        return (f"It {taken_in}",)
    until = capture.checked_until
    checked = f"It was compared with Slack's history until {moment(until)} UTC." if until else ""
    if until and until <= min(one.capture_from or one.declared_at for one in incidents):
        # A time before anything was said would read as a mistake.
        checked = "It was last compared with Slack's history within a minute of its start."
    if not until and not capture.unchecked:
        checked = "It was not compared with Slack's history yet."
    exported = [f"What was said in {channel_name(one)} {taken_in}" for one in incidents if one.is_imported]
    return (*filter(None, [checked]), *capture.unchecked, *exported)


def unchecked(until: datetime | None, doubted_at: datetime | None, problem: str | None, channel: str = "") -> str:
    """Return in a sentence what of a channel was not compared with Slack's history, and why; empty for nothing.

    It was compared until `until`, and events may have been lost until `doubted_at` (UTC). `problem` is half a sentence.
    `channel` is named where there are several.
    """
    if problem:
        what = f"The channel {channel}" if channel else "It"
        how_far = f"since {moment(until)} UTC" if until else "with Slack's history"
        return f"{what} could not be compared {how_far}: {problem}."
    if doubted_at and until:
        where = f" in {channel}" if channel else ""
        return f"Edits, deletions and reactions{where} until {moment(doubted_at)} UTC are still to be compared."
    return ""


def losses(capture: Capture, day: date) -> tuple[str, ...]:
    """Return in sentences what else is known of the stretches in which capture was lost. `day` need not be named."""
    told = _told(capture)
    if capture.is_imported:
        return ()
    if not told:
        length = " of a minute or more" if capture.gaps else ""
        return (f"No stretch{length} is known in which capture was lost.",)
    lost = [gap for gap in told if not gap.recovered and gap.cause != GapCause.NOT_DELIVERED.words]
    compared = [gap for gap in lost if _is_compared(capture, gap)]
    unsure = [gap for gap in lost if gap not in compared]
    changed = sum(gap.changed for gap in capture.gaps)
    changes = counted(changed, "edit, deletion or reaction", "edits, deletions and reactions")
    return (
        *([f"No message is missing from {_gaps(compared, day)}."] if compared else []),
        *([f"Messages may be missing from {_gaps(unsure, day)}."] if unsure else []),
        *([f"{changes} {'was' if changed == 1 else 'were'} recovered from Slack's history."] if changed else []),
    )


def _is_whole(capture: Capture, now: datetime) -> bool:
    until = capture.checked_until
    is_recent = until is not None and now - until <= _JUST_NOW
    return is_recent and not capture.unchecked and all(_is_compared(capture, gap) for gap in capture.gaps)


def is_sure(capture: Capture) -> bool:
    """Whether nothing is known to be missing or not compared: all of Slack's history, or all of an export."""
    is_compared = capture.checked_until is not None and not capture.unchecked
    return capture.is_imported or (is_compared and not uncompared(capture))


def uncompared(capture: Capture) -> tuple[CaptureGap, ...]:
    """Return the stretches from which something may still be missing."""
    return tuple(gap for gap in _told(capture) if not _is_compared(capture, gap))


def _is_compared(capture: Capture, gap: CaptureGap) -> bool:
    """Whether everything of this stretch was compared with Slack's history after it was over."""
    until = capture.checked_until
    return bool(until and gap.to_at and gap.to_at <= until and not capture.unchecked)


def _told(capture: Capture) -> list[CaptureGap]:
    """Return the stretches that people are told of: not the moments in which nothing was missed."""
    return [
        gap
        for gap in capture.gaps
        if gap.recovered or gap.changed or gap.to_at is None or gap.to_at - gap.from_at >= _MOMENT
    ]


def _origin(after: Sequence[CaptureGap], recovered: int, day: date) -> str:
    if sum(gap.recovered for gap in after) < recovered:
        # Some were found to be missing from no stretch that is known.
        return "from Slack's history"
    if len(after) == 1 and after[0].cause == GapCause.NOT_DELIVERED.words:
        return f"({_when(after[0], day)})"
    return f"after {_gaps(after, day)}"


def _gaps(gaps: Sequence[CaptureGap], day: date) -> str:
    if len(gaps) > 1:
        lengths = [gap.to_at - gap.from_at for gap in gaps if gap.to_at]
        longest = f"the longest of {in_full(max(lengths))}" if len(lengths) == len(gaps) else "one of which still lasts"
        return f"{counted(len(gaps), 'gap')}, {longest}"
    gap = gaps[0]
    length = f"a gap of {in_full(gap.to_at - gap.from_at)}" if gap.to_at else "a gap that still lasts"
    return f"{length} ({_when(gap, day)})"


def _when(gap: CaptureGap, day: date) -> str:
    """Return from when to when, without a day that need not be named, and why."""
    begins, ends = gap.from_at.astimezone(UTC), gap.to_at.astimezone(UTC) if gap.to_at else None
    first = clock(begins) if begins.date() == day else moment(begins)
    if ends is None:
        return f"since {first} UTC, {gap.cause}"
    last = clock(ends) if ends.date() == begins.date() else moment(ends)
    until = "" if moment(begins) == moment(ends) else f" to {last}"
    return f"{first}{until} UTC, {gap.cause}"


def window(incident: Incident) -> tuple[str, ...]:
    """Return in a sentence from when to when the channel was recorded, where that is not as long as it was there.

    Of an incident that has become part of another it names the channel.
    """
    if not (incident.is_adopted and incident.capture_from):
        return ()
    if incident.is_imported and incident.capture_until:
        span = f"from {moment(incident.capture_from)} to {moment(incident.capture_until)} UTC"
        return (f"What was said in {channel_name(incident)} {span} belongs to this report.",)
    until = f" until {moment(incident.capture_until)} UTC" if incident.capture_until else ""
    began = moment(incident.capture_from)
    channel = "The channel" if incident.merged_into is None else f"The channel {channel_name(incident)}"
    return (f"{channel} was there before: what was said in it from {began} UTC{until} belongs to this report.",)


def capture_gaps(capture: Capture) -> tuple[CaptureGapRow, ...]:
    """Return each stretch in which capture was lost, in words; not the moments in which nothing was missed."""
    return tuple(
        CaptureGapRow(moment(gap.from_at), moment(gap.to_at) if gap.to_at else "still lasts", gap.recovered, gap.cause)
        for gap in _told(capture)
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
    channel = linked(channel_link(workspace_url, incident.channel_id) if incident.channel_id else None)
    is_own = incident.merged_into is None and not incident.channel_name
    return Link("the incident's channel" if is_own else channel_name(incident), channel.url) if channel else None


def _proofs(causes: Causes) -> Iterable[Link]:
    for cause in (*causes.triggers, *causes.roots, *causes.factors):
        if cause.proof and cause.proof.url:
            yield cause.proof
