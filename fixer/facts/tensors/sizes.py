"""Numbers that the source determines, sizes of arrays included: `16 * 5 * 5`, `x.size(1)`, `self.fc.in_features`."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable

from fixer.facts.program.values import Computed, Imported, Items, Literal, Made, Part, Value

Number = int | float

_OPERATORS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}
_ROUNDING: dict[str, Callable[[Number], int]] = {
    "int": int,
    "round": round,
    "math.floor": math.floor,
    "math.ceil": math.ceil,
}
_PRODUCTS = frozenset({"math.prod", "numpy.prod"})
_LARGEST = 2**62
_STORED = {  # attributes of layers that hold what they were made with
    "in_features": 0,
    "out_features": 1,
    "in_channels": 0,
    "out_channels": 1,
    "num_features": 0,
    "embedding_dim": 1,
    "num_embeddings": 0,
    "input_size": 0,
    "hidden_size": 1,
}


def number(value: Value) -> Number | None:
    """What an arithmetic expression comes to; None where it depends on something that the source does not say."""
    match value:
        case Literal(value=bool()):
            return None
        case Literal(value=int() | float() as known):
            return known if abs(known) < _LARGEST else None
        case Computed(node=ast.UnaryOp(op=ast.USub()), operands=[inner]):
            negated = number(inner)
            return None if negated is None else -negated
        case Computed(node=ast.BinOp(op=op), operands=[left, right]):
            return _operated(op, left, right)
        case Made(callee=Imported(dotted=dotted), arguments=given) if len(given.positional) == 1:
            if dotted in _ROUNDING:
                inner_number = number(given.positional[0])
                finite = inner_number is not None and math.isfinite(inner_number)
                return _ROUNDING[dotted](inner_number) if finite and inner_number is not None else None
            if dotted in _PRODUCTS:
                return _product(given.positional[0])
        case Part(how="attribute", key=str() as key, base=Made() as layer) if key in _STORED:
            return _stored(layer, key)
    return dimension(value)


def whole(value: Value) -> int | None:
    """An integer that an argument gives."""
    known = number(value)
    return known if isinstance(known, int) else None


def _operated(op: ast.operator, left: Value, right: Value) -> Number | None:
    if type(op) not in _OPERATORS and not isinstance(op, ast.Pow):
        return None
    first, second = number(left), number(right)
    if first is None or second is None or (second == 0 and isinstance(op, ast.Div | ast.FloorDiv | ast.Mod)):
        return None
    if isinstance(op, ast.Pow):
        if not isinstance(second, int) or not 0 <= second <= 64 or abs(first) >= 10_000:
            return None
        result: Number = first**second
    else:
        result = _OPERATORS[type(op)](first, second)
    return result if abs(result) < _LARGEST else None


def _product(value: Value) -> int | None:
    if not isinstance(value, Items) or not value.complete or value.each is not None:
        return None
    sizes = [whole(each) for each in value.items]
    product = math.prod(each for each in sizes if each is not None)
    return product if None not in sizes and abs(product) < _LARGEST else None


def _stored(layer: Made, key: str) -> int | None:
    """What a layer of torch keeps of its constructor's arguments."""
    if not (layer.dotted or "").startswith("torch.nn."):
        return None
    given = layer.arguments.get(_STORED[key], key)
    return whole(given) if given is not None and layer.arguments.complete else None


def counted(value: Value) -> tuple[Value, int] | None:
    """The array and its dimension that `x.shape[1]`, `x.size(1)`, `len(x)` or `n, c = x.shape` asks for."""
    match value:
        case Made(callee=Imported(dotted="len"), arguments=given) if len(given.positional) == 1:
            return given.positional[0], 0
        case Part(how="subscript", key=int() as at, base=Part(how="attribute", key="shape", base=base)):
            return base, at
        case Part(how="subscript", key=int() as at, base=Part(how="method", key="size", base=base, arguments=given)):
            return (base, at) if given is not None and not given.all() else None
        case Part(how="method", key="size", base=base, arguments=given) if given is not None:
            dim = given.get(0, "dim")
            place = whole(dim) if dim is not None else None
            return (base, place) if place is not None else None
    return None


def dimension(value: Value) -> int | None:
    """The size that `x.shape[1]` and its like give, where the shape is known."""
    asked = counted(value)
    if asked is None:
        return None
    from fixer.facts.tensors.arrays import array  # the two need each other

    base, at = asked
    if isinstance(base, Items) and isinstance(value, Made):
        return len(base.items) if base.known and not base.grown else None
    known = array(base)
    if known is None or known.shape is None:
        return known.last if known is not None and at == -1 else None
    return known.shape[at] if -len(known.shape) <= at < len(known.shape) else None
