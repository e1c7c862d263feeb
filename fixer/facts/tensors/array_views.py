"""What reshaping, transposing and joining make of a shape. A dimension that is not known is None.

The rules are those of https://docs.pytorch.org/docs/stable/tensors.html and of NumPy's functions of the same names.
Where the operation would raise, and where the result depends on something unknown, the answer is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from fixer.facts.tensors.array_kinds import Shape


def elements(shape: Shape) -> int | None:
    """How many numbers an array of this shape holds."""
    known = [each for each in shape if each is not None]
    return prod(known) if len(known) == len(shape) else None


def reshaped(shape: Shape | None, wanted: Shape, same_first: bool = False) -> Shape | None:
    """`view(*wanted)`, where -1 stands for what is left. `same_first`: both first sizes are one unknown number."""
    if wanted.count(-1) > 1 or any(each is not None and each < -1 for each in wanted):
        return None
    if shape is None or -1 not in wanted:
        total = None if shape is None else elements(shape)
        if total is not None and elements(wanted) not in (None, total):
            return None
        return tuple(None if each == -1 else each for each in wanted)
    if same_first:
        shape, rest = shape[1:], wanted[1:]
        inner = reshaped(shape, rest)
        return None if inner is None else (None, *inner)
    return _filled(shape, wanted)


def _filled(shape: Shape, wanted: Shape) -> Shape | None:
    """With the -1 in `wanted` worked out, as far as all is known."""
    total = elements(shape)
    others = elements(tuple(each for each in wanted if each != -1))
    if total is None or others is None:
        return tuple(None if each == -1 else each for each in wanted)
    if others == 0 or total % others:
        return None
    return tuple(total // others if each == -1 else each for each in wanted)


def at(index: int | None, rank: int) -> int | None:
    """A dimension counted from the first one."""
    if index is None or not -rank <= index < rank:
        return None
    return index % rank


def flattened(shape: Shape, start: int | None, end: int | None) -> Shape | None:
    """`torch.flatten(x, start, end)`."""
    if not shape:
        return (1,)
    first, last = at(start, len(shape)), at(end, len(shape))
    if first is None or last is None or first > last:
        return None
    return (*shape[:first], elements(shape[first : last + 1]), *shape[last + 1 :])


def unflattened(shape: Shape, dim: int | None, sizes: Shape) -> Shape | None:
    place = at(dim, len(shape))
    if place is None:
        return None
    inner = reshaped((shape[place],), sizes)
    return None if inner is None else (*shape[:place], *inner, *shape[place + 1 :])


def permuted(shape: Shape, axes: Sequence[int | None]) -> Shape | None:
    order = [at(each, len(shape)) for each in axes]
    if None in order or len(set(order)) != len(shape):
        return None
    return tuple(shape[each] for each in order if each is not None)


def swapped(shape: Shape, first: int | None, second: int | None) -> Shape | None:
    one, other = at(first, len(shape)), at(second, len(shape))
    if one is None or other is None:
        return None
    order = list(range(len(shape)))
    order[one], order[other] = other, one
    return permuted(shape, order)


def squeezed(shape: Shape, dims: Sequence[int | None] | None) -> Shape | None:
    """`squeeze()` of all dimensions of size 1 (None), or of these."""
    if dims is None:
        return tuple(each for each in shape if each != 1) if None not in shape else None
    places = [at(each, len(shape)) for each in dims]
    if None in places or any(shape[each] is None for each in places if each is not None):
        return None
    return tuple(size for place, size in enumerate(shape) if place not in places or size != 1)


def inserted(shape: Shape, index: int | None) -> Shape | None:
    """`unsqueeze(index)`."""
    place = at(index, len(shape) + 1)
    return None if place is None else (*shape[:place], 1, *shape[place:])


def expanded(shape: Shape, wanted: Shape) -> Shape | None:
    """`expand(*wanted)`, where -1 keeps a size."""
    if len(wanted) < len(shape):
        return None
    padded = (1,) * (len(wanted) - len(shape)) + shape
    return tuple(old if new == -1 else new for old, new in zip(padded, wanted, strict=True))


def repeated(shape: Shape, times: Shape) -> Shape | None:
    """`repeat(*times)` of a tensor."""
    if len(times) < len(shape):
        return None
    padded = (1,) * (len(times) - len(shape)) + shape
    return tuple(None if None in each else prod(filter(None, each)) for each in zip(padded, times, strict=True))


def reduced(shape: Shape, dims: Sequence[int | None] | None, keep: bool) -> Shape | None:
    """A sum, mean, ... over all dimensions (None) or over these."""
    places = range(len(shape)) if dims is None else [at(each, len(shape)) for each in dims]
    if None in places:
        return None
    if keep:
        return tuple(1 if place in places else size for place, size in enumerate(shape))
    return tuple(size for place, size in enumerate(shape) if place not in places)


def concatenated(shapes: Sequence[Shape], dim: int | None) -> Shape | None:
    """`torch.cat(tensors, dim)`."""
    ranks = {len(each) for each in shapes}
    place = at(dim, ranks.pop()) if len(ranks) == 1 else None
    if place is None:
        return None
    found: list[int | None] = []
    for index, sizes in enumerate(zip(*shapes, strict=True)):
        known = {each for each in sizes if each is not None}
        if index == place:
            found.append(sum(known_ for known_ in sizes if known_ is not None) if None not in sizes else None)
        elif len(known) > 1:
            return None
        else:
            found.append(known.pop() if known else None)
    return tuple(found)


def multiplied(left: Shape | None, right: Shape | None) -> Shape | None:
    """`left @ right`."""
    if left is None or right is None or not left or not right:
        return None
    if len(left) > 2 and len(right) > 2 and left[:-2] != right[:-2]:
        return None
    inner = right[-2] if len(right) > 1 else right[0]
    if None not in (left[-1], inner) and left[-1] != inner:
        return None
    batch = (left if len(left) >= len(right) else right)[:-2]
    rows = left[-2:-1] if len(left) > 1 else ()
    columns = right[-1:] if len(right) > 1 else ()
    return (*batch, *rows, *columns)
