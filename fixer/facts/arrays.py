"""Which array, tensor or PIL image a value is, of what shape and type, where the file determines it."""

from __future__ import annotations

import ast
from dataclasses import replace

from fixer.facts.array_changes import changed
from fixer.facts.array_factories import RANDOM_STATES, agreed, each_of, made, random
from fixer.facts.array_kinds import Array, Library, Shape, broadcast
from fixer.facts.values import (
    Arguments,
    Choice,
    Computed,
    Imported,
    Items,
    Literal,
    Made,
    Part,
    Unknown,
    Value,
    options,
    roots,
)

INDEX = "an index"
"""The annotation of an `Unknown` that stands for one integer."""

_ANNOTATIONS = {"numpy.ndarray": Library.NUMPY, "torch.Tensor": Library.TORCH, "PIL.Image.Image": Library.PIL}


def array(value: Value, depth: int = 40) -> Array | None:
    """What array, tensor or image `value` is; None: nothing of the kind, or not known."""
    if depth == 0:
        return None
    match value:
        case Choice():
            return agreed([array(each, depth - 1) for each in options(value)])
        case Made(callee=Imported(dotted=dotted), arguments=arguments):
            return made(dotted, arguments, lambda inner: array(inner, depth - 1))
        case Part(how="method"):
            return _method(value, depth - 1)
        case Part(how="attribute", key="T", base=base):
            known = array(base, depth - 1)
            return replace(known, shape=known.shape[::-1] if known.shape else None) if known else None
        case Part(how="attribute", key="values", base=base) if _from_pandas(base):
            return Array(Library.NUMPY)
        case Part(how="subscript" | "element"):
            return _item(value, depth - 1)
        case Computed():
            return _computed(value, depth - 1)
        case Unknown(annotation=str() as annotation) if annotation in _ANNOTATIONS:
            return Array(_ANNOTATIONS[annotation])
    return None


def _method(value: Part, depth: int) -> Array | None:
    name, arguments = value.key, value.arguments or Arguments()
    base = value.base
    if isinstance(base, Made) and base.dotted in RANDOM_STATES:
        return random(name, arguments)
    if name in ("to_numpy", "as_matrix") and _from_pandas(base):
        return Array(Library.NUMPY)
    known = array(base, depth)
    return changed(known, name, arguments) if known else None


def _computed(value: Computed, depth: int) -> Array | None:
    node = value.node
    if isinstance(node, ast.UnaryOp):
        known = array(value.operands[0], depth)
        return replace(known, unit=False) if known else None
    if not isinstance(node, ast.BinOp) or len(value.operands) != 2:
        return None
    left, right = (array(each, depth) for each in value.operands)
    if any(each is not None and each.library is Library.PIL for each in (left, right)):
        return None
    known = left or right
    if known is None:
        return None
    other = value.operands[1] if known is left else value.operands[0]
    dtype, unit = known.dtype, False
    if isinstance(node.op, ast.Div):
        if known.floating is False:
            dtype = "float64" if known.library is Library.NUMPY else "float32"
        unit = known is left and known.dtype == "uint8" and isinstance(other, Literal) and other.value in (255, 255.0)
    elif left and right:
        dtype = left.dtype if left.dtype == right.dtype else None
    elif known.floating is False:
        dtype = known.dtype if isinstance(other, Literal) and isinstance(other.value, int) else "float64"
    shape = broadcast(left.shape, right.shape) if left and right else known.shape
    return Array(known.library, dtype, shape, unit)


# -- parts of them -----------------------------------------------------------------------------------------------------


def _item(value: Part, depth: int) -> Array | None:
    base = value.base
    if isinstance(base, Choice):
        return agreed([_item(replace_base(value, each), depth) for each in options(base)])
    if isinstance(base, Items):
        return each_of(base, lambda inner: array(inner, depth))
    if isinstance(base, Made) and base.dotted == "sklearn.model_selection.train_test_split":
        at = value.key // 2 if isinstance(value.key, int) else 0
        if at >= len(base.arguments.positional):
            return None
        known = array(base.arguments.positional[at], depth)
        return replace(known, shape=(None, *known.shape[1:]) if known.shape else None) if known else None
    known = array(base, depth)
    if known is None or known.library is Library.PIL:
        return None
    if value.how == "element" or isinstance(value.key, int):
        return replace(known, shape=known.shape[1:] if known.shape else None)
    return replace(known, shape=_indexed(known.shape, value.holds)) if known.shape else known


def replace_base(part: Part, base: Value) -> Part:
    """The same part of another object."""
    return Part(part.node, holds=part.holds, base=base, how=part.how, key=part.key, arguments=part.arguments)


def _indexed(shape: Shape, holds: list[Value]) -> Shape | None:
    keys = holds[0].items if holds and isinstance(holds[0], Items) else holds[:1]
    left: list[int | None] = []
    rest = list(shape)
    for key in keys:
        if isinstance(key, Literal) and key.value is None:
            left.append(1)
        elif not rest or (isinstance(key, Literal) and not isinstance(key.value, int)):
            return None
        elif isinstance(key.node, ast.Slice):
            rest.pop(0)
            left.append(None)
            if _whole(key.node):
                left[-1] = shape[len(shape) - len(rest) - 1]
        elif isinstance(key, Literal) or is_index(key):
            rest.pop(0)
        else:
            return None
    return (*left, *rest)


def _whole(node: ast.Slice) -> bool:
    return node.lower is None and node.upper is None and node.step is None


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
        case Made(callee=Imported(dotted="int" | "len")):
            return True
        case Computed(node=ast.BinOp(), operands=operands):
            return all(is_index(each) or isinstance(each, Literal) for each in operands)
    return isinstance(value, Literal) and isinstance(value.value, int)


def _from_pandas(value: Value) -> bool:
    return any(isinstance(each, Made) and (each.dotted or "").startswith("pandas.") for each in roots(value))
