"""Models that a program writes as a function: `def model(x): return torch.sigmoid(x @ w + b)`."""

from __future__ import annotations

import ast

from fixer.facts.program.values import Function
from fixer.facts.program.walk import walk

_PRODUCTS = frozenset({"mm", "matmul"})
_ELEMENTWISE = frozenset({"sigmoid", "tanh", "relu", "exp", "log", "clamp", "squeeze"})
_LIBRARIES = frozenset({"torch", "F", "functional", "nn"})


def rows_apart(model: Function) -> bool:
    """Whether the function computes each row of its only argument for itself, in one expression."""
    definition = model.function
    if definition is None or len(definition.args.args) != 1:
        return False
    body = definition.body if isinstance(definition.body, list) else [ast.Return(definition.body)]
    last = body[-1]
    described = [each for each in body[:-1] if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)]
    if len(described) != len(body) - 1 or not isinstance(last, ast.Return) or last.value is None:
        return False
    return _apart(last.value, definition.args.args[0].arg)


def _apart(node: ast.expr, rows: str) -> bool:
    match node:
        case ast.Name(id=name):
            return name == rows
        case ast.BinOp(op=ast.MatMult(), left=left, right=right):
            return _apart(left, rows) and not _mentions(right, rows)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right):
            sides = (left, right)
            return any(_apart(each, rows) for each in sides) and all(
                _apart(each, rows) or not _mentions(each, rows) for each in sides
            )
        case ast.Call(func=ast.Attribute(value=ast.Name(id=library), attr=name), args=[first, *rest]) if (
            library in _LIBRARIES
        ):
            return _known(name, rest) and _apart(first, rows) and not any(_mentions(each, rows) for each in rest)
        case ast.Call(func=ast.Attribute(value=base, attr=name), args=given):
            return _known(name, given) and _apart(base, rows) and not any(_mentions(each, rows) for each in given)
    return False


def _known(name: str, rest: list[ast.expr]) -> bool:
    return name in _ELEMENTWISE or (name in _PRODUCTS and len(rest) == 1)


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in walk(node))
