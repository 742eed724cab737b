"""Handing over the lead: a brief is offered to one person, and the lead passes when they accept."""

from collections.abc import Iterator

import pytest

from bot.domain.handover import BRIEF_LIMIT
from bot.sandbox import error, lost_answer, visible_text
from tests.scenarios.stage import Json, Room, Stage, labels, staged


@pytest.fixture(scope="module")
def stage(module_database_url: str) -> Iterator[Stage]:
    with staged(module_database_url, {"SCRIBE_EMOJI": "phases"}) as stage:
        stage.people.add_person("guest", real_name="Gus Guest", guest=True)
        stage.people.add_person("robot", real_name="Robot", bot=True)
        stage.people.add_person("left", real_name="Lea Left", deactivated=True)
        yield stage


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    """An incident that Ana leads; Ben is in its channel, Cleo is not."""
    room = stage.declare(f"Handed {abs(hash(request.node.name)) % 10**8} --sev 2")
    stage.people.join("ben", room.channel)
    stage.type("ana", room.channel, "/incident role lead")
    stage.settle()
    return room


def user_id(stage: Stage, name: str) -> str:
    return stage.sandbox.workspace.person(name).id


def open_form(stage: Stage, room: Room, to: str = "ben", *, by: str = "ana") -> Json:
    answer = stage.people.command(by, room.channel, "/incident", f"handover @{to}")
    assert answer.acked
    form = stage.screen.modal(by)
    assert form is not None, answer.text
    return form


def held(form: Json) -> dict[str, str]:
    """Returns what the form holds when it opens, by field."""
    inputs = [block for block in form["blocks"] if block["type"] == "input"]
    return {block["block_id"]: block["element"].get("initial_value", "") for block in inputs}


def offer(stage: Stage, room: Room, to: str = "ben", *, by: str = "ana", **values: str) -> Json:
    """Offers the lead with the form and returns the message that says so."""
    open_form(stage, room, to, by=by)
    answer = stage.people.submit(by, "handover", values)
    assert (answer.action, answer.errors, answer.problem) == ("update", {}, None)
    stage.people.close_modal(by, everything=True)
    stage.settle()
    return offers(stage, room)[-1]


def offers(stage: Stage, room: Room) -> list[Json]:
    return [one for one in stage.screen.from_bot(room.channel) if "the lead of *" in visible_text(one)]


def press(stage: Stage, user: str, room: Room, message: Json, which: str) -> None:
    assert stage.people.press(user, room.channel, message["ts"], f"handover.{which}").acked
    stage.settle()


def refused(stage: Stage, user: str, room: Room, typed: str) -> str:
    """Returns the first line of the answer to a command that opens no form."""
    answer = stage.type(user, room.channel, f"/incident {typed}")
    assert stage.screen.modal(user) is None
    return answer.split("\n")[0]


def last_line(stage: Stage, room: Room) -> str:
    return stage.bot_said(room.channel)[-1]


def test_form_is_prefilled_with_what_is_known(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "Rolled checkout back to 2.14")
    stage.people.react("ana", room.channel, ts, "wrench")
    for typed in ("cause root the pool has no limit", "task restart the workers @ben", "set started 90 minutes ago"):
        stage.type("ana", room.channel, f"/incident {typed}")
    stage.settle()
    form = open_form(stage, room)
    filled = held(form)
    assert list(filled) == ["state", "tried", "hypothesis", "risks", "tasks", "next_check"]
    assert filled["state"].startswith("SEV2, investigating, for 1 h 30 min.")
    assert filled["tried"] == "- Rolled checkout back to 2.14"
    assert filled["hypothesis"] == "- the pool has no limit"
    assert filled["tasks"] == "1. restart the workers (@Ben Okoro, 0 s)"
    assert filled["risks"] == ""
    assert "To *Ben Okoro*. The lead passes when they accept." in visible_text(form)
    stage.people.close_modal("ana")


