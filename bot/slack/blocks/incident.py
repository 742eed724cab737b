"""The pinned header and the announcement of an incident."""

from bot.domain.incident import Incident, IncidentType, Kind, Role, Status
from bot.domain.merging import whole_name
from bot.domain.milestones import Milestone
from bot.domain.text import SOMEONE, clipped, counted
from bot.services.views import AnnouncementView, HeaderView
from bot.slack.blocks import elements
from bot.slack.blocks.elements import (
    MESSAGE,
    SEVERITY_SIGNS,
    Block,
    Rendered,
    actions,
    button,
    context,
    fields,
    fitting,
    message,
    moment,
    paragraphs,
    weight,
)
from bot.slack.text import escaped, shown

TAKE_LEAD = "header.lead"
MOVE = "header.move"
TIMELINE = "header.timeline"
CATCH_UP = "header.catch_up"
DRAFT = "header.draft"
REOPEN = "header.reopen"
RESOLVE = f"{MOVE}.{Status.RESOLVED.value}"

_RELATED = 5
_SERVICES = 300
_SHOWN_TIMES = (Milestone.STARTED, Milestone.DECLARED, Milestone.MITIGATED, Milestone.RESOLVED)


_NATURES = {
    Kind.DRILL: "This is a drill. ",
    Kind.NEAR_MISS: "This is a near miss: nobody was harmed. ",
    Kind.RETRO: "It is recorded afterwards. ",
}


def header(view: HeaderView) -> Rendered:
    """Return the header: what it is, how it stands, who leads, when, and the usual next steps."""
    incident = view.incident
    sign = SEVERITY_SIGNS[incident.severity]
    kind = "" if incident.kind is Kind.LIVE else f"{incident.kind.words.capitalize()} · "
    title = f"{kind}{incident.incident_id} · {incident.title}"
    standing = _standing(incident, view.merged_into)
    pairs = [
        ("Severity", f"{sign} {incident.severity.label}"),
        ("Status", standing[0].upper() + standing[1:]),
        ("Incident lead", _name(view, view.holders.get(Role.LEAD)) or "nobody yet"),
        ("Reported by", _name(view, incident.reporter_id)),
        *((name.value.capitalize(), moment(view.milestones[name])) for name in _SHOWN_TIMES if name in view.milestones),
        *_last_update(view),
    ]
    blocks = [
        elements.header(title),
        fields(pairs),
        *_other_roles(view),
        *_concerns(view),
        actions("header", _next_steps(view)),
        context(_small_print(view)),
    ]
    return message(f"{escaped(title)}: {incident.severity.label}, {_fallback(incident, view.merged_into)}", blocks)


def _standing(incident: Incident, whole: Incident | None) -> str:
    """Return the status, or what the incident has become part of with the way there, ready to be shown."""
    if whole is None or whole.is_private or whole.channel_id is None:
        return _fallback(incident, whole)
    return f"{_fallback(incident, whole)}, <#{whole.channel_id}>"


def _fallback(incident: Incident, whole: Incident | None) -> str:
    if whole is None:
        return incident.status.value
    return f"merged into {whole_name(whole)}"


def _last_update(view: HeaderView) -> list[tuple[str, str]]:
    """Return when those outside were told last, and when they are to be told next."""
    if view.last_update is None:
        return []
    following = view.last_update.next_due_at
    promised = f", next {moment(following)}" if following and not view.incident.status.is_over else ""
    return [("Last update", f"{moment(view.last_update.said_at)}{promised}")]


def _other_roles(view: HeaderView) -> list[Block]:
    others = [
        f"{role.label.capitalize()}: {_name(view, user_id)}"
        for role, user_id in view.holders.items()
        if role is not Role.LEAD
    ]
    return [context(" · ".join(others))] if others else []


def _concerns(view: HeaderView) -> list[Block]:
    """Return what it is about, as far as somebody has said it, and what it belongs together with."""
    incident = view.incident
    known = (
        ("Type", "" if incident.type is IncidentType.PRODUCTION else incident.type.value),
        ("Services", clipped(", ".join(incident.services), _SERVICES)),
        ("Team", incident.owning_team),
        ("Vendor", incident.vendor),
        ("Merged into it", clipped(", ".join(view.parts), _SERVICES)),
        ("Related", ", ".join([*view.related[:_RELATED], *_more(view)])),
    )
    words = [
        f"{label}: {shown(value, lambda user_id: view.names.get(user_id, SOMEONE))}" for label, value in known if value
    ]
    return [context(" · ".join(words))] if words else []


