"""Numbers and sizes that the source determines: how many rows a tensor or an array has, and what a bound comes to.

A bound is a `Form`: a sum of multiples of things that are the same whenever they are read, so that two bounds can be
compared where neither is a number (`n - n_val` against `n_train`).
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from fixer.facts.values import Computed, Imported, Items, Literal, Made, Part, Value

Number = int | float

_SIZE_FIRST = re.compile(r"(torch|numpy)\.(zeros|ones|empty|full)$|torch\.(rand|randn)$|numpy\.random\.(rand|randn)$")
_SIZE_KEYWORD = {"torch.randint": (2, "size"), "numpy.random.randint": (2, "size"), "numpy.random.normal": (2, "size")}
_GENERATOR_SIZES = {"normal": 2, "uniform": 2, "integers": 2, "random": 0, "standard_normal": 0}
_COUNTS = {"torch.arange": 0, "numpy.arange": 0, "torch.randperm": 0, "torch.eye": 0}
_KEEPS_ROWS = re.compile(
    r"(float|double|half|long|int|bool|to|type|astype|clone|detach|copy|numpy|cpu|cuda|contiguous|requires_grad_|"
    r"sin|cos|abs|exp|tanh|sqrt|sign|clamp|clip|relu|sigmoid)$"
)
_CONVERTS = re.compile(
    r"torch\.(from_numpy|tensor|as_tensor|FloatTensor|LongTensor|Tensor|DoubleTensor|IntTensor|clone)$|"
    r"numpy\.(array|asarray|asanyarray|ascontiguousarray|float32|float64|int64|copy)$|torch\.autograd\.Variable$"
)
_LIKE = re.compile(r"(torch|numpy)\.(\w+_like|sin|cos|tanh|exp|abs|sqrt|sign|where)$")
_OPERATORS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}


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
    return value


def _literal(value: Value | None) -> Number | None:
    return value.value if isinstance(value, Literal) and isinstance(value.value, int | float) else None


def row_count(value: Value, depth: int = 12) -> int | None:
    """The size of the first dimension; None where the source does not determine it."""
    value = same_data(value)
    if depth == 0:
        return None
    match value:
        case Items(items=items, each=None, complete=True):
            return len(items)
        case Made(callee=Imported(dotted=dotted)):
            return _rows_made(dotted, value, depth)
        case Part(how="method", key=str() as name, base=base, arguments=given) if given is not None:
            if name in _GENERATOR_SIZES:
                size = given.get(_GENERATOR_SIZES[name], "size")
                if size is not None:
                    return _first(size)
            return row_count(base, depth - 1) if _KEEPS_ROWS.match(name) else None
        case Computed(node=ast.BinOp(op=op), operands=[left, right]):
            if isinstance(op, ast.MatMult):
                return row_count(left, depth - 1)
            sizes = {row_count(each, depth - 1) for each in (left, right) if number(each) is None}
            return sizes.pop() if len(sizes) == 1 else None
    return None


def _rows_made(dotted: str, made: Made, depth: int) -> int | None:
    given = made.arguments
    if not given.complete:
        return None
    if _SIZE_FIRST.match(dotted):
        size = given.get(0, "size") or given.get(None, "shape")
        return _first(size) if size is not None else None
    if dotted in _SIZE_KEYWORD:
        size = given.get(*_SIZE_KEYWORD[dotted])
        return _first(size) if size is not None else None
    if dotted in _COUNTS and len(given.positional) == 1:
        return _whole(number(given.positional[0]))
    if dotted in ("torch.linspace", "numpy.linspace"):
        steps = given.get(2, "steps" if dotted.startswith("torch") else "num")
        return _whole(number(steps)) if steps is not None else None
    if _LIKE.match(dotted) and given.positional:
        return row_count(given.positional[-1], depth - 1)
    return None


def _first(size: Value) -> int | None:
    if isinstance(size, Items) and size.items and size.complete:
        size = size.items[0]
    return _whole(number(size))


def _whole(value: Number | None) -> int | None:
    return value if isinstance(value, int) else None


def number(value: Value) -> Number | None:
    """What an arithmetic expression comes to; None where it depends on something that the source does not say."""
    match value:
        case Literal(value=bool()):
            return None
        case Literal(value=int() | float() as known):
            return known
        case Computed(node=ast.UnaryOp(op=ast.USub()), operands=[inner]):
            negated = number(inner)
            return None if negated is None else -negated
        case Computed(node=ast.BinOp(op=op), operands=[left, right]) if type(op) in _OPERATORS:
            first, second = number(left), number(right)
            if first is None or second is None or (second == 0 and isinstance(op, ast.Div | ast.FloorDiv | ast.Mod)):
                return None
            return _OPERATORS[type(op)](first, second)
        case Made(callee=Imported(dotted="int" | "round" as function), arguments=given) if len(given.positional) == 1:
            inner_number = number(given.positional[0])
            if inner_number is None:
                return None
            return int(inner_number) if function == "int" else round(inner_number)
    counted = counted_value(value)
    return row_count(counted) if counted is not None else None


def counted_value(value: Value) -> Value | None:
    """The `x` of `len(x)`, `x.shape[0]` and `x.size(0)`."""
    match value:
        case Made(callee=Imported(dotted="len"), arguments=given) if len(given.positional) == 1:
            return given.positional[0]
        case Part(how="subscript", key=0, base=Part(how="attribute", key="shape", base=base)):
            return base
        case Part(how="method", key="size", base=base, arguments=given) if given and _literal(given.get(0, "dim")) == 0:
            return base
    return None


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
        root = id(same_data(counted))
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