def test_offer_is_one_message_that_asks_the_other_alone(stage: Stage, room: Room) -> None:
    before = len(stage.bot_said(room.channel))
    message = offer(stage, room, risks="The evening peak")
    text = visible_text(message)
    assert text.startswith(f"<@{user_id(stage, 'ben')}>: Ana Silva offers you the lead of *{room.incident_id} · Handed")
    assert "*State*\nSEV2, investigating, for " in text
    assert "*Risks*\nThe evening peak" in text
    assert "Hypothesis" not in text, "what was left empty is left out"
    assert text.count("<@") == 1
    assert labels(message) == ["Accept*", "Decline", "Withdraw"]
    assert len(stage.bot_said(room.channel)) == before + 1
    assert "*Incident lead*\nAna Silva" in stage.header_text(room)


def test_lead_passes_when_the_other_accepts_and_everybody_reads_it(stage: Stage, room: Room) -> None:
    message = offer(stage, room)
    press(stage, "ben", room, message, "accept")
    assert "*Incident lead*\nBen Okoro" in stage.header_text(room)
    (shown,) = offers(stage, room)
    assert shown["ts"] == message["ts"]
    assert labels(shown) == []
    assert "to Ben Okoro. *Accepted by Ben Okoro, <!date^" in visible_text(shown)
    assert last_line(stage, room) == (f"@Ben Okoro is the incident lead, handed over by <@{user_id(stage, 'ana')}>")
    assert "The incident lead was handed over" in stage.timeline("ana", room)
    assert stage.whispered("ben", room.channel) == []


def test_accepting_acknowledges_when_nothing_did_before(stage: Stage) -> None:
    room = stage.declare("Nobody leads")
    stage.people.join("ben", room.channel)
    stage.settle()
    message = offer(stage, room)
    assert "Not known: " in stage.info("ana", room)
    press(stage, "ben", room, message, "accept")
    assert "Acknowledged: " in stage.info("ana", room)


def test_declined_offer_leaves_the_lead_and_tells_who_offered_it(stage: Stage, room: Room) -> None:
    message = offer(stage, room)
    press(stage, "ben", room, message, "decline")
    assert "*Declined by Ben Okoro, " in visible_text(offers(stage, room)[0])
    ana = user_id(stage, "ana")
    assert last_line(stage, room) == f"@Ben Okoro can't take the lead now. <@{ana}> stays the incident lead"
    assert "*Incident lead*\nAna Silva" in stage.header_text(room)


def test_withdrawn_offer_says_so_in_place_and_nothing_more(stage: Stage, room: Room) -> None:
    message = offer(stage, room)
    before = len(stage.bot_said(room.channel))
    press(stage, "ana", room, message, "withdraw")
    assert "*Withdrawn by Ana Silva, " in visible_text(offers(stage, room)[0])
    assert len(stage.bot_said(room.channel)) == before


@pytest.mark.parametrize(
    ("user", "which", "answer"),
    [
        (
            "ana",
            "accept",
            "This is offered to <@{ben}>, so only they can accept it. To take the lead: `/incident role lead`",
        ),
        ("ana", "decline", "This is offered to <@{ben}>, so only they can decline it."),
        ("ben", "withdraw", "<@{ana}> made this offer, so only they can withdraw it."),
    ],
)
def test_others_are_told_why_a_button_is_not_theirs(
    stage: Stage, room: Room, user: str, which: str, answer: str
) -> None:
    message = offer(stage, room)
    press(stage, user, room, message, which)
    ids = {name: user_id(stage, name) for name in ("ana", "ben")}
    assert stage.whispered(user, room.channel)[-1] == answer.format(**ids)
    assert labels(offers(stage, room)[0]) == ["Accept*", "Decline", "Withdraw"]


def test_commands_do_what_the_buttons_do(stage: Stage, room: Room) -> None:
    offer(stage, room)
    assert stage.type("ana", room.channel, "/incident handover withdraw").startswith("Withdrawn: <@")
    offer(stage, room)
    assert stage.type("ben", room.channel, "/incident handover decline").startswith("Declined.")
    offer(stage, room)
    assert stage.type("ben", room.channel, "/incident handover accept") == f"You are the lead of {room.incident_id}."
    stage.settle()
    assert "*Incident lead*\nBen Okoro" in stage.header_text(room)
    nothing = stage.type("ben", room.channel, "/incident handover accept")
    assert nothing.startswith(
        f"The lead of {room.incident_id} is offered to nobody. To hand it over: `/incident handover @name`"
    )


