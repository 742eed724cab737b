"""HTTP mode on loopback with a real Bolt app: what is taken, what is refused, and what is answered when."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import uvicorn
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from structlog.testing import capture_logs

from bot.web import slack_events
from bot.web.address import Address, ListenError
from bot.web.server import HttpConnection

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"
NOT_SIGNED = "This is not a request that Slack has signed in the last five minutes."
THREADS = 3


class Workplace:
    """Bolt's app with a listener for each kind of request; some wait for `gate`."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.gate = threading.Event()
        self.app = App(
            client=WebClient(token="xoxb-1"),
            authorize=lambda **_: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),
            process_before_response=True,
            request_verification_enabled=False,
        )
        self.app.event("message")(self._on_message)
        self.app.command("/incident")(self._on_command)
        self.app.action("press")(lambda ack: ack())

    def _on_message(self, event: dict[str, Any]) -> None:
        self.heard.append(event["text"])
        if event["text"] == "wait":
            self.gate.wait(10)
        if event["text"] == "fail":
            raise ZeroDivisionError

    def _on_command(self, ack: Ack, command: dict[str, Any]) -> None:
        if command["text"] != "unanswered":
            ack(f"heard {command['text']}")


class Listening:
    """The server, and a way to send to it."""

    def __init__(self) -> None:
        self.workplace = Workplace()
        self.connection = HttpConnection(self.workplace.app, Address("127.0.0.1", 0), secret=SECRET, threads=THREADS)
        told = self.connection.start()
        assert told.endswith("/slack/events.")
        self.port = int(told.rpartition(":")[2].partition("/")[0])

    def send(
        self, body: str | bytes, *, method: str = "POST", path: str = "/slack/events", **headers: str
    ) -> tuple[int, str]:
        """Send a request and return the status and text of the answer."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            content = body.encode() if isinstance(body, str) else body
            connection.request(method, path, content, {name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            return response.status, response.read().decode()

    def signed(self, body: str, content_type: str = "application/json") -> tuple[int, str]:
        return self.send(body, content_type=content_type, **signature(body))

    def event(self, text: str) -> tuple[int, str]:
        return self.signed(event_body(text))


def signature(body: str) -> dict[str, str]:
    now = str(int(time.time()))
    made = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body)
    return {"x_slack_request_timestamp": now, "x_slack_signature": made or ""}


def event_body(text: str) -> str:
    return json.dumps({"type": "event_callback", "team_id": "T1", "event": {"type": "message", "text": text}})


@pytest.fixture
def slack() -> Iterator[Listening]:
    running = Listening()
    yield running
    running.workplace.gate.set()
    running.connection.stop()


# What is taken


def test_address_is_confirmed_with_the_challenge(slack: Listening) -> None:
    status, text = slack.signed(json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}))

    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1aB"})


def test_event_is_answered_after_its_listener(slack: Listening) -> None:
    assert slack.event("hello") == (200, "")
    assert slack.workplace.heard == ["hello"]


def test_command_is_answered_with_the_words_of_its_listener(slack: Listening) -> None:
    status, text = slack.signed("command=%2Fincident&text=start+%C3%BCber&team_id=T1", FORM)

    assert (status, text) == (200, "heard start über")


def test_press_is_taken_as_a_form_with_a_payload(slack: Listening) -> None:
    pressed = {"type": "block_actions", "actions": [{"action_id": "press"}], "team": {"id": "T1"}}

    status, _ = slack.signed(f"payload={json.dumps(pressed)}", FORM)

    assert status == 200


def test_every_delivery_is_taken_also_when_slack_repeats_it(slack: Listening) -> None:
    body = event_body("again")
    for number in ("1", "2", "3"):
        sent = slack.send(
            body,
            x_slack_retry_num=number,
            x_slack_retry_reason="http_timeout",
            content_type="application/json",
            **signature(body),
        )
        assert sent[0] == 200
    assert slack.workplace.heard == ["again"] * 3


def test_listener_that_fails_is_answered_with_500_so_that_slack_delivers_again(slack: Listening) -> None:
    assert slack.event("fail")[0] == 500


def test_command_that_is_not_acknowledged_is_not_answered_with_200(slack: Listening) -> None:
    status, _ = slack.signed("command=%2Fincident&text=unanswered&team_id=T1", FORM)

    assert status == 404


def test_headers_that_nobody_signs_do_not_steer_bolt(slack: Listening) -> None:
    body = event_body("hello")

    status, _ = slack.send(body, content_type="application/json", x_slack_bolt_lazy_only="1", **signature(body))

    assert (status, slack.workplace.heard) == (200, ["hello"])


def test_look_at_the_certificate_is_confirmed_and_nothing_else_that_is_unsigned(slack: Listening) -> None:
    assert slack.send("token=x&ssl_check=1", content_type=FORM) == (200, "")
    assert slack.send("token=x&ssl_check=0", content_type=FORM) == (401, NOT_SIGNED)
    assert slack.send("ssl_check=1&x=" + "x" * 3000, content_type=FORM) == (401, NOT_SIGNED)


# What is refused


def test_unsigned_request_is_refused_and_the_log_says_why_without_its_text(slack: Listening) -> None:
    with capture_logs() as lines:
        assert slack.send(event_body("secret words")) == (401, NOT_SIGNED)

    assert [(line["event"], line["reason"]) for line in lines] == [("request refused", "it is not signed")]
    assert "secret words" not in str(lines)
    assert slack.workplace.heard == []


def test_body_that_was_changed_is_refused(slack: Listening) -> None:
    with capture_logs() as lines:
        sent = slack.send(event_body("changed"), content_type="application/json", **signature(event_body("signed")))

    assert sent == (401, NOT_SIGNED)
    assert [line["reason"] for line in lines] == ["its signature does not fit SLACK_SIGNING_SECRET"]


def test_body_that_is_no_text_is_refused(slack: Listening) -> None:
    assert slack.send(b"\xff\xfe", **signature("x")) == (401, NOT_SIGNED)


def test_signed_body_that_is_no_json_is_answered_with_400(slack: Listening) -> None:
    assert slack.signed("{not json") == (400, "The request is not JSON.")


def test_body_that_is_too_long_is_answered_with_413(slack: Listening) -> None:
    body = event_body("x" * slack_events.BODY_LIMIT)

    assert slack.signed(body) == (413, "A request may have 1048576 bytes at most.")


def test_body_that_is_too_long_is_not_read_to_its_end_when_its_length_is_not_told(slack: Listening) -> None:
    headers = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in signature("x").items())
    with socket.create_connection(("127.0.0.1", slack.port), timeout=10) as connection:
        connection.sendall(
            f"POST /slack/events HTTP/1.1\r\nHost: x\r\n{headers}Transfer-Encoding: chunked\r\n\r\n".encode()
        )
        part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        connection.sendall(part * 17)
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/slack/events", 405), ("POST", "/", 404), ("POST", "/slack/commands", 404), ("GET", "/favicon.ico", 404)],
)
def test_other_addresses_and_methods_are_answered_with_the_right_one(
    slack: Listening, method: str, path: str, status: int
) -> None:
    assert slack.send("", method=method, path=path) == (status, "Slack's requests go to POST /slack/events.")


def test_body_that_never_arrives_does_not_hold_its_place(slack: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_events, "BODY_SECONDS", 0.1)
    headers = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in signature("x").items())
    with socket.create_connection(("127.0.0.1", slack.port), timeout=10) as connection:
        connection.sendall(f"POST /slack/events HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: 9\r\n\r\nhalf".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")


# Many at a time


def sending(slack: Listening, text: str) -> tuple[threading.Thread, list[int]]:
    """Send an event in a thread of its own; return that and where its status will stand."""
    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.append(slack.event(text)[0]))
    thread.start()
    return thread, statuses


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_listener_that_waits_does_not_hold_up_the_others(slack: Listening) -> None:
    thread, statuses = sending(slack, "wait")
    wait_for(lambda: slack.workplace.heard == ["wait"])

    assert slack.event("quick") == (200, "")
    assert statuses == []
    slack.workplace.gate.set()
    thread.join()
    assert statuses == [200]


def test_request_beyond_what_can_be_waited_for_is_turned_away(
    slack: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_events, "WAITING_LIMIT", 1)
    thread, statuses = sending(slack, "wait")
    wait_for(lambda: slack.workplace.heard == ["wait"])

    assert slack.event("one too many") == (503, "Too many requests are under way.")
    slack.workplace.gate.set()
    thread.join()
    assert (statuses, slack.event("again")[0]) == ([200], 200)


# Beginning and ending


def test_what_is_under_way_is_answered_before_the_end_and_nothing_more_is_taken() -> None:
    slack = Listening()
    thread, statuses = sending(slack, "wait")
    wait_for(lambda: slack.workplace.heard == ["wait"])
    stopping = threading.Thread(target=slack.connection.stop)
    stopping.start()

    def is_closed() -> bool:
        try:
            return slack.event("late")[0] != 200
        except ConnectionError:
            return True

    wait_for(is_closed)
    assert statuses == []
    slack.workplace.gate.set()
    stopping.join(10)
    thread.join(10)
    assert statuses == [200]


def test_connection_that_was_never_started_can_be_stopped() -> None:
    before = threading.enumerate()
    HttpConnection(Workplace().app, Address("127.0.0.1", 0), secret=SECRET, threads=1).stop()
    assert threading.enumerate() == before


def test_port_that_is_taken_is_told_at_the_start(slack: Listening) -> None:
    second = HttpConnection(Workplace().app, Address("127.0.0.1", slack.port), secret=SECRET, threads=1)
    with pytest.raises(ListenError, match="Address already in use"):
        second.start()
    second.stop()


def test_server_that_ends_at_once_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    async def end(_server: uvicorn.Server, **_arguments: Any) -> None:
        """End, as a server that can't go on."""

    monkeypatch.setattr(uvicorn.Server, "serve", end)
    connection = HttpConnection(Workplace().app, Address("127.0.0.1", 0), secret=SECRET, threads=1)
    with pytest.raises(ListenError, match="ended as soon as it began"):
        connection.start()
    connection.stop()
