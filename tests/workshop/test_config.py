"""The settings: each wrong one is answered with one line that says what is right."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Settings, SettingsError, check_tokens, read, read_what_is_right
from bot.domain.incident import Severity
from bot.domain.timeline import Mark

LOOPBACK = "http://127.0.0.1:9/api/"
WRONG = {
    ("SCRIBE_COMMAND", "incident"): "“incident” is not a command's name. Use for example /incident.",
    ("SCRIBE_COMMAND", "/In Cident"): "“/In Cident” is not a command's name. Use for example /incident.",
    ("SCRIBE_POSTMORTEM_COMMAND", "/pm!"): "“/pm!” is not a command's name. Use for example /incident.",
    ("SCRIBE_POSTMORTEM_COMMAND", "/incident"): "the same as SCRIBE_COMMAND. Use another name, for example /pir.",
    ("SCRIBE_DEFAULT_SEVERITY", "5"): "“5” is not a severity. Use 1 (worst) to 4.",
    ("SCRIBE_DEFAULT_SEVERITY", "high"): "“high” is not a severity. Use 1 (worst) to 4.",
    ("SCRIBE_LOG_LEVEL", "loud"): "“loud” is not a level. Use debug, info, warning or error.",
    ("SCRIBE_CLOCK_OFFSET", "31d"): "“31d” is not an offset. Use for example +31d.",
    ("SCRIBE_CLOCK_OFFSET", "+31 days"): "“+31 days” is not an offset. Use for example +31d.",
    ("SCRIBE_TEMPLATES", "nowhere/at/all"): "there is no folder “nowhere/at/all”.",
    ("SLACK_API_URL", "slack.com"): "“slack.com” is not a web address. Use https://slack.com/api/.",
    ("SCRIBE_EMOJI", "fire"): "“fire” is not EMOJI=MARK. Use phases, or for example pushpin=entry,fire=detection; "
    "the marks are entry, detection, investigation, mitigation, resolution, decision, lesson, action, impact.",
}
UNKNOWN = {
    "SCRIBE_DEFAULT_SEVERTY": "there is no such setting. Did you mean SCRIBE_DEFAULT_SEVERITY?",
    "SCRIBE_TEMPLATE": "there is no such setting. Did you mean SCRIBE_TEMPLATES?",
    "SCRIBE_ANNOUNCE": "there is no such setting. Did you mean SCRIBE_ANNOUNCE_CHANNEL?",
    "SCRIBE_X": "there is no such setting. The README lists them.",
}


def refusal(environment: dict[str, str], dotenv: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        read(environment, dotenv)
    return str(refused.value).splitlines()


@pytest.mark.parametrize(
    ("setting", "answer"), WRONG.items(), ids=lambda value: "=".join(value) if isinstance(value, tuple) else ""
)
def test_wrong_setting_is_answered_with_one_line(setting: tuple[str, str], answer: str) -> None:
    name, value = setting

    assert refusal({name: value}) == [f"{name}: {answer}"]


@pytest.mark.parametrize(("name", "answer"), UNKNOWN.items())
def test_unknown_setting_is_answered_with_the_nearest_one(name: str, answer: str) -> None:
    assert refusal({name: "1"}) == [f"{name}: {answer}"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    lines = refusal(
        {"SCRIBE_COMMAND": "x", "SCRIBE_LOG_LEVEL": "y", "SCRIBE_TEMPLATE": "z", "SCRIBE_DEFAULT_SEVERITY": "0"}
    )

    assert {line.partition(":")[0] for line in lines} == {
        "SCRIBE_COMMAND",
        "SCRIBE_LOG_LEVEL",
        "SCRIBE_TEMPLATE",
        "SCRIBE_DEFAULT_SEVERITY",
    }


def test_names_of_other_programs_are_left_alone() -> None:
    assert (
        read({"SLACK_WEBHOOK": "x", "PATH": "y", "DATABASE_URL": "sqlite:///other.db"}, None).DATABASE_URL
        == "sqlite:///other.db"
    )


def test_empty_setting_counts_as_not_set() -> None:
    assert read({"SCRIBE_COMMAND": "", "SCRIBE_CLOCK_OFFSET": "", "DATABASE_URL": ""}, None) == Settings()


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("SCRIBE_COMMAND=/file\nSCRIBE_LOG_LEVEL=debug\n", encoding="utf-8")

    settings = read({"SCRIBE_COMMAND": "/environment"}, dotenv)

    assert (settings.SCRIBE_COMMAND, settings.SCRIBE_LOG_LEVEL) == ("/environment", "debug")


def test_wrong_setting_in_the_file_is_refused_too(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("SCRIBE_LOG_LEVL=debug\n", encoding="utf-8")

    assert refusal({}, dotenv) == ["SCRIBE_LOG_LEVL: there is no such setting. Did you mean SCRIBE_LOG_LEVEL?"]


def test_missing_file_is_no_error(tmp_path: Path) -> None:
    assert read({}, tmp_path / ".env") == Settings()


@pytest.mark.parametrize("address", [LOOPBACK, "http://localhost:9/api/", "http://[::1]:9/api/"])
def test_clock_may_be_moved_where_slack_is_on_this_machine(address: str) -> None:
    settings = read({"SCRIBE_CLOCK_OFFSET": "+31d", "SLACK_API_URL": address}, None)

    assert settings.clock_offset == timedelta(days=31)


@pytest.mark.parametrize(
    "address", ["", "https://slack.com/api/", "http://127.0.0.1.example.com/api/", "https://localhost.example.com/"]
)
def test_clock_may_not_be_moved_elsewhere(address: str) -> None:
    assert refusal({"SCRIBE_CLOCK_OFFSET": "+31d", "SLACK_API_URL": address}) == [
        "SCRIBE_CLOCK_OFFSET: accepted only where SLACK_API_URL is on this machine. Remove it."
    ]


@pytest.mark.parametrize(
    ("typed", "length"),
    [("+2h", timedelta(hours=2)), ("+5m", timedelta(minutes=5)), ("+9s", timedelta(seconds=9))],
)
def test_clock_offset_has_units(typed: str, length: timedelta) -> None:
    assert read({"SCRIBE_CLOCK_OFFSET": typed, "SLACK_API_URL": LOOPBACK}, None).clock_offset == length


def test_groups_are_read_by_severity() -> None:
    settings = read({"SCRIBE_INVITE_SEV1": "S1, S2,", "SCRIBE_INVITE_SEV3": "S3"}, None)

    assert settings.invite_groups == {
        Severity.SEV1: ("S1", "S2"),
        Severity.SEV2: (),
        Severity.SEV3: ("S3",),
        Severity.SEV4: (),
    }


def test_reactions_are_read_as_a_map() -> None:
    assert read({"SCRIBE_EMOJI": "fire=detection, :pushpin: = entry"}, None).emoji == {
        "fire": Mark.DETECTION,
        "pushpin": Mark.ENTRY,
    }


@pytest.mark.parametrize("tokens", [{}, {"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"}])
def test_missing_or_exchanged_tokens_are_named_with_where_to_find_them(tokens: dict[str, str]) -> None:
    problem = "not a token of this kind" if tokens else "not set"

    with pytest.raises(SettingsError) as refused:
        check_tokens(read(tokens, None))

    assert str(refused.value).splitlines() == [
        f"SLACK_BOT_TOKEN: {problem}. It begins with xoxb-; find it under “OAuth & Permissions” of your app.",
        f"SLACK_APP_TOKEN: {problem}. It begins with xapp-; make it under “Basic Information” of your app.",
    ]


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (
            {},
            [
                "SLACK_BOT_TOKEN: not set. It begins with xoxb-; find it under “OAuth & Permissions” of your app.",
                "SLACK_SIGNING_SECRET: not set. Find it under “Basic Information” of your app.",
            ],
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "xapp-1"},
            ["SLACK_SIGNING_SECRET: a token, not the signing secret. Find it under “Basic Information” of your app."],
        ),
    ],
)
def test_http_mode_needs_the_signing_secret_instead_of_the_app_level_token(
    given: dict[str, str], lines: list[str]
) -> None:
    with pytest.raises(SettingsError) as refused:
        check_tokens(read(given, None), is_http=True)

    assert str(refused.value).splitlines() == lines


def test_right_tokens_are_accepted() -> None:
    check_tokens(read({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, None))
    check_tokens(read({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "8f742231"}, None), is_http=True)


def test_what_is_right_is_read_beside_what_is_wrong() -> None:
    settings, problems = read_what_is_right(
        {"SCRIBE_LOG_LEVEL": "loud", "SCRIBE_COMMAND": "/inc", "SCRIBE_X": "1", "DATABASE_URL": "sqlite:///x.db"}, None
    )

    assert (settings.SCRIBE_LOG_LEVEL, settings.SCRIBE_COMMAND, settings.DATABASE_URL) == (
        "info",
        "/inc",
        "sqlite:///x.db",
    )
    assert [problem.partition(":")[0] for problem in problems] == ["SCRIBE_X", "SCRIBE_LOG_LEVEL"]


def test_every_setting_is_described_in_a_sentence() -> None:
    described = {name: field.description or "" for name, field in Settings.model_fields.items()}

    assert [name for name, text in described.items() if not (text[:1].isupper() and text.endswith("."))] == []
