"""The timeline, for the asker alone."""

from bot.domain.milestones import SETTABLE
from bot.domain.text import clipped, counted, mention, one_line
from bot.domain.timeline import Entry, Mark, Origin, Proposal
from bot.services.views import TimelineView
from bot.slack.blocks.elements import (
    MESSAGE,
    Block,
    Rendered,
    actions,
    button,
    context,
    fitting,
    menu,
    message,
    moment,
    section,
    weight,
)
from bot.slack.text import escaped, whispered

ENTRY_MENU = "timeline.entry"
PROPOSAL = "timeline.proposal"
UNDO = "timeline.undo"
EDIT, RETIME, KEY, NOT_KEY, KEEP_OUT, REMOVE = "edit", "retime", "key", "not-key", "out", "remove"
# Says at the end of a value that the whole timeline is shown, and is to be again.
WHOLE = "all"
_ENTRY_LENGTH = 300
# Room for the line that says where the rest is.
_REST = 400
_SHOWN_BLOCKS = 40
_PROPOSED = {Mark.LESSON: "a lesson", Mark.ACTION: "an action", Mark.IMPACT: "an impact"}
_SHOWN_PROPOSALS = 5


def timeline(view: TimelineView) -> Rendered:
    """Return what was just done, the entries with a menu on each that can be edited, and what reactions propose."""
    newest = "" if view.total == len(view.entries) else f"the newest {len(view.entries)} of "
    title = f"Timeline of {view.incident.incident_id}: {newest}{counted(view.total, 'entry', 'entries')}"
    if not view.entries:
        hint = (
            f"{title}. :pushpin: on a message puts it here; so does `{escaped(view.command)} note 14:05 what happened`"
        )
        return message(hint, [*_said(view), section(hint), *_proposals(view)])
    head, tail = [*_said(view), section(f"*{escaped(title)}*")], _proposals(view)
    rows = [_entry(view, entry) for entry in view.entries[-_SHOWN_BLOCKS:]]
    if view.is_posted:
        count = fitting(rows[::-1], MESSAGE - weight(*head, *tail) - _REST)
        rows = rows[len(rows) - count :]
    if len(rows) < len(view.entries):
        tail.insert(0, context(f"Only the last {len(rows)} fit here; the draft has all."))
    elif not view.is_whole:
        tail.insert(0, context(f"All of them: `{escaped(view.command)} timeline all`"))
    return message(escaped(title), [*head, *rows, *tail])


def _said(view: TimelineView) -> list[Block]:
    if not view.said:
        return []
    said = section(whispered(view.said))
    if view.undo is None:
        return [said]
    value = f"{view.incident.row_id}:{view.undo}:{_how_much(view)}"
    return [said, actions("timeline", [button("Undo", UNDO, value)])]


def _how_much(view: TimelineView) -> str:
    return WHOLE if view.is_whole else ""


def _entry(view: TimelineView, entry: Entry) -> Block:
    author = mention(entry.author_id) if entry.author_id else entry.author_name or ""
    marks = [entry.phase.value if entry.phase else "", "key decision" if entry.is_key else ""]
    # UTC is what the report has, and what is copied from here.
    small = " · ".join(part for part in (f"{entry.at:%H:%M} UTC", whispered(author), *marks) if part)
    text = whispered(clipped(one_line(entry.text), _ENTRY_LENGTH))
    line = f"*{moment(entry.at, view.links.get(entry.reference))}*  {text}\n_{small}_"
    prefix = f"{view.incident.row_id}:{entry.reference}"
    options = [(label, f"{prefix}:{verb}:{_how_much(view)}") for label, verb in _verbs(entry)]
    return section(line, menu(ENTRY_MENU, options) if options else None)


def _verbs(entry: Entry) -> list[tuple[str, str]]:
    """Return what can be done with an entry; a milestone is corrected, and never taken away."""
    if entry.milestone:
        return [("Correct the time", RETIME)] if entry.milestone in SETTABLE else []
    decision = ("Not a key decision", NOT_KEY) if entry.is_key else ("Mark as key decision", KEY)
    if entry.origin is Origin.NOTE:
        return [("Edit", EDIT), decision, ("Remove", REMOVE)]
    if entry.message_ts is None or entry.channel_id is None:
        return []
    return [("Edit", EDIT), decision, ("Keep out of the report", KEEP_OUT), ("Remove", REMOVE)]


def _proposals(view: TimelineView) -> list[Block]:
    return [_proposal(view, proposal) for proposal in view.proposals[:_SHOWN_PROPOSALS]]


def _proposal(view: TimelineView, proposal: Proposal) -> Block:
    text = whispered(clipped(one_line(proposal.message.text), 150))
    said = proposal.message
    place = said.ts if said.channel_id == view.incident.channel_id else f"{said.ts}@{said.channel_id}"
    value = f"{view.incident.row_id}:{proposal.mark.value}:{place}:{_how_much(view)}"
    add = button("Add it …", PROPOSAL, value)
    return section(f"Proposed as {_PROPOSED[proposal.mark]}: {text}", add)
