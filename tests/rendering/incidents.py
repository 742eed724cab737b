"""The incidents of the golden files: a rich one, one just declared, and one in which everything is hostile."""

from datetime import UTC, date, datetime
from decimal import Decimal

from bot.domain.actions import ActionStatus, ActionType, Priority
from bot.domain.impact import ImpactDetails
from bot.domain.incident import Role, Severity, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem import Postmortem, assemble
from bot.domain.quantities import Money
from bot.domain.record import Capture, CaptureGap, IncidentRecord
from bot.domain.statements import CauseKind, Layer, LessonKind
from bot.domain.text import mention
from bot.domain.timeline import PHASE_EMOJI, Curation, Material, Phase
from tests.factories import (
    COMMS,
    HELPER,
    LEAD,
    NOTES,
    OPS,
    REPORTER,
    at,
    make_action,
    make_bot_message,
    make_cause,
    make_change,
    make_communication,
    make_holder,
    make_impact,
    make_incident,
    make_lesson,
    make_message,
    make_note,
    make_person,
    make_record,
    make_stamp,
    make_vote,
    make_why,
)

WORKSPACE = "https://example.slack.com/"
NEXT_DAY = date(2026, 11, 21)
SECOND_HELPER = "UHELP2"
PEOPLE = {
    person.user_id: person
    for person in (
        make_person(LEAD, "Priya Natarajan", "priya"),
        make_person(COMMS, "Tomasz Zielinski", "tomasz"),
        make_person(NOTES, "Mark Oduya", "mark"),
        make_person(OPS, "Lucía Fernández", "lucia"),
        make_person(REPORTER, "Grace Whitfield", "gracew"),
        make_person(HELPER, "Jonas Bergström", "jonas"),
        make_person(SECOND_HELPER, "Amina Haddad", "amina"),
    )
}


def just_declared() -> IncidentRecord:
    """An incident a minute old: nobody has said anything yet."""
    return make_record(make_incident(), people=PEOPLE, workspace_url=WORKSPACE)


def rich() -> IncidentRecord:
    """A live incident over two days, reopened once, with something in every section."""
    incident = make_incident(
        status=Status.RESOLVED,
        vendor="Northbank Cards",
        services=("checkout", "payments-api"),
        owning_team="Payments",
    )
    return make_record(
        incident,
        _rich_material(),
        roles=(
            make_holder(Role.LEAD, LEAD),
            make_holder(Role.COMMS, COMMS),
            make_holder(Role.NOTES, NOTES),
            make_holder(Role.OPS, OPS),
            make_holder(Role.OWNER, HELPER),
        ),
        status_changes=_RICH_CHANGES,
        impacts=(
            make_impact("1,240 customers in the EU could not pay by card for 41 minutes; 3.1% of the day's orders."),
            make_impact("No data was lost: orders that failed were never charged.", COMMS),
            make_impact("", COMMS, _RICH_FIGURES),
        ),
        people=PEOPLE,
        workspace_url=WORKSPACE,
        capture=Capture(
            messages=214,
            edits=9,
            deletes=1,
            recovered=6,
            checked_until=at("09:55", NEXT_DAY),
            gaps=(CaptureGap(at("14:31"), at("14:33"), 6, "connection to Slack lost"),),
        ),
        communications=(
            make_communication("14:20", "Card payments in the EU fail for some customers. Next update at 14:50 UTC."),
            make_communication("14:45", "Card payments work again since 14:38 UTC. We keep watching."),
        ),
        **_rich_statements(),
    )


_RICH_FIGURES = ImpactDetails(
    users=1_240,
    users_share=0.031,
    services=("checkout", "payments-api"),
    regions=("eu-west-1",),
    from_at=at("13:57"),
    to_at=at("14:38"),
    data_integrity="Checked by Lena: nothing lost",
    revenue=Money(Decimal(18_400), "EUR"),
    tickets=85,
)
_RICH_CHANGES = (
    make_change(Status.IDENTIFIED, "14:26", "the new release opens two connections per checkout"),
    make_change(Status.MITIGATED, "14:38", "rolled checkout back to 2.14"),
    make_change(Status.RESOLVED, "15:20"),
    make_change(Status.INVESTIGATING, "21:04", "errors are back at 2%", is_reopening=True),
    make_change(
        Status.RESOLVED,
        at("09:40", NEXT_DAY),
        "pool size raised to 80 and the nightly export moved to the replica",
    ),
)


