"""The pinned header and the announcement of an incident."""

from bot.domain.incident import Kind, Role, Status
from bot.domain.milestones import Milestone
from bot.domain.text import counted
from bot.services.views import AnnouncementView, HeaderView
from bot.slack.blocks import elements
from bot.slack.blocks.elements import SEVERITY_SIGNS, Block, Rendered, actions, button, context, fields, message, moment
from bot.slack.text import escaped

TAKE_LEAD = "header.lead"
MOVE = "header.move"
TIMELINE = "header.timeline"
DRAFT = "header.draft"
REOPEN = "header.reopen"

_SHOWN_TIMES = (Milestone.STARTED, Milestone.DECLARED, Milestone.MITIGATED, Milestone.RESOLVED)


def header(view: HeaderView) -> Rendered:
    """Return the header: what it is, how it stands, who leads, when, and the usual next steps."""
    incident = view.incident
    sign = SEVERITY_SIGNS[incident.severity]
    title = f"{incident.incident_id} · {incident.title}"
    pairs = [
        ("Severity", f"{sign} {incident.severity.label}"),
        ("Status", incident.status.value.capitalize()),
        ("Incident lead", _name(view, view.holders.get(Role.LEAD)) or "nobody yet"),
        ("Reported by", _name(view, incident.reporter_id)),
        *((name.value.capitalize(), moment(view.milestones[name])) for name in _SHOWN_TIMES if name in view.milestones),
    ]
    blocks = [
        elements.header(title),
        fields(pairs),
        *_other_roles(view),
        actions("header", _next_steps(view)),
        context(_small_print(view)),
    ]
    return message(f"{escaped(title)}: {incident.severity.label}, {incident.status.value}", blocks)


def _other_roles(view: HeaderView) -> list[Block]:
    others = [
        f"{role.label.capitalize()}: {_name(view, user_id)}"
        for role, user_id in view.holders.items()
        if role is not Role.LEAD
    ]
    return [context(" · ".join(others))] if others else []


def _name(view: HeaderView, user_id: str | None) -> str:
    return escaped(view.names.get(user_id, user_id)) if user_id else ""


def _next_steps(view: HeaderView) -> list[Block]:
    """Return the usual next steps, the one most people want first, and primary until the incident is closed."""
    row = str(view.incident.row_id)

    def move(label: str, status: Status) -> Block:
        return button(label, f"{MOVE}.{status.value}", row)

    timeline = button("Timeline", TIMELINE, row)
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
        steps = [*first, *moves.get(status, []), move("Resolved", Status.RESOLVED), timeline]
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
    drill = "This is a drill. " if view.incident.kind is Kind.DRILL else ""
    private = "Private: only people in this channel can see it. " if view.incident.is_private else ""
    return (
        f"{drill}{private}Messages here are recorded for the postmortem. :pushpin: on a message puts it on the "
        f"timeline. {called} More: `{escaped(view.command)} help`"
    )


def announcement(view: AnnouncementView) -> Rendered:
    """Return the announcement of an incident, for those outside its channel."""
    incident = view.incident
    reporter = escaped(view.names.get(incident.reporter_id, incident.reporter_id))
    drill = " (a drill)" if incident.kind is Kind.DRILL else ""
    headline = f"{SEVERITY_SIGNS[incident.severity]} *{incident.severity.label}{drill}: {escaped(incident.title)}*"
    status = "" if incident.status is Status.INVESTIGATING else f" · {incident.status.value}"
    declared = f"declared {moment(incident.declared_at)} by {reporter}"
    details = f"{incident.incident_id}{status} · {declared} · <#{incident.channel_id}>"
    fallback = f"{incident.severity.label}{drill}: {escaped(incident.title)} ({incident.incident_id})"
    return message(fallback, [elements.section(f"{headline}\n{details}")])
