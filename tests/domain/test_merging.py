from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.incident import Incident, IncidentType, Kind, Status
from bot.domain.merging import Pair, check, earlier, learned, taken_over, whole_name
from bot.domain.milestones import Milestone, Stamp, by_name, is_in_order
from bot.domain.timeline import PLAIN_EMOJI, Curation, Entry, Mark, Material, Part, entries, proposals
from tests.factories import DECLARED, at, make_change, make_incident, make_message, make_report, make_stamp, make_vote

PART = make_incident(row_id=2, incident_id="INC-2026-11-20-002", channel_id="C2", channel_name="inc-part", title="Part")
WHOLE = make_incident()
STARTED, DETECTED, DECLARED_AT = Milestone.STARTED, Milestone.DETECTED, Milestone.DECLARED
MITIGATED, RESOLVED = Milestone.MITIGATED, Milestone.RESOLVED


def refusal(part: dict[str, Any], whole: dict[str, Any], *, is_published: bool = False) -> str:
    with pytest.raises(UserError) as refused:
        check(Pair(replace(PART, **part), replace(WHOLE, **whole), is_published), "/incident")
    return refused.value.message


# Which may become one


def test_two_of_a_kind_may_become_one_wherever_the_part_stands() -> None:
    for status in set(Status) - {Status.CANCELLED}:
        check(Pair(replace(PART, status=status), replace(WHOLE, status=Status.INVESTIGATING), False), "/incident")
    for status in (Status.RESOLVED, Status.CLOSED):
        check(Pair(replace(PART, status=status), replace(WHOLE, status=Status.RESOLVED), False), "/incident")
    for kind in (Kind.LIVE, Kind.NEAR_MISS, Kind.RETRO):
        check(Pair(replace(PART, kind=kind), WHOLE, False), "/incident")


@pytest.mark.parametrize(
    ("part", "whole", "answer"),
    [
        (
            {"is_private": True},
            {},
            (
                "INC-2026-11-20-002 is private and INC-2026-11-20-001 is not: merged, everybody could read what was "
                "said among few. To let each point to the other: /incident INC-2026-11-20-002 link INC-2026-11-20-001"
            ),
        ),
        (
            {},
            {"is_private": True},
            (
                "INC-2026-11-20-001 is private and INC-2026-11-20-002 is not: merged, most could see it no longer. "
                "To let each point to the other: /incident INC-2026-11-20-002 link INC-2026-11-20-001"
            ),
        ),
        (
            {"kind": Kind.DRILL},
            {},
            (
                "INC-2026-11-20-002 is a drill and INC-2026-11-20-001 is not, so they are no one outage. "
                "To let each point to the other: /incident INC-2026-11-20-002 link INC-2026-11-20-001"
            ),
        ),
        (
            {"type": IncidentType.SECURITY, "is_private": True},
            {"is_private": True},
            (
                "INC-2026-11-20-002 is a security incident, so the whole would be one. To make it one first: "
                "/incident INC-2026-11-20-001 type security"
            ),
        ),
        (
            {},
            {"status": Status.CLOSED},
            (
                "INC-2026-11-20-001 is closed, so nothing becomes part of it. To take it up again first: "
                "/incident INC-2026-11-20-001 reopen"
            ),
        ),
        (
            {"status": Status.MITIGATED},
            {"status": Status.RESOLVED},
            (
                "INC-2026-11-20-002 is still mitigated and INC-2026-11-20-001 is resolved. The other way round: "
                "/incident INC-2026-11-20-001 merge INC-2026-11-20-002"
            ),
        ),
    ],
)
def test_two_that_differ_too_much_are_refused_with_what_can_be_done(
    part: dict[str, Any], whole: dict[str, Any], answer: str
) -> None:
    assert refusal(part, whole) == answer


@pytest.mark.parametrize("cancelled", ["part", "whole"])
def test_cancelled_incident_is_merged_with_none(cancelled: str) -> None:
    fields = {name: {"status": Status.CANCELLED} if name == cancelled else {} for name in ("part", "whole")}
    name = {"part": PART, "whole": WHOLE}[cancelled].incident_id
    assert refusal(fields["part"], fields["whole"]) == (
        f"{name} is cancelled: it was no incident. To take it up again first: /incident {name} reopen"
    )