def test_newer_offer_ends_the_one_that_stood(stage: Stage, room: Room) -> None:
    first = offer(stage, room)
    second = offer(stage, room, "cleo")
    shown = offers(stage, room)
    assert [one["ts"] for one in shown] == [first["ts"], second["ts"]]
    assert "*No longer stands: there was a newer offer, or a new lead, by Ana Silva, " in visible_text(shown[0])
    assert labels(shown[1]) == ["Accept*", "Decline", "Withdraw"]


def test_press_on_an_offer_that_has_ended_is_refused(stage: Stage, room: Room) -> None:
    message = offer(stage, room)
    stored = stage.sandbox.workspace.channel(room.channel).messages[message["ts"]]
    before = list(stored.blocks)
    press(stage, "ana", room, message, "withdraw")
    stored.blocks = before  # Ben's client has not drawn the change yet.
    press(stage, "ben", room, message, "accept")
    assert stage.whispered("ben", room.channel) == ["This handover was withdrawn."]
    assert "*Incident lead*\nAna Silva" in stage.header_text(room)


def test_somebody_else_taking_the_lead_ends_the_offer(stage: Stage, room: Room) -> None:
    offer(stage, room)
    stage.people.join("cleo", room.channel)
    stage.type("cleo", room.channel, "/incident role lead")
    stage.settle()
    assert "No longer stands: there was a newer offer, or a new lead, by Cleo Marchetti" in visible_text(
        offers(stage, room)[0]
    )
    assert refused(stage, "ben", room, "handover accept").endswith("To hand it over: `/incident handover @name`")


def test_taking_the_lead_that_is_offered_accepts_it(stage: Stage, room: Room) -> None:
    offer(stage, room)
    stage.type("ben", room.channel, "/incident role lead")
    stage.settle()
    assert "Accepted by Ben Okoro" in visible_text(offers(stage, room)[0])


def test_whoever_is_asked_is_brought_into_the_channel(stage: Stage, room: Room) -> None:
    assert "cleo" not in stage.screen.members(room.channel)
    message = offer(stage, room, "cleo")
    assert "cleo" in stage.screen.members(room.channel)
    press(stage, "cleo", room, message, "accept")
    assert "*Incident lead*\nCleo Marchetti" in stage.header_text(room)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("handover @ana", "The lead is handed over to somebody else. To take it: `/incident role lead`"),
        ("handover @robot", "Robot is a bot and can't be incident lead. Name a member of this workspace."),
        ("handover @guest", "Gus Guest is a guest and can't be incident lead. Name a member of this workspace."),
        (
            "handover @left",
            "Lea Left is no longer in this workspace and can't be incident lead. Name a member of this workspace.",
        ),
    ],
)
def test_lead_is_handed_over_only_to_who_can_take_it(stage: Stage, room: Room, typed: str, answer: str) -> None:
    assert refused(stage, "ana", room, typed) == answer


def test_only_the_lead_hands_over_and_the_refusal_says_what_to_do_when_they_sleep(stage: Stage, room: Room) -> None:
    ana, cleo = user_id(stage, "ana"), user_id(stage, "cleo")
    assert refused(stage, "ben", room, "handover @cleo") == (
        f"<@{ana}> is the incident lead, and only they hand it over. "
        f"To name another without them: /incident role lead <@{cleo}>"
    )
    assert refused(stage, "ben", room, "handover @ana") == f"<@{ana}> is the incident lead already."
    stage.type("ben", room.channel, "/incident role lead @cleo")
    stage.settle()
    assert "*Incident lead*\nCleo Marchetti" in stage.header_text(room)


