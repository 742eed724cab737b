"""The PostgreSQL server that tests start ends with them, and leaves no process and no file behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.databases import ROOT, PostgresqlServer

_HOLD = """
import sys
from tests.databases import PostgresqlServer
server = PostgresqlServer()
print(server.folder, flush=True)
sys.stdin.read()
"""


def pid_of(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().split()[0])


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended yet; it belongs to another user where the tests run as root."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_server_that_was_restarted_is_gone_when_it_is_stopped() -> None:
    server = PostgresqlServer()
    folder = Path(server.folder)
    first = pid_of(folder)
    server.restart()
    second = pid_of(folder)
    server.stop()
    assert first != second
    assert soon(lambda: not (is_running(first) or is_running(second) or folder.exists()))


def test_server_is_gone_when_its_tests_are_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        folder = Path(holder.stdout.readline().strip())
        pid = pid_of(folder)
        assert is_running(pid)
        os.kill(holder.pid, signal.SIGKILL)
    assert soon(lambda: not (is_running(pid) or folder.exists()))
