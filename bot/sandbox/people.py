"""Everything that people do, in one place: `sandbox.people`."""

from bot.sandbox.interacting import Interacting
from bot.sandbox.modals import Modals
from bot.sandbox.talking import Talking


class People(Talking, Interacting, Modals):
    """Acts for the people of the workspace; each act sends the app what Slack would send.

    Users and channels are given by id or by name. Asking for what nobody could do raises SandboxError.
    """
