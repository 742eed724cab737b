"""Commands, buttons, menus, shortcuts and modals between people and a real Bolt app."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox import Sandbox, SandboxError, visible_text

Connect = Callable[[], SocketModeHandler]
Body = dict[str, Any]


def plain(text: str) -> Body:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Body:
    return {"text": plain(value.capitalize()), "value": value}


def field(block_id: str, element: Body, **more: Any) -> Body:
    element = {"action_id": "value", **element}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element, **more}


SEVERITY = {"type": "static_select", "options": [option("sev1"), option("sev2")], "initial_option": option("sev2")}
DECLARE = {
    "type": "modal",
    "callback_id": "declare",
    "title": plain("Declare"),
    "submit": plain("Declare"),
    "notify_on_close": True,
    "blocks": [
        field("title", {"type": "plain_text_input", "max_length": 20}),
        field("severity", SEVERITY),
        field("lead", {"type": "users_select"}, optional=True),
        field("services", {"type": "checkboxes", "options": [option("api"), option("web")]}, optional=True),
        field("since", {"type": "datepicker"}, optional=True),
    ],
}


def buttons(*elements: Body) -> list[Body]:
    return [{"type": "actions", "block_id": "panel", "elements": list(elements)}]


def button(action_id: str, value: str) -> Body:
    return {"type": "button", "action_id": action_id, "text": plain(value), "value": value}


@pytest.fixture
def bodies(app: App) -> list[Body]:
    """The payload of every interaction that the app acknowledged."""
    received: list[Body] = []

    @app.action({"type": "block_actions", "action_id": "take"})
    @app.action({"type": "block_actions", "action_id": "pick"})
    @app.action({"type": "block_actions", "action_id": "more"})
    @app.shortcut("add_to_timeline")
    @app.shortcut("declare")
    def on_interaction(ack: Ack, body: Body) -> None:
        ack()
        received.append(body)

    return received


def open_declare(app: App) -> list[Body]:
    """Has the app open the modal at ``/incident start``, and remember what is submitted."""
    submitted: list[Body] = []

    @app.command("/incident")
    def on_command(ack: Ack, body: Body, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=DECLARE)
        ack()

    @app.view("declare")
    def on_submit(ack: Ack, view: Body) -> None:
        submitted.append(view["state"]["values"])
        ack()

    return submitted


# Commands


def test_a_command_is_answered_to_the_asker_alone(sandbox: Sandbox, app: App, connect: Connect) -> None:
    seen: list[Body] = []

    @app.command("/incident")
    def on_command(ack: Ack, body: Body) -> None:
        seen.append(body)
        ack("Noted.")

    connect()
    answer = sandbox.people.command("alice", "ops", "/incident", "role lead @bob & co")
    bob = sandbox.workspace.person("bob").id
    assert (answer.acked, answer.text, answer.response_type) == (True, "Noted.", "ephemeral")
    assert [e["text"] for e in sandbox.screen.ephemerals("alice", "ops")] == ["Noted."]
    assert sandbox.screen.ephemerals("bob") == []
    assert (seen[0]["text"], seen[0]["channel_name"]) == (f"role lead <@{bob}|bob> &amp; co", "ops")


@pytest.mark.parametrize("sandbox_options", [{"should_escape": False}])
def test_without_escaping_a_command_comes_as_typed(sandbox: Sandbox, app: App, connect: Connect) -> None:
    seen: list[str] = []

    @app.command("/incident")
    def on_command(ack: Ack, command: Body) -> None:
        seen.append(command["text"])
        ack()

    connect()
    answer = sandbox.people.command("alice", "ops", "/incident", "role lead @bob & co")
    assert (seen, answer.text) == (["role lead @bob & co"], None)


def test_a_command_can_be_answered_to_the_channel(sandbox: Sandbox, app: App, connect: Connect) -> None:
    app.command("/incident")(lambda ack: ack(text="It is over.", response_type="in_channel"))
    connect()
    assert sandbox.people.command("alice", "ops", "/incident").response_type == "in_channel"
    assert [m["text"] for m in sandbox.screen.messages("ops")] == ["It is over."]


@pytest.mark.parametrize("sandbox_options", [{"ack_timeout": 0.3}])
def test_a_late_or_unknown_command_is_not_acknowledged_and_never_sent_again(
    sandbox: Sandbox, app: App, connect: Connect
) -> None:
    calls: list[str] = []
    app.command("/incident")(lambda command: calls.append(command["text"]))
    connect()
    assert sandbox.people.command("alice", "ops", "/incident", "never acked").acked is False
    assert sandbox.people.command("alice", "ops", "/unknown").acked is False
    sandbox.wait_idle()
    assert calls == ["never acked"]


def test_a_command_without_a_connection_fails_at_once(sandbox: Sandbox) -> None:
    assert sandbox.people.command("alice", "ops", "/incident").acked is False


def test_a_command_in_a_private_channel_hides_its_name(sandbox: Sandbox, app: App, connect: Connect) -> None:
    names: list[str] = []

    @app.command("/incident")
    def on_command(ack: Ack, command: Body) -> None:
        names.append(command["channel_name"])
        ack()

    connect()
    sandbox.people.command("alice", "secret", "/incident")
    assert names == ["privategroup"]


def test_an_answer_with_bad_blocks_is_a_problem(sandbox: Sandbox, app: App, connect: Connect) -> None:
    app.command("/incident")(lambda ack: ack(blocks=[{"type": "headline"}]))
    connect()
    assert sandbox.people.command("alice", "ops", "/incident").problem == "invalid_blocks"
    assert sandbox.screen.ephemerals("alice") == []


def test_a_command_response_address_never_replaces_the_first_answer(
    sandbox: Sandbox, app: App, connect: Connect
) -> None:
    @app.command("/incident")
    def on_command(ack: Ack, respond: Respond) -> None:
        ack("Working on it.")
        respond("Done.", replace_original=True)

    connect()
    sandbox.people.command("alice", "ops", "/incident")
    sandbox.wait_idle()
    # In either order: Bolt's ack() only notes the answer, and another thread sends it.
    assert sorted(e["text"] for e in sandbox.screen.ephemerals("alice")) == ["Done.", "Working on it."]


def respond_url(sandbox: Sandbox) -> str:
    alice, ops = sandbox.workspace.person("alice").id, sandbox.screen.channel("ops").id
    return sandbox._response_urls.issue(alice, ops)


def test_a_response_address_serves_five_times(sandbox: Sandbox) -> None:
    webhook = WebhookClient(respond_url(sandbox))
    answers = [webhook.send(text=f"answer {n}") for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body
    assert len(sandbox.screen.ephemerals("alice")) == 5


def test_a_response_address_serves_for_half_an_hour() -> None:
    now = [datetime(2026, 11, 20, 14, 0, tzinfo=UTC)]
    with Sandbox(clock=lambda: now[0]) as sandbox:
        sandbox.people.add_person("alice")
        sandbox.people.add_channel("ops", members=["alice", "scribe"])
        webhook = WebhookClient(respond_url(sandbox))
        now[0] += timedelta(minutes=30)
        assert webhook.send(text="in time").status_code == 200
        now[0] += timedelta(seconds=1)
        late = webhook.send(text="too late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


def test_a_response_address_can_delete_or_refuse(sandbox: Sandbox, client: WebClient) -> None:
    ops, alice = sandbox.screen.channel("ops").id, sandbox.workspace.person("alice").id
    ts = client.chat_postMessage(channel=ops, text="panel")["ts"]
    issue = sandbox._response_urls.issue
    on_message = WebhookClient(issue(alice, ops, source=ts))
    assert "no_text" in on_message.send_dict({"replace_original": True}).body
    assert on_message.send_dict({"delete_original": True}).body == "ok"
    assert sandbox.screen.messages("ops") == []
    assert "message_not_found" in on_message.send_dict({"delete_original": True}).body
    gone = WebhookClient(issue(alice, ops, source="1.000000", ephemeral=True))
    assert "message_not_found" in gone.send_dict({"delete_original": True}).body
    assert WebhookClient(issue(alice, ops)).send_dict({"delete_original": True}).body == "ok"
    assert "no_url" in WebhookClient(f"{sandbox._response_urls.base_url}R404").send(text="x").body


# Buttons and menus


def test_a_pressed_button_tells_message_place_and_user(
    sandbox: Sandbox, client: WebClient, connect: Connect, bodies: list[Body]
) -> None:
    connect()
    blocks = buttons(button("take", "INC-1"), button("more", "x"))
    ts = client.chat_postMessage(channel="#ops", text="panel", blocks=blocks)["ts"]
    assert sandbox.people.press("alice", "ops", ts, "take").acked
    sandbox.wait_idle()
    (body,) = bodies
    assert (body["actions"][0]["value"], body["actions"][0]["block_id"]) == ("INC-1", "panel")
    assert (body["container"]["message_ts"], body["message"]["ts"]) == (ts, ts)
    assert body["channel"] == {"id": sandbox.screen.channel("ops").id, "name": "ops"}
    assert body["user"]["id"] == sandbox.workspace.person("alice").id


def test_the_value_picks_one_of_several_buttons(
    sandbox: Sandbox, client: WebClient, connect: Connect, bodies: list[Body]
) -> None:
    connect()
    blocks = [*buttons(button("take", "first")), {"type": "actions", "elements": [button("take", "second")]}]
    ts = client.chat_postMessage(channel="#ops", text="panel", blocks=blocks)["ts"]
    sandbox.people.press("alice", "ops", ts, "take", value="second")
    sandbox.people.press("alice", "ops", ts, "take", block_id="panel")
    sandbox.wait_idle()
    assert [b["actions"][0]["value"] for b in bodies] == ["second", "first"]


MENUS: dict[str, tuple[Body, Any, str, Any]] = {
    "static select by value": (SEVERITY, "sev1", "selected_option", option("sev1")),
    "static select by text": (SEVERITY, "Sev1", "selected_option", option("sev1")),
    "overflow": ({"type": "overflow", "options": [option("edit")]}, "edit", "selected_option", option("edit")),
    "date": ({"type": "datepicker"}, "2026-11-20", "selected_date", "2026-11-20"),
    "checkboxes": ({"type": "checkboxes", "options": [option("api")]}, ["api"], "selected_options", [option("api")]),
}


@pytest.mark.parametrize(("element", "selected", "key", "expected"), MENUS.values(), ids=MENUS)
def test_a_choice_comes_under_the_key_of_its_element(
    sandbox: Sandbox,
    client: WebClient,
    connect: Connect,
    bodies: list[Body],
    element: Body,
    selected: Any,
    key: str,
    expected: Any,
) -> None:
    connect()
    blocks = buttons({"action_id": "pick", **element})
    ts = client.chat_postMessage(channel="#ops", text="menu", blocks=blocks)["ts"]
    sandbox.people.press("alice", "ops", ts, "pick", selected=selected)
    sandbox.wait_idle()
    assert bodies[0]["actions"][0][key] == expected


def test_a_chosen_person_comes_as_id(sandbox: Sandbox, client: WebClient, connect: Connect, bodies: list[Body]) -> None:
    connect()
    section = {
        "type": "section",
        "text": plain("Lead"),
        "accessory": {"type": "users_select", "action_id": "pick"},
    }
    ts = client.chat_postMessage(channel="#ops", text="menu", blocks=[section])["ts"]
    sandbox.people.press("alice", "ops", ts, "pick", selected="bob")
    sandbox.wait_idle()
    assert bodies[0]["actions"][0]["selected_user"] == sandbox.workspace.person("bob").id


def test_pressing_what_is_not_there_names_what_is(sandbox: Sandbox, client: WebClient) -> None:
    menu = {"type": "static_select", "action_id": "pick", "options": [option("sev1")]}
    ts = client.chat_postMessage(channel="#ops", text="panel", blocks=buttons(button("take", "x"), menu))["ts"]
    with pytest.raises(SandboxError, match="no drop here; there is take, pick"):
        sandbox.people.press("alice", "ops", ts, "drop")
    with pytest.raises(SandboxError, match="no take with value y"):
        sandbox.people.press("alice", "ops", ts, "take", value="y")
    with pytest.raises(SandboxError, match="no option 'sev9'; it offers sev1"):
        sandbox.people.press("alice", "ops", ts, "pick", selected="sev9")
    with pytest.raises(SandboxError, match="say what is selected"):
        sandbox.people.press("alice", "ops", ts, "pick")


def test_a_button_on_an_ephemeral_message_can_replace_and_delete_it(
    sandbox: Sandbox, app: App, client: WebClient, connect: Connect
) -> None:
    seen: list[Body] = []

    @app.action("take")
    def on_press(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        seen.append(body)
        if body["actions"][0]["value"] == "undo":
            respond("Undone.", replace_original=True, blocks=buttons(button("take", "close")))
        else:
            respond(delete_original=True)

    connect()
    ops, alice = sandbox.screen.channel("ops").id, sandbox.workspace.person("alice").id
    client.chat_postEphemeral(channel=ops, user=alice, text="Set.", blocks=buttons(button("take", "undo")))
    (shown,) = sandbox.screen.ephemerals("alice")
    sandbox.people.press("alice", "ops", shown["ts"], "take")
    sandbox.wait_idle()
    (shown,) = sandbox.screen.ephemerals("alice")
    assert shown["text"] == "Undone."
    assert (seen[0]["container"]["is_ephemeral"], "message" in seen[0]) == (True, False)
    sandbox.people.press("alice", "ops", shown["ts"], "take")
    sandbox.wait_idle()
    assert sandbox.screen.ephemerals("alice") == []
    with pytest.raises(SandboxError, match="no message"):
        sandbox.people.press("bob", "ops", shown["ts"], "take")


def test_a_button_can_replace_the_message_it_stands_on(
    sandbox: Sandbox, app: App, client: WebClient, connect: Connect
) -> None:
    @app.action("take")
    def on_press(ack: Ack, respond: Respond) -> None:
        ack()
        respond("Taken by Alice.", replace_original=True)

    connect()
    ts = client.chat_postMessage(channel="#ops", text="Who?", blocks=buttons(button("take", "x")))["ts"]
    sandbox.people.press("alice", "ops", ts, "take")
    sandbox.wait_idle()
    shown = sandbox.screen.message("ops", ts)
    assert (shown["text"], "blocks" in shown) == ("Taken by Alice.", False)


# Shortcuts


def test_shortcuts_name_their_message_or_none(sandbox: Sandbox, connect: Connect, bodies: list[Body]) -> None:
    connect()
    ts = sandbox.people.say("bob", "ops", "look at this")
    assert sandbox.people.message_shortcut("alice", "ops", ts, "add_to_timeline").acked
    assert sandbox.people.global_shortcut("alice", "declare").acked
    sandbox.wait_until(lambda: len(bodies) == 2)
    assert (bodies[0]["message"]["text"], bodies[0]["message_ts"]) == ("look at this", ts)
    assert "message" not in bodies[1]


# Modals


def test_a_submitted_modal_carries_each_field_by_its_type(sandbox: Sandbox, app: App, connect: Connect) -> None:
    submitted = open_declare(app)
    connect()
    sandbox.people.command("alice", "ops", "/incident", "start")
    modal = sandbox.screen.modal("alice")
    assert modal is not None
    assert visible_text(modal).startswith("Declare\ntitle")
    values = {"title": "Database down", "lead": "bob", "services": ["api", "Web"], "since": "2026-11-20"}
    answer = sandbox.people.submit("alice", "declare", values)
    assert (answer.acked, answer.action) == (True, "close")
    assert sandbox.screen.modal("alice") is None
    (state,) = submitted
    assert state == {
        "title": {"value": {"type": "plain_text_input", "value": "Database down"}},
        "severity": {"value": {"type": "static_select", "selected_option": option("sev2")}},
        "lead": {"value": {"type": "users_select", "selected_user": sandbox.workspace.person("bob").id}},
        "services": {"value": {"type": "checkboxes", "selected_options": [option("api"), option("web")]}},
        "since": {"value": {"type": "datepicker", "selected_date": "2026-11-20"}},
    }


def test_what_a_client_would_not_send_is_refused(sandbox: Sandbox, app: App, connect: Connect) -> None:
    open_declare(app)
    connect()
    sandbox.people.command("alice", "ops", "/incident", "start")
    with pytest.raises(SandboxError, match="'title' is required"):
        sandbox.people.submit("alice")
    with pytest.raises(SandboxError, match="0 to 20 characters, not 21"):
        sandbox.people.submit("alice", None, {"title": "x" * 21})
    with pytest.raises(SandboxError, match="takes one line"):
        sandbox.people.submit("alice", None, {"title": "a\nb"})
    with pytest.raises(SandboxError, match="no option 'sev9'"):
        sandbox.people.submit("alice", None, {"title": "x", "severity": "sev9"})
    with pytest.raises(SandboxError, match="no field 'tittle'; it has title, severity"):
        sandbox.people.submit("alice", None, {"tittle": "x"})
    with pytest.raises(SandboxError, match="sees 'declare', not 'impact'"):
        sandbox.people.submit("alice", "impact", {"title": "x"})
    with pytest.raises(SandboxError, match="bob has no modal open"):
        sandbox.people.submit("bob")


def test_errors_stay_at_the_field_and_nothing_typed_is_lost(sandbox: Sandbox, app: App, connect: Connect) -> None:
    @app.shortcut("declare")
    def on_shortcut(ack: Ack, body: Body, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=DECLARE)
        ack()

    @app.view("declare")
    def on_submit(ack: Ack, view: Body) -> None:
        title = view["state"]["values"]["title"]["value"]["value"]
        wrong = {"typo": {"tittle": "Wrong block."}, "bad": {"title": "Say what is broken."}}
        ack(response_action="errors", errors=wrong[title]) if title in wrong else ack()

    connect()
    sandbox.people.global_shortcut("alice", "declare")
    answer = sandbox.people.submit("alice", None, {"title": "bad", "severity": "sev1"})
    assert (answer.action, answer.errors) == ("errors", {"title": "Say what is broken."})
    modal = sandbox.screen.modal("alice")
    assert modal is not None
    assert modal["state"]["values"]["severity"]["value"]["selected_option"] == option("sev1")
    typo = sandbox.people.submit("alice", None, {"title": "typo"})
    assert typo.problem == "errors name no input block: tittle"
    assert sandbox.people.submit("alice", None, {"title": "good"}).action == "close"


def second_step(title: str) -> Body:
    note = field("note", {"type": "plain_text_input"}, optional=True)
    return {"type": "modal", "callback_id": "step", "title": plain(title), "submit": plain("Go"), "blocks": [note]}


def test_views_are_pushed_updated_and_cleared_by_answers(sandbox: Sandbox, app: App, connect: Connect) -> None:
    submitted = open_declare(app)
    answers: list[Body] = [
        {"response_action": "push", "view": second_step("Two")},
        {"response_action": "push", "view": second_step("Four")},
        {"response_action": "update", "view": second_step("Three, mended")},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "clear"},
    ]

    @app.view("step")
    def on_step(ack: Ack) -> None:
        ack(**answers.pop(0))

    @app.action("value")
    def on_value(ack: Ack) -> None:
        ack()

    connect()
    sandbox.people.command("alice", "ops", "/incident")
    alice = sandbox.workspace.person("alice").id
    trigger = sandbox._api.triggers.issue(alice, view_id=str((sandbox.screen.modal("alice") or {})["id"]))
    app.client.views_push(trigger_id=trigger, view=second_step("One"))
    assert sandbox.people.submit("alice").action == "push"
    limit = sandbox.people.submit("alice")
    assert (limit.action, limit.problem) == (None, "push_limit_reached: {}")
    assert sandbox.people.submit("alice").action == "update"
    assert (sandbox.screen.modal("alice") or {})["title"] == plain("Three, mended")
    bad = sandbox.people.submit("alice")
    assert bad.problem is not None
    assert "/view/title" in bad.problem
    assert sandbox.people.submit("alice").action == "clear"
    assert sandbox.screen.modal("alice") is None
    assert submitted == []


def test_closing_a_modal_is_told_where_asked_for(sandbox: Sandbox, app: App, connect: Connect) -> None:
    open_declare(app)
    closed: list[Body] = []

    @app.view_closed("declare")
    def on_close(ack: Ack, body: Body) -> None:
        ack()
        closed.append(body)

    connect()
    sandbox.people.command("alice", "ops", "/incident")
    sandbox.people.fill("alice", {"title": "never sent"})
    assert sandbox.people.close_modal("alice").acked
    sandbox.wait_until(lambda: len(closed) == 1)
    assert closed[0]["is_cleared"] is False
    assert sandbox.screen.modal("alice") is None


def test_a_menu_in_a_modal_tells_the_view_and_keeps_its_choice(sandbox: Sandbox, app: App, connect: Connect) -> None:
    kind = field("kind", {"type": "static_select", "options": [option("live"), option("drill")], "action_id": "pick"})
    view = {**DECLARE, "blocks": [{**kind, "dispatch_action": True}, field("title", {"type": "plain_text_input"})]}
    seen: list[Body] = []

    @app.shortcut("declare")
    def on_shortcut(ack: Ack, body: Body, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    @app.action("pick")
    def on_pick(ack: Ack, body: Body, client: WebClient) -> None:
        client.views_update(
            view_id=body["view"]["id"], hash=body["view"]["hash"], view={**view, "title": plain("Drill")}
        )
        ack()
        seen.append(body)

    connect()
    sandbox.people.global_shortcut("alice", "declare")
    sandbox.people.fill("alice", {"title": "half written"})
    assert sandbox.people.press_in_modal("alice", "pick", selected="drill").acked
    modal = sandbox.screen.modal("alice")
    assert modal is not None
    assert modal["title"] == plain("Drill")
    assert modal["state"]["values"]["title"]["value"]["value"] == "half written"
    assert modal["state"]["values"]["kind"]["pick"]["selected_option"] == option("drill")
    assert seen[0]["container"]["type"] == "view"
    with pytest.raises(SandboxError, match="without dispatch_action"):
        sandbox.people.press_in_modal("alice", "value", selected="x")


def test_a_home_tab_is_published_and_used(
    sandbox: Sandbox, client: WebClient, connect: Connect, bodies: list[Body]
) -> None:
    connect()
    alice = sandbox.workspace.person("alice").id
    client.views_publish(user_id=alice, view={"type": "home", "blocks": buttons(button("take", "INC-1"))})
    home = sandbox.screen.home("alice")
    assert home is not None
    assert sandbox.people.press_in_home("alice", "take").acked
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_publish(user_id=alice, view={"type": "home", "blocks": []}, hash="old")
    with pytest.raises(SandboxError, match="no such view open"):
        sandbox.people.press_in_home("bob", "take")


def error_of(act: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as refused:
        act()
    return str(refused.value.response["error"])


@pytest.mark.parametrize("sandbox_options", [{"trigger_lifetime": 0.2}])
def test_a_trigger_serves_once_and_not_for_long(sandbox: Sandbox, client: WebClient) -> None:
    issue = sandbox._api.triggers.issue
    alice = sandbox.workspace.person("alice").id
    trigger = issue(alice)
    client.views_open(trigger_id=trigger, view=DECLARE)
    assert error_of(lambda: client.views_open(trigger_id=trigger, view=DECLARE)) == "exchanged_trigger_id"
    assert error_of(lambda: client.views_open(trigger_id="1.2.x", view=DECLARE)) == "invalid_trigger_id"
    late = issue(alice)
    sandbox._api.triggers._issued[late].issued -= 0.3
    assert error_of(lambda: client.views_open(trigger_id=late, view=DECLARE)) == "expired_trigger_id"


def test_a_push_needs_the_open_modal_and_ids_are_unique(sandbox: Sandbox, client: WebClient) -> None:
    issue = sandbox._api.triggers.issue
    alice, bob = (sandbox.workspace.person(n).id for n in ("alice", "bob"))
    assert error_of(lambda: client.views_push(trigger_id=issue(alice), view=DECLARE)) == "not_found"
    client.views_open(trigger_id=issue(alice), view={**DECLARE, "external_id": "inc-1"})
    again = {**DECLARE, "external_id": "inc-1"}
    assert error_of(lambda: client.views_open(trigger_id=issue(bob), view=again)) == "duplicate_external_id"
    updated = client.views_update(external_id="inc-1", view={**again, "title": plain("New")})
    assert updated["view"]["title"] == plain("New")
    assert error_of(lambda: client.views_update(view_id="V404", view=DECLARE)) == "not_found"
    assert error_of(lambda: client.views_update(external_id="inc-1", view=again, hash="old")) == "hash_conflict"
