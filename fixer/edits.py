"""The edits that a rule may ask for, as data: a node of the `ast` tree and what to do with it.

Code is given as text in the module's own names; it is indented, and its line ends are made the file's, where it lands.
Edits that touch different nodes compose, nested ones included. See `fixer.rewrite` for how they are applied.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class InsertBefore:
    anchor: ast.stmt
    code: str


@dataclass(frozen=True)
class InsertAfter:
    anchor: ast.stmt
    code: str


@dataclass(frozen=True)
class Remove:
    """Remove a statement. A block that would be left empty keeps a `pass`. Comments above it go with it."""

    node: ast.stmt


@dataclass(frozen=True)
class Move:
    """Move a statement, with the comments above it and on its line, to directly before or after `anchor`."""

    node: ast.stmt
    anchor: ast.stmt
    after: bool


@dataclass(frozen=True)
class Replace:
    """Replace an expression. Edits inside it would be lost, so they conflict."""

    node: ast.expr
    code: str


@dataclass(frozen=True)
class Wrap:
    """Put an expression into a larger one: `template` holds `{}` exactly once, where the (edited) expression goes."""

    node: ast.expr
    template: str


@dataclass(frozen=True)
class SetKeyword:
    """Give a call a keyword argument, or replace the value of the one it has."""

    call: ast.Call
    name: str
    code: str


@dataclass(frozen=True)
class RemoveKeyword:
    call: ast.Call
    name: str


@dataclass(frozen=True)
class InsertElement:
    """Insert an element into a list or tuple display, before `index` (its length: at the end)."""

    sequence: ast.List | ast.Tuple
    index: int
    code: str


@dataclass(frozen=True)
class RemoveElement:
    """Remove an element of a list or tuple display, with its comma and the comment on its line."""

    sequence: ast.List | ast.Tuple
    element: ast.expr


@dataclass(frozen=True)
class AddParameter:
    """Add a parameter (`train=True`, `train: bool = True`) behind the last one that may be given by position."""

    function: Function
    code: str


@dataclass(frozen=True)
class Guard:
    """Put neighbouring statements of one block under a header (`if self.train:`), indented, comments kept."""

    statements: tuple[ast.stmt, ...]
    header: str


@dataclass(frozen=True)
class AddImport:
    """Import `module` (or `name` from it) at the top of the file, unless it is imported under that name already."""

    module: str
    name: str | None = None
    alias: str | None = None


Edit = (
    InsertBefore
    | InsertAfter
    | Remove
    | Move
    | Replace
    | Wrap
    | SetKeyword
    | RemoveKeyword
    | InsertElement
    | RemoveElement
    | AddParameter
    | Guard
    | AddImport
)


def insert_before(anchor: ast.stmt, code: str) -> Edit:
    return InsertBefore(anchor, code)


def insert_after(anchor: ast.stmt, code: str) -> Edit:
    return InsertAfter(anchor, code)


def remove(node: ast.stmt) -> Edit:
    return Remove(node)


def move_before(node: ast.stmt, anchor: ast.stmt) -> Edit:
    return Move(node, anchor, after=False)


def move_after(node: ast.stmt, anchor: ast.stmt) -> Edit:
    return Move(node, anchor, after=True)


def replace(node: ast.expr, code: str) -> Edit:
    return Replace(node, code)


def wrap(node: ast.expr, template: str) -> Edit:
    return Wrap(node, template)


def set_keyword(call: ast.Call, name: str, code: str) -> Edit:
    return SetKeyword(call, name, code)


def remove_keyword(call: ast.Call, name: str) -> Edit:
    return RemoveKeyword(call, name)


def insert_element(sequence: ast.List | ast.Tuple, index: int, code: str) -> Edit:
    return InsertElement(sequence, index, code)


def remove_element(sequence: ast.List | ast.Tuple, element: ast.expr) -> Edit:
    return RemoveElement(sequence, element)


def add_parameter(function: Function, code: str) -> Edit:
    return AddParameter(function, code)


def guard(statements: tuple[ast.stmt, ...], header: str) -> Edit:
    return Guard(statements, header)


def add_import(module: str, name: str | None = None, alias: str | None = None) -> Edit:
    return AddImport(module, name, alias)
