"""Every door, tried by people whom an incident does not concern: outside a private one, guests, out of it since.

A stranger presses buttons that carry another incident's values, as if they were forged or kept from before. Nothing is
told to them and nothing in the database is different afterwards.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox import rate_limited, visible_text
from bot.slack.blocks import adoption, answers, draft, followup, handover, home, incident, reminder, tasks, timeline
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.postmortem_table import POSTMORTEM
from bot.slack.presses import PRESSES
from storage import handovers, incidents, tables
from tests.scenarios.stage import Json, Room, Stage, staged

TITLE = "Vault opened"
MISSING = "2026-11-20-ZZZZ"
NO_SUCH = "There is no such incident that you can see."
NOT_YOURS = "Only the one who typed it can undo it."
# What only says that somebody asked or what is still to be shown; who was read from Slack; what there is of a channel.
_PASSING = {tables.requests, tables.due_items, tables.people, tables.memberships}


@pytest.fixture(scope="module")
def stage(module_database_url: str) -> Iterator[Stage]:
    settings = {"SCRIBE_ANNOUNCE_CHANNEL": "incidents", "SCRIBE_EMOJI": "phases"}
    with staged(module_database_url, settings) as running:
        guest = running.people.add_person("guest", real_name="Gus Guest", guest=True)
        running.people.invite("ana", "general", guest)
        yield running


@dataclass(frozen=True)
class Secret:
    """Ana's private incident, in which Cleo is too, and what the values of its buttons are made of."""

    room: Room
    row: int
    undo: int
    offer: int
    message: str
    preview: str


@pytest.fixture(scope="module")
def secret(stage: Stage) -> Secret:
    room = stage.declare(f"{TITLE} --private")
    stage.people.invite("ana", room.channel, "cleo")
    ts = stage.people.say("cleo", room.channel, "the vault door stood open")
    for emoji in ("pushpin", "dart"):
        stage.people.react("ana", room.channel, ts, emoji)
    for typed in ("impact 3 vaults", "cause root The lock has no spring", "task Close it", "action Fit a spring"):
        stage.type("ana", room.channel, f"/incident {typed}")
    stage.type("ana", room.channel, "/postmortem draft --audience customer")
    stage.type("ana", room.channel, "/incident role lead")
    stage.people.command("ana", room.channel, "/incident", "handover @cleo")
    stage.people.submit("ana", "handover", {"state": "The vault is still open"})
    stage.people.close_modal("ana", everything=True)
    stage.settle()
    with stage.application.world.database.reading() as connection:
        (found,) = incidents.by_ending(connection, stage.sandbox.team_id, room.incident_id)
        offered = handovers.standing(connection, found)
        undo = connection.execute(select(tables.undos.c.id).where(tables.undos.c.incident == found.row_id)).scalars()
        key = max(undo)
    assert offered is not None
    return Secret(room, found.row_id, key, offered.handover_id, ts, preview(stage))


def preview(stage: Stage) -> str:
    """Ana is asked what to record in another channel; returns what its buttons carry."""
    channel = stage.people.add_channel("vaults", members=["ana"])
    stage.type("ana", channel, "/incident start Elsewhere --here")
    stage.settle()
    blocks = stage.screen.ephemerals("ana", channel)[-1]["blocks"]
    return str(next(one for one in blocks if one["type"] == "actions")["elements"][0]["value"])


