"""Several workers at one due table: threads and processes that run at the same time."""

import threading
from collections import Counter

from storage import due
from storage.database import Database
from storage.due import NewItem
from tests.factories import DECLARED, TEAM
from tests.storage.stored import output_of, start_process

ITEMS = 60

_WORK = """
import sys
from datetime import datetime, timezone
from storage import due
from storage.database import Database
database, worker = Database(sys.argv[1]), sys.argv[2]
now = datetime.fromisoformat(sys.argv[3])
while True:
    with database.transaction() as connection:
        claimed = due.claim(connection, worker=worker, now=now, limit=3)
    if not claimed:
        break
    for item in claimed:
        print(item.subject)
        with database.transaction() as connection:
            due.finish(connection, item, worker=worker, now=now)
database.close()
"""


def fill(database: Database) -> None:
    with database.transaction() as connection:
        for number in range(ITEMS):
            due.put(connection, NewItem(TEAM, "mark", f"C{number}", "", due_at=DECLARED))


def work(database: Database, worker: str, done: list[str]) -> None:
    while True:
        with database.transaction() as connection:
            claimed = due.claim(connection, worker=worker, now=DECLARED, limit=3)
        if not claimed:
            return
        for item in claimed:
            done.append(item.subject)
            with database.transaction() as connection:
                due.finish(connection, item, worker=worker, now=DECLARED)


def test_threads_that_claim_at_once_never_get_the_same_item(database: Database) -> None:
    fill(database)
    done: list[str] = []
    threads = [threading.Thread(target=work, args=(database, f"w{number}", done)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(done) == Counter(f"C{number}" for number in range(ITEMS))


def test_processes_that_claim_at_once_never_get_the_same_item(database: Database, database_url: str) -> None:
    fill(database)
    processes = [start_process(_WORK, database_url, f"w{number}", DECLARED.isoformat()) for number in range(3)]
    done = [line for process in processes for line in output_of(process).split()]
    assert Counter(done) == Counter(f"C{number}" for number in range(ITEMS))