def test_published_postmortem_stays_that_of_one_incident() -> None:
    assert refusal({"status": Status.CLOSED}, {}, is_published=True).startswith(
        "The postmortem of INC-2026-11-20-002 is published, so it stays as it is."
    )


def test_private_whole_is_not_named_to_the_people_of_its_part() -> None:
    assert whole_name(WHOLE) == WHOLE.incident_id
    assert WHOLE.incident_id not in whole_name(replace(WHOLE, is_private=True))


# What the whole learns


def test_whole_takes_over_what_it_does_not_know_and_the_services_of_both() -> None:
    part = replace(
        PART, services=("web", "queue"), vendor="Acme", owning_team="Payments", postmortem_due=date(2026, 12, 1)
    )
    whole = replace(WHOLE, services=("db", "web"), owning_team="Storage")
    assert taken_over(part, whole) == {
        "services": ["db", "web", "queue"],
        "vendor": "Acme",
        "postmortem_due": date(2026, 12, 1),
    }
    assert taken_over(replace(PART, services=("web",)), whole) == {}


def known(*stamps: Stamp) -> dict[Milestone, Stamp]:
    return {stamp.milestone: stamp for stamp in stamps}


def test_milestone_that_only_the_part_knows_is_learned_and_no_other_is_touched() -> None:
    started, detected = make_stamp(STARTED, "13:00"), make_stamp(DETECTED, "13:10")
    of_whole = known(make_stamp(DETECTED, "13:05"), make_stamp(DECLARED_AT, "14:05"))
    assert learned([started, detected, make_stamp(DECLARED_AT, "13:11")], of_whole, Status.INVESTIGATING) == (started,)


def test_milestone_that_contradicts_those_of_the_whole_is_not_learned() -> None:
    assert learned([make_stamp(STARTED, "13:30")], known(make_stamp(DETECTED, "13:05")), Status.INVESTIGATING) == ()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.INVESTIGATING, ()),
        (Status.IDENTIFIED, ()),
        (Status.MITIGATED, (MITIGATED,)),
        (Status.RESOLVED, (MITIGATED, RESOLVED)),
    ],
)
def test_end_of_the_part_is_not_the_end_of_a_whole_that_goes_on(
    status: Status, expected: tuple[Milestone, ...]
) -> None:
    found = learned([make_stamp(MITIGATED, "14:30"), make_stamp(RESOLVED, "14:40")], {}, status)
    assert tuple(stamp.milestone for stamp in found) == expected


def test_earlier_beginning_of_the_part_is_told_where_it_fits() -> None:
    of_whole = known(make_stamp(STARTED, "13:05"), make_stamp(DETECTED, "13:10"), make_stamp(MITIGATED, "14:00"))
    first = make_stamp(STARTED, "13:00")
    of_part = [first, make_stamp(DETECTED, "13:01"), make_stamp(MITIGATED, "13:30")]
    assert earlier(of_part, of_whole) == (first,), "it would have been detected before the whole started"
    assert earlier([make_stamp(STARTED, "13:07")], of_whole) == ()


@given(
    st.dictionaries(st.sampled_from(Milestone), st.integers(0, 1_000)),
    st.dictionaries(st.sampled_from(Milestone), st.integers(0, 1_000)),
    st.sampled_from(Status),
)
def test_what_is_learned_never_contradicts_a_whole_that_was_in_order(
    of_part: dict[Milestone, int], of_whole: dict[Milestone, int], status: Status
) -> None:
    def stamps(minutes: dict[Milestone, int]) -> list[Stamp]:
        first = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
        return [make_stamp(name, datetime.fromtimestamp(first + 60 * at, UTC)) for name, at in minutes.items()]

    before = known(*stamps(of_whole))
    after = before | known(*learned(stamps(of_part), before, status))
    times = by_name(after.values())
    was_in_order = all(is_in_order(by_name(before.values()), name, stamp.at) for name, stamp in before.items())
    assert {name: after[name] for name in before} == before
    assert not was_in_order or all(is_in_order(times, name, at) for name, at in times.items())


# How it is told


def of_part(*, incident: Incident = PART, **fields: Any) -> Material:
    return Material(parts=(Part(incident, Material(**fields)),))


