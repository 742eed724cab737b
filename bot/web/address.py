"""Where to listen, HOST:PORT, read and bound; and the public address that leads there."""

import errno
import re
import socket
from dataclasses import dataclass

from bot.domain.errors import ScribeError, UserError

_FORM = re.compile(r"(?P<host>\[[0-9a-fA-F:.%\w]+\]|[^\s:\[\]/@]+):(?P<port>[0-9]{1,5})")
_MOST = 65_535
_PUBLIC = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/%-]+")
_EXAMPLE_PORT = 3000
# Where Slack sends events, commands and interactions.
PATH = "/slack/events"


class ListenError(ScribeError):
    """The address can't be listened on; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host, by name or by number, and a port; 0 lets the system choose one."""

    host: str
    port: int

    @property
    def netloc(self) -> str:
        """The address as it is typed."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The web address without a path."""
        return f"http://{self.netloc}"


def parse_address(text: str) -> Address:
    """Return the address that somebody typed. Raises UserError with an example made from it."""
    found = _FORM.fullmatch(text.strip())
    if found and int(found["port"]) <= _MOST:
        return Address(found["host"].strip("[]"), int(found["port"]))
    raise UserError(f"“{text}” is not HOST:PORT. Use for example: scribe run --http {_example(text.strip())}")


def _example(text: str) -> str:
    """Return the nearest right form of what was typed."""
    if re.fullmatch(r":?[0-9]{1,5}", text) and int(text.removeprefix(":")) <= _MOST:
        return f"127.0.0.1:{text.removeprefix(':')}"
    host = re.fullmatch(r"(?:https?://)?([A-Za-z0-9.-]+)(?::.*|/.*)?", text)
    return f"{host[1] if host and not host[1].isdigit() else '127.0.0.1'}:{_EXAMPLE_PORT}"


def parse_request_url(text: str) -> str:
    """Return the public address that Slack is to send to. Raises UserError with an example made from what was typed."""
    url = text.strip()
    if _PUBLIC.fullmatch(url):
        return url
    host = re.fullmatch(r"(?:https?://)?([A-Za-z0-9.-]+\.[A-Za-z0-9.-]+(?::[0-9]+)?)(/\S*)?", url)
    example = f"https://{host[1] if host else 'scribe.example.com'}{PATH}"
    raise UserError(
        f"“{text}” is not an address that Slack sends to. Use for example: scribe manifest --http {example}"
    )


def listening(address: Address) -> socket.socket:
    """Return a socket bound to the address, for a server to listen on. Raises ListenError in one line."""
    bound: socket.socket | None = None
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        # A name such as localhost may stand for one of each family: the older is what proxies are set to.
        family, kind, protocol, _, target = min(found, key=lambda one: one[0] != socket.AF_INET)
        bound = socket.socket(family, kind, protocol)
        # A restart need not wait until the connections of the last run have timed out.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(target)
        # Listening already here: another program on the same port shows now, not when the first request is lost.
        bound.listen()
    except OSError as error:
        if bound is not None:
            bound.close()
        raise ListenError(
            f"Can't listen at {address.url} ({error.strerror or error}). {_mend(address, error.errno)}"
        ) from error
    return bound


def _mend(address: Address, number: int | None) -> str:
    if number == errno.EADDRINUSE:
        other = Address(address.host, address.port + 1 if address.port < _MOST else address.port - 1)
        return f"Stop the program that does, or take another port: scribe run --http {other.netloc}"
    port = _EXAMPLE_PORT if number == errno.EACCES else address.port
    return f"Use an address of this machine: scribe run --http 127.0.0.1:{port}"
