from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo import readable, story
from bot.demo.clock import ManualClock
from bot.demo.errors import DemoError
from bot.demo.story import LINK, Act, Step
from bot.demo.wording import Part, fitted, is_told_with, teller, told

NOON = datetime(2017, 1, 31, 12, tzinfo=UTC)
STORY = story.load()


def step(act: Act, minutes: int = 0, **given: Any) -> Step:
    return replace(Step(NOON + timedelta(minutes=minutes), act, who="priya"), **given)


def line(*run: Step) -> str:
    texts = {one.name: one.text for one in run if one.name}
    return fitted(told(STORY, run, texts), 200)


@given(st.lists(st.builds(Part, st.text(), st.text(max_size=3), st.text(max_size=3)), max_size=5), st.integers(30, 99))
def test_a_line_never_grows_over_its_width(parts: list[Part], width: int) -> None:
    assert len(fitted(parts, width)) <= width


@given(st.lists(st.builds(Part, st.text(max_size=10)), max_size=5))
def test_a_line_with_room_is_not_shortened(parts: list[Part]) -> None:
    assert fitted(parts, 50) == "".join(part.text for part in parts)


def test_only_the_long_part_of_a_line_is_shortened() -> None:
    assert fitted([Part("a" * 40), Part("short", " → ")], 20) == f"{'a' * 11}… → short"


def test_a_reaction_is_told_with_its_message() -> None:
    said = step(Act.SAY, text="The site is down", name="down")
    reacted = step(Act.REACT, on="down", text="pushpin", who="daniel")
    assert is_told_with(reacted, [said])
    assert line(said, reacted) == "“The site is down” · Daniel reacts :pushpin:"
    assert teller(STORY, [said, reacted]) == "Priya"


def test_a_reaction_to_an_older_message_stands_alone() -> None:
    said = step(Act.SAY, text="The site is down", name="down")
    other = step(Act.SAY, text="It is back", name="back")
    reacted = step(Act.REACT, on="down", text="pushpin", who="daniel")
    assert not is_told_with(reacted, [said, other])
    assert fitted(told(STORY, [reacted], {"down": "The site is down"}), 99) == "reacts :pushpin: to “The site is down”"


def test_messages_in_a_row_are_counted() -> None:
    run = [step(Act.SAY, text="one"), step(Act.SAY, text="two", who="mei"), step(Act.REPLY, text="three", who="jonas")]
    assert is_told_with(run[1], run[:1])
    assert line(*run) == "3 messages, the last: “three”"
    assert teller(STORY, run) == "Priya and 2 more"


def test_a_message_after_a_reaction_begins_a_new_line() -> None:
    run = [step(Act.SAY, text="one", name="one"), step(Act.REACT, on="one", text="pushpin")]
    assert not is_told_with(step(Act.SAY, text="two"), run)


def test_commands_of_one_kind_are_counted_and_others_stand_alone() -> None:
    run = [step(Act.COMMAND, text="/incident why one"), step(Act.COMMAND, text="/incident why two")]
    assert is_told_with(run[1], run[:1])
    assert line(*run) == "2 times /incident why"
    assert not is_told_with(step(Act.COMMAND, text="/incident note one"), run)
    notes = [step(Act.COMMAND, text="/incident note one"), step(Act.COMMAND, text="/incident note two")]
    assert not is_told_with(notes[1], notes[:1])


def test_form_is_told_with_what_opened_it() -> None:
    asked = step(Act.COMMAND, text="/incident handover @mei")
    sent = step(Act.SUBMIT, form="Hand over the lead", fields=(("State", "The site is closed."), ("Risks", "One copy")))
    assert is_told_with(sent, [asked])
    assert not is_told_with(replace(sent, who="mei"), [asked])
    assert line(asked, sent) == "/incident handover @mei: “The site is closed.”"


def test_form_in_two_parts_is_told_by_its_first_field() -> None:
    asked = step(Act.COMMAND, text="/incident impact")
    parts = [step(Act.SUBMIT, form="Impact", fields=((label, label.lower()),)) for label in ("Who", "Data")]
    assert is_told_with(parts[1], [asked, parts[0]])
    assert line(asked, *parts) == "/incident impact: “who”"


def test_commands_of_one_kind_are_counted_with_and_without_a_form() -> None:
    asked = step(Act.COMMAND, text="/incident cause root")
    sent = step(Act.SUBMIT, form="Add a cause", fields=(("Say it in a sentence", "No limit"),))
    typed = step(Act.COMMAND, text="/incident cause trigger The deploy")
    assert is_told_with(typed, [asked, sent])
    assert line(asked, sent, typed) == "2 times /incident cause"


