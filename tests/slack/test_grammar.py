from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.actions import ActionType, Priority
from bot.domain.errors import UserError
from bot.domain.handover import HandoverAnswer
from bot.domain.incident import IncidentType, Kind, Role, Severity, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem.audiences import Audience
from bot.domain.statements import CauseKind, LessonKind
from bot.domain.tasks import TaskMove
from bot.domain.when import DueDate, Moment
from bot.slack.grammar.commands import (
    Acknowledge,
    AddAction,
    AddLesson,
    AddNote,
    AddTask,
    AddWhy,
    AnswerHandover,
    ApproveCustomerVersion,
    AssignRole,
    Cancel,
    CatchUp,
    ChangeServices,
    ChangeSeverity,
    ChangeStatus,
    ChangeTeam,
    ChangeTitle,
    ChangeType,
    Command,
    Export,
    ExportFormat,
    FindSimilar,
    HandOver,
    Help,
    LinkIncident,
    ListIncidents,
    ListPostmortems,
    MakeDraft,
    MergeIncident,
    MoveTask,
    Parsed,
    PostUpdate,
    Publish,
    Reopen,
    ReviewDraft,
    SearchPostmortems,
    SetMeeting,
    SetMilestone,
    SetPostmortemDue,
    ShowInfo,
    ShowQuarter,
    ShowTasks,
    ShowTimeline,
    ShowWhys,
    Snooze,
    Start,
    StateCause,
    StateImpact,
    Waive,
)
from bot.slack.grammar.helptext import FIRST_STEPS
from bot.slack.grammar.parse import parse_incident, parse_postmortem
from tests.slack.grammar_tables import ANNA, BEN, HERE, incident, postmortem

FRIDAY = DueDate(date(2026, 11, 27))


def today(hour: int, minute: int) -> Moment:
    """Return a clock time in Berlin as read for somebody there (winter: UTC+1)."""
    return Moment(datetime(2026, 11, 20, hour - 1, minute, tzinfo=UTC), "Europe/Berlin", explicit_zone=False)


