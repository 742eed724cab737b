"""Every view as a message, a modal or a Home tab: empty, typical and overfull, within Slack's limits."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import ActionStatus
from bot.domain.incident import TITLE_LIMIT, IncidentType, Kind, Role, Severity, Status
from bot.domain.messages import permalink
from bot.domain.milestones import Milestone
from bot.domain.text import mention
from bot.domain.timeline import Entry, Mark, Origin, Phase, Proposal
from bot.services.views import (
    AnnouncementView,
    AnswerView,
    DraftView,
    FollowUpView,
    HeaderView,
    HomeView,
    LineView,
    PublishedView,
    TimelineView,
    View,
)
from bot.slack.blocks import modals, rendered
from bot.slack.blocks.elements import SECTION_TEXT, clipped_mrkdwn, paragraphs
from bot.slack.blocks.home import home
from tests.factories import DECLARED, make_action, make_incident, make_message
from tests.slack.block_limits import elements, message_problems, view_problems

# A character that takes five when it is escaped, a mention, and a line break: what makes texts longer than they look.
HOSTILE = ("&" * 40 + mention("U0BEN") + "<!channel>\n") * 60
# The report speaks of roles, so what comes from it holds no mention.
FROM_REPORT = HOSTILE.replace(mention("U0BEN"), "the incident lead")
FULL_TITLE = ("<&>" * TITLE_LIMIT)[:TITLE_LIMIT]
NAMES = {"U0BEN": "Ben <!here> Okoro " * 5, "ULEAD": "Lea", "UREPORT": "Rae"}
EMPTY, TYPICAL, FULL = (
    make_incident(title="x"),
    make_incident(),
    make_incident(title=FULL_TITLE, kind=Kind.DRILL, is_private=True, reporter_id="U0BEN", vendor=HOSTILE[:100]),
)


def header(incident: Any, *, roles: int = 0, times: int = 1, groups: int = 0) -> HeaderView:
    return HeaderView(
        incident=incident,
        holders=dict.fromkeys(list(Role)[:roles], "U0BEN"),
        milestones=dict.fromkeys(list(Milestone)[:times], DECLARED),
        names=NAMES if roles else {},
        called_in=("S1",) * groups,
        command="/incident",
        has_draft=False,
    )


def entry(number: int, text: str = "rolled back", **fields: Any) -> Entry:
    ts = f"17951533{number:02d}.000100"
    values: dict[str, Any] = {"message_ts": ts, "channel_id": "C1", "author_id": "U0BEN"}
    return Entry(DECLARED + timedelta(minutes=number), text, Origin.REACTION, f"m{ts}", **(values | fields))


def timeline(
    *entries: Entry, proposals: tuple[Proposal, ...] = (), is_whole: bool = True, total: int = 0
) -> TimelineView:
    links = {one.reference: permalink("https://x.slack.com/", "C1", one.message_ts or "1.0") or "" for one in entries}
    return TimelineView(
        incident=FULL,
        entries=entries,
        total=total or len(entries),
        proposals=proposals,
        links=links,
        is_whole=is_whole,
        command="/incident",
    )


def draft(incident: Any, **fields: Any) -> DraftView:
    values: dict[str, Any] = {
        "incident": incident,
        "revision": 1,
        "summary": "It was down.",
        "seconds": {},
        "counts": ("1 timeline entry",),
        "gaps": (),
        "published_revision": None,
        "published_by": None,
        "published_at": None,
        "names": NAMES,
    }
    return DraftView(**(values | fields))


def follow_up(incident: Any, **fields: Any) -> FollowUpView:
    values: dict[str, Any] = {
        "incident": incident,
        "slot": "30d",
        "days": 30,
        "open": (),
        "done": (),
        "dropped": (),
        "asked": (),
        "names": NAMES,
        "link": None,
        "came_back": None,
        "answered_by": None,
        "is_direct": False,
    }
    return FollowUpView(**(values | fields))


def many(status: ActionStatus, start: int, count: int = 60) -> tuple[Any, ...]:
    return tuple(
        make_action(
            start + n, HOSTILE[:3000], status=status, owner_id="U0BEN", due=DECLARED.date(), reason=HOSTILE[:1000]
        )
        for n in range(count)
    )


ALL_SECONDS = dict.fromkeys(("time_to_detect", "time_to_acknowledge", "time_to_mitigate", "time_to_resolve"), 90_061)

MESSAGES: dict[str, View] = {
    "answer shortest": AnswerView("x"),
    "answer typical": AnswerView("On the timeline.", undo=12, incident_row=1),
    "answer overfull": AnswerView(HOSTILE * 10, undo=10**9, publish=10**6, incident_row=10**9),
    "answer of one endless line": AnswerView("<" * 20_000, undo=1),
    "line shortest": LineView("x"),
    "line typical": LineView(f"{mention('U0BEN')} is the incident lead", NAMES),
    "line overfull": LineView(HOSTILE, NAMES),
    "header empty": header(EMPTY, times=0),
    "header typical": header(TYPICAL, roles=1),
    "header overfull": header(FULL, roles=5, times=7, groups=30),
    "announcement typical": AnnouncementView(TYPICAL, {}),
    "announcement overfull": AnnouncementView(FULL, NAMES),
    "timeline empty": timeline(),
    "timeline typical": timeline(entry(1, phase=Phase.DETECTION), entry(2, is_key=True), is_whole=False, total=30),
    "timeline of notes": timeline(entry(1, message_ts=None, channel_id=None), entry(2, author_id=None)),
    "timeline overfull": timeline(
        *(entry(n, HOSTILE[:3000], phase=Phase.MITIGATION, is_key=True) for n in range(99)),
        proposals=tuple(
            Proposal(mark, make_message("14:05", HOSTILE[:3000]))
            for mark in (Mark.LESSON, Mark.ACTION, Mark.IMPACT) * 9
        ),
    ),
    "draft empty": draft(EMPTY, summary="", counts=()),
    "draft typical": draft(TYPICAL, gaps=(("Who was affected?", "/incident impact TEXT"),), seconds=ALL_SECONDS),
    "draft published": draft(TYPICAL, published_revision=1, published_by="U0BEN", published_at=DECLARED),
    "draft overfull": draft(
        FULL,
        revision=999,
        summary=FROM_REPORT,
        seconds=ALL_SECONDS,
        counts=("9,999,999 timeline entries", "9,999,999 causes", "9,999,999 actions"),
        gaps=((FROM_REPORT[:2000], FROM_REPORT[:2000]),) * 40,
        published_revision=998,
        published_by="U0BEN",
        published_at=DECLARED,
    ),
    "publication typical": PublishedView(TYPICAL, 1, "It was down.", "https://x.slack.com/archives/C1/p1"),
    "publication overfull": PublishedView(FULL, 999, FROM_REPORT, None),
    "follow-up empty": follow_up(EMPTY),
    "follow-up typical": follow_up(TYPICAL, open=(make_action(1),), asked=("U0BEN",), link="https://x.slack.com/1"),
    "follow-up answered": follow_up(TYPICAL, came_back=True, answered_by="U0BEN", done=(make_action(1),)),
    "follow-up overfull": follow_up(
        FULL,
        open=many(ActionStatus.OPEN, 1),
        done=many(ActionStatus.DONE, 100),
        dropped=many(ActionStatus.DROPPED, 200),
        asked=tuple(f"U{n:09d}" for n in range(60)),
        link="https://x.slack.com/1",
        is_direct=True,
    ),
}

VIEWS: dict[str, dict[str, Any]] = {
    "form empty": modals.declare(metadata={}),
    "form prefilled": modals.declare(
        title=FULL_TITLE,
        severity=Severity.SEV1,
        kind=Kind.RETRO,
        type_=IncidentType.SECURITY,
        is_private=True,
        vendor="V" * 100,
        began="yesterday 23:55, 22:55 UTC",
        metadata={"since": DECLARED.isoformat()},
    ),
    "drop typical": modals.drop_action(text="Add a load test", metadata={"row": 1, "number": 1}),
    "drop overfull": modals.drop_action(text=HOSTILE, metadata={"row": 10**9, "number": 10**9}),
    "done typical": modals.done("Declared", "INC-2026-11-20-001 is declared."),
    "done overfull": modals.done("D" * 99, HOSTILE),
    "home empty": home(HomeView((), (), "/incident")),
    "home typical": home(HomeView((TYPICAL,), ((TYPICAL, make_action(1)),), "/incident")),
    "home overfull": home(
        HomeView((FULL,) * 99, tuple((FULL, one) for one in many(ActionStatus.OPEN, 1, 99)), "/incident")
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message_fits_slack_and_has_words_for_notifications(name: str) -> None:
    message = rendered(MESSAGES[name])
    assert message_problems(message.text, message.blocks) == []


@pytest.mark.parametrize("name", VIEWS)
def test_form_or_home_tab_fits_slack(name: str) -> None:
    assert view_problems(VIEWS[name]) == []


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("roles", [0, 1, 5])
def test_header_leads_with_one_primary_button_until_the_incident_is_closed(status: Status, roles: int) -> None:
    view = header(replace(TYPICAL, status=status), roles=roles)
    buttons = [one for block in rendered(view).blocks for one in elements(block)]
    first = None if status is Status.CLOSED else "primary"
    assert [one.get("style") for one in buttons] == [first, *[None] * (len(buttons) - 1)]
    assert 2 <= len(buttons) <= 5
    assert message_problems("x", rendered(view).blocks) == []


@pytest.mark.parametrize("name", MESSAGES)
def test_no_message_shows_the_marks_that_stand_for_mentions(name: str) -> None:
    message = rendered(MESSAGES[name])
    assert "\ue000" not in message.text + json.dumps(message.blocks, ensure_ascii=False)


@pytest.mark.parametrize("name", [name for name in MESSAGES if not name.startswith(("answer", "timeline"))])
def test_message_for_everyone_mentions_only_those_it_asks_for_something(name: str) -> None:
    message = rendered(MESSAGES[name])
    said = "".join([message.text, *_mrkdwn(message.blocks)])
    assert "<!channel>" not in said
    assert "<!here>" not in said
    assert ("<@" in said) == (name in ("follow-up typical", "follow-up overfull"))


def _mrkdwn(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for one in node for text in _mrkdwn(one)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if node.get("type") == "mrkdwn" else []
    return own + [text for one in node.values() for text in _mrkdwn(one)]


@pytest.mark.parametrize("name", MESSAGES)
def test_words_for_notifications_are_never_cut_inside_an_escape_or_a_mention(name: str) -> None:
    text = rendered(MESSAGES[name]).text
    assert text.count("<") == text.count(">")
    assert not re.search(r"&(?!(?:amp|lt|gt);)", text)


@pytest.mark.parametrize("length", range(1, 40))
def test_text_is_never_cut_inside_an_escape_or_a_link(length: int) -> None:
    cut = clipped_mrkdwn("a &amp; b <https://x.example.com|link> &lt;c&gt;", length)
    assert len(cut) <= length
    whole = cut.removesuffix("…")
    assert whole.count("<") == whole.count(">")
    assert whole.count("&") == whole.count(";")


@given(st.lists(st.sampled_from(["word", "&amp;", "<https://x.example.com|a link>", "x" * 70, " "]), max_size=400))
def test_line_too_long_for_one_section_goes_on_in_the_next(pieces: list[str]) -> None:
    line = "".join(pieces)
    parts = [block["text"]["text"] for block in paragraphs([line])]
    assert "".join("".join(parts).split()) == "".join(line.split())
    for part in parts:
        assert len(part) <= SECTION_TEXT
        assert part.count("<") == part.count(">")
        assert not re.search(r"&(?!amp;)|(?<!&)amp;", part)


def test_line_without_a_place_to_cut_it_is_still_shown_whole() -> None:
    parts = [block["text"]["text"] for block in paragraphs(["x" * 7_000, "<" + "y" * 4_000])]
    assert "".join(parts) == "x" * 7_000 + "<" + "y" * 4_000


BROKEN: dict[str, Callable[[], list[str]]] = {
    "too many blocks": lambda: message_problems("x", [{"type": "divider"}] * 51),
    "no text": lambda: message_problems(" ", [{"type": "divider"}]),
    "long header": lambda: message_problems(
        "x", [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    ),
    "two primary buttons": lambda: message_problems(
        "x",
        [
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": name,
                        "value": "1",
                        "style": "primary",
                        "text": {"type": "plain_text", "text": "x"},
                    }
                    for name in "ab"
                ],
            }
        ],
    ),
    "same block id": lambda: message_problems("x", [{"type": "divider", "block_id": "a"}] * 2),
    "long title": lambda: view_problems({"title": {"text": "x" * 25}, "blocks": [{"type": "divider"}]}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_checker_finds_what_is_broken(name: str) -> None:
    assert len(BROKEN[name]()) >= 1
