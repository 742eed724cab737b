import pytest

from bot.domain.capturing import GapCause, joined_gaps, stretch
from bot.domain.record import CaptureGap
from tests.factories import DECLARED, at, make_incident


@pytest.mark.parametrize(
    ("window", "given", "expected"),
    [
        ({}, ("14:10", "14:20"), ("14:10", "14:20")),
        ({}, ("13:00", "14:20"), ("14:05", "14:20")),
        ({}, ("13:00", "14:05"), None),
        ({"capture_from": at("13:30")}, ("13:00", "14:20"), ("13:30", "14:20")),
        ({"capture_from": at("13:30"), "capture_until": at("14:10")}, ("13:00", "14:20"), ("13:30", "14:10")),
        ({"capture_from": at("13:30"), "capture_until": at("14:10")}, ("14:10", "14:20"), None),
    ],
)
def test_a_stretch_is_the_incidents_as_far_as_its_channel_was_recorded(
    window: dict[str, object], given: tuple[str, str], expected: tuple[str, str] | None
) -> None:
    incident = make_incident(declared_at=DECLARED, **window)
    found = stretch(incident, at(given[0]), at(given[1]))
    assert found == (expected and (at(expected[0]), at(expected[1])))


def test_stretch_that_two_channels_have_in_common_is_one() -> None:
    down, out = GapCause.NOT_RUNNING.words, GapCause.NOT_IN_CHANNEL.words
    given = [
        CaptureGap(at("15:00"), at("15:10"), 2, down, 1),
        CaptureGap(at("14:00"), None, 0, out),
        CaptureGap(at("15:00"), at("15:10"), 3, down),
        CaptureGap(at("15:00"), at("15:11"), 1, down),
    ]
    assert joined_gaps(given) == (given[1], CaptureGap(at("15:00"), at("15:10"), 5, down, 1), given[3])
