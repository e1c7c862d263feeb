"""The tests around a call that say which layers it is made for: `isinstance(m, nn.Linear)`, `"conv" in name`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_UNDERSTOOD = re.compile(
    r"^(hasattr\(.*\)|.* is not None|.*\.(bias|weight|affine)|.*\.(dim\(\)|ndim|ndimension\(\)) (> 1|>= 2|!= 1))$"
)


@dataclass(frozen=True)
class Tests:
    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()


def tests_around(script: Script, node: ast.AST, flags: bool = False) -> Tests | None:
    """Which classes or names the `if`s around a call let through; None: one of them asks something else.

    `flags`: a plain name or attribute as a test is passed over.
    """
    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()
    child, parent = node, script.parents.get(node)
    while parent is not None and not isinstance(parent, ast.FunctionDef | ast.ClassDef | ast.Module):
        if isinstance(parent, ast.If) and child is not parent.test:
            words = _words(script, parent.test)
            if words is None and flags and isinstance(parent.test, ast.Name | ast.Attribute):
                words = frozenset()
            if words is None:
                return None
            if child in parent.orelse:
                unwanted |= words
            else:
                wanted |= words
        child, parent = parent, script.parents.get(parent)
    return Tests(wanted, unwanted)


def _words(script: Script, test: ast.expr) -> frozenset[str] | None:
    """The classes and words that a test asks for; empty where it asks whether something is there at all."""
    match test:
        case ast.BoolOp(values=values):
            parts = [_words(script, each) for each in values]
            return None if None in parts else frozenset().union(*(each for each in parts if each is not None))
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]):
            return _classes(script, kinds)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="type")), ops=[ast.Eq() | ast.Is() | ast.In()], comparators=[kinds]
        ):
            return _classes(script, kinds)
        case ast.Compare(left=ast.Constant(value=str() as word), ops=[ast.In()]):
            return frozenset({word})
        case ast.Compare(left=ast.Call(func=ast.Attribute(attr="find"), args=[ast.Constant(value=str() as word)])):
            return frozenset({word})
        case ast.Call(func=ast.Attribute(attr="endswith" | "startswith"), args=[ast.Constant(value=str() as word)]):
            return frozenset({word})
    return frozenset() if _UNDERSTOOD.match(ast.unparse(test)) else None


def _classes(script: Script, node: ast.expr) -> frozenset[str] | None:
    if isinstance(node, ast.Name) and script.names.dotted(node) is None:
        node = _display(script, node)
    several = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    dotted = [script.names.dotted(each) for each in several]
    if any(each is None for each in dotted):
        return None
    return frozenset((each or "").rpartition(".")[2] for each in dotted)


def _display(script: Script, name: ast.Name) -> ast.expr:
    """The tuple, list or set that a name stands for, in its function or its file, if it is bound but once."""
    for scope in filter(None, (script.function_of(name), script.tree)):
        bound = [
            node.value
            for node in walk(scope)
            if isinstance(node, ast.Assign)
            and any(isinstance(each, ast.Name) and each.id == name.id for each in node.targets)
        ]
        if bound:
            return bound[0] if len(bound) == 1 else name
    return name
