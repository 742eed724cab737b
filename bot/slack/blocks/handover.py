"""An offer of the lead, with the state written down, and what has become of it."""

from collections.abc import Iterator

from bot.domain.handover import HandoverStatus
from bot.domain.text import SOMEONE
from bot.services.views import HandoverView
from bot.slack.blocks.elements import (
    MESSAGE,
    Block,
    Rendered,
    actions,
    button,
    clipped_mrkdwn,
    context,
    message,
    moment,
    section,
    weight,
)
from bot.slack.text import escaped, notifying

ACCEPT = "handover.accept"
DECLINE = "handover.decline"
WITHDRAW = "handover.withdraw"
# How the fields of the brief are called, here and in its form.
LABELS = {
    "state": "State",
    "tried": "What was tried",
    "hypothesis": "Hypothesis",
    "risks": "Risks",
    "tasks": "Open tasks",
    "next_check": "Next check",
}
# How long a field may be: the first of these with which the whole fits one message.
_LENGTHS = (2_900, 1_400, 700, 350)


def handover(view: HandoverView) -> Rendered:
    """Return the offer with its brief: to be answered while it stands, afterwards with how it ended."""
    for limit in _LENGTHS:
        blocks = _blocks(view, limit)
        if weight(*blocks) <= MESSAGE:
            break
    lead = f"the lead of {view.incident.incident_id}"
    offer = view.handover
    text = f"{_name(view, offer.by)} offers {lead} to {_name(view, offer.to_id)}"
    return message(text if offer.stands else f"{text}: {_ending(view)}", blocks)


def _blocks(view: HandoverView, limit: int) -> list[Block]:
    offer = view.handover
    title = f"*{view.incident.incident_id} · {escaped(view.incident.title)}*"
    by, to = _name(view, offer.by), _name(view, offer.to_id)
    if not offer.stands:
        text = f"{by} offered the lead of {title} to {to}. *{_ending(view)}*"
        return [section(text), *_brief(view, limit)]
    value = f"{view.incident.row_id}:{offer.handover_id}"
    buttons = [
        button("Accept", ACCEPT, value, is_primary=True),
        button("Decline", DECLINE, value),
        button("Withdraw", WITHDRAW, value),
    ]
    return [
        section(f"{notifying(offer.to_id)}: {by} offers you the lead of {title}"),
        *_brief(view, limit),
        actions("handover", buttons),
        context(f"No answer? Anybody can name another lead: `{escaped(view.command)} role lead @name`"),
    ]


def _brief(view: HandoverView, limit: int) -> Iterator[Block]:
    is_cut = False
    for name, label in LABELS.items():
        text = escaped(getattr(view.handover.brief, name))
        is_cut = is_cut or len(text) > limit
        if text:
            yield section(f"*{label}*\n{clipped_mrkdwn(text, limit)}")
    if is_cut:
        yield context("Some of this is cut: it is too long for one message.")


def _ending(view: HandoverView) -> str:
    """Return how an offer ended, by whom and when."""
    offer = view.handover
    words = {
        HandoverStatus.ACCEPTED: "Accepted by",
        HandoverStatus.DECLINED: "Declined by",
        HandoverStatus.WITHDRAWN: "Withdrawn by",
        HandoverStatus.SUPERSEDED: "No longer stands: there was a newer offer, or a new lead, by",
    }
    assert offer.status_by is not None
    assert offer.status_at is not None
    return f"{words[offer.status]} {_name(view, offer.status_by)}, {moment(offer.status_at)}"


def _name(view: HandoverView, user_id: str) -> str:
    return escaped(view.names.get(user_id, SOMEONE))
