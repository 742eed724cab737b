"""`scribe doctor`: looks at settings, tokens, scopes and the database, and says how to mend what is wrong."""

from bot.doctor.examination import examine
from bot.doctor.findings import Finding, Level

__all__ = ["Finding", "Level", "examine"]
