import threading
from datetime import timedelta

from storage import posts, requests
from storage.database import Database
from storage.posts import NewPost, Post, PostState
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.storage.stored import store_incident


def new_post(key: str = "header:1", row: int | None = None, purpose: str = "header") -> NewPost:
    return NewPost(key, TEAM, row, purpose, CHANNEL, "1.2")


def intend(database: Database, new: NewPost) -> Post:
    with database.transaction() as connection:
        return posts.intend(connection, new, now=DECLARED)


def test_intent_is_stored_once_whoever_asks_how_often(database: Database) -> None:
    found: list[Post] = []
    threads = [threading.Thread(target=lambda: found.append(intend(database, new_post()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({post.post_id for post in found}) == 1
    assert (found[0].state, found[0].ts, found[0].intended_at) == (PostState.INTENDED, None, DECLARED)


def test_intent_keeps_the_moment_and_place_of_the_first_try(database: Database) -> None:
    first = intend(database, new_post())
    with database.transaction() as connection:
        again = posts.intend(
            connection, NewPost(first.key, TEAM, None, "other", "C9"), now=DECLARED + timedelta(days=1)
        )
    assert again == first


def test_state_moves_and_what_was_known_stays(database: Database) -> None:
    post = intend(database, new_post())
    with database.transaction() as connection:
        posts.set_state(connection, post, PostState.SENDING, file_id="F1")
        posts.set_state(connection, post, PostState.SENT, ts="5.6", sent_at=DECLARED)
        stored = posts.by_key(connection, post.key)
    assert stored is not None
    assert (stored.state, stored.ts, stored.file_id) == (PostState.SENT, "5.6", "F1")


def test_only_what_slack_has_is_found_by_purpose(database: Database) -> None:
    incident = store_incident(database)
    for key in ("a", "b", "c"):
        intend(database, new_post(key, incident.row_id, "follow-up"))
    intend(database, new_post("d", incident.row_id))
    with database.transaction() as connection:
        for key, state in (
            ("c", PostState.SENT),
            ("a", PostState.SENT),
            ("b", PostState.SENDING),
            ("d", PostState.SENT),
        ):
            found = posts.by_key(connection, key)
            assert found is not None
            posts.set_state(connection, found, state, ts="1.1")
        sent = posts.of_purpose(connection, incident.row_id, "follow-up")
    assert [post.key for post in sent] == ["a", "c"]


def test_request_has_no_answer_before_it_was_carried_out(database: Database) -> None:
    with database.transaction() as connection:
        assert requests.answer_of(connection, TEAM, "press:1") is None
        requests.remember(connection, TEAM, "press:1", {"text": "Done “so”"}, now=DECLARED)
    with database.reading() as connection:
        assert requests.answer_of(connection, TEAM, "press:1") == {"text": "Done “so”"}
        assert requests.answer_of(connection, "T2", "press:1") is None
