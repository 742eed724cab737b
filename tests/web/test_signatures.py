"""Only what Slack has signed in the last five minutes is taken: https://docs.slack.dev, “Verifying requests”."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.signatures import WINDOW_SECONDS, Refusal, Signatures

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_763_640_000
SIGNATURES = Signatures(SECRET, seconds=lambda: float(NOW))


def signed(body: str, *, at: int = NOW, secret: str = SECRET) -> dict[str, str]:
    """Return the headers of a request, signed by the rule of Slack's documentation."""
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": str(at), "x-slack-signature": f"v0={digest}"}


@given(st.text())
def test_whatever_slack_has_signed_is_taken(body: str) -> None:
    body = body.encode(errors="replace").decode()

    assert SIGNATURES.refused_unread(signed(body)) is None
    assert SIGNATURES.refused(signed(body), body) is None


@given(st.text(min_size=1))
def test_any_other_body_is_refused(body: str) -> None:
    body = body.encode(errors="replace").decode()

    assert SIGNATURES.refused(signed(body), body + " ") is Refusal.WRONG


def test_another_secret_is_refused() -> None:
    assert SIGNATURES.refused(signed("{}", secret="other"), "{}") is Refusal.WRONG


@pytest.mark.parametrize("seconds", [-WINDOW_SECONDS, 0, WINDOW_SECONDS])
def test_five_minutes_apart_is_near_enough(seconds: int) -> None:
    assert SIGNATURES.refused(signed("{}", at=NOW + seconds), "{}") is None


@pytest.mark.parametrize("seconds", [-WINDOW_SECONDS - 1, WINDOW_SECONDS + 1, -10 * NOW])
def test_more_than_five_minutes_apart_is_refused_although_the_signature_fits(seconds: int) -> None:
    headers = signed("{}", at=max(NOW + seconds, 0))

    assert SIGNATURES.refused_unread(headers) is Refusal.STALE
    assert SIGNATURES.refused(headers, "{}") is Refusal.STALE


@pytest.mark.parametrize(
    "changed",
    [
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0="},
        {"x-slack-signature": "v0=" + "é" * 64},
        {"x-slack-signature": "v1=" + "0" * 64},
        {"x-slack-request-timestamp": ""},
        {"x-slack-request-timestamp": "now"},
        {"x-slack-request-timestamp": f"-{NOW}"},
        {"x-slack-request-timestamp": f"{NOW}.5"},
        {"x-slack-request-timestamp": "٣" * 10},
        {"x-slack-request-timestamp": "9" * 5000},
    ],
)
def test_headers_that_slack_never_sends_are_refused_and_break_nothing(changed: dict[str, str]) -> None:
    assert SIGNATURES.refused_unread(signed("{}") | changed) is Refusal.UNSIGNED


@given(st.text(), st.text(), st.text())
def test_no_request_breaks_the_check_or_passes_by_luck(timestamp: str, signature: str, body: str) -> None:
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}

    assert SIGNATURES.refused(headers, body) in (Refusal.UNSIGNED, Refusal.STALE, Refusal.WRONG)
