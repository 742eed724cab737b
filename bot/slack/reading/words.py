"""The words of a message: what was typed, or what an app shows, without saying anything twice."""

from collections.abc import Iterator

from bot.slack.reading.attachments import PLACEHOLDERS, add_alert, is_preview, is_quote, quote
from bot.slack.reading.blocks import block_texts
from bot.slack.reading.saying import Saying
from bot.slack.reading.shapes import Payload, mapping, mappings, string
from bot.slack.reading.subtypes import Treatment, treatment
from bot.slack.text import decode, unescaped

_ABOUT_A_FILE = ("file_share", "file_comment")
WITHHELD = "The text of this message is withheld by the organisation's encryption key."


def words(message: Payload) -> str:
    """Return what a message says, as the program keeps it; empty for a message of files alone."""
    if treatment(message) is Treatment.WITHHELD:
        return WITHHELD
    if "file" in message and "files" not in message and message.get("subtype") in _ABOUT_A_FILE:
        return _of_old_file(message)
    typed = decode(string(message.get("text")))
    attachments = mappings(message, "attachments")
    if is_from_app(message) or typed.strip() in PLACEHOLDERS:
        return _of_app(message, typed, attachments)
    # What a person typed stays as it is, also when a preview of its links comes with it later.
    return "\n".join([typed, *filter(None, _quotes(typed, attachments))]) if attachments else typed


def is_from_app(message: Payload) -> bool:
    """Whether a program wrote it."""
    return bool(message.get("bot_id")) or message.get("subtype") == "bot_message"


def app_name(message: Payload) -> str:
    """Return the name that an app posted under, empty where the message says none."""
    return decode(string(message.get("username")) or string(mapping(message.get("bot_profile")).get("name")))


def strangers_name(message: Payload, team_id: str) -> str:
    """Return how a message names somebody of another workspace than this one; empty for its own people."""
    profile = mapping(message.get("user_profile"))
    team = string(message.get("user_team")) or string(profile.get("team"))
    if not team or team == team_id:
        return ""
    names = (string(profile.get(name)) for name in ("real_name", "display_name", "name"))
    return unescaped(next(filter(None, names), ""))


def _quotes(typed: str, attachments: list[Payload]) -> Iterator[str]:
    for attachment in attachments:
        if is_quote(attachment, typed):
            yield quote(attachment)


def _of_app(message: Payload, typed: str, attachments: list[Payload]) -> str:
    """Return what an app shows. Of a message with blocks Slack shows these; its text is for notifications alone."""
    name = app_name(message)
    saying = Saying(name)
    shown = list(block_texts(message))
    if shown or typed.strip() not in PLACEHOLDERS:
        saying.add(*(shown or [typed]))
    saying.add(*_quotes(typed, attachments))
    alerts = [one for one in attachments if not is_quote(one, typed)]
    for attachment in alerts:
        if not is_preview(attachment):
            add_alert(saying, attachment, name)
    if not saying.text:
        for attachment in alerts:
            add_alert(saying, attachment, name)
    return saying.text or typed.strip()


def _of_old_file(message: Payload) -> str:
    """Return what was said about a file in the old form, where the text is a notice of Slack's own."""
    comment = mapping(message.get("comment")) or mapping(mapping(message.get("file")).get("initial_comment"))
    return decode(string(comment.get("comment")))
