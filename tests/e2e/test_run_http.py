"""`scribe run --http` as a process of its own: what Slack sends over HTTP, signed as Slack signs it."""

import http.client
import json
import re
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import Sandbox, slow
from tests.e2e.process import SCRIBE, plain_environment

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PATH = "/slack/events"


class Answer:
    """What came back."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.text = response.read().decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class HttpScribe:
    """One process in HTTP mode, beside the stand-in, which answers its calls of the Web API."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.file = folder / "scribe.db"
        self.settings = {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": f"sqlite:///{self.file}",
        }
        self.process = subprocess.Popen(
            [SCRIBE, "run", "--http", "127.0.0.1:0"],
            env=plain_environment() | self.settings,
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        said = self.process.stderr.readline()
        found = re.match(r"Listening on http://127\.0\.0\.1:(\d+)/slack/events\. Type /incident help in Slack; ", said)
        assert found, said
        self.port = int(found[1])

    def post(self, body: str, *, content_type: str = "application/json", **how: Any) -> Answer:
        """Send what Slack would send, signed now, or `signed_at` seconds since 1970, or with another `secret`."""
        timestamp = str(int(how.get("signed_at", time.time())))
        signature = SignatureVerifier(how.get("secret", SECRET)).generate_signature(timestamp=timestamp, body=body)
        headers = {"Content-Type": content_type, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("POST", PATH, body.encode(), headers | how.get("headers", {}))
            return Answer(connection.getresponse())

    def event(self, **event: Any) -> Answer:
        return self.post(json.dumps({"type": "event_callback", "team_id": self.sandbox.team_id, "event": event}))

    def command(self, text: str) -> Answer:
        people = self.sandbox.workspace.people
        form = {
            "command": "/incident",
            "text": text,
            "team_id": self.sandbox.team_id,
            "user_id": next(one.id for one in people.values() if one.name == "ana"),
            "channel_id": self.sandbox.screen.channel("general").id,
            "trigger_id": f"{time.time_ns()}.1",
        }
        return self.post(urlencode(form), content_type="application/x-www-form-urlencoded")

    def ask(self, query: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self.file, timeout=10)) as connection:
            return connection.execute(query, values).fetchall()

    def declared(self, title: str) -> str:
        """Declare an incident and return the id of its channel, once it is there."""
        answer = self.command(f"start {title}")
        assert answer.status == 200
        assert "is declared" in answer.text
        query = "SELECT channel_id FROM incidents WHERE title = ? AND channel_id IS NOT NULL"
        self.sandbox.wait_until(lambda: bool(self.ask(query, title)), 15, "the channel was not made")
        return str(self.ask(query, title)[0][0])

    def end(self) -> tuple[int, str]:
        """Ask the process to end; return its exit code and what it said meanwhile."""
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


@pytest.fixture
def scribe(tmp_path: Path) -> Iterator[HttpScribe]:
    with Sandbox() as sandbox:
        sandbox.people.add_person("ana", real_name="Ana Silva")
        sandbox.people.add_channel("general", members=["ana"])
        running = HttpScribe(tmp_path, sandbox)
        try:
            yield running
        finally:
            running.process.kill()
            running.process.communicate()


def test_address_is_confirmed_and_an_incident_is_declared_and_recorded_over_http(scribe: HttpScribe) -> None:
    challenge = scribe.post(json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}))
    assert (challenge.status, challenge.json) == (200, {"challenge": "3eZbrw1aB"})

    channel = scribe.declared("Checkout errors")
    said = {"type": "message", "channel": channel, "channel_type": "channel", "user": "U1", "text": "It is the pool"}
    assert scribe.event(ts="1763640000.000100", **said).status == 200

    assert scribe.ask("SELECT text FROM messages WHERE ts = '1763640000.000100'") == [("It is the pool",)]
    assert scribe.end() == (0, "")


def test_event_that_is_not_committed_is_answered_with_500_and_stored_when_slack_delivers_it_again(
    scribe: HttpScribe,
) -> None:
    channel = scribe.declared("Checkout errors")
    event = {"type": "message", "channel": channel, "channel_type": "channel", "user": "U1", "text": "Held up"}
    body = json.dumps(
        {"type": "event_callback", "team_id": scribe.sandbox.team_id, "event": event | {"ts": "1763640000.000200"}}
    )
    with closing(sqlite3.connect(scribe.file, isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        assert scribe.post(body).status == 500
        lock.execute("ROLLBACK")
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"}

    assert scribe.post(body, headers=again).status == 200

    assert scribe.ask("SELECT text FROM messages WHERE ts = '1763640000.000200'") == [("Held up",)]


def test_request_that_slack_has_not_signed_just_now_is_refused(scribe: HttpScribe) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"})
    answers = [
        scribe.post(body, secret="another secret"),
        scribe.post(body, signed_at=time.time() - 301),
        scribe.post(body, signed_at=time.time() + 302),
        scribe.post(body, headers={"X-Slack-Signature": ""}),
        scribe.post(body, headers={"X-Slack-Request-Timestamp": "yesterday"}),
    ]

    assert {answer.status for answer in answers} == {401}
    assert {answer.text for answer in answers} == {
        "This is not a request that Slack has signed in the last five minutes."
    }


def test_port_that_is_taken_ends_the_run_with_one_line(scribe: HttpScribe, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    ended = subprocess.run(
        [SCRIBE, "run", "--http", f"127.0.0.1:{scribe.port}"],
        env=plain_environment() | scribe.settings | {"DATABASE_URL": f"sqlite:///{second}/scribe.db"},
        cwd=second,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == (
        f"Can't listen at http://127.0.0.1:{scribe.port} (Address already in use). Stop the program that does, or take "
        f"another port: scribe run --http 127.0.0.1:{scribe.port + 1}\n"
    )


def test_process_asked_to_end_answers_what_is_under_way_first(scribe: HttpScribe) -> None:
    scribe.sandbox.faults.api("views.open", slow(1))
    answers: list[Answer] = []
    asking = threading.Thread(target=lambda: answers.append(scribe.command("start")))
    asking.start()
    scribe.sandbox.wait_until(lambda: bool(scribe.sandbox._http.in_flight), what="the form was not asked for")

    code, said = scribe.end()
    asking.join()

    assert [answer.status for answer in answers] == [200]
    assert code == 0
    assert "Traceback" not in said
    with pytest.raises(ConnectionRefusedError):
        scribe.command("list")
