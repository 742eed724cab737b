"""An embedded stand-in for Slack on loopback: Web API and Socket Mode by Slack's rules, with faults on demand."""

from bot.sandbox.answers import Answer, CommandAnswer, SubmissionAnswer
from bot.sandbox.calls import ApiCall
from bot.sandbox.errors import SandboxError, SandboxTimeoutError
from bot.sandbox.faults import ApiFault, Faults, error, lost_answer, rate_limited, refused, server_error, slow
from bot.sandbox.people import People
from bot.sandbox.records import Channel, ChannelKind, Json, Message, Person
from bot.sandbox.richtext import escape, unescape, visible_text
from bot.sandbox.screen import FileSeen, Screen
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace

__all__ = [
    "Answer",
    "ApiCall",
    "ApiFault",
    "Channel",
    "ChannelKind",
    "CommandAnswer",
    "Faults",
    "FileSeen",
    "Json",
    "Message",
    "People",
    "Person",
    "Sandbox",
    "SandboxError",
    "SandboxTimeoutError",
    "Screen",
    "SubmissionAnswer",
    "Workspace",
    "error",
    "escape",
    "lost_answer",
    "rate_limited",
    "refused",
    "server_error",
    "slow",
    "unescape",
    "visible_text",
]