# An action id of each kind of door with the value that its element carries.
_VALUES = {
    incident.TAKE_LEAD: "{row}",
    incident.RESOLVE: "{row}",
    incident.REOPEN: "{row}",
    incident.TIMELINE: "{row}",
    incident.DRAFT: "{row}",
    incident.CATCH_UP: "{row}",
    draft.AGAIN: "{row}",
    draft.PUBLISH: "{row}",
    answers.PUBLISH: "{row}:1",
    answers.APPROVE_CUSTOMER: "{row}:1",
    answers.PUBLISH_CUSTOMER: "{row}:1",
    answers.UNDO: "{undo}",
    adoption.TAKE_IN: "{preview}",
    adoption.FROM_NOW: "{preview}",
    adoption.CANCEL: "{preview}",
    timeline.ENTRY_MENU: "{row}:m{ts}:edit:",
    timeline.UNDO: "{row}:{undo}:",
    timeline.PROPOSAL: "{row}:action:{ts}:",
    timeline.SUGGESTION: "{row}:m{ts}:add:",
    timeline.ADD_ALL: "{row}:{ts}:",
    timeline.MILESTONE_PROPOSAL: "{row}:mitigated:",
    f"{followup.ACTION_MENU}.1": "{row}:1:dropped",
    followup.CAME_BACK: "{row}:30d",
    followup.NOT_BACK: "{row}:30d",
    f"{tasks.MENU}.1": "{row}:1:give",
    tasks.UNDO: "{row}:{undo}",
    handover.ACCEPT: "{row}:{offer}",
    handover.DECLINE: "{row}:{offer}",
    handover.WITHDRAW: "{row}:{offer}",
    reminder.UPDATE: "{row}",
    reminder.SNOOZE: "{row}:1800",
    home.DRAFT: "{row}",
}
_FORMS_FOR_ALL = {home.DECLARE}
# Others of the same action id, by what they carry.
_MORE = [
    *((timeline.ENTRY_MENU, f"{{row}}:m{{ts}}:{verb}:") for verb in ("retime", "key", "not-key", "out", "remove")),
    (timeline.ENTRY_MENU, "{row}:started:retime:"),
    (timeline.SUGGESTION, "{row}:m{ts}:decline:all"),
    (timeline.ENTRY_MENU, "{row}:n1:remove:all"),
    *((timeline.PROPOSAL, f"{{row}}:{mark}:{{ts}}:") for mark in ("lesson", "impact")),
    *((f"{tasks.MENU}.1", f"{{row}}:1:{move}") for move in ("done", "take", "action", "drop")),
    *((f"{followup.ACTION_MENU}.1", f"{{row}}:1:{status}") for status in ("done", "open")),
]
DOORS = [*_VALUES.items(), *_MORE]


def test_every_button_and_menu_there_is_is_tried_here() -> None:
    tried = {*_VALUES, *_FORMS_FOR_ALL}
    for known in PRESSES:
        fits = known.fullmatch if isinstance(known, re.Pattern) else known.__eq__
        assert any(fits(one) for one in tried), known


def shown_to(stage: Stage, user: str, channel: str, action_id: str, value: str) -> str:
    """Puts a message with one button before somebody alone and returns its ts."""
    stage.type(user, channel, "/incident help")
    planted = stage.sandbox.workspace.ephemerals[-1]
    label = {"type": "plain_text", "text": "Press"}
    button = {"type": "button", "action_id": action_id, "text": label, "value": value}
    with stage.sandbox.workspace.lock:
        planted.blocks[:] = [{"type": "actions", "block_id": "planted", "elements": [button]}]
    return planted.ts


def press(stage: Stage, user: str, channel: str, action_id: str, value: str) -> list[str]:
    """Presses a button that carries this and returns what the person then reads anew."""
    ts = shown_to(stage, user, channel, action_id, value)
    before = {one["ts"]: visible_text(one) for one in stage.screen.ephemerals(user, channel)}
    stage.people.press(user, channel, ts, action_id)
    stage.settle()
    now = [(one["ts"], visible_text(one)) for one in stage.screen.ephemerals(user, channel)]
    return [text for ts, text in now if before.get(ts) != text]


def kept(stage: Stage) -> dict[str, list[Any]]:
    """Everything that is stored and meant to last."""
    with stage.application.world.database.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in tables.metadata.sorted_tables
            if table not in _PASSING
        }


def assert_tells_nothing(secret: Secret, *texts: str) -> None:
    told = "\n".join(texts)
    for words in (TITLE, secret.room.incident_id, secret.room.channel, "vault", "spring"):
        assert words not in told


@pytest.mark.parametrize("user", ["ben", "guest"])
@pytest.mark.parametrize(("action_id", "value"), DOORS)
def test_button_with_a_private_incidents_value_does_and_tells_a_stranger_nothing(
    stage: Stage, secret: Secret, action_id: str, value: str, user: str
) -> None:
    carried = value.format(
        row=secret.row, undo=secret.undo, offer=secret.offer, ts=secret.message, preview=secret.preview
    )
    before = kept(stage)
    said = press(stage, user, "general", action_id, carried)
    assert stage.screen.modal(user) is None
    assert len(said) == 1, said
    expected = NO_SUCH
    if action_id in (answers.UNDO, timeline.UNDO, tasks.UNDO):
        expected = NOT_YOURS
    elif action_id in (adoption.TAKE_IN, adoption.FROM_NOW, adoption.CANCEL):
        expected = "That preview is no longer known"
    assert expected in said[0]
    assert_tells_nothing(secret, *said)
    assert kept(stage) == before


