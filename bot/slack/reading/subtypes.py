"""What is done with each subtype of message that Slack documents or is known to send, in one table.

https://docs.slack.dev/reference/events/message lists most of them; the others come from histories and exports.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.slack.reading.shapes import Payload, string


class Treatment(StrEnum):
    """What becomes of a message."""

    TAKEN_IN = "taken in"
    CHANGES = "changes the message it names"
    DELETES = "deletes the message it names"
    WITHHELD = "taken in without its text"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Subtype:
    """A subtype, what is done with it, and why in a few words for people."""

    name: str
    treatment: Treatment
    why: str


_MEMBERS = "who comes and goes; kept apart from what is said"
_LIFE = "a notice about the channel, not something that somebody said"
_APPS = "a notice about an app"
_PINS = "a notice; what was pinned stands by itself"
_CANVAS = "a notice about a canvas, whose content stays in Slack"
_HUDDLE = "a notice about a call; what is said in it is not written down"


def _left_out(why: str, *names: str) -> tuple[Subtype, ...]:
    return tuple(Subtype(name, Treatment.LEFT_OUT, why) for name in names)


# The empty name is a message without a subtype, the usual one.
SUBTYPES = (
    Subtype(
        "", Treatment.TAKEN_IN, "what people and apps say, replies in threads and reminders that fall due among it"
    ),
    Subtype("bot_message", Treatment.TAKEN_IN, "alerts, workflows and other apps, under the name they post under"),
    Subtype("me_message", Treatment.TAKEN_IN, "what somebody says with /me"),
    Subtype("thread_broadcast", Treatment.TAKEN_IN, "a reply that also went to the channel; it stands once"),
    Subtype("file_share", Treatment.TAKEN_IN, "a message with files; of these the name, the kind and the link"),
    Subtype("file_comment", Treatment.TAKEN_IN, "a comment on a file, in old exports"),
    Subtype("message_changed", Treatment.CHANGES, "an edit; what is no edit, such as a link preview, alters no text"),
    Subtype("message_deleted", Treatment.DELETES, "the words go, and with them every earlier wording"),
    Subtype("tombstone", Treatment.DELETES, "the first message of a thread was deleted, its replies stay"),
    Subtype("ekm_access_denied", Treatment.WITHHELD, "the organisation's key was withdrawn; a text known before stays"),
    *_left_out("tells that a thread has one more reply, which comes by itself", "message_replied"),
    *_left_out("the old form of a reply that also went to the channel; the reply comes by itself", "reply_broadcast"),
    *_left_out(_MEMBERS, "channel_join", "channel_leave", "group_join", "group_leave"),
    *_left_out(_MEMBERS, "joiner_notification", "joiner_notification_for_inviter"),
    *_left_out(_LIFE, "channel_topic", "channel_purpose", "channel_name", "channel_archive", "channel_unarchive"),
    *_left_out(_LIFE, "group_topic", "group_purpose", "group_name", "group_archive", "group_unarchive"),
    *_left_out(_LIFE, "channel_convert_to_private", "channel_convert_to_public", "channel_posting_permissions"),
    *_left_out(_APPS, "bot_add", "bot_remove", "bot_enable", "bot_disable"),
    *_left_out(_APPS, "app_conversation_join", "app_conversation_leave"),
    *_left_out(
        "the head of a conversation with an assistant; what is said in it comes by itself", "assistant_app_thread"
    ),
    *_left_out(_PINS, "pinned_item", "unpinned_item"),
    *_left_out("tells that a reminder was set; the reminder comes when it falls due", "reminder_add"),
    *_left_out("an automatic answer of Slackbot to a word", "slackbot_response"),
    *_left_out("tells that a file was named; it comes with the message that shares it", "file_mention"),
    *_left_out(_CANVAS, "document_mention", "channel_canvas_updated", "tabbed_canvas_updated"),
    *_left_out(_HUDDLE, "huddle_thread", "sh_room_created", "sh_room_shared"),
)
_TREATMENTS = {subtype.name: subtype.treatment for subtype in SUBTYPES}


def treatment(message: Payload) -> Treatment:
    """Return what is to be done with a message.

    One of a subtype that nobody knew yet is taken in if a person typed it, which its `client_msg_id` shows; until now
    all others were notices of Slack's own. What only one person sees is never taken in.
    """
    if message.get("is_ephemeral"):
        return Treatment.LEFT_OUT
    subtype = message.get("subtype")
    known = _TREATMENTS.get(subtype if isinstance(subtype, str) else "")
    if known is not None:
        return known
    return Treatment.TAKEN_IN if string(message.get("client_msg_id")) else Treatment.LEFT_OUT
