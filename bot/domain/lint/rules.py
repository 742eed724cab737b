"""The rules for single sentences. A rule looks for people with fault, never for systems that failed.

Why: John Allspaw, "Blameless PostMortems and a Just Culture" (2012); Google, "Site Reliability Engineering" (2016),
chapter 15: what looked right to whoever acted explains more than who it was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.lint.people import person


class Rule(StrEnum):
    """What a finding is about; the names are the contract of `lint --format json`."""

    BLAME = "blame"
    COUNTERFACTUAL = "counterfactual"
    PERSON_AS_CAUSE = "person-as-cause"
    VAGUE_ACTION = "vague-action"
    UNOWNED_ACTION = "unowned-action"
    UNDATED_ACTION = "undated-action"
    UNQUANTIFIED_IMPACT = "unquantified-impact"
    SHALLOW_CAUSE = "shallow-cause"
    MISSING_SECTION = "missing-section"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: the rule, the words it is about, why it matters and what could stand instead."""

    rule: Rule
    text: str
    why: str
    rewrite: str


_WHY = {
    Rule.BLAME: "Fault ends the search for causes, and people stop telling what they did.",
    Rule.COUNTERFACTUAL: "What did not happen explains nothing; what made the choice look right does.",
    Rule.PERSON_AS_CAUSE: "A person is never a root cause: the same conditions would lead the next one there.",
    Rule.VAGUE_ACTION: "Nobody can tell when it is done.",
    Rule.UNOWNED_ACTION: "Work without an owner is done by nobody.",
    Rule.UNDATED_ACTION: "Work without a date waits for ever.",
    Rule.UNQUANTIFIED_IMPACT: "Without a number nobody can weigh it.",
    Rule.SHALLOW_CAUSE: "It names what broke, not the condition that let it.",
    Rule.MISSING_SECTION: "The report is not complete without it.",
}
_FAULT_WORDS = re.compile(
    r"\b(?:human|operator|pilot|user)\s+error\b|\b(?:careless|negligen|sloppy|sloppi|incompeten|irresponsib|reckless)\w*"
    r"|\b(?:is|was|are|were|be)\s+to\s+blame\b|\bat\s+fault\b|\b\w+['’]s\s+fault\b|\bfault\s+of\s+(?:the|a|our)\b"
    r"|\bshould\s+have\s+known\b|\bknew\s+better\b",
    re.IGNORECASE,
)
_FAULT_VERBS = (
    r"\s+(?:\w+ly\s+)?(?:(?:failed|neglected|refused|omitted|did\s+not\s+bother)\s+to|forgot|forgets|overlooked|"
    r"ignored|messed\s+up|screwed\s+up|made\s+an?\s+\w*\s?(?:mistake|error)|caused|broke)\b"
)
_COUNTERFACTUAL = r"\s+(?:should|could|would|ought\s+to)(?:\s+not|n['’]t)?\s+have\b"
_HAD_PERSON = r"\b(?:if\s+only|had)\s+"
# What a cause that names a person says they did.
_DID = r"\s+(?:\w+ly\s+)?(?:\w+ed|ran|did|made|sent|set|put|took|wrote|chose|left|went|began|lost)\b"
_SHALLOW = re.compile(
    r"(?:an?\s+|the\s+)?(?:bug|software\s+bug|code\s+(?:bug|error)|typo|misconfiguration|config(?:uration)?\s+error|"
    r"network\s+(?:issue|problem|error)|outage|unknown|hardware\s+failure|bad\s+deploy|high\s+load|user\s+error|"
    r"human\s+error|operator\s+error|mistake)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:be\s+more|be\s+careful|pay\s+(?:more\s+)?attention|remember|try\s+(?:harder|to)|think\s+about|look\s+into|"
    r"communicate\s+better|do\s+better|raise\s+awareness|take\s+(?:more\s+)?care|be\s+aware|make\s+sure|ensure|"
    r"consider|avoid|better|more|improve|enhance|optimi[sz]e|strengthen|discuss|talk\s+about|fix\s+it|clean\s*up)\b",
    re.IGNORECASE,
)
# An end that somebody can check: a number, a deadline of the work itself, or a named thing.
_MEASURED = re.compile(r"\d|`[^`]+`|\b(?:so\s+that|until|when|from\s+\S+\s+to|to\s+under|at\s+least|at\s+most)\b")
# A number in digits or words, or that there was none.
_FIGURE = re.compile(
    r"\d|\b(?:all|every|everyone|half|third|quarter|one|two|three|dozens?|hundreds?|thousands?|no|none|nobody|zero)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 8


def _finding(rule: Rule, text: str, rewrite: str) -> Finding:
    return Finding(rule, text, _WHY[rule], rewrite)


def lint_text(text: str, names: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Yield what blames people or dwells on what they did not do. `names` are people known by name.

    What is in quotation marks or backticks was said by somebody else, and is left alone.
    """
    spoken = _without_quotes(text)
    who = person(names)
    blame = _FAULT_WORDS.search(spoken) or re.search(rf"\b{who}{_FAULT_VERBS}", spoken, re.IGNORECASE)
    if blame:
        yield _finding(
            Rule.BLAME,
            blame[0],
            "Say what made it look right at the time, and what the system allowed: “At 14:02 … was run; nothing warned "
            "that …”",
        )
    other = re.search(rf"\b{who}{_COUNTERFACTUAL}", spoken, re.IGNORECASE) or re.search(
        rf"{_HAD_PERSON}{who}\b", spoken, re.IGNORECASE
    )
    if other and not (blame and other.start() == blame.start()):
        yield _finding(Rule.COUNTERFACTUAL, other[0], "Say what was known then, and what would have shown the rest.")


def _without_quotes(text: str) -> str:
    return re.sub(r"“[^”]*”|\"[^\"]*\"|`[^`]*`", lambda match: " " * len(match[0]), text)


def lint_cause(text: str, names: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Yield what makes a cause shallow, or makes a person of it."""
    found = list(lint_text(text, names))
    yield from found
    subject = re.match(rf"\s*{person(names)}{_DID}", _without_quotes(text), re.IGNORECASE)
    if subject and not found:
        yield _finding(
            Rule.PERSON_AS_CAUSE, subject[0].strip(), "Name the condition: what let one step lead to this, unnoticed?"
        )
    if _SHALLOW.fullmatch(text.strip(" .!")):
        yield _finding(
            Rule.SHALLOW_CAUSE, text.strip(), f"Ask why once more: which condition let the {_noun(text)} in?"
        )


def _noun(text: str) -> str:
    return re.sub(r"^(?:an?|the)\s+", "", text.strip(" .!"), flags=re.IGNORECASE).lower()


def lint_impact(text: str) -> Iterator[Finding]:
    """Yield a finding for an impact without any figure."""
    if not _FIGURE.search(text):
        yield _finding(Rule.UNQUANTIFIED_IMPACT, text, "Who, how many, how long: “1 in 5 checkouts failed for 40 min”")


def lint_action(text: str, *, is_owned: bool, is_dated: bool) -> Iterator[Finding]:
    """Yield what keeps an action from being done: no clear end, no owner, no date. Vagueness is apart from those."""
    vague = _VAGUE.match(text.strip())
    words = re.findall(r"[\w'’-]+", text)
    if (vague and not _MEASURED.search(text) and len(words) <= _FEW_WORDS) or len(words) < 2:  # noqa: PLR2004 - a verb and its object
        yield _finding(Rule.VAGUE_ACTION, text, _specific(text))
    if not is_owned:
        yield _finding(Rule.UNOWNED_ACTION, text, "Name one person")
    if not is_dated:
        yield _finding(Rule.UNDATED_ACTION, text, "Name a day")


def _specific(text: str) -> str:
    """Return a question that turns the wish into work, made from its own words."""
    rest = _VAGUE.sub("", text.strip(), count=1).strip(" .")
    about = f" {rest}" if rest else " it"
    return f"Say what is changed, and how we see that it is done: “Alert when … of{about} is over … for 5 min”"