@pytest.fixture(scope="module")
def visited(stage: Stage) -> Secret:
    """A public incident in whose channel a guest is."""
    room = stage.declare("Open to visitors")
    stage.people.invite("ana", room.channel, "guest")
    ts = stage.people.say("ana", room.channel, "said to all")
    stage.people.react("ana", room.channel, ts, "pushpin")
    for typed in ("task Look", "action Look again"):
        stage.type("ana", room.channel, f"/incident {typed}")
    stage.type("ana", room.channel, "/postmortem draft --audience customer")
    stage.settle()
    with stage.application.world.database.reading() as connection:
        (found,) = incidents.by_ending(connection, stage.sandbox.team_id, room.incident_id)
        query = select(tables.undos.c.id).where(tables.undos.c.incident == found.row_id)
        undo = max(connection.execute(query).scalars())
    return Secret(room, found.row_id, undo, 1, ts, "")


_READS = {incident.TIMELINE, incident.CATCH_UP}


@pytest.mark.parametrize(
    ("action_id", "value"),
    [door for door in DOORS if door[0].partition(".")[0] != "adoption" and door[0] not in _READS],
)
def test_guest_inside_changes_nothing_and_no_form_opens(
    stage: Stage, visited: Secret, action_id: str, value: str
) -> None:
    carried = value.format(row=visited.row, undo=visited.undo, offer=visited.offer, ts=visited.message)
    before = kept(stage)
    said = press(stage, "guest", visited.room.channel, action_id, carried)
    assert stage.screen.modal("guest") is None
    assert len(said) == 1, said
    assert "Guests can't" in said[0] or NOT_YOURS in said[0]
    assert kept(stage) == before


# Commands, shortcuts, mentions

_COMMANDS = [
    f"{command} {{}} {words}".strip()
    for command, table in (("/incident", INCIDENT), ("/postmortem", POSTMORTEM))
    for row in table.rows
    if row.takes_target and row.name not in ("help", "list", "search", "quarter")
    for words in dict.fromkeys((f"{row.name} {row.example}".replace("@anna", "@cleo").strip(), row.name))
]


@pytest.mark.parametrize("command", _COMMANDS)
def test_command_for_a_private_incident_reads_as_for_one_that_is_not_there(
    stage: Stage, secret: Secret, command: str
) -> None:
    before = kept(stage)
    shown, unknown = (
        stage.type("ben", "general", command.format(one)).replace(one, "ID").replace(one.removeprefix("INC-"), "ID")
        for one in (secret.room.incident_id, f"INC-{MISSING}")
    )
    stage.settle()
    assert shown == unknown
    assert stage.screen.modal("ben") is None
    assert kept(stage) == before


@pytest.mark.parametrize("verb", ["link", "merge"])
@pytest.mark.parametrize("user", ["ben", "guest"])
def test_stranger_joins_nothing_with_a_private_incident(stage: Stage, secret: Secret, verb: str, user: str) -> None:
    room = stage.declare(f"To be joined {verb} {user}")
    stage.people.invite("ana", room.channel, user)
    stage.settle()
    before = kept(stage)
    shown, unknown = (
        stage.type(user, room.channel, f"/incident {verb} {one}").replace(one, "ID")
        for one in (secret.room.incident_id, f"INC-{MISSING}")
    )
    assert shown == unknown
    assert kept(stage) == before


def test_mention_by_a_stranger_reads_as_for_an_incident_that_is_not_there(stage: Stage, secret: Secret) -> None:
    public = stage.declare("Where strangers talk", by="ben")

    def answer(one: str) -> str:
        stage.people.say("ben", public.channel, stage.people.typed(f"@scribe {one} info"))
        stage.settle()
        return visible_text(stage.screen.ephemerals("ben", public.channel)[-1]).replace(one, "ID")

    assert answer(secret.room.incident_id) == answer(f"INC-{MISSING}")


# Forms that were opened inside and sent in from outside

_FORMS: list[tuple[str, str, Json]] = [
    ("impact", "impact", {"text": "4 vaults"}),
    ("impact", "impact", {"next": ["more"]}),
    ("cause", "cause", {"text": "No spring"}),
    ("lesson", "lesson", {"text": "No alarm rang"}),
    ("action", "action", {"text": "Fit an alarm"}),
    ("handover @ana", "handover", {"state": "Still open"}),
]


