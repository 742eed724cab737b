"""Modals and the Home tab. https://docs.slack.dev/surfaces/modals"""

from tests.counterparts.contract.samples import done, home, modal, opened
from tests.counterparts.contract.slack import Slack, outcome

VIEW_KEYS = {"id", "team_id", "app_id", "bot_id", "type", "blocks", "hash", "state", "root_view_id", "previous_view_id"}


def titled(slack: Slack) -> str | None:
    """The title of the modal that ana sees."""
    seen = slack.modal(slack.ana)
    return seen["title"]["text"] if seen else None


def test_trigger_opens_a_modal(slack: Slack, channel: str) -> None:
    view = opened(slack, channel)
    assert set(view) >= VIEW_KEYS
    assert (view["team_id"], view["callback_id"], view["private_metadata"]) == (slack.team, "form", '{"row": 7}')
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    seen = slack.modal(slack.ana)
    assert seen is not None
    assert [block["block_id"] for block in seen["blocks"]] == ["words", "choice", "boxes"]


def test_unknown_trigger_opens_nothing(slack: Slack, channel: str) -> None:
    wrong = {"trigger_id": "12345.98765.abcd2358fdea", "view": modal()}
    assert outcome(slack.client.views_open, **wrong) == "invalid_trigger_id"


def test_submission_carries_what_was_filled_in_by_block_and_action(slack: Slack, channel: str) -> None:
    view = opened(slack, channel)
    slack.submit(slack.ana, {"words": "a & b", "boxes": ["two"]})
    payload = slack.app.last("interactive")
    assert payload["type"] == "view_submission"
    assert payload["user"]["id"] == slack.ana
    assert payload["team"]["id"] == payload["user"]["team_id"] == slack.team
    assert set(payload) >= {"api_app_id", "token", "trigger_id", "response_urls", "is_enterprise_install"}
    sent = payload["view"]
    assert (sent["id"], sent["callback_id"], sent["private_metadata"]) == (view["id"], "form", '{"row": 7}')
    values = sent["state"]["values"]
    assert values["words"] == {"words.element": {"type": "plain_text_input", "value": "a & b"}}
    assert values["choice"]["choice.element"]["selected_option"]["value"] == "one"
    assert [one["value"] for one in values["boxes"]["boxes.element"]["selected_options"]] == ["two"]


def test_field_that_was_left_alone_is_there_without_a_value(slack: Slack, channel: str) -> None:
    opened(slack, channel)
    slack.submit(slack.ana, {"words": "x"})
    values = slack.app.last("interactive")["view"]["state"]["values"]
    assert values["boxes"]["boxes.element"]["selected_options"] == []


def test_submission_that_is_acknowledged_closes_the_modal(slack: Slack, channel: str) -> None:
    opened(slack, channel)
    assert slack.submit(slack.ana, {"words": "x"}) == {}
    assert slack.modal(slack.ana) is None


def test_errors_are_shown_at_their_fields_and_the_modal_stays(slack: Slack, channel: str) -> None:
    opened(slack, channel)
    slack.app.answer("interactive", {"response_action": "errors", "errors": {"words": "Too short"}})
    assert slack.submit(slack.ana, {"words": "x"}) == {"words": "Too short"}
    assert titled(slack) == "A form"
    slack.close_modal(slack.ana)


def test_answer_to_a_submission_changes_the_modal(slack: Slack, channel: str) -> None:
    opened(slack, channel)
    slack.app.answer("interactive", {"response_action": "update", "view": done("It is done")})
    slack.submit(slack.ana, {"words": "x"})
    assert titled(slack) == "Done"
    slack.close_modal(slack.ana)
    assert slack.modal(slack.ana) is None


def test_answer_to_a_submission_pushes_another_modal_or_clears_all(slack: Slack, channel: str) -> None:
    first = opened(slack, channel)
    slack.app.answer("interactive", {"response_action": "push", "view": modal("Second step")})
    slack.submit(slack.ana, {"words": "x"})
    assert titled(slack) == "Second step"
    second = slack.modal(slack.ana)
    assert second is not None
    assert second["id"] != first["id"]
    slack.app.answer("interactive", {"response_action": "clear"})
    slack.submit(slack.ana, {"words": "y"})
    assert slack.modal(slack.ana) is None


def test_open_modal_is_updated_by_its_id(slack: Slack, channel: str) -> None:
    view = opened(slack, channel)
    slack.client.views_update(view_id=view["id"], view=modal("Another title"))
    assert titled(slack) == "Another title"
    slack.close_modal(slack.ana)


def test_closing_is_told_where_it_was_asked_for(slack: Slack, channel: str) -> None:
    opened(slack, channel, modal(notify_on_close=True))
    slack.close_modal(slack.ana)
    payload = slack.app.last("interactive", of="view_closed")
    assert (payload["type"], payload["user"]["id"]) == ("view_closed", slack.ana)
    assert payload["view"]["callback_id"] == "form"
    assert isinstance(payload["is_cleared"], bool)


def test_home_tab_is_published_for_one_person(slack: Slack) -> None:
    view = slack.client.views_publish(user_id=slack.ben, view=home("Go"))["view"]
    assert set(view) >= VIEW_KEYS - {"previous_view_id"}
    assert view["type"] == "home"
    slack.client.views_publish(user_id=slack.ana, view=home("Stay"))
    assert slack.home(slack.ben)["blocks"][0]["elements"][0]["text"]["text"] == "Go"


def test_button_of_the_home_tab_sends_its_value_and_a_trigger(slack: Slack, channel: str) -> None:
    slack.client.views_publish(user_id=slack.ana, view=home("Go"))
    slack.press_in_home(slack.ana, "home.go")
    payload = slack.app.last("interactive")
    assert (payload["type"], payload["user"]["id"]) == ("block_actions", slack.ana)
    assert (payload["actions"][0]["action_id"], payload["actions"][0]["value"]) == ("home.go", "go")
    slack.client.views_open(trigger_id=payload["trigger_id"], view=modal())
    assert titled(slack) == "A form"
    slack.close_modal(slack.ana)
