"""Whether a request comes from Slack.

How it signs: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import re
import time
from collections.abc import Callable, Mapping
from enum import StrEnum

from slack_sdk.signature import Clock, SignatureVerifier

WINDOW_SECONDS = 300
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Refusal(StrEnum):
    """Why a request is not taken; for the log, the sender is told nothing more than no."""

    UNSIGNED = "it is not signed"
    STALE = "its time is more than five minutes from this machine's: is the clock right?"
    WRONG = "its signature does not fit SLACK_SIGNING_SECRET"


class _Seconds(Clock):
    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds

    def now(self) -> float:
        return self._seconds()


class Signatures:
    """Checks signatures with the app's signing secret. `seconds` is the machine's time, since 1970."""

    def __init__(self, secret: str, *, seconds: Callable[[], float] = time.time) -> None:
        self._seconds = seconds
        self._verifier = SignatureVerifier(secret, _Seconds(seconds))

    def refused_unread(self, headers: Mapping[str, str]) -> Refusal | None:
        """Return why a request is refused by its headers alone, before its body is read; None when it is not."""
        timestamp, signature = _signed(headers)
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return Refusal.UNSIGNED
        return Refusal.STALE if abs(self._seconds() - int(timestamp)) > WINDOW_SECONDS else None

    def refused(self, headers: Mapping[str, str], body: str) -> Refusal | None:
        """Return why a request is refused; None when Slack has signed exactly this body in the last five minutes."""
        refusal = self.refused_unread(headers)
        if refusal is None and not self._verifier.is_valid(body, *_signed(headers)):
            return Refusal.WRONG
        return refusal


def _signed(headers: Mapping[str, str]) -> tuple[str, str]:
    return headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
