"""Which rows a slice takes, as a range of numbers, where the source determines it or it holds for data of any size."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Hashable, Iterable

from fixer.facts.data.splits import Cut, Selection, cut
from fixer.facts.program.values import Computed, Imported, Literal, Made, Part, Value, options
from fixer.facts.tensors.shapes import Number, counted_value, number, row_count, same_data, term

_ROUNDS: dict[str, Callable[[Number], int]] = {
    "int": int,
    "round": round,
    "math.floor": math.floor,
    "math.ceil": math.ceil,
    "numpy.floor": math.floor,
    "numpy.ceil": math.ceil,
}


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


def bounds_of(selection: Selection, sizes: dict[int, int], others: dict[Hashable, int] | None = None) -> slice | None:
    """The slice with its bounds worked out, for data of these sizes by identity.

    `others` are what the numbers are taken to be that the source does not say, by `term`.
    """
    if selection.slice is None or selection.bound("step") is not None:
        return None
    found: list[int | None] = []
    for name in ("lower", "upper"):
        given = selection.bound(name)
        bound = None if given is None else _worth(given, sizes, others or {})
        size = sizes.get(id(same_data(selection.base)))
        if isinstance(bound, float) and 0 < bound < 1 and size is not None:
            bound = int(bound * size)  # graph data sets are cut by fractions
        if given is not None and not isinstance(bound, int):
            return None
        found.append(bound if isinstance(bound, int) else None)
    return slice(*found)


def rows_of(limits: Iterable[Value], sizes: dict[int, int], others: dict[Hashable, int] | None = None) -> range | None:
    """The numbers that `range(*limits)` goes through, worked out like `bounds_of`."""
    found = [_worth(each, sizes, others or {}) for each in limits]
    whole = [each for each in found if isinstance(each, int)]
    return range(*whole) if len(whole) == len(found) else None


def unsaid(limits: Iterable[Value | None], sizes: dict[int, int]) -> set[Hashable]:
    """The numbers in these bounds that the source does not say, by `term`."""
    found: set[Hashable] = set()
    for given in limits:
        if given is not None:
            _worth(given, sizes, {}, missing=found)
    return found


def _worth(
    value: Value,
    sizes: dict[int, int],
    others: dict[Hashable, int],
    depth: int = 8,
    missing: set[Hashable] | None = None,
) -> Number | None:
    """A number, with `len` and the like of these data taken to be their sizes. What is not known goes to `missing`."""
    known = number(value)
    if known is not None or depth == 0:
        return known
    counted = _counted(value)
    if counted is not None:
        of = [sizes[id(each)] for each in map(same_data, options(counted)) if id(each) in sizes]
        if of:
            return of[0]
    match value:
        case Computed(node=ast.UnaryOp(op=ast.USub()), operands=[inner]):
            found = _worth(inner, sizes, others, depth - 1, missing)
            return None if found is None else -found
        case Computed(node=ast.BinOp(op=ast.Mult()), operands=[left, right]) if _is_part(left, right, sizes):
            pass  # a number of rows of which only the size is known that it is a part of
        case Computed(node=ast.BinOp(), operands=[left, right]):
            worth = [_worth(each, sizes, others, depth - 1, missing) for each in (left, right)]
            if any(each is None for each in worth):
                return None
            return number(Computed(value.node, operands=[Literal(value=each) for each in worth]))
        case Made(callee=Imported(dotted=str(dotted)), arguments=given) if (
            dotted in _ROUNDS and len(given.positional) == 1
        ):
            found = _worth(given.positional[0], sizes, others, depth - 1, missing)
            return None if found is None else _ROUNDS[dotted](found)
    key = term(value)
    if missing is not None:
        missing.add(key)
    return others.get(key)


def _is_part(left: Value, right: Value, sizes: dict[int, int]) -> bool:
    """Whether one of the two is the number of rows, and the other a number that the source does not say."""
    for one, other in ((left, right), (right, left)):
        counted = _counted(one)
        if counted is not None and any(id(same_data(each)) in sizes for each in options(counted)):
            return number(other) is None and not isinstance(other, Computed) and _counted(other) is None
    return False


def _counted(value: Value) -> Value | None:
    """The data that are counted; those of one dimension by `numel()`, too."""
    if isinstance(value, Part) and value.how == "method" and value.key == "numel":
        made = same_data(value.base)
        called = made.key if isinstance(made, Part) else (getattr(made, "dotted", None) or "").rpartition(".")[2]
        return value.base if called in ("argsort", "randperm", "permutation") else None
    if isinstance(value, Part) and value.how == "attribute" and value.key == "size":
        return value.base  # NumPy's and pandas', of what has rows only
    return counted_value(value)