def _rich_material() -> Material:
    alert = make_bot_message("14:01:12", "[FIRING:1] checkout 5xx above 2% for 5m in eu-west-1")
    first_look = make_message(
        "14:09:40",
        f"{mention(LEAD)} pool is exhausted on all pods:\n```\nselect state, count(*) from pg_stat_activity\n"
        "  group by 1;\nactive | 400\n```\nDashboard: https://grafana.example.com/d/pool?from=now-1h",
        OPS,
    )
    guess = make_message(
        "14:18:02", "> pool is exhausted\nCould it be the 13:50 deploy? Amina Haddad saw the same in staging", HELPER
    )
    decision = make_message(
        "14:29:55",
        "We roll back instead of raising the pool: it is quicker to undo, and the database is at its limit.",
        LEAD,
    )
    rollback = make_message(
        "14:34:10", "`kubectl rollout undo deploy/checkout | tee undo.log` done on 12 of 12 pods", OPS
    )
    reply = make_message("14:41:30", "I see orders going through again", SECOND_HELPER, thread_ts=rollback.ts)
    again = make_message("21:02:15", "Support has two new tickets about failed cards", COMMS)
    export = make_message(
        "22:47:00", "The nightly export holds 60 connections. I paused it. Mark will watch it.", HELPER
    )
    kept_out = make_message("14:50:00", "Lunch anyone?", SECOND_HELPER)
    messages = (alert, first_look, guess, decision, rollback, reply, kept_out, again, export)
    return Material(
        messages=messages,
        votes=(
            make_vote(alert, "rotating_light"),
            make_vote(first_look, "mag"),
            make_vote(guess, "mag"),
            make_vote(decision, "scales"),
            make_vote(decision, "wrench", LEAD),
            make_vote(rollback, "wrench"),
            make_vote(reply, "pushpin"),
            make_vote(kept_out, "pushpin"),
            make_vote(again, "rotating_light"),
            make_vote(export, "wrench"),
        ),
        curations=(Curation(kept_out.ts, is_kept_out=True),),
        notes=(
            make_note(
                "13:50", "Checkout 2.15 was deployed to all regions", OPS, 1, said_at=at("15:40"), phase=Phase.LEAD_UP
            ),
            make_note("14:12", "Severity changed from SEV3 to SEV2", LEAD, 2),
            make_note(at("09:10", NEXT_DAY), "Error rate below 0.1% for ten hours", NOTES, 3, phase=Phase.RECOVERY),
        ),
        stamps=(
            make_stamp(Milestone.STARTED, "13:57", OPS, said_at=at("15:42")),
            make_stamp(Milestone.DETECTED, alert.at, REPORTER, message_ts=alert.ts, said_at=at("14:05")),
            make_stamp(Milestone.DECLARED, "14:05", REPORTER),
            make_stamp(Milestone.ACKNOWLEDGED, "14:06"),
            make_stamp(Milestone.IDENTIFIED, "14:26"),
            make_stamp(Milestone.MITIGATED, "14:38"),
            make_stamp(Milestone.RESOLVED, at("09:40", NEXT_DAY)),
        ),
        status_changes=_RICH_CHANGES,
    )


def _rich_statements() -> dict[str, tuple[object, ...]]:
    return {
        "causes": (
            make_cause(CauseKind.TRIGGER, "Release 2.15 opened a second database connection for each checkout.", 1),
            make_cause(
                CauseKind.ROOT,
                "The pool's size is set by hand, and nothing compares it with what the services may open.",
                2,
                evidence="https://grafana.example.com/d/pool?from=1795183200",
                layer=Layer.TECHNICAL,
                category="capacity",
            ),
            make_cause(
                CauseKind.ROOT,
                "Load tests run against a database of their own, so the shared limit never shows.",
                3,
                evidence="see the load test's setup page",
                layer=Layer.PROCESS,
                category="testing",
            ),
            make_cause(CauseKind.CONTRIBUTING, "The alert did not link to the pool's dashboard.", 4, score=1),
            make_cause(
                CauseKind.CONTRIBUTING,
                "The nightly export shares the pool with checkout.",
                5,
                score=3,
                layer=Layer.ORGANISATIONAL,
            ),
        ),
        "whys": (
            make_why(1, "Payments failed because checkout waited for a database connection."),
            make_why(2, "There was none because 2.15 doubled what each checkout opens."),
            make_why(3, "Nobody saw it before because load tests use a database of their own."),
            make_why(1, "It came back because the export still held 60 connections.", "the second wave"),
        ),
        "actions": (
            make_action(
                1,
                "Run load tests against the shared database",
                owner_id=HELPER,
                due=date(2026, 12, 4),
                type=ActionType.PREVENT,
                priority=Priority.P1,
                link="https://tracker.example.com/browse/PAY-412",
                cause_id=3,
            ),
            make_action(
                2, "Alert when the pool is above 80%", owner_id=OPS, type=ActionType.DETECT, priority=Priority.P0
            ),
            make_action(3, f"Ask {mention(LEAD)} whether the export can move for good", due=date(2026, 12, 18)),
            make_action(
                4,
                "Raise the pool to 80",
                owner_id=OPS,
                due=date(2026, 11, 21),
                type=ActionType.REPAIR,
                status=ActionStatus.DONE,
                cause_id=2,
            ),
            make_action(
                5,
                "Buy a bigger database",
                owner_id=LEAD,
                type=ActionType.MITIGATE_FUTURE,
                status=ActionStatus.DROPPED,
                reason="the pool was the limit, not the database",
            ),
        ),
        "lessons": (
            make_lesson(LessonKind.WELL, "The rollback took four minutes and needed no approval."),
            make_lesson(LessonKind.POORLY, "The alert fired four minutes after the first failed payment.", COMMS),
            make_lesson(LessonKind.LUCKY, "It happened outside the evening peak."),
            make_lesson(LessonKind.HARD, "Two dashboards showed different error rates.", OPS),
            make_lesson(LessonKind.UNKNOWN, "Why eu-west-2 recovered on its own.", SECOND_HELPER),
        ),
    }


