"""All nodes of a tree, as `ast.walk` gives them, in a third of its time: most facts look at every node once."""

from __future__ import annotations

import ast
import re

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_PLAIN = frozenset({"identifier", "int", "string", "constant", "expr_context"})
"""Fields of these types hold no node that anybody looks for."""


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a class of nodes that may hold nodes, read from its signature: `Name(identifier id, ...)`."""
    name, _, signature = (kind.__doc__ or "").partition("(")
    if name != kind.__name__:
        return ()  # of the grammar, not of trees: `expr`, `stmt`
    typed = [each.split() for each in signature.rstrip(")").split(",") if each.strip()]
    return tuple(field for typename, field in typed if typename.rstrip("*?") not in _PLAIN)


_CHILDREN = {kind: _fields(kind) for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)}


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below `node`, in the order of the text."""
    found: list[ast.AST] = []
    for name in _CHILDREN[node.__class__]:
        value = getattr(node, name)
        if value.__class__ is list:
            found.extend(each for each in value if each is not None)
        elif value is not None:
            found.append(value)
    return found


def walk(root: ast.AST) -> list[ast.AST]:
    """`root` and all nodes below it but contexts (`ast.Load`), in no order that anything may rely on."""
    found = [root]
    append, extend, fields = found.append, found.extend, _CHILDREN
    for node in found:
        for name in fields[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is list:
                # the keys of a dict display and the defaults of keyword-only parameters may be None
                extend(value if None not in value else [each for each in value if each is not None])
            elif value is not None:
                append(value)
    return found


def nodes_of(root: ast.AST) -> list[ast.AST]:
    """`walk(root)`, kept with `root`: for loops and functions that are looked at again and again."""
    known: list[ast.AST] | None = root.__dict__.get(_BELOW)
    if known is None:
        known = root.__dict__[_BELOW] = walk(root)
    return known


def parents_of(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    """The parent of every node below `tree`: all nodes of a file but its root are the keys.

    Worked out once a tree and kept there: the interpreter, the names and most rules ask for it.
    """
    known: dict[ast.AST, ast.AST] | None = tree.__dict__.get(_KEPT)
    if known is None:
        known = tree.__dict__[_KEPT] = _parents(tree)
    return known


_KEPT = "fixer_parents"
_BELOW = "fixer_nodes"


def _parents(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    found: list[ast.AST] = [tree]
    parents: dict[ast.AST, ast.AST] = {}
    append, extend, fields = found.append, found.extend, _CHILDREN
    for node in found:
        for name in fields[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is list:
                each = value if None not in value else [each for each in value if each is not None]
                extend(each)
                parents.update(dict.fromkeys(each, node))
            elif value is not None:
                append(value)
                parents[value] = node
    return parents


def lines_of(text: str) -> list[str]:
    """The lines of a source text with their ends, as the places of syntax trees count them: a form feed ends none."""
    return _LINES.findall(text)