def test_nothing_is_handed_over_once_it_is_resolved(stage: Stage, room: Room) -> None:
    message = offer(stage, room)
    stage.type("ana", room.channel, "/incident resolve")
    stage.settle()
    over = f"{room.incident_id} is resolved, so there is no lead to "
    again = "To take it up again: `/incident reopen`"
    assert refused(stage, "ana", room, "handover @ben") == f"{over}hand over. {again}"
    press(stage, "ben", room, message, "accept")
    assert stage.whispered("ben", room.channel)[-1] == f"{over}take. {again}"


def test_form_keeps_what_was_typed_when_it_is_refused(stage: Stage, room: Room) -> None:
    open_form(stage, room)
    answer = stage.people.submit("ana", "handover", {"state": "  ", "risks": "The evening peak"})
    assert answer.action == "errors"
    assert answer.errors == {
        "state": "Say how things stand, for example: checkout is back for most, the queue is still long"
    }
    form = stage.screen.modal("ana")
    assert form is not None
    assert form["state"]["values"]["risks"]["risks"]["value"] == "The evening peak"
    stage.people.submit("ana", "handover", {"state": "Half is back"})
    stage.people.close_modal("ana", everything=True)
    stage.settle()
    assert "*Risks*\nThe evening peak" in visible_text(offers(stage, room)[-1])


def test_form_that_was_open_while_somebody_took_the_lead_is_refused(stage: Stage, room: Room) -> None:
    open_form(stage, room)
    stage.type("ben", room.channel, "/incident role lead")
    answer = stage.people.submit("ana", "handover", {})
    assert answer.errors == {"state": "@Ben Okoro is the incident lead already."}
    stage.people.close_modal("ana", everything=True)
    assert offers(stage, room) == []


def test_what_is_typed_into_the_form_calls_nobody_and_says_it_when_it_is_cut(stage: Stage, room: Room) -> None:
    hostile = f"<!channel> <@{user_id(stage, 'cleo')}> & " + "<" * (BRIEF_LIMIT - 60)
    names = ("state", "tried", "hypothesis", "risks", "tasks", "next_check")
    text = visible_text(offer(stage, room, **dict.fromkeys(names, hostile)))
    assert text.count("<@") == 1
    assert "<!" not in text
    assert "Some of this is cut" in text


def test_form_that_can_not_open_says_what_to_type_instead(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.api("views.open", error("expired_trigger_id"), times=1)
    answer = stage.type("ana", room.channel, "/incident handover @ben")
    assert "could not be opened" in answer
    assert f"/incident role lead <@{user_id(stage, 'ben')}>" in answer


def test_offer_whose_answer_is_lost_is_posted_once(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.api("chat.postMessage", lost_answer(), times=1)
    open_form(stage, room)
    stage.people.submit("ana", "handover", {})
    stage.people.close_modal("ana", everything=True)
    stage.retry_until(lambda: bool(offers(stage, room)))
    assert len(offers(stage, room)) == 1


def test_lead_of_a_private_incident_is_offered_inside_it_alone(stage: Stage) -> None:
    room = stage.declare("Salaries leaked --private")
    stage.type("ana", room.channel, "/incident role lead")
    stage.settle()
    unknown = stage.type("ben", "general", "/incident 2026-11-20-ZZZZ handover @cleo").split("\n")[0]
    there = refused(stage, "ben", Room("", "general", ""), f"{room.incident_id} handover @cleo")
    assert there.replace(room.incident_id, "X") == unknown.replace("2026-11-20-ZZZZ", "X")
    message = offer(stage, room, "cleo")
    press(stage, "cleo", room, message, "accept")
    assert "*Incident lead*\nCleo Marchetti" in stage.header_text(room)


def test_in_a_thread_the_answer_says_how_to_hand_over(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ana", room.channel, "I have to go")
    bot, ben = f"<@{stage.sandbox.bot_user_id}>", f"<@{user_id(stage, 'ben')}>"
    stage.people.say("ana", room.channel, f"{bot} handover {ben}", thread=ts)
    stage.settle()
    answer = stage.whispered("ana", room.channel)[-1]
    assert f"for example: {bot} role lead {ben}\n" in answer
    assert answer.endswith("The slash command opens the form, typed in the channel and not in a thread.")
