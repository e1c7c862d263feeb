"""Results as text for people and for machines: one small printer a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Literal, cast

from fixer.reports.style import Style
from fixer.results import Result

Printer = Callable[[Iterable[Result], Style], Iterator[str]]
"""Takes results as they come and gives pieces of text, so that a long run shows its findings early."""

Format = Literal["full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "rdjson", "junit"]

_MODULES: dict[Format, str] = {
    "full": "text",
    "concise": "text",
    "json": "json",
    "json-lines": "json",
    "sarif": "interchange",
    "github": "ci",
    "gitlab": "ci",
    "rdjson": "interchange",
    "junit": "ci",
}

FOR_PEOPLE: tuple[Format, ...] = ("full", "concise")
"""The formats beside which a summary is said on stderr; for the others stderr stays empty when all is well."""


def printer(name: Format) -> Printer:
    """The printer of a format; only its module is imported."""
    module = import_module(f"fixer.reports.{_MODULES[name]}")
    return cast(Printer, getattr(module, name.replace("-", "_")))
