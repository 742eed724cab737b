"""People as Slack describes them, in users.info and in exports: dict in, person out."""

from collections.abc import Mapping
from typing import Any

from bot.domain.people import Person
from bot.domain.text import cleaned

_SLACKBOT = "USLACKBOT"


def person_of(user_id: str, user: Mapping[str, Any], *, team_id: str | None) -> Person:
    """Return somebody as Slack describes them; `team_id` is the workspace that is asked about, None where unknown.

    Whoever belongs to another one (Slack Connect) is a guest. What is not as documented counts as not there.
    """
    profile = user.get("profile")
    profile = profile if isinstance(profile, Mapping) else {}
    is_stranger = bool(user.get("is_stranger")) or (team_id is not None and (user.get("team_id") or team_id) != team_id)
    return Person(
        user_id=user_id,
        display_name=_text(profile.get("display_name")) or _text(user.get("name")),
        real_name=_text(profile.get("real_name")) or _text(user.get("real_name")),
        zone=_text(user.get("tz")) or "UTC",
        is_bot=bool(user.get("is_bot")) or user_id == _SLACKBOT,
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")) or is_stranger,
        is_deactivated=bool(user.get("deleted")),
    )


def _text(value: object) -> str:
    return cleaned(value) if isinstance(value, str) else ""
