"""Which fixes may go into a text together, judged by the places that their edits touch and destroy."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from fixer.edits import (
    AddImport,
    AddParameter,
    Edit,
    Guard,
    InsertAfter,
    InsertBefore,
    InsertElement,
    Move,
    Remove,
    RemoveElement,
    RemoveKeyword,
    Replace,
    SetKeyword,
    Wrap,
)

_DEFINITION = ("class ", "def ", "async def ", "@")


def conflict(first: Sequence[Edit], second: Sequence[Edit]) -> bool:
    """Whether the edits of two fixes get into each other's way, so that one of them has to wait."""
    return any(_disturbs(a, b) or _disturbs(b, a) or _claims(a) & _claims(b) for a in first for b in second)


def lost(edits: Sequence[Edit]) -> tuple[Edit, Edit] | None:
    """Two edits of one fix of which the first throws the second away."""
    for eraser in edits:
        if isinstance(eraser, Replace | Remove):
            for other in edits:
                inside = any(_inside(node, eraser.node) and node is not eraser.node for node in touched(other))
                same = isinstance(eraser, Replace) and eraser.node in touched(other)
                if other is not eraser and (inside or same):
                    return eraser, other
    return None


def touched(edit: Edit) -> tuple[ast.AST, ...]:
    """The nodes that an edit names."""
    match edit:
        case InsertBefore(anchor, _) | InsertAfter(anchor, _):
            return (anchor,)
        case Move(node, anchor, _):
            return node, anchor
        case Remove(node) | Replace(node, _) | Wrap(node, _):
            return (node,)
        case SetKeyword(call, _, _) | RemoveKeyword(call, _):
            return (call,)
        case InsertElement(sequence, _, _):
            return (sequence,)
        case RemoveElement(sequence, element):
            return sequence, element
        case AddParameter(function, _):
            return (function,)
        case Guard(statements, _):
            return statements
        case AddImport():
            return ()


def _erased(edit: Edit) -> Iterator[ast.AST]:
    """The nodes that are no longer there, or no longer in their place, after the edit."""
    match edit:
        case Replace(node, _) | Remove(node) | Move(node, _, _):
            yield node
        case RemoveElement(_, element):
            yield element
        case SetKeyword(call, name, _) | RemoveKeyword(call, name):
            yield from (keyword.value for keyword in call.keywords if keyword.arg == name)


def _disturbs(edit: Edit, other: Edit) -> bool:
    """Whether `edit` takes away what `other` names, or decides whether the lines that `other` brings are run."""
    if isinstance(edit, Guard) and isinstance(other, InsertBefore | InsertAfter | Move):
        return any(node is statement for node in touched(other) for statement in edit.statements)
    return any(_inside(node, erased) for erased in _erased(edit) for node in touched(other))


def _inside(inner: ast.AST, outer: ast.AST) -> bool:
    return _span(outer)[0] <= _span(inner)[0] and _span(inner)[1] <= _span(outer)[1]


def _span(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
    start = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    return start, (getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0)


def _claims(edit: Edit) -> set[tuple[object, ...]]:
    """What two fixes must not both ask for in one round: the second may be needless once the first is in."""
    match edit:
        case InsertBefore(anchor, code) | InsertAfter(anchor, code):
            if code.lstrip().startswith(_DEFINITION):
                return {("definition", code.strip())}
            return {("insert", _span(anchor), code.strip())}
        case Guard(statements, _):
            return {("block", _span(statement)) for statement in statements}
        case Move(node, _, _) | Remove(node):
            return {("block", _span(node))}
        case Wrap(node, _):
            return {("wrap", _span(node))}
        case SetKeyword(call, name, _) | RemoveKeyword(call, name):
            return {("keyword", _span(call), name)}
        case InsertElement(sequence, _, _) | RemoveElement(sequence, _):
            return {("elements", _span(sequence))}
        case AddParameter(function, _):
            return {("parameters", _span(function))}
        case Replace() | AddImport():
            return set()
