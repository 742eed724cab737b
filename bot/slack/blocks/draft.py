"""The summary message of a draft, and the announcement of a published postmortem."""

from datetime import timedelta

from bot.domain.durations import in_words
from bot.domain.text import SOMEONE, clipped, counted
from bot.services.views import DraftView, PublishedView
from bot.slack.blocks.elements import (
    SEVERITY_SIGNS,
    Block,
    Rendered,
    actions,
    button,
    clipped_mrkdwn,
    context,
    fields,
    header,
    link,
    message,
    moment,
    section,
)
from bot.slack.text import escaped

PUBLISH = "draft.publish"
AGAIN = "draft.again"
_SHOWN_GAPS = 3
_GAP_TEXT = 150
_SUMMARY_TEXT = 1_500
_LENGTHS = (
    ("Time to detect", "time_to_detect"),
    ("Time to acknowledge", "time_to_acknowledge"),
    ("Time to mitigate", "time_to_mitigate"),
    ("Time to resolve", "time_to_resolve"),
)


def summary(view: DraftView) -> Rendered:
    """Return the summary: what happened in a paragraph, the headline numbers, what is missing, the next step."""
    incident = view.incident
    title = f"Postmortem of {incident.incident_id}: {incident.title}"
    lengths = [(label, _length(view.seconds.get(name))) for label, name in _LENGTHS]
    blocks: list[Block] = [
        header(title),
        section(f"{SEVERITY_SIGNS[incident.severity]} {incident.severity.label} · {_summary(view.summary)}"),
        fields(lengths),
        *_gaps(view),
        context(_state(view)),
    ]
    row = str(incident.row_id)
    again = button("Draft again", AGAIN, row)
    is_published = view.published_revision == view.revision
    # Publishing waits for the resolution; until then drafting again is what most people want next.
    is_next = incident.status.is_over
    publish = button("Publish", PUBLISH, row, is_primary=is_next)
    again = again | ({} if is_next else {"style": "primary"})
    buttons = [again] if is_published else [publish, again] if is_next else [again, publish]
    return message(f"{escaped(title)} (draft {view.revision})", [*blocks, actions("draft", buttons)])


def _summary(text: str) -> str:
    return clipped_mrkdwn(escaped(text), _SUMMARY_TEXT)


def _length(seconds: int | None) -> str:
    return "not known" if seconds is None else in_words(timedelta(seconds=seconds))


def _gaps(view: DraftView) -> list[Block]:
    if not view.gaps:
        return []
    lines = [
        f"• {escaped(clipped(question, _GAP_TEXT))}\n`{escaped(clipped(command, _GAP_TEXT))}`"
        for question, command in view.gaps[:_SHOWN_GAPS]
    ]
    if len(view.gaps) > _SHOWN_GAPS:
        lines.append(f"… and {len(view.gaps) - _SHOWN_GAPS} more, named in the report")
    headline = f"*Still missing: {counted(len(view.gaps), 'thing')}*, each with an example of what fills it"
    return [section("\n".join([headline, *lines]))]


def _state(view: DraftView) -> str:
    counts = f" In it: {', '.join(view.counts)}." if view.counts else ""
    text = f"Draft {view.revision}. Made from {view.made_from}.{counts} The report is a file in this thread."
    if view.published_revision and view.published_by and view.published_at:
        name = escaped(view.names.get(view.published_by, SOMEONE))
        text += f" Draft {view.published_revision} was published {moment(view.published_at)} by {name}."
    return text


def published(view: PublishedView) -> Rendered:
    """Return the announcement that a postmortem is published."""
    incident = view.incident
    where = link(view.link, "Read it") if view.link else f"Read it in <#{incident.channel_id}>"
    what = "Customer version of the postmortem" if view.is_for_customers else "Postmortem"
    title = f"{what} of {incident.incident_id} ({incident.severity.label}): {incident.title}"
    text = f"*{escaped(title)}*\n{_summary(view.summary)}\n{where} (draft {view.revision})"
    return message(f"{escaped(title)} is published", [section(text)])
