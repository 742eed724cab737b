"""Suggestions: the key moments and milestones of a channel, found by the program itself, offline and deterministic."""

from bot.domain.suggestions.milestones import proposed_milestones
from bot.domain.suggestions.model import Moment, ProposedMilestone, Suggestion
from bot.domain.suggestions.moments import suggestions

__all__ = ["Moment", "ProposedMilestone", "Suggestion", "proposed_milestones", "suggestions"]
