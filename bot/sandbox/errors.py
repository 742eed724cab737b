"""The two ways to be told no: by Slack (to the app) and by the stand-in (to the test)."""

from typing import Any


class SlackError(Exception):
    """Slack's answer ``ok: false``.

    Attributes:
        code: Slack's error code, such as ``channel_not_found``.
        fields: what stands beside it in the answer, such as ``needed`` and ``provided``.
    """

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


class SandboxError(Exception):
    """A test or a demo asked for something that nobody could do in Slack; the message says what."""


class SandboxTimeoutError(SandboxError):
    """Something that was waited for did not happen; the message says what was still under way."""
