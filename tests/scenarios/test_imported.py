"""An imported incident in Slack: everything about it works, and nothing is said in the channels it is from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.importing import Window
from bot.domain.incident import Severity
from bot.exports import Problems, SlackExport
from bot.services.importing import Wanted, import_export
from bot.slack.forms.shortcuts import ADD_TO_TIMELINE
from storage import people
from tests.exports.building import export, said, user
from tests.scenarios.stage import Stage

# What the program may ask Slack about an imported incident: who somebody is, and to answer and write to them alone.
HARMLESS = {
    *("auth.test", "apps.connections.open", "users.info", "views.publish", "views.open"),
    *("conversations.open", "files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info"),
    *("response_url",),
}


def take_in(stage: Stage, path: Path, *names: str, title: str) -> str:
    """Takes channels in while the application runs; returns the incident's id."""
    with SlackExport(path, names, Problems(skips=False)) as found:
        asked = Wanted(Window(), Severity.SEV2, title)
        made = import_export(stage.application.world.database, found, asked, now=datetime.now(UTC))
    return made.incident.incident_id


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, stage: Stage) -> str:
    """Taken in from #general, which is live, and from a channel that Slack no longer has."""
    ana, general = stage.screen.channel("general").members[0], stage.screen.channel("general").id
    with stage.application.world.database.reading() as connection:
        (team,) = people.teams(connection)
    pinned = [{"name": "pushpin", "users": [ana], "count": 1}]
    channels = {
        "general": [said("14:02", "Checkout fails", ana, reactions=pinned), said("14:30", "It works again", ana)],
        "old-db": [said("14:11", "The pool is exhausted", "U0GONE", reactions=pinned)],
    }
    lists = {"channels.json": [{"id": general, "name": "general"}, {"id": "C0OLDDB", "name": "old-db"}]}
    listed = [user(ana, "Ana Silva", team_id=team.team_id), user("U0GONE", "Gil Oduya", team_id=team.team_id)]
    path = export(tmp_path_factory.mktemp("exports") / "x.zip", channels, lists=lists, users=listed)
    return take_in(stage, path, "general", "old-db", title="Checkout was down")


@pytest.fixture(autouse=True)
def _quiet(stage: Stage, imported: str) -> Iterator[None]:
    """Nothing is said in the channels of the import, and nothing is asked about them."""
    seen, calls = stage.bot_said("general"), len(stage.screen.calls())
    yield
    stage.settle()
    assert stage.bot_said("general") == seen
    outside = stage.screen.channel("incidents").id
    asked = [call for call in stage.screen.calls()[calls:] if call.method not in HARMLESS]
    assert [call for call in asked if (call.method, call.args.get("channel")) != ("chat.postMessage", outside)] == []


def say(stage: Stage, command: str) -> str:
    answer = stage.type("ana", "general", command)
    stage.settle()
    return answer


def told(stage: Stage) -> str:
    """Returns what ana was answered last."""
    return stage.whispered("ana", "general")[-1]


def test_info_says_where_it_is_from(stage: Stage, imported: str) -> None:
    shown = say(stage, f"/incident {imported} info")

    assert "Checkout was down" in shown
    assert "Taken in from an export of Slack: #general, #old-db" in shown
    assert "3 messages, 2 timeline entries" in shown
    assert "Reported by" not in shown
    assert "Not known: declared" not in shown
    assert "Merged into it" not in shown


def test_timeline_has_the_entries_of_all_channels(stage: Stage, imported: str) -> None:
    shown = say(stage, f"/incident {imported} timeline all")

    assert shown.index("Checkout fails") < shown.index("The pool is exhausted")


def test_what_is_entered_for_it_stands_in_its_report(stage: Stage, imported: str) -> None:
    for command in (
        "set started 2019-02-05T13:50Z",
        "set detected 2019-02-05T14:02Z",
        "set resolved 2019-02-05T14:30Z",
        "note 2019-02-05T14:20Z The release of 13:50 was rolled back",
        "cause root The pool is sized by hand",
        "action Alert on the pool @ben due 2030-01-15",
        "role lead @ben",
        "severity 1",
        "title Checkout was down in the EU",
        "update Checkout worked again at 14:30",
    ):
        say(stage, f"/incident {imported} {command}")

    answer = say(stage, f"/postmortem {imported} draft")
    assert answer.startswith(f"Working on the draft of {imported}")
    assert told(stage) == f"Draft 1 of {imported} is saved; it is in your direct messages with me."
    report = stage.screen.files()[-1].text
    assert "Checkout was down in the EU" in report
    assert "The release of 13:50 was rolled back" in report
    assert "The pool is sized by hand" in report
    assert "in #old-db" in report
    assert stage.screen.files()[-1].name == f"{imported}-draft-1.md"


def test_draft_for_others_comes_with_the_report(stage: Stage, imported: str) -> None:
    before = len(stage.screen.files())

    say(stage, f"/postmortem {imported} draft --audience executive")

    assert told(stage).endswith("it and its executive version are in your direct messages with me.")
    assert len(stage.screen.files()) == before + 2


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/incident {id} reopen", "was imported, and is over. If it is happening again, declare it: `/incident start"),
        ("/incident {id} status investigating", "was imported, and is over. If it is happening again, declare it"),
        ("/incident {id} cancel It was none", "is resolved already"),
        ("/incident {id} handover @ben", "is resolved"),
        ("/incident {id} snooze 30m", "No reminder stands"),
        ("/incident {id} update It is over", "Noted in the report's communications: It is over"),
        ("/postmortem {id} meeting tomorrow 10:00", "The review meeting of"),
    ],
)
def test_what_needs_a_channel_is_answered(command: str, answer: str, stage: Stage, imported: str) -> None:
    shown = say(stage, command.format(id=imported))

    assert answer in shown
    assert "stands in the channel" not in shown


def test_publishing_it_is_announced_where_such_things_are(stage: Stage, imported: str) -> None:
    say(stage, f"/postmortem {imported} draft")
    before = len(stage.seen_in("incidents"))

    preview = say(stage, f"/postmortem {imported} publish")
    assert "It is announced in" in preview
    shown = stage.screen.ephemerals("ana", "general")[-1]
    assert stage.people.press("ana", "general", shown["ts"], "answer.publish").acked
    stage.settle()

    (announced,) = stage.seen_in("incidents")[before:]
    assert imported in announced
    assert "is published" in told(stage)


def test_it_is_found_listed_and_counted(stage: Stage, imported: str) -> None:
    assert imported in say(stage, "/postmortem search checkout")
    assert imported in say(stage, "/postmortem list")
    assert "1 incident" in say(stage, "/postmortem quarter 2019Q1")
    assert say(stage, f"/postmortem {imported} similar")


def test_message_of_the_live_channel_can_not_be_put_on_it_from_outside_its_window(stage: Stage, imported: str) -> None:
    ts = stage.people.say("ana", "general", "Lunch?")

    stage.people.message_shortcut("ana", "general", ts, ADD_TO_TIMELINE)
    stage.settle()

    assert "before or after the incident here was recorded" in told(stage)
