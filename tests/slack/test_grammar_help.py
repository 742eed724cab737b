import re
from collections import Counter
from itertools import pairwise

import pytest

from bot.slack.grammar.commands import Context, Help, Parsed
from bot.slack.grammar.helptext import FIRST_STEPS, help_text
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.parse import parse_incident, parse_postmortem, parse_with
from bot.slack.grammar.postmortem_table import POSTMORTEM
from bot.slack.grammar.table import Group, Subcommand, Table
from tests.slack.grammar_tables import ANNA, HERE

KNOWN = {
    "/incident": "start list info help status ack identified mitigated resolve close reopen cancel severity title type "
    "service team role handover note timeline update snooze set catchup link merge impact cause why whys lesson "
    "action task tasks",
    "/postmortem": "draft review publish approve owner due meeting waive export search similar list quarter help",
}
MEANS = {
    "/incident": "start:Start list:ListIncidents info:ShowInfo help:Help status:ChangeStatus ack:Acknowledge "
    "identified:ChangeStatus mitigated:ChangeStatus resolve:ChangeStatus close:ChangeStatus reopen:Reopen "
    "cancel:Cancel severity:ChangeSeverity title:ChangeTitle type:ChangeType service:ChangeServices team:ChangeTeam "
    "role:AssignRole handover:HandOver note:AddNote timeline:ShowTimeline set:SetMilestone catchup:CatchUp "
    "update:PostUpdate snooze:Snooze link:LinkIncident merge:MergeIncident impact:StateImpact cause:StateCause "
    "why:AddWhy whys:ShowWhys lesson:AddLesson action:AddAction task:AddTask tasks:ShowTasks",
    "/postmortem": "draft:MakeDraft review:ReviewDraft publish:Publish approve:ApproveCustomerVersion "
    "owner:AssignRole due:SetPostmortemDue meeting:SetMeeting waive:Waive export:Export search:SearchPostmortems "
    "similar:FindSimilar list:ListPostmortems quarter:ShowQuarter help:Help",
}
ROWS = [(table, row) for table in (INCIDENT, POSTMORTEM) for row in table.rows]
NAMES = [f"{table.command_in(HERE)} {row.name}" for table, row in ROWS]
PHONE = 72


def as_slack_sends(text: str) -> str:
    """Return a line of the help as it arrives when its name was picked from Slack's list."""
    return text.replace("@anna", ANNA)


def run(line: str) -> Parsed:
    command, _, text = line.partition(" ")
    parse = {"/incident": parse_incident, "/postmortem": parse_postmortem}[command]
    return parse(as_slack_sends(text), HERE)


def command_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("/")]


def topic_of(table: Table, row: Subcommand) -> str:
    return f"postmortem {row.name}" if table.is_postmortem else row.name


def test_subcommands_are_those_that_the_program_can_do() -> None:
    for table in (INCIDENT, POSTMORTEM):
        names = {row.name for row in table.rows}
        assert names == set(KNOWN[table.command_in(HERE)].split())


@pytest.mark.parametrize("table", [INCIDENT, POSTMORTEM], ids=["/incident", "/postmortem"])
def test_example_of_each_subcommand_means_that_subcommand(table: Table) -> None:
    examples = {row.name: f"{row.name} {row.example}" for row in table.rows}
    means = {
        name: type(parse_with(table, as_slack_sends(line), HERE).command).__name__ for name, line in examples.items()
    }

    assert means == dict(pair.split(":") for pair in MEANS[table.command_in(HERE)].split())


@pytest.mark.parametrize("table", [INCIDENT, POSTMORTEM], ids=["/incident", "/postmortem"])
def test_no_word_names_two_subcommands(table: Table) -> None:
    words = Counter(word for row in table.rows for word in (row.name, *row.aliases))

    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize("table", [INCIDENT, POSTMORTEM], ids=["/incident", "/postmortem"])
