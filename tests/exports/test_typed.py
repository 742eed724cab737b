"""Several names may follow one `--channel`, wherever the export stands."""

import pytest

from bot.exports import one_name_each

OF_TWO = ["--channel", "ops", "--channel", "db"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("x.zip --channel ops --channel db", [*OF_TWO, "x.zip"]),
        ("x.zip --channel ops db", [*OF_TWO, "x.zip"]),
        ("--channel ops db x.zip", [*OF_TWO, "x.zip"]),
        ("--channel ops x.zip", ["--channel", "ops", "x.zip"]),
        ("--channel=ops db x.zip", [*OF_TWO, "x.zip"]),
        ("--channel ops --title T db.zip", ["--channel", "ops", "--title", "T", "db.zip"]),
        ("x.zip --channel ops db --from 14:05 --skip-broken", [*OF_TWO, "x.zip", "--from", "14:05", "--skip-broken"]),
        ("x.zip --title --channel", ["x.zip", "--title", "--channel"]),
        ("x.zip --channel", ["x.zip"]),
        ("--channel ops", ["--channel", "ops"]),
        ("--channel ops -- x.zip", ["--channel", "ops", "--", "x.zip"]),
        ("--help", ["--help"]),
        ("", []),
    ],
)
def test_each_name_gets_an_option_of_its_own(typed: str, read: list[str]) -> None:
    assert one_name_each(typed.split()) == read
