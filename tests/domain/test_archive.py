from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.archive import Stage, Standing, in_order, standing
from bot.domain.incident import Kind, Role, RoleHolder, Status
from tests.factories import DECLARED, LEAD, REPORTER, make_incident

RESOLVED = DECLARED + timedelta(hours=3)


def stand(status: Status = Status.RESOLVED, *, revision: int | None = None, **fields: Any) -> Standing:
    published = fields.pop("published_at", None)
    incident = make_incident(status=status, **fields)
    return standing(incident, (), resolved_at=RESOLVED, revision=revision, published_at=published)


@pytest.mark.parametrize(
    ("found", "stage"),
    [
        (stand(Status.MITIGATED), Stage.RUNNING),
        (stand(Status.MITIGATED, revision=2), Stage.RUNNING),
        (stand(Status.RESOLVED), Stage.OWED),
        (stand(Status.CLOSED), Stage.OWED),
        (stand(revision=1), Stage.DRAFTED),
        (stand(Status.CLOSED, revision=2, published_at=RESOLVED), Stage.PUBLISHED),
        # Taken up again after the publication: it is running, whatever was published.
        (stand(Status.INVESTIGATING, revision=2, published_at=RESOLVED), Stage.RUNNING),
        (stand(Status.CLOSED, waive_reason="the same as last week"), Stage.WAIVED),
        (stand(Status.CLOSED, revision=1, waive_reason="the same as last week"), Stage.WAIVED),
        (stand(Status.CANCELLED), Stage.NONE),
        (stand(Status.CANCELLED, revision=1), Stage.NONE),
    ],
)
def test_stage_follows_from_status_drafts_and_decisions(found: Standing, stage: Stage) -> None:
    assert found.stage is stage


def test_postmortem_is_owed_two_days_after_the_resolution_unless_a_day_was_set() -> None:
    assert stand().due == (RESOLVED + timedelta(days=2)).date()
    assert stand(postmortem_due=date(2026, 12, 24)).due == date(2026, 12, 24)


def test_nothing_is_due_of_what_is_not_owed() -> None:
    assert stand(Status.CLOSED, waive_reason="the same", postmortem_due=date(2026, 12, 24)).due is None
    assert stand(Status.MITIGATED).due is None


def test_drill_owes_a_postmortem_on_the_day_that_was_set_only() -> None:
    assert stand(kind=Kind.DRILL).due is None
    assert stand(kind=Kind.DRILL, postmortem_due=date(2026, 12, 24)).due == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("roles", "owner"),
    [
        ((), None),
        ((RoleHolder(Role.LEAD, LEAD, DECLARED),), LEAD),
        ((RoleHolder(Role.LEAD, LEAD, DECLARED), RoleHolder(Role.OWNER, REPORTER, DECLARED)), REPORTER),
        ((RoleHolder(Role.COMMS, LEAD, DECLARED),), None),
    ],
)
def test_postmortem_is_its_owners_and_until_one_is_named_the_leads(
    roles: tuple[RoleHolder, ...], owner: str | None
) -> None:
    found = standing(make_incident(), roles, resolved_at=None, revision=None, published_at=None)
    assert found.owner_id == owner


def test_list_begins_with_what_is_due_first_and_ends_with_what_is_done_the_newest_first() -> None:
    old: dict[str, Any] = {"declared_at": DECLARED - timedelta(days=9)}
    new: dict[str, Any] = {"declared_at": DECLARED}
    late = stand(postmortem_due=date(2026, 11, 1), **new)
    soon = stand(postmortem_due=date(2026, 11, 30), **old)
    undated = standing(make_incident(status=Status.RESOLVED), (), resolved_at=None, revision=None, published_at=None)
    done_new = stand(Status.CLOSED, revision=1, published_at=RESOLVED, **new)
    done_old = stand(Status.CLOSED, revision=1, published_at=RESOLVED, **old)
    assert in_order([done_old, undated, done_new, soon, late]) == (late, soon, undated, done_new, done_old)
