"""Capture: what a delivery taught is committed before the delivery is acknowledged, and nothing else happens then."""

from bot.domain.messages import CaptureRecord
from bot.services.world import World


def capture(world: World, *records: CaptureRecord) -> None:
    """Return once the records are committed.

    Raises storage.writer.NotStoredError otherwise: the delivery must then stay without an ack, so that it comes again.
    """
    world.writer.save(records)
