"""local-slack (npm) as a process of its own: a Slack that nobody here wrote, on a free port of this machine."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

NODE_MODULES = Path(__file__).parents[2] / ".node" / "node_modules"
BOT_TOKEN = "xoxb-test-token"
APP_TOKEN = "xapp-test-token"
SIGNING_SECRET = "made-up-signing-secret"
APP = "A0LOCAL001"
TEAM = "T0LOCAL001"
BOT_USER = "U0SCRIBE01"
BOT_ID = "B0SCRIBE01"
ANA, BEN, CLEO = "U0ANA00001", "U0BEN00001", "U0CLEO0001"
GENERAL, INCIDENTS, OPS = "C0GENERAL1", "C0INCIDENT", "C0OPS00001"
_ADDRESS = re.compile(rb"Web UI:\s+(http://\S+)")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_START_SECONDS = 15.0
_POLL_SECONDS = 0.02


def binary() -> Path:
    """Return the program; without it the test fails with what to do, rather than being passed over."""
    found = sorted(NODE_MODULES.glob("local-slack-*/bin/local-slack"))
    if not found:
        pytest.fail("run: make .node/.ready", pytrace=False)
    return found[0]


def without_proxies(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment without proxies: slack_sdk sends calls to this machine through them as well."""
    return {name: value for name, value in environment.items() if name.lower() not in _PROXIES}


def wait_until(condition: Callable[[], bool], what: str | Callable[[], str], seconds: float = 10.0) -> None:
    """Return once the condition holds; fail saying `what` did not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what if isinstance(what, str) else what()} within {seconds:g} s")
        time.sleep(_POLL_SECONDS)


def _workspace(request_url: str | None) -> dict[str, object]:
    """Return the workspace as its configuration file says it: a small team, three channels, one app."""
    people = ((ANA, "ana", "Ana Silva"), (BEN, "ben", "Ben Okoro"), (CLEO, "cleo", "Cleo Marchetti"))
    delivery = {"mode": "events", "requestUrl": request_url} if request_url else {"mode": "socket"}
    return {
        "workspace": {"name": "Counterpart", "domain": "counterpart", "teamId": TEAM},
        "app": {
            "appId": APP,
            "botUserId": BOT_USER,
            "botName": "scribe",
            "botToken": BOT_TOKEN,
            "appToken": APP_TOKEN,
            "signingSecret": SIGNING_SECRET,
            **delivery,
        },
        "users": [{"id": id_, "name": name, "real_name": real, "tz": "Europe/London"} for id_, name, real in people],
        "channels": [
            {"id": GENERAL, "name": "general", "members": [ANA, BEN, CLEO]},
            {"id": INCIDENTS, "name": "incidents", "members": [ANA, BEN, CLEO, BOT_USER]},
            {"id": OPS, "name": "ops", "members": [ANA, BEN, CLEO, BOT_USER]},
        ],
    }


@dataclass
class Server:
    """The running program. `close` ends it."""

    url: str
    _process: subprocess.Popen[bytes]

    @property
    def api_url(self) -> str:
        """Where the Web API is."""
        return f"{self.url}/api/"

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def close(self) -> None:
        """End the process by its id and wait for its end."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)


def start(folder: Path, *, request_url: str | None = None) -> Server:
    """Start local-slack with a configuration of its own in `folder`; with `request_url` it delivers over HTTP.

    It chooses a free port by itself, so that any number may start at once.
    """
    program = binary()
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "local-slack.yaml"
    configuration.write_text(yaml.safe_dump(_workspace(request_url)), encoding="utf-8")
    said = folder / "local-slack.out"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [program, "--config", configuration, "--port", "0", "--base-host", "127.0.0.1", "--files-dir", folder],
            env=without_proxies(dict(os.environ)),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = _ADDRESS.search(said.read_bytes())
        if found:
            return Server(found[1].decode(), process)
        time.sleep(_POLL_SECONDS)
    process.kill()
    process.wait(5)
    pytest.fail(f"local-slack did not start: {said.read_text(errors='replace')}")
