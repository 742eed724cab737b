"""Playing the whole story, and what is left of it: the report and the transcript as files."""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.demo import quiet, story
from bot.demo.errors import DemoError
from bot.demo.narrator import Narrator
from bot.demo.player import Player
from bot.demo.quiet import Overheard
from bot.demo.stage import TALK, Stage, staged
from bot.demo.story import Step, Story
from bot.demo.transcript import transcript
from bot.demo.witness import News, Witness
from bot.domain.postmortem.audiences import Audience
from bot.sandbox import SandboxError
from storage import drafts, incidents, versions
from storage.drafts import Draft
from storage.versions import Version


def play(out: Path) -> None:
    """Play the bundled incident and write its files into the folder `out`, which is made where it is missing.

    Says on standard error what happens, and on standard output which files were written. Raises DemoError when a
    step does not go as the story tells, or when the folder can't be written to.
    """
    _prepare(out)
    told = story.load()
    narrator = Narrator(told)
    with (
        tempfile.TemporaryDirectory(prefix="scribe-demo-") as folder,
        quiet.without_proxies(),
        quiet.overheard() as heard,
        narrator.telling(),
    ):
        narrator.open()
        files = _perform(told, Path(folder) / "demo.db", narrator, heard)
    for path in _write(out, files):
        sys.stdout.write(f"{path}\n")


def _perform(told: Story, database: Path, narrator: Narrator, heard: Overheard) -> dict[str, str]:
    """Play every step; return the files' contents by name. Raises DemoError naming the step that failed."""
    try:
        with staged(told, database) as stage:
            player, witness = Player(stage, told), Witness(stage.sandbox)
            number = 0
            for chapter in told.chapters:
                narrator.chapter(chapter)
                for step in chapter.steps:
                    narrator.step(step, _play_step(step, number, player, witness, heard))
                    number += 1
            narrator.finish()
            report, for_customers = _published(stage)
            place = stage.sandbox.screen.channel(player.incident_channel()).name
    except SandboxError as error:
        raise DemoError(f"The stand-in for Slack failed: {error}") from error
    steps = [(step, TALK if step.place else place) for step in told.steps]
    return {
        "postmortem.md": report.markdown,
        "postmortem.html": report.html,
        "postmortem.json": json.dumps(report.json, ensure_ascii=False, indent=2) + "\n",
        "postmortem.customer.md": for_customers.markdown,
        "transcript.md": transcript(told, steps, witness.seen.values()),
    }


def _play_step(step: Step, number: int, player: Player, witness: Witness, heard: Overheard) -> News:
    stage = player.stage
    stage.clock.move_to(step.at)
    try:
        player.play(step)
        stage.settle()
    except (SandboxError, DemoError) as error:
        raise DemoError(_stopped(player.story, step, str(error))) from error
    if heard.errors:
        raise DemoError(_stopped(player.story, step, f"the application logged “{heard.errors[0]}”"))
    place = TALK if step.place else stage.sandbox.screen.channel(player.incident_channel()).name
    return witness.look(number, step.at, place)


def _stopped(told: Story, step: Step, why: str) -> str:
    what = f"{step.act.value} {step.text or step.on}".strip()
    return f"The demo stopped at {step.at:%Y-%m-%d %H:%M:%S} UTC ({told.name_of(step.who)}: {what}): {why}."


def _published(stage: Stage) -> tuple[Draft, Version]:
    """Return the published report and the published customer version, as they are stored."""
    with stage.application.world.database.reading() as connection:
        found = incidents.by_ending(connection, stage.sandbox.team_id, "001")
        report = drafts.published(connection, found[0]) if found else None
        version = versions.of_draft(connection, report, Audience.CUSTOMER) if report else None
    if report is None:
        raise DemoError("The demo ended without a published postmortem.")
    if version is None or version.published_at is None:
        raise DemoError("The demo ended without a published customer version.")
    return report, version


def _prepare(out: Path) -> None:
    """Make the folder and try it before anything is played."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise _unwritable(out, error) from error


def _write(out: Path, files: Mapping[str, str]) -> list[Path]:
    try:
        for name, content in files.items():
            (out / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise _unwritable(out, error) from error
    return [out / name for name in files]


def _unwritable(out: Path, error: OSError) -> DemoError:
    why = error.strerror or "it can't be written to"
    return DemoError(f"The files can't be put into {out}: {why}. Name another folder: scribe demo --out my-folder")
