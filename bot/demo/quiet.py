"""What would disturb a demo: log lines on the terminal, and settings of the surroundings."""

import logging
import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

# The SDK sends its calls through these, also those to the stand-in on this machine.
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


class Overheard(logging.Handler):
    """Keeps what is logged as an error, instead of printing it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record of the standard library's loggers."""
        self.errors.append(record.getMessage().partition("\n")[0])

    def take(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Keep one of structlog's; raises structlog.DropEvent, so that nothing is printed."""
        self.errors.append(str(event.get("event")))
        raise structlog.DropEvent


@contextmanager
def overheard() -> Iterator[Overheard]:
    """Keep every log off the terminal while the demo plays, and collect the errors among them."""
    heard = Overheard()
    root, before = logging.getLogger(), structlog.get_config()
    handlers = root.handlers
    root.handlers = [heard]
    structlog.configure(processors=[heard.take], wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield heard
    finally:
        root.handlers = handlers
        structlog.configure(**before)


@contextmanager
def without_proxies() -> Iterator[None]:
    """Hide the proxies of the environment: nothing of the demo leaves this machine."""
    hidden = {name: os.environ.pop(name) for name in _PROXIES if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)
