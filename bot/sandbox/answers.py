"""What came back when a person did something that the app must acknowledge."""

from dataclasses import dataclass, field

from bot.sandbox.records import Json


@dataclass(frozen=True)
class Answer:
    """The acknowledgement of a press or a shortcut.

    Attributes:
        acked: whether it came within Slack's time; otherwise the person saw an error.
        raw: the payload that came with it.
    """

    acked: bool
    raw: Json = field(default_factory=dict)


@dataclass(frozen=True)
class CommandAnswer:
    """The acknowledgement of a slash command, and what the person read in it.

    Attributes:
        acked: whether it came within Slack's time; otherwise the person saw an error.
        text: the answer's text; None without one.
        blocks: the answer's blocks.
        response_type: ``ephemeral`` or ``in_channel``; None without an answer.
        problem: Slack's error code when the answer's content would not do; the person saw nothing then.
        raw: the payload that came with it.
    """

    acked: bool
    text: str | None = None
    blocks: list[Json] = field(default_factory=list)
    response_type: str | None = None
    problem: str | None = None
    raw: Json = field(default_factory=dict)


@dataclass(frozen=True)
class SubmissionAnswer:
    """What became of a submitted modal.

    Attributes:
        acked: whether the acknowledgement came within Slack's time; otherwise the modal stayed with an error.
        action: ``close`` (nothing was answered), ``clear``, ``errors``, ``update`` or ``push``.
        errors: the messages at the fields, by block_id.
        problem: why Slack showed its own error instead, such as an answer that names no field of the modal.
        raw: the payload that came with it.
    """

    acked: bool
    action: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    raw: Json = field(default_factory=dict)
