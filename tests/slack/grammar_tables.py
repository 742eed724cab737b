"""What the tests of the grammar share: the asker, and two people."""

from datetime import UTC, datetime

from bot.domain.text import mention
from bot.slack.grammar.commands import Command, Context
from bot.slack.grammar.parse import parse_incident, parse_postmortem

HERE = Context(now=datetime(2026, 11, 20, 14, 30, tzinfo=UTC), zone="Europe/Berlin")
ANNA = mention("UANNA")
BEN = mention("UBEN")


def incident(text: str) -> Command:
    """Return what the text means after `/incident`."""
    return parse_incident(text, HERE).command


def postmortem(text: str) -> Command:
    """Return what the text means after `/postmortem`."""
    return parse_postmortem(text, HERE).command
