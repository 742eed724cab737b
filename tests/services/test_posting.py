"""Ground rule: the intent is stored, the message sent, and after a lost answer looked for before it is sent again."""

import pytest

from bot.services.ports import BusyError, OutcomeUnknownError, RefusedError
from bot.services.posting import deliver, deliver_file
from bot.services.views import LineView
from bot.services.world import World
from storage import posts
from storage.posts import NewPost, Post, PostState
from tests.factories import CHANNEL, TEAM
from tests.fakes import FakeSlack, Killed, busy, lost, refused

LINE = NewPost("line:1:a", TEAM, None, "line", CHANNEL, "1.2")
FILE = NewPost("draft-file:1:1", TEAM, None, "draft-file", CHANNEL, "1.2")


def send(world: World) -> Post:
    return deliver(world, LINE, LineView("Status: mitigated"))


def share(world: World) -> Post:
    return deliver_file(world, FILE, name="draft.md", title="Draft 1", content=b"# Draft")


def state(world: World, key: str) -> PostState:
    with world.database.reading() as connection:
        post = posts.by_key(connection, key)
    assert post is not None
    return post.state


def shared(slack: FakeSlack) -> list[str]:
    return [file.name for file in slack.files.values() for _ in file.shared_in]


def test_message_is_posted_once_however_often_it_is_asked_for(world: World, slack: FakeSlack) -> None:
    first = send(world)
    assert send(world) == first
    assert [(one.ts, one.thread_ts) for one in slack.messages] == [(first.ts, "1.2")]
    assert slack.calls == ["send"]


def test_message_whose_answer_was_lost_is_found_and_not_sent_again(world: World, slack: FakeSlack) -> None:
    slack.goes_wrong("send", lost(), is_after=True)
    with pytest.raises(OutcomeUnknownError):
        send(world)
    assert state(world, LINE.key) is PostState.SENDING
    posted = send(world)
    assert [one.ts for one in slack.messages] == [posted.ts]
    assert slack.calls == ["send", "find", "update"]


def test_found_message_says_what_there_is_to_say_now(world: World, slack: FakeSlack) -> None:
    slack.goes_wrong("send", lost(), is_after=True)
    with pytest.raises(OutcomeUnknownError):
        send(world)
    deliver(world, LINE, LineView("Status: resolved"))
    assert [one.view for one in slack.messages] == [LineView("Status: resolved")]


def test_found_message_counts_as_sent_though_it_may_not_be_changed(world: World, slack: FakeSlack) -> None:
    slack.goes_wrong("send", lost(), is_after=True)
    slack.goes_wrong("update", refused("edit_window_closed"))
    with pytest.raises(OutcomeUnknownError):
        send(world)
    send(world)
    assert state(world, LINE.key) is PostState.SENT
    assert len(slack.messages) == 1


def test_message_that_never_arrived_is_sent_again(world: World, slack: FakeSlack) -> None:
    slack.goes_wrong("send", lost())
    with pytest.raises(OutcomeUnknownError):
        send(world)
    assert slack.messages == []
    send(world)
    assert len(slack.messages) == 1


def test_nothing_is_sent_while_it_cannot_be_looked_for(world: World, slack: FakeSlack) -> None:
    slack.goes_wrong("send", lost(), is_after=True)
    slack.goes_wrong("find", busy(), times=2)
    for error in (OutcomeUnknownError, BusyError, BusyError):
        with pytest.raises(error):
            send(world)
    send(world)
    assert len(slack.messages) == 1


@pytest.mark.parametrize("error", [busy(), refused()])
def test_refused_message_had_no_effect_and_is_sent_without_looking(
    world: World, slack: FakeSlack, error: BusyError | RefusedError
) -> None:
    slack.goes_wrong("send", error)
    with pytest.raises(type(error)):
        send(world)
    assert state(world, LINE.key) is PostState.INTENDED
    send(world)
    assert slack.calls == ["send", "send"]
    assert len(slack.messages) == 1


@pytest.mark.parametrize("is_after", [False, True])
def test_process_killed_while_sending_leaves_one_message_in_the_end(
    world: World, slack: FakeSlack, *, is_after: bool
) -> None:
    slack.goes_wrong("send", Killed(), is_after=is_after)
    with pytest.raises(Killed):
        send(world)
    assert state(world, LINE.key) is PostState.SENDING
    send(world)
    assert len(slack.messages) == 1


def test_two_messages_of_one_text_are_two(world: World, slack: FakeSlack) -> None:
    slack.goes_wrong("send", lost(), is_after=True)
    with pytest.raises(OutcomeUnknownError):
        send(world)
    deliver(world, NewPost("line:1:b", TEAM, None, "line", CHANNEL, "1.2"), LineView("Status: mitigated"))
    send(world)
    assert sorted(one.key for one in slack.messages) == ["line:1:a", "line:1:b"]


def test_file_is_shared_once_however_often_it_is_asked_for(world: World, slack: FakeSlack) -> None:
    share(world)
    share(world)
    assert shared(slack) == ["draft.md"]
    assert slack.calls == ["begin_file", "share_file"]


@pytest.mark.parametrize("error", [lost(), busy(), Killed()])
@pytest.mark.parametrize(
    ("call", "is_after"), [("begin_file", False), ("begin_file", True), ("share_file", False), ("share_file", True)]
)
def test_file_is_shared_once_wherever_it_broke(
    world: World, slack: FakeSlack, error: BaseException, call: str, *, is_after: bool
) -> None:
    slack.goes_wrong(call, error, is_after=is_after)
    with pytest.raises(type(error)):
        share(world)
    share(world)
    assert shared(slack) == ["draft.md"]
    assert state(world, FILE.key) is PostState.SENT


def test_file_is_not_shared_again_while_slack_cannot_say_whether_it_is(world: World, slack: FakeSlack) -> None:
    slack.goes_wrong("share_file", lost(), is_after=True)
    slack.goes_wrong("is_shared", lost())
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError):
            share(world)
    share(world)
    assert shared(slack) == ["draft.md"]
