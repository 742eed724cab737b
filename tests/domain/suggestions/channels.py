"""Messages for the tests of the suggestions: a channel in lines."""

from datetime import UTC, datetime, timedelta

from bot.domain.messages import Message
from tests.factories import make_bot_message, make_message

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)


def channel(*lines: tuple[str, str, str]) -> tuple[Message, ...]:
    """Return messages of `(clock, who, text)`; who begins with a capital is a bot."""
    return tuple(
        make_bot_message(clock, text, name=who) if who[0].isupper() else make_message(clock, text, user_id=who.upper())
        for clock, who, text in lines
    )


def at_second(second: int, who: str, text: str) -> Message:
    """Return a message so many seconds after midnight."""
    return make_message(MIDNIGHT + timedelta(seconds=second), text, user_id=who)
