import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import ActionItem, ActionMove, ActionStatus, move, owners_with_open_work, same_work
from bot.domain.errors import UserError
from tests.factories import make_action


@pytest.mark.parametrize("status", [ActionStatus.OPEN, ActionStatus.DONE])
def test_action_is_finished_or_opened_without_a_reason(status: ActionStatus) -> None:
    assert move(status, "  ") == ActionMove(status, None)


def test_action_is_dropped_only_with_a_reason() -> None:
    assert move(ActionStatus.DROPPED, " replaced ") == ActionMove(ActionStatus.DROPPED, "replaced")
    with pytest.raises(UserError, match="Say why it is dropped") as refused:
        move(ActionStatus.DROPPED, " \n")
    assert refused.value.field == "reason"


def test_done_and_dropped_are_finished() -> None:
    assert [status for status in ActionStatus if status.is_finished] == [ActionStatus.DONE, ActionStatus.DROPPED]


owned = st.builds(
    make_action,
    st.integers(1, 99),
    owner_id=st.sampled_from((None, "U1", "U2", "U3")),
    status=st.sampled_from(ActionStatus),
)


@given(st.lists(owned, max_size=8))
def test_owners_with_open_work_are_named_once_each(actions: list[ActionItem]) -> None:
    found = owners_with_open_work(actions)
    assert len(set(found)) == len(found)
    assert set(found) == {one.owner_id for one in actions if one.owner_id and one.status is ActionStatus.OPEN}


LONG = "Compare the size of the pool with the load of each worker, and alert on it before the peak of the evening"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Alert on pool saturation", 1),
        ("  alert on\npool SATURATION. ", 1),
        ("Alert on pool", None),
        ("Alert on pool saturation and on its queue", None),
        (f"{LONG[:60]}…", 2),
        ("Compare…", None),
        ("…", None),
        ("Write the runbook", None),
    ],
)
def test_action_is_known_by_its_words_while_it_is_open(typed: str, number: int | None) -> None:
    done = make_action(3, "Write the runbook", status=ActionStatus.DONE)
    found = same_work((make_action(1), make_action(2, LONG), done), typed)
    assert (found and found.number) == number
