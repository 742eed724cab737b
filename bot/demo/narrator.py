"""The terminal: one line for each step or run of like steps, and what the application did then."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from bot.demo.story import Act, Chapter, Step, Story
from bot.demo.witness import News, Seen
from bot.demo.wording import Part, fitted, is_told_with, teller, told

_WIDTH_OF_FILES = 150
_WIDTH_FOR_BOTH = 110
_NAME_WIDTH = 17
_TIME_WIDTH = 9
_POSTED = {
    "header": "posts and pins the header",
    "announcement": "announces it",
    "reminder": "asks",
    "handover": "posts the offer",
    "draft-summary": "posts the summary, and the report as a file in its thread",
    "published": "announces the postmortem",
    "follow-up": "asks in the thread of the report",
}
_CHANGED = {"follow-up": "updates its question"}


class Narrator:
    """Tells on standard error what happens. Use `telling` around everything."""

    def __init__(self, story: Story) -> None:
        self._story = story
        console = Console(stderr=True, highlight=False)
        # Rich takes 80 columns where there is no terminal; a file or a pipe has room for more.
        self._console = console if console.is_terminal else Console(stderr=True, highlight=False, width=_WIDTH_OF_FILES)
        self._run: list[Step] = []
        self._answer = ""
        self._texts: dict[str, str] = {}
        self._day: date | None = None
        self._progress = Progress(
            TextColumn("Playing"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("Playing", total=len(story.steps))

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Show the progress bar on a terminal for as long as the story is told."""
        with self._progress:
            yield

    def open(self) -> None:
        """Say what is going to be played."""
        self._console.print(
            Text(f"{self._story.title}, replayed at the invented company {self._story.company}", "bold")
        )
        self._console.print(self._story.notice, markup=False)
        self._console.print("Every step goes through the real application; only Slack is a stand-in on this machine.")

    def chapter(self, chapter: Chapter) -> None:
        """Put a heading."""
        self._flush()
        self._day = chapter.steps[0].at.date()
        self._console.print()
        self._console.print(Text(f"{chapter.heading} ({self._day})", "bold"))

    def step(self, step: Step, news: News) -> None:
        """Tell one step and what it brought; a run of like steps is told when it ends."""
        if self._run and not is_told_with(step, self._run):
            self._flush()
        self._run.append(step)
        self._progress.advance(self._task)
        if step.name:
            self._texts[step.name] = step.text
        if step.act is Act.EDIT:
            self._texts[step.on] = step.text
        answers = [seen.text for seen in (*news.new, *news.changed) if seen.only_for and seen.purpose != "form"]
        self._answer = answers[-1].removesuffix("[Undo]").strip() if answers else ""
        posted = [(_POSTED[seen.purpose], seen) for seen in news.new if seen.purpose in _POSTED]
        changed = [(_CHANGED[seen.purpose], seen) for seen in news.changed if seen.purpose in _CHANGED]
        if step.act is Act.CHOOSE and changed:
            # The question says on one line how many are left; there is no other answer to a menu.
            self._answer = _gist(changed[0][1])
        elif posted or changed:
            self._flush()
            for what, seen in (*sorted(posted, key=lambda pair: pair[1].ts), *changed):
                self._line("", "Incident Scribe", [Part(_gist(seen), f"{what}: ")], style="cyan")

    def finish(self) -> None:
        """Tell what is still to be told."""
        self._flush()

    def _flush(self) -> None:
        run, answer = self._run, self._answer
        self._run, self._answer = [], ""
        if not run:
            return
        step = next((step for step in reversed(run) if step.act.is_message), run[-1])
        if step.at.date() != self._day:
            self._day = step.at.date()
            self._console.print(Text(f"  {self._day}", "dim"))
        parts = told(self._story, run, self._texts)
        style = "yellow" if step.is_refused else ""
        is_narrow = self._console.width < _WIDTH_FOR_BOTH
        if answer and not is_narrow:
            parts.append(Part(answer, " → "))
        self._line(f"{step.at:%H:%M} UTC", teller(self._story, run), parts, style=style)
        if answer and is_narrow:
            self._line("", "", [Part(answer, "→ ")], style=style)

    def _line(self, when: str, who: str, parts: list[Part], *, style: str = "") -> None:
        start = f"  {when:<{_TIME_WIDTH}}  {who:<{_NAME_WIDTH}}  "
        line = Text(start, style or "bold")
        line.append(fitted(parts, self._console.width - len(start)), style or "not bold")
        self._console.print(line, no_wrap=True, overflow="ellipsis")


def _gist(seen: Seen) -> str:
    """Return the line that matters of what the application posted."""
    lines = seen.versions[-1].lines
    if seen.purpose == "follow-up":
        return " ".join(line for line in lines if line.endswith(("?", "left open.")) or ", says " in line)
    return lines[0]
