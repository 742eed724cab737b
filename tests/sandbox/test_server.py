import json
import threading
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, SandboxError, SandboxTimeoutError, visible_text
from bot.sandbox.calls import Call
from bot.sandbox.webapi import METHODS


def post(url: str, body: bytes, content_type: str, token: str = "") -> dict[str, Any]:
    headers = {"Content-Type": content_type} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        shown: dict[str, Any] = json.loads(answer.read())
    return shown


def test_a_call_may_be_a_form_or_json_and_carry_its_token_either_way(sandbox: Sandbox) -> None:
    url = f"{sandbox.api_url}chat.postMessage"
    form = f"token={sandbox.bot_token}&channel=%23ops&text=from+a+form".encode()
    assert post(url, form, "application/x-www-form-urlencoded")["ok"]
    body = json.dumps({"channel": "#ops", "text": "from JSON"}).encode()
    assert post(url, body, "application/json; charset=utf-8", sandbox.bot_token)["ok"]
    assert post(url, b"{", "application/json", sandbox.bot_token)["error"] == "invalid_json"
    assert post(url, body, "application/json")["error"] == "not_authed"
    assert [m["text"] for m in sandbox.screen.messages("ops")] == ["from a form", "from JSON"]


@pytest.mark.parametrize("sandbox_options", [{"scopes": ["chat:write", "users:read"]}])
def test_every_answer_lists_the_granted_scopes(client: WebClient) -> None:
    assert client.auth_test().headers["x-oauth-scopes"] == "chat:write,users:read"


def test_the_log_of_calls_keeps_arguments_without_the_token(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="#ops", text="hello")
    (line,) = sandbox.screen.calls("chat.postMessage")
    assert (line.args["text"], line.outcome, line.answer["ok"]) == ("hello", "ok", True)
    assert "token" not in line.args
    assert sandbox.screen.calls("chat.update") == []


def test_it_listens_on_loopback_only_and_leaves_nothing_behind() -> None:
    before = set(threading.enumerate())
    sandbox = Sandbox()
    sandbox.start()
    assert sandbox.api_url.startswith("http://127.0.0.1:")
    url = sandbox.api_url
    sandbox.stop()
    sandbox.stop()
    assert set(threading.enumerate()) <= before
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(url)
    with pytest.raises(SandboxError, match="not running"):
        _ = sandbox.api_url


def test_a_fault_of_its_own_does_not_go_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_call: Call) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setitem(METHODS, "users.list", broken)
    sandbox = Sandbox()
    sandbox.start()
    with pytest.raises(SlackApiError) as refused:
        WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[]).users_list()
    assert refused.value.response.status_code == 500
    with pytest.raises(SandboxError, match="the sandbox itself failed"):
        sandbox.stop()


def test_several_run_side_by_side() -> None:
    with Sandbox() as one, Sandbox() as two:
        one.people.add_channel("ops", members=["scribe"])
        WebClient(token=one.bot_token, base_url=one.api_url).chat_postMessage(channel="#ops", text="hello")
        assert one.api_url != two.api_url
        assert two.screen.channels() == []


def test_stopping_does_not_wait_for_redeliveries() -> None:
    with Sandbox(redelivery_delays=(300.0,)) as sandbox:
        sandbox.people.add_person("alice")
        sandbox.people.add_channel("ops", members=["alice", "scribe"])
        sandbox.people.say("alice", "ops", "hello")
        sandbox.wait_until(lambda: len(sandbox.sockets.deliveries) == 1, what="the event was not tried")
    assert [d.acked for d in sandbox.sockets.deliveries] == [False]


def test_waiting_in_vain_says_for_what(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxTimeoutError, match=r"the app did not connect within 0\.05 s"):
        sandbox.wait_connected(0.05)
    with pytest.raises(SandboxTimeoutError, match=r"no header within 0\.05 s"):
        sandbox.wait_until(lambda: False, 0.05, "no header")


def test_people_may_act_from_many_threads_at_once(sandbox: Sandbox) -> None:
    def chatter(name: str) -> None:
        for number in range(50):
            sandbox.people.say(name, "ops", f"{name} {number}")

    threads = [threading.Thread(target=chatter, args=(name,)) for name in ("alice", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stamps = [m["ts"] for m in sandbox.screen.messages("ops")]
    assert len(set(stamps)) == 100
    assert stamps == sorted(stamps)


def test_visible_text_reads_blocks_and_not_the_text_beside_them() -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Take the lead"}}
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "INC-1"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*SEV1*"}, "accessory": button},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "recorded here"}]},
    ]
    assert visible_text({"text": "notification", "blocks": blocks}) == "INC-1\n*SEV1*\nTake the lead\nrecorded here"
    assert visible_text({"text": "only text"}) == "only text"
