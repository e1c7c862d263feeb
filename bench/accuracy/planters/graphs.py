"""Graphs that stay, and graphs that nobody needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Edit, Mutation, Planter, Source, name, single_line


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


def missing_no_grad(source: Source) -> Iterator[Mutation]:
    """Gradients stay on around a loop that evaluates: the `with` goes and its body moves out, or the decorator goes."""
    if not any(word in source.text for word in (".backward(", "manual_backward(")):
        return
    for node in source.nodes:
        if isinstance(node, ast.With) and len(node.items) == 1 and _switches_off(source, node.items[0].context_expr):
            evaluates = any(_evaluates(source, each) for each in node.body)
            if (
                evaluates
                and not any(_off(source, x) for x in source.above(node))
                and (edits := _moved_out(source, node))
            ):
                yield node, edits
        elif isinstance(node, ast.FunctionDef) and any(_evaluates(source, each) for each in node.body):
            off = [each for each in node.decorator_list if _switches_off(source, each)]
            if len(off) == 1 and single_line(off[0]):
                line = off[0].lineno
                yield node, [(source.starts[line - 1], source.starts[line], b"")]


def _moved_out(source: Source, node: ast.With) -> list[Edit]:
    """The body in the place of the `with`; what stands inside a string of several lines stays as it is."""
    first = node.body[0]
    if first.lineno == node.lineno or single_line(node):
        return []
    inside = {
        line
        for each in ast.walk(node)
        if isinstance(each, ast.Constant | ast.JoinedStr)
        for line in range(each.lineno + 1, (each.end_lineno or 0) + 1)
    }
    depth = first.col_offset - node.col_offset
    start = source.starts[node.lineno - 1]
    edits: list[Edit] = [(start, source.starts[node.items[0].context_expr.end_lineno or 0], b"")]
    for line in range((node.items[0].context_expr.end_lineno or 0) + 1, (node.end_lineno or 0) + 1):
        begin = source.starts[line - 1]
        text = source.data[begin : source.starts[line] - 1]
        blank = len(text) - len(text.lstrip())
        if line not in inside and blank >= depth:
            edits.append((begin, begin + depth, b""))
    return edits


def _off(source: Source, node: ast.AST) -> bool:
    if isinstance(node, ast.With):
        return any(_switches_off(source, each.context_expr) for each in node.items)
    return isinstance(node, ast.FunctionDef) and any(_switches_off(source, each) for each in node.decorator_list)


def _switches_off(source: Source, node: ast.expr) -> bool:
    return source.of(node) in {f"torch.{name}{end}" for name in ("no_grad", "inference_mode") for end in ("", "()")}


def _evaluates(source: Source, node: ast.stmt) -> bool:
    """Whether a statement is a loop over test or validation data that calls something like a model."""
    if not isinstance(node, ast.For) or not re.search(r"test|val|eval|dev|loader|data", source.of(node.iter)):
        return False
    return any(isinstance(each, ast.Call) and re.search(r"model|net$", source.of(each.func)) for each in ast.walk(node))


PLANTERS: dict[str, Planter] = {"retained-loss-graph": retained_loss_graph, "missing-no-grad": missing_no_grad}
