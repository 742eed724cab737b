"""The program with a part broken on purpose: the checks have to notice, or they check nothing."""

from collections.abc import Sequence

from bot.domain.messages import CaptureRecord
from bot.services import jobs
from bot.services.world import World
from storage.due import DueItem
from storage.writer import Settle
from tests.faults.simulation.play import Way
from tests.faults.simulation.program import WORK, InlineWriter


class HastyWriter(InlineWriter):
    """Says that records are committed when it has only taken them, and commits them right after that."""

    def save(self, records: Sequence[CaptureRecord], *, timeout: float = 0.0) -> None:
        self.hand_in(records, lambda _failure: None)

    def hand_in(self, records: Sequence[CaptureRecord], settle: Settle) -> None:
        super().hand_in(records, lambda _failure: None)
        settle(None)


def _does_nothing(_world: World, _item: DueItem) -> None:
    """Stand in for a comparison that never happens."""


CONTROLS = {
    "acknowledges before it commits": Way(WORK, HastyWriter),
    "never compares with the history": Way({**WORK, jobs.RECONCILE: _does_nothing}, InlineWriter, reconciles=False),
}
