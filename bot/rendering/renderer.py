"""Fills the templates: the built-in ones, or an installation's own that lie over them."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.loaders import BaseLoader
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from bot.domain.postmortem import Postmortem
from bot.domain.postmortem.audiences import Brief, customer, executive
from bot.rendering import to_html, to_markdown

# Under this prefix an overlay finds the built-in templates, to change one block of them:
# {% extends "built-in/postmortem/internal/markdown/report.md.j2" %}
BUILT_IN = "built-in"
_MARKDOWN_REPORT = "postmortem/internal/markdown/report.md.j2"
_HTML_REPORT = "postmortem/internal/html/report.html.j2"
_PACKAGE = Path(__file__).resolve().parents[1]
# What the expressions of somebody's own template can end in, beside Jinja's own errors.
_OVERLAY_ERRORS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)

_log = structlog.get_logger(__name__)


def built_in_templates(package: Path = _PACKAGE) -> Path:
    """Return the folder of the built-in templates: in the installed package, else in the checkout beside it."""
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


@dataclass(frozen=True, slots=True)
class _Format:
    """How one format escapes: `finalize` is applied to everything that a template prints."""

    finalize: Callable[[Any], Markup]
    helpers: Mapping[str, Callable[..., Markup]]


class Renderer:
    """Turns reports into documents.

    `overlay` is a folder of templates that are used before the built-in ones of the same name. When one of them
    fails, a warning with its file and line is logged and the built-in one is used.
    """

    def __init__(self, overlay: Path | None = None) -> None:
        built_in = FileSystemLoader(built_in_templates())
        self._overlay = overlay.resolve() if overlay else None
        self._plain = {name: _environment(built_in, format_) for name, format_ in _FORMATS.items()}
        self._overlaid: dict[str, SandboxedEnvironment] = {}
        if self._overlay:
            layers = ChoiceLoader([FileSystemLoader(self._overlay), built_in, PrefixLoader({BUILT_IN: built_in})])
            self._overlaid = {name: _environment(layers, format_) for name, format_ in _FORMATS.items()}

    def markdown(self, postmortem: Postmortem) -> str:
        """Return the internal report as Markdown (CommonMark with tables and task lists)."""
        return _tidy(self._render("markdown", _MARKDOWN_REPORT, postmortem=postmortem))

    def html(self, postmortem: Postmortem) -> str:
        """Return the internal report as one self-contained HTML page, without scripts."""
        return self._render("html", _HTML_REPORT, postmortem=postmortem)

    def brief_markdown(self, brief: Brief) -> str:
        """Return a version for others as Markdown."""
        return _tidy(self._render("markdown", _brief(brief, "markdown"), brief=brief))

    def brief_html(self, brief: Brief) -> str:
        """Return a version for others as one self-contained HTML page, without scripts."""
        return self._render("html", _brief(brief, "html"), brief=brief)

    def problems(self, postmortem: Postmortem) -> list[str]:
        """Return how templates of one's own fail on this report, a line each, with file and line; none: they work."""
        found = []
        documents: list[tuple[str, str, dict[str, object]]] = [
            ("markdown", _MARKDOWN_REPORT, {"postmortem": postmortem}),
            ("html", _HTML_REPORT, {"postmortem": postmortem}),
        ]
        for brief in (executive(postmortem), customer(postmortem)):
            documents += [(format_, _brief(brief, format_), {"brief": brief}) for format_ in _FORMATS]
        for format_, template, values in documents:
            try:
                self._overlaid.get(format_, self._plain[format_]).get_template(template).render(values)
            except _OVERLAY_ERRORS as error:
                found.append(f"{self._where(error, template)}: {error}")
        return found

    def _render(self, format_: str, template: str, **values: object) -> str:
        if self._overlay:
            try:
                return self._overlaid[format_].get_template(template).render(values)
            except _OVERLAY_ERRORS as error:
                where = self._where(error, template)
                _log.warning("own_template_failed", where=where, problem=str(error), used="the built-in template")
        return self._plain[format_].get_template(template).render(values)

    def _where(self, error: BaseException, template: str) -> str:
        return (_where(error, self._overlay) if self._overlay else None) or template


def _brief(brief: Brief, format_: str) -> str:
    """Return the name of the template for an audience."""
    return f"postmortem/{brief.audience.value}/{format_}/report.{'md' if format_ == 'markdown' else 'html'}.j2"


def _environment(loader: BaseLoader, format_: _Format) -> SandboxedEnvironment:
    # Autoescape keeps what `finalize` has escaped from being escaped again, in Markdown too: both go by Markup.
    environment = SandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=True,
        finalize=format_.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(format_.helpers)
    environment.globals.update(format_.helpers)
    return environment


def _finalizer(escape: Callable[[object], Markup]) -> Callable[[Any], Markup]:
    """Return what escapes each printed value that no filter has escaped. Raises TypeError for None."""

    def finalize(value: Any) -> Markup:
        if value is None:
            raise TypeError("the template prints a value that is missing")
        return value if isinstance(value, Markup) else escape(value)

    return finalize


_FORMATS = {
    "markdown": _Format(
        _finalizer(to_markdown.anywhere),
        {
            "md": to_markdown.line,
            "cell": to_markdown.cell,
            "code": to_markdown.code,
            "link": to_markdown.link,
        },
    ),
    "html": _Format(
        _finalizer(to_html.plain),
        {"rich": to_html.rich, "code": to_html.code, "link": to_html.link},
    ),
}


def _tidy(document: str) -> str:
    """Return the document without trailing spaces, with single blank lines, ending in one line feed."""
    lines: list[str] = []
    for line in document.split("\n"):
        stripped = line.rstrip()
        if stripped or (lines and lines[-1]):
            lines.append(stripped)
    return "\n".join(lines).strip("\n") + "\n"


def _where(error: BaseException, overlay: Path) -> str | None:
    """Return the file and line of the overlay that an error comes from."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(overlay)
    ]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None
