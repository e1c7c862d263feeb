"""Graphs that stay, and graphs that nobody needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Mutation, Planter, Source, name


def retained_loss_graph(source: Source) -> Iterator[Mutation]:
    """What a running total, a list or a meter gets is the loss itself, where the loop around it back-propagates it."""
    for node in source.nodes:
        inner = _detached(node)
        if inner is None or not isinstance(inner, ast.Name | ast.Attribute | ast.Subscript):
            continue
        loop = next((x for x in source.above(node) if isinstance(x, ast.For | ast.While | ast.FunctionDef)), None)
        loss = re.escape(source.of(inner))
        trained = rf"(?<![\w.]){loss}(?![\w.(])[^\n]*\.backward\(|{loss}\.backward\(|backward\({loss}(?![\w.])"
        if isinstance(loop, ast.For | ast.While) and _collects(source, node) and re.search(trained, source.of(loop)):
            yield node, [source.put(node, source.of(inner))]


def _detached(node: ast.AST) -> ast.expr | None:
    """The tensor of `loss.item()`, `loss.detach()`, `loss.data`, `loss.data[0]`, `loss.data.item()`."""
    match node:
        case ast.Subscript(value=ast.Attribute(value=inner, attr="data"), slice=ast.Constant(value=0)):
            return inner
        case ast.Call(func=ast.Attribute(value=inner, attr="item" | "detach"), args=[]):
            return inner.value if isinstance(inner, ast.Attribute) and inner.attr == "data" else inner
    return None


def _collects(source: Source, node: ast.AST) -> bool:
    """Whether a value goes into something that is kept: a sum, a list, a meter."""
    for each in source.above(node):
        match each:
            case ast.BinOp():
                continue
            case ast.AugAssign(op=ast.Add()):
                return True
            case ast.Assign(targets=[target], value=ast.BinOp(op=ast.Add(), left=left, right=right)):
                return source.of(target) in (source.of(left), source.of(right))
            case ast.Call(func=ast.Attribute()):
                return name(each) in ("append", "update")
        return False
    return False


PLANTERS: dict[str, Planter] = {"retained-loss-graph": retained_loss_graph}
