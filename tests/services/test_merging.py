"""Incidents that several people join, take apart and change at once, and a merge whose work is killed anywhere."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.errors import UserError
from bot.domain.incident import Incident, Role, RoleHolder, Severity, Status
from bot.domain.postmortem.audiences import Audience
from bot.domain.timeline import PLAIN_EMOJI
from bot.services import draft, local, merging, statements, status, undoing
from bot.services.actions import NewAction, add_action
from bot.services.declare import Declaration, declare
from bot.services.views import AnnouncementView, HeaderView
from bot.services.world import World
from storage import incidents, records
from storage.database import Database
from tests.factories import HELPER, LEAD, TEAM
from tests.fakes import FakeSlack, Killed, ManualClock, ask
from tests.services.test_killed_anywhere import announcing, asked, run_until_done, settle
from tests.storage.stored import at_once, store_incident

__all__ = ["announcing"]
Doing = Callable[[World], str]


def together(world: World, *doings: Doing) -> list[str]:
    """Let these be done at once, each by a process of its own; return what each was told."""

    def by(doing: Doing) -> Callable[[Database], str]:
        def work(database: Database) -> str:
            try:
                return doing(replace(world, database=database))
            except UserError as error:
                return error.message

        return work

    url = world.database.url.render_as_string(hide_password=False)
    return list(map(str, at_once(url, *map(by, doings))))


def merging_of(number: int, part: Incident, whole: Incident) -> Doing:
    request = ask(f"merge:{number}", channel_id="C0", target=part.incident_id)
    return lambda world: merging.merge(world, request, whole.incident_id).text


def three(world: World) -> list[Incident]:
    return [store_incident(world.database, channel_id=f"C{number}") for number in (1, 2, 3)]


def stored(world: World, *these: Incident) -> list[Incident]:
    with world.database.reading() as connection:
        return [incidents.by_row(connection, one.row_id) for one in these]


def test_one_request_delivered_to_several_processes_merges_once(world: World) -> None:
    part, whole, _ = three(world)
    answers = together(world, *[merging_of(1, part, whole)] * 5)
    assert len(set(answers)) == 1
    assert answers[0].startswith(f"{part.incident_id} is part of {whole.incident_id} now")
    with world.database.reading() as connection:
        assert len(incidents.status_changes_of(connection, part)) == 1
        assert len(records.load(connection, whole).material.notes) == 1


@pytest.mark.parametrize("_again", range(3))
def test_of_two_that_are_merged_into_each_other_at_once_one_goes_on(world: World, _again: int) -> None:
    one, other, _ = three(world)
    answers = together(world, merging_of(1, one, other), merging_of(2, other, one), merging_of(3, one, other))
    assert sum(" now: what was entered" in answer for answer in answers) == 1
    assert sum(" already." in answer for answer in answers) == 2
    merged = [now.merged_into for now in stored(world, one, other)]
    assert sorted(merged, key=str) in ([one.row_id, None], [other.row_id, None])


@pytest.mark.parametrize("_again", range(3))
def test_ring_of_merges_at_once_ends_in_one_whole(world: World, _again: int) -> None:
    one, two, three_ = three(world)
    together(world, merging_of(1, one, two), merging_of(2, two, three_), merging_of(3, three_, one))
    now = stored(world, one, two, three_)
    (whole,) = [each for each in now if each.merged_into is None]
    assert {each.merged_into for each in now} == {None, whole.row_id}


@pytest.mark.parametrize("_again", range(3))
def test_what_is_entered_while_incidents_are_merged_belongs_to_the_whole(world: World, _again: int) -> None:
    part, whole, _ = three(world)

    def enter(number: int) -> Doing:
        request = ask(f"note:{number}", channel_id="C1")

        def doing(world: World) -> str:
            statements.add_note(world, request, None, f"noted {number}")
            return add_action(world, replace(request, key=f"action:{number}"), NewAction(f"Do {number}")).text

        return doing

    told = together(world, enter(1), enter(2), merging_of(1, part, whole), enter(3), enter(4))
    with world.database.reading() as connection:
        record = records.load(connection, whole)
        left = records.load(connection, part)
    assert {f"noted {number}" for number in range(1, 5)} <= {note.text for note in record.material.notes}
    assert sorted(action.number for action in record.actions) == [1, 2, 3, 4]
    assert (left.material.notes, left.actions) == ((), ())
    assert all("Action" in text for text in told[:2])


@pytest.mark.parametrize("_again", range(3))
def test_undo_of_a_merge_while_both_are_changed_waits_for_its_turn(world: World, _again: int) -> None:
    part, whole, third = three(world)
    key = merging.merge(world, ask("merge:0", channel_id="C1"), whole.incident_id).undo
    assert key is not None

    def undo(number: int) -> Doing:
        return lambda world: undoing.take_back(world, ask(f"undo:{number}", channel_id="C1"), key).text

    def move(number: int) -> Doing:
        request = ask(f"move:{number}", channel_id="C1")
        return lambda world: status.change_status(world, request, Status.IDENTIFIED, None, "").text

    told = Counter(
        answer.split(" ")[0].rstrip(":")
        for answer in together(world, undo(1), move(1), undo(2), merging_of(1, whole, third), move(2))
    )
    assert not {"TryAgainError", "BrokenOffError", "OperationalError"} & set(told)
    now = {one.row_id: one for one in stored(world, part, whole, third)}
    for one in now.values():
        assert one.merged_into is None or now[one.merged_into].merged_into is None


def test_draft_that_was_asked_for_before_the_merge_is_the_wholes(
    announcing: World, slack: FakeSlack, clock: ManualClock
) -> None:
    world = announcing
    part, whole = two_opened(world)
    draft.ask_for_draft(world, asked(part, "b"), Audience.INTERNAL)
    merging.merge(world, asked(part, "m"), whole.incident_id)
    run_until_done(world, clock)
    (summary,) = slack.posted("draft-summary")
    assert summary.channel_id == whole.channel_id


def test_command_line_gives_the_report_of_the_whole_for_the_id_of_its_part(world: World) -> None:
    part, whole, _ = three(world)
    merging.merge(world, ask("merge:0", channel_id="C1"), whole.incident_id)
    names = {"command": "/incident", "postmortem_command": "/postmortem"}
    report, _review = local.reviewed(world.database, part.incident_id, now=ask().now, emoji=PLAIN_EMOJI, **names)
    assert report.incident.incident_id == whole.incident_id
    assert part.incident_id not in {one.incident_id for one in local.listed(world.database)}


MOMENTS = [(number, is_after) for number in range(10) for is_after in (False, True)]


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_merge_whose_work_is_killed_anywhere_is_shown_everywhere_once(
    announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    world = announcing
    part, whole = two_opened(world)
    with world.database.transaction() as connection:
        incidents.set_role(connection, part, RoleHolder(Role.OPS, HELPER, clock()))
    merging.merge(world, asked(part, "m"), whole.incident_id)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    run_until_done(world, clock)
    assert part.channel_id
    assert whole.channel_id
    assert len(slack.posted(f"line:{part.row_id}:")) == 1
    assert len(slack.posted(f"line:{whole.row_id}:")) == 1
    (of_part,), (of_whole,) = slack.posted(f"header:{part.row_id}"), slack.posted(f"header:{whole.row_id}")
    (announced,) = slack.posted(f"announcement:{part.row_id}")
    assert isinstance(of_part.view, HeaderView)
    assert isinstance(of_whole.view, HeaderView)
    assert isinstance(announced.view, AnnouncementView)
    (now,) = stored(world, whole)
    assert (of_part.view.merged_into, announced.view.merged_into) == (now, now)
    assert of_whole.view.parts == (part.incident_id,)
    assert set(slack.members[whole.channel_id]) == {LEAD, HELPER}


def two_opened(world: World) -> list[Incident]:
    """Declare two incidents and let their channels be made."""
    for key in ("d1", "d2"):
        declare(world, ask(key, channel_id="C9"), Declaration("Checkout errors", Severity.SEV2))
    settle(world)
    with world.database.reading() as connection:
        return list(incidents.of_team(connection, TEAM, only_open=True))
