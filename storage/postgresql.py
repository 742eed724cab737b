"""PostgreSQL through psycopg 3: many connections write at once. See docs/decisions/0014-postgresql.md."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, ExceptionContext
from sqlalchemy.exc import DBAPIError

from storage.locks import one_at_a_time
from storage.refusals import DatabaseUnusableError
from storage.url import POSTGRESQL_EXAMPLE

# A command's ack has 3 seconds: whoever waits longer would save what Slack has already called failed.
_PATIENCE_SECONDS = 2
# Nothing that is asked while somebody waits comes near it; what does is broken.
_STATEMENT_SECONDS = 30
# A process that freezes in the middle of a transaction must not keep the others from its rows for long.
_IDLE_SECONDS = 10
# Changing tables waits for whoever is using them, and may take its time.
_MIGRATION_SECONDS = 60
# Per process; the server's limit is 100 for all of them together unless somebody raised it.
_KEPT_CONNECTIONS, _MORE_CONNECTIONS = 5, 10

_SESSION = MappingProxyType(
    {
        "TimeZone": "UTC",
        "lock_timeout": f"{_PATIENCE_SECONDS}s",
        "statement_timeout": f"{_STATEMENT_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s",
    }
)
# For libpq: give up on a server that doesn't answer, instead of after the many minutes that TCP would take.
_CONNECTING = MappingProxyType(
    {
        "connect_timeout": _PATIENCE_SECONDS,
        "tcp_user_timeout": _PATIENCE_SECONDS * 1000,
        "keepalives_idle": 10,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "application_name": "incident-scribe",
    }
)
_SERIALIZATION, _DEADLOCK, _READ_ONLY = "40001", "40P01", "25006"


class Postgresql:
    """The engine for one database, and how its transactions begin.

    Writers read what is committed at each statement and lock what they decide upon; a reader sees one state.
    """

    reading: Mapping[str, Any] = MappingProxyType(
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    )
    advice = (
        f"Check DATABASE_URL, for example {POSTGRESQL_EXAMPLE}, that the server is running and has this database, "
        "and that the user may create tables in it."
    )

    def __init__(self, url: URL) -> None:
        self.engine = _engine(url)

    @staticmethod
    def writing() -> AbstractContextManager[Mapping[str, Any]]:
        """Yield what the transaction's connection needs: nothing, nobody waits for a turn here."""
        return nullcontext(MappingProxyType({}))

    @staticmethod
    def is_worth_another_try(error: DBAPIError) -> bool:
        """Whether the same at once may work: the connection is gone, or another transaction was in the way."""
        return error.connection_invalidated or _state(error.orig) in (_SERIALIZATION, _DEADLOCK)

    @staticmethod
    @contextmanager
    def migrating(connection: Connection) -> Iterator[None]:
        """Yield in a transaction that may change tables, with nobody else who changes them."""
        with connection.begin():
            for name in ("lock_timeout", "statement_timeout"):
                connection.exec_driver_sql(f"SET LOCAL {name} = '{_MIGRATION_SECONDS}s'")
            one_at_a_time(connection, "migration")
            yield


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_size=_KEPT_CONNECTIONS,
            max_overflow=_MORE_CONNECTIONS,
            pool_timeout=_PATIENCE_SECONDS,
            # A connection that was lost while nobody used it is replaced before anybody is given it.
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            # Parameters are what people wrote; an error that is logged must not repeat them.
            hide_parameters=True,
            connect_args=_connecting(url),
        )
    except ImportError as error:
        raise DatabaseUnusableError(
            f"The driver for PostgreSQL can't be loaded ({error}). Install it: pip install 'incident-scribe[postgres]'"
        ) from error
    event.listen(engine, "handle_error", _shorten)
    return engine


def _connecting(url: URL) -> dict[str, Any]:
    """Return how to connect; what the URL says itself goes before it."""
    own = {name: value for name, value in _CONNECTING.items() if name not in url.query}
    session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    asked = url.query.get("options", "")
    return own | {"options": f"{session} {asked if isinstance(asked, str) else ' '.join(asked)}".strip()}


def _state(error: BaseException | None) -> str | None:
    state: str | None = getattr(error, "sqlstate", None)
    return state


def _shorten(context: ExceptionContext) -> None:
    """Keep what people wrote out of errors: the driver repeats a refused row in the lines after the first.

    A server that has become a standby only reads; the connections to it are given up for ones to its successor.
    """
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].splitlines()[0], *error.args[1:])
    reads = context.connection is not None and context.connection.get_execution_options().get("postgresql_readonly")
    if _state(context.original_exception) == _READ_ONLY and not reads:
        context.is_disconnect = True
