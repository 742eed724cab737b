"""Why a demo can't be played."""

from bot.domain.errors import ScribeError


class DemoError(ScribeError):
    """The demo stopped, or its files can't be written; the message is one line that says where and why."""
