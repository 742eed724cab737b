"""Structured logs on standard error: never message text, never secrets."""

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Send structlog's and the libraries' records of at least this level to standard error, one line each."""
    number = getattr(logging, level.upper())
    logging.basicConfig(
        stream=sys.stderr, level=max(number, logging.WARNING), format="%(levelname)s %(name)s: %(message)s"
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Looked up at each line: whoever exchanges standard error may close the one of before.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