def _more(view: HeaderView) -> list[str]:
    rest = len(view.related) - _RELATED
    return [f"{rest} more ({view.command} info)"] if rest > 0 else []


def _name(view: HeaderView, user_id: str | None) -> str:
    return escaped(view.names.get(user_id, SOMEONE)) if user_id else ""


def _next_steps(view: HeaderView) -> list[Block]:
    """Return the usual next steps, the one most people want first, and primary until the incident is closed."""
    row = str(view.incident.row_id)

    def move(label: str, status: Status) -> Block:
        return button(label, f"{MOVE}.{status.value}", row)

    timeline = button("Timeline", TIMELINE, row)
    if view.merged_into:
        return [timeline]
    status = view.incident.status
    if status.is_over:
        label = "Draft again" if view.has_draft else "Draft the postmortem"
        steps = [button(label, DRAFT, row), button("Reopen", REOPEN, row), timeline]
        steps = steps[1:] if status is Status.CANCELLED else steps
    else:
        first = [] if Role.LEAD in view.holders else [button("Take the lead", TAKE_LEAD, row)]
        moves = {
            Status.INVESTIGATING: [move("Cause identified", Status.IDENTIFIED), move("Mitigated", Status.MITIGATED)],
            Status.IDENTIFIED: [move("Mitigated", Status.MITIGATED)],
        }
        # While nobody leads and all moves are open there is no room for the last, and little to catch up with.
        catch_up = button("Catch up", CATCH_UP, row)
        steps = [*first, *moves.get(status, []), move("Resolved", Status.RESOLVED), timeline, catch_up][:5]
    if status is not Status.CLOSED:
        # Of a closed incident nobody wants the next step first: what is left are the follow-ups.
        steps[0]["style"] = "primary"
    return steps


def _small_print(view: HeaderView) -> str:
    called = (
        f"Called in: {counted(len(view.called_in), 'group')} and the reporter."
        if view.called_in
        else "Nobody was called in by this incident."
    )
    private = "Private: only people in this channel can see it. " if view.incident.is_private else ""
    return (
        f"{_NATURES.get(view.incident.kind, '')}{private}{_recorded(view.incident)} :pushpin: on a message puts it on "
        f"the timeline. {called} More: `{escaped(view.command)}`"
    )


def _recorded(incident: Incident) -> str:
    """Return which messages are recorded. An adopted channel has a life of its own before and after."""
    if not incident.is_adopted or incident.capture_from is None:
        return "Messages here are recorded for the postmortem."
    began = moment(incident.capture_from)
    if incident.capture_until is None:
        return f"Messages here since {began} are recorded for the postmortem, until 2 hours after it is resolved."
    return f"Messages here from {began} until {moment(incident.capture_until)} are recorded for the postmortem."


def announcement(view: AnnouncementView) -> Rendered:
    """Return the announcement of an incident, for those outside its channel."""
    incident = view.incident
    reporter = escaped(view.names.get(incident.reporter_id, SOMEONE))
    drill = "" if incident.kind is Kind.LIVE else f" (a {incident.kind.words})"
    headline = f"{SEVERITY_SIGNS[incident.severity]} *{incident.severity.label}{drill}: {escaped(incident.title)}*"
    status = "" if incident.status is Status.INVESTIGATING else f" · {_standing(incident, view.merged_into)}"
    declared = f"declared {moment(incident.declared_at)} by {reporter}"
    details = f"{incident.incident_id}{status} · {declared} · <#{incident.channel_id}>"
    fallback = f"{incident.severity.label}{drill}: {escaped(incident.title)} ({incident.incident_id})"
    top = elements.section(f"{headline}\n{details}")
    if view.update is None:
        return message(fallback, [top])
    said = shown(view.update.text, lambda user_id: view.names.get(user_id, SOMEONE))
    blocks = paragraphs([*f"*Update, {moment(view.update.said_at)}:* {said}".split("\n"), *_next_update(view)])
    blocks = blocks[: fitting(blocks, MESSAGE - weight(top))]
    return message(f"{fallback}: {said}", [top, *blocks])


def _next_update(view: AnnouncementView) -> list[str]:
    """Return when the next update is promised, nothing where none is or the incident is over."""
    following = view.update.next_due_at if view.update else None
    return [f"Next update by {moment(following)}."] if following and not view.incident.status.is_over else []
