"""What the tests of the grammar share: the asker, two people, and the tables with nothing missing."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.text import mention
from bot.slack.grammar import incident_table, postmortem_table
from bot.slack.grammar.commands import Command, Context
from bot.slack.grammar.parse import parse_with
from bot.slack.grammar.table import Table

HERE = Context(now=datetime(2026, 11, 20, 14, 30, tzinfo=UTC), zone="Europe/Berlin")
ANNA = mention("UANNA")
BEN = mention("UBEN")


def with_everything(table: Table) -> Table:
    """Return the table as it will be when all that it lists is there."""
    rows = (
        replace(row, is_available=True, options=tuple(replace(option, is_available=True) for option in row.options))
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


ALL_INCIDENT = with_everything(incident_table.INCIDENT)
ALL_POSTMORTEM = with_everything(postmortem_table.POSTMORTEM)


def incident(text: str) -> Command:
    """Return what the text means after `/incident`, once everything is there."""
    return parse_with(ALL_INCIDENT, text, HERE).command


def postmortem(text: str) -> Command:
    """Return what the text means after `/postmortem`, once everything is there."""
    return parse_with(ALL_POSTMORTEM, text, HERE).command