MEANT: tuple[tuple[str, Command], ...] = (
    ("", Help(FIRST_STEPS)),
    ("  \n ", Help(FIRST_STEPS)),
    # start
    ("start", Start()),
    ("start Checkout errors", Start("Checkout errors")),
    ("START   Checkout\nerrors ", Start("Checkout errors")),
    ("new Checkout errors", Start("Checkout errors")),
    ("declare Checkout errors", Start("Checkout errors")),
    ("start Checkout --sev 2", Start("Checkout", Severity.SEV2)),
    ("start --sev 2 Checkout", Start("Checkout", Severity.SEV2)),
    ("start Checkout --sev 2 in the EU", Start("Checkout in the EU", Severity.SEV2)),
    ("start Checkout --severity sev1", Start("Checkout", Severity.SEV1)),
    ("start Checkout --SEV=SEV4", Start("Checkout", Severity.SEV4)),
    ("start Checkout —sev 2", Start("Checkout", Severity.SEV2)),
    ("start Checkout –sev 2", Start("Checkout", Severity.SEV2)),
    ("start --sev 2", Start(severity=Severity.SEV2)),
    ("start Checkout --kind drill", Start("Checkout", kind=Kind.DRILL)),
    ("start Checkout --kind near-miss", Start("Checkout", kind=Kind.NEAR_MISS)),
    ("start --kind near miss Checkout", Start("Checkout", kind=Kind.NEAR_MISS)),
    ("start --kind 'near miss' Checkout", Start("Checkout", kind=Kind.NEAR_MISS)),
    ("start --kind near_miss Checkout", Start("Checkout", kind=Kind.NEAR_MISS)),
    ("start Checkout --type Security", Start("Checkout", type=IncidentType.SECURITY)),
    ("start Checkout --vendor Acme", Start("Checkout", vendor="Acme")),
    ("start --vendor Acme Checkout down", Start("Checkout down", vendor="Acme")),
    ("start Checkout --vendor 'Big Cloud'", Start("Checkout", vendor="Big Cloud")),
    ('start Checkout --vendor "Big Cloud" --sev 1', Start("Checkout", Severity.SEV1, vendor="Big Cloud")),
    ("start Checkout —vendor “Big Cloud” down", Start("Checkout down", vendor="Big Cloud")),
    ("start Checkout --vendor ‘Big Cloud’", Start("Checkout", vendor="Big Cloud")),
    ("start Checkout --vendor „Big Cloud“", Start("Checkout", vendor="Big Cloud")),
    ('start Checkout --vendor "Sam\'s --sev 2"', Start("Checkout", vendor="Sam's --sev 2")),
    ("start Checkout --private --here", Start("Checkout", is_here=True, is_private=True)),
    ("start Checkout --since 13:10", Start("Checkout", since=today(13, 10))),
    ("start --since 13:10 Checkout", Start("Checkout", since=today(13, 10))),
    ("start --since 13:10 - Checkout", Start("Checkout", since=today(13, 10))),
    ("start --private=yes Checkout", Start("Checkout", is_private=True)),
    ("start --since 10 minutes ago Checkout", Start("Checkout", since=today(15, 20))),
    ('start Checkout --since "today 13:10" --private', Start("Checkout", is_private=True, since=today(13, 10))),
    ('start "Checkout errors" --sev 2', Start("Checkout errors", Severity.SEV2)),
    ('start "What --sev 1 means is unclear"', Start("What --sev 1 means is unclear")),
    ("start Checkout — the EU —really bad", Start("Checkout — the EU —really bad")),
    ("start Users can't pay -- since noon", Start("Users can't pay -- since noon")),
    ('start "a" and "b"', Start('"a" and "b"')),
    # status
    ("status mitigated", ChangeStatus(Status.MITIGATED)),
    ("status investigating", ChangeStatus(Status.INVESTIGATING)),
    ("status: Mitigated", ChangeStatus(Status.MITIGATED)),
    ("status resolve", ChangeStatus(Status.RESOLVED)),
    ("status mitigated 14:05", ChangeStatus(Status.MITIGATED, today(14, 5))),
    ("status mitigated -- rolled back", ChangeStatus(Status.MITIGATED, note="rolled back")),
    ("status mitigated 14:05 -- rolled  back", ChangeStatus(Status.MITIGATED, today(14, 5), "rolled  back")),
    ("status mitigated 10 minutes ago — rolled back", ChangeStatus(Status.MITIGATED, today(15, 20), "rolled back")),
    ("status resolved —fixed -- at last", ChangeStatus(Status.RESOLVED, note="fixed -- at last")),
    ("status closed - nothing left", ChangeStatus(Status.CLOSED, note="nothing left")),
    ("status acknowledged 14:05", Acknowledge(today(14, 5))),
    ("status reopened -- back", Reopen(note="back")),
    ("status cancelled the probe was wrong", Cancel("the probe was wrong")),
    ("ack", Acknowledge()),
    ("Acknowledge 14:05 -- on it", Acknowledge(today(14, 5), "on it")),
    ("identified", ChangeStatus(Status.IDENTIFIED)),
    ("identify -- the pool", ChangeStatus(Status.IDENTIFIED, note="the pool")),
    ("mitigated 14:05", ChangeStatus(Status.MITIGATED, today(14, 5))),
    ("mitigate", ChangeStatus(Status.MITIGATED)),
    ("resolve", ChangeStatus(Status.RESOLVED)),
    ("resolved 2026-11-20T13:05Z", ChangeStatus(Status.RESOLVED, Moment(today(14, 5).at, "Europe/Berlin", True))),
    ("close", ChangeStatus(Status.CLOSED)),
    ("closed", ChangeStatus(Status.CLOSED)),
    ("reopen", Reopen()),
    ("reopen 14:05 -- the errors are back", Reopen(today(14, 5), "the errors are back")),
    ("cancel the probe -- was wrong", Cancel("the probe -- was wrong")),
    ("canceled -- the probe was wrong", Cancel("the probe was wrong")),
    # milestones and descriptions
    ("set started 13:50", SetMilestone(Milestone.STARTED, today(13, 50))),
    ("set detected_at 13:50", SetMilestone(Milestone.DETECTED, today(13, 50))),
    ("set ack 10 minutes ago", SetMilestone(Milestone.ACKNOWLEDGED, today(15, 20))),
    ("severity 2", ChangeSeverity(Severity.SEV2)),
    ("sev SEV3", ChangeSeverity(Severity.SEV3)),
    ("sev1", ChangeSeverity(Severity.SEV1)),
    ("title Checkout  is down", ChangeTitle("Checkout is down")),
    ("title “Checkout is down”", ChangeTitle("Checkout is down")),
    ("type security", ChangeType(IncidentType.SECURITY)),
    ("service checkout-api", ChangeServices(("checkout-api",))),
    ('service checkout-api, "card payments", checkout-api', ChangeServices(("checkout-api", "card payments"))),
    ("services a b", ChangeServices(("a", "b"))),
    ("team Card Payments", ChangeTeam("Card Payments")),
    # people
    ("role lead", AssignRole(Role.LEAD)),
    ("role lead me", AssignRole(Role.LEAD)),
    (f"role lead {ANNA}", AssignRole(Role.LEAD, "UANNA")),
    (f"role {ANNA} lead", AssignRole(Role.LEAD, "UANNA")),
    (f"role commander {ANNA}", AssignRole(Role.LEAD, "UANNA")),
    ("role Comms", AssignRole(Role.COMMS)),
    ("role notes", AssignRole(Role.NOTES)),
    ("role note-taker", AssignRole(Role.NOTES)),
    (f"role incident lead {ANNA}", AssignRole(Role.LEAD, "UANNA")),
    ("role ops", AssignRole(Role.OPS)),
    (f"role owner {ANNA}", AssignRole(Role.OWNER, "UANNA")),
    (f"handover {ANNA}", HandOver("UANNA")),
    ("handover accept", AnswerHandover(HandoverAnswer.ACCEPT)),
    ("handover Decline", AnswerHandover(HandoverAnswer.DECLINE)),
    ("handover withdraw", AnswerHandover(HandoverAnswer.WITHDRAW)),
    ("handover cancel", AnswerHandover(HandoverAnswer.WITHDRAW)),
    # timeline
    ("note rolled back", AddNote("rolled back")),
    ("note: rolled back", AddNote("rolled back")),
    ("note 14:05 rolled back", AddNote("rolled back", today(14, 5))),
    ("note 10 minutes ago rolled back", AddNote("rolled back", today(15, 20))),
    ("note 1 host is down", AddNote("1 host is down")),
    (f"note {ANNA} rolled  back\nall of it ", AddNote(f"{ANNA} rolled  back\nall of it")),
    ("timeline", ShowTimeline()),
    ("timeline all", ShowTimeline(is_all=True)),
    ("update Payments are back", PostUpdate("Payments are back")),
    ("update Payments are back next 30m", PostUpdate("Payments are back", timedelta(minutes=30))),
    ("update Payments are back, next in 1h30m.", PostUpdate("Payments are back", timedelta(minutes=90))),
    ("update Payments are back next 1d", PostUpdate("Payments are back", timedelta(days=1))),
    ("update Nothing new for the next 5 customers", PostUpdate("Nothing new for the next 5 customers")),
    ("snooze", Snooze(timedelta(minutes=30))),
    ("snooze 1h30m", Snooze(timedelta(minutes=90))),
    ("snooze for 4 hours", Snooze(timedelta(hours=4))),
    ("update The fix goes out next week", PostUpdate("The fix goes out next week")),
    ("catchup", CatchUp()),
    ("link 001", LinkIncident("001")),
    ("merge inc-2026-11-19-7k3q", MergeIncident("INC-2026-11-19-7K3Q")),
    ("info", ShowInfo()),
    ("list", ListIncidents()),
    # analysis
    ("impact", StateImpact()),
    ("impact 1 in 5 checkouts failed", StateImpact("1 in 5 checkouts failed")),
    ("cause", StateCause()),
    ("cause the pool", StateCause(CauseKind.CONTRIBUTING, "the pool")),
    ("cause root the pool", StateCause(CauseKind.ROOT, "the pool")),
    ("cause Root: the pool", StateCause(CauseKind.ROOT, "the pool")),
    ("cause contributing the pool", StateCause(CauseKind.CONTRIBUTING, "the pool")),
    ("cause trigger", StateCause(CauseKind.TRIGGER)),
    ("cause rooted in the pool", StateCause(CauseKind.CONTRIBUTING, "rooted in the pool")),
    ("why the pool was small", AddWhy("the pool was small")),
    ("whys", ShowWhys()),
    ("lesson well the alert was quick", AddLesson(LessonKind.WELL, "the alert was quick")),
    ("lesson Hard: three dashboards", AddLesson(LessonKind.HARD, "three dashboards")),
    ("lesson poorly well tested it was not", AddLesson(LessonKind.POORLY, "well tested it was not")),
    # follow-up
    ("action", AddAction()),
    ("action Add an alert", AddAction("Add an alert")),
    (f"action Add an alert {ANNA}", AddAction("Add an alert", "UANNA")),
    (f"action Add an alert {ANNA} due friday P1", AddAction("Add an alert", "UANNA", FRIDAY, Priority.P1)),
    (f"action Add an alert due friday {ANNA} p1", AddAction("Add an alert", "UANNA", FRIDAY, Priority.P1)),
    (f"action Add an alert P0 {ANNA} due friday", AddAction("Add an alert", "UANNA", FRIDAY, Priority.P0)),
    (f"action Add an alert, {ANNA}, due friday, P2", AddAction("Add an alert", "UANNA", FRIDAY, Priority.P2)),
    (f"action Add an alert due friday P1 {ANNA}", AddAction("Add an alert", "UANNA", FRIDAY, Priority.P1)),
    ("action Add an alert due 2026-12-01", AddAction("Add an alert", due=DueDate(date(2026, 12, 1)))),
    ("action Add an alert due in 2 weeks", AddAction("Add an alert", due=DueDate(date(2026, 12, 4)))),
    ("action Pay what is due today due friday", AddAction("Pay what is due today", due=FRIDAY)),
    ("action Catch drops due to retries", AddAction("Catch drops due to retries")),
    (f"action Catch drops due to retries {ANNA}", AddAction("Catch drops due to retries", "UANNA")),
    (f"action Ask {BEN} about it", AddAction(f"Ask {BEN} about it")),
    (f"action Ask {BEN} about it {ANNA} due friday", AddAction(f"Ask {BEN} about it", "UANNA", FRIDAY)),
    (f"action Talk to {ANNA}", AddAction(f"Talk to {ANNA}")),
    (f"action Talk to {ANNA} {BEN}", AddAction(f"Talk to {ANNA}", "UBEN")),
    ("action Replace the P4 chip", AddAction("Replace the P4 chip")),
    ("action Add an alert --type detect", AddAction("Add an alert", type=ActionType.DETECT)),
    ("action Add an alert —type 'mitigate future'", AddAction("Add an alert", type=ActionType.MITIGATE_FUTURE)),
    ("action Restore it --type=recover P1", AddAction("Restore it", priority=Priority.P1, type=ActionType.REPAIR)),
    (f"action Add it --type process {ANNA}", AddAction("Add it", "UANNA", type=ActionType.PREVENT)),
    ("action Run vacuum --full nightly", AddAction("Run vacuum --full nightly")),
    ("action Mail ops@example.com", AddAction("Mail ops@example.com")),
    ("task restart the workers", AddTask("restart the workers")),
    (f"task restart the workers {ANNA}", AddTask("restart the workers", "UANNA")),
    (f"task call back {ANNA} and wait", AddTask(f"call back {ANNA} and wait")),
    ("task done with the rollback, tell them", AddTask("done with the rollback, tell them")),
    ("task done 3 times over", AddTask("done 3 times over")),
    ("tasks", ShowTasks()),
    ("tasks done 3", MoveTask(3, TaskMove.DONE)),
    ("task done 3", MoveTask(3, TaskMove.DONE)),
    ("tasks #3 Done", MoveTask(3, TaskMove.DONE)),
    ("tasks finish #3", MoveTask(3, TaskMove.DONE)),
    ("tasks take 12", MoveTask(12, TaskMove.TAKE)),
    ("tasks give 3 me", MoveTask(3, TaskMove.TAKE)),
    (f"tasks give 3 {ANNA}", MoveTask(3, TaskMove.GIVE, "UANNA")),
    (f"tasks 3 assign {ANNA}", MoveTask(3, TaskMove.GIVE, "UANNA")),
    ("tasks action 3", MoveTask(3, TaskMove.ACTION)),
    ("tasks drop 3", MoveTask(3, TaskMove.DROP)),
    # help
    ("help", Help()),
    ("?", Help()),
    ("—help", Help()),
    ("help sev", Help("severity")),
    ("help Status", Help("status")),
    ("help /incident note", Help("note")),
    ("help publish", Help("postmortem publish")),
    ("help /postmortem draft", Help("postmortem draft")),
    ("help analysis", Help("analysis")),
    ("help postmortem", Help("report")),
)

