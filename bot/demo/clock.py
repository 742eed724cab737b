"""The demo's clock, moved by hand."""

import threading
from datetime import UTC, datetime


class ManualClock:
    """A clock that stands still until it is moved. Calling it gives its time (UTC); any thread may."""

    def __init__(self, at: datetime) -> None:
        self._lock = threading.Lock()
        self._at = at.astimezone(UTC)

    def __call__(self) -> datetime:
        """Return the time that the clock shows."""
        with self._lock:
            return self._at

    def move_to(self, at: datetime) -> None:
        """Show `at` (aware) from now on; a time that has passed leaves the clock where it is."""
        with self._lock:
            self._at = max(self._at, at.astimezone(UTC))
