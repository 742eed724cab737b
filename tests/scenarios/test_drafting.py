"""Drafts: a summary message that stays one message, the report as a file in its thread."""

import pytest

from bot.sandbox import error, lost_answer, visible_text
from bot.sandbox.faults import ApiFault
from tests.scenarios.stage import Json, Room, Stage, labels


def summaries(stage: Stage, room: Room) -> list[Json]:
    return [one for one in stage.screen.messages(room.channel) if "Postmortem of" in visible_text(one)]


def reports(stage: Stage, room: Room) -> list[str]:
    """Returns the reports shared in the summary's thread, oldest first."""
    thread = stage.screen.thread(room.channel, summaries(stage, room)[0]["ts"])
    shared = [file["id"] for message in thread[1:] for file in message.get("files", [])]
    return [file.text for file in stage.screen.files() if file.id in shared]


def draft(stage: Stage, room: Room, *, by: str = "ana") -> str:
    answer = stage.type(by, room.channel, "/postmortem draft")
    stage.settle()
    return answer


@pytest.fixture(scope="module")
def room(stage: Stage) -> Room:
    """An incident with something of everything, drafted once."""
    room = stage.declare("Checkout & login fail --sev 2")
    ts = stage.people.say("ana", room.channel, "<https://graphs.example.com/1|the graph> shows 500s")
    stage.people.react("ana", room.channel, ts, "pushpin")
    for typed in (
        "set started 50 minutes ago",
        "set detected 40 minutes ago",
        "role lead @ben",
        "mitigated 10 minutes ago -- rolled back 4711",
        "resolve",
        "impact 1,200 customers could not pay",
        "cause root The pool has no limit",
        "action Add a load test @ben due in 2 weeks",
    ):
        stage.type("ana", room.channel, f"/incident {typed}")
    draft(stage, room)
    return room


def test_draft_answers_at_once_and_then_says_where_it_is(stage: Stage, room: Room) -> None:
    answer = stage.type("ben", "general", f"/postmortem {room.ending} draft")
    assert answer == f"Working on the draft of {room.incident_id} …"
    stage.settle()
    assert "; the report is in its thread." in stage.whispered("ben", "general")[-1]


def test_summary_tells_what_happened_in_numbers_and_what_to_do_next(stage: Stage, room: Room) -> None:
    (summary,) = summaries(stage, room)
    text = visible_text(summary)
    for words in (
        f"Postmortem of {room.incident_id}: Checkout & login fail",
        ":large_orange_circle: SEV2 · “Checkout &amp; login fail” was a SEV2 production incident.",
        "*Time to detect*\n10 min",
        "*Time to mitigate*\n40 min",
        "*Time to resolve*\n50 min",
        "1 cause, 1 action",
        "*Still missing:",
        "The report is a file in this thread.",
    ):
        assert words in text
    assert labels(summary) == ["Publish*", "Draft again"]
    assert summary["text"].startswith(f"Postmortem of {room.incident_id}: Checkout &amp; login fail (draft ")


def test_report_is_a_file_in_the_thread_of_the_summary(stage: Stage, room: Room) -> None:
    first = reports(stage, room)[0]
    for words in ("# ", "1,200 customers could not pay", "The pool has no limit", "Ben Okoro", "rolled back 4711"):
        assert words in first
    names = [file.name for file in stage.screen.files() if file.name.startswith(room.incident_id)]
    assert names[0] == f"{room.incident_id}-draft-1.md"


def test_second_draft_updates_the_summary_in_place_and_adds_its_file(stage: Stage) -> None:
    room = stage.declare("Drafted twice")
    draft(stage, room)
    (before,) = summaries(stage, room)
    stage.type("ana", room.channel, "/incident impact Twelve people waited")
    draft(stage, room)
    (after,) = summaries(stage, room)
    assert after["ts"] == before["ts"]
    assert "Draft 2." in visible_text(after)
    first, second = reports(stage, room)
    assert "Twelve people waited" not in first
    assert "Twelve people waited" in second


def test_button_under_the_summary_drafts_again(stage: Stage) -> None:
    room = stage.declare("Drafted by button")
    draft(stage, room)
    stage.people.press("ana", room.channel, summaries(stage, room)[0]["ts"], "draft.again")
    stage.settle()
    assert len(reports(stage, room)) == 2


def test_button_in_the_header_drafts_when_it_is_over(stage: Stage) -> None:
    room = stage.declare("Drafted from the header")
    stage.type("ana", room.channel, "/incident resolve")
    stage.settle()
    stage.people.press("ana", room.channel, stage.header(room)["ts"], "header.draft")
    stage.settle()
    assert len(reports(stage, room)) == 1
    assert labels(stage.header(room))[0] == "Draft again*"


def test_draft_with_nothing_known_names_the_gaps_with_their_commands(stage: Stage) -> None:
    room = stage.declare("Nothing known")
    draft(stage, room)
    text = visible_text(summaries(stage, room)[0])
    assert "*Time to detect*\nnot known" in text
    assert "more, named in the report" in text
    (report,) = reports(stage, room)
    assert report.count("**Gap:**") >= 5
    assert "/incident impact" in report


