"""How the expressions in `__getitem__` are written: entries, keys, and the names that they read."""

from __future__ import annotations

import ast
import re
from typing import TypeGuard

from fixer.facts.data.sample_parts import Change, Part
from fixer.facts.program.walk import walk

_PICTURES = re.compile(r"(^|_)(im|img|imgs|image|images|pic|picture|photo|frame|input|inputs|x)(_|\d|$)", re.IGNORECASE)


def is_picture(name: str) -> bool:
    """Whether people call the image of a sample so."""
    return _PICTURES.search(name) is not None


def with_change(part: Part, change: Change) -> Part:
    return Part(part.names, (*part.changes, change), part.words)


def elements_of(value: ast.expr) -> list[ast.expr]:
    return value.elts if isinstance(value, ast.Tuple | ast.List) else [value]


def is_dict(value: ast.expr) -> TypeGuard[ast.Call]:
    """`dict(image=image, mask=mask)`"""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "dict"
        and not value.args
        and all(each.arg for each in value.keywords)
    )


def entries_of(value: ast.Dict | ast.Tuple | ast.List | ast.Call) -> list[tuple[ast.expr | None, ast.expr]]:
    if isinstance(value, ast.Call):
        return [(ast.Constant(each.arg), each.value) for each in value.keywords]
    if isinstance(value, ast.Dict):
        return list(zip(value.keys, value.values, strict=True))
    return [(None, each) for each in value.elts]


def key_of(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def keys_in(node: ast.AST) -> list[ast.expr]:
    return [each.slice for each in walk(node) if isinstance(each, ast.Subscript)]


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in walk(node) if isinstance(each, ast.Name)}


def attributes_in(node: ast.AST) -> list[str]:
    return [each.attr for each in walk(node) if isinstance(each, ast.Attribute)]


def backwards(node: ast.Subscript) -> bool:
    """`x[:, ::-1]`"""
    keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    steps = [each.step for each in keys if isinstance(each, ast.Slice)]
    return any(isinstance(each, ast.UnaryOp) and isinstance(each.op, ast.USub) for each in steps)
