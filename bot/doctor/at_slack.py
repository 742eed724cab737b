"""Checks of what only Slack knows: tokens, scopes, the clock, channels and groups."""

import difflib
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta

from bot import config
from bot.config import Settings
from bot.doctor.findings import Finding, fail, failed, ok, warn
from bot.domain.durations import in_words
from bot.services.ports import OutsideError, RefusedError
from bot.slack.checkup import ChannelSeen, Checkup, Who
from bot.slack.manifest import SCOPES, Scope

_SKEW = timedelta(seconds=60)
_NO_SUCH_GROUP = "no_such_subteam"
_INSTALL_AGAIN = "Add it under “OAuth & Permissions” of your app and install the app again."


def check(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    """Yield what Slack says of the settings; what can't be asked, for want of a token or of Slack, is left out.

    `now` is this machine's clock (UTC).
    """
    checkup = Checkup(settings.SLACK_BOT_TOKEN, settings.SLACK_API_URL)
    try:
        who = yield from _bot_token(settings, checkup)
        at = now()
        yield from _way_in(settings, checkup)
    except OutsideError as error:
        yield fail("SLACK_API_URL", f"{settings.SLACK_API_URL} does not answer ({error}). Check it, and the network.")
        return
    if who is None:
        return
    yield from _scopes(who)
    yield from _clock(who, at)
    if settings.SCRIBE_ANNOUNCE_CHANNEL:
        yield _announcements(settings.SCRIBE_ANNOUNCE_CHANNEL, checkup, who)
    for severity, groups in settings.invite_groups.items():
        yield from _groups(f"SCRIBE_INVITE_SEV{severity.value}", groups, checkup)


def _bot_token(settings: Settings, checkup: Checkup) -> Generator[Finding, None, Who | None]:
    """Yield whether the bot's token is good, and return whom it stands for. Raises OutsideError: Slack is away."""
    problems = config.bot_token_problems(settings)
    if problems:
        yield from map(failed, problems)
        return None
    try:
        who = checkup.who()
    except RefusedError as error:
        mend = "Copy it again from “OAuth & Permissions” of your app."
        yield fail("SLACK_BOT_TOKEN", f"Slack refuses it ({error.code}). {mend}")
        return None
    yield ok("SLACK_BOT_TOKEN", f"good for @{who.bot_name} in the workspace {who.workspace} ({who.workspace_url})")
    return who


def _way_in(settings: Settings, checkup: Checkup) -> Iterator[Finding]:
    """Yield whether events can come in, over Socket Mode or HTTP. Raises OutsideError: Slack is away."""
    if settings.SLACK_SIGNING_SECRET:
        problems = config.signing_secret_problems(settings)
        yield from map(failed, problems)
        if not problems:
            yield ok("SLACK_SIGNING_SECRET", "set, for HTTP mode: scribe run --http HOST:PORT")
        if not settings.SLACK_APP_TOKEN:
            return
    problems = config.app_token_problems(settings)
    if problems:
        or_http = " For HTTP mode set SLACK_SIGNING_SECRET instead."
        yield from (failed(problem + ("" if settings.SLACK_APP_TOKEN else or_http)) for problem in problems)
        return
    try:
        checkup.open_socket(settings.SLACK_APP_TOKEN)
    except RefusedError as error:
        mend = "Make one with the scope connections:write under “Basic Information” of your app."
        yield fail("SLACK_APP_TOKEN", f"Slack refuses it ({error.code}). {mend}")
    else:
        yield ok("SLACK_APP_TOKEN", "good for Socket Mode: scribe run")


def _scopes(who: Who) -> Iterator[Finding]:
    if who.scopes is None:
        yield warn("scopes", "Slack did not say which are granted. Compare them with those of: scribe manifest")
        return
    missing = [scope for scope in SCOPES if scope.name not in who.scopes]
    yield from map(_missing, missing)
    if not missing:
        yield ok("scopes", f"all {len(SCOPES)} are granted")


def _missing(scope: Scope) -> Finding:
    text = f"not granted; it serves to {scope.purpose}. {_INSTALL_AGAIN}"
    return warn(f"scope {scope.name}", text) if scope.is_optional else fail(f"scope {scope.name}", text)


def _clock(who: Who, now: datetime) -> Iterator[Finding]:
    if who.slack_time is None:
        return
    skew = now - who.slack_time
    if abs(skew) <= _SKEW:
        yield ok("clock", "agrees with Slack's")
        return
    direction = "ahead of" if skew > timedelta(0) else "behind"
    mend = "Set this machine's clock; 5 minutes apart, HTTP mode refuses what Slack sends."
    yield warn("clock", f"{in_words(abs(skew))} {direction} Slack's. {mend}")


def _announcements(wanted: str, checkup: Checkup, who: Who) -> Finding:
    subject = "SCRIBE_ANNOUNCE_CHANNEL"
    name = wanted.removeprefix("#")
    try:
        channels = list(checkup.channels())
    except OutsideError as error:
        return warn(subject, f"“{wanted}” could not be looked up ({error})")
    found = [channel for channel in channels if name in (channel.name, channel.channel_id)]
    # An archived channel may have given its name to a new one.
    channel = min(found, key=lambda one: one.is_archived, default=None)
    if channel is None:
        return fail(subject, f"there is no channel “{wanted}” that the bot can see. {_other(name, channels, who)}")
    if channel.is_archived:
        return fail(subject, f"#{channel.name} is archived. Name another channel, or unarchive it.")
    if not channel.is_member:
        return fail(subject, f"the bot is not in #{channel.name}. Type there: /invite @{who.bot_name}")
    return ok(subject, f"#{channel.name}, and the bot is in it")


def _other(name: str, channels: list[ChannelSeen], who: Who) -> str:
    close = difflib.get_close_matches(name, [channel.name for channel in channels if not channel.is_archived], 1)
    if close:
        return f"Did you mean {close[0]}?"
    return f"Check the name; into a private channel invite the bot first: /invite @{who.bot_name}"


def _groups(subject: str, group_ids: tuple[str, ...], checkup: Checkup) -> Iterator[Finding]:
    """Yield whether each user group of a setting is there and has somebody in it."""
    for group_id in group_ids:
        try:
            size = checkup.group_size(group_id)
        except RefusedError as error:
            if error.code == _NO_SUCH_GROUP:
                mend = "Its id, such as S0614TZR7, is in the group's menu in Slack: Copy group ID."
                yield fail(subject, f"there is no user group “{group_id}”. {mend}")
            else:
                yield warn(subject, f"“{group_id}” could not be looked up ({error})")
        except OutsideError as error:
            yield warn(subject, f"“{group_id}” could not be looked up ({error})")
        else:
            people = "1 person" if size == 1 else f"{size} people"
            text = f"user group {group_id} has {people if size else 'nobody in it. Add people to it in Slack.'}"
            yield ok(subject, text) if size else warn(subject, text)
