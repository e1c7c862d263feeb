"""Which rows a slice takes, as a range of numbers, where the source determines it or it holds for data of any size."""

from __future__ import annotations

import ast

from fixer.facts.data.splits import Cut, Selection, cut
from fixer.facts.program.values import Computed, Imported, Literal, Made, Value
from fixer.facts.tensors.shapes import Number, counted_value, number, row_count, same_data


def size_of(value: Value) -> int | None:
    """How many rows there are, slices included, where the source determines it."""
    found = cut(value)
    rows = row_count(found.root)
    taken = taken_rows(found, rows) if rows is not None else None
    return None if taken is None else len(taken)


def taken_rows(found: Cut, size: int) -> range | None:
    """The rows that are left of `size` rows; None where the bounds depend on something else."""
    left = range(size)
    sizes = {id(found.root): size}
    for selection in found.selections:
        if selection.permutes:
            continue  # counted in the new order from here on
        bounds = bounds_of(selection, {**sizes, id(same_data(selection.base)): len(left)})
        if bounds is None:
            return None
        left = left[bounds]
    return left


def bounds_of(selection: Selection, sizes: dict[int, int]) -> slice | None:
    """The slice with its bounds worked out, for data of these sizes by identity."""
    if selection.slice is None or selection.bound("step") is not None:
        return None
    found: list[int | None] = []
    for name in ("lower", "upper"):
        given = selection.bound(name)
        bound = None if given is None else _worth(given, sizes)
        if given is not None and not isinstance(bound, int):
            return None
        found.append(bound if isinstance(bound, int) else None)
    return slice(*found)


def _worth(value: Value, sizes: dict[int, int], depth: int = 8) -> Number | None:
    """A number, with `len` and the like of these data taken to be their sizes."""
    known = number(value)
    if known is not None or depth == 0:
        return known
    counted = counted_value(value)
    if counted is not None:
        return sizes.get(id(same_data(counted)))
    match value:
        case Computed(node=ast.UnaryOp(op=ast.USub()), operands=[inner]):
            found = _worth(inner, sizes, depth - 1)
            return None if found is None else -found
        case Computed(node=ast.BinOp(), operands=[left, right]):
            operands: list[Value] = []
            for each in (left, right):
                found = _worth(each, sizes, depth - 1)
                if found is None:
                    return None
                operands.append(Literal(value=found))
            return number(Computed(value.node, operands=operands))
        case Made(callee=Imported(dotted="int" | "round" as name), arguments=given) if len(given.positional) == 1:
            found = _worth(given.positional[0], sizes, depth - 1)
            return None if found is None else int(found) if name == "int" else round(found)
    return None
