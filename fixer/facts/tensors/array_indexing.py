"""Indices and slices: which shape is left of an array's."""

from __future__ import annotations

import ast
from collections.abc import Callable

from fixer.facts.program.values import (
    Choice,
    Computed,
    Imported,
    Items,
    Literal,
    Made,
    Mapping,
    Part,
    Unknown,
    Value,
    options,
)
from fixer.facts.tensors.array_kinds import Array, Shape
from fixer.facts.tensors.sizes import counted, whole

INDEX = "an index"
"""The annotation of an `Unknown` that stands for one integer."""

Look = Callable[[Value], Array | None]


def indexed(shape: Shape, holds: list[Value], look: Look) -> Shape | None:
    """The shape of `x[keys]`; None where a key selects something that is not known."""
    keys = holds[0].items if holds and isinstance(holds[0], Items) else holds[:1]
    left: list[int | None] = []
    rest = list(shape)
    for place, key in enumerate(keys):
        if isinstance(key, Literal) and key.value is Ellipsis:
            skipped = len(rest) - sum(not _is_new_axis(each) for each in keys[place + 1 :])
            left, rest = [*left, *rest[: max(0, skipped)]], rest[max(0, skipped) :]
        elif _is_new_axis(key):
            left.append(1)
        elif not rest or (isinstance(key, Literal) and not isinstance(key.value, int)):
            return None
        elif isinstance(key.node, ast.Slice):
            left.append(_sliced(rest.pop(0), key, key.node))
        elif isinstance(key, Literal) or is_index(key) or whole(key) is not None:
            rest.pop(0)
        else:
            # one array of indices beside plain slices stays where it stands
            alone = all(each is key or isinstance(each.node, ast.Slice) for each in keys)
            rows = _selected(key, look) if alone else None
            if rows is None:
                return None
            rest.pop(0)
            left.append(rows[0])
    return (*left, *rest)


def _is_new_axis(key: Value) -> bool:
    return (isinstance(key, Literal) and key.value is None) or (
        isinstance(key, Imported) and key.dotted == "numpy.newaxis"
    )


def _selected(key: Value, look: Look) -> tuple[int | None] | None:
    """How many rows an array of indices selects."""
    known = look(key)
    if known is None or known.rank != 1 or known.shape is None:
        return None
    return (known.shape[0] if known.dtype not in (None, "bool") else None,)


def _sliced(size: int | None, key: Value, node: ast.Slice) -> int | None:
    """How many rows a slice of so many rows has."""
    given = [each for each in (node.lower, node.upper, node.step) if each is not None]
    operands = key.operands if isinstance(key, Computed) else []
    if len(operands) != len(given):
        return size if not given else None
    bounds: dict[int, int | None] = {id(each): whole(value) for each, value in zip(given, operands, strict=True)}
    for each, value in zip(given, operands, strict=True):
        if bounds[id(each)] is None and not (isinstance(value, Literal) and value.value is None):
            return None
    lower, upper, step = (
        bounds[id(each)] if each is not None else None for each in (node.lower, node.upper, node.step)
    )
    if step == -1 and node.lower is None and node.upper is None:
        return size  # the other way round: `image[:, :, ::-1]`
    if step == 0 or (step or 1) < 0:
        return None
    if size is not None:
        return len(range(size)[lower:upper:step])
    return None


def is_index(value: Value) -> bool:
    """Whether a value is one integer: the index that `__getitem__` gets, or what a loop over a range counts."""
    match value:
        case Choice():
            return all(is_index(each) for each in options(value))
        case Unknown(annotation=annotation):
            return annotation in (INDEX, "int")
        case Part(how="element", base=Made(callee=Imported(dotted="range"))):
            return True
        case Part(how="method", key="tolist" | "item", base=base):
            return is_index(base)
        case Part(how="subscript", base=Mapping() as base):  # `{word: n for n, word in enumerate(words)}`
            values = [*base.items.values(), *base.holds]
            return bool(values) and all(map(is_index, values))
        case Made(callee=Imported(dotted="int" | "len")):
            return True
        case Computed(node=ast.BinOp(op=op), operands=operands) if not isinstance(op, ast.Div):
            return all(map(is_index, operands))
    if isinstance(value, Part) and counted(value) is not None:  # x.shape[1]
        return True
    return isinstance(value, Literal) and isinstance(value.value, int) and not isinstance(value.value, bool)
