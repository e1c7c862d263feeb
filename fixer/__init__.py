"""Finds bugs in PyTorch training code, mends them, and proves the mend. What rule authors and callers import."""

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

__version__ = "0.1.0"

__all__ = [
    "Finding",
    "Fix",
    "LossEffect",
    "Rule",
    "Safety",
    "add_import",
    "add_parameter",
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
