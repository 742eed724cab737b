"""Findings on what people wrote for a report: blame, vagueness, depth, evidence. Each says where, why and how else."""

from bot.domain.lint.report import findings
from bot.domain.lint.rules import Finding, Rule, lint_action, lint_cause, lint_impact, lint_text

__all__ = ["Finding", "Rule", "findings", "lint_action", "lint_cause", "lint_impact", "lint_text"]