@pytest.mark.parametrize(("typed", "form", "values"), _FORMS)
def test_form_that_was_opened_inside_does_nothing_for_whoever_has_been_taken_out_since(
    stage: Stage, typed: str, form: str, values: Json
) -> None:
    room = inside(stage, typed)
    stage.people.command("cleo", room.channel, "/incident", typed)
    sent_from_outside(stage, room, form, values)


@pytest.mark.parametrize(
    ("door", "form", "values"),
    [
        (reminder.UPDATE, "send_update", {"text": "It is closed"}),
        (f"{tasks.MENU}.1", "give_task", {"owner": "ana"}),
        (f"{followup.ACTION_MENU}.1", "drop_action", {"reason": "not needed"}),
        (timeline.ENTRY_MENU, "entry", {"text": "Nothing happened"}),
        (timeline.PROPOSAL, "action", {"text": "Fit an alarm"}),
    ],
)
def test_form_behind_a_button_does_nothing_for_whoever_has_been_taken_out_since(
    stage: Stage, door: str, form: str, values: Json
) -> None:
    room = inside(stage, form)
    ts = stage.people.say("cleo", room.channel, "it stood open")
    stage.people.react("cleo", room.channel, ts, "pushpin")
    for typed in ("task Close it", "action Fit a spring"):
        stage.type("ana", room.channel, f"/incident {typed}")
    stage.settle()
    with stage.application.world.database.reading() as connection:
        (found,) = incidents.by_ending(connection, stage.sandbox.team_id, room.incident_id)
    value = _VALUES[door].format(row=found.row_id, ts=ts)
    planted = shown_to(stage, "cleo", room.channel, door, value)
    stage.people.press("cleo", room.channel, planted, door)
    stage.settle()
    sent_from_outside(stage, room, form, values)


def inside(stage: Stage, words: str) -> Room:
    """A private incident of Ana's, in which Cleo is too."""
    room = stage.declare(f"Left meanwhile {abs(hash(words)) % 10**6} --private")
    stage.people.invite("ana", room.channel, "cleo")
    stage.settle()
    return room


def sent_from_outside(stage: Stage, room: Room, form: str, values: Json) -> None:
    opened = stage.screen.modal("cleo")
    assert opened is not None
    assert opened["callback_id"] == form
    stage.people.kick("ana", room.channel, "cleo")
    stage.settle()
    before = kept(stage)
    answer = stage.people.submit("cleo", form, values)
    stage.people.close_modal("cleo", everything=True)
    stage.settle()
    assert answer.action == "errors", answer
    assert list(answer.errors.values()) == [NO_SUCH]
    assert kept(stage) == before


def test_incident_declared_with_a_form_from_a_channel_that_was_left_since_is_linked_with_nothing(stage: Stage) -> None:
    room = inside(stage, "declare")
    stage.people.command("cleo", room.channel, "/incident", "start")
    stage.people.kick("ana", room.channel, "cleo")
    stage.settle()
    stage.people.submit("cleo", "declare", {"title": "Seen from outside"})
    said = visible_text(stage.screen.modal("cleo") or {})
    stage.people.close_modal("cleo", everything=True)
    stage.settle()
    assert "is declared" in said
    assert room.incident_id not in said
    assert "Related" not in stage.info("ana", room)


def test_form_counts_for_whoever_came_back_before_it_was_sent_in(stage: Stage) -> None:
    room = inside(stage, "back")
    stage.people.command("cleo", room.channel, "/incident", "lesson")
    stage.people.kick("ana", room.channel, "cleo")
    stage.people.invite("ana", room.channel, "cleo")
    stage.settle()
    answer = stage.people.submit("cleo", "lesson", {"text": "No alarm rang"})
    stage.people.close_modal("cleo", everything=True)
    assert answer.action == "update"


def test_file_that_was_asked_for_inside_is_not_sent_to_whoever_has_been_taken_out_since(stage: Stage) -> None:
    room = inside(stage, "file")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    shared = stage.calls("files.completeUploadExternal")
    stage.sandbox.faults.api("conversations.open", rate_limited(60))
    stage.type("cleo", room.channel, "/postmortem export md")
    # Slack asks to wait.
    stage.settle()
    stage.people.kick("ana", room.channel, "cleo")
    stage.settle()
    stage.pass_time(seconds=61)
    assert stage.calls("files.completeUploadExternal") == shared
