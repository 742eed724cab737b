"""What looking at the socket twice a second tells of losses, silence and renewals."""

import pytest

from bot.domain.capturing import GapCause
from bot.slack.socket_state import Back, Seen, SocketState, announces_end

START = 1_000.0


def see(session: str | None, heard: float, *, active: bool = True, ending: str | None = None) -> Seen:
    return Seen(session, active, START + heard, ending)


def looked(
    *looks: tuple[float, Seen], silent_after: float = 15.0
) -> tuple[list[tuple[GapCause, float, float]], SocketState]:
    """Return what was missed, in seconds since the start, and the state at the end."""
    state = SocketState()
    found: list[Back] = []
    for at, seen in looks:
        back = state.look(seen, START + at)
        found += [back] if back else []
    return [(back.cause, back.since - START, back.until - START) for back in found], state


@pytest.mark.parametrize(
    ("message", "does"),
    [
        ('{"type": "disconnect", "reason": "refresh_requested"}', True),
        ('{"reason":"warning","type":"disconnect"}', True),
        ('{"type": "events_api", "payload": {"event": {"reaction": "disconnect"}}}', False),
        ('["disconnect"]', False),
        ('"disconnect" and then nothing that can be read', False),
        ('{"type": "hello"}', False),
    ],
)
def test_only_an_envelope_of_that_type_announces_the_end(message: str, *, does: bool) -> None:
    assert announces_end(message) is does


DISCONNECTED, SILENT, FROZEN = GapCause.DISCONNECTED, GapCause.SILENT, GapCause.NOT_RUNNING


@pytest.mark.parametrize(
    ("looks", "missed"),
    [
        pytest.param([(0, see("a", 0)), (5, see("a", 5)), (10, see("a", 5))], [], id="all is well"),
        pytest.param(
            [
                (0, see("a", 0)),
                (5, see("a", 4)),
                (5.5, see("a", 4, active=False)),
                (9, see("b", 8)),
                (9.5, see("b", 8)),
            ],
            [(DISCONNECTED, 4, 9)],
            id="lost and connected again",
        ),
        pytest.param(
            [(0, see("a", 0)), (1, see("a", 0, active=False)), (2, see("b", 0, active=False)), (60, see("c", 60))],
            [(DISCONNECTED, 0, 60)],
            id="the process stood still while it was lost",
        ),
        pytest.param(
            [(0, see("a", 0)), (5, see("a", 4)), (5.5, see("b", 5.4))],
            [(DISCONNECTED, 4, 5.5)],
            id="lost and connected between two looks",
        ),
        pytest.param(
            [(0, see("a", 0)), (5, see("a", 5, ending="a")), (5.5, see("b", 5.4, ending="a"))],
            [],
            id="renewed as announced",
        ),
        pytest.param(
            [
                (0, see("a", 0)),
                (5, see("a", 5, ending="a")),
                (5.5, see("a", 5, active=False, ending="a")),
                (6, see("b", 6, ending="a")),
            ],
            [],
            id="looked at in the moment of renewal",
        ),
        pytest.param(
            [
                (0, see("a", 0)),
                (5, see("a", 5, ending="a")),
                (5.5, see("a", 5, active=False, ending="a")),
                (6, see("a", 5, active=False, ending="a")),
                (9, see("b", 9)),
            ],
            [(DISCONNECTED, 5, 9)],
            id="announced but not renewed in time",
        ),
        pytest.param(
            [(0, see("a", 0)), (10, see("a", 2)), (17.5, see("a", 2)), (19, see("b", 18.5))],
            [(SILENT, 2, 19)],
            id="silent and replaced",
        ),
        pytest.param(
            [(0, see("a", 0)), (10, see("a", 2)), (17.5, see("a", 2)), (19, see("a", 18.5))],
            [(SILENT, 2, 19)],
            id="silent and heard again",
        ),
        pytest.param(
            [(0, see("a", 0)), (0.5, see("a", 0)), (60, see("a", 0)), (60.5, see("a", 60.2))],
            [(FROZEN, 0.5, 60.5)],
            id="the process stood still and the connection outlived it",
        ),
        pytest.param(
            [(0, see("a", 0)), (0.5, see("a", 0)), (60, see("a", 0, active=False)), (62, see("b", 62))],
            [(FROZEN, 0.5, 62)],
            id="the process stood still and the connection did not outlive it",
        ),
        pytest.param([(0, see("a", -1000)), (5, see("a", 5))], [], id="nothing heard before the first look"),
        pytest.param(
            [(0, see(None, 0, active=False)), (1, see("a", 1))],
            [(DISCONNECTED, 0, 1)],
            id="not connected at first",
        ),
        pytest.param(
            [
                (0, see("a", 0)),
                (1, see("a", 0, active=False)),
                (2, see("b", 2)),
                (3, see("b", 3, active=False)),
                (4, see("c", 4)),
            ],
            [(DISCONNECTED, 0, 2), (DISCONNECTED, 3, 4)],
            id="lost twice",
        ),
        pytest.param(
            [(0, see("a", 0)), (5, see("b", 5, active=False)), (7, see("c", 7))],
            [(DISCONNECTED, 0, 7)],
            id="what replaced it is dead already",
        ),
    ],
)
def test_what_was_missed_is_told_when_it_is_over(
    looks: list[tuple[float, Seen]], missed: list[tuple[GapCause, float, float]]
) -> None:
    found, state = looked(*looks)
    assert found == missed
    assert state.loss is None


def test_as_long_as_nothing_comes_in_it_is_lost_and_nothing_is_told() -> None:
    looks = [(0.0, see("a", 0)), *((float(at), see("a", 0, active=False)) for at in range(1, 9))]
    found, state = looked(*looks)
    assert found == []
    assert state.loss is not None
    assert (state.loss.cause, state.loss.since) == (DISCONNECTED, START)


def test_pause_for_a_good_reason_is_not_taken_for_a_process_that_stood_still() -> None:
    state = SocketState()
    state.look(see("a", 0), START)
    state.pause(START + 40)
    assert state.look(see("b", 40), START + 40.5) == Back(DISCONNECTED, START, START + 40.5)


def test_session_of_which_nothing_was_heard_yet_is_not_silent_at_once() -> None:
    found, state = looked(
        (0, see("a", 0, ending="a")),
        (14, see("a", 0, ending="a")),
        (14.5, see("b", 0, ending="a")),
        (20, see("b", 0, ending="a")),
    )
    assert found == []
    assert state.loss is None
