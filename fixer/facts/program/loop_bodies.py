"""What the body of a loop does to names and attributes: looked at once, however often the loop is gone through."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixer.facts.program.walk import walk

_KEPT = "fixer_body"


@dataclass(frozen=True, eq=False)
class LoopBody:
    """The body of a `for` or `while`."""

    nodes: list[ast.AST]
    assigned: set[str]
    """Names that it binds."""
    grown: set[str]
    """Names that it does nothing to but `layers += [...]`."""
    attributes: list[ast.Attribute]
    """The targets `x.a` that it assigns to."""


def loop_body(loop: ast.For | ast.AsyncFor | ast.While) -> LoopBody:
    """What the loop's body does."""
    known: LoopBody | None = loop.__dict__.get(_KEPT)
    if known is None:
        known = loop.__dict__[_KEPT] = _look(loop)
    return known


def _look(loop: ast.For | ast.AsyncFor | ast.While) -> LoopBody:
    nodes = [each for statement in loop.body for each in walk(statement)]
    stores: dict[str, int] = {}
    grows: dict[str, int] = {}
    attributes: list[ast.Attribute] = []
    for node in nodes:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                stores[node.id] = stores.get(node.id, 0) + 1
        elif isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Store):
                attributes.append(node)
        elif isinstance(node, ast.AugAssign):
            match node:
                case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.List()):
                    grows[name] = grows.get(name, 0) + 1
    grown = {name for name, count in grows.items() if stores[name] == count}
    return LoopBody(nodes, set(stores), grown, attributes)
