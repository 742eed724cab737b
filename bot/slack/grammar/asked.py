"""One command as it was typed, and the sentences and checks that all its readers share."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.errors import UserError
from bot.domain.statements import valid_statement
from bot.domain.text import clipped, mention, mentioned, one_line
from bot.slack.grammar.commands import Context

_SAID_LIMIT = 40
_FORM_LIMIT = 160
_WORD_LIMIT = 40
_OPENING = "\"'“„‟«‘‚"
_CLOSING = "\"'”“»’‘"


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command, typed as `--name VALUE` or `--name`.

    Args:
        name: without dashes, as in the help.
        value: an example of its value, as the help shows it; None for an option that takes none.
        example: a value that can be read, for the right form of a refusal.
        aliases: other names of it.
    """

    name: str
    value: str | None = None
    example: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """The option as the help shows it."""
        return f"[--{self.name} {self.value}]" if self.value else f"[--{self.name}]"


@dataclass(frozen=True, slots=True)
class Asked:
    """A subcommand as typed: its name as in the help, and the text after it without outer white space.

    `command` is the slash command's name, `target` the incident id typed in front.
    """

    context: Context
    command: str
    target: str | None
    name: str
    rest: str
    options: tuple[Option, ...] = ()

    def form(self, rest: str = "", *, name: str | None = None) -> str:
        """Return a whole command line with this rest, and another subcommand if one is named: a right form."""
        words = (self.command, self.target, self.name if name is None else name, rest)
        return clipped(one_line(" ".join(word for word in words if word)), _FORM_LIMIT)

    def after_first_word(self, word: str) -> "Asked":
        """Return the same command with its first word taken as part of the name, spelt as `word`."""
        return replace(self, name=f"{self.name} {word}", rest=split_word(self.rest)[1])


def split_word(text: str) -> tuple[str, str]:
    """Return the first word and the text after it, without the white space around; empty strings for none."""
    parts = text.split(None, 1)
    return (parts[0], parts[1].strip()) if len(parts) > 1 else (text.strip(), "")


def said(text: str) -> str:
    """Return what somebody typed for use in a sentence: in quotes, on one line, short."""
    return f"“{clipped(one_line(text), _SAID_LIMIT)}”"


def listed(names: Iterable[str]) -> str:
    """Return `a, b or c`."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def closest(word: str, names: Iterable[str], *, likeness: float = 0.65) -> str | None:
    """Return the name that a mistyped word is nearest to, None when none is as like it as `likeness` (0 to 1)."""
    if len(word) > _WORD_LIMIT:
        return None
    return next(iter(difflib.get_close_matches(word.lower(), list(names), n=1, cutoff=likeness)), None)


def keyword(text: str) -> str:
    """Return a word as the tables of choices have it: lower case, with dashes."""
    return re.sub(r"[\s_]+", "-", text.strip().lower())


@dataclass(frozen=True, slots=True)
class Choice:
    """What a word may be.

    `what` says what all of them are ("a status"), `names` are shown, `aliases` are other spellings that are
    understood, `usual` is the name offered for a word that is near to none.
    """

    what: str
    names: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    usual: str | None = None

    def find(self, word: str) -> str | None:
        """Return the name that a word stands for, in any case, None when it is none."""
        key = keyword(word)
        return key if key in self.names else self.aliases.get(key)

    def nearest(self, word: str) -> str | None:
        """Return the name nearest to a mistyped word, None when there is no near one."""
        near = closest(keyword(word), [*self.names, *self.aliases])
        return near if near is None else self.aliases.get(near, near)


def chosen(word: str, choice: Choice, form: Callable[[str], str]) -> str:
    """Return the name that a word stands for.

    Raises UserError with the names and the nearest right form, which `form` makes of a name.
    """
    name = choice.find(word)
    if name is None:
        right = form(choice.nearest(word) or choice.usual or choice.names[0])
        raise UserError(f"{said(word)} is not {choice.what}. Use {listed(choice.names)}", right=right)
    return name


def nothing_after(asked: Asked) -> None:
    """Raise UserError when something was typed after a command that takes nothing."""
    if asked.rest:
        raise UserError(f"Nothing goes after {said(asked.name)}", right=asked.form())


def statement(asked: Asked, text: str, *, what: str, example: str) -> str:
    """Return a text of the asker without outer white space.

    Raises UserError with the right form when it is empty ("Say what happened: /incident note ..."), or too long.
    """
    if not text.strip():
        raise UserError(f"Say {what}", right=asked.form(example))
    return valid_statement(text, what=what, example=example)


def unquoted(text: str) -> str:
    """Return the text without the quotes around the whole of it, if there are any and none inside."""
    text = text.strip()
    if len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING:
        inner = text[1:-1]
        if not set(inner) & set('"“”„«»' if text[0] not in "'‘‚" else "'‘"):
            return inner.strip()
    return text


def person_in(word: str) -> str | None:
    """Return the id of the person whom this one word mentions, None when it is anything else."""
    people = mentioned(word)
    return people[0] if len(people) == 1 and word == mention(people[0]) else None


def not_a_person(word: str, right: str) -> UserError:
    """Return the refusal of a name that did not arrive as a mention; `right` is the right form."""
    return UserError(
        f"{said(word)} did not arrive as a person. Pick the name from Slack's list after the @", right=right
    )


def only_person(asked: Asked, words: Sequence[str]) -> str | None:
    """Return the person whom the only word mentions; None for no word, or for `me`.

    Raises UserError when there are more words, or one that is no mention.
    """
    if not words:
        return None
    people = [person for word in words if (person := person_in(word))]
    if len(words) == 1 and people:
        return people[0]
    if len(words) == 1 and words[0].lower() in ("me", "myself"):
        return None
    if people:
        raise UserError("One person goes here, and nothing else", right=asked.form(mention(people[0])))
    name = next((word for word in words if word.startswith("@")), "@name")
    raise not_a_person(" ".join(words), asked.form(name))
