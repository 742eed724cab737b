"""Modals: declaring an incident, and saying why an action is dropped."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.incident import TITLE_LIMIT, IncidentType, Kind, Severity
from bot.domain.text import one_line
from bot.slack.blocks.answers import UNDO
from bot.slack.blocks.elements import Block, actions, button, context, option, paragraphs, plain
from bot.slack.blocks.forms import field, modal, select, text_input
from bot.slack.text import escaped, whispered

DECLARE = "declare"
DROP = "drop_action"
# One less than Slack's hundred: the last is for the buttons.
MODAL_BLOCKS = 99
_SEVERITY_WORDS = {
    Severity.SEV1: "SEV1: the service is down, or data is at risk",
    Severity.SEV2: "SEV2: a main function is broken for many",
    Severity.SEV3: "SEV3: some are affected, there is a way round",
    Severity.SEV4: "SEV4: small, but worth writing down",
}
_TYPE_WORDS = {
    IncidentType.PRODUCTION: "Production: something we run",
    IncidentType.SECURITY: "Security: always private",
    IncidentType.PRODUCT: "Product: not what was expected",
    IncidentType.PROCESS: "Process: how we work",
}
_KIND_WORDS = {
    Kind.LIVE: "Live: it is happening",
    Kind.NEAR_MISS: "Near miss: it almost happened",
    Kind.DRILL: "Drill: an exercise",
    Kind.RETRO: "Retro: it is over, write it down",
}


def declare(
    *,
    title: str = "",
    severity: Severity = Severity.SEV3,
    kind: Kind = Kind.LIVE,
    type_: IncidentType = IncidentType.PRODUCTION,
    is_private: bool = False,
    vendor: str = "",
    notes: Sequence[str] = (),
    metadata: Mapping[str, Any],
) -> Block:
    """Return the form that declares an incident, prefilled with what is known; six fields.

    `notes` are sentences that its reader should know, such as when it began. `metadata` says under `here` that no
    channel is to be made.
    """
    text = text_input(title, limit=TITLE_LIMIT, example="Checkout errors in the EU")
    private = option("Private: only people in its channel see it", "private")
    box: Block = {"type": "checkboxes", "options": [private]}
    blocks = [
        field("title", "What is wrong?", text),
        field("severity", "Severity", select(_SEVERITY_WORDS, severity), hint="You can change it at any time."),
        field("kind", "Kind", select(_KIND_WORDS, kind)),
        field("type", "Type", select(_TYPE_WORDS, type_)),
        field(
            "vendor",
            "Is a vendor involved?",
            text_input(vendor, limit=100),
            hint="Their name, for example: Big Cloud",
            is_optional=True,
        ),
        field(
            "private",
            "Who may see it?",
            box | ({"initial_options": [private]} if is_private else {}),
            is_optional=True,
        ),
    ]
    if notes:
        blocks.insert(1, context(escaped("\n".join(notes))))
    if metadata.get("here"):
        blocks.insert(0, context("It is led in the channel where you typed this: first you are asked what to record."))
    return modal(DECLARE, "Declare an incident", "Declare", blocks, metadata)


def drop_action(*, text: str, metadata: Mapping[str, Any]) -> Block:
    """Return the form that asks why an action is dropped."""
    reason = text_input(limit=1_000, is_long=True)
    blocks = [
        *paragraphs([f"*{whispered(one_line(text))}*"]),
        field("reason", "Why is it dropped?", reason, hint="For example: replaced by the move to the new queue"),
    ]
    return modal(DROP, "Drop an action", "Drop it", blocks, metadata)


def done(title: str, text: str, *, undo: int | None = None) -> Block:
    """Return what a modal turns into when it has been carried out, with Undo where it can be taken back."""
    blocks = paragraphs(whispered(text).split("\n"))
    if undo is not None:
        blocks = [*blocks[:MODAL_BLOCKS], actions("done", [button("Undo", UNDO, str(undo))])]
    return {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain("Close", 24),
        "blocks": blocks,
    }
