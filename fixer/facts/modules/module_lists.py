"""Which modules a Sequential or a ModuleList holds, in their order."""

from __future__ import annotations

import ast

from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import Items, Made, Value

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
