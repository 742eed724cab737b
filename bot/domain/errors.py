"""The one error hierarchy. A UserError's message is the sentence that the person reads."""


class ScribeError(Exception):
    """Base of everything this program raises on purpose."""


class UserError(ScribeError):
    """What somebody asked for can't be done as asked.

    The message is one line for the asker: what is wrong, and what is right. `right` is a command that can be typed
    as it stands; the message ends with it, after a colon. `typed` gives back what they typed, so that nothing is
    lost; `field` names the modal field it belongs to.
    """

    def __init__(self, message: str, *, right: str = "", typed: str | None = None, field: str | None = None) -> None:
        self.message = f"{message}: {right}" if right else message
        super().__init__(self.message)
        self.right = right
        self.typed = typed
        self.field = field


class NotAllowedError(UserError):
    """The asker has no right to do this; the message says why, without telling what they may not see."""


class NotFoundError(UserError):
    """No such incident, action or draft for this asker. Also said of what they may not see."""


class ElsewhereError(NotFoundError):
    """Asked outside an incident's channel without naming one; `incident_id` is one that could be meant."""

    def __init__(self, message: str, incident_id: str, *, right: str = "") -> None:
        super().__init__(message, right=right)
        self.incident_id = incident_id


class TryAgainError(UserError):
    """The database could not take the change just now; nothing was saved and the asker may repeat it."""
