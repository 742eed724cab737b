"""Attachments: the older way in which apps write alerts, and the way in which Slack shows passed on messages and links.

https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
"""

import re
from collections.abc import Iterator

from bot.domain.links import safe_url
from bot.domain.text import mention
from bot.slack.reading.blocks import block_texts
from bot.slack.reading.saying import Saying
from bot.slack.reading.shapes import Payload, mapping, mappings, string
from bot.slack.text import decode, unescaped

_PERSON = re.compile(r"[UW][A-Z0-9]{1,31}")
# What Slack puts in the place of a text that an app left out.
PLACEHOLDERS = ("", "This content can't be displayed.", "[no preview available]")


def is_quote(attachment: Payload, typed: str) -> bool:
    """Whether somebody passed another message on.

    The preview of a link to a message in the text comes after it, and goes with the link: it is no words of the writer.
    """
    if attachment.get("is_share") is True:
        return True
    link = string(attachment.get("from_url"))
    return attachment.get("is_msg_unfurl") is True and not (link and link in typed)


def is_preview(attachment: Payload) -> bool:
    """Whether Slack or an app made this of a link in the text."""
    return any(attachment.get(name) for name in ("from_url", "original_url", "app_unfurl_url", "is_app_unfurl"))


def quote(attachment: Payload) -> str:
    """Return a message that was passed on, as a quote with who said it."""
    author_id = string(attachment.get("author_id"))
    author = mention(author_id) if _PERSON.fullmatch(author_id) else unescaped(string(attachment.get("author_name")))
    said = decode(string(attachment.get("text"))) or "\n".join(_quoted_blocks(attachment))
    said = said.strip() or decode(string(attachment.get("fallback"))).strip()
    if not said or said in PLACEHOLDERS:
        return ""
    lines = "\n".join(f"> {line}" for line in said.split("\n"))
    return f"{author} said:\n{lines}" if author else lines


def _quoted_blocks(attachment: Payload) -> Iterator[str]:
    for one in mappings(attachment, "message_blocks"):
        yield from block_texts(mapping(one.get("message")))


def add_alert(saying: Saying, attachment: Payload, app: str) -> None:
    """Add what an app of this name wrote as an attachment; the fallback only where nothing else says it."""
    before = saying.text
    saying.add(decode(string(attachment.get("pretext"))), decode(string(attachment.get("author_name"))))
    saying.add_titled(
        decode(string(attachment.get("title"))), safe_url(unescaped(string(attachment.get("title_link"))))
    )
    saying.add(decode(string(attachment.get("text"))))
    for field in mappings(attachment, "fields"):
        saying.add(_field(field))
    saying.add(*block_texts(attachment))
    if saying.text == before and (fallback := string(attachment.get("fallback"))) not in PLACEHOLDERS:
        saying.add(decode(fallback))
    footer = decode(string(attachment.get("footer"))).strip()
    # Most footers say once more which app it is, in which version.
    if not (app and footer.casefold().startswith(app.casefold())):
        saying.add(footer)


def _field(field: Payload) -> str:
    title, value = decode(string(field.get("title"))).strip(), decode(string(field.get("value"))).strip()
    if not (title and value):
        return title or value
    return f"{title.removesuffix(':')}:{chr(10) if chr(10) in value else ' '}{value}"
