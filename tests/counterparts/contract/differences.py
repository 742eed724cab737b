"""Where local-slack is not as Slack documents itself. The stand-in has to be; docs/counterparts.md shows this table.

Each row is a question to a Slack, and the two answers: a local-slack that changes is noticed, and so is a stand-in that
comes to be as lax.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.counterparts.contract import probes_api as api
from tests.counterparts.contract import probes_events as events
from tests.counterparts.contract import probes_interactions as interactions
from tests.counterparts.contract.slack import OK, Slack


@dataclass(frozen=True)
class Difference:
    """One question and its answers.

    `where` is the method or the payload, `asks` the question in words; `documented` and `differs` are what the probe
    gives on a Slack as documented and on local-slack; `source` is the page under https://docs.slack.dev that says so.
    """

    where: str
    asks: str
    documented: Any
    differs: Any
    probe: Callable[[Slack], Any]
    source: str


_METHODS = "reference/methods/"
_CHAT = "reference/methods/chat."
_CONVERSATIONS = "reference/methods/conversations."
_MESSAGE = "reference/events/message"
_INTERACTION = "interactivity/handling-user-interaction"
_PRESS = "reference/interaction-payloads/block_actions-payload"
_COMMANDS = "interactivity/implementing-slash-commands"
_SOCKETS = "apis/events-api/using-socket-mode"

KNOWN_DIFFERENCES = (
    Difference("every method", "a token that nobody was given", "invalid_auth", OK, api.wrong_token, "authentication"),
    Difference(
        "apps.connections.open",
        "the bot's token in place of the app's",
        "not_allowed_token_type",
        OK,
        api.bot_token_for_a_socket,
        f"{_METHODS}apps.connections.open",
    ),
    Difference("chat.postMessage", "nothing to say", "no_text", OK, api.post_nothing, f"{_CHAT}postMessage"),
    Difference("chat.postMessage", "51 blocks", "invalid_blocks", OK, api.post_51_blocks, f"{_CHAT}postMessage"),
    Difference(
        "chat.postMessage", "a block comes back with an id", True, False, api.has_block_id, "reference/block-kit/blocks"
    ),
    Difference(
        "chat.postMessage", "metadata can be read back", True, False, api.keeps_metadata, "messaging/message-metadata"
    ),
    Difference(
        "chat.update", "somebody else's message", "cant_update_message", OK, api.update_others, f"{_CHAT}update"
    ),
    Difference("chat.update", "4,001 characters", "msg_too_long", OK, api.update_long, f"{_CHAT}update"),
    Difference(
        "chat.delete", "somebody else's message", "cant_delete_message", OK, api.delete_others, f"{_CHAT}delete"
    ),
    Difference(
        "chat.postEphemeral",
        "to somebody outside the channel",
        "user_not_in_channel",
        OK,
        api.whisper_to_stranger,
        f"{_CHAT}postEphemeral",
    ),
    Difference(
        "chat.postEphemeral",
        "in a channel that is not there",
        "channel_not_found",
        OK,
        api.whisper_nowhere,
        f"{_CHAT}postEphemeral",
    ),
    Difference(
        "chat.postEphemeral",
        "stands in the channel's history",
        False,
        True,
        api.whisper_is_in_history,
        f"{_CHAT}postEphemeral",
    ),
    Difference(
        "conversations.create", "a name that is taken", "name_taken", OK, api.create_taken, f"{_CONVERSATIONS}create"
    ),
    Difference(
        "conversations.create",
        "a name with capitals and spaces",
        "invalid_name_specials",
        OK,
        api.create_misnamed,
        f"{_CONVERSATIONS}create",
    ),
    Difference(
        "conversations.create",
        "is private when is_private=0 is sent",
        False,
        True,
        api.create_public,
        f"{_CONVERSATIONS}create",
    ),
    Difference(
        "conversations.create",
        "says who made the channel and when",
        True,
        False,
        api.create_says_who,
        f"{_CONVERSATIONS}create",
    ),
    Difference(
        "conversations.history",
        "messages of three with limit=1",
        1,
        3,
        api.history_limit,
        f"{_CONVERSATIONS}history",
    ),
    Difference(
        "conversations.history",
        "messages of three after the second",
        1,
        3,
        api.history_oldest,
        f"{_CONVERSATIONS}history",
    ),
    Difference(
        "conversations.history",
        "a channel that is not there",
        "channel_not_found",
        OK,
        api.history_nowhere,
        f"{_CONVERSATIONS}history",
    ),
    Difference(
        "conversations.replies",
        "a thread that is not there",
        "thread_not_found",
        OK,
        api.replies_of_nothing,
        f"{_CONVERSATIONS}replies",
    ),
    Difference(
        "conversations.replies",
        "messages of four with limit=2",
        2,
        4,
        api.replies_limit,
        f"{_CONVERSATIONS}replies",
    ),
    Difference(
        "conversations.list",
        "holds private channels without being asked",
        False,
        True,
        api.list_holds_private,
        f"{_CONVERSATIONS}list",
    ),
    Difference(
        "conversations.list",
        "channels of several with limit=1",
        1,
        "several",
        api.list_limit,
        f"{_CONVERSATIONS}list",
    ),
    Difference("conversations.list", "types=secret", "invalid_types", OK, api.list_odd_types, f"{_CONVERSATIONS}list"),
    Difference(
        "conversations.open",
        "with somebody who is not there",
        "user_not_found",
        OK,
        api.open_with_nobody,
        f"{_CONVERSATIONS}open",
    ),
    Difference(
        "conversations.open",
        "with no one",
        "users_list_not_supplied",
        OK,
        api.open_without_users,
        f"{_CONVERSATIONS}open",
    ),
    Difference(
        "reactions.add", "the same reaction again", "already_reacted", OK, api.react_twice, f"{_METHODS}reactions.add"
    ),
    Difference(
        "reactions.add",
        "an emoji that can't be one",
        "invalid_name",
        OK,
        api.react_misnamed,
        f"{_METHODS}reactions.add",
    ),
    Difference(
        "reactions.add",
        "a timestamp that is none",
        "bad_timestamp",
        "message_not_found",
        api.react_to_nonsense,
        f"{_METHODS}reactions.add",
    ),
    Difference(
        "reactions.remove",
        "a reaction that is not there",
        "no_reaction",
        OK,
        api.unreact_nothing,
        f"{_METHODS}reactions.remove",
    ),
    Difference(
        "views.open", "a trigger a second time", "exchanged_trigger_id", OK, api.open_twice, f"{_METHODS}views.open"
    ),
    Difference(
        "views.open", "a title of 25 characters", "invalid_arguments", OK, api.open_long_title, "reference/views"
    ),
    Difference(
        "views.open",
        "a block comes back with an id",
        True,
        False,
        api.view_has_block_ids,
        "reference/block-kit/blocks",
    ),
    Difference(
        "views.update", "a view that is not there", "not_found", OK, api.update_no_view, f"{_METHODS}views.update"
    ),
    Difference("views.update", "the view keeps its id", True, False, api.update_keeps_id, f"{_METHODS}views.update"),
    Difference("views.update", "an outdated hash", "hash_conflict", OK, api.update_outdated, f"{_METHODS}views.update"),
    Difference(
        "views.publish", "an outdated hash", "hash_conflict", OK, api.publish_outdated, f"{_METHODS}views.publish"
    ),
    Difference(
        "files.getUploadURLExternal",
        "a file of no bytes",
        "missing_argument",
        OK,
        api.upload_empty,
        f"{_METHODS}files.getUploadURLExternal",
    ),
    Difference(
        "files.getUploadURLExternal",
        "a file without a name",
        "missing_argument",
        "invalid_arguments",
        api.upload_nameless,
        f"{_METHODS}files.getUploadURLExternal",
    ),
    Difference(
        "message",
        "what was typed as “a & <b>”",
        "a &amp; &lt;b&gt;",
        "a & <b>",
        events.typed_text,
        "messaging/formatting",
    ),
    Difference("message", "the bot hears what it posted itself", True, False, events.own_post, _MESSAGE),
    Difference(
        "message_changed",
        "hidden and channel_type",
        (True, "channel"),
        (None, None),
        events.changed_flags,
        f"{_MESSAGE}/message_changed",
    ),
    Difference(
        "message_deleted",
        "hidden and channel_type",
        (True, "channel"),
        (None, None),
        events.deleted_flags,
        f"{_MESSAGE}/message_deleted",
    ),
    Difference(
        "app_home_opened",
        "carries the Home tab that was published",
        True,
        False,
        events.home_carries_view,
        "reference/events/app_home_opened",
    ),
    Difference("Socket Mode", "connections of two that get an event", 1, 2, events.connections_told, _SOCKETS),
    Difference(
        "Socket Mode",
        "an event without an acknowledgement comes again",
        True,
        False,
        events.comes_again,
        "apis/events-api",
    ),
    Difference("slash command", "“@ana” typed in it", "<@ANA|ana>", "@ana", interactions.typed_mention, _COMMANDS),
    Difference(
        "slash command",
        "who sees an answer without response_type",
        "the asker",
        "everyone",
        interactions.plain_answer,
        _COMMANDS,
    ),
    Difference(
        "response_url",
        "who sees an answer without response_type",
        "the asker",
        "everyone",
        interactions.plain_response,
        _INTERACTION,
    ),
    Difference("response_url", "a sixth answer is taken", False, True, interactions.sixth_response, _INTERACTION),
    Difference(
        "block_actions",
        "on a message for one person: is_ephemeral, and a message beside it",
        (True, False),
        (False, True),
        interactions.press_on_whisper,
        _PRESS,
    ),
    Difference("block_actions", "digits behind the point of action_ts", 6, "fewer", interactions.action_ts, _PRESS),
    Difference(
        "block_actions",
        "in the Home tab: the container, and a view beside it",
        ("view", True),
        ("message", False),
        interactions.press_in_home,
        _PRESS,
    ),
)

# Methods of the stand-in that local-slack answers with unknown_method. The bot goes on without the optional ones:
# tests/counterparts/test_soft_degradation.py.
LACKING = (
    "api.test",
    "bookmarks.add",
    "bookmarks.list",
    "conversations.archive",
    "conversations.invite",
    "conversations.join",
    "conversations.leave",
    "conversations.rename",
    "conversations.setPurpose",
    "conversations.setTopic",
    "conversations.unarchive",
    "pins.add",
    "pins.list",
    "pins.remove",
    "reactions.get",
    "usergroups.list",
    "usergroups.users.list",
)
