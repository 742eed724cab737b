"""The app manifest: what the app asks Slack for, each with its reason, and the file that says so."""

import json
from dataclasses import dataclass
from typing import Literal

from bot.slack.events import SUBSCRIBED
from bot.slack.forms.declaring import DECLARE_SHORTCUT
from bot.slack.forms.shortcuts import ADD_TO_TIMELINE, CREATE_ACTION, DECLARE_FROM_MESSAGE, KEEP_OUT


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission of the bot. `purpose` says what it serves to; without an optional one everything else works."""

    name: str
    purpose: str
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An item in the menu of a message, or (global) in the menu beside the input."""

    name: str
    type: Literal["message", "global"]
    callback_id: str
    description: str


SCOPES = (
    Scope("app_mentions:read", "hear what is asked in threads, where no command can be typed", is_optional=True),
    Scope(
        "channels:history", "record public incident channels; look up what was missed, and posts whose answer was lost"
    ),
    Scope("channels:join", "enter a public channel that is adopted with --here", is_optional=True),
    Scope("channels:manage", "make public incident channels, set their topic, invite people, leave again"),
    Scope("channels:read", "see who joins or leaves and what becomes of a channel; find one by its name"),
    Scope("chat:write", "post and edit the header, lines, drafts, announcements and follow-ups"),
    Scope("commands", "offer the slash commands and the shortcuts"),
    Scope("files:read", "check whether a report was shared when the answer was lost", is_optional=True),
    Scope("files:write", "share the report as a file"),
    Scope("groups:history", "do in private incident channels what channels:history does in public ones"),
    Scope("groups:read", "do for private incident channels what channels:read does for public ones"),
    Scope("groups:write", "do for private incident channels what channels:manage does for public ones"),
    Scope("im:history", "look for the bot's own direct message when the answer was lost", is_optional=True),
    Scope("im:write", "write to somebody directly where no channel will do"),
    Scope("pins:write", "pin the header", is_optional=True),
    Scope("reactions:read", "see the reactions that put messages on the timeline"),
    Scope("reactions:write", "put the bot's own quiet mark on those messages", is_optional=True),
    Scope("usergroups:read", "know who is in the groups that a severity calls in"),
    Scope("users:read", "know names, time zones, and who is a guest or a bot"),
)
SHORTCUTS = (
    Shortcut("Add to timeline", "message", ADD_TO_TIMELINE, "Puts this message on the incident's timeline"),
    Shortcut(
        "Keep out of the report", "message", KEEP_OUT, "Keeps this message off the timeline, whatever reactions it gets"
    ),
    Shortcut("Create action item", "message", CREATE_ACTION, "Makes follow-up work of this message"),
    Shortcut(
        "Declare from message",
        "message",
        DECLARE_FROM_MESSAGE,
        "Declares an incident with this message as the evidence of its detection",
    ),
    Shortcut("Declare an incident", "global", DECLARE_SHORTCUT, "Opens the form that declares an incident"),
)
# The format, with the lengths that Slack allows: https://docs.slack.dev/reference/app-manifest
_MANIFEST = """\
# The Slack app of Incident Scribe, as `scribe manifest` prints it: create the app “from a manifest” with this, see
# README.md. Scopes, events and shortcuts are exactly those that the program uses; a test holds that.
_metadata:
  major_version: 2
  minor_version: 1
display_information:
  name: Incident Scribe
  description: Keeps an incident's timeline and drafts its blameless postmortem
  long_description: >-
    Incident Scribe makes a channel for each incident, records what is said there, puts the messages that people mark
    on a timeline, takes milestones, impact, causes, lessons and follow-up work as short commands, drafts the
    postmortem from them, and asks after 30 and 60 days how the follow-up work stands. Messages in an incident's
    channel are recorded; the header pinned there says so.
  background_color: "#1f3a4d"
features:
  app_home:
    home_tab_enabled: true
    # Direct messages from the bot arrive in this tab: a follow-up whose channel is gone, what only one may see.
    messages_tab_enabled: true
    messages_tab_read_only_enabled: true
  bot_user:
    display_name: Incident Scribe
    always_online: true
  shortcuts:
{shortcuts}
  slash_commands:
    # Escaping turns @name into the person's id; without it a name would arrive as plain text.
    # SCRIBE_COMMAND and SCRIBE_POSTMORTEM_COMMAND name the commands, here and in the program.
    - command: {command}
      description: Declare an incident, keep its state and its timeline
      usage_hint: "start Checkout errors in the EU --sev 2  (or: help)"
      should_escape: true{command_url}
    - command: {postmortem_command}
      description: Draft, publish and hand over an incident's postmortem
      usage_hint: "draft  (or: help)"
      should_escape: true{command_url}
oauth_config:
  scopes:
    bot:
{scopes}
settings:
  event_subscriptions:{request_url}
    bot_events:
{events}
  interactivity:
    is_enabled: true{request_url}
  org_deploy_enabled: false
  socket_mode_enabled: {is_socket_mode}
  token_rotation_enabled: false
"""


def manifest(*, command: str, postmortem_command: str, request_url: str | None = None) -> str:
    """Return the manifest as YAML, with the reason behind each permission.

    Args:
        command: the incident command's name, such as `/incident`.
        postmortem_command: the postmortem command's name.
        request_url: where Slack is to send its requests, for HTTP mode; None for Socket Mode.
    """
    # JSON's quotes are YAML's, so that nothing in an address can mean more than itself.
    url = json.dumps(request_url) if request_url else None
    return _MANIFEST.format(
        shortcuts="\n".join(map(_shortcut, SHORTCUTS)),
        command=command,
        postmortem_command=postmortem_command,
        command_url=f"\n      url: {url}" if url else "",
        scopes="\n".join(f"      - {scope.name} # {scope.purpose}" for scope in SCOPES),
        events="\n".join(f"      - {name} # {reason}" for name, reason in SUBSCRIBED.items()),
        request_url=f"\n    request_url: {url}" if url else "",
        is_socket_mode="false" if url else "true",
    )


def _shortcut(shortcut: Shortcut) -> str:
    return (
        f"    - name: {shortcut.name}\n"
        f"      type: {shortcut.type}\n"
        f"      callback_id: {shortcut.callback_id}\n"
        f"      description: {shortcut.description}"
    )
