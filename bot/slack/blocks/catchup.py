"""Where an incident stands, for one reader who comes late; to be read on a phone."""

from bot.domain.durations import in_words
from bot.domain.incident import Role
from bot.domain.tasks import Task
from bot.domain.text import clipped, counted, mention, one_line, shortened
from bot.domain.timeline import Entry
from bot.services.views import CatchUpView
from bot.slack.blocks.elements import SEVERITY_SIGNS, Rendered, context, link, message, moment, section
from bot.slack.text import to_type, whispered

_ENTRY = 140
_UPDATE = 400
_TASKS = 5


def catch_up(view: CatchUpView) -> Rendered:
    """Return the state, the last update, the moments worth knowing, who does what, and what is still to be done."""
    incident = view.incident
    title = f"{incident.incident_id} · {whispered(incident.title)}"
    parts = [_state(view, title), _update(view), _moments(view), _people(view), _tasks(view)]
    blocks = [section(part) for part in parts if part]
    return message(f"{title}: {incident.severity.label}, {incident.status.value}", [*blocks, context(_links(view))])


def _state(view: CatchUpView, title: str) -> str:
    incident = view.incident
    sign = SEVERITY_SIGNS[incident.severity]
    lasted = in_words((view.ended or view.now) - view.began)
    length = f"lasted {lasted}" if view.ended or incident.status.is_over else f"{lasted} ago"
    return (
        f"*{title}*\n{sign} {incident.severity.label} · {incident.status.value} since {moment(view.since)}\n"
        f"Began {moment(view.began)}, {length}"
    )


def _update(view: CatchUpView) -> str:
    if view.update is None:
        return ""
    text = whispered(clipped(view.update.text.strip(), _UPDATE))
    lines = [f"*Last update*, {in_words(view.now - view.update.said_at)} ago", text]
    if view.update.next_due_at and not view.incident.status.is_over:
        late = view.now > view.update.next_due_at
        lines.append(f"The next one {'was' if late else 'is'} due {moment(view.update.next_due_at)}")
    return "\n".join(lines)


def _moments(view: CatchUpView) -> str:
    lines = [_moment(entry) for entry in view.moments]
    if view.more:
        lines.append(f"… and {view.more} more: {to_type(f'{view.command} timeline')}")
    return "\n".join(["*Key moments*", *lines])


def _moment(entry: Entry) -> str:
    marks = " (suggested)" if entry.is_suggested else " (key decision)" if entry.is_key else ""
    return f"*{moment(entry.at)}*  {whispered(shortened(one_line(entry.words), _ENTRY))}{marks}"


def _people(view: CatchUpView) -> str:
    lines = [f"{role.label.capitalize()}: {whispered(mention(user_id))}" for role, user_id in view.holders.items()]
    if Role.LEAD not in view.holders and not view.incident.status.is_over:
        lines.insert(0, f"Nobody has the lead. To take it: {to_type(f'{view.command} role lead')}")
    if view.handover:
        offer = view.handover
        ago = in_words(view.now - offer.said_at)
        lines.append(f"{whispered(mention(offer.by))} offered the lead to {whispered(mention(offer.to_id))} {ago} ago")
    return "\n".join(["*Who does what*", *lines]) if lines else ""


def _tasks(view: CatchUpView) -> str:
    if not view.tasks:
        return ""
    lines = [_task(view, task) for task in view.tasks[:_TASKS]]
    if len(view.tasks) > _TASKS:
        lines.append(f"… and {len(view.tasks) - _TASKS} more: {to_type(f'{view.command} tasks')}")
    return "\n".join([f"*{counted(len(view.tasks), 'open task')}*", *lines])


def _task(view: CatchUpView, task: Task) -> str:
    owner = whispered(mention(task.owner_id)) if task.owner_id else "nobody's yet"
    text = whispered(clipped(one_line(task.text), _ENTRY))
    return f"{task.number}. {text} ({owner}, {in_words(view.now - task.said_at)})"


def _links(view: CatchUpView) -> str:
    links = [("The incident", view.header), ("The draft", view.draft)]
    parts = [link(url, words) for words, url in links if url]
    if view.incident.channel_id and not view.is_here:
        parts.insert(0, f"<#{view.incident.channel_id}>")
    return " · ".join([*parts, f"More: {to_type(f'{view.command} info')}"])
