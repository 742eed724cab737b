"""What a message of Slack says, read from its payload: words, files, and what is no message at all."""

from bot.slack.reading.files import files
from bot.slack.reading.subtypes import SUBTYPES, Subtype, Treatment, treatment
from bot.slack.reading.words import app_name, strangers_name, words

__all__ = ["SUBTYPES", "Subtype", "Treatment", "app_name", "files", "strangers_name", "treatment", "words"]