def test_each_alias_is_read_like_its_name(table: Table) -> None:
    for row in table.rows:
        named = parse_with(table, as_slack_sends(f"{row.name} {row.example}"), HERE)
        for alias in row.aliases:
            assert parse_with(table, as_slack_sends(f"{alias.upper()} {row.example}"), HERE) == named


def test_overview_lists_each_subcommand_with_its_example_and_no_other() -> None:
    lines = command_lines(help_text(HERE, None))

    known = [f"{table.command_in(HERE)} {row.name} {row.example}".strip() for table, row in ROWS]
    shown = Counter(lines) - Counter(lines[:2])
    assert shown == Counter(known)


def test_every_command_that_the_overview_shows_can_be_typed_as_it_stands() -> None:
    lines = command_lines(help_text(HERE, None))

    assert [type(run(line)) for line in lines] == [Parsed] * len(lines)


def test_overview_goes_through_the_groups_in_their_order() -> None:
    lines = help_text(HERE, None).splitlines()

    titles = [line for before, line in pairwise(lines) if before == ""]
    assert titles == ["Start", "State", "Timeline", "Analysis", "Follow-up", "Report"]


def test_overview_fits_a_phone_and_is_plain_text() -> None:
    text = help_text(HERE, None)

    assert [line for line in text.splitlines() if len(line) > PHONE] == []
    assert not re.search(r"[*_~`<>&!]", text)


@pytest.mark.parametrize(("table", "row"), ROWS, ids=NAMES)
def test_topic_gives_the_fuller_form(table: Table, row: Subcommand) -> None:
    lines = help_text(HERE, topic_of(table, row)).splitlines()

    assert lines[0] == f"{table.command_in(HERE)} {row.name} {row.full_usage}".strip()
    assert lines[1] == row.does
    shown = f"{table.command_in(HERE)} {row.name} {row.example}".strip()
    assert shown in (lines[0], *(line.removeprefix("Example: ") for line in lines))


def test_fuller_form_names_the_options() -> None:
    text = help_text(HERE, "start")

    assert "[--sev 1..4]" in text
    assert "[--since WHEN]" in text
    assert "[--here]" in text


def test_fuller_form_says_what_a_cause_is_without_its_kind() -> None:
    assert "Without the kind it is a contributing factor." in help_text(HERE, "cause").splitlines()


def test_first_steps_are_few_can_be_typed_as_they_stand_and_say_where_the_rest_is() -> None:
    lines = command_lines(help_text(HERE, FIRST_STEPS))

    assert len(lines) <= 11
    assert [type(run(line)) for line in lines] == [Parsed] * len(lines)
    assert set(lines[:-1]) <= set(command_lines(help_text(HERE, None)))
    assert lines[0].startswith("/incident start ")
    assert run(lines[-1]).command == Help()


def test_group_is_a_topic_too() -> None:
    assert help_text(HERE, "analysis").splitlines()[0] == "Analysis"
    assert help_text(HERE, "postmortem").splitlines()[0] == "Report"
    assert help_text(HERE, Group.REPORT) == help_text(HERE, "postmortem")


def test_parsed_topic_is_one_that_the_help_knows() -> None:
    for typed in ("sev", "PUBLISH", "/postmortem owner", "follow-up", "?"):
        command = parse_incident(f"help {typed}", HERE).command
        assert isinstance(command, Help)
        assert help_text(HERE, command.topic)


def test_blank_topic_is_the_overview() -> None:
    assert help_text(HERE, " ") == help_text(HERE, None)


def test_help_uses_the_names_that_the_workspace_gave_the_commands() -> None:
    elsewhere = Context(HERE.now, HERE.zone, command="/inc", postmortem_command="/pir")

    text = help_text(elsewhere, None)

    assert text == help_text(HERE, None).replace("/incident", "/inc").replace("/postmortem", "/pir")
    assert help_text(elsewhere, "/pir draft").startswith("/pir draft")
    assert help_text(elsewhere, "pir draft").startswith("/pir draft")
