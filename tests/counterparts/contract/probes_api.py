"""Questions to the Web API whose answer is not the same everywhere; each returns what came back."""

import itertools
from typing import Any

from slack_sdk import WebClient

from tests.counterparts.contract.samples import done, home, modal, opened, trigger
from tests.counterparts.contract.slack import Slack, outcome

NOWHERE = "C0NOWHERE1"
STRANGER = "U0STRANGER"
_names = itertools.count(1)


def _posted(slack: Slack, text: str = "mine", **more: Any) -> dict[str, str]:
    """The place of a new message of the bot."""
    channel = slack.channel()
    return {"channel": channel, "ts": str(slack.client.chat_postMessage(channel=channel, text=text, **more)["ts"])}


def _said(slack: Slack) -> dict[str, str]:
    """The place of a new message of somebody else."""
    channel = slack.channel()
    return {"channel": channel, "ts": slack.say(slack.ana, channel, "theirs")}


def _marked(slack: Slack) -> dict[str, str]:
    place = _said(slack)
    return {"channel": place["channel"], "timestamp": place["ts"]}


def wrong_token(slack: Slack) -> str:
    return outcome(WebClient("xoxb-nobodys", base_url=slack.client.base_url, retry_handlers=[]).auth_test)


def bot_token_for_a_socket(slack: Slack) -> str:
    return outcome(slack.client.apps_connections_open, app_token=slack.client.token)


def post_nothing(slack: Slack) -> str:
    return outcome(slack.client.api_call, api_method="chat.postMessage", params={"channel": slack.channel()})


def post_51_blocks(slack: Slack) -> str:
    return outcome(slack.client.chat_postMessage, channel=slack.channel(), text="x", blocks=[{"type": "divider"}] * 51)


def has_block_id(slack: Slack) -> bool:
    answer = slack.client.chat_postMessage(channel=slack.channel(), text="x", blocks=[{"type": "divider"}])
    return "block_id" in answer["message"]["blocks"][0]


def keeps_metadata(slack: Slack) -> bool:
    metadata = {"event_type": "told", "event_payload": {"key": "header:1"}}
    place = _posted(slack, metadata=metadata)
    (found,) = slack.client.conversations_history(channel=place["channel"], include_all_metadata=True)["messages"]
    return bool(found.get("metadata") == metadata)


def update_others(slack: Slack) -> str:
    return outcome(slack.client.chat_update, text="changed", **_said(slack))


def update_long(slack: Slack) -> str:
    return outcome(slack.client.chat_update, text="x" * 4_001, **_posted(slack))


def delete_others(slack: Slack) -> str:
    return outcome(slack.client.chat_delete, **_said(slack))


def whisper_to_stranger(slack: Slack) -> str:
    return outcome(slack.client.chat_postEphemeral, channel=slack.channel(), user=STRANGER, text="psst")


def whisper_nowhere(slack: Slack) -> str:
    return outcome(slack.client.chat_postEphemeral, channel=NOWHERE, user=slack.ana, text="psst")


def whisper_is_in_history(slack: Slack) -> bool:
    channel = slack.channel()
    slack.client.chat_postEphemeral(channel=channel, user=slack.ana, text="psst")
    return bool(slack.client.conversations_history(channel=channel)["messages"])


def create_taken(slack: Slack) -> str:
    name = f"taken-{next(_names)}"
    slack.client.conversations_create(name=name)
    return outcome(slack.client.conversations_create, name=name)


def create_misnamed(slack: Slack) -> str:
    return outcome(slack.client.conversations_create, name=f"Mis named {next(_names)}")


def create_public(slack: Slack) -> bool:
    answer = slack.client.conversations_create(name=f"public-{next(_names)}", is_private=False)
    return bool(answer["channel"]["is_private"])


def create_says_who(slack: Slack) -> bool:
    made = slack.client.conversations_create(name=f"made-{next(_names)}")["channel"]
    return made.get("creator") == slack.bot_user and isinstance(made.get("created"), int)


def _three(slack: Slack) -> tuple[str, list[str]]:
    channel = slack.channel()
    return channel, [slack.say(slack.ana, channel, text) for text in ("one", "two", "three")]


