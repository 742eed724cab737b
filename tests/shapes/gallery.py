"""Samples of everything that people are shown: each view as a message, each form, the Home tab.

Every view needs one of each size: EMPTY (the least there can be), TYPICAL, FULL (more than fits, and hostile). To add
some, put lines like these into the module of tests/shapes/samples that is named as the one in bot/slack/blocks:

    add(EMPTY, CatchupView(incident=make_incident(title="x"), ...), to_asker=True)
    add(FULL, partial(modals.edit_entry, text=HOSTILE, metadata={}), label="of an import")

`to_asker`: only the asker sees it, so names in it notify nobody. `asks`: whom it may notify, because it asks them for
something. `rest`: words in it that say where the rest is; a view that is given a list must say so when it is FULL.
`label` tells several samples of one size apart. A view or form without all three sizes fails tests/shapes.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from bot.domain.text import mention
from bot.services.views import HomeView, View
from bot.slack import blocks
from bot.slack.blocks import Rendered, rendered
from bot.slack.blocks.elements import Block
from bot.slack.blocks.home import home
from bot.slack.text import decode

Shown = type | Callable[..., Block]
# Modules whose public functions are forms, and those that stand for a view.
_FORMS = "modals"
# Fields that hold the ids of people or groups to call, not a list to show.
_CALLED = frozenset({"asked", "called_in", "notifies"})


class Size(StrEnum):
    """How much there is to show."""

    EMPTY = "empty"
    TYPICAL = "typical"
    FULL = "full"


EMPTY, TYPICAL, FULL = Size


@dataclass(frozen=True)
class Sample:
    """One view or form, filled: what it shows, how full, and what is expected of it."""

    shows: Shown
    size: Size
    make: Callable[[], Rendered | Block]
    label: str
    asks: tuple[str, ...]
    to_asker: bool
    rest: str

    @property
    def name(self) -> str:
        """What the sample is called in a test's name."""
        return " ".join(part for part in (called(self.shows), self.size, self.label) if part)

    @property
    def is_message(self) -> bool:
        """Whether it is a message, rather than a form or the Home tab."""
        return self.shows in get_args(View)


_SAMPLES: list[Sample] = []


def add(
    size: Size,
    what: View | HomeView | Callable[..., Block],
    *,
    label: str = "",
    asks: tuple[str, ...] = (),
    to_asker: bool = False,
    rest: str = "",
) -> None:
    """Add a view, or a form (a function of no arguments, or a `partial`), to the samples."""
    _SAMPLES.append(Sample(_owner(what), size, _maker(what), label, asks, to_asker, rest))


def _owner(what: Any) -> Shown:
    if is_dataclass(what):
        return type(what)
    return _owner(what.func) if isinstance(what, partial) else what


def _maker(what: Any) -> Callable[[], Rendered | Block]:
    if isinstance(what, HomeView):
        return partial(home, what)
    return partial(rendered, what) if isinstance(what, get_args(View)) else what


@cache
def samples() -> tuple[Sample, ...]:
    """Return all samples, from every module of tests/shapes/samples."""
    for file in sorted(Path(__file__).with_name("samples").glob("*.py")):
        import_module(f"tests.shapes.samples.{file.stem}")
    return tuple(_SAMPLES)


def needed() -> Iterator[Shown]:
    """Yield everything that needs samples: each view, the Home tab, and each form of bot.slack.blocks."""
    yield from get_args(View)
    yield HomeView
    for found in pkgutil.iter_modules(blocks.__path__):
        module = import_module(f"{blocks.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if _FORMS in found.name and function.__module__ == module.__name__ and not name.startswith("_"):
                yield function


def called(shown: Shown) -> str:
    """Return the name of a view or a form."""
    return f"{shown.__module__.rpartition('.')[2]}.{shown.__name__}" if inspect.isfunction(shown) else shown.__name__


def has_a_list(shown: Shown) -> bool:
    """Whether a view is given lists that can be longer than what fits."""
    if not is_dataclass(shown):
        return False
    return any(str(field.type).endswith(", ...]") and field.name not in _CALLED for field in fields(shown))


# As Slack delivers it: what people type has its three reserved characters escaped, so its marks notify nobody;
# a real mention, a link, right-to-left marks, emoji of several characters, control characters, half a character.
_TYPED = (
    "&lt;!channel&gt; &lt;!here&gt; &lt;@U0TYPED&gt; &lt;!subteam^S1&gt; <@U0BEN> "
    "<https://x.example.com/?a=1&amp;b=2|a link> "
    "`code` ```block``` *bold* _it_ ~no~ &gt; quoted :pushpin: \u202eright to left\u202c שלום 👩‍👩‍👧‍👦🇪🇺 \x07\ud800"
    "&amp;amp; &amp;lt; {{ 7 * 7 }} %s \\ \"quotes\" 'more'\n"
)
# What the program keeps of it: one line of about 200 characters that takes far more when it is escaped.
HOSTILE_LINE = decode(_TYPED)
HOSTILE = (HOSTILE_LINE + decode("&amp;") * 200) * 100
# One that offers no place to cut it.
ENDLESS = "<&>" * 14_000
# Reports speak of roles, so what comes from one holds no mention.
FROM_REPORT = HOSTILE.replace(mention("U0BEN"), "the incident lead")
NAMES = {"U0BEN": "Ben <!here> *Okoro* " * 5, "ULEAD": "Lea", "UREPORT": "Rae"}
