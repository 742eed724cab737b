"""Addresses as people type them: where to listen, and where Slack is to send."""

import errno
import os
import socket
from contextlib import closing

import pytest

from bot.domain.errors import UserError
from bot.web.address import Address, ListenError, listening, parse_address, parse_request_url


@pytest.mark.parametrize(
    ("typed", "address", "url"),
    [
        ("127.0.0.1:3000", Address("127.0.0.1", 3000), "http://127.0.0.1:3000"),
        ("localhost:1", Address("localhost", 1), "http://localhost:1"),
        (" 0.0.0.0:65535 ", Address("0.0.0.0", 65535), "http://0.0.0.0:65535"),
        ("[::1]:3000", Address("::1", 3000), "http://[::1]:3000"),
        ("scribe.internal:0", Address("scribe.internal", 0), "http://scribe.internal:0"),
    ],
)
def test_address_is_a_host_and_a_port(typed: str, address: Address, url: str) -> None:
    assert parse_address(typed) == address
    assert parse_address(typed).url == url


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("", "127.0.0.1:3000"),
        ("8080", "127.0.0.1:8080"),
        (":8080", "127.0.0.1:8080"),
        ("99999", "127.0.0.1:3000"),
        ("localhost", "localhost:3000"),
        ("localhost:http", "localhost:3000"),
        ("10.0.0.7:99999", "10.0.0.7:3000"),
        ("http://10.0.0.7:8080", "10.0.0.7:3000"),
        ("::1:3000", "127.0.0.1:3000"),
        ("a b:3000", "127.0.0.1:3000"),
        ("127.0.0.1:٣٠٠٠", "127.0.0.1:3000"),
    ],
)
def test_what_is_no_address_is_answered_with_the_nearest_one(typed: str, example: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_address(typed)

    assert str(refused.value) == f"“{typed}” is not HOST:PORT. Use for example: scribe run --http {example}"
    assert parse_address(example)


@pytest.mark.parametrize("url", ["https://scribe.example.com/slack/events", "https://a.b:8443/x"])
def test_public_address_has_https_a_host_and_a_path(url: str) -> None:
    assert parse_request_url(f" {url} ") == url


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("http://scribe.example.org/slack/events", "https://scribe.example.org/slack/events"),
        ("https://scribe.example.org", "https://scribe.example.org/slack/events"),
        ("scribe.example.org:8443/x", "https://scribe.example.org:8443/slack/events"),
        ("https://scribe.example.org/x?y=1", "https://scribe.example.org/slack/events"),
        ('https://scribe.example.org/x"', "https://scribe.example.org/slack/events"),
        ("127.0.0.1", "https://127.0.0.1/slack/events"),
        ("", "https://scribe.example.com/slack/events"),
        ("https://[::1/x", "https://scribe.example.com/slack/events"),
    ],
)
def test_what_slack_can_not_send_to_is_answered_with_the_nearest_address(typed: str, example: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_request_url(typed)

    assert str(refused.value) == (
        f"“{typed}” is not an address that Slack sends to. Use for example: scribe manifest --http {example}"
    )
    assert parse_request_url(example)


def test_port_that_is_taken_is_answered_with_the_next_one() -> None:
    with closing(listening(Address("localhost", 0))) as first:
        port = first.getsockname()[1]
        with pytest.raises(ListenError) as refused:
            listening(Address("127.0.0.1", port))

    assert str(refused.value) == (
        f"Can't listen at http://127.0.0.1:{port} (Address already in use). Stop the program that does, or take "
        f"another port: scribe run --http 127.0.0.1:{port + 1}"
    )


def test_address_of_another_machine_is_answered_with_one_of_this() -> None:
    with pytest.raises(ListenError) as refused:
        listening(Address("192.0.2.1", 3000))

    assert str(refused.value) == (
        "Can't listen at http://192.0.2.1:3000 (Cannot assign requested address). "
        "Use an address of this machine: scribe run --http 127.0.0.1:3000"
    )


def test_host_that_nobody_knows_is_answered_in_one_line() -> None:
    with pytest.raises(ListenError) as refused:
        listening(Address("no-such-host.invalid", 3000))

    assert str(refused.value).startswith("Can't listen at http://no-such-host.invalid:3000 (")
    assert str(refused.value).endswith("Use an address of this machine: scribe run --http 127.0.0.1:3000")


def test_port_that_needs_more_rights_is_answered_with_one_that_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(socket.socket):
        def bind(self, _address: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(ListenError, match=r"\(Permission denied\)\. Use .* scribe run --http 127\.0\.0\.1:3000$"):
        listening(Address("127.0.0.1", 80))