MEANT_OF_POSTMORTEM: tuple[tuple[str, Command], ...] = (
    ("", Help("report")),
    ("draft", MakeDraft()),
    ("draft --audience executive", MakeDraft(Audience.EXECUTIVE)),
    ("draft —audience=Customer", MakeDraft(Audience.CUSTOMER)),
    ("draft --for customers", MakeDraft(Audience.CUSTOMER)),
    ("review", ReviewDraft()),
    ("approve customer", ApproveCustomerVersion()),
    ("publish", Publish()),
    ("publish --yes", Publish(is_confirmed=True)),
    ("publish —yes —audience customer", Publish(Audience.CUSTOMER, is_confirmed=True)),
    ("owner", AssignRole(Role.OWNER)),
    (f"owner {ANNA}", AssignRole(Role.OWNER, "UANNA")),
    ("due friday", SetPostmortemDue(FRIDAY)),
    ("meeting tomorrow 10:00", SetMeeting(Moment(today(10, 0).at + timedelta(days=1), "Europe/Berlin", False))),
    ("waive the same as last week's", Waive("the same as last week's")),
    ("export md", Export(ExportFormat.MARKDOWN)),
    ("export .PDF", Export(ExportFormat.PDF)),
    ("export markdown", Export(ExportFormat.MARKDOWN)),
    ("search connection pool", SearchPostmortems("connection pool")),
    ("similar", FindSimilar()),
    ("list", ListPostmortems()),
    ("quarter", ShowQuarter()),
    ("quarter 2026Q3", ShowQuarter(2026, 3)),
    ("quarter q3 2026", ShowQuarter(2026, 3)),
    ("help", Help()),
    ("help draft", Help("postmortem draft")),
    ("help severity", Help("severity")),
)


