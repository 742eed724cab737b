"""Commands, buttons, menus and response addresses. https://docs.slack.dev/interactivity/handling-user-interaction"""

from tests.counterparts.contract.samples import CHOICES, OPTIONS, pressed, respond
from tests.counterparts.contract.slack import Slack

COMMAND_KEYS = {"token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command"}
COMMAND_KEYS |= {"text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id"}
PRESS_KEYS = {"type", "user", "api_app_id", "token", "container", "trigger_id", "team", "is_enterprise_install"}
PRESS_KEYS |= {"channel", "message", "state", "response_url", "actions"}


def test_command_says_who_typed_what_where(slack: Slack, channel: str) -> None:
    slack.command(slack.ana, channel, "/try", "note 14:05 rolled back")
    payload = slack.app.last("slash_commands")
    assert set(payload) >= COMMAND_KEYS
    assert (payload["command"], payload["text"]) == ("/try", "note 14:05 rolled back")
    assert (payload["user_id"], payload["user_name"], payload["channel_id"]) == (slack.ana, "ana", channel)
    assert payload["team_id"] == slack.team
    assert all(isinstance(value, str) for value in payload.values())


def test_every_command_has_a_trigger_and_a_response_address_of_its_own(slack: Slack, channel: str) -> None:
    for _ in range(2):
        slack.command(slack.ana, channel, "/try", "")
    first, second = slack.app.payloads("slash_commands")[-2:]
    assert first["trigger_id"] != second["trigger_id"]
    assert first["response_url"] != second["response_url"]


def test_answer_in_the_acknowledgement_is_seen_by_the_asker_alone(slack: Slack, channel: str) -> None:
    section = {"type": "section", "block_id": "a", "text": {"type": "mrkdwn", "text": "*Done*"}}
    slack.app.answer("slash_commands", {"response_type": "ephemeral", "text": "Done", "blocks": [section]})
    slack.command(slack.ana, channel, "/try", "")
    (whisper,) = slack.whispers(slack.ana, channel)
    assert (whisper["text"], whisper["blocks"]) == ("Done", [section])
    assert slack.messages(channel) == []


def test_answer_for_the_channel_is_seen_by_everyone(slack: Slack, channel: str) -> None:
    slack.app.answer("slash_commands", {"response_type": "in_channel", "text": "Look"})
    slack.command(slack.ana, channel, "/try", "")
    assert [one["text"] for one in slack.messages(channel)] == ["Look"]


def test_bare_acknowledgement_shows_nothing(slack: Slack, channel: str) -> None:
    slack.command(slack.ana, channel, "/try", "")
    assert slack.whispers(slack.ana, channel) == slack.messages(channel) == []


def test_response_address_of_a_command_answers_the_asker(slack: Slack, channel: str) -> None:
    slack.command(slack.ana, channel, "/try", "")
    assert respond(slack.app.last("slash_commands"), response_type="ephemeral", text="later") == 200
    assert [one["text"] for one in slack.whispers(slack.ana, channel)] == ["later"]
    assert slack.messages(channel) == []


def test_response_address_that_was_never_given_is_refused(slack: Slack, channel: str) -> None:
    slack.command(slack.ana, channel, "/try", "")
    address = str(slack.app.last("slash_commands")["response_url"])
    assert respond({"response_url": f"{address}x"}, text="later") == 404


def test_press_says_who_pressed_what_on_which_message(slack: Slack, channel: str) -> None:
    ts, payload = pressed(slack, channel)
    assert set(payload) >= PRESS_KEYS
    assert payload["type"] == "block_actions"
    assert (payload["user"]["id"], payload["user"]["team_id"], payload["team"]["id"]) == (
        slack.ana,
        slack.team,
        slack.team,
    )
    assert payload["channel"]["id"] == channel
    container = payload["container"]
    assert (container["type"], container["message_ts"], container["channel_id"]) == ("message", ts, channel)
    assert (payload["message"]["ts"], payload["message"]["bot_id"]) == (ts, slack.bot_id)
    (action,) = payload["actions"]
    assert (action["type"], action["action_id"], action["block_id"], action["value"]) == (
        "button",
        "go",
        "choices",
        "7",
    )
    assert action["text"]["text"] == "Go"
    assert float(action["action_ts"]) >= float(ts[:10])


def test_chosen_option_comes_whole(slack: Slack, channel: str) -> None:
    ts = slack.client.chat_postMessage(channel=channel, text="Go?", blocks=CHOICES)["ts"]
    slack.press(slack.ana, channel, ts, "menu", option="two")
    (action,) = slack.app.last("interactive")["actions"]
    assert (action["type"], action["action_id"]) == ("overflow", "menu")
    assert action["selected_option"] == OPTIONS[1]


def test_response_address_of_a_press_adds_replaces_or_deletes(slack: Slack, channel: str) -> None:
    ts, payload = pressed(slack, channel)
    assert respond(payload, response_type="ephemeral", replace_original=False, text="noted") == 200
    assert [one["text"] for one in slack.whispers(slack.ana, channel)] == ["noted"]
    assert respond(payload, replace_original=True, text="Gone there") == 200
    (seen,) = slack.messages(channel)
    assert (seen["ts"], seen["text"], seen.get("blocks") or []) == (ts, "Gone there", [])
    assert respond(payload, delete_original=True) == 200
    assert slack.messages(channel) == []


def test_answer_that_only_one_person_sees_is_replaced_by_a_press_on_it(slack: Slack, channel: str) -> None:
    slack.app.answer("slash_commands", {"response_type": "ephemeral", "text": "Sure?", "blocks": CHOICES})
    slack.command(slack.ana, channel, "/try", "")
    (asked,) = slack.whispers(slack.ana, channel)
    slack.press(slack.ana, channel, asked["ts"], "go")
    payload = slack.app.last("interactive")
    assert respond(payload, response_type="ephemeral", replace_original=True, text="Sure") == 200
    assert [one["text"] for one in slack.whispers(slack.ana, channel)] == ["Sure"]


def test_trigger_of_a_press_opens_a_modal(slack: Slack, channel: str) -> None:
    _, payload = pressed(slack, channel)
    title = {"type": "plain_text", "text": "From a press"}
    section = {"type": "section", "block_id": "a", "text": title}
    slack.client.views_open(
        trigger_id=payload["trigger_id"], view={"type": "modal", "title": title, "blocks": [section]}
    )
    seen = slack.modal(slack.ana)
    assert seen is not None
    assert seen["title"]["text"] == "From a press"
    slack.close_modal(slack.ana)