@pytest.mark.parametrize(
    ("mrkdwn", "plain"),
    [
        ("*bold* and _slanted_ and 3 * 4 * 5", "bold and slanted and 3 * 4 * 5"),
        ("<@U1> in <#C1> sees a &lt;b&gt; &amp; more", "@NAME in #NAME sees a <b> & more"),
        ("<!date^1485889790^{time}|19:09 UTC>", "19:09 UTC"),
        ("<https://example.com/report|The report>", "The report"),
        ("<https://example.com/>", "https://example.com/"),
        ("max_wal_senders and pg_basebackup", "max_wal_senders and pg_basebackup"),
        ("Did you mean: `/incident info`", "Did you mean: /incident info"),
    ],
)
def test_mrkdwn_reads_as_plain_text(mrkdwn: str, plain: str) -> None:
    assert readable.plain(mrkdwn, lambda _some_id: "NAME") == plain


def test_blocks_read_as_lines_with_their_buttons() -> None:
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Hello*"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Status*\nresolved"}]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Undo"}}]},
    ]
    assert readable.lines({"text": "fallback", "blocks": blocks}, str) == ["Hello", "Status: resolved", "[Undo]"]


def test_form_reads_as_its_title_and_what_it_holds() -> None:
    text = {"type": "plain_text_input", "initial_value": "- rolled back\n- restarted"}
    menu = {"type": "static_select", "initial_option": {"text": {"type": "plain_text", "text": "1 h"}, "value": "3600"}}
    fields = (("What was tried", text), ("Risks", {"type": "plain_text_input"}), ("When is the next one?", menu))
    inputs = [
        {"type": "input", "label": {"type": "plain_text", "text": label}, "element": element}
        for label, element in fields
    ]
    intro = {"type": "section", "text": {"type": "mrkdwn", "text": "To *Mei*."}}
    form = {"title": {"type": "plain_text", "text": "Hand over"}, "blocks": [intro, *inputs]}
    assert readable.is_form(form)
    assert readable.modal_lines(form, str) == [
        "Hand over",
        "To Mei.",
        "What was tried: - rolled back",
        "- restarted",
        "When is the next one? 1 h",
    ]


def test_what_a_form_has_turned_into_reads_as_an_answer() -> None:
    done = {
        "title": {"type": "plain_text", "text": "Impact"},
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Saved."}}],
    }
    assert not readable.is_form(done)
    assert readable.modal_lines(done, str) == ["Saved."]


def test_the_clock_stands_still_until_it_is_moved_and_never_goes_back() -> None:
    clock = ManualClock(NOON)
    assert (clock(), clock()) == (NOON, NOON)
    clock.move_to(NOON + timedelta(days=30))
    clock.move_to(NOON)
    assert clock() == NOON + timedelta(days=30)


def test_the_incident_is_of_realistic_size() -> None:
    written = [one for one in STORY.steps if one.act.is_message]
    assert 55 <= len(written) <= 70
    assert len({one.who for one in written}) >= 6
    acts = {one.act for one in STORY.steps}
    assert acts == set(Act)


def test_every_step_points_at_a_message_that_was_written_before() -> None:
    known = {"header", "reminder", "handover", "summary", "answer", "follow-up-30", "follow-up-60"}
    for one in STORY.steps:
        assert not one.on or one.on in known, one
        assert {name for _, value in one.fields for name in LINK.findall(value)} <= known, one
        known.add(one.name)


def test_steps_out_of_order_are_refused() -> None:
    first, *rest = STORY.chapters
    muddled = replace(STORY, chapters=(replace(first, steps=first.steps[::-1]), *rest))
    with pytest.raises(DemoError, match="19:14:30"):
        story.check(muddled)


def test_steps_of_nobody_are_refused() -> None:
    first, *rest = STORY.chapters
    steps = (replace(first.steps[1], who="nobody"), *first.steps[2:])
    with pytest.raises(DemoError, match="“nobody”"):
        story.check(replace(STORY, chapters=(replace(first, steps=steps), *rest)))


def test_form_without_what_is_put_into_it_is_refused() -> None:
    first = STORY.chapters[0]
    steps = (*first.steps, Step(first.steps[-1].at + timedelta(seconds=1), Act.SUBMIT, who="priya", form="Impact"))
    with pytest.raises(DemoError, match="sends in a form, and must say which and with what"):
        story.check(replace(STORY, chapters=(replace(first, steps=steps),)))