def test_every_gap_names_a_command_that_is_accepted(stage: Stage) -> None:
    room = stage.declare("Gaps to fill")
    stage.type("ana", room.channel, "/incident cause root The pool has no limit")
    stage.type("ana", room.channel, "/incident action Nobody's yet")
    draft(stage, room)
    (report,) = reports(stage, room)
    commands = [line.rpartition("For example: `")[2].rstrip("`") for line in report.split("\n") if "**Gap:**" in line]
    assert len(commands) > 8
    for command in commands:
        answer = stage.type("ana", room.channel, command.replace("@user", "@ben"))
        assert "You typed" not in answer, f"{command} is answered with: {answer}"


def test_words_that_were_edited_away_or_deleted_are_never_printed(stage: Stage) -> None:
    room = stage.declare("Taken back")
    for words in ("the password is hunter2", "blame it on carl"):
        ts = stage.people.say("ana", room.channel, words)
        stage.people.react("ana", room.channel, ts, "pushpin")
        stage.settle()
        if "password" in words:
            stage.people.edit("ana", room.channel, ts, "credentials rotated")
        else:
            stage.people.delete("ana", room.channel, ts)
    stage.settle()
    draft(stage, room)
    (report,) = reports(stage, room)
    assert "credentials rotated" in report
    assert "hunter2" not in report
    assert "carl" not in report
    assert "1 edit and 1 deletion" in report


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("chat.postMessage", lost_answer()),
        ("files.getUploadURLExternal", lost_answer()),
        ("upload", lost_answer()),
        ("files.completeUploadExternal", lost_answer()),
        ("response_url", error("no")),
    ],
    ids=["summary", "address", "content", "sharing", "answer"],
)
def test_lost_answer_posts_nothing_twice(stage: Stage, method: str, fault: ApiFault) -> None:
    room = stage.declare(f"Lost {method} {fault.kind.name}")
    stage.sandbox.faults.api(method, fault)
    draft(stage, room)
    stage.retry_until(lambda: bool(summaries(stage, room)) and len(reports(stage, room)) >= 1)
    stage.pass_time(minutes=1)
    assert len(summaries(stage, room)) == 1
    assert len(reports(stage, room)) == 1


def test_file_that_slack_refuses_is_told_to_the_asker(stage: Stage) -> None:
    room = stage.declare("No files here")
    stage.sandbox.faults.api("files.completeUploadExternal", error("missing_scope"))
    draft(stage, room)
    assert "its file could not be shared (Slack says missing_scope" in stage.whispered("ana", room.channel)[-1]
    assert len(summaries(stage, room)) == 1


def test_summary_that_somebody_deleted_is_posted_anew_with_the_next_draft(stage: Stage) -> None:
    room = stage.declare("Deleted summary")
    stage.type("ana", room.channel, "/incident resolve")
    draft(stage, room)
    stage.people.delete("ana", room.channel, summaries(stage, room)[0]["ts"], as_admin=True)
    for number in (2, 3):
        draft(stage, room)
        (summary,) = summaries(stage, room)
        assert f"Draft {number}." in visible_text(summary)
        assert len(reports(stage, room)) == number - 1
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    (summary,) = summaries(stage, room)
    assert "was published" in visible_text(summary)
    assert any(f"/p{summary['ts'].replace('.', '')}|Read it>" in text for text in stage.seen_in("incidents"))


def test_draft_that_slack_refuses_to_post_is_saved_and_says_so(stage: Stage) -> None:
    room = stage.declare("Nobody may post")
    stage.sandbox.faults.api("chat.postMessage", error("restricted_action"))
    draft(stage, room)
    assert stage.whispered("ana", room.channel)[-1] == (
        f"Draft 1 of {room.incident_id} is saved, but the channel can't be posted to (Slack says restricted_action)."
    )
    assert summaries(stage, room) == []


def test_draft_of_an_archived_channel_is_saved_and_says_so(stage: Stage) -> None:
    room = stage.declare("Archived early")
    stage.people.archive(room.channel)
    stage.settle()
    stage.type("ana", "general", f"/postmortem {room.ending} draft")
    stage.settle()
    told = stage.whispered("ana", "general")[-1]
    assert (
        told == f"Draft 1 of {room.incident_id} is saved, but the channel can't be posted to (Slack says is_archived)."
    )


def test_publishing_is_the_next_step_only_once_the_incident_is_over(stage: Stage) -> None:
    room = stage.declare("Drafted early")
    draft(stage, room)
    assert [one["text"]["text"] for one in primary(summaries(stage, room)[0])] == ["Draft again"]
    stage.type("ana", room.channel, "/incident resolve")
    draft(stage, room)
    assert [one["text"]["text"] for one in primary(summaries(stage, room)[0])] == ["Publish"]


def primary(message: Json) -> list[Json]:
    return [one for block in message["blocks"] for one in block.get("elements", []) if one.get("style") == "primary"]
