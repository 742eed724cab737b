"""Statements, actions, checklist and capture as the report tells them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.actions import ActionStatus, ActionType
from bot.domain.incident import Role
from bot.domain.postmortem.model import Link
from bot.domain.statements import CauseKind, LessonKind
from tests.factories import (
    HELPER,
    LEAD,
    WORKSPACE,
    make_action,
    make_cause,
    make_holder,
    make_impact,
    make_lesson,
    make_person,
    make_report,
    make_why,
)

NEXT_DAY = date(2026, 11, 21)


def test_statement_says_who_entered_it_and_when() -> None:
    (statement,) = make_report(impacts=(make_impact(by=LEAD),), roles=(make_holder(Role.LEAD, LEAD),)).impact
    assert (statement.evidence.source.label, statement.evidence.note) == (
        "entered",
        "by the incident lead, 2026-11-20 15:30 UTC",
    )


@pytest.mark.parametrize(
    ("evidence", "label", "url"),
    [
        (
            "https://grafana.example.com/d/pool?x=1",
            "grafana.example.com pool",
            "https://grafana.example.com/d/pool?x=1",
        ),
        ("http://wiki.example.com", "wiki.example.com", "http://wiki.example.com"),
        (f"{WORKSPACE}archives/C1/p1795190000000100", "message", f"{WORKSPACE}archives/C1/p1795190000000100"),
        (
            "https://other.slack.com/archives/C1/p1795190000000100",
            "other.slack.com p1795190000000100",
            "https://other.slack.com/archives/C1/p1795190000000100",
        ),
        ("see the load test", "see the load test", None),
        ("javascript:alert(1)", "javascript:alert(1)", None),
        ("JAVASCRIPT://x.example/%0aalert(1)", "JAVASCRIPT://x.example/%0aalert(1)", None),
        ("data:text/html,<b>", "data:text/html,<b>", None),
        ("https://x.example/<script>", "https://x.example/<script>", None),
        ("https://[bad", "https://[bad", None),
        ("https://", "https://", None),
    ],
)
def test_evidence_of_a_cause_is_linked_only_to_the_web(evidence: str, label: str, url: str | None) -> None:
    proof = make_report(causes=(make_cause(CauseKind.ROOT, evidence=evidence),)).causes.roots[0].proof
    assert proof is not None
    assert (proof.label, proof.url) == (label, url)


def test_appendix_links_what_shows_a_cause_elsewhere_and_no_message_that_the_report_links_already() -> None:
    shown = (f"{WORKSPACE}archives/C1/p1795190000000100", "https://grafana.example.com/d/pool")
    causes = tuple(make_cause(CauseKind.ROOT, cause_id=number, evidence=url) for number, url in enumerate(shown))
    assert [link.label for link in make_report(causes=causes).links[1:]] == ["grafana.example.com pool"]


def test_factors_come_by_falling_score_and_unscored_ones_last() -> None:
    scores = (None, 1, 3, 0)
    causes = tuple(
        make_cause(CauseKind.CONTRIBUTING, f"score {score}", number, score=score) for number, score in enumerate(scores)
    )
    assert [cause.text for cause in make_report(causes=causes).causes.factors] == [
        "score 3",
        "score 1",
        "score 0",
        "score None",
    ]


def test_whys_stand_in_their_order_by_branch() -> None:
    whys = (make_why(2, "b"), make_why(1, "x", "second"), make_why(1, "a"))
    chains = make_report(whys=whys).causes.whys
    assert [(chain.branch, [why.text for why in chain.links]) for chain in chains] == [
        (None, ["a", "b"]),
        ("second", ["x"]),
    ]


def test_owner_and_authors_are_named_and_each_stands_once() -> None:
    people = {LEAD: make_person(LEAD, "Priya Natarajan"), HELPER: make_person(HELPER, "Jonas Bergström")}
    postmortem = make_report(
        roles=(make_holder(Role.OWNER, HELPER), make_holder(Role.LEAD, LEAD)),
        impacts=(make_impact(by=LEAD),),
        lessons=(make_lesson(LessonKind.WELL, by=HELPER), make_lesson(LessonKind.HARD, by=LEAD)),
        people=people,
    )
    values = {fact.label: fact.value for fact in postmortem.about}
    assert values["Authors"] == "Jonas Bergström, Priya Natarajan"
    assert values["Owner"] == "Jonas Bergström"


def test_unknown_facts_are_left_out_of_the_details() -> None:
    assert [fact.label for fact in make_report(incident={"channel_name": None}).facts] == [
        "Id",
        "Kind",
        "Type",
        "Severity",
        "Status",
    ]


def test_actions_stand_by_type_and_those_without_one_last() -> None:
    types = (None, ActionType.PREVENT, ActionType.INVESTIGATE, ActionType.PREVENT)
    actions = tuple(make_action(number, type=type_) for number, type_ in enumerate(types, 1))
    groups = make_report(actions=actions).actions
    assert [(group.label, [row.number for row in group.rows]) for group in groups] == [
        ("investigate", [3]),
        ("prevent", [2, 4]),
        ("no type yet", [1]),
    ]


def test_action_shows_its_owner_by_name_its_cause_and_its_tracker() -> None:
    action = make_action(
        owner_id=HELPER, cause_id=7, link="https://tracker.example.com/PAY-1", status=ActionStatus.DROPPED
    )
    ((row,),) = (
        group.rows
        for group in make_report(
            actions=(replace(action, reason="replaced"),),
            causes=(make_cause(CauseKind.ROOT, "the pool", 7),),
            people={HELPER: make_person(HELPER, "Jonas Bergström")},
        ).actions
    )
    assert (row.owner, row.cause, row.status_note) == ("Jonas Bergström", "the pool", "dropped: replaced")
    assert row.tracker == Link("PAY-1", "https://tracker.example.com/PAY-1")


@pytest.mark.parametrize(
    ("link", "label"),
    [
        ("https://tracker.example.com/browse/PAY-412?x=1", "PAY-412"),
        ("https://github.example.com/shop/checkout/issues/12/", "issues/12"),
        ("https://tracker.example.com", "tracker.example.com"),
        ("https://tracker.example.com/7", "7"),
    ],
)
def test_tracker_link_is_called_as_people_call_the_ticket(link: str, label: str) -> None:
    (group,) = make_report(actions=(make_action(link=link),)).actions
    assert group.rows[0].tracker == Link(label, link)


def _checks(*actions: Any, causes: tuple[Any, ...] = ()) -> dict[str, tuple[bool, str]]:
    return {item.text: (item.is_met, item.detail) for item in make_report(actions=actions, causes=causes).checklist}


def test_checklist_is_read_from_the_actions() -> None:
    root = make_cause(CauseKind.ROOT, cause_id=1)
    checks = _checks(
        make_action(1, type=ActionType.PREVENT, owner_id=HELPER, due=NEXT_DAY, link="https://x.example/1", cause_id=1),
        make_action(2, type=ActionType.DETECT, status=ActionStatus.DONE),
        make_action(3, type=ActionType.MITIGATE_FUTURE, status=ActionStatus.DROPPED),
        causes=(root, make_cause(CauseKind.ROOT, cause_id=2)),
    )
    assert checks == {
        "An action prevents the cause from coming back": (True, "1 action, 0 done"),
        "An action finds it sooner next time": (True, "1 action, 1 done"),
        "An action limits the impact next time": (False, "no action of type mitigate future"),
        "Every root cause is answered by an action": (False, "1 of 2"),
        "Every action has an owner": (False, "1 of 2"),
        "Every action has a due date": (False, "1 of 2"),
        "Every action is linked to a tracker": (False, "1 of 2"),
        "Every action is done": (False, "1 of 2"),
    }


def test_checklist_of_nothing_is_met_by_nothing() -> None:
    assert not any(is_met for is_met, _ in _checks().values())


def test_links_hold_the_channel_and_each_piece_of_evidence_once() -> None:
    dashboard = "https://grafana.example.com/d/pool"
    causes = tuple(make_cause(CauseKind.ROOT, cause_id=number, evidence=dashboard) for number in (1, 2))
    assert [(link.label, link.url) for link in make_report(causes=causes).links] == [
        ("#inc-20261120-checkout-errors-in-the-eu", "https://example.slack.com/archives/C1"),
        ("grafana.example.com pool", dashboard),
    ]
