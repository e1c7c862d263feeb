"""Tensors made for a written number of rows that meet a batch: added to it, multiplied with it, put beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from fixer.facts.data.batches import Batches
from fixer.facts.data.drawn_rows import FILLED, batch_of, behind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Computed, Imported, Items, Literal, Made, Part, Value
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.makers import trail

_ELEMENTWISE = frozenset({"add", "sub", "mul", "div", "lerp", "where"})
_BESIDE = frozenset({"torch.cat", "torch.concat", "torch.concatenate"})
_DEEPEST = 6


@dataclass(frozen=True)
class Joined:
    """`made` has as many rows as `size` says, the other one as many as a batch."""

    made: ast.Call
    value: Value
    size: ast.expr
    batch: Batches
    rows: ast.AST | None
    """The text of the batch."""


Side = tuple[Value, ast.AST | None]
"""A value, and how it is written there."""


def joined(call: Call) -> Iterator[Joined]:
    """The batches that meet such tensors in what a call is given, or in what it does."""
    for left, right, same_rank in _pairs(call):
        for (one, _), (other, text) in ((left, right), (right, left)):
            made = _made_for(one)
            batch = batch_of(other) if made is not None and _made_for(other) is None else None
            if made is not None and batch is not None and (not same_rank or _ranks_agree(one, other)):
                yield Joined(*made, batch, text)


def _pairs(call: Call) -> Iterator[tuple[Side, Side, bool]]:
    """Two values that must have equally many rows. True: where they have equally many dimensions."""
    result, given, nodes = call.result, call.arguments.positional, call.node.args
    if any(isinstance(each, ast.Starred) for each in nodes):
        return
    sides: list[Side] = list(zip(given, nodes, strict=False))
    if isinstance(result, Part) and result.how == "method":
        base: Side = result.base, getattr(call.node.func, "value", None)
        if result.key in _ELEMENTWISE and len(sides) == 1:
            yield base, sides[0], True
        sides = [base, *sides]
    elif call.dotted in _BESIDE and given and isinstance(given[0], Items) and behind(call.arguments):
        parts = nodes[0].elts if isinstance(nodes[0], ast.Tuple | ast.List) else []
        yield from ((one, other, False) for one, other in combinations(zip(given[0].items, parts, strict=False), 2))
    elif (call.dotted or "").removeprefix("torch.") in _ELEMENTWISE and len(sides) > 1:
        yield sides[0], sides[1], True
    for value, _ in sides:
        yield from _operated(value, _DEEPEST)


def _operated(value: Value, depth: int) -> Iterator[tuple[Side, Side, bool]]:
    """The two sides of every operator in an expression."""
    match value:
        case Computed(
            node=ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()) as node, operands=[left, right]
        ):
            yield (left, node.left), (right, node.right), True
            for each in (left, right) if depth else ():
                yield from _operated(each, depth - 1)


def _ranks_agree(one: Value, other: Value) -> bool:
    """Whether two tensors have equally many dimensions: else they are broadcast from the last one on."""
    ours, theirs = array(one), array(other)
    return ours is not None and theirs is not None and ours.rank is not None and ours.rank == theirs.rank


def _made_for(value: Value) -> tuple[ast.Call, Value, ast.expr] | None:
    """The call that made a tensor for a number of rows, that number, and where it is written; None where it was cut."""
    if isinstance(value, Computed) and isinstance(value.node, ast.BinOp):
        numbers = [isinstance(each, Literal) for each in value.operands]
        return _made_for(value.operands[numbers.index(False)]) if sum(numbers) == 1 else None  # scaled
    for step, drawn in trail(value):
        if drawn is not None or (isinstance(step, Part) and step.how in ("subscript", "element")):
            return None
        if isinstance(step, Part) and step.how == "method" and step.key == "expand" and step.arguments is not None:
            return _first(step.node, step.arguments.positional)
        if isinstance(step, Made) and isinstance(step.callee, Imported) and step.dotted in FILLED:
            return _first(step.node, step.arguments.positional)
    return None


def _first(node: ast.AST | None, given: list[Value]) -> tuple[ast.Call, Value, ast.expr] | None:
    """The first of several sizes, one by one or as a tuple."""
    nodes = node.args if isinstance(node, ast.Call) else []
    if given and isinstance(given[0], Items) and nodes and isinstance(nodes[0], ast.Tuple | ast.List):
        given, nodes = given[0].items, nodes[0].elts
    if len(given) < 2 or not nodes or isinstance(nodes[0], ast.Starred) or not isinstance(node, ast.Call):
        return None
    return node, given[0], nodes[0]
