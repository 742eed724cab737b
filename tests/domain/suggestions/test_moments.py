"""Channels in a few lines, and what is suggested of them."""

import pytest

from bot.domain.messages import Message
from bot.domain.suggestions import Moment, Suggestion, suggestions
from bot.domain.timeline import Phase
from tests.domain.suggestions.channels import MIDNIGHT, at_second, channel
from tests.factories import at, make_bot_message, make_message

OUTAGE = channel(
    ("10:00", "ana", "customers are reporting errors at checkout, about 40 tickets since 09:50"),
    ("10:03", "bo", "I see 502s from the payments upstream in the gateway logs"),
    ("10:04", "cy", "is anybody on it?"),
    ("10:05", "bo", "yes"),
    ("10:12", "bo", "turns out the deploy of 09:48 removed the retry header"),
    ("10:13", "ana", "oh no :facepalm:"),
    ("10:20", "bo", "rolled back payments to 2.31"),
    ("10:21", "cy", "thanks!"),
    ("10:27", "ana", "checkout is working again, error rate is back to normal"),
    ("10:40", "ana", "we're done here, closing the incident"),
    ("10:41", "cy", "great work everyone"),
    ("10:50", "cy", "we should add an alert for that header"),
)


def at_clock(found: tuple[Suggestion, ...], clock: str) -> Suggestion:
    return next(one for one in found if one.message.at == at(clock))


def clocks(found: tuple[Suggestion, ...]) -> list[str]:
    return [f"{one.message.at:%H:%M}" for one in found]


def test_outage_is_told_by_its_moments_and_nothing_else() -> None:
    assert clocks(suggestions(OUTAGE)) == ["10:00", "10:03", "10:12", "10:20", "10:27", "10:40"]


def test_each_moment_has_its_kind_and_its_phase() -> None:
    found = suggestions(OUTAGE)
    assert [(one.moment, one.phase) for one in found] == [
        (Moment.DETECTION, Phase.DETECTION),
        (Moment.EVIDENCE, Phase.INVESTIGATION),
        (Moment.EVIDENCE, Phase.INVESTIGATION),
        (Moment.MITIGATION, Phase.MITIGATION),
        (Moment.RECOVERY, Phase.MITIGATION),
        (Moment.RECOVERY, Phase.RESOLUTION),
    ]


def test_each_suggestion_says_why() -> None:
    found = suggestions(OUTAGE)
    assert at_clock(found, "10:12").reason == "names a cause"
    assert at_clock(found, "10:20").reason == "says that something was changed"
    assert at_clock(found, "10:40").reason == "says that it is over"


def test_channel_without_messages_has_no_suggestions() -> None:
    assert suggestions(()) == ()


def test_small_talk_alone_gives_no_suggestion() -> None:
    assert (
        suggestions(channel(("09:00", "ana", "good morning"), ("09:05", "bo", "coffee?"), ("09:06", "cy", "lol"))) == ()
    )


def test_change_before_the_first_report_led_up_to_it() -> None:
    found = suggestions((*channel(("09:48", "bo", "deployed payments 2.32 to production")), *OUTAGE))
    first = at_clock(found, "09:48")
    assert (first.moment, first.phase) == (Moment.CHANGE, Phase.LEAD_UP)


def test_change_before_the_declaration_led_up_to_it_where_nobody_reports() -> None:
    lines = channel(("09:00", "bo", "deployed payments 2.32"), ("09:40", "bo", "rolled back payments to 2.31"))
    found = suggestions(lines, declared_at=at("09:30"))
    assert [one.phase for one in found] == [Phase.LEAD_UP, Phase.MITIGATION]


def test_what_is_done_after_the_end_belongs_to_the_recovery() -> None:
    found = suggestions((*OUTAGE, *channel(("11:30", "bo", "deployed payments 2.33 with the retry header back"))))
    assert at_clock(found, "11:30").phase is Phase.RECOVERY


def test_one_persons_messages_in_a_row_make_one_suggestion() -> None:
    lines = (
        at_second(36_000, "UBO", "found it"),
        at_second(36_020, "UBO", "the certificate of the proxy expired at 09:58"),
        at_second(36_050, "UBO", "nobody renewed it when the team moved"),
    )
    (only,) = suggestions(lines)
    assert {only.message.ts, *only.others} == {message.ts for message in lines}


def test_what_others_add_to_a_moment_belongs_to_it() -> None:
    found = suggestions(
        channel(
            ("10:12", "bo", "turns out the deploy removed the retry header from the gateway"),
            ("10:13", "ana", "the retry header is missing in the gateway logs too"),
        )
    )
    assert len(found) == 1
    assert len(found[0].others) == 1


def test_proposal_that_is_agreed_to_is_a_decision() -> None:
    found = suggestions(
        channel(
            ("10:00", "ana", "checkout is failing with 502s since the deploy"),
            ("10:10", "bo", "let's fail over to the standby in Frankfurt"),
            ("10:11", "ana", "agreed, go ahead"),
        )
    )
    decision = at_clock(found, "10:10")
    assert decision.moment is Moment.DECISION
    assert decision.is_key


def test_decision_alone_is_key() -> None:
    assert [one.message.at for one in suggestions(OUTAGE) if one.is_key] == []


def test_question_that_is_answered_with_yes_is_the_decision() -> None:
    found = suggestions(
        channel(
            ("10:00", "ana", "checkout is failing with 502s since the deploy"),
            ("10:10", "bo", "shall we roll back payments to 2.31?"),
            ("10:11", "ana", "yes, do it"),
        )
    )
    assert [one.moment for one in found if one.message.at >= at("10:05")] == [Moment.DECISION]


