"""Capture: what a delivery taught is committed before the delivery is acknowledged, and nothing else happens then."""

from bot.domain.messages import CaptureRecord
from bot.services.world import World
from storage.writer import Settle


def capture(world: World, *records: CaptureRecord) -> None:
    """Return once the records are committed.

    Raises storage.writer.NotStoredError otherwise: the delivery must then stay without an ack, so that it comes again.
    """
    world.writer.save(records)


def capture_later(world: World, record: CaptureRecord, settle: Settle) -> None:
    """Hand the record in and return at once; `settle` is told of the commit, or why there was none in time.

    The delivery is acknowledged after the commit and not otherwise. Raises storage.writer.NotStoredError when the
    writer is too far behind to take it.
    """
    world.writer.hand_in((record,), settle)
