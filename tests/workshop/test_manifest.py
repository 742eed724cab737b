"""The app manifest asks for exactly what the program uses, and the program gets along with it."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient

from bot.config import Settings
from bot.sandbox import Sandbox, error, lost_answer
from bot.sandbox.errors import SlackError
from bot.slack import forms
from bot.slack.events import SUBSCRIBED
from tests.scenarios.stage import Room, Stage

ROOT = Path(__file__).resolve().parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
FEATURES = MANIFEST["features"]
SCOPES = tuple(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = tuple(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

# What a bot token needs for each method, as its page under https://docs.slack.dev/reference/methods says, for the kinds
# of conversation that the program calls it with: incident channels may be private, and a post that is
# looked for in the history may be a direct message.
METHOD_SCOPES: dict[str, set[str]] = {
    "apps.connections.open": set(),  # needs connections:write, which the app-level token has
    "auth.test": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.create": {"channels:manage", "groups:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.invite": {"channels:manage", "groups:write"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history"},
    "conversations.setTopic": {"channels:manage", "groups:write"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "pins.add": {"pins:write"},
    "reactions.add": {"reactions:write"},
    "reactions.remove": {"reactions:write"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
}
# The same for events: https://docs.slack.dev/reference/events
EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
}
# Slash commands and shortcuts: https://docs.slack.dev/reference/scopes/commands
FEATURE_SCOPES = {"commands"}


def methods_called() -> set[str]:
    """Return the Web API methods that the program's code names, such as `chat.postMessage`."""
    files = [ROOT / "bot" / "app.py", *sorted((ROOT / "bot" / "slack").rglob("*.py"))]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    names = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {name.replace("_", ".") for name in names if "_" in name and callable(getattr(WebClient, name, None))}


def test_table_of_scopes_has_each_method_that_the_code_calls_and_no_other() -> None:
    assert methods_called() == set(METHOD_SCOPES)


def test_scopes_are_just_those_that_methods_events_and_commands_need() -> None:
    needed = FEATURE_SCOPES.union(*METHOD_SCOPES.values(), *EVENT_SCOPES.values())

    assert set(SCOPES) == needed


def test_events_are_just_those_that_the_code_subscribes_to() -> None:
    assert set(EVENTS) == set(SUBSCRIBED) == set(EVENT_SCOPES)


@pytest.mark.parametrize("listed", [SCOPES, EVENTS], ids=["scopes", "events"])
def test_lists_are_sorted_and_name_nothing_twice(listed: tuple[str, ...]) -> None:
    assert list(listed) == sorted(set(listed))


def test_every_scope_says_why_it_is_needed() -> None:
    lines = (ROOT / "manifest.yml").read_text(encoding="utf-8").splitlines()

    reasons = {line.split()[1]: line.partition("#")[2].strip() for line in lines if line.startswith("      - ")}
    assert [scope for scope in SCOPES if not reasons[scope]] == []


def test_commands_have_the_default_names_and_deliver_people_as_ids() -> None:
    commands = FEATURES["slash_commands"]

    names = [Settings.model_fields[name].default for name in ("SCRIBE_COMMAND", "SCRIBE_POSTMORTEM_COMMAND")]
    assert [command["command"] for command in commands] == names
    for command in commands:
        assert command["should_escape"] is True
        assert command["description"]
        assert command["usage_hint"]


class Registered:
    """Stands where Bolt's app does, and remembers which shortcuts are registered."""

    def __init__(self) -> None:
        self.shortcuts: list[str] = []

    def shortcut(self, callback_id: str) -> Callable[[Any], Any]:
        self.shortcuts.append(callback_id)
        return lambda listener: listener

    def view(self, callback_id: str) -> Callable[[Any], Any]:
        return lambda listener: listener


def test_shortcuts_are_just_those_that_the_code_registers() -> None:
    app, nothing = Registered(), object()
    registering: Any = forms.register
    registering(app, nothing, nothing)

    assert {shortcut["callback_id"] for shortcut in FEATURES["shortcuts"]} == set(app.shortcuts)


def test_shortcuts_are_offered_where_they_work() -> None:
    types = {shortcut["callback_id"]: shortcut["type"] for shortcut in FEATURES["shortcuts"]}

    assert types == {
        forms.ADD_TO_TIMELINE: "message",
        forms.KEEP_OUT: "message",
        forms.DECLARE_SHORTCUT: "global",
    }


def test_home_tab_is_on_and_direct_messages_of_the_bot_can_arrive() -> None:
    assert FEATURES["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }


def test_socket_mode_and_interactivity_are_on_and_no_address_is_asked_for() -> None:
    settings = MANIFEST["settings"]

    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert set(settings["event_subscriptions"]) == {"bot_events"}


def test_texts_keep_to_the_lengths_that_slack_allows() -> None:
    about = MANIFEST["display_information"]

    assert about["name"] == "Incident Scribe"
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4_000
    for shortcut in FEATURES["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


class GrantedStage(Stage):
    """A workspace in which the app was installed with the manifest's scopes and events."""

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder, **settings)
        self.sandbox = Sandbox(
            clock=self.clock, ack_timeout=3.0, redelivery_delays=(0.0, 0.1, 0.1), scopes=SCOPES, events=EVENTS
        )
        self.people, self.screen = self.sandbox.people, self.sandbox.screen

    def open(self) -> None:
        """Also makes the group that is called in."""
        super().open()
        self._settings["SCRIBE_INVITE_SEV2"] = self.people.add_usergroup("oncall", ["ben"])


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GrantedStage]:
    """A workspace after a journey that takes every way to a call of the Web API, the detours included."""
    stage = GrantedStage(tmp_path_factory.mktemp("manifest"), SCRIBE_ANNOUNCE_CHANNEL="incidents")
    stage.open()
    try:
        stage.start()
        public = _declared(stage, "Checkout errors --sev 2")
        private = _declared(stage, "Leaked key --type security")
        _forms_and_home(stage)
        _refused_announcement(stage)
        for room in (public, private):
            _talk(stage, room)
            _draft(stage, room)
        _follow_up_without_a_channel(stage, public)
        stage.people.leave("ben", private.channel)
        stage.settle()
        yield stage
    finally:
        stage.close()


