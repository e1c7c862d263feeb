"""How large the output of convolutions, pooling, padding and upsampling is, one dimension at a time.

The formulas are those under "Shape" on the pages of the layers:
[Conv2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html),
[ConvTranspose2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html),
[MaxPool2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html),
[AvgPool2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html),
[Upsample](https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html).
"""

from __future__ import annotations

import math

from fixer.facts.program.values import Arguments, Items, Literal, Value
from fixer.facts.tensors.array_kinds import Shape, shape_of
from fixer.facts.tensors.sizes import number

Sizes = tuple[int | None, ...]


def spread(value: Value | None, count: int, default: int | None) -> Sizes:
    """An argument that is one number for all dimensions, or one for each."""
    if value is None or (isinstance(value, Literal) and value.value is None):
        return (default,) * count
    sizes = shape_of(value)
    if sizes is None or (isinstance(value, Items) and len(sizes) not in (1, count)):
        return (None,) * count
    return sizes if len(sizes) == count else sizes * count


def argument(given: Arguments, position: int | None, name: str, count: int, default: int | None) -> Sizes:
    return spread(given.get(position, name), count, default)


def slid(
    size: int | None, kernel: int | None, stride: int | None, padding: int | None, dilation: int | None
) -> int | None:
    """How often a window fits; below 1: torch refuses."""
    if size is None or kernel is None or not stride or padding is None or dilation is None:
        return None
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def pooled(
    size: int | None,
    kernel: int | None,
    stride: int | None,
    padding: int | None,
    dilation: int | None,
    ceil: bool | None,
) -> int | None:
    """Pooling rounds up where it is told to, but no window may begin in the padding behind the end."""
    if ceil is None:
        return None
    if not ceil:
        return slid(size, kernel, stride, padding, dilation)
    if size is None or kernel is None or not stride or padding is None or dilation is None:
        return None
    found = -((-(size + 2 * padding - dilation * (kernel - 1) - 1)) // stride) + 1
    return found - 1 if (found - 1) * stride >= size + padding else found


def transposed(
    size: int | None,
    kernel: int | None,
    stride: int | None,
    padding: int | None,
    dilation: int | None,
    extra: int | None,
) -> int | None:
    """What a transposed convolution makes of `size`; `extra` is its output_padding."""
    if size is None or kernel is None or stride is None or padding is None or dilation is None or extra is None:
        return None
    return (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1


def scaled(sizes: Shape, given: Arguments, first: int) -> Shape:
    """The sizes behind `Upsample` and `interpolate`, whose size and scale_factor stand at `first` and behind it."""
    count = len(sizes)
    size, scale = given.get(first, "size"), given.get(first + 1, "scale_factor")
    if size is not None and not (isinstance(size, Literal) and size.value is None):
        return spread(size, count, None)
    factors = [scale] * count
    if isinstance(scale, Items):
        factors = list(scale.items) if len(scale.items) == count else [None] * count
    found: list[int | None] = []
    for old, factor in zip(sizes, factors, strict=True):
        times = number(factor) if factor is not None else None
        found.append(None if old is None or times is None else math.floor(old * times))
    return tuple(found)


def padded(sizes: Shape, around: Shape) -> Shape:
    """`around` goes from the last dimension to the first, two numbers each, as in `torch.nn.functional.pad`."""
    found = list(sizes)
    for index in range(len(around) // 2):
        place = len(found) - 1 - index
        before, behind = around[2 * index], around[2 * index + 1]
        old = found[place]
        found[place] = None if old is None or before is None or behind is None else old + before + behind
    return tuple(found)
