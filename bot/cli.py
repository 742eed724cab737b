"""The `scribe` command. Standard output carries only results; everything else goes to standard error."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from bot import app, config, logs
from bot.config import Settings
from bot.demo import play
from bot.domain.errors import NotFoundError, ScribeError, TryAgainError, UserError
from bot.domain.postmortem import as_json
from bot.rendering import Renderer
from bot.services import local
from storage.database import Database

USAGE, FAILURE = 2, 3
_LOOK_SECONDS = 0.2


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
def run() -> None:
    """Connect to Slack in Socket Mode and stay until stopped.

    Example: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… scribe run
    """
    with _one_line_failures():
        settings = _settings()
        config.check_tokens(settings)
        application = app.build(settings)
        # Known before the first message can arrive, so that being stopped never means being killed.
        asked: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _frame: asked.append(number))
        application.start()
        click.echo(f"Connected. Type {settings.SCRIBE_COMMAND} help in Slack; stop with Ctrl-C.", err=True)
        # Looked at in turns: a wait without an end is not ended by a signal that another thread has received.
        while not asked:
            time.sleep(_LOOK_SECONDS)
        application.stop()


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
        if audience != "internal":
            raise UserError(f"The {audience} version isn't there yet. Use: scribe draft {incident_id}")
        settings = _settings()
        renderer = Renderer(settings.SCRIBE_TEMPLATES)
        forms: dict[str, Callable[[], str]] = {
            "md": lambda: renderer.markdown(postmortem),
            "html": lambda: renderer.html(postmortem),
            "json": lambda: json.dumps(as_json(postmortem), ensure_ascii=False, indent=2) + "\n",
        }
        if form not in forms:
            raise UserError(f"“{form}” is not a format that is there. Use one of: {', '.join(forms)}")
        with _database() as database:
            postmortem = local.assembled(
                database,
                incident_id,
                now=datetime.now(UTC),
                emoji=settings.emoji,
                command=settings.SCRIBE_COMMAND,
                postmortem_command=settings.SCRIBE_POSTMORTEM_COMMAND,
            )
        if out is None:
            click.echo(forms[form](), nl=False)
        else:
            _write(out, forms[form]())


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
