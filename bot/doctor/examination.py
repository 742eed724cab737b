"""All checks, in the order in which people would mend them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot.config import Settings
from bot.doctor import at_home, at_slack
from bot.doctor.findings import Finding, failed, ok


def examine(settings: Settings, problems: Sequence[str], *, now: Callable[[], datetime]) -> Iterator[Finding]:
    """Yield a finding for each check as soon as it is made. Nothing is changed, and nothing secret is told.

    Args:
        settings: the settings, with the defaults in place of those that are wrong.
        problems: a line `SETTING: what is wrong` for each of those.
        now: this machine's clock (UTC).
    """
    yield from map(failed, problems)
    if not problems:
        yield ok("settings", "all of them can be read")
    yield from at_slack.check(settings, now)
    for check in (at_home.reactions, at_home.templates, at_home.database):
        yield from check(settings)
