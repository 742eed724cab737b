"""What stands for a person in a sentence: pronouns, jobs, and the roles that the report shows instead of names."""

import re

_JOBS = (
    "engineer|developer|operator|administrator|admin|responder|reporter|manager|analyst|technician|colleague|intern|"
    "contractor|lead|owner|reviewer|author|deployer|note-taker|dba|sre|sysadmin|employee|person|programmer|tester"
)
_BEFORE = (
    r"(?:(?:on-call|incident|operations|communications|senior|junior|responsible|new|same|other|database|release)\s+)*"
)
# Such as the on-call engineer, or a responder with a number.
_JOB = rf"(?:the|a|an|our|one|another|this|that)\s+{_BEFORE}(?:{_JOBS})(?:\s+\(\d+\))?"
_PRONOUN = r"he|she|they|we|i|you|someone|somebody|nobody|no\s+one|everyone|people"
_TEAM = r"(?:the|our|their)\s+(?:[\w-]+\s+)?(?:team|people|staff|shift)"


def person(names: tuple[str, ...] = ()) -> str:
    """Return a pattern for whoever may be the subject of a sentence; `names` are people known by name."""
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name.strip())
    return rf"(?:{known}|{_JOB}|{_TEAM}|{_PRONOUN})" if known else rf"(?:{_JOB}|{_TEAM}|{_PRONOUN})"
