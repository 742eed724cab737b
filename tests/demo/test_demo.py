"""`scribe demo` as somebody runs it who has just cloned the project: in a process of its own, twice."""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.demo import story
from bot.demo.story import Act
from bot.domain.timeline import PHASE_EMOJI

ROOT = Path(__file__).parents[2]
FILES = ("postmortem.md", "postmortem.html", "postmortem.json", "postmortem.customer.md", "transcript.md")
SECTIONS = [
    "Executive summary",
    "Status, authors and owner",
    "Incident details",
    "Impact",
    "Timeline",
    "Trigger",
    "Root causes",
    "Contributing factors",
    "Five whys",
    "Detection",
    "Response and mitigation",
    "Resolution and recovery",
    "What went well",
    "What went poorly",
    "Where we got lucky",
    "Action items",
    "Recurrence prevention checklist",
    "Lessons",
    "Related and repeated incidents",
    "Communications",
    "Appendix",
]
# What somebody took back: the text before an edit, and a deleted message.
TAKEN_BACK = ("74,000", "kernel update")
NOTHING_TO_USE = {
    "SLACK_BOT_TOKEN": "garbage",
    "SLACK_APP_TOKEN": "garbage",
    "SLACK_API_URL": "http://127.0.0.1:9/",
    "DATABASE_URL": "garbage",
    "SCRIBE_COMMAND": "not a command",
    "SCRIBE_NONSENSE": "1",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
}
SECONDS = 100


