"""What is known of an incident, for one reader; to be read on a phone."""

from bot.domain.durations import in_words
from bot.domain.incident import Incident
from bot.domain.milestones import Milestone
from bot.domain.text import clipped, mention
from bot.services.views import InfoView
from bot.slack.blocks.elements import (
    SEVERITY_SIGNS,
    Block,
    Rendered,
    clipped_mrkdwn,
    context,
    message,
    moment,
    section,
)
from bot.slack.text import escaped, whispered

_NAMES = 300
_NAME = 80
_CHANNELS = 3
_RELATED = 10
_CAPTURED = 1_500


def info(view: InfoView) -> Rendered:
    """Return what it is and how it stands, what it is about, who does what, when it happened, what is recorded."""
    incident = view.incident
    title = f"{incident.incident_id} · {whispered(incident.title)}"
    parts = [f"*{title}*\n{_state(incident)}", _about(view), _people(view), _times(view)]
    blocks: list[Block] = [section(part) for part in parts if part]
    small = [_in_utc(view), _recorded(view)]
    blocks += [context(part) for part in small if part]
    return message(f"{title}: {incident.severity.label}, {incident.status.value}", blocks)


def _state(incident: Incident) -> str:
    kind = f"{incident.kind.value}, {incident.type.value}{', private' if incident.is_private else ''}"
    channel = f"<#{incident.slack_channel}>" if incident.slack_channel else "the channel is being made"
    if incident.is_imported:
        channel = "imported"
    sign = SEVERITY_SIGNS[incident.severity]
    return f"{sign} {incident.severity.label} · {incident.status.value} · {kind}, {channel}"


def _about(view: InfoView) -> str:
    """Return what broke and whose it is, as far as somebody has said it, and the incidents that belong to it."""
    incident = view.incident
    known = (
        ("Services", clipped(", ".join(incident.services), _NAMES)),
        ("Team", incident.owning_team),
        ("Vendor", incident.vendor),
        ("Merged into it", clipped(", ".join(one.incident_id for one in view.parts), _NAMES)),
        ("Related", _related(view)),
    )
    return "\n".join(f"{label}: {whispered(value)}" for label, value in known if value)


def _related(view: InfoView) -> str:
    named = [f"{one.incident_id} ({one.status.value})" for one in view.related[:_RELATED]]
    if len(view.related) > _RELATED:
        named.append(f"and {len(view.related) - _RELATED} more")
    return ", ".join(named)


def _people(view: InfoView) -> str:
    lines = [f"{role.label.capitalize()}: {whispered(mention(user_id))}" for role, user_id in view.holders.items()]
    came = f"Reported by {whispered(mention(view.incident.reporter_id))}"
    if view.taken_from:
        named = [clipped(name, _NAME) for name in view.taken_from[:_CHANNELS]]
        more = len(view.taken_from) - len(named)
        named += [f"and {more} more"] if more else []
        came = f"Taken in from an export of Slack: {escaped(', '.join(named))}"
    return "\n".join(["*Who does what*", *lines, came])


def _times(view: InfoView) -> str:
    """Return the times in the reader's zone, what is not known of them, and the lengths between them."""
    lines = [f"{milestone.value.capitalize()}: {moment(at)}" for milestone, at in view.milestones.items()]
    # What nobody declared is not still to be said.
    owed = [one for one in Milestone if not (view.incident.is_imported and one is Milestone.DECLARED)]
    unknown = [milestone.value for milestone in owed if milestone not in view.milestones]
    if unknown:
        lines.append(f"Not known: {', '.join(unknown)}")
    found = view.metrics
    lengths = (
        ("Time to detect", found.time_to_detect),
        ("Time to acknowledge", found.time_to_acknowledge),
        ("Time to mitigate", found.time_to_mitigate),
        ("Time to resolve", found.time_to_resolve),
    )
    lines += [f"{name}: {in_words(length)}" for name, length in lengths if length is not None]
    if view.open_for is not None:
        lines.append(f"Open for {in_words(view.open_for)}")
    return "\n".join(["*When*", *lines])


def _recorded(view: InfoView) -> str:
    """Return how much was recorded, and how whole that is, as far as a small line holds it."""
    return clipped_mrkdwn("\n".join([f"Recorded: {', '.join(view.recorded)}", *map(escaped, view.captured)]), _CAPTURED)


def _in_utc(view: InfoView) -> str:
    """Return the times once more, as they are copied from here into commands and reports."""
    return "\n".join(
        f"{milestone.value.capitalize()}: {at:%Y-%m-%d %H:%M} UTC" for milestone, at in view.milestones.items()
    )
