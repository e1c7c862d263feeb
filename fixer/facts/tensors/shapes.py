"""Numbers and sizes that the source determines: how many rows a tensor or an array has, and what a bound comes to.

A bound is a `Form`: a sum of multiples of things that are the same whenever they are read, so that two bounds can be
compared where neither is a number (`n - n_val` against `n_train`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Hashable
from dataclasses import dataclass, field

from fixer.facts.program.values import Augmented, Computed, Imported, Items, Literal, Made, Part, Value
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.sizes import Number, counted, number

__all__ = ["Form", "Number", "counted_value", "form", "number", "row_count", "same_data", "term"]

_CONVERTS = re.compile(
    r"torch\.(from_numpy|tensor|as_tensor|FloatTensor|LongTensor|Tensor|DoubleTensor|IntTensor|clone)$|"
    r"numpy\.(array|asarray|asanyarray|ascontiguousarray|float32|float64|int64|copy)$|torch\.autograd\.Variable$"
)


def same_data(value: Value) -> Value:
    """What `value` was converted from, row for row: `torch.from_numpy(x).float()` is `x`."""
    match value:
        case Made(callee=Imported(dotted=dotted)) if _CONVERTS.match(dotted) and value.arguments.positional:
            return same_data(value.arguments.positional[0])
        case Part(how="method", key="unsqueeze", base=base, arguments=given) if given and _literal(given.get(0, "dim")):
            return same_data(base)  # a new axis behind the rows
        case Part(how="method", key="float" | "double" | "half" | "long" | "int" | "bool", base=base):
            return same_data(base)
        case Part(how="method", key="to" | "type" | "astype" | "clone" | "detach" | "copy", base=base):
            return same_data(base)
        case Part(how="method", key="numpy" | "cpu" | "cuda" | "contiguous" | "requires_grad_", base=base):
            return same_data(base)
        case Part(how="attribute", key="values", base=base):
            return same_data(base)
        case Augmented(before=before):
            return same_data(before)  # `x /= 255`: in place, row for row
        case Computed(node=ast.BinOp(), operands=[left, right]) if _literal(right) is not None or _is_statistic(right):
            return same_data(left)  # the same rows, scaled
    return value


_STATISTICS = frozenset({"mean", "std", "var", "min", "max", "amin", "amax", "median", "norm", "sum", "nanmean", "ptp"})


def _is_statistic(value: Value) -> bool:
    """One number, or one for each column, by which rows are scaled: `x.mean(0)`, `np.std(x)`, `x.max(0)[0]`."""
    match value:
        case Part(how="method", key=str() as name):
            return name in _STATISTICS
        case Part(how="subscript", key=int(), base=base):
            return _is_statistic(base)
        case Made(callee=Imported(dotted=dotted)) if dotted.startswith(("torch.", "numpy.")):
            return dotted.rpartition(".")[2] in _STATISTICS
    return False


def _literal(value: Value | None) -> Number | None:
    return value.value if isinstance(value, Literal) and isinstance(value.value, int | float) else None


def row_count(value: Value) -> int | None:
    """The size of the first dimension; None where the source does not determine it."""
    value = same_data(value)
    if isinstance(value, Items):
        return len(value.items) if value.known and not value.grown else None
    known = array(value)
    return known.shape[0] if known is not None and known.shape else None


def counted_value(value: Value) -> Value | None:
    """The `x` of `len(x)`, `x.shape[0]` and `x.size(0)`."""
    asked = counted(value)
    return asked[0] if asked is not None and asked[1] == 0 else None


@dataclass(frozen=True)
class Form:
    """`constant` plus multiples of terms, each of which is the same thing whenever it is read."""

    constant: Number = 0
    terms: frozenset[tuple[Hashable, Number]] = field(default_factory=frozenset)

    def plus(self, other: Form, times: Number = 1) -> Form:
        terms = dict(self.terms)
        for term, factor in other.terms:
            terms[term] = terms.get(term, 0) + times * factor
        return Form(self.constant + times * other.constant, frozenset((t, f) for t, f in terms.items() if f))

    @property
    def is_number(self) -> bool:
        return not self.terms

    @property
    def is_zero(self) -> bool:
        return not self.terms and self.constant == 0


def form(value: Value, same_rows: frozenset[int] = frozenset()) -> Form:
    """The form of a bound. The values with an identity in `same_rows` are taken to have equally many rows."""
    known = number(value)
    if known is not None:
        return Form(known)
    match value:
        case Computed(node=ast.UnaryOp(op=ast.USub()), operands=[inner]):
            return Form().plus(form(inner, same_rows), -1)
        case Computed(node=ast.BinOp(op=ast.Add()), operands=[left, right]):
            return form(left, same_rows).plus(form(right, same_rows))
        case Computed(node=ast.BinOp(op=ast.Sub()), operands=[left, right]):
            return form(left, same_rows).plus(form(right, same_rows), -1)
    return Form(0, frozenset({(term(value, same_rows), 1)}))


def term(value: Value, same_rows: frozenset[int] = frozenset(), depth: int = 8) -> Hashable:
    """A key that two values share when they are computed in the same way from the same things."""
    counted = counted_value(value)
    if counted is not None:
        data = same_data(counted)
        root: Hashable = id(data)
        if isinstance(data, Items) and data.grown and root not in same_rows:
            root = (id(data.node), len(data.items), id(data.each))  # as it was then, perhaps as it still is
        return ("rows", None if root in same_rows else root)
    if depth == 0:
        return id(value)
    match value:
        case Literal(value=known) if known is None or isinstance(known, int | float | str):
            return ("literal", known)
        case Computed(node=ast.BinOp(op=op), operands=operands):
            return (type(op), *[term(each, same_rows, depth - 1) for each in operands])
        case Made(callee=Imported(dotted="int" | "round" | "min" | "max" as name), arguments=given):
            return (name, *[term(each, same_rows, depth - 1) for each in given.positional])
    return id(value)
