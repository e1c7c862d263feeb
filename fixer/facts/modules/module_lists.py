"""Which modules a Sequential or a ModuleList holds, in their order."""

from __future__ import annotations

import ast

from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import Arguments, Choice, Items, Made, Part, Value, options

SEQUENTIAL = "torch.nn.Sequential"
_CHANGING = frozenset({"append", "extend", "insert", "add_module", "pop", "register_module"})
_REPEATS = 64


def members(container: Value) -> list[Value] | None:
    """The modules of a Sequential or a ModuleList in their order; None where the file does not determine them."""
    if not isinstance(container, Made) or container.uses & _CHANGING:
        return None
    if any(kind(each) is Kind.MODULE for each in container.holds):
        return None  # put in by an index, perhaps
    given = container.arguments.positional
    if not container.arguments.complete or container.arguments.keywords:
        return None
    if container.dotted == SEQUENTIAL and not (len(given) == 1 and isinstance(given[0], Made) and _is_dict(given[0])):
        return given
    listed = given[0] if given else None
    inner = listed.arguments.positional[0] if isinstance(listed, Made) and _is_dict(listed) else listed
    if not isinstance(inner, Items):
        return None
    if inner.complete and inner.each is None:
        return [each.items[-1] if isinstance(each, Items) and each.items else each for each in inner.items]
    return [inner.each] * _rounds(inner.node) if inner.each is not None and _rounds(inner.node) else None


def _is_dict(value: Made) -> bool:
    return value.dotted == "collections.OrderedDict" and bool(value.arguments.positional)


def _rounds(node: ast.AST | None) -> int:
    """How often a comprehension over a literal range goes round; 0: that is not known."""
    match node:
        case ast.ListComp(
            generators=[ast.comprehension(iter=ast.Call(func=ast.Name(id="range"), args=[count]), ifs=[])]
        ):
            if isinstance(count, ast.Constant) and isinstance(count.value, int):
                return min(count.value, _REPEATS)
    return 0


_MOST = 15
"""A join keeps no more options than one above this."""


def any_of(container: Made) -> list[Value] | None:
    """All modules that a Sequential or a ModuleList may hold, in any order and number; None where some are not known.

    These are those that are appended, or put into the list that it is made from, in loops and under tests.
    """
    if container.dotted not in (SEQUENTIAL, "torch.nn.ModuleList") or container.arguments.keywords:
        return None
    given = list(container.arguments.positional)
    if len(given) == 1 and isinstance(given[0], Made) and _is_dict(given[0]):
        given = given[0].arguments.positional[:1]
    found = [each for value in given for each in _elements(value)]
    found += [each for each in container.holds if kind(each) is Kind.MODULE]
    found += [each for key, each in container.attributes.items() if not _read(container, each) and key != "training"]
    several = [each for value in found for each in options(value)]
    return None if any(isinstance(each, Choice) and len(each.options) > _MOST for each in found) else several


def _elements(value: Value) -> list[Value]:
    if isinstance(value, Choice) and all(isinstance(each, Items) for each in value.options):
        return [each for option in value.options for each in _elements(option)]
    if not isinstance(value, Items):
        return [value]
    inner = [*value.items, *([value.each] if value.each is not None else [])]
    return [each.items[-1] if isinstance(each, Items) and each.items else each for each in inner]


def _read(container: Made, value: Value) -> bool:
    return isinstance(value, Part) and value.base is container


def alike_of(container: Made) -> Value | None:
    """The one call in a comprehension that makes all modules of a list, `ModuleList([Block(8) for _ in range(n)])`."""
    given = container.arguments.positional
    if not container.arguments.complete or container.holds or container.uses & _CHANGING or len(given) != 1:
        return None
    listed = given[0]
    plain = isinstance(listed, Items) and isinstance(listed.node, ast.ListComp | ast.GeneratorExp) and not listed.items
    return listed.each if plain and isinstance(listed, Items) and not listed.uses & _CHANGING else None


def one_of(container: Made) -> list[Made] | None:
    """The Sequentials that one may be which gets its list of layers from one of several displays."""
    given = container.arguments.positional
    wrapped = given[0] if len(given) == 1 and isinstance(given[0], Made) and _is_dict(given[0]) else container
    inner = wrapped.arguments.positional
    lists = inner[0] if len(inner) == 1 and wrapped.arguments.complete else None
    if not isinstance(lists, Choice) or container.uses & _CHANGING or wrapped.uses or container.holds:
        return None
    found = []
    for each in options(lists):
        if not isinstance(each, Items) or not each.complete or each.each is not None:
            return None
        pairs = Made(wrapped.node, callee=wrapped.callee, arguments=Arguments([each]))
        found.append(
            pairs
            if wrapped is container
            else Made(container.node, callee=container.callee, arguments=Arguments([pairs]))
        )
    return found
