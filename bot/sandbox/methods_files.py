"""Web API: files, uploaded in three steps."""

from typing import Any

from bot.sandbox import posting
from bot.sandbox.calls import Call, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Channel, Draft, Json, StoredFile
from bot.sandbox.shapes import file_json


def _upload_url(call: Call) -> Json:
    name, size = call.args.text("filename"), call.args.number("length", 0)
    if not name or size < 1:
        raise SlackError("missing_argument")
    workspace = call.workspace
    stored = StoredFile(workspace.new_id("F"), name, workspace.bot_user_id, workspace.seconds(), size)
    workspace.files[stored.id] = stored
    return {"upload_url": f"{call.base_url}upload/v1/{stored.id}", "file_id": stored.id}


def _complete(call: Call) -> Json:
    entries = call.args.data("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise SlackError("invalid_arguments")
    files = [_uploaded(call, entry) for entry in entries]
    targets = _targets(call)
    for stored, entry in zip(files, entries, strict=True):
        stored.completed = True
        stored.title = entry.get("title") or stored.name
    for channel in targets:
        draft = Draft(
            call.workspace.bot_author,
            call.args.text("initial_comment"),
            subtype="file_share",
            thread_ts=call.args.text("thread_ts") or None,
            files=[f.id for f in files],
            extra={"upload": False},
        )
        posting.post(call.workspace, channel, draft)
    return {"files": [file_json(call.workspace, f) for f in files]}


def _uploaded(call: Call, entry: Any) -> StoredFile:
    stored = call.workspace.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
    if stored is None or stored.content is None or stored.completed:
        raise SlackError("file_not_found")
    return stored


def _targets(call: Call) -> list[Channel]:
    """The channels to share to. Checked before anything is completed, so that a refusal changes nothing."""
    wanted = call.args.names("channels") or call.args.names("channel_id")
    targets = []
    for channel_id in wanted:
        call.args.values["channel"] = channel_id
        targets.append(call.open_channel())
    thread_ts = call.args.text("thread_ts")
    if thread_ts and len(targets) > 1:
        raise SlackError("invalid_arguments")
    if thread_ts and targets and thread_ts not in targets[0].messages:
        raise SlackError("thread_not_found")
    return targets


def _info(call: Call) -> Json:
    stored = call.workspace.files.get(call.args.text("file"))
    if stored is None or stored.content is None:
        raise SlackError("file_not_found")
    return {"file": file_json(call.workspace, stored), "comments": [], "response_metadata": {"next_cursor": ""}}


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": _upload_url,
    "files.completeUploadExternal": _complete,
    "files.info": _info,
}