@dataclass(frozen=True)
class Run:
    code: int
    stdout: str
    stderr: str
    out: Path

    def text(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")


def begin(code: str, arguments: Sequence[str], cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=os.environ | NOTHING_TO_USE | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finish(process: subprocess.Popen[str], out: Path) -> Run:
    with process:
        try:
            stdout, stderr = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
    return Run(process.returncode, stdout, stderr, out)


SCRIBE = "from bot.cli import main; main()"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The demo twice, at the same time: once into a new folder, once over files of an earlier run."""
    cwd = tmp_path_factory.mktemp("demo")
    (cwd / ".env").write_text("DATABASE_URL=garbage\nSCRIBE_EMOJI=garbage\n")
    used = cwd / "used"
    used.mkdir()
    (used / "postmortem.md").write_text("of an earlier run")
    fresh = cwd / "new" / "folder"
    begun = [(out, begin(SCRIBE, ["demo", "--out", str(out.relative_to(cwd))], cwd)) for out in (fresh, used)]
    first, second = (finish(process, out) for out, process in begun)
    return first, second


@pytest.fixture(scope="module")
def run(runs: tuple[Run, Run]) -> Run:
    assert runs[0].code == 0, runs[0].stderr
    return runs[0]


@pytest.fixture(scope="module")
def report(run: Run) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(run.text("postmortem.json"))
    return read


def test_settings_tokens_and_proxies_of_the_environment_are_ignored(runs: tuple[Run, Run]) -> None:
    assert [run.code for run in runs] == [0, 0]


def test_standard_output_names_the_written_files_and_nothing_else(run: Run) -> None:
    assert run.stdout.splitlines() == [f"new/folder/{name}" for name in FILES]
    assert {path.name for path in run.out.iterdir()} == set(FILES)


def test_two_runs_leave_the_same_files_also_over_those_of_an_earlier_run(runs: tuple[Run, Run]) -> None:
    first, second = runs
    for name in FILES:
        assert first.text(name) == second.text(name), name
    assert first.stderr == second.stderr


def test_nothing_is_left_behind_beside_the_files(run: Run) -> None:
    assert {path.name for path in run.out.parent.parent.iterdir()} == {".env", "new", "used"}


def test_the_terminal_names_the_outage_and_what_is_invented(run: Run) -> None:
    for text in (run.stderr, run.text("transcript.md")):
        assert "The outage of GitLab.com on 31 January 2017" in text
        assert "the people, the chat and the wording are invented" in text


def test_the_terminal_tells_step_by_step_without_noise(run: Run) -> None:
    lines = run.stderr.splitlines()
    assert 60 <= len(lines) <= 150
    assert max(map(len, lines)) <= 150
    assert "“high” is not a severity. Use 1 (worst) to 4: /incident severity 1" in run.stderr
    for noise in ("Traceback", "WARNING", "ERROR", "event=", "warn", "\x1b"):
        assert noise not in run.stderr


def test_the_report_has_every_section_in_order(run: Run) -> None:
    assert re.findall(r"^## (.+)$", run.text("postmortem.md"), re.MULTILINE) == SECTIONS


def test_the_json_form_has_the_keys_of_the_contract(report: dict[str, Any]) -> None:
    assert set(report) == {
        "incident",
        "milestones",
        "proposed_milestones",
        "metrics",
        "impact",
        "timeline",
        "causes",
        "actions",
        "lessons",
        "communications",
        "gaps",
        "findings",
        "capture",
        "review",
    }
    assert report["incident"]["id"] == "INC-2017-01-31-001"
    assert report["incident"]["severity"] == 1


def test_milestones_and_metrics_are_those_that_the_steps_say(report: dict[str, Any]) -> None:
    assert report["milestones"] == {
        "started_at": "2017-01-31T19:00:00Z",
        "detected_at": "2017-01-31T19:04:00Z",
        "declared_at": "2017-01-31T19:08:00Z",
        "acknowledged_at": "2017-01-31T19:08:40Z",
        "identified_at": "2017-01-31T23:28:00Z",
        "mitigated_at": "2017-02-01T18:14:00Z",
        "resolved_at": "2017-02-01T19:30:00Z",
    }
    assert report["metrics"] == {
        "time_to_detect": 4 * 60,
        "time_to_acknowledge": 4 * 60 + 40,
        "time_to_mitigate": 23 * 3600 + 14 * 60,
        "time_to_resolve": 24 * 3600 + 30 * 60,
    }


def test_what_was_edited_away_or_deleted_is_in_no_file(run: Run) -> None:
    for name in FILES:
        for taken_back in TAKEN_BACK:
            assert taken_back not in run.text(name), name
    assert "47,000" in run.text("postmortem.md")


def test_exactly_the_messages_that_somebody_marked_are_on_the_timeline(report: dict[str, Any]) -> None:
    texts: dict[str, str] = {}
    votes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for step in story.load().steps:
        match step.act:
            case Act.SAY | Act.ALERT | Act.REPLY if step.name:
                texts[step.name] = step.text
            case Act.EDIT:
                texts[step.on] = step.text
            case Act.DELETE:
                del texts[step.on]
            case Act.REACT:
                votes[step.on].add((step.who, step.text))
            case Act.UNREACT:
                votes[step.on].discard((step.who, step.text))
            case Act.SHORTCUT:
                votes[step.on].add((step.who, "pushpin"))
    marked = [text for name, text in texts.items() if any(emoji in PHASE_EMOJI for _, emoji in votes[name])]
    # In the report people are called by their roles.
    wanted = [text.replace("Tomasz and Mei", "The operations lead and a responder") for text in marked]
    found = [entry["text"].partition("\n")[0] for entry in report["timeline"] if entry["origin"] == "reaction"]
    assert found == wanted
    assert len(found) > 20


def test_a_note_stands_at_the_time_that_it_names_in_the_zone_of_who_typed_it(report: dict[str, Any]) -> None:
    at = {entry["text"]: entry["at"] for entry in report["timeline"] if entry["origin"] == "note"}
    assert at["A snapshot of db1 was taken by hand and loaded into staging, for a test"] == "2017-01-31T17:20:00Z"
    assert at["The copy in staging is set apart, and nothing may write to it"] == "2017-01-31T23:55:00Z"


def test_people_are_named_as_authors_and_owners_only(run: Run) -> None:
    for line in run.text("postmortem.md").splitlines():
        if line.startswith(("- **Authors", "- **Owner", "| 1 |", "| 2 |", "| 3 |", "| 4 |", "| 5 |", "| 6 |", "| 7 |")):
            continue
        for person in story.load().people:
            assert person.name not in line
            assert person.name.split()[0] not in line


def test_every_part_of_the_analysis_is_filled(run: Run, report: dict[str, Any]) -> None:
    assert "**Gap:**" not in run.text("postmortem.md")
    assert report["gaps"] == []
    assert report["findings"] == []
    assert len(report["causes"]["root"]) == 2
    assert all(cause["evidence"] and cause["layer"] and cause["category"] for cause in report["causes"]["root"])
    assert len(report["causes"]["whys"]) == 5
    assert all(report["lessons"][kind] for kind in ("well", "poorly", "lucky", "hard", "unknown"))
    assert len(report["actions"]) == 7
    assert all(action["owner"] and action["due"] and action["type"] for action in report["actions"])
    answered = {action["cause"] for action in report["actions"]} - {None}
    assert answered == {cause["text"] for cause in report["causes"]["root"]}


def test_what_was_affected_is_said_in_figures_as_it_was_put_into_the_form(report: dict[str, Any]) -> None:
    assert report["incident"]["services"] == ["web", "api", "git"]
    assert report["impact"]["users_share"] == 1.0
    assert (report["impact"]["from"], report["impact"]["to"]) == ("2017-01-31T23:27:00Z", "2017-02-01T18:14:00Z")
    assert report["impact"]["data_integrity"].startswith("About 5,000 projects, 5,000 comments and 700 new accounts")
    assert report["impact"]["tickets"] == 640


def test_review_is_good_and_says_what_keeps_it_from_being_better(run: Run, report: dict[str, Any]) -> None:
    assert all(one["met"] for one in report["review"]["must_haves"])
    assert 3.5 < report["review"]["score"] < 5
    why = {one["item"]: one["why"] for one in report["review"]["checklist"]}
    assert [one["item"] for one in report["review"]["checklist"] if one["score"] < 5] == [
        "Actions are owned, dated, typed and linked",
    ]
    assert why["Timeline in order and captured whole"] == "7 of 7 milestones known, compared with Slack's history"
    assert why["Actions are owned, dated, typed and linked"] == "of 7 actions 7 owned, 7 dated, 7 typed, 2 linked"
    assert why["Drafted within 48 hours"] == "14 h 50 min after the resolution"
    before = run.text("transcript.md").split("Daniel Osei typed /postmortem review")[1].split("/postmortem draft*")[0]
    assert "Review of INC-2017-01-31-001: 4.5 of 5 (3.5 is the mark to reach)" in before
    assert "1 of 5: Follow-ups are scheduled (they are set by the first draft)" in before
    assert "Still missing: 1 thing" in before


def test_those_outside_were_told_at_every_turn_and_always_when_the_next_news_comes(
    run: Run, report: dict[str, Any]
) -> None:
    told = [(one["at"], one["to"]) for one in report["communications"]]
    assert len(told) == 7
    assert {to for _, to in told} == {"#incidents"}
    announced = run.text("transcript.md").split("## #incidents")[1].split("## #inc-")[0]
    assert announced.count(")*: Update, ") == announced.count("Next update by ") == 7


def test_one_reminder_stands_asks_whose_part_it_is_and_goes_when_it_is_answered(run: Run) -> None:
    transcript = run.text("transcript.md")
    assert transcript.count("(taken away at 21:12)") == transcript.count("(taken away") == 1
    asked = transcript.split("(taken away at 21:12)")[1]
    assert asked.startswith(
        "*: @Priya Raman An update for those outside has been due since 2017-01-31 20:08 UTC. [Send an update]"
    )
    assert "@Lucía Herrera An update for those outside has been due since" in asked.split("- 21:09")[0]
    assert "Lucía Herrera sent the form “Send an update”" in asked


def test_every_task_is_told_to_who_has_it_and_none_is_left_open(run: Run) -> None:
    transcript = run.text("transcript.md")
    for number, name in ((1, "Tomasz Nowak"), (2, "Mei Chen"), (3, "Daniel Osei")):
        assert transcript.count(f"Task {number} for @{name}, from @Priya Raman: ") == 1
    for ended in ("Task 1 is dropped (@Tomasz", "Task 2 is done (@Mei", "Task 3 is done (@Daniel"):
        assert transcript.count(ended) == 1
    assert "still open: /incident tasks" not in transcript


def test_lead_passes_for_the_night_with_what_is_known_and_comes_back(run: Run) -> None:
    night = run.text("transcript.md").split("Priya Raman typed /incident handover @mei")[1]
    form, after = night.split("Priya Raman sent the form “Hand over the lead”")
    assert "(opens a form for Priya Raman alone)*: Hand over the lead" in form
    assert "- The copy from staging to db1 has begun." in form, "what is known stands there already"
    assert "Risks: " not in form
    assert "Priya Raman offers you the lead of INC-2017-01-31-001" in after
    assert "Mei Chen pressed [Accept]" in after
    assert "@Mei Chen is the incident lead, handed over by @Priya Raman" in after
    assert "**Incident Scribe**: @Priya Raman is the incident lead" in after


def test_who_comes_late_reads_alone_where_things_stand(run: Run) -> None:
    shown = run.text("transcript.md").split("Amara Okafor typed /incident catchup")[1].split("- 07:56")[0]
    assert "*(seen by Amara Okafor alone)*" in shown
    for words in ("SEV1 · identified since 2017-01-31 23:28 UTC", "Last update, 6 h 1 min ago", "1 open task"):
        assert words in shown
    assert "Incident lead: @Mei Chen" in shown


def test_later_drafts_bring_what_was_added_since_and_the_last_is_the_one_published(run: Run) -> None:
    transcript = run.text("transcript.md")
    for file in ("1", "2", "2-executive", "3", "3-customer"):
        assert transcript.count(f"[file: INC-2017-01-31-001-draft-{file}.md]") == 1
    assert "revision 3" in run.text("postmortem.md")
    assert "Why the load stayed at 30" in run.text("postmortem.md")
    assert "Publishing freezes draft 3" in transcript
    assert "Postmortem published by @Daniel Osei (draft 3)" in transcript


def test_each_follow_up_comes_once_and_the_second_finds_nothing_left(run: Run) -> None:
    transcript = run.text("transcript.md")
    assert transcript.count("30 days after the postmortem of") == 1
    assert transcript.count("60 days after the postmortem of") == 1
    first, second = transcript.split("60 days after the postmortem of")
    assert "7 actions still open" in first.split("30 days after the postmortem of")[1]
    assert "Dropped: 6. Give staging disks as fast as production's (Hourly snapshots" in second
    assert "No action is left open" in second
    assert "Has the cause come back since?" in second
    assert "The cause has not come back, says Priya Raman." in second


def test_the_transcript_marks_what_one_person_alone_saw(run: Run) -> None:
    lines = run.text("transcript.md").splitlines()
    refusal = next(line for line in lines if "is not a severity" in line)
    assert refusal.startswith("- 21:03 **Incident Scribe** *(seen by Priya Raman alone)*")


def test_the_button_on_the_summary_leaves_it_standing(run: Run) -> None:
    transcript = run.text("transcript.md")
    assert "Daniel Osei pressed [Publish]*" in transcript
    changes = [line for line in transcript.splitlines() if "changed its message" in line]
    assert not any("Publishing freezes" in line for line in changes)


def test_customer_version_is_the_one_that_was_approved_and_published_with_nothing_internal_in_it(run: Run) -> None:
    version = run.text("postmortem.customer.md")
    assert version.startswith("# Service disruption on 2017-01-31\n")
    for words in ("It was over on 2017-02-01 at 18:14 UTC, after 23 h 14 min.", "All of our users were affected."):
        assert words in version
    for internal in ("db1", "INC-", "slack.com", "spam", "data directory", *(one.name for one in story.load().people)):
        assert internal not in version
    transcript = run.text("transcript.md")
    assert "Customer version of draft 3 approved by @Amara Okafor" in transcript
    assert "Customer version published by @Lucía Herrera (draft 3)" in transcript
    announced = transcript.split("Customer version of the postmortem of INC-2017-01-31-001")[1].split("Read it")[0]
    for line in version.splitlines():
        assert line.lstrip("# ") in announced


def test_a_folder_that_cannot_be_made_is_a_failure_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    run = finish(begin(SCRIBE, ["demo", "--out", "taken/out"], tmp_path), tmp_path)
    assert run.code == 3
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1
    assert "taken/out" in run.stderr
    assert "scribe demo --out" in run.stderr


def test_a_step_that_goes_wrong_ends_the_demo_and_is_named(tmp_path: Path) -> None:
    code = """
from dataclasses import replace
from pathlib import Path
from bot.cli import main
from bot.demo import story
whole = story.load()
chapter = whole.chapters[0]
steps = [replace(step, text="Take a walk") if step.text == "Take the lead" else step for step in chapter.steps]
story.load = lambda: replace(whole, chapters=(replace(chapter, steps=tuple(steps)),))
main()
"""
    run = finish(begin(code, ["demo", "--out", "out"], tmp_path), tmp_path)
    assert run.code == 3
    assert run.stderr.splitlines()[-1] == (
        "The demo stopped at 2017-01-31 19:08:40 UTC (Priya Raman: press Take a walk): "
        "there is no button “Take a walk”."
    )
    assert list((tmp_path / "out").iterdir()) == []
