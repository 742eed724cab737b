"""The demo: a bundled incident, played through the real application against the stand-in for Slack."""

from bot.demo.errors import DemoError
from bot.demo.performance import play

__all__ = ["DemoError", "play"]
