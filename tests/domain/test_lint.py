import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lint import Rule, lint_action, lint_cause, lint_impact, lint_text
from bot.domain.lint.rules import Finding

NAMES = ("Priya", "Ana Silva")


def rules(found: object) -> list[str]:
    return [finding.rule.value for finding in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "Human error took the database down",
        "It was the operator's fault",
        "The on-call engineer failed to check the replica",
        "Priya forgot to drain the node",
        "Ana Silva carelessly ran the script",
        "A responder (2) overlooked the alert",
        "We neglected to renew the certificate",
        "Someone broke the build",
        "The vendor's engineer is to blame",
        "The team ignored the warning",
        "They should have known better",
        "He made a stupid mistake",
    ],
)
def test_fault_of_people_is_found(text: str) -> None:
    assert rules(lint_text(text, NAMES))[:1] == ["blame"]


@pytest.mark.parametrize(
    "text",
    [
        "The engineer should have checked the replica",
        "We could have noticed it in the dashboard",
        "If only we had looked at the graph",
        "Had the reviewer seen it, nothing would have happened",
        "Priya wouldn't have run it",
    ],
)
def test_what_people_did_not_do_is_found(text: str) -> None:
    assert rules(lint_text(text, NAMES)) == ["counterfactual"]


@pytest.mark.parametrize(
    "text",
    [
        "Fault tolerance of the queue was lost",
        "git blame shows the line is from 2019",
        "The health check should return 503",
        "The monitor should have alerted at 14:02",
        "The on-call engineer rolled back",
        "A typo passed validation",
        "The health check failed to respond",
        "Kafka forgot its offsets",
        "Page faults rose to 2,000 a second",
        "What made it look right at the time?",
        "The customer wrote “your engineers are careless”",
        'The alert said "operator error"',
        "The connection pool caused retries",
        "Had the pool been larger, requests would have queued",
        "The person on call was paged after 4 minutes",
    ],
)
def test_systems_that_failed_and_plain_facts_are_left_alone(text: str) -> None:
    assert rules(lint_text(text, NAMES)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The on-call engineer ran the wrong command", ["person-as-cause"]),
        ("Priya deployed on a Friday", ["person-as-cause"]),
        ("A bug", ["shallow-cause"]),
        ("Misconfiguration.", ["shallow-cause"]),
        ("Human error", ["blame", "shallow-cause"]),
        ("The pool had no upper limit", []),
        ("A bug in the retry loop doubles every request after a timeout", []),
        ("The command looks the same on the primary and on the replica", []),
    ],
)
def test_cause_is_neither_a_person_nor_only_a_name_for_what_broke(text: str, found: list[str]) -> None:
    assert rules(lint_cause(text, NAMES)) == found


@pytest.mark.parametrize(
    ("text", "is_vague"),
    [
        ("Improve monitoring", True),
        ("Be more careful", True),
        ("Make sure it does not happen again", True),
        ("Communicate better with support", True),
        ("Monitoring", True),
        ("Look into the logs", True),
        ("Improve the p99 of checkout from 900 ms to under 300 ms", False),
        ("Alert on the age of the oldest job", False),
        ("Add a limit of 200 to the connection pool", False),
        ("Write a runbook for failing over the primary", False),
        ("Remove the deploy key of the old CI", False),
    ],
)
def test_action_without_a_checkable_end_is_vague(text: str, *, is_vague: bool) -> None:
    assert rules(lint_action(text, is_owned=True, is_dated=True)) == (["vague-action"] if is_vague else [])


def test_missing_owner_and_day_are_findings_of_their_own() -> None:
    assert rules(lint_action("Alert on the queue's age", is_owned=False, is_dated=False)) == [
        "unowned-action",
        "undated-action",
    ]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Some customers had problems", True),
        ("The site was slow for a while", True),
        ("1 in 5 checkouts failed", False),
        ("All payments failed", False),
        ("No customer was affected", False),
        ("Hundreds of users saw an error page", False),
    ],
)
def test_impact_without_a_figure_is_found(text: str, *, is_found: bool) -> None:
    assert rules(lint_impact(text)) == (["unquantified-impact"] if is_found else [])


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at_and_each_finding_quotes_it_and_helps(text: str) -> None:
    found: list[Finding] = [
        *lint_text(text, NAMES),
        *lint_cause(text, NAMES),
        *lint_impact(text),
        *lint_action(text, is_owned=True, is_dated=True),
    ]
    for finding in found:
        assert finding.text.strip() in text or finding.rule is Rule.VAGUE_ACTION
        assert finding.why
        assert finding.rewrite
