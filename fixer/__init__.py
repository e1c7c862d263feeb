"""Finds bugs in PyTorch training code, mends them, and proves the mend. What rule authors and callers import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fixer.edits import (
    add_import,
    add_parameter,
    guard,
    insert_after,
    insert_before,
    insert_element,
    move_after,
    move_before,
    remove,
    remove_element,
    remove_keyword,
    replace,
    set_keyword,
    wrap,
)
from fixer.rule import Finding, Fix, LossEffect, Rule, Safety, rule

if TYPE_CHECKING:
    from fixer.engine import check_source, fix_source

__version__ = "0.1.0"

__all__ = [
    "Finding",
    "Fix",
    "LossEffect",
    "Rule",
    "Safety",
    "add_import",
    "add_parameter",
    "check_source",
    "fix_source",
    "guard",
    "insert_after",
    "insert_before",
    "insert_element",
    "move_after",
    "move_before",
    "remove",
    "remove_element",
    "remove_keyword",
    "replace",
    "rule",
    "set_keyword",
    "wrap",
]


def __getattr__(name: str) -> object:
    # loaded on first use: rules and editors import this package at every start
    if name in ("check_source", "fix_source"):
        from fixer import engine

        return getattr(engine, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
