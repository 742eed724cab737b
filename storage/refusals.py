"""How the database says no, and what people are told then."""

from bot.domain.errors import ScribeError, TryAgainError

NOT_TAKEN = "The database didn't take that just now, and nothing was saved. Please send it again."
NOT_READ = "The database can't be read just now. Please try again."
_UNCERTAIN = (
    "The database didn't answer, so it isn't certain that this was saved. Please look before you send it again."
)


class DatabaseUnusableError(ScribeError):
    """The database can't be opened or written; the message says which one and why."""


class BrokenOffError(TryAgainError):
    """The database broke a transaction off, such as by ending the connection: the same again at once may work.

    `is_certain` is False when it broke while it was committing: what was to be saved may be saved.
    """

    def __init__(self, *, is_certain: bool = True) -> None:
        super().__init__(NOT_TAKEN if is_certain else _UNCERTAIN)
        self.is_certain = is_certain
