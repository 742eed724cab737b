"""The settings, read once from the environment and `.env`, checked all at once."""

import difflib
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.domain.errors import ScribeError, UserError
from bot.domain.incident import Severity
from bot.domain.timeline import EmojiMap, parse_emoji_map

_PREFIX = "SCRIBE_"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
_OFFSET = re.compile(r"\+(\d+)([dhms])")
_OFFSET_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class SettingsError(ScribeError):
    """One or more settings are missing or wrong; the message has one line for each."""


class Settings(BaseModel):
    """Every setting, each by its name in the environment. The description says what it does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    SLACK_BOT_TOKEN: str = Field(
        default="", description="The bot's token, xoxb-…, from the app's page “OAuth & Permissions”."
    )
    SLACK_APP_TOKEN: str = Field(
        default="", description="The app-level token, xapp-…, with the scope connections:write, for Socket Mode."
    )
    SLACK_SIGNING_SECRET: str = Field(
        default="", description="The signing secret, from the app's page “Basic Information”, for HTTP mode."
    )
    SLACK_API_URL: str = Field(
        default="https://slack.com/api/", description="Where Slack's Web API is; GovSlack and stand-ins set another."
    )
    DATABASE_URL: str = Field(
        default="sqlite:///scribe.db",
        description="The database: an SQLite file, or a PostgreSQL server's, such as postgresql://scribe:PASSWORD@db.example.com/scribe.",
    )
    SCRIBE_COMMAND: str = Field(default="/incident", description="The name of the incident command.")
    SCRIBE_POSTMORTEM_COMMAND: str = Field(default="/postmortem", description="The name of the postmortem command.")
    SCRIBE_DEFAULT_SEVERITY: Severity = Field(
        default=Severity.SEV3, description="The severity of an incident declared without one, 1 (worst) to 4."
    )
    SCRIBE_ANNOUNCE_CHANNEL: str = Field(
        default="",
        description="Where incidents and published postmortems are announced: a channel's name or id. Empty: nowhere.",
    )
    SCRIBE_INVITE_SEV1: str = Field(
        default="", description="User group ids, separated by commas, invited to SEV1 incidents."
    )
    SCRIBE_INVITE_SEV2: str = Field(default="", description="The same for SEV2.")
    SCRIBE_INVITE_SEV3: str = Field(default="", description="The same for SEV3.")
    SCRIBE_INVITE_SEV4: str = Field(default="", description="The same for SEV4.")
    SCRIBE_APPROVERS: str = Field(
        default="",
        description="User and user group ids, separated by commas, who may approve customer versions. Empty: every member, but nobody for security incidents.",
    )
    SCRIBE_EMOJI: str = Field(
        default="pushpin",
        description="Which reactions mean something: pushpin, phases, or a map such as fire=detection,pushpin=entry.",
    )
    SCRIBE_TEMPLATES: Path | None = Field(
        default=None, description="A folder whose templates replace the built-in ones of the same name."
    )
    SCRIBE_LOG_LEVEL: str = Field(default="info", description="How much is logged: debug, info, warning or error.")
    SCRIBE_CLOCK_OFFSET: str = Field(
        default="",
        description="Moves the clock for tests, such as +31d. Accepted only where SLACK_API_URL is on this machine.",
    )

    @field_validator("SCRIBE_COMMAND", "SCRIBE_POSTMORTEM_COMMAND")
    @classmethod
    def _check_command(cls, value: str) -> str:
        if not _COMMAND.fullmatch(value):
            raise ValueError(f"“{value}” is not a command's name. Use for example /incident")
        return value

    @field_validator("SLACK_API_URL")
    @classmethod
    def _check_address(cls, value: str) -> str:
        if not re.match(r"https?://[^/]+", value):
            raise ValueError(f"“{value}” is not a web address. Use https://slack.com/api/")
        return value

    @field_validator("SCRIBE_DEFAULT_SEVERITY", mode="before")
    @classmethod
    def _check_severity(cls, value: object) -> object:
        if str(value) not in {"1", "2", "3", "4"}:
            raise ValueError(f"“{value}” is not a severity. Use 1 (worst) to 4")
        return int(str(value))

    @field_validator("SCRIBE_EMOJI")
    @classmethod
    def _check_emoji(cls, value: str) -> str:
        try:
            parse_emoji_map(value)
        except UserError as error:
            raise ValueError(error.message.removeprefix("SCRIBE_EMOJI: ")) from error
        return value

    @field_validator("SCRIBE_LOG_LEVEL")
    @classmethod
    def _check_level(cls, value: str) -> str:
        if value.lower() not in {"debug", "info", "warning", "error"}:
            raise ValueError(f"“{value}” is not a level. Use debug, info, warning or error")
        return value.lower()

    @field_validator("SCRIBE_CLOCK_OFFSET")
    @classmethod
    def _check_offset(cls, value: str) -> str:
        if value and not _OFFSET.fullmatch(value):
            raise ValueError(f"“{value}” is not an offset. Use for example +31d")
        return value

    @field_validator("SCRIBE_TEMPLATES")
    @classmethod
    def _check_templates(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError(f"there is no folder “{value}”")
        return value

    @property
    def emoji(self) -> EmojiMap:
        """What each emoji means."""
        return parse_emoji_map(self.SCRIBE_EMOJI)

    @property
    def invite_groups(self) -> Mapping[Severity, tuple[str, ...]]:
        """The groups to invite, by severity."""
        texts = {severity: getattr(self, f"SCRIBE_INVITE_SEV{severity.value}") for severity in Severity}
        return {
            severity: tuple(part.strip() for part in text.split(",") if part.strip())
            for severity, text in texts.items()
        }

    @property
    def approvers(self) -> tuple[str, ...]:
        """The ids of the people and groups who may approve customer versions."""
        return tuple(part.strip() for part in self.SCRIBE_APPROVERS.split(",") if part.strip())

    @property
    def clock_offset(self) -> timedelta:
        """How far the clock is moved."""
        match = _OFFSET.fullmatch(self.SCRIBE_CLOCK_OFFSET)
        return timedelta(**{_OFFSET_UNITS[match.group(2)]: int(match.group(1))}) if match else timedelta(0)


def read(environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Settings:
    """Read the settings; the environment wins over `.env`. Raises SettingsError with a line for each that is wrong."""
    settings, problems = read_what_is_right(environment, dotenv)
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def read_what_is_right(
    environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")
) -> tuple[Settings, list[str]]:
    """Read the settings, those that are wrong by their defaults; and a line for each of these."""
    given: dict[str, str] = {}
    if dotenv and dotenv.is_file():
        given |= {name: value for name, value in dotenv_values(dotenv).items() if value is not None}
    given |= os.environ if environment is None else environment
    known = set(Settings.model_fields)
    problems = [_unknown(name, known) for name in sorted(given) if name.startswith(_PREFIX) and name not in known]
    wanted = {name: given[name] for name in known if given.get(name)}
    try:
        settings = Settings.model_validate(wanted)
    except ValidationError as error:
        wrong = {
            str(one["loc"][0]): one["msg"].removeprefix("Value error, ").removesuffix(".") for one in error.errors()
        }
        problems += [f"{name}: {problem}." for name, problem in wrong.items()]
        settings = Settings.model_validate({name: value for name, value in wanted.items() if name not in wrong})
    if settings.SCRIBE_CLOCK_OFFSET and urlsplit(settings.SLACK_API_URL).hostname not in _LOOPBACK:
        problems.append("SCRIBE_CLOCK_OFFSET: accepted only where SLACK_API_URL is on this machine. Remove it.")
    if settings.SCRIBE_POSTMORTEM_COMMAND == settings.SCRIBE_COMMAND:
        problems.append("SCRIBE_POSTMORTEM_COMMAND: the same as SCRIBE_COMMAND. Use another name, for example /pir.")
    return settings, problems


def _unknown(name: str, known: set[str]) -> str:
    # Without what all of them begin with, which would make any two alike.
    names = [other.removeprefix(_PREFIX) for other in known if other.startswith(_PREFIX)]
    close = difflib.get_close_matches(name.removeprefix(_PREFIX), names, 1)
    hint = f" Did you mean {_PREFIX}{close[0]}?" if close else " The README lists them."
    return f"{name}: there is no such setting.{hint}"


def check_tokens(settings: Settings, *, is_http: bool = False) -> None:
    """Raise SettingsError, with a line for each token that is missing or of the wrong kind.

    Socket Mode needs the app-level token, HTTP mode the signing secret instead.
    """
    problems = bot_token_problems(settings) + (
        signing_secret_problems(settings) if is_http else app_token_problems(settings)
    )
    if problems:
        raise SettingsError("\n".join(problems))


def bot_token_problems(settings: Settings) -> list[str]:
    """Return what is wrong with the bot's token, as far as it shows in the token."""
    where = "find it under “OAuth & Permissions” of your app"
    return _token_problems("SLACK_BOT_TOKEN", settings.SLACK_BOT_TOKEN, "xoxb-", where)


def app_token_problems(settings: Settings) -> list[str]:
    """Return what is wrong with the app-level token, as far as it shows in the token."""
    where = "make it under “Basic Information” of your app"
    return _token_problems("SLACK_APP_TOKEN", settings.SLACK_APP_TOKEN, "xapp-", where)


def _token_problems(name: str, value: str, prefix: str, where: str) -> list[str]:
    if value.startswith(prefix):
        return []
    return [f"{name}: {'not a token of this kind' if value else 'not set'}. It begins with {prefix}; {where}."]


def signing_secret_problems(settings: Settings) -> list[str]:
    """Return what is wrong with the signing secret, as far as it shows."""
    secret = settings.SLACK_SIGNING_SECRET.strip()
    if secret and not secret.startswith(("xox", "xapp-")):
        return []
    problem = "a token, not the signing secret" if secret else "not set"
    return [f"SLACK_SIGNING_SECRET: {problem}. Find it under “Basic Information” of your app."]