@pytest.mark.parametrize(
    "text",
    [
        "lol\nrolled back payments to 2.31\nthat was close :sweat_smile:",
        "hmm ok. rolled back payments to 2.31",
        "rolled back payments to 2.31. can you look at the graphs?",
    ],
)
def test_text_keeps_the_telling_line_without_the_chatter(text: str) -> None:
    (only,) = suggestions(channel(("10:20", "bo", text)))
    assert only.text.rstrip(".") == "rolled back payments to 2.31"


def test_long_text_is_cut() -> None:
    (only,) = suggestions(channel(("10:20", "bo", "rolled back " + "x" * 900)))
    assert len(only.text) <= 400
    assert only.text.endswith("…")


def test_quoted_line_is_not_suggested_as_ones_own() -> None:
    (only,) = suggestions(channel(("10:20", "bo", "> restarted the proxy\nturns out the certificate expired")))
    assert only.text == "turns out the certificate expired"


class TestAlerts:
    STORM = tuple(
        make_bot_message(f"10:{minute:02d}", f"[FIRING] checkout error rate above 5% on web-{minute}", name="Alerts")
        for minute in range(40)
    )

    def test_forty_repeated_alerts_make_few_suggestions(self) -> None:
        people = channel(("10:08", "bo", "checkout errors on every web host"))
        alerts = [one for one in suggestions((*self.STORM, *people)) if one.message.bot_id]
        assert len(alerts) == 1
        assert alerts[0].message == self.STORM[0]
        assert alerts[0].moment is Moment.ALERT

    def test_last_recovery_counts_and_not_each(self) -> None:
        lines = (
            *channel(
                ("10:00", "Alerts", "[FIRING] checkout error rate above 5%"),
                ("10:02", "bo", "checkout is failing for everybody"),
                ("10:20", "bo", "rolled back checkout to 2.31"),
                ("10:30", "Alerts", "[RESOLVED] checkout error rate above 5%"),
            ),
        )
        found = suggestions(lines)
        last = at_clock(found, "10:30")
        assert (last.moment, last.reason) == (Moment.RECOVERY, "is the recovery after the last alert")

    def test_alert_that_nobody_speaks_of_is_left_out(self) -> None:
        lines = (
            *OUTAGE,
            *channel(
                ("10:33", "Alerts", "[FIRING] disk of ci-runner-07 will fill in 24 hours"),
                ("10:34", "Alerts", "[RESOLVED] disk of ci-runner-07"),
            ),
        )
        assert not [one for one in suggestions(lines) if one.message.bot_id]

    def test_recovery_of_what_never_fired_is_no_recovery(self) -> None:
        lines = (*OUTAGE, *channel(("10:33", "CI", ":white_check_mark: web main #4711 passed")))
        assert not [one for one in suggestions(lines) if one.message.bot_id and one.moment is Moment.RECOVERY]

    def test_program_that_posts_as_a_person_is_known_by_its_forms(self) -> None:
        storm = [
            at_second(36_000 + 60 * index, "UNAGIOS", f"PROBLEM - web-{index} HTTP CRITICAL - 503")
            for index in range(30)
        ]
        person = at_second(36_490, "UBO", "the web hosts answer 503 since the deploy")
        found = suggestions([*storm, person])
        assert sum(one.message.user_id == "UNAGIOS" for one in found) == 1


def test_summary_of_what_was_said_is_not_another_moment() -> None:
    summary = (
        "10:31",
        "ana",
        "to recap for Kim: deploy removed the retry header, payments was rolled back, errors gone",
    )
    assert "10:31" not in clocks(suggestions((*OUTAGE, *channel(summary))))


def test_story_of_an_earlier_incident_is_not_a_moment() -> None:
    story = ("10:08", "cy", "last time the payments deploy broke checkout we restarted the gateway")
    assert "10:08" not in clocks(suggestions((*OUTAGE, *channel(story))))


def test_busy_stretch_yields_about_one_suggestion_in_five_minutes() -> None:
    shouting = [
        at_second(
            36_000 + 10 * index, f"U{index % 7}", f"restarted web-{index}, still failing with {500 + index} errors"
        )
        for index in range(180)
    ]
    assert len(suggestions(shouting)) <= 8


def test_other_work_in_the_same_channel_is_left_out() -> None:
    other = [
        at_second(second, f"U{second % 5}", text)
        for second, text in (
            (21_600, "the blog is redesigned, new fonts"),
            (21_700, "love the fonts"),
            (22_500, "the book club has a channel of its own now"),
            (22_560, "good idea"),
            (25_000, "the printer has paper again"),
            (25_100, "at last"),
        )
    ]
    assert clocks(suggestions([*other, *OUTAGE])) == clocks(suggestions(OUTAGE))


def test_reply_in_a_thread_can_be_a_moment() -> None:
    asked = make_message("10:30", "which version is live now?", user_id="UANA")
    answered = make_message("10:32", "rolled the gateway back to 1.9 as well", user_id="UBO", thread_ts=asked.ts)
    assert "10:32" in clocks(suggestions((*OUTAGE, asked, answered)))


def test_messages_of_one_second_keep_their_order() -> None:
    first = make_message(MIDNIGHT, "turns out the disk was full", user_id="UBO")
    second = make_message(MIDNIGHT, "rolled back", user_id="UANA", ts=f"{first.ts[:-1]}9")
    messages: list[Message] = [second, first]
    assert suggestions(messages) == suggestions([first, second])
