"""The `scribe` command. Standard output carries only results; everything else goes to standard error."""

import gc
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from bot import app, config, logs
from bot.config import Settings
from bot.demo import play
from bot.doctor import Level, examine
from bot.domain.errors import NotFoundError, ScribeError, TryAgainError, UserError
from bot.domain.importing import checked_title, read_window
from bot.domain.postmortem.audiences import Audience
from bot.domain.text import clipped, counted
from bot.exports import Problems, SlackExport, bar, one_name_each
from bot.rendering import Renderer
from bot.services import importing, local
from bot.services.importing import Imported
from bot.slack.manifest import manifest as app_manifest
from bot.web.address import parse_address, parse_request_url
from storage.database import Database

USAGE, FAILURE = 2, 3
_LOOK_SECONDS = 0.2
_COLOURS = {Level.WARN: "yellow", Level.FAIL: "red"}


@contextmanager
def _one_line_failures() -> Iterator[None]:
    """Turn what the program raises on purpose into one line on standard error and an exit code."""
    try:
        yield
    except ScribeError as error:
        click.echo(str(error), err=True)
        is_usage = isinstance(error, UserError) and not isinstance(error, NotFoundError | TryAgainError)
        sys.exit(USAGE if is_usage else FAILURE)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="incident-scribe", prog_name="scribe")
def main() -> None:
    """Incident Scribe: keeps an incident's timeline in Slack and drafts its blameless postmortem.

    Example: scribe demo --out demo-out
    """


@main.command()
@click.option(
    "--out", default="demo-out", show_default=True, type=click.Path(path_type=Path), help="Where the files go."
)
def demo(out: Path) -> None:
    """Play a bundled incident against a stand-in for Slack; needs no tokens.

    Everything but Slack is the real application.

    Example: scribe demo --out demo-out
    """
    with _one_line_failures():
        play(out)


@main.command()
@click.option("--http", metavar="HOST:PORT", help="Take Slack's requests at this address, behind a proxy with HTTPS.")
def run(http: str | None) -> None:
    """Connect to Slack and stay until stopped: in Socket Mode, or with --http for HTTP events.

    Example: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… scribe run

    Example: SLACK_BOT_TOKEN=xoxb-… SLACK_SIGNING_SECRET=… scribe run --http 127.0.0.1:3000
    """
    with _one_line_failures():
        address = None if http is None else parse_address(http)
        settings = _settings()
        config.check_tokens(settings, is_http=address is not None)
        application = app.build(settings, http=address)
        # What is loaded by now stays: to look through all of it for garbage would hold everything up for some 40 ms.
        gc.freeze()
        # Known before the first message can arrive, so that being stopped never means being killed.
        asked: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _frame: asked.append(number))
        connected = application.start()
        click.echo(f"{connected} Type {settings.SCRIBE_COMMAND} help in Slack; stop with Ctrl-C.", err=True)
        # Looked at in turns: a wait without an end is not ended by a signal that another thread has received.
        while not asked:
            time.sleep(_LOOK_SECONDS)
        application.stop()


class _SeveralNames(click.Command):
    """A command whose `--channel` takes several names."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let each name have an option of its own, as click knows it."""
        return super().parse_args(ctx, one_name_each(args))


@main.command("import", cls=_SeveralNames)
@click.argument("path", metavar="EXPORT.zip", type=click.Path(path_type=Path))
@click.option(
    "--channel", "names", metavar="NAME ...", multiple=True, help="A channel to take in; several make one timeline."
)
@click.option("--title", metavar="T", help="The incident's title, instead of the channels and their days.")
@click.option(
    "--from", "from_typed", metavar="WHEN", help="Take in what was said from then on; UTC unless a zone is named."
)
@click.option("--to", "to_typed", metavar="WHEN", help="Take in what was said until then.")
@click.option("--skip-broken", is_flag=True, help="Leave out what can't be read, instead of importing nothing.")
def import_(
    path: Path,
    names: tuple[str, ...],
    title: str | None,
    from_typed: str | None,
    to_typed: str | None,
    *,
    skip_broken: bool,
) -> None:
    """Take channels of a Slack export in as one incident, and print its id.

    The same channels again add what is new to the same incident. An unpacked folder will do as well.

    Example: scribe import export.zip --channel ops --from 2026-11-20T14:00Z --to 2026-11-20T18:00Z
    """
    with _one_line_failures():
        now = datetime.now(UTC)
        wanted_title, window = checked_title(title), read_window(from_typed, to_typed, now=now)
        settings = _settings()
        wanted = importing.Wanted(window, settings.SCRIBE_DEFAULT_SEVERITY, wanted_title)
        problems = Problems(skips=skip_broken)
        try:
            with bar() as progress, SlackExport(path, names, problems, progress.advance) as export:
                progress.begin(export.size)
                with _database() as database:
                    imported = importing.import_export(database, export, wanted, now=now)
        finally:
            # Also where what is left is not enough to take in: it says why.
            for line in problems.lines:
                click.echo(line, err=True)
        click.echo(_summary(imported), err=True)
        click.echo(imported.incident.incident_id)


