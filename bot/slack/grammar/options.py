"""Options such as `--sev 2` anywhere in a command, also with the dashes and quotes that phones make of them."""

import re
from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.slack.grammar.asked import Asked, Option, closest, listed, said
from bot.slack.grammar.times import exact_moment, leading_moment

_OPTION = re.compile(r"(?<!\S)(--|—|–)([A-Za-z][A-Za-z0-9_-]*)(?=[=\s]|$)")
_QUOTED = re.compile(r"(?<!\S)(?:\"[^\"]+\"|[“„‟][^“”]+[”“]|«[^«»]+»)(?!\S)")
_VALUE = re.compile(
    r"(?:\"(?P<double>[^\"]*)\"|[“„‟](?P<curly>[^“”]*)[”“]|«(?P<angle>[^«»]*)»"
    r"|'(?P<single>[^']*)'|[‘‚](?P<curled>[^‘’]*)[’‘]|(?P<plain>near\s+miss|\S+))(?!\S)"
)
_EXTRA = re.compile(r"=\S*")
# What may stand between a time and the words after it.
_MARKS = " \t\n,:;-–—"
_OPENERS = "\"'“„‟«‘‚"


@dataclass(frozen=True, slots=True)
class Value:
    """What was given to an option, without quotes, and where it stands in the text (with them)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Given:
    """The options that were given, by name, and the rest of the text on both sides joined by single spaces."""

    asked: Asked
    values: dict[str, Value]
    text: str

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return name in self.values

    def form(self, name: str, value: str) -> str:
        """Return the whole command line with another value for an option: the right form of a refusal."""
        given = self.values[name]
        return self.asked.form(self.asked.rest[: given.start] + value + self.asked.rest[given.end :])


@dataclass(frozen=True, slots=True)
class _Found:
    option: Option
    start: int
    end: int


def read_options(asked: Asked) -> Given:
    """Return the command's options and the text around them.

    What stands in double quotes is never an option. Raises UserError for an unknown, repeated or incomplete option.
    """
    values: dict[str, Value] = {}
    pieces = []
    position = 0
    found = _options_in(asked)
    for index, here in enumerate(found):
        pieces.append(asked.rest[position : here.start])
        stop = found[index + 1].start if index + 1 < len(found) else len(asked.rest)
        if here.option.name in values:
            raise UserError(f"--{here.option.name} stands there twice. Give it once", right=_without(asked, here, stop))
        value = _value_of(asked, here, stop)
        _refuse_half_a_name(asked, here, value, before=" ".join(pieces), after=asked.rest[value.end : stop])
        values[here.option.name] = value
        position = value.end
    pieces.append(asked.rest[position:])
    return Given(asked, values, " ".join(stripped for piece in pieces if (stripped := piece.strip())))


def _options_in(asked: Asked) -> list[_Found]:
    shielded = _QUOTED.sub(lambda match: "x" * len(match[0]), asked.rest)
    return [
        _Found(option, match.start(), match.end())
        for match in _OPTION.finditer(shielded)
        if (option := _option_named(asked, match))
    ]


def _option_named(asked: Asked, match: re.Match[str]) -> Option | None:
    names = {alias: option for option in asked.options for alias in (option.name, *option.aliases)}
    option = names.get(match[2].lower())
    if option is None:
        near = closest(match[2], names)
        if near:
            right = f"{asked.rest[: match.start()]}--{names[near].name}{asked.rest[match.end() :]}"
            raise UserError(f"{said(f'--{match[2]}')} is not an option. Did you mean", right=asked.form(right))
        # What a phone or a careful writer puts before a word is often only a dash.
        if match[1] != "--":
            return None
        known = listed(f"--{option.name}" for option in asked.options)
        rest = f"{asked.rest[: match.start()].strip()} {asked.rest[match.end() :].strip()}"
        raise UserError(
            f"{said(f'--{match[2]}')} is not an option. Use {known}, or leave it out", right=asked.form(rest)
        )
    return option


def _without(asked: Asked, here: _Found, stop: int) -> str:
    """Return the command line without an option and its value."""
    end = _value_of(asked, here, stop).end
    return asked.form(f"{asked.rest[: here.start].strip()} {asked.rest[end:].strip()}")


def _completed(asked: Asked, here: _Found) -> str:
    """Return the command line with an example for a value that is missing or broken."""
    return asked.form(f"{asked.rest[: here.end]} {here.option.example}")


def _value_of(asked: Asked, here: _Found, stop: int) -> Value:
    if here.option.value is None:
        # "--private=yes" says no more than "--private".
        extra = _EXTRA.match(asked.rest, here.end)
        return Value("", here.end, extra.end() if extra else here.end)
    start = here.end + (asked.rest[here.end : here.end + 1] == "=")
    start += len(asked.rest[start:stop]) - len(asked.rest[start:stop].lstrip())
    match = _VALUE.match(asked.rest, start, stop)
    text = next((group for group in match.groups() if group is not None), "").strip() if match else ""
    if not match or not text:
        raise UserError(f"--{here.option.name} needs a value", right=_completed(asked, here))
    if match["plain"] and match["plain"][0] in _OPENERS:
        raise UserError(f"A quote is opened and not closed after --{here.option.name}", right=_completed(asked, here))
    if here.option.value == "WHEN" and match["plain"]:
        return _moment_words(asked, start, stop)
    return Value(text, start, match.end())


def _moment_words(asked: Asked, start: int, stop: int) -> Value:
    typed = asked.rest[start:stop]
    moment, after = leading_moment(asked, typed)
    if moment is None:
        exact_moment(asked, typed)
        return Value(typed.strip(), start, stop)
    end = stop - len(after)
    return Value(asked.rest[start:end].rstrip(_MARKS), start, end)


def _refuse_half_a_name(asked: Asked, here: _Found, value: Value, *, before: str, after: str) -> None:
    # "Checkout down --vendor Big Cloud": nobody can tell whether Cloud belongs to the name or to the title.
    is_name = here.option.value == "NAME" and asked.rest[value.start] not in _OPENERS
    if is_name and before.strip() and after.strip():
        whole = f'"{value.text} {after.strip()}"'
        rest = f"{asked.rest[: value.start]}{whole}{asked.rest[value.end + len(after.rstrip()) :]}"
        raise UserError("Put a name of several words in quotes, and the title in front", right=asked.form(rest))
