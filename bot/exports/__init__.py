"""Reading exports of Slack: a zip archive or a folder, record by record, so that no archive is ever held in memory."""

from bot.exports.export import SlackExport
from bot.exports.problems import BrokenExportError, Problems
from bot.exports.progress import bar
from bot.exports.typed import one_name_each

__all__ = ["BrokenExportError", "Problems", "SlackExport", "bar", "one_name_each"]
