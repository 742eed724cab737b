import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.sandbox import Sandbox, error, lost_answer, server_error


def upload(client: WebClient, channel: str | None = None, **more: Any) -> str:
    answer = client.files_upload_v2(
        channel=channel, filename="postmortem.md", content="# INC-1", title="Postmortem", **more
    )
    return str(answer["files"][0]["id"])


def test_an_uploaded_file_is_shared_where_it_was_meant(sandbox: Sandbox, client: WebClient) -> None:
    ops, parent = sandbox.screen.channel("ops").id, sandbox.people.say("alice", "ops", "draft, please")
    file_id = upload(client, ops, thread_ts=parent, initial_comment="Here it is.")
    (seen,) = sandbox.screen.files()
    assert (seen.id, seen.title, seen.name, seen.text) == (file_id, "Postmortem", "postmortem.md", "# INC-1")
    assert [(s.channel, s.thread_ts) for s in seen.shares] == [(ops, parent)]
    reply = sandbox.screen.thread("ops", parent)[-1]
    assert (reply["subtype"], reply["text"], reply["files"][0]["id"]) == ("file_share", "Here it is.", file_id)
    shares = client.files_info(file=file_id)["file"]["shares"]
    assert shares["public"][ops][0] == {"ts": reply["ts"], "thread_ts": parent}


def test_a_file_without_a_channel_stays_private(sandbox: Sandbox, client: WebClient) -> None:
    file_id = upload(client)
    assert sandbox.screen.files()[0].shares == ()
    assert client.files_info(file=file_id)["file"]["is_public"] is False


def test_a_file_can_be_downloaded_with_the_token_only(sandbox: Sandbox, client: WebClient) -> None:
    url = client.files_info(file=upload(client))["file"]["url_private"]
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {sandbox.bot_token}"})
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == b"# INC-1"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url)
    refused.value.close()
    assert refused.value.code == 404


def test_an_upload_of_another_length_is_refused(sandbox: Sandbox, client: WebClient) -> None:
    ticket = client.files_getUploadURLExternal(filename="a.txt", length=5)
    request = urllib.request.Request(ticket["upload_url"], data=b"more than five", method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": "A"}])
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_info(file=ticket["file_id"])
    assert sandbox.screen.files() == []


@pytest.mark.parametrize(("place", "code"), [("lounge", "not_in_channel"), ("secret", "channel_not_found")])
def test_a_file_goes_only_where_the_bot_is(sandbox: Sandbox, client: WebClient, place: str, code: str) -> None:
    with pytest.raises(SlackApiError, match=code):
        upload(client, sandbox.screen.channel(place).id)
    assert sandbox.screen.files() == []


def test_a_file_cannot_hang_on_a_missing_thread(sandbox: Sandbox, client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="thread_not_found"):
        upload(client, sandbox.screen.channel("ops").id, thread_ts="1.000000")
    assert sandbox.screen.files() == []


def test_each_step_of_an_upload_can_fail(sandbox: Sandbox, client: WebClient) -> None:
    ops = sandbox.screen.channel("ops").id
    sandbox.faults.api("upload", server_error(500))
    with pytest.raises((SlackRequestError, urllib.error.HTTPError)):
        upload(client, ops)
    sandbox.faults.api("files.getUploadURLExternal", error("file_uploads_disabled"))
    with pytest.raises(SlackApiError, match="file_uploads_disabled"):
        upload(client, ops)
    assert sandbox.screen.files() == []
    sandbox.faults.api("files.completeUploadExternal", lost_answer())
    with pytest.raises(OSError, match=r"closed connection|reset"):
        upload(client, ops)
    assert [f.name for f in sandbox.screen.files()] == ["postmortem.md"]