def history_limit(slack: Slack) -> int:
    channel, _ = _three(slack)
    return len(slack.client.conversations_history(channel=channel, limit=1)["messages"])


def history_oldest(slack: Slack) -> int:
    channel, stamps = _three(slack)
    return len(slack.client.conversations_history(channel=channel, oldest=stamps[1])["messages"])


def history_nowhere(slack: Slack) -> str:
    return outcome(slack.client.conversations_history, channel=NOWHERE)


def replies_of_nothing(slack: Slack) -> str:
    return outcome(slack.client.conversations_replies, channel=slack.channel(), ts="1111111111.000001")


def replies_limit(slack: Slack) -> int:
    place = _said(slack)
    for text in ("one", "two", "three"):
        slack.say(slack.ben, place["channel"], text, thread=place["ts"])
    answer = slack.client.conversations_replies(channel=place["channel"], ts=place["ts"], limit=2)
    return len(answer["messages"])


def list_holds_private(slack: Slack) -> bool:
    made = slack.client.conversations_create(name=f"private-{next(_names)}", is_private=True)["channel"]["id"]
    return made in [one["id"] for one in slack.client.conversations_list(limit=1000)["channels"]]


def list_limit(slack: Slack) -> int | str:
    slack.channel()
    slack.channel()
    count = len(slack.client.conversations_list(limit=1)["channels"])
    return count if count == 1 else "several"


def list_odd_types(slack: Slack) -> str:
    return outcome(slack.client.conversations_list, types="secret")


def open_with_nobody(slack: Slack) -> str:
    return outcome(slack.client.conversations_open, users=STRANGER)


def open_without_users(slack: Slack) -> str:
    return outcome(slack.client.api_call, api_method="conversations.open")


def react_twice(slack: Slack) -> str:
    place = _marked(slack)
    slack.client.reactions_add(name="eyes", **place)
    return outcome(slack.client.reactions_add, name="eyes", **place)


def react_misnamed(slack: Slack) -> str:
    return outcome(slack.client.reactions_add, name="no such emoji!", **_marked(slack))


def react_to_nonsense(slack: Slack) -> str:
    return outcome(slack.client.reactions_add, name="eyes", channel=slack.channel(), timestamp="yesterday")


def unreact_nothing(slack: Slack) -> str:
    return outcome(slack.client.reactions_remove, name="eyes", **_marked(slack))


def open_twice(slack: Slack) -> str:
    once = trigger(slack, slack.channel())
    slack.client.views_open(trigger_id=once, view=modal())
    return outcome(slack.client.views_open, trigger_id=once, view=modal())


def open_long_title(slack: Slack) -> str:
    return outcome(slack.client.views_open, trigger_id=trigger(slack, slack.channel()), view=modal("x" * 25))


def view_has_block_ids(slack: Slack) -> bool:
    view = {**done("It is done"), "blocks": [{"type": "divider"}]}
    return all("block_id" in block for block in opened(slack, slack.channel(), view)["blocks"])


def update_no_view(slack: Slack) -> str:
    return outcome(slack.client.views_update, view_id="V0NOTHING1", view=modal())


def update_keeps_id(slack: Slack) -> bool:
    view = opened(slack, slack.channel())
    updated = slack.client.views_update(view_id=view["id"], view=modal("Another title"))["view"]
    return bool(updated["id"] == view["id"])


def update_outdated(slack: Slack) -> str:
    view = opened(slack, slack.channel())
    return outcome(slack.client.views_update, view_id=view["id"], hash="1111111111.old", view=modal())


def publish_outdated(slack: Slack) -> str:
    slack.client.views_publish(user_id=slack.ben, view=home("Go"))
    return outcome(slack.client.views_publish, user_id=slack.ben, hash="1111111111.old", view=home("Go"))


def upload_empty(slack: Slack) -> str:
    return outcome(slack.client.files_getUploadURLExternal, filename="empty.txt", length=0)


def upload_nameless(slack: Slack) -> str:
    return outcome(slack.client.api_call, api_method="files.getUploadURLExternal", params={"length": 3})