@pytest.mark.parametrize(("typed", "meant"), MEANT, ids=[typed for typed, _ in MEANT])
def test_text_after_the_incident_command_means_this(typed: str, meant: Command) -> None:
    assert incident(typed) == meant


@pytest.mark.parametrize(("typed", "meant"), MEANT_OF_POSTMORTEM, ids=[typed for typed, _ in MEANT_OF_POSTMORTEM])
def test_text_after_the_postmortem_command_means_this(typed: str, meant: Command) -> None:
    assert postmortem(typed) == meant


def test_each_kind_of_command_is_in_the_tables_above() -> None:
    meant = {type(command) for _, command in MEANT + MEANT_OF_POSTMORTEM}

    assert meant == set(Command.__args__)


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("INC-2026-11-20-001 info", "INC-2026-11-20-001"),
        ("inc-2026-11-20-7k3q info", "INC-2026-11-20-7K3Q"),
        ("001 info", "001"),
        ("01 info", "01"),
        ("7K3Q info", "7K3Q"),
        ("k3q info", "K3Q"),
        ("20-001 info", "20-001"),
        ("-001 info", "-001"),
        ("11-20-001 info", "11-20-001"),
        ("2026-11-20-001 info", "2026-11-20-001"),
        ("NTE info", "NTE"),
        ("1042 info", "1042"),
    ],
)
def test_id_or_its_ending_in_front_is_the_target(typed: str, target: str) -> None:
    assert parse_incident(typed, HERE) == Parsed(target, ShowInfo())


def test_target_leaves_the_command_as_it_is() -> None:
    assert parse_incident("001 status mitigated 14:05 -- x", HERE) == Parsed(
        "001", ChangeStatus(Status.MITIGATED, today(14, 5), "x")
    )
    assert parse_incident("7k3q sev2", HERE) == Parsed("7K3Q", ChangeSeverity(Severity.SEV2))
    assert parse_incident("7k3q help sev", HERE) == Parsed("7K3Q", Help("severity"))
    assert parse_postmortem("001 draft", HERE) == Parsed("001", MakeDraft())


def test_letters_that_only_become_an_id_in_capitals_are_no_target() -> None:
    with pytest.raises(UserError, match=r"neither a command .* nor an incident's id"):
        parse_incident("ß1 info", HERE)


def test_command_word_wins_over_an_ending_of_the_same_letters() -> None:
    assert parse_incident("ack", HERE) == Parsed(None, Acknowledge())
    assert parse_incident("start 001 info", HERE) == Parsed(None, Start("001 info"))
    assert parse_incident("note 001 status", HERE) == Parsed(None, AddNote("001 status"))
