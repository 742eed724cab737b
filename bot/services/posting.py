"""Posting exactly once: the intent is committed, then the message sent, then its ts recorded.

When an answer was lost, the message is looked for by its key before anything is sent again.
"""

from datetime import timedelta

import structlog

from bot.services.ports import BusyError, Outgoing, RefusedError
from bot.services.views import View
from bot.services.world import World
from storage import posts
from storage.posts import NewPost, Post, PostState

log = structlog.get_logger()

# Slack's clock and ours may differ by this much when looking for a message by time.
_CLOCK_TOLERANCE = timedelta(minutes=10)


def deliver(world: World, new: NewPost, view: View) -> Post:
    """Post the message unless it has been posted, and return it as posted.

    Raises OutsideError; calling again later carries on where it stopped and never posts twice.
    """
    with world.database.transaction() as connection:
        post = posts.intend(connection, new, now=world.clock())
    outgoing = Outgoing(post.key, post.channel_id, post.thread_ts, view)
    if post.state is PostState.SENT:
        return post
    if post.state is PostState.SENDING:
        found = world.messenger.find(outgoing, since_epoch=since_epoch(post))
        if found:
            _bring_up_to_date(world, post, found, view)
            return _record(world, post, PostState.SENT, found)
    _record(world, post, PostState.SENDING)
    try:
        ts = world.messenger.send(outgoing)
    except (BusyError, RefusedError):
        _record(world, post, PostState.INTENDED)
        raise
    return _record(world, post, PostState.SENT, ts)


def since_epoch(post: Post) -> int:
    """Return from when on (in seconds of the epoch) a message whose sending was tried may be found."""
    return int((post.intended_at - _CLOCK_TOLERANCE).timestamp())


def _bring_up_to_date(world: World, post: Post, ts: str, view: View) -> None:
    """Show the view in a message that was found: what was sent then may be older than what there is to say now."""
    try:
        world.messenger.update(post.channel_id, ts, view)
    except RefusedError as error:
        log.warning("found message not updated", code=error.code, key=post.key)


def _record(world: World, post: Post, state: PostState, ts: str | None = None) -> Post:
    with world.database.transaction() as connection:
        posts.set_state(connection, post, state, ts=ts, sent_at=world.clock() if ts else None)
        stored = posts.by_key(connection, post.key)
    assert stored is not None
    return stored


def deliver_file(world: World, new: NewPost, *, name: str, title: str, content: bytes) -> Post:
    """Share a file unless it has been shared; the file's id, stored before the content is sent, tells which.

    Raises OutsideError; calling again later carries on and never shares twice.
    """
    with world.database.transaction() as connection:
        post = posts.intend(connection, new, now=world.clock())
    if post.state is PostState.SENT:
        return post
    if post.state is PostState.SENDING and post.file_id and world.files.is_shared(post.file_id, post.channel_id):
        return _record(world, post, PostState.SENT)
    file_id, address = world.files.begin(name, len(content))
    with world.database.transaction() as connection:
        posts.set_state(connection, post, PostState.SENDING, file_id=file_id)
    world.files.share(file_id, address, content, title=title, channel_id=post.channel_id, thread_ts=post.thread_ts)
    return _record(world, post, PostState.SENT)
