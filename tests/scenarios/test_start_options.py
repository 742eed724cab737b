"""Declaring with other settings: who is called in, nothing to announce in, Slack saying no."""

from collections.abc import Iterator

import pytest

from bot.sandbox import error, lost_answer, rate_limited
from bot.sandbox.faults import ApiFault
from tests.scenarios.stage import Stage, staged


@pytest.fixture(scope="module")
def stage(module_database_url: str) -> Iterator[Stage]:
    """A stage with groups to call in, and an announcement channel that does not let the bot in."""
    with staged(module_database_url, is_started=False) as stage:
        stage.people.add_person("gone", deactivated=True)
        on_call = stage.people.add_usergroup("on-call", ["ben", "gone", "cleo"])
        managers = stage.people.add_usergroup("managers", ["cleo"])
        stage.people.add_channel("closed", members=["ana"])
        stage.start(
            SCRIBE_INVITE_SEV1=f"{on_call}, {managers}",
            SCRIBE_INVITE_SEV2=f"{managers},SNOSUCHGROUP",
            SCRIBE_ANNOUNCE_CHANNEL="closed",
            SCRIBE_COMMAND="/inc",
            SCRIBE_POSTMORTEM_COMMAND="/pm",
            SCRIBE_DEFAULT_SEVERITY="4",
        )
        yield stage


def declare(stage: Stage, rest: str) -> tuple[str, str]:
    """Declares with the renamed command; returns the answer and the channel's id."""
    answer = stage.type("ana", "general", f"/inc start {rest}")
    stage.settle()
    return answer, stage.screen.channel(stage.room(answer).name).id


def test_groups_of_the_severity_are_invited_and_the_header_says_so(stage: Stage) -> None:
    _, channel = declare(stage, "All hands --sev 1")
    assert set(stage.screen.members(channel)) == {"scribe", "ana", "ben", "cleo"}
    assert "Called in: 2 groups and the reporter." in stage.bot_said(channel)[0]


def test_group_that_is_not_there_keeps_nobody_else_out_and_does_not_count_as_called(stage: Stage) -> None:
    _, channel = declare(stage, "Some hands --sev 2")
    assert set(stage.screen.members(channel)) == {"scribe", "ana", "cleo"}
    assert "Called in: 1 group and the reporter." in stage.bot_said(channel)[0]


def test_escalation_calls_in_the_groups_of_the_new_severity_and_lowering_uncalls_nobody(stage: Stage) -> None:
    _, channel = declare(stage, "Grows --sev 4")
    assert "Nobody was called in by this incident." in stage.bot_said(channel)[0]
    stage.type("ana", channel, "/inc severity 1")
    stage.settle()
    assert set(stage.screen.members(channel)) == {"scribe", "ana", "ben", "cleo"}
    assert "Called in: 2 groups and the reporter." in stage.bot_said(channel)[0]
    stage.type("ana", channel, "/inc severity 4")
    stage.settle()
    assert "Called in: 2 groups and the reporter." in stage.bot_said(channel)[0]


def test_default_severity_and_the_names_of_the_commands_are_settings(stage: Stage) -> None:
    answer, channel = declare(stage, "Nothing said")
    assert "(SEV4)" in answer
    assert "More: `/inc`" in stage.bot_said(channel)[0]
    assert "/pm draft" in stage.type("ana", channel, "/inc resolve")


def test_reporter_is_told_when_the_announcement_is_refused(stage: Stage) -> None:
    _, channel = declare(stage, "Not announced")
    (told,) = [text for text in stage.whispered("ana", channel) if "announced" in text]
    assert told.startswith("This incident could not be announced (Slack says not_in_channel).")
    assert "Invite the bot to the announcement channel" in told


def test_topic_and_pin_that_are_refused_do_not_keep_the_incident_from_opening(stage: Stage) -> None:
    stage.sandbox.faults.api("conversations.setTopic", error("missing_scope"))
    stage.sandbox.faults.api("pins.add", error("missing_scope"))
    answer, channel = declare(stage, "Without trimmings")
    assert f"{stage.room(answer).incident_id} · Without trimmings" in stage.bot_said(channel)[0]


@pytest.mark.parametrize("method", ["conversations.create", "chat.postMessage", "conversations.invite", "pins.add"])
@pytest.mark.parametrize("fault", [lost_answer(), rate_limited(1)], ids=["lost", "rate-limited"])
def test_opening_carries_on_after_a_failed_call_without_doing_anything_twice(
    stage: Stage, method: str, fault: ApiFault
) -> None:
    stage.sandbox.faults.api(method, fault)
    title = f"Shaky {method} {fault.kind.name}".replace(".", " ").replace("_", " ")
    answer = stage.type("ana", "general", f"/inc start {title}")
    room = stage.room(answer)
    stage.retry_until(lambda: any(f"{room.incident_id} is open" in text for text in stage.whispered("ana", "general")))
    channels = [one for one in stage.screen.channels() if one.name.startswith(room.name)]
    assert [one.name for one in channels] == [room.name]
    headers = [text for text in stage.bot_said(channels[0].id) if room.incident_id in text and "Severity" in text]
    assert len(headers) == 1
    assert len(stage.screen.pins(channels[0].id)) == 1


def test_refused_channel_is_told_to_the_reporter_once_and_made_when_slack_lets(stage: Stage) -> None:
    stage.sandbox.faults.api("conversations.create", error("restricted_action"), times=2)
    room = stage.room(stage.type("ana", "general", "/inc start Not allowed yet"))
    stage.retry_until(lambda: any(one.name == room.name for one in stage.screen.channels()))
    told = [text for text in stage.told_directly("ana") if room.incident_id in text]
    assert len(told) == 1
    assert "its channel could not be made (Slack says restricted_action)" in told[0]
    assert any("Not allowed yet" in text for text in stage.bot_said(room.name))
