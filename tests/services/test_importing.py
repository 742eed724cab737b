"""An export is taken in as one incident: whole or not at all, once however often, and as first-class as any other."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.channels import ChannelChange, ChannelChanged
from bot.domain.errors import NotFoundError, ScribeError
from bot.domain.importing import NOBODY, UNKNOWN_TEAM, Window, made_channel_id
from bot.domain.incident import Incident, IncidentType, Kind, Severity, Status
from bot.domain.messages import MessageSeen, VoteCast
from bot.domain.people import Person
from bot.domain.postmortem import Postmortem, as_json, assemble
from bot.domain.record import IncidentRecord
from bot.domain.rights import Actor, sees
from bot.domain.timeline import PLAIN_EMOJI, Origin
from bot.exports import BrokenExportError, Problems, SlackExport
from bot.services import channel_life, importing, merging
from bot.services.importing import Imported, Wanted, import_export
from bot.services.world import World
from storage import capture, incidents, people, records
from storage.database import Database
from storage.people import Team
from storage.tables import due_items, messages, metadata
from tests.exports.building import (
    ANN,
    BEA,
    DB,
    OPS,
    OUTAGE,
    TEAM,
    WAR,
    Json,
    export,
    files_of,
    said,
    ts,
    user,
    zipped,
)
from tests.fakes import ask

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ALL = Window()
HERE = Team(TEAM, "Acme", "https://acme.slack.com/", "U0SCRIBE", "B0SCRIBE")


def take_in(
    database: Database, path: Path, *names: str, skips: bool = False, window: Window = ALL, **wanted: Any
) -> Imported:
    asked = Wanted(window, **({"severity": Severity.SEV3} | wanted))
    with SlackExport(path, names or ["ops"], Problems(skips=skips)) as found:
        return import_export(database, found, asked, now=NOW)


def connect(database: Database, team: Team = HERE) -> None:
    with database.transaction() as connection:
        people.save_team(connection, team)


def record_of(database: Database, imported: Imported) -> IncidentRecord:
    with database.reading() as connection:
        return records.load(connection, incidents.by_row(connection, imported.incident.row_id))


def report_of(database: Database, imported: Imported) -> Postmortem:
    return assemble(record_of(database, imported), now=NOW, revision=1, emoji=PLAIN_EMOJI)


def texts(record: IncidentRecord) -> list[str]:
    return [message.text for each in record.material.every for message in each.messages]


def rows(database: Database) -> dict[str, int]:
    """Return how many rows each table has."""
    with database.reading() as connection:
        return {
            name: len(connection.execute(table.select()).all())
            for name, table in metadata.tables.items()
            if name != "id_counters"
        }


def all_incidents(database: Database) -> int:
    return rows(database)["incidents"]


# What it becomes


def test_import_is_an_incident_that_is_over_and_that_nobody_declared(database: Database, tmp_path: Path) -> None:
    imported = take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE}))
    incident = imported.incident

    assert (incident.incident_id, incident.title) == ("INC-2019-02-05-001", "#ops, 2019-02-05")
    assert (incident.kind, incident.status, incident.severity) == (Kind.RETRO, Status.RESOLVED, Severity.SEV3)
    assert (incident.channel_id, incident.channel_name, incident.holds_channel) == (OPS, "ops", False)
    assert (incident.is_imported, incident.is_private, incident.reporter_id) == (True, False, NOBODY)
    assert (imported.messages, imported.new, imported.is_again) == (4, 4, False)
    record = record_of(database, imported)
    assert texts(record) == [one["text"] for one in OUTAGE]
    assert (record.material.stamps, record.status_changes) == ((), ())
    assert as_json(report_of(database, imported))["milestones"]["declared_at"] is None


def test_report_says_where_it_is_from_and_asks_for_what_can_be_typed(database: Database, tmp_path: Path) -> None:
    report = report_of(database, take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE})))

    assert report.notices == (
        "This incident was taken in from an export of Slack: nobody led or recorded it with this program.",
    )
    assert report.summary[0].endswith("What is recorded of it begins on 2019-02-05 at 14:02 UTC.")
    assert [fact.value for fact in report.facts if fact.label == "Channel"] == ["#ops"]
    assert "Declared" not in [row.label for row in report.milestones]
    assert report.related == ()
    assert all("INC-2019-02-05-001" in gap.command for gap in report.gaps)
    statement = " ".join(report.capture_statement)
    assert "was taken in from an export and can't be compared with Slack's history" in statement
    assert "What was said in #ops from 2019-02-05 14:02 to 2019-02-05 14:30 UTC belongs to this report." in statement


def test_title_severity_and_window_are_those_that_were_asked_for(database: Database, tmp_path: Path) -> None:
    asked = Window(datetime(2019, 2, 5, 14, 5, tzinfo=UTC), datetime(2019, 2, 5, 14, 25, tzinfo=UTC))
    imported = take_in(
        database,
        export(tmp_path / "x.zip", {"ops": OUTAGE}),
        window=asked,
        title="Checkout down",
        severity=Severity.SEV1,
    )

    assert (imported.incident.title, imported.incident.severity) == ("Checkout down", Severity.SEV1)
    assert (imported.incident.capture_from, imported.incident.capture_until) == (asked.from_at, asked.until)
    assert texts(record_of(database, imported)) == [one["text"] for one in OUTAGE[1:3]]


def test_several_channels_make_one_timeline_that_says_which(database: Database, tmp_path: Path) -> None:
    pin = [{"name": "pushpin", "users": [ANN], "count": 1}]
    connect(database)
    channels = {
        "ops": [said("14:02", "Checkout fails", reactions=pin), said("14:30", "It works", reactions=pin)],
        "db": [said("14:09", "The pool is exhausted", BEA, reactions=pin), said("14:02", "Slow queries", BEA)],
    }
    imported = take_in(database, export(tmp_path / "x.zip", channels), "ops", "db")
    report = report_of(database, imported)

    rows_shown = [(row.time, row.text, row.channel, row.evidence.note) for row in report.rows if not row.is_suggested]
    assert rows_shown == [
        ("14:02", "Checkout fails", "#ops", "by a responder in #ops"),
        ("14:09", "The pool is exhausted", "#db", "by a responder (2) in #db"),
        ("14:30", "It works", "#ops", "by a responder in #ops"),
    ]
    links = [row.permalink for row in report.rows if not row.is_suggested]
    assert links[1] == f"https://acme.slack.com/archives/{DB}/p{ts('14:09').replace('.', '')}"
    assert [fact.value for fact in report.facts if fact.label == "Channels"] == ["#ops, #db"]
    assert (imported.messages, imported.incident.title) == (4, "#ops and #db, 2019-02-05")
    assert report.capture.messages == 4
    assert report.related == ()


def test_threads_edits_files_and_reactions_come_with_the_messages(database: Database, tmp_path: Path) -> None:
    first, reply = said("14:02", "Checkout fails"), said("14:03", "Looking", BEA)
    # Replies of some years don't name their thread: its first message lists them.
    first |= {"replies": [{"user": BEA, "ts": reply["ts"]}], "edited": {"user": ANN, "ts": ts("14:04")}}
    shared = said("14:05", "The graph", files=[{"name": "graph.png", "mimetype": "image/png"}])
    imported = take_in(database, export(tmp_path / "x.zip", {"ops": [first, reply, shared]}))
    found = record_of(database, imported).material.messages

    assert [message.thread_ts for message in found] == [None, first["ts"], None]
    assert [message.is_edited for message in found] == [True, False, False]
    assert [file.words for file in found[2].files] == ["image: graph.png"]


def test_pinned_messages_are_entries_of_the_import(database: Database, tmp_path: Path) -> None:
    lists = {"channels.json": [{"id": OPS, "name": "ops", "pins": [{"id": ts("14:09"), "type": "C", "user": ANN}]}]}
    channels = {"ops": [*OUTAGE[:3], {**OUTAGE[3], "pinned_to": [OPS]}]}
    report = report_of(database, take_in(database, export(tmp_path / "x.zip", channels, lists=lists)))

    entries = [(row.time, row.origin) for row in report.rows if not row.is_suggested]
    assert entries == [("14:09", Origin.IMPORT), ("14:30", Origin.IMPORT)]


def test_people_who_are_missing_from_the_list_are_responders(database: Database, tmp_path: Path) -> None:
    pin = [{"name": "pushpin", "users": ["U0GONE"], "count": 1}]
    gone = said("14:02", "Ask <@U0LOST>, please", "U0GONE", reactions=pin)
    report = report_of(database, take_in(database, export(tmp_path / "x.zip", {"ops": [gone]}, users=[])))

    assert [row.text for row in report.rows if not row.is_suggested] == ["Ask a responder (2), please"]


def test_messages_come_in_whatever_order_the_files_have_them(database: Database, tmp_path: Path) -> None:
    files = files_of({"ops": []}, lists={})
    files["ops/2019-02-06.json"] = json.dumps([OUTAGE[3], OUTAGE[0], OUTAGE[0]]).encode()
    files["ops/2019-02-05.json"] = json.dumps([OUTAGE[2], OUTAGE[1]]).encode()
    imported = take_in(database, zipped(tmp_path / "x.zip", files))

    assert texts(record_of(database, imported)) == [one["text"] for one in OUTAGE]
    assert (imported.messages, imported.new) == (4, 4)


# Twice


def test_same_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = export(tmp_path / "x.zip", {"ops": OUTAGE, "db": OUTAGE})
    first = take_in(database, path, "ops", "db")
    before = rows(database)

    again = take_in(database, path, "db", "#ops", title="Another title")

    assert again.incident == first.incident
    assert (again.is_again, again.new, again.messages) == (True, 0, 8)
    assert rows(database) == before


def test_newer_export_adds_what_is_new(database: Database, tmp_path: Path) -> None:
    first = take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE[:2]}))
    edited = {**OUTAGE[0], "text": "Checkout fails in the EU", "edited": {"user": ANN, "ts": ts("16:00")}}
    late = said("09:00", "All quiet", day="2019-02-06")

    again = take_in(database, export(tmp_path / "y.zip", {"ops": [edited, *OUTAGE[1:], late]}))

    assert (again.incident.incident_id, again.incident.row_id) == (first.incident.incident_id, first.incident.row_id)
    assert (again.new, again.messages, all_incidents(database)) == (3, 5, 1)
    assert texts(record_of(database, again)) == [
        "Checkout fails in the EU",
        *(one["text"] for one in OUTAGE[1:]),
        "All quiet",
    ]


def test_older_export_takes_nothing_back(database: Database, tmp_path: Path) -> None:
    edited = {**OUTAGE[0], "text": "Checkout fails in the EU", "edited": {"user": ANN, "ts": ts("16:00")}}
    take_in(database, export(tmp_path / "new.zip", {"ops": [edited, *OUTAGE[1:]]}))

    again = take_in(database, export(tmp_path / "old.zip", {"ops": OUTAGE[:2]}))

    assert again.new == 0
    assert texts(record_of(database, again))[0] == "Checkout fails in the EU"
    assert len(texts(record_of(database, again))) == 4


def test_another_window_is_another_incident(database: Database, tmp_path: Path) -> None:
    path = export(tmp_path / "x.zip", {"ops": OUTAGE})
    first = take_in(database, path)

    second = take_in(database, path, window=Window(from_at=datetime(2019, 2, 5, 14, 20, tzinfo=UTC)))

    assert (first.incident.incident_id, second.incident.incident_id) == ("INC-2019-02-05-001", "INC-2019-02-05-002")
    assert len(texts(record_of(database, second))) == 2


def test_import_from_before_the_program_was_connected_is_found_again(database: Database, tmp_path: Path) -> None:
    path = export(tmp_path / "x.zip", {"ops": OUTAGE}, users=[])
    first = take_in(database, path)
    connect(database)

    again = take_in(database, path)

    assert (again.incident.incident_id, all_incidents(database)) == (first.incident.incident_id, 1)
    assert (first.incident.team_id, again.is_connected) == (UNKNOWN_TEAM, False)


# Whose it is


def test_import_belongs_to_the_connected_workspace(database: Database, tmp_path: Path) -> None:
    connect(database)
    imported = take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE}))

    assert (imported.incident.team_id, imported.is_connected) == (TEAM, True)


def test_without_a_connection_it_belongs_to_the_workspace_of_the_export(database: Database, tmp_path: Path) -> None:
    assert take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE})).incident.team_id == TEAM


def test_channels_of_another_workspace_have_no_links(database: Database, tmp_path: Path) -> None:
    connect(database, replace(HERE, team_id="T0OTHER", url="https://other.slack.com/"))
    pin = [{"name": "pushpin", "users": [ANN], "count": 1}]
    imported = take_in(database, export(tmp_path / "x.zip", {"ops": [said("14:02", "Down", reactions=pin)]}))
    report = report_of(database, imported)

    assert (imported.incident.team_id, imported.incident.channel_id) == ("T0OTHER", made_channel_id(TEAM, OPS))
    assert imported.incident.slack_channel is None
    # Whoever reacted is no guest where they reacted.
    assert [row.permalink for row in report.rows if not row.is_suggested] == [None]
    assert report.links == ()


def test_channel_without_an_id_gets_one_that_stays(database: Database, tmp_path: Path) -> None:
    connect(database)
    path = export(tmp_path / "x.zip", {"ops": OUTAGE}, lists={})
    first = take_in(database, path)

    assert first.incident.channel_id == made_channel_id("ops")
    assert take_in(database, path).incident == first.incident
    assert all(row.permalink is None for row in report_of(database, first).rows)


def test_what_the_program_said_itself_is_left_out(database: Database, tmp_path: Path) -> None:
    connect(database)
    own = said("14:03", "INC-2019-02-05-001 is declared", "U0SCRIBE", bot_id="B0SCRIBE")

    assert take_in(database, export(tmp_path / "x.zip", {"ops": [*OUTAGE, own]})).messages == 4


def test_what_slack_said_of_people_since_stays(database: Database, tmp_path: Path) -> None:
    connect(database)
    with database.transaction() as connection:
        for person in (replace(_person(ANN), real_name="Ann Fresh"), replace(_person(BEA), real_name="Bea Stale")):
            at = NOW if person.user_id == ANN else datetime(1970, 1, 1, tzinfo=UTC)
            people.save(connection, TEAM, person, now=at)

    take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE}))

    with database.reading() as connection:
        known = people.known(connection, TEAM, [ANN, BEA, "U0CAI"])
    assert {one.user_id: one.real_name for one in known.values()} == {
        ANN: "Ann Fresh",
        BEA: "Bea Novak",
        "U0CAI": "Cai Brandt",
    }
    assert known["U0CAI"].is_deactivated
    assert known[BEA].zone == "America/New_York"


def _person(user_id: str) -> Person:
    return Person(user_id, display_name="", real_name="")


# Private channels


def test_private_channel_makes_a_private_incident_for_those_who_were_in_it(database: Database, tmp_path: Path) -> None:
    connect(database)
    lists = {
        "channels.json": [{"id": OPS, "name": "ops"}],
        "groups.json": [{"id": WAR, "name": "war", "members": [ANN]}],
    }
    path = export(tmp_path / "x.zip", {"ops": OUTAGE, "war": OUTAGE}, lists=lists)

    imported = take_in(database, path, "ops", "war")
    incident = imported.incident

    assert (incident.is_private, incident.channel_id) == (True, WAR)
    assert not incident.incident_id.endswith("001")
    with database.reading() as connection:
        member_of = {one: capture.channels_of(connection, TEAM, one) for one in (ANN, BEA)}
    assert [sees(Actor(TEAM, one, member_of=member_of[one]), incident) for one in (ANN, BEA)] == [True, False]
    assert take_in(database, path, "ops", "war").incident == incident


# Beside a running program


def live(clock: str, text: str, channel_id: str = OPS) -> MessageSeen:
    return MessageSeen(TEAM, channel_id, ts(clock), text, "1", user_id=ANN)


def test_of_a_live_channel_only_what_was_said_then_reaches_the_import(database: Database, tmp_path: Path) -> None:
    connect(database)
    imported = take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE, "db": OUTAGE}), "ops", "db")

    with database.transaction() as connection:
        for channel_id in (OPS, DB):
            inside, outside = live("14:10", "was missing", channel_id), live("18:00", "later", channel_id)
            pin = VoteCast(TEAM, channel_id, ts("14:02"), BEA, "pushpin", is_on=True, event_ts=ts("19:00"))
            capture.save(connection, [inside, outside, pin], now=NOW)

    found = texts(record_of(database, imported))
    assert (found.count("was missing"), found.count("later")) == (2, 0)
    # Nothing is marked in its channels.
    assert rows(database)["due_items"] == 0


def test_reactions_of_an_import_leave_no_work(database: Database, tmp_path: Path) -> None:
    connect(database)
    pinned = said("14:02", "Down", reactions=[{"name": "pushpin", "users": [ANN], "count": 1}])
    take_in(database, export(tmp_path / "x.zip", {"ops": [pinned]}))

    with database.reading() as connection:
        assert connection.execute(due_items.select()).all() == []


def test_incident_that_was_led_in_the_channel_keeps_it(database: Database, tmp_path: Path) -> None:
    connect(database)
    with database.transaction() as connection:
        new = incidents.NewIncident(
            TEAM,
            "Led",
            Kind.LIVE,
            IncidentType.PRODUCTION,
            Severity.SEV2,
            is_private=False,
            reporter_id=ANN,
            declared_at=NOW,
        )
        led = incidents.change(
            connection, incidents.create(connection, new), channel_id=OPS, channel_name="ops", is_adopted=True
        )

    take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE}))

    with database.reading() as connection:
        assert incidents.by_channel(connection, TEAM, OPS) == led
        assert incidents.taken_channel_names(connection, TEAM) == {"ops"}


def led_in(database: Database) -> Incident:
    """Declare an incident in a channel of its own, long after."""
    with database.transaction() as connection:
        new = incidents.NewIncident(
            TEAM,
            "Checkout again",
            Kind.LIVE,
            IncidentType.PRODUCTION,
            Severity.SEV2,
            is_private=False,
            reporter_id=ANN,
            declared_at=NOW,
        )
        return incidents.change(connection, incidents.create(connection, new), channel_id="C0LED", channel_name="led")


def test_import_becomes_part_of_an_incident_with_all_its_channels(
    world: World, database: Database, tmp_path: Path
) -> None:
    connect(database)
    pin = [{"name": "pushpin", "users": [ANN], "count": 1}]
    channels = {
        "ops": [said("14:02", "Checkout fails", reactions=pin)],
        "db": [said("14:09", "The pool is exhausted", reactions=pin)],
    }
    part = take_in(database, export(tmp_path / "x.zip", channels), "ops", "db").incident
    whole = led_in(database)

    request = replace(ask(target=part.incident_id), actor=Actor(TEAM, BEA))

    answer = merging.merge(world, request, whole.incident_id)

    assert answer.text.startswith(f"{part.incident_id} is part of {whole.incident_id} now")
    with database.reading() as connection:
        record = records.load(connection, incidents.by_row(connection, whole.row_id))
        invited = [row.slot for row in connection.execute(due_items.select()) if row.kind == "invite"]
    report = assemble(record, now=NOW, revision=1, emoji=PLAIN_EMOJI)
    shown = [(row.text, row.channel) for row in report.rows if row.origin is Origin.REACTION]
    assert shown == [("Checkout fails", "#ops"), ("The pool is exhausted", "#db")]
    assert [row.incident_id for row in report.related] == [part.incident_id]
    # Nobody reported it.
    assert invited == []


def test_import_whose_channel_becomes_private_is_private_too(world: World, database: Database, tmp_path: Path) -> None:
    connect(database)
    made = take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE, "db": OUTAGE}), "ops", "db").incident

    changed = ChannelChanged(TEAM, DB, ChannelChange.MADE_PRIVATE, ts("14:02"))
    channel_life.noticed(world, changed)

    with database.reading() as connection:
        assert incidents.by_row(connection, made.row_id).is_private


# What is broken


BROKEN: Sequence[tuple[Mapping[str, bytes], str]] = (
    (
        {"ops/2019-02-06.json": json.dumps([*OUTAGE, {"type": "message", "ts": "abc"}]).encode()},
        "ops/2019-02-06.json, record 5: ts “abc” is no Slack timestamp",
    ),
    ({"ops/2019-02-06.json": b'[{"type": "mess'}, "ops/2019-02-06.json, record 1: the file ends in the middle of it"),
    ({"ops/2019-02-06.json": b"\xff\xfe\xff"}, "ops/2019-02-06.json: it is no UTF-8 text"),
    ({"ops/2019-02-06.json": b""}, "ops/2019-02-06.json: it is empty"),
    ({"users.json": b'[{"id": "U1"}, 5]'}, "users.json, record 2: it is nobody but a number"),
    ({"users.json": b"{"}, "users.json: it is no list of records in JSON"),
)


@pytest.mark.parametrize(("files", "place"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_broken_archive_names_the_file_and_the_record_and_imports_nothing(
    files: Mapping[str, bytes], place: str, database: Database, tmp_path: Path
) -> None:
    path = zipped(tmp_path / "x.zip", files_of({"ops": OUTAGE}) | dict(files))
    before = rows(database)

    with pytest.raises(BrokenExportError) as raised:
        take_in(database, path)

    assert str(raised.value) == f"{place}. Nothing was imported. To leave out what is broken: --skip-broken"
    assert rows(database) == before


@pytest.mark.parametrize(("files", "place"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_broken_may_be_left_out(
    files: Mapping[str, bytes], place: str, database: Database, tmp_path: Path
) -> None:
    path = zipped(tmp_path / "x.zip", files_of({"ops": OUTAGE}) | dict(files))
    problems = Problems(skips=True)

    with SlackExport(path, ["ops"], problems) as found:
        imported = import_export(database, found, Wanted(Window(), Severity.SEV3), now=NOW)

    assert problems.lines == (f"Left out: {place}",)
    assert imported.messages == 4


def test_only_the_first_of_many_broken_parts_are_told(database: Database, tmp_path: Path) -> None:
    broken: list[Json] = [{"type": "message", "ts": f"bad {number}"} for number in range(14)]
    files = files_of({"ops": OUTAGE}) | {"ops/2019-02-06.json": json.dumps(broken).encode()}
    problems = Problems(skips=True)

    with SlackExport(zipped(tmp_path / "x.zip", files), ["ops"], problems) as found:
        import_export(database, found, Wanted(Window(), Severity.SEV3), now=NOW)

    assert len(problems.lines) == 11
    assert problems.lines[-1] == "Left out: 4 other parts"


def test_window_without_messages_says_when_there_are_some(database: Database, tmp_path: Path) -> None:
    path = export(tmp_path / "x.zip", {"ops": OUTAGE})
    before = rows(database)

    with pytest.raises(NotFoundError) as raised:
        take_in(database, path, window=Window(from_at=datetime(2020, 1, 1, tzinfo=UTC)))

    assert str(raised.value) == (
        "Nothing was said then in #ops: the first message of x.zip there is of 2019-02-05 14:02 UTC, "
        "the last of 2019-02-05 14:30 UTC."
    )
    assert rows(database) == before


@pytest.mark.parametrize("quiet", [[], [said("14:02", "<@U0ANN> has joined", subtype="channel_join")]])
def test_channel_without_messages_says_so(quiet: list[Json], database: Database, tmp_path: Path) -> None:
    path = export(tmp_path / "x.zip", {"ops": quiet, "db": OUTAGE})

    with pytest.raises(NotFoundError, match=r"x.zip holds no messages of #ops that can be read\."):
        take_in(database, path)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", range(6))
def test_import_that_was_killed_is_not_half_there_and_goes_through_the_next_time(
    step: int, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(tmp_path / "x.zip", {"ops": OUTAGE, "db": OUTAGE})
    monkeypatch.setattr(importing, "_BATCH", 3)
    left = iter(range(step))
    retrying = Database.retrying

    def killing(self: Database, work: Any) -> Any:
        if next(left, None) is None:
            raise Killed
        return retrying(self, work)

    with monkeypatch.context() as patched:
        patched.setattr(Database, "retrying", killing)
        try:
            take_in(database, path, "ops", "db")
        except Killed:
            assert all_incidents(database) == 0

    imported = take_in(database, path, "ops", "db")
    assert (all_incidents(database), len(texts(record_of(database, imported)))) == (1, 8)


# Whatever comes

_VALUES: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just({}) | st.just([])
)
_NAMES = (
    *(
        "type",
        "subtype",
        "user",
        "text",
        "ts",
        "thread_ts",
        "edited",
        "files",
        "file",
        "reactions",
        "replies",
        "blocks",
    ),
    *("attachments", "bot_id", "username", "message", "original", "comment", "pinned_to", "user_profile", "deleted_ts"),
)
_RECORD = st.dictionaries(st.sampled_from(_NAMES), _VALUES | st.lists(_VALUES, max_size=2), max_size=8)
_NEARLY = st.builds(
    lambda odd, text: {**OUTAGE[0], **odd, "text": text},
    _RECORD,
    st.text(max_size=12) | st.sampled_from(["\x00", "\ue000"]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    odd=st.lists(_NEARLY | _RECORD | _VALUES, max_size=4),
    people_listed=st.lists(
        _VALUES | st.dictionaries(st.sampled_from(["id", "name", "profile", "tz"]), _VALUES), max_size=3
    ),
    listed=st.lists(_VALUES | st.dictionaries(st.sampled_from(["id", "name", "members", "pins"]), _VALUES), max_size=3),
    skips=st.booleans(),
)
def test_whatever_an_export_holds_it_is_imported_whole_or_refused_in_one_line(
    odd: list[Any], people_listed: list[Any], listed: list[Any], database: Database, tmp_path: Path, *, skips: bool
) -> None:
    files = files_of({"db": OUTAGE}, lists={"channels.json": [{"id": DB, "name": "db"}, *listed]}, users=people_listed)
    files["db/2019-02-06.json"] = json.dumps(odd, allow_nan=True).encode()
    path = zipped(tmp_path / "x.zip", files)
    before = rows(database)

    refusal = ""
    try:
        imported = take_in(database, path, "db", skips=skips)
    except ScribeError as error:
        refusal = str(error)
    if refusal:
        assert "\n" not in refusal
        assert rows(database) == before
    else:
        assert imported.messages >= 4
        assert as_json(report_of(database, imported))["incident"]["kind"] == "retro"


def test_people_are_stored_in_whatever_order_they_come(database: Database, tmp_path: Path) -> None:
    users = [user(f"U{number:04d}", f"Person {number}") for number in range(2_500, 0, -1)]
    take_in(database, export(tmp_path / "x.zip", {"ops": OUTAGE}, users=users))

    with database.reading() as connection:
        assert len(people.known(connection, TEAM, [one["id"] for one in users])) == 2_500


def test_message_of_another_day_is_outside_of_the_window(database: Database, tmp_path: Path) -> None:
    late = said("09:00", "later", day="2019-02-07")
    until = datetime(2019, 2, 5, 23, 59, tzinfo=UTC)
    imported = take_in(database, export(tmp_path / "x.zip", {"ops": [*OUTAGE, late]}), window=Window(until=until))

    with database.reading() as connection:
        stored = [row.text for row in connection.execute(messages.select())]
    assert "later" not in stored
    assert imported.incident.capture_until == until
    assert timedelta(0) < NOW - until
