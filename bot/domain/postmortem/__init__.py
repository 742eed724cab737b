"""The postmortem: assembled from an incident's record, read by templates, given out as JSON."""

from bot.domain.postmortem.assembly import assemble
from bot.domain.postmortem.json_form import as_json
from bot.domain.postmortem.model import Gap, Postmortem, Section

__all__ = ["Gap", "Postmortem", "Section", "as_json", "assemble"]
