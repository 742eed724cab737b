"""`/postmortem review`: what is missing, what it scores, what to write differently, and how to mend each."""

import json
import re

from tests.scenarios.stage import Stage


def test_review_tells_the_asker_what_is_missing_and_the_command_that_mends_it(stage: Stage) -> None:
    room = stage.declare("Checkout errors")
    answer = stage.type("ana", room.channel, "/postmortem review")
    assert re.match(rf"\*Review of {room.incident_id}: \d\.\d of 5 \(3\.5 is the mark to reach\)\*", answer)
    assert "• *Not yet*: Impact in figures, no figure says who was affected, and how much: `/incident impact`" in answer
    assert "• 1 of 5: Follow-ups are scheduled (they are set by the first draft): `/postmortem draft`" in answer
    assert re.search(r"\n• 4 or 5 of 5: [^\n(]*Blameless tone", answer), "what is good is told in one line"
    assert re.search(r"\*Still missing: \d+ things\*\n(• .*\n){3}… and \d+ more, named in the draft", answer)
    assert stage.bot_said(room.channel)[1:] == []


def test_blame_is_quoted_with_why_and_how_else_and_counts_against_the_report(stage: Stage) -> None:
    room = stage.declare("Blamed <somebody>")
    for cause in ("A careless engineer <ran> it", "Human error", "The on-call engineer ran the script", "A bug"):
        stage.type("ana", room.channel, f"/incident cause root {cause}")
    answer = stage.type("ana", room.channel, "/postmortem review")
    assert "• *Not yet*: No blame, 2 sentences to look at" in answer
    assert "• “careless” (blame): Fault ends the search for causes" in answer
    # Three at a time.
    assert re.search(
        r"\*To be written differently: \d+ places\*\n(• .*\n){3}… and \d+ more once these are mended", answer
    )


def test_draft_carries_the_review_in_its_json(stage: Stage) -> None:
    room = stage.declare("Reviewed in data")
    stage.type("ana", room.channel, "/incident cause root Human error")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.type("ana", room.channel, "/postmortem export json")
    stage.settle()
    name = f"{room.incident_id}-draft-1.json"
    data = json.loads(next(file.text for file in stage.screen.files() if file.name == name))
    assert 1 <= data["review"]["score"] <= 5
    assert "blame" in [finding["rule"] for finding in data["findings"]]


def test_private_incident_is_reviewed_inside_only(stage: Stage) -> None:
    room = stage.declare("Leaked key --private")
    assert "Review of" in stage.type("ana", room.channel, "/postmortem review")
    refused = stage.type("ben", "general", f"/postmortem {room.ending} review")
    assert refused.startswith("There is no incident")
