"""Arrays made of several: `cat`, `stack`, `where`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fixer.facts.program.values import Arguments, Items, Value
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.array_kinds import Array, Library, Shape, agreed, broadcast, maps_of
from fixer.facts.tensors.sizes import whole

Look = Callable[[Value], Array | None]
"""How to find out what array an argument is."""


def chosen(library: Library, parts: list[Array | None], numbers: list[float | int | None]) -> Array | None:
    """`torch.where(condition, x, y)`."""
    shape: Shape | None = ()
    for part, plain in zip(parts, numbers, strict=True):
        if part is None and plain is None:
            return None
        shape = broadcast(shape, part.shape) if part is not None else shape
    arrays = [each for each in parts[1:] if each is not None]
    same = len(arrays) == 2 and arrays[0].dtype == arrays[1].dtype
    return Array(library, arrays[0].dtype if same else None, shape)


def joined(library: Library, name: str, arguments: Arguments, look: Look) -> Array | None:
    """`cat` and `stack`: along an old and along a new dimension."""
    parts = arguments.positional[0]
    inner = each_of(parts, look)
    if not isinstance(parts, Items):
        return None
    if inner is None:
        return _widest(library, parts, look)
    dim = arguments.get(1, "dim") or arguments.get(None, "axis")
    index = whole(dim) if dim is not None else 0
    known = parts.complete and parts.each is None and name not in ("vstack", "hstack")
    several = [look(each) for each in parts.items]
    kinds = {each.dtype for each in several if each}
    dtype = inner.dtype if len(kinds) <= 1 else None
    if len(kinds) > 1 and (widest := _widest(library, parts, look)) is not None:
        dtype = widest.dtype
    shape: Shape | None = None
    if name == "stack":
        count = len(parts.items) if known else None
        shape = views.inserted(inner.shape, index) if inner.shape is not None else None
        place = views.at(index, len(shape)) if shape is not None else None
        shape = (*shape[:place], count, *shape[place + 1 :]) if shape is not None and place is not None else None
    elif known:
        shapes = [each.shape for each in several if each and each.shape is not None]
        shape = views.concatenated(shapes, index) if len(shapes) == len(several) else None
    elif name == "cat" and inner.shape is not None:  # so many of them that nobody has counted
        place = views.at(index, len(inner.shape))
        shape = None if place is None else (*inner.shape[:place], None, *inner.shape[place + 1 :])
    if shape is None and known and name == "cat" and index in (1, -1):
        return _of_unknown_rank(Array(library, dtype, layer=inner.layer), several, index)
    maps = maps_of(each for each in several if each) if name != "stack" and shape is not None else None
    return Array(library, dtype, shape, inner.unit, layer=inner.layer).as_maps(maps)


def _widest(library: Library, parts: Items, look: Look) -> Array | None:
    """Beside doubles, whatever else is joined becomes doubles."""
    doubles = [known for each in parts.items if (known := look(each)) is not None and known.dtype == "float64"]
    found = library is Library.TORCH and any(each.library is library and each.rank != 0 for each in doubles)
    return Array(library, "float64") if found else None


def _of_unknown_rank(found: Array, several: list[Array | None], index: int) -> Array:
    """The last dimensions side by side; along dimension 1 that is so for matrices, and sequences keep theirs."""
    sizes = [each.last for each in several if each is not None and each.shape is None and each.last is not None]
    if len(sizes) < len(several):
        return found
    if index == -1:
        return replace(found, last=sum(sizes))
    return replace(found, lasts=(sum(sizes), *(sizes[:1] if len(set(sizes)) == 1 else ())))


def each_of(value: Value, look: Look) -> Array | None:
    """What all elements of a list display or comprehension are."""
    if not isinstance(value, Items):
        return None
    elements = [*value.items, *([value.each] if value.each else [])]
    return agreed([look(each) for each in elements]) if elements else None
