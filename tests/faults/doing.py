"""What people do in several of these tests."""

from tests.scenarios.stage import Stage


def undo(stage: Stage, user: str, channel: str) -> None:
    """Press the newest Undo that this person sees in the channel."""
    offering = [one for one in stage.screen.ephemerals(user, channel) if "answer.undo" in str(one.get("blocks"))]
    stage.people.press(user, channel, offering[-1]["ts"], "answer.undo")
    stage.settle()
