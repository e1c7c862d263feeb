"""Numbers and sequences that are known while the program is followed: what `range(len(sizes) - 1)` goes through."""

from __future__ import annotations

import ast

from fixer.facts.program.values import Computed, Imported, Items, Literal, Made, Mapping, Part, Value

MOST = 64
"""Longer sequences are not gone through one by one."""
_LARGEST = 2**30


def plain(value: Value) -> object:
    """A number or text that is written out, or computed from such; None: it is not known."""
    match value:
        case Literal(value=int() | float() | str() as known):
            return known
        case Computed(node=ast.BinOp(op=op), operands=[left, right]):
            one, other = plain(left), plain(right)
            if isinstance(one, int) and isinstance(other, int) and max(abs(one), abs(other)) < _LARGEST:
                return _operated(op, one, other)
        case Made(callee=Imported(dotted="len"), arguments=given) if len(given.positional) == 1:
            counted = sequence(given.positional[0])
            return None if counted is None else len(counted)
    return None


def _operated(op: ast.operator, one: int, other: int) -> int | None:
    match op:
        case ast.Mult():
            return one * other
        case ast.Add():
            return one + other
        case ast.Sub():
            return one - other
        case ast.FloorDiv() if other:
            return one // other
        case ast.Mod() if other:
            return one % other
    return None


def sequence(value: Value) -> list[Value] | None:
    """The elements of `value`, one by one, as a loop goes through them; None where they are not all known, or many."""
    found = _sequence(value)
    return found if found is not None and len(found) <= MOST else None


def _sequence(value: Value) -> list[Value] | None:
    match value:
        case Items(complete=True, each=None, items=items):
            return list(items)
        case Mapping(complete=True, items=pairs, holds=[]):
            return [Literal(value=key) for key in pairs]
        case Part(how="method", key="items", base=Mapping(complete=True, items=pairs, holds=[])):
            return [Items(items=[Literal(value=key), each]) for key, each in pairs.items()]
        case Part(how="method", key="values", base=Mapping(complete=True, items=pairs, holds=[])):
            return list(pairs.values())
        case Made() if value.built is not None:
            return sequence(value.built)
        case Made(callee=Imported(dotted=dotted), arguments=given) if given.complete and not given.keywords:
            return _of_call(dotted, given.positional)
        case Part(how="subscript", key=None, base=base, holds=[Computed(node=ast.Slice() as key) as bounds]):
            whole = sequence(base)
            return None if whole is None else cut(whole, key, bounds.operands)
    return None


def _of_call(dotted: str, given: list[Value]) -> list[Value] | None:
    if dotted == "range":
        ends = [known for each in given if isinstance(known := plain(each), int)]
        if len(ends) != len(given) or not 0 < len(ends) < 4 or ends[2:] == [0]:
            return None
        numbers = range(*ends)
        return [Literal(value=each) for each in numbers] if len(numbers) <= MOST else None
    if dotted not in ("enumerate", "zip", "reversed", "list", "tuple") or not given:
        return None
    several = [sequence(each) for each in given]
    known = [each for each in several if each is not None]
    if len(known) != len(several):
        return None
    if dotted == "zip":
        return [Items(items=list(row)) for row in zip(*known, strict=False)]
    if len(known) != 1:
        return None
    if dotted == "enumerate":
        return [Items(items=[Literal(value=index), each]) for index, each in enumerate(known[0])]
    return known[0][::-1] if dotted == "reversed" else known[0]


def cut(items: list[Value], key: ast.Slice, bounds: list[Value]) -> list[Value] | None:
    """`items[1:]`, `items[:-1]`: what a slice of known bounds leaves of a list."""
    numbers = [known for each in bounds if isinstance(known := plain(each), int)]
    if key.step is not None or len(numbers) != len(bounds):
        return None
    lower = numbers.pop(0) if key.lower is not None else None
    upper = numbers.pop(0) if key.upper is not None else None
    return items[lower:upper]
