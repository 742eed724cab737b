"""An incident with something in every section of the report, to try templates on."""

from datetime import UTC, datetime, timedelta

from bot.domain.actions import ActionItem
from bot.domain.incident import Incident, IncidentType, Kind, Role, RoleHolder, Severity, Status, StatusChange
from bot.domain.milestones import Milestone, Stamp
from bot.domain.people import Person
from bot.domain.postmortem import Postmortem, assemble
from bot.domain.record import Communication, IncidentRecord
from bot.domain.statements import Cause, CauseKind, Impact, Lesson, LessonKind, Why
from bot.domain.timeline import PLAIN_EMOJI, Material, Note, Phase

_WHO = "U0000001"
_START = datetime(2026, 11, 20, 13, 57, tzinfo=UTC)


def sample_report() -> Postmortem:
    """Return the sample's report."""
    return assemble(_record(), now=_START + timedelta(days=1), revision=1, emoji=PLAIN_EMOJI)


def _record() -> IncidentRecord:
    said = _START + timedelta(hours=2)
    kinds = enumerate(CauseKind, start=1)
    return IncidentRecord(
        _incident(),
        Material(
            notes=tuple(
                Note(number, _START + timedelta(minutes=number), f"Something happened ({phase})", _WHO, said, phase)
                for number, phase in enumerate(Phase, start=1)
            ),
            stamps=tuple(
                Stamp(milestone, _START + timedelta(minutes=10 * number), _WHO, said)
                for number, milestone in enumerate(Milestone)
            ),
            status_changes=(StatusChange(Status.RESOLVED, said, _WHO, said),),
        ),
        roles=(RoleHolder(Role.LEAD, _WHO, _START),),
        impacts=(Impact("Checkout failed for one in ten", _WHO, said),),
        causes=tuple(Cause(number, kind, f"A {kind} of it", _WHO, said) for number, kind in kinds),
        whys=(Why(1, "The pool was smaller than the load", _WHO, said),),
        actions=(ActionItem(1, 1, "Alert on the pool", _WHO, said, owner_id=_WHO),),
        lessons=tuple(Lesson(kind, f"What went {kind}", _WHO, said) for kind in LessonKind),
        communications=(Communication(said, "customers", "Checkout works again"),),
        people={_WHO: Person(_WHO, "ana", "Ana Silva")},
    )


def _incident() -> Incident:
    return Incident(
        row_id=1,
        team_id="T0000001",
        incident_id="INC-2026-11-20-001",
        title="Checkout errors in the EU",
        kind=Kind.LIVE,
        type=IncidentType.PRODUCTION,
        severity=Severity.SEV2,
        status=Status.RESOLVED,
        is_private=False,
        reporter_id=_WHO,
        declared_at=_START,
    )
