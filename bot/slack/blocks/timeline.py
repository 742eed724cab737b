"""The timeline, for the asker alone."""

from bot.domain.milestones import SETTABLE, Milestone
from bot.domain.suggestions import ProposedMilestone
from bot.domain.text import clipped, counted, mention, one_line, shortened
from bot.domain.timeline import Entry, Mark, Origin, Proposal
from bot.services.views import TimelineView
from bot.slack.blocks.elements import (
    BLOCKS,
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
from bot.slack.text import escaped, linked, whispered

ENTRY_MENU = "timeline.entry"
PROPOSAL = "timeline.proposal"
SUGGESTION = "timeline.suggestion"
ADD_ALL = "timeline.add-all"
MILESTONE_PROPOSAL = "timeline.milestone"
ADD, DECLINE = "add", "decline"
UNDO = "timeline.undo"
EDIT, RETIME, KEY, NOT_KEY, KEEP_OUT, REMOVE = "edit", "retime", "key", "not-key", "out", "remove"
# Says at the end of a value that the whole timeline is shown, and is to be again.
WHOLE = "all"
_ENTRY_LENGTH = 300
# Room for the line that says where the rest is.
_REST = 400
# Of a message with very many files, or with an address that is very long, not everything fits.
_SHOWN_FILES = 5
_FILE_LENGTH = 60
_PROPOSED = {Mark.LESSON: "a lesson", Mark.ACTION: "an action", Mark.IMPACT: "an impact"}
_SHOWN_PROPOSALS = 5
_SHOWN_SUGGESTIONS = 10
# Where less fits, the timeline itself needs the room.
_POSTED_SUGGESTIONS = 3
_SUGGESTION_LENGTH = 200
_SHOWN_MILESTONES = 3


def timeline(view: TimelineView) -> Rendered:
    """Return what was just done, the entries with a menu on each that can be edited, and what reactions propose."""
    newest = "" if view.total == len(view.entries) else f"the newest {len(view.entries)} of "
    title = f"Timeline of {view.incident.incident_id}: {newest}{counted(view.total, 'entry', 'entries')}"
    if not view.entries:
        hint = (
            f"{title}. :pushpin: on a message puts it here; so does `{escaped(view.command)} note 14:05 what happened`"
        )
        return message(hint, [*_said(view), section(hint), *_tail(view)])
    head, tail = [*_said(view), section(f"*{escaped(title)}*")], _tail(view)
    rows = [_entry(view, entry) for entry in view.entries[-(BLOCKS - len(head) - len(tail) - 1) :]]
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
    marks = [entry.phase.value if entry.phase else "", "key decision" if entry.is_key else ""]
    # UTC is what the report has, and what is copied from here.
    small = " · ".join(part for part in (f"{entry.at:%H:%M} UTC", whispered(_author(entry)), *marks) if part)
    text = _told(view, entry, _ENTRY_LENGTH)
    line = f"*{moment(entry.at, view.links.get(entry.reference))}*  {text}\n_{small}_"
    prefix = f"{view.incident.row_id}:{entry.reference}"
    options = [(label, f"{prefix}:{verb}:{_how_much(view)}") for label, verb in _verbs(entry)]
    return section(line, menu(ENTRY_MENU, options) if options else None)


def _told(view: TimelineView, entry: Entry, limit: int) -> str:
    """Return what an entry says, shortened with a link to the rest, and its files linked to Slack's pages of them."""
    said = one_line(entry.text)
    short = shortened(said, limit)
    link = view.links.get(entry.reference)
    parts = [whispered(short)] if short else []
    parts += [f"({linked('the rest', link)})"] if short != said and link else []
    if entry.files:
        shown = [linked(clipped(file.words, _FILE_LENGTH), file.link) for file in entry.files[:_SHOWN_FILES]]
        more = len(entry.files) - len(shown)
        parts.append(f"({', '.join([*shown, f'{more} more'] if more > 0 else shown)})")
    return " ".join(parts)


def _author(entry: Entry) -> str:
    return mention(entry.author_id) if entry.author_id else entry.author_name or ""


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


def _tail(view: TimelineView) -> list[Block]:
    return [*_suggestions(view), *_milestones(view), *_proposals(view)]


def _suggestions(view: TimelineView) -> list[Block]:
    """Return what the program found by itself, one by one and all together, the earliest first."""
    found = view.suggestions
    if not found:
        return []
    few = found[: _POSTED_SUGGESTIONS if view.is_posted else _SHOWN_SUGGESTIONS]
    count = counted(len(found), "suggestion") if len(few) == len(found) else f"the first {len(few)} of {len(found)}"
    head = section(f"*Suggested from what was said* ({count}; a draft has them too, marked as suggested)")
    rows = [_suggestion(view, entry) for entry in few]
    if len(found) == 1:
        return [head, *rows]
    value = f"{view.incident.row_id}:{found[-1].message_ts}:{_how_much(view)}"
    return [head, *rows, actions("timeline.suggested", [button(f"Add all {len(found)}", ADD_ALL, value)])]


def _suggestion(view: TimelineView, entry: Entry) -> Block:
    small = [f"{entry.at:%H:%M} UTC", whispered(_author(entry)), entry.phase.value if entry.phase else ""]
    small += [whispered(entry.reason or "")]
    text = _told(view, entry, _SUGGESTION_LENGTH)
    line = f"{moment(entry.at, view.links.get(entry.reference))}  {text}\n_{' · '.join(filter(None, small))}_"
    prefix = f"{view.incident.row_id}:{entry.reference}"
    options = [
        (label, f"{prefix}:{verb}:{_how_much(view)}")
        for label, verb in (("Add to the timeline", ADD), ("Don't suggest it", DECLINE))
    ]
    return section(line, menu(SUGGESTION, options))


def _milestones(view: TimelineView) -> list[Block]:
    return [_milestone(view, proposed) for proposed in view.milestones[:_SHOWN_MILESTONES]]


def _milestone(view: TimelineView, proposed: ProposedMilestone) -> Block:
    name = proposed.milestone.value
    text = whispered(shortened(one_line(proposed.message.words), _SUGGESTION_LENGTH))
    value = f"{view.incident.row_id}:{name}:{_how_much(view)}"
    happened = "it started" if proposed.milestone is Milestone.STARTED else f"it was {name}"
    line = f"Proposed: {happened} {moment(proposed.at)}\n_“{text}” {whispered(proposed.reason)}_"
    return section(line, button(f"Set {name}", MILESTONE_PROPOSAL, value))


def _proposals(view: TimelineView) -> list[Block]:
    return [_proposal(view, proposal) for proposal in view.proposals[:_SHOWN_PROPOSALS]]


def _proposal(view: TimelineView, proposal: Proposal) -> Block:
    text = whispered(shortened(one_line(proposal.message.words), 150))
    said = proposal.message
    place = said.ts if said.channel_id == view.incident.channel_id else f"{said.ts}@{said.channel_id}"
    value = f"{view.incident.row_id}:{proposal.mark.value}:{place}:{_how_much(view)}"
    add = button("Add it …", PROPOSAL, value)
    return section(f"Proposed as {_PROPOSED[proposal.mark]}: {text}", add)
