"""The timeline, for the asker alone."""

from collections.abc import Mapping

from bot.domain.text import clipped, counted, mention, one_line
from bot.domain.timeline import Entry, Mark, Proposal
from bot.services.views import TimelineView
from bot.slack.blocks.elements import Block, Rendered, context, menu, message, moment, section
from bot.slack.text import escaped, whispered

ENTRY_MENU = "timeline.entry"
KEY, NOT_KEY = "key", "not-key"
_ENTRY_LENGTH = 300
_SHOWN_BLOCKS = 42
_PROPOSED = {Mark.LESSON: "a lesson", Mark.ACTION: "an action", Mark.IMPACT: "an impact"}
_COMMANDS = {Mark.LESSON: "lesson well", Mark.ACTION: "action", Mark.IMPACT: "impact"}
_SHOWN_PROPOSALS = 5


def timeline(view: TimelineView) -> Rendered:
    """Return the entries with a menu on each that stands on a message, and what reactions propose."""
    newest = "" if view.total == len(view.entries) else f"the newest {len(view.entries)} of "
    title = f"Timeline of {view.incident.incident_id}: {newest}{counted(view.total, 'entry', 'entries')}"
    if not view.entries:
        hint = (
            f"{title}. :pushpin: on a message puts it here; so does `{escaped(view.command)} note 14:05 what happened`"
        )
        return message(hint, [section(hint), *_proposals(view)])
    shown = view.entries[-_SHOWN_BLOCKS:]
    blocks = [section(f"*{escaped(title)}*"), *(_entry(entry, view.links) for entry in shown)]
    if len(shown) < len(view.entries):
        blocks.append(context(f"Only the last {len(shown)} fit here; the draft has all."))
    elif not view.is_whole:
        blocks.append(context(f"All of them: `{escaped(view.command)} timeline all`"))
    return message(escaped(title), [*blocks, *_proposals(view)])


def _entry(entry: Entry, links: Mapping[str, str]) -> Block:
    author = mention(entry.author_id) if entry.author_id else entry.author_name or ""
    marks = [entry.phase.value if entry.phase else "", "key decision" if entry.is_key else ""]
    small = " · ".join(part for part in (whispered(author), *marks) if part)
    text = whispered(clipped(one_line(entry.text), _ENTRY_LENGTH))
    link = links.get(entry.reference)
    when = f"<{link}|{entry.at:%H:%M} UTC>" if link else f"{entry.at:%H:%M} UTC"
    line = f"*{when}* ({moment(entry.at)})  {text}" + (f"\n_{small}_" if small else "")
    if entry.message_ts is None or entry.channel_id is None:
        return section(line)
    value = f"{entry.channel_id}:{entry.message_ts}"
    decision = ("Not a key decision", NOT_KEY) if entry.is_key else ("Mark as key decision", KEY)
    options = [("Keep out of the report", value), (decision[0], f"{value}:{decision[1]}")]
    return section(line, menu(ENTRY_MENU, options))


def _proposals(view: TimelineView) -> list[Block]:
    return [_proposal(view, proposal) for proposal in view.proposals[:_SHOWN_PROPOSALS]]


def _proposal(view: TimelineView, proposal: Proposal) -> Block:
    text = whispered(clipped(one_line(proposal.message.text), 150))
    command = f"{view.command} {_COMMANDS[proposal.mark]}"
    return context(f"Proposed as {_PROPOSED[proposal.mark]}: {text}\nTo enter it: `{escaped(command)} {text}`")
