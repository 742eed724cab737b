"""The app manifest: it asks for exactly what the program uses, the program gets along with it, Slack takes it."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient

from bot.sandbox import Sandbox, error, lost_answer, visible_text
from bot.sandbox.errors import SlackError
from bot.slack import forms
from bot.slack.events import SUBSCRIBED
from bot.slack.manifest import SHORTCUTS, manifest
from tests.scenarios.stage import Room, Stage

ROOT = Path(__file__).resolve().parents[2]
TEXT = manifest(command="/incident", postmortem_command="/postmortem")
MANIFEST: dict[str, Any] = yaml.safe_load(TEXT)
REQUEST_URL = "https://scribe.example.com/slack/events"
OVER_HTTP: dict[str, Any] = yaml.safe_load(manifest(command="/inc", postmortem_command="/pir", request_url=REQUEST_URL))
FEATURES = MANIFEST["features"]
SCOPES = tuple(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = tuple(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

# What a bot token needs for each method, as its page under https://docs.slack.dev/reference/methods says, for the kinds
# of conversation that the program calls it with: incident channels may be private, and a post that is
# looked for in the history may be a direct message.
METHOD_SCOPES: dict[str, set[str]] = {
    "apps.connections.open": set(),  # needs connections:write, which the app-level token has
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.create": {"channels:manage", "groups:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.invite": {"channels:manage", "groups:write"},
    "conversations.join": {"channels:join"},
    "conversations.leave": {"channels:manage", "groups:write"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history"},
    "conversations.setTopic": {"channels:manage", "groups:write"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "pins.add": {"pins:write"},
    "reactions.add": {"reactions:write"},
    "reactions.get": {"reactions:read"},
    "reactions.remove": {"reactions:write"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.update": set(),
}
# The same for events: https://docs.slack.dev/reference/events
EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    **{f"channel_{what}": {"channels:read"} for what in ("archive", "deleted", "left", "rename", "unarchive")},
    **{f"group_{what}": {"groups:read"} for what in ("archive", "deleted", "left", "rename", "unarchive")},
    # Only private channels are told of: https://docs.slack.dev/reference/events/channel_id_changed
    "channel_id_changed": {"groups:read"},
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
    names -= {"__init__", "api_call"}
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


def test_file_in_the_checkout_is_what_the_command_prints() -> None:
    assert (ROOT / "manifest.yml").read_text(encoding="utf-8") == TEXT, "run: scribe manifest > manifest.yml"


def test_every_scope_and_event_says_why_it_is_needed() -> None:
    reasons = {
        line.split()[1]: line.partition(" # ")[2].strip() for line in TEXT.splitlines() if line.startswith("      - ")
    }

    assert [name for name in (*SCOPES, *EVENTS) if not reasons[name]] == []


def test_commands_deliver_people_as_ids() -> None:
    for command in FEATURES["slash_commands"]:
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
    assert {(shortcut["name"], shortcut["type"]) for shortcut in FEATURES["shortcuts"]} == {
        ("Add to timeline", "message"),
        ("Keep out of the report", "message"),
        ("Create action item", "message"),
        ("Declare from message", "message"),
        ("Declare an incident", "global"),
    }
    assert len({shortcut.callback_id for shortcut in SHORTCUTS}) == len(SHORTCUTS)


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


def test_http_mode_names_the_address_everywhere_and_turns_socket_mode_off() -> None:
    settings = OVER_HTTP["settings"]

    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == REQUEST_URL
    assert settings["interactivity"] == {"is_enabled": True, "request_url": REQUEST_URL}
    assert [(one["command"], one["url"]) for one in OVER_HTTP["features"]["slash_commands"]] == [
        ("/inc", REQUEST_URL),
        ("/pir", REQUEST_URL),
    ]


def test_both_modes_ask_for_the_same() -> None:
    assert OVER_HTTP["oauth_config"] == MANIFEST["oauth_config"]
    assert OVER_HTTP["features"]["shortcuts"] == FEATURES["shortcuts"]
    assert OVER_HTTP["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)


def test_address_can_not_become_anything_else_in_the_file() -> None:
    url = 'https://x.example.com/a"\n  scopes: # {'

    read = yaml.safe_load(manifest(command="/incident", postmortem_command="/postmortem", request_url=url))

    assert read["settings"]["interactivity"]["request_url"] == url


# What Slack takes: version 2.0.0 of the schema at https://github.com/slackapi/manifest-schema. For each place the
# keys that may stand there, those that must with a star, each with the least and the greatest length of its value.
YES_OR_NO, ANY_LENGTH = (0, 0), (0, 10_000)
TAKEN: dict[str, dict[str, tuple[int, int]]] = {
    "": {"_metadata": ANY_LENGTH, "display_information*": ANY_LENGTH, "features": ANY_LENGTH}
    | {"oauth_config": ANY_LENGTH, "settings": ANY_LENGTH},
    "_metadata": {"major_version": YES_OR_NO, "minor_version": YES_OR_NO},
    "display_information": {"name*": (1, 35), "description": (1, 140), "background_color": (4, 7)}
    | {"long_description": (175, 4000)},
    "features": {"app_home": ANY_LENGTH, "bot_user": ANY_LENGTH, "shortcuts": (1, 10), "slash_commands": (1, 50)},
    "features.app_home": {"home_tab_enabled": YES_OR_NO, "messages_tab_enabled": YES_OR_NO}
    | {"messages_tab_read_only_enabled": YES_OR_NO},
    "features.bot_user": {"display_name*": (1, 80), "always_online": YES_OR_NO},
    "features.shortcuts": {"name*": (1, 24), "type*": (6, 7), "callback_id*": (1, 255), "description*": (1, 150)},
    "features.slash_commands": {"command*": (2, 32), "url": (8, 3000), "description*": (1, 2000)}
    | {"usage_hint": (1, 1000), "should_escape": YES_OR_NO},
    "oauth_config": {"scopes": ANY_LENGTH},
    "oauth_config.scopes": {"bot": (0, 255)},
    "oauth_config.scopes.bot": {"": (1, 50)},
    "settings": {"event_subscriptions": ANY_LENGTH, "interactivity": ANY_LENGTH, "org_deploy_enabled": YES_OR_NO}
    | {"socket_mode_enabled": YES_OR_NO, "token_rotation_enabled": YES_OR_NO},
    "settings.event_subscriptions": {"request_url": (8, 3500), "bot_events": (0, 100)},
    "settings.event_subscriptions.bot_events": {"": (1, 50)},
    "settings.interactivity": {"is_enabled*": YES_OR_NO, "request_url": (8, 3500)},
}


def refusals(value: Any, place: str = "") -> Iterator[str]:
    """Yield what Slack would refuse in a part of a manifest."""
    if isinstance(value, list):
        for item in value:
            yield from refusals(item if isinstance(item, dict) else {"": item}, place)
        return
    taken = {key.removesuffix("*"): lengths for key, lengths in TAKEN[place].items()}
    yield from (f"{place}: {key} is missing" for key in TAKEN[place] if key[-1:] == "*" and key[:-1] not in value)
    for key, part in value.items():
        least, most = taken.get(key, (1, 0))
        length = 0 if isinstance(part, (bool, int)) else len(part)
        if not least <= length <= most:
            yield f"{place}: {key} is not taken, or has a wrong length: {length}"
        elif isinstance(part, (dict, list)):
            yield from refusals(part, f"{place}.{key}".strip("."))


@pytest.mark.parametrize("built", [MANIFEST, OVER_HTTP], ids=["Socket Mode", "HTTP"])
def test_slack_takes_the_manifest_in_each_part_and_length(built: dict[str, Any]) -> None:
    assert list(refusals(built)) == []


def test_what_slack_would_refuse_is_noticed() -> None:
    shortcut = {"name": "x" * 25, "type": "message", "callback_id": "x", "colour": "red"}

    assert list(refusals({"shortcuts": [shortcut]}, "features")) == [
        "features.shortcuts: description* is missing",
        "features.shortcuts: name is not taken, or has a wrong length: 25",
        "features.shortcuts: colour is not taken, or has a wrong length: 3",
    ]


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
        _reminded(stage, public)
        _saved_and_undone(stage, public)
        _adopted(stage)
        for room in (public, private):
            _talk(stage, room)
            _draft(stage, room)
        _follow_up_without_a_channel(stage, public)
        stage.people.leave("ben", private.channel)
        _channels_come_and_go(stage)
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


def _reminded(stage: Stage, room: Room) -> None:
    """Let a reminder come, and go when it asks nothing any more."""
    stage.pass_time(minutes=6)
    stage.type("ana", room.channel, "/incident role lead")
    stage.settle()


def _saved_and_undone(stage: Stage, room: Room) -> None:
    """Save a form, and press Undo in what stands in its place."""
    stage.people.command("ana", room.channel, "/incident", "impact")
    stage.people.submit("ana", None, {"users": "10"})
    assert stage.people.press_in_modal("ana", "answer.undo").acked
    stage.people.close_modal("ana", everything=True)


def _adopted(stage: Stage) -> None:
    """Look into a channel, leave it, come again to lead an incident there; and hear that it was made private."""
    # More than a history names; who the others are is asked for.
    crowd = [f"watcher{number}" for number in range(6)]
    for watcher in crowd:
        stage.people.add_person(watcher)
    channel = stage.people.add_channel("war-room", members=["ana", *crowd])
    said = stage.people.say("ana", channel, "search is slow")
    for watcher in crowd:
        stage.people.react(watcher, channel, said, "pushpin")
    for action_id in ("adoption.cancel", "adoption.take_in"):
        stage.type("ana", channel, "/incident start Slow search --sev 3 --here")
        stage.settle()
        preview = stage.screen.ephemerals("ana", channel)[-1]
        assert stage.people.press("ana", channel, preview["ts"], action_id).acked
        stage.settle()
    assert "Slow search" in visible_text(stage.screen.pins(channel)[0])
    stage.people.convert_to_private(channel)
    stage.settle()


def _talk(stage: Stage, room: Room) -> None:
    """Say something, mark it, take a mark back, name a group, and mark two messages that were never delivered."""
    if "ben" not in stage.screen.members(room.channel):
        stage.people.invite("ana", room.channel, "ben")
    ts = stage.people.say("ben", room.channel, "the pool is exhausted")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert stage.is_marked(room, ts)
    stage.people.unreact("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert not stage.is_marked(room, ts)
    group = stage.people.add_usergroup("database", ["ben"])
    stage.people.say("ben", room.channel, f"<!subteam^{group}> have a look")
    stage.sandbox.faults.drop_events(2, when=lambda event: event["type"] == "message")
    lost = stage.people.say("ben", room.channel, "nobody delivered this")
    reply = stage.people.say("ben", room.channel, "nor this", thread=lost)
    stage.people.say("ben", room.channel, f"<@{stage.sandbox.bot_user_id}> info", thread=ts)
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


def _channels_come_and_go(stage: Stage) -> None:
    """Let everything happen to a channel that Slack tells of."""
    for is_private in (False, True):
        channel = stage.people.add_channel(f"side-{is_private}".lower(), private=is_private, members=["ana", "scribe"])
        stage.people.rename(channel, f"renamed-{is_private}".lower())
        stage.people.archive(channel)
        stage.people.unarchive(channel)
        stage.people.kick("ana", channel, "scribe")
        stage.people.invite("ana", channel, "scribe")
        if is_private:
            channel = stage.people.share(channel)
        stage.people.remove_channel(channel)


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