_PAYLOADS = (
    "*bold* _it_ ~gone~ `code | pipe` | cell | <b>x</b> & &lt;script&gt; [a](javascript:alert(1))",
    "<script>alert(1)</script><svg onload=alert(2)><img src=x onerror=alert(3)>\"' onmouseover='x",
    "{{7*7}} {% for x in range(9) %}{{ x }}{% endfor %} ${7*7} %s {0.__class__} #{7*7}",
    "# heading\n| a | b |\n| --- | --- |\n- item\n1. one\n> quote\n---\n===\n```\nfence\n~~~",
    "<!channel> <!here> @everyone \u202egnp.exe\u202c \u200fabc\u200e ![x](http://evil.example/p.png)",
    'http://evil.example/a|b`c<d>"e [ref]: http://evil.example \\| `a\\|b` ``two`` <!-- c --> <?php ?>',
)
_LONG = "long line | with `code` and <b> " * 125


def hostile() -> IncidentRecord:
    """An incident in which every text that people may type tries to break out."""
    texts = [*_PAYLOADS, _LONG]
    messages = (
        *(
            make_message(datetime(2026, 11, 20, 14, 10 + number, tzinfo=UTC), text, HELPER)
            for number, text in enumerate([*texts, "```\n" + "\n".join(texts)])
        ),
        make_bot_message("14:40", "alert", name=_PAYLOADS[1]),
    )
    nasty = {
        HELPER: make_person(HELPER, f"Eve {_PAYLOADS[0]}", f"eve {_PAYLOADS[1]}"),
        LEAD: make_person(LEAD, "| - | `x`", "{{ 7*7 }}"),
    }
    return make_record(
        make_incident(
            title=_PAYLOADS[1],
            severity=Severity.SEV4,
            vendor=_PAYLOADS[0],
            services=(_PAYLOADS[1], _PAYLOADS[3]),
            owning_team=_PAYLOADS[2],
            channel_name=_PAYLOADS[4],
        ),
        Material(
            messages=messages,
            votes=tuple(make_vote(message) for message in messages),
            notes=(make_note("15:00", _PAYLOADS[3], LEAD),),
        ),
        roles=(make_holder(Role.OWNER, HELPER),),
        impacts=(
            *(make_impact(text) for text in texts),
            make_impact("", LEAD, ImpactDetails(services=tuple(texts), data_integrity=texts[0], sla_breach=texts[1])),
        ),
        causes=tuple(
            make_cause(
                kind,
                text,
                number,
                evidence=("javascript:alert(1)", "https://evil.example/a)b|c", "data:text/html,<b>")[number % 3],
                category=text,
            )
            for number, (kind, text) in enumerate((kind, text) for kind in CauseKind for text in _PAYLOADS)
        ),
        whys=tuple(make_why(number, text, branch=_PAYLOADS[number % 2]) for number, text in enumerate(texts, 1)),
        actions=tuple(
            make_action(
                number,
                text,
                owner_id=HELPER,
                status=ActionStatus.DROPPED,
                reason=text,
                link=("javascript:alert(1)", "https://evil.example/[x](y)|z")[number % 2],
                cause_id=number,
            )
            for number, text in enumerate(texts, 1)
        ),
        lessons=tuple(make_lesson(kind, text) for kind in LessonKind for text in texts),
        communications=tuple(make_communication("15:00", text, to=text) for text in texts),
        people=nasty,
        capture=Capture(gaps=(CaptureGap(at("14:00"), at("14:01"), 0, _PAYLOADS[0]),)),
        workspace_url=WORKSPACE,
    )


def report(record: IncidentRecord) -> Postmortem:
    """Assemble the report as it is assembled in the golden files."""
    return assemble(record, now=at("10:00", NEXT_DAY), revision=2, emoji=PHASE_EMOJI)
