"""Modals: declaring an incident, and saying why an action is dropped."""

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.incident import TITLE_LIMIT, IncidentType, Kind, Severity
from bot.domain.text import one_line
from bot.slack.blocks.elements import Block, context, option, paragraphs, plain
from bot.slack.text import escaped, whispered

DECLARE = "declare"
DROP = "drop_action"
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


def _modal(callback_id: str, title: str, submit: str, blocks: list[Block], metadata: Mapping[str, Any]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain("Not now", 24),
        "private_metadata": json.dumps(metadata),
        "blocks": blocks,
    }


def _input(block_id: str, label: str, element: Block, *, hint: str | None = None, is_optional: bool = False) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2_000),
        "element": element | {"action_id": block_id},
        "optional": is_optional,
    }
    return block | {"hint": plain(hint, 2_000)} if hint else block


def _select(words: Mapping[Any, str], chosen: Any) -> Block:
    options = [option(text, str(getattr(value, "value", value))) for value, text in words.items()]
    chosen_value = str(getattr(chosen, "value", chosen))
    return {
        "type": "static_select",
        "options": options,
        "initial_option": next(one for one in options if one["value"] == chosen_value),
    }


def declare(
    *,
    title: str = "",
    severity: Severity = Severity.SEV3,
    kind: Kind = Kind.LIVE,
    type_: IncidentType = IncidentType.PRODUCTION,
    is_private: bool = False,
    vendor: str = "",
    began: str = "",
    metadata: Mapping[str, Any],
) -> Block:
    """Return the form that declares an incident, prefilled with what is known; six fields.

    `began` says in words when it started, where that was typed.
    """
    text = {
        "type": "plain_text_input",
        "max_length": TITLE_LIMIT,
        "placeholder": plain("Checkout errors in the EU", 150),
    }
    private = option("Private: only people in its channel see it", "private")
    box: Block = {"type": "checkboxes", "options": [private]}
    named = {"type": "plain_text_input", "max_length": 100}
    blocks = [
        _input("title", "What is wrong?", text | ({"initial_value": title} if title else {})),
        _input("severity", "Severity", _select(_SEVERITY_WORDS, severity), hint="You can change it at any time."),
        _input("kind", "Kind", _select(_KIND_WORDS, kind)),
        _input("type", "Type", _select(_TYPE_WORDS, type_)),
        _input(
            "vendor",
            "Is a vendor involved?",
            named | ({"initial_value": vendor} if vendor else {}),
            hint="Their name, for example: Big Cloud",
            is_optional=True,
        ),
        _input(
            "private",
            "Who may see it?",
            box | ({"initial_options": [private]} if is_private else {}),
            is_optional=True,
        ),
    ]
    if began:
        blocks.insert(1, context(f"It started {escaped(began)}."))
    return _modal(DECLARE, "Declare an incident", "Declare", blocks, metadata)


def drop_action(*, text: str, metadata: Mapping[str, Any]) -> Block:
    """Return the form that asks why an action is dropped."""
    reason = {"type": "plain_text_input", "multiline": True, "max_length": 1_000}
    blocks = [
        *paragraphs([f"*{whispered(one_line(text))}*"]),
        _input("reason", "Why is it dropped?", reason, hint="For example: replaced by the move to the new queue"),
    ]
    return _modal(DROP, "Drop an action", "Drop it", blocks, metadata)


def done(title: str, text: str) -> Block:
    """Return what a modal turns into when it has been carried out."""
    return {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain("Close", 24),
        "blocks": paragraphs(whispered(text).split("\n")),
    }
