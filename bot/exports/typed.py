"""What people type after `scribe import`: several names may follow one `--channel`."""

from collections.abc import Sequence

_OPTION = "--channel"
# The options that take one value, which is no export and no channel.
_VALUED = ("--title", "--from", "--to")


def one_name_each(typed: Sequence[str]) -> list[str]:
    """Return the arguments with `--channel` before each of the names that follow one.

    Where nothing else can be the export, the last of several names is: `--channel general export.zip`.
    """
    names: list[str] = []
    others: list[str] = []
    has_export = False
    is_listing = False
    rest = iter(typed)
    for word in rest:
        if word == _OPTION or word.startswith(f"{_OPTION}="):
            is_listing = True
            names += [word.partition("=")[2]] if "=" in word else []
        elif word == "--":
            others += [word, *rest]
            has_export = True
        elif word.startswith("-") and word != "-":
            is_listing = False
            others += [word, *([next(rest, "")] if word in _VALUED else [])]
        elif is_listing:
            names.append(word)
        else:
            has_export = True
            others.append(word)
    if len(names) > 1 and not has_export:
        others.append(names.pop())
    return [*(part for name in names for part in (_OPTION, name)), *others]
