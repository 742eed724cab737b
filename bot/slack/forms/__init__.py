"""Shortcuts and the submissions of modals, a module for each subject."""

from slack_bolt import App

from bot.services.world import World
from bot.slack.events import Identity
from bot.slack.forms import declaring, dropping, editing, leading, shortcuts, stating, updating


def register(app: App, world: World, identity: Identity) -> None:
    """Register the shortcuts and the forms."""
    shortcuts.register(app, world, identity)
    declaring.register(app, world)
    dropping.register(app, world)
    leading.register(app, world)
    updating.register(app, world)
    stating.register(app, world)
    editing.register(app, world)