def told(material: Material) -> list[Entry]:
    return list(entries(material, PLAIN_EMOJI))


def test_message_of_a_parts_channel_stands_on_the_timeline_and_is_named_with_its_channel() -> None:
    message = make_message("14:10", "said there", channel_id="C2")
    (entry,) = told(of_part(messages=[message], votes=[make_vote(message)]))
    assert (entry.text, entry.channel_id, entry.reference) == ("said there", "C2", f"m{message.ts}@C2")


def test_timestamp_names_a_message_in_its_own_channel_only() -> None:
    here, there = make_message("14:10", "said here"), make_message("14:10", "said there", channel_id="C2")
    assert here.ts == there.ts
    part = Part(PART, Material(messages=[there], votes=[make_vote(there)]))
    assert [entry.text for entry in told(Material(messages=[here], parts=[part]))] == ["said there"]
    kept_out = Material(
        messages=[here], votes=[make_vote(here)], curations=[Curation(here.ts, is_kept_out=True)], parts=[part]
    )
    assert [entry.text for entry in told(kept_out)] == ["said there"]


def test_milestones_of_a_part_are_named_by_its_id_and_are_none_of_the_whole() -> None:
    material = of_part(stamps=[make_stamp(DECLARED_AT, "14:00"), make_stamp(DETECTED, "13:59")])
    found = told(material)
    assert [entry.text for entry in found] == [
        "INC-2026-11-20-002: The disruption was detected",
        "INC-2026-11-20-002: The incident was declared",
    ]
    assert {entry.milestone for entry in found} == {None}


def test_milestone_that_the_whole_took_over_stands_once() -> None:
    stamp = make_stamp(DETECTED, "13:59")
    (entry,) = told(replace(of_part(stamps=[stamp]), stamps=[stamp]))
    assert entry.milestone is DETECTED


def test_interval_before_a_part_was_reopened_stays() -> None:
    changes = [
        make_change(Status.RESOLVED, "14:20"),
        make_change(Status.INVESTIGATING, "14:30", is_reopening=True),
        make_change(Status.CLOSED, "14:40", "merged into INC-2026-11-20-001"),
    ]
    assert [entry.text for entry in told(of_part(status_changes=changes))] == [
        "INC-2026-11-20-002: The incident was resolved (before it was reopened)",
        "INC-2026-11-20-002: The incident was reopened",
    ]


def test_proposals_of_all_channels_come_in_order_of_time() -> None:
    here, there = make_message("14:12", "here"), make_message("14:10", "there", channel_id="C2")
    emoji = {"bulb": Mark.LESSON}
    part = Part(PART, Material(messages=[there], votes=[make_vote(there, "bulb")]))
    material = Material(messages=[here], votes=[make_vote(here, "bulb")], parts=[part])
    assert [one.message.text for one in proposals(material, emoji)] == ["there", "here"]


def test_report_says_of_each_message_in_which_channel_it_was_said_and_names_the_part() -> None:
    here, there = make_message("14:10", "said here"), make_message("14:10", "said there", channel_id="C2")
    part = Part(replace(PART, merged_into=1), Material(messages=[there], votes=[make_vote(there)]))
    report = make_report(Material(messages=[here], votes=[make_vote(here)], parts=[part]))
    notes = {row.text: row.evidence.note for day in report.timeline for row in day.rows if row.evidence}
    assert notes["said here"] == "by a responder in #inc-20261120-checkout-errors-in-the-eu"
    assert notes["said there"] == "by a responder in #inc-part"
    permalinks = {row.text: row.permalink for day in report.timeline for row in day.rows}
    assert "/C2/" in str(permalinks["said there"])
    assert [row.incident_id for row in report.related] == ["INC-2026-11-20-002"]
    assert {link.label for link in report.links} == {"#inc-20261120-checkout-errors-in-the-eu", "#inc-part"}


def test_report_names_the_channel_of_a_part_that_was_there_before() -> None:
    adopted = replace(PART, merged_into=1, is_adopted=True, capture_from=at("13:00"), capture_until=DECLARED)
    report = make_report(of_part(incident=adopted))
    assert any(
        sentence.startswith(
            "The channel #inc-part was there before: what was said in it from 2026-11-20 13:00 UTC until"
        )
        for sentence in report.capture_statement
    )
