"""Sharing a file in three steps. https://docs.slack.dev/messaging/working-with-files"""

from urllib.request import ProxyHandler, Request, build_opener

from tests.counterparts.contract.slack import Slack, outcome

CONTENT = "# Postmortem – with an umlaut: ü\n"


def begun(slack: Slack, content: str = CONTENT) -> str:
    """A file whose content is sent, by its id."""
    data = content.encode()
    answer = slack.client.files_getUploadURLExternal(filename="report.md", length=len(data))
    request = Request(answer["upload_url"], data=data, headers={"Content-Type": "application/octet-stream"})
    with build_opener(ProxyHandler({})).open(request, timeout=10) as sent:
        assert sent.status == 200
    return str(answer["file_id"])


def test_file_arrives_in_the_thread_as_it_was_sent(slack: Slack, channel: str) -> None:
    parent = slack.client.chat_postMessage(channel=channel, text="parent")["ts"]
    file_id = begun(slack)
    answer = slack.client.files_completeUploadExternal(
        files=[{"id": file_id, "title": "The report"}], channel_id=channel, thread_ts=parent
    )
    assert [one["id"] for one in answer["files"]] == [file_id]
    shared = slack.messages(channel)[-1]
    assert (shared["thread_ts"], shared["user"]) == (parent, slack.bot_user)
    assert [(one["id"], one["name"], one["title"]) for one in shared["files"]] == [(file_id, "report.md", "The report")]
    assert slack.read(shared) == CONTENT


def test_file_knows_where_it_was_shared(slack: Slack, channel: str) -> None:
    file_id = begun(slack)
    slack.client.files_completeUploadExternal(files=[{"id": file_id, "title": "The report"}], channel_id=channel)
    file = slack.client.files_info(file=file_id)["file"]
    assert (file["id"], file["name"], file["size"]) == (file_id, "report.md", len(CONTENT.encode()))
    assert channel in [*file["channels"], *file["groups"], *file["ims"]]


def test_file_that_is_not_there_is_refused(slack: Slack, channel: str) -> None:
    assert outcome(slack.client.files_info, file="F0NOTHING1") == "file_not_found"
    wrong = {"files": [{"id": "F0NOTHING1", "title": "x"}], "channel_id": channel}
    assert outcome(slack.client.files_completeUploadExternal, **wrong) == "file_not_found"


def test_file_whose_content_was_never_sent_cannot_be_shared(slack: Slack, channel: str) -> None:
    file_id = slack.client.files_getUploadURLExternal(filename="report.md", length=5)["file_id"]
    wrong = {"files": [{"id": file_id, "title": "x"}], "channel_id": channel}
    assert outcome(slack.client.files_completeUploadExternal, **wrong) == "file_not_found"
    assert outcome(slack.client.files_info, file=file_id) == "file_not_found"


def test_file_is_not_shared_where_nothing_is(slack: Slack) -> None:
    wrong = {"files": [{"id": begun(slack), "title": "x"}], "channel_id": "C0NOWHERE1"}
    assert outcome(slack.client.files_completeUploadExternal, **wrong) == "channel_not_found"
