"""What the methods of arrays and tensors, and the functions of the same names, make of an array."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fixer.facts.array_kinds import DTYPES, Array, Library, Shape, dimensions, dtype_of
from fixer.facts.values import Arguments, Literal, Value


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SAME = names(
    "copy clone contiguous cpu cuda detach clip clamp fill_ requires_grad_ flip fliplr flipud roll sort "
    "ascontiguousarray"
)
SAME_TYPE = names(
    "reshape view transpose permute squeeze unsqueeze expand repeat swapaxes flatten ravel moveaxis rot90 pad "
    "resize concatenate vstack hstack expand_dims take tile delete cat append broadcast_to"
)


def changed(known: Array | None, name: str, arguments: Arguments) -> Array | None:
    """The array that the method (or function) `name` makes of `known`."""
    if known is None:
        return None
    given = arguments.positional
    if known.library is Library.PIL:
        return known if name in ("convert", "resize", "crop", "rotate", "copy", "transpose", "filter") else None
    if name in SAME:
        return known
    if name in ("astype", "to", "type"):
        return _cast(known, arguments)
    if name in ("float", "double", "half", "long", "int", "byte", "bool"):
        return _typed(known, DTYPES.get(name, name))
    if name == "numpy":
        return replace(known, library=Library.NUMPY)
    if name in ("reshape", "view") and given:
        return replace(known, shape=_reshaped(given))
    if name in ("transpose", "permute") and given and known.shape:
        return replace(known, shape=_permuted(known.shape, dimensions(given) or ()))
    if name in ("unsqueeze", "expand_dims") and known.shape:
        at = arguments.get(0, "dim") or arguments.get(0, "axis")
        return replace(known, shape=_inserted(known.shape, at))
    if name in SAME_TYPE:
        return replace(known, shape=None)
    return None


def _typed(known: Array, dtype: str | None) -> Array:
    return replace(known, dtype=dtype, unit=known.unit and Array(known.library, dtype).floating is True)


def _cast(known: Array, arguments: Arguments) -> Array:
    """`astype(t)`, or `to(...)`, which may name a device instead."""
    for each in arguments.all():
        dtype = dtype_of(each)
        if dtype is not None:
            return _typed(known, dtype)
    moved = all(isinstance(each, Literal) and isinstance(each.value, str) for each in arguments.all())
    return known if moved and known.library is Library.TORCH else replace(known, dtype=None, unit=False)


def _reshaped(given: list[Value]) -> Shape | None:
    shape = dimensions(given)
    return tuple(None if each == -1 else each for each in shape) if shape else None


def _permuted(shape: Shape, axes: Iterable[int | None]) -> Shape | None:
    order = [each for each in axes if each is not None and -len(shape) <= each < len(shape)]
    return tuple(shape[each] for each in order) if len(order) == len(shape) else None


def _inserted(shape: Shape, at: Value | None) -> Shape | None:
    if not isinstance(at, Literal) or not isinstance(at.value, int):
        return None
    index = at.value if at.value >= 0 else len(shape) + 1 + at.value
    return (*shape[:index], 1, *shape[index:])