def _declared(stage: Stage, rest: str) -> Room:
    """Declare an incident whose channel's answer is lost, so that the channel is looked for."""
    stage.sandbox.faults.api("conversations.create", lost_answer())
    answer = stage.type("ana", "general", f"/incident start {rest}")
    name = stage.room(answer).name
    stage.retry_until(lambda: any(seen.name == name and stage.screen.pins(name) for seen in stage.screen.channels()))
    return Room(stage.room(answer).incident_id, stage.screen.channel(name).id, name)


def _forms_and_home(stage: Stage) -> None:
    stage.people.command("ana", "general", "/incident", "start")
    assert stage.screen.modal("ana")
    stage.people.open_home("ana")
    stage.settle()
    assert stage.screen.home("ana")


def _refused_announcement(stage: Stage) -> None:
    announced_in = stage.screen.channel("incidents").id
    refused = error("restricted_action")
    stage.sandbox.faults.api("chat.postMessage", refused, when=lambda args: args.get("channel") == announced_in)
    stage.declare("Slow search --sev 3")


def _talk(stage: Stage, room: Room) -> None:
    """Say something, mark it, take a mark back, and mark two messages that were never delivered."""
    if "ben" not in stage.screen.members(room.channel):
        stage.people.invite("ana", room.channel, "ben")
    ts = stage.people.say("ben", room.channel, "the pool is exhausted")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert stage.is_marked(room, ts)
    stage.people.unreact("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert not stage.is_marked(room, ts)
    stage.sandbox.faults.drop_events(2, when=lambda event: event["type"] == "message")
    lost = stage.people.say("ben", room.channel, "nobody delivered this")
    reply = stage.people.say("ben", room.channel, "nor this", thread=lost)
    for missing in (lost, reply):
        stage.people.react("ana", room.channel, missing, "pushpin")
    stage.retry_until(lambda: stage.is_marked(room, lost) and stage.is_marked(room, reply))
    stage.type("ana", room.channel, "/incident resolve")


def _draft(stage: Stage, room: Room) -> None:
    """Draft while the answers to the summary and to the file are lost, then publish."""
    faults = stage.sandbox.faults
    faults.api(
        "chat.postMessage",
        lost_answer(),
        when=lambda args: "draft-summary" in str(args.get("metadata")),
    )
    faults.api("files.completeUploadExternal", lost_answer())
    files = len(stage.screen.files())
    stage.type("ana", room.channel, "/postmortem draft")
    stage.retry_until(lambda: len(stage.screen.files()) > files)
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()


def _follow_up_without_a_channel(stage: Stage, room: Room) -> None:
    """Let a follow-up come as a direct message whose answer is lost."""
    stage.people.archive(room.channel)
    stage.sandbox.faults.api(
        "chat.postMessage", lost_answer(), when=lambda args: str(args.get("channel", "")).startswith("D")
    )
    stage.pass_time(days=31)
    stage.retry_until(lambda: bool(stage.told_directly("ana")))
    stage.pass_time(minutes=30)
    assert len(stage.told_directly("ana")) == 1


def test_journey_with_the_granted_scopes_meets_no_missing_scope(journey: GrantedStage) -> None:
    outcomes = {call.outcome for call in journey.screen.calls()}

    assert "ok" in outcomes
    assert "missing_scope" not in outcomes


def test_journey_calls_every_method_that_the_code_names(journey: GrantedStage) -> None:
    assert methods_called() - {call.method for call in journey.screen.calls()} == set()


def test_journey_meets_every_event_that_the_manifest_subscribes_to(journey: GrantedStage) -> None:
    events = [
        delivery.payload["event"] for delivery in journey.sandbox.sockets.deliveries if "event" in delivery.payload
    ]
    kinds = {"channel": "message.channels", "group": "message.groups"}

    met = {kinds[event["channel_type"]] if event["type"] == "message" else event["type"] for event in events}

    assert met == set(EVENTS)


@pytest.mark.parametrize("scope", sorted(set(SCOPES) - FEATURE_SCOPES.union(*EVENT_SCOPES.values())))
def test_journey_would_fail_without_any_one_scope(journey: GrantedStage, scope: str) -> None:
    api = journey.sandbox._api
    granted = api.scopes
    refused = []
    api.scopes = frozenset(SCOPES) - {scope}
    try:
        for call in journey.screen.calls():
            try:
                api._check_scope(call.method, call.args)
            except SlackError as answer:
                refused.append(answer.code)
    finally:
        api.scopes = granted

    assert "missing_scope" in refused