def _summary(imported: Imported) -> str:
    """Return what was taken in, and what to do next, as one line."""
    incident = imported.incident
    channels = ", ".join(f"#{clipped(name, 80)}" for name in imported.channels)
    assert incident.capture_from is not None
    assert incident.capture_until is not None
    what = f"{counted(imported.messages, 'message')} of {channels}"
    if imported.is_again:
        new = counted(imported.new, "new message") if imported.new else "nothing new"
        what = f"{new} since it was imported before; {what} in all"
    spans = f"{incident.capture_from:%Y-%m-%d %H:%M} to {incident.capture_until:%Y-%m-%d %H:%M} UTC"
    return f"{incident.incident_id}: {what}, {spans}. To read it: scribe draft {incident.incident_id}"


@main.command("list")
def list_() -> None:
    """List the incidents, the newest first: id, severity, status, title.

    Example: scribe list
    """
    with _one_line_failures(), _database() as database:
        for incident in local.listed(database):
            click.echo(f"{incident.incident_id}\t{incident.severity.label}\t{incident.status.value}\t{incident.title}")


@main.command()
@click.argument("incident_id", metavar="INC-ID")
@click.option("--audience", default="internal", show_default=True, help="internal, executive or customer.")
@click.option("--format", "form", default="md", show_default=True, help="md, html or json.")
@click.option("--out", type=click.Path(path_type=Path), help="A file instead of standard output.")
def draft(incident_id: str, audience: str, form: str, out: Path | None) -> None:
    """Print the postmortem of an incident as it would be drafted now.

    Example: scribe draft INC-2026-11-20-001 --format html --out postmortem.html
    """
    with _one_line_failures():
        if audience not in set(Audience):
            right = f"scribe draft {incident_id} --audience customer"
            raise UserError(f"“{audience}” is not an audience. Use internal, executive or customer: {right}")
        if form not in local.FORMS:
            raise UserError(f"“{form}” is not a format that is there. Use one of: {', '.join(local.FORMS)}")
        settings = _settings()
        renderer = Renderer(settings.SCRIBE_TEMPLATES)
        with _database() as database:
            report, review = local.reviewed(
                database,
                incident_id,
                now=datetime.now(UTC),
                emoji=settings.emoji,
                command=settings.SCRIBE_COMMAND,
                postmortem_command=settings.SCRIBE_POSTMORTEM_COMMAND,
            )
        document = local.document(renderer, report, review, Audience(audience), form)
        if out is None:
            click.echo(document, nl=False)
        else:
            _write(out, document)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ScribeError(f"{path} can't be written ({error.strerror}). Name another file with --out.") from error
    click.echo(str(path), err=True)


def _settings() -> Settings:
    """Return the settings; from then on logs go to standard error, which leaves standard output to the result."""
    settings = config.read()
    logs.configure(settings.SCRIBE_LOG_LEVEL)
    return settings


@contextmanager
def _database() -> Iterator[Database]:
    database = app.open_database(_settings().DATABASE_URL)
    try:
        yield database
    finally:
        database.close()


@main.command()
@click.option("--http", metavar="URL", help="For HTTP mode: where Slack is to send its requests.")
def manifest(http: str | None) -> None:
    """Print the manifest to create the Slack app from; it has the command names of the settings.

    Example: scribe manifest > manifest.yml

    Example: scribe manifest --http https://scribe.example.com/slack/events
    """
    with _one_line_failures():
        request_url = None if http is None else parse_request_url(http)
        settings = _settings()
        text = app_manifest(
            command=settings.SCRIBE_COMMAND,
            postmortem_command=settings.SCRIBE_POSTMORTEM_COMMAND,
            request_url=request_url,
        )
        click.echo(text, nl=False)


@main.command()
def doctor() -> None:
    """Check settings, tokens, scopes and the database, and say how to mend what is wrong.

    Example: scribe doctor
    """
    settings, problems = config.read_what_is_right()
    logs.configure(settings.SCRIBE_LOG_LEVEL)
    levels = []
    for finding in examine(settings, problems, now=lambda: datetime.now(UTC)):
        # On a terminal alone: click leaves colour out of files and pipes.
        click.secho(finding.line, fg=_COLOURS.get(finding.level))
        levels.append(finding.level)
    wrong = levels.count(Level.FAIL)
    if wrong:
        click.echo(f"{wrong} of {len(levels)} checks failed.", err=True)
        sys.exit(FAILURE)


@main.group()
def db() -> None:
    """Look after the database.

    Example: scribe db upgrade
    """


@db.command()
def upgrade() -> None:
    """Bring the database up to date.

    Example: scribe db upgrade
    """
    with _one_line_failures(), _database() as database:
        click.echo(f"{database.shown_url} is up to date.", err=True)
