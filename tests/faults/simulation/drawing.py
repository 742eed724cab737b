"""Drawing schedules: each number names one, the same on every machine with the same hypothesis."""

from collections.abc import Callable
from functools import cache

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.faults.simulation.story import (
    EMOJI,
    PEOPLE,
    Act,
    Answer,
    Cut,
    Delete,
    Edit,
    KeepOut,
    Kill,
    Kind,
    React,
    Reply,
    Say,
    Schedule,
    Sent,
    Step,
    TakeBack,
    Trouble,
    Unfurl,
)

# So many schedules are taken from what one seed of hypothesis draws.
BLOCK = 50
_DRAWN_PER_BLOCK = 300

_who = st.sampled_from(PEOPLE)
_which = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5, 8])
_sent = st.sampled_from(
    [
        *[Sent()] * 7,
        *[Sent(times=0)] * 4,
        Sent(times=2),
        Sent(times=2, late=45.0),
        Sent(late=3.0),
        Sent(late=20.0),
        Sent(late=90.0),
        Sent(late=400.0),
        Sent(late=900.0),
        Sent(is_unheard=True),
    ]
)
_kinds = st.sampled_from(
    [*[Kind.PLAIN] * 6, Kind.FILE, Kind.ALERT, Kind.ALERT, Kind.ME, Kind.JOIN, Kind.TOPIC, Kind.OWN]
)
_says = st.builds(Say, _who, _kinds, _sent)
_replies = st.builds(Reply, _which, _who, st.sampled_from([False, False, True]), _sent)
_edits = st.builds(Edit, _which, _sent, st.one_of(st.none(), st.none(), _sent))
_deletes = st.builds(Delete, _which, _sent)
_reacts = st.builds(React, _which, _who, st.sampled_from(EMOJI), _sent)
_takes_back = st.builds(TakeBack, _which, st.integers(0, 3), _sent)
# Few steps: in the middle of what was delivered last; many: in what follows, such as a comparison.
_kills = st.builds(
    Kill, st.sampled_from([0, 0, 1, 1, 2, 3, 4, 6, 9, 13, 18, 25]), st.sampled_from([0.5, 5.0, 40.0, 300.0, 900.0])
)
_troubles = st.builds(Trouble, st.lists(st.sampled_from(Answer), min_size=1, max_size=4).map(tuple))
_acts: st.SearchStrategy[Act] = st.one_of(
    _says, _says, _says, _replies, _replies, _edits, _edits, _deletes, _reacts, _reacts, _takes_back,
    st.builds(Unfurl, _which, _sent), st.builds(KeepOut, _which), _kills, _kills,
    st.builds(Cut, st.sampled_from([2.0, 30.0, 200.0, 700.0])), _troubles,
)  # fmt: skip
_afters = st.sampled_from([0.0, 0.0, 0.3, 0.3, 2.0, 2.0, 15.0, 61.0, 130.0, 400.0])

_steps = st.builds(Step, _afters, _acts)
schedules = st.builds(
    Schedule,
    # Hypothesis on its own would seldom tell a long story.
    steps=st.sampled_from([1, 8, 16, 24])
    .flatmap(lambda least: st.lists(_steps, min_size=least, max_size=45))
    .map(tuple),
    page=st.sampled_from([1, 2, 3, 5, 200]),
    most_users=st.sampled_from([1, 2, 50]),
    lags=st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.5, 4.0, 25.0, 55.0]), min_size=1, max_size=4).map(tuple),
    skew=st.sampled_from([0.0, 0.0, 0.0, 2.0, -2.0, 600.0, -600.0]),
    is_http=st.booleans(),
    talk=st.sampled_from([0, 2, 4, 6]),
    is_resolved=st.booleans(),
    recorded_after=st.sampled_from([0.0, 0.0, 0.0, 70.0]),
)

_drawn = settings(
    max_examples=_DRAWN_PER_BLOCK,
    database=None,
    deadline=None,
    derandomize=False,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    print_blob=False,
)


def run_block(block: int, body: Callable[[Schedule], None]) -> None:
    """Let `body` have the schedules of a block, one after the other; when one fails, simpler ones that fail too."""

    @seed(block)
    @_drawn
    @given(schedules)
    def each(schedule: Schedule) -> None:
        body(schedule)

    each()


@cache
def block_of(block: int) -> tuple[Schedule, ...]:
    """Return the schedules of a block: of those that hypothesis only varied a little, the first."""
    found: list[Schedule] = []

    def keep(schedule: Schedule) -> None:
        if len(found) < BLOCK and not (found and _are_alike(schedule, found[-1])):
            found.append(schedule)

    run_block(block, keep)
    assert len(found) == BLOCK
    return tuple(found)


def _are_alike(one: Schedule, other: Schedule) -> bool:
    return 2 * len(set(one.steps) & set(other.steps)) > len(set(one.steps))
