"""Feature maps that go into a Linear as they are, where the file does not say how large they are.

A Linear works on the last dimension, which is a row of the map. That nobody wants that is certain only where the number
that it was made for is one of flattened maps, or where the maps were pooled, as the features of a classifier are.
"""

from __future__ import annotations

import ast
from math import isqrt

from fixer.facts.modules.forwards import LayerCall
from fixer.facts.modules.layers import name_of
from fixer.facts.program.values import Computed, Imported, Items, Made, Value
from fixer.facts.tensors.array_kinds import Array, Maps
from fixer.facts.tensors.shapes import form
from fixer.facts.tensors.sizes import whole

_OF_IMAGES = (1, 3)
_SMALLEST = 64
"""Pixels of an image of 8 x 8: a smaller size may be that of anything."""
_LARGE = 256
"""Features that are not likely to be the length of a row, if they are so many times the channels as a square has."""


def goes_in_whole(call: LayerCall, calls: list[LayerCall]) -> bool:
    """Whether `call` gives a Linear feature maps, or images, that should have been flattened."""
    known = call.input
    wanted = call.layer.arguments.get(0, "in_features")
    if (
        known is None
        or known.shape is None
        or len(known.shape) < 4
        or wanted is None
        or name_of(call.layer) != "Linear"
    ):
        return False
    last = known.shape[-1]
    if last is not None and whole(wanted) in (None, last) and not (last == 1 and whole(wanted) != 1):
        return False
    if any(each.input is not None and each.input.layer is call.layer and _takes_maps(each) for each in calls):
        return False  # it works on the rows of maps on purpose
    if known.maps is None and len(known.shape) == 4 and _is_product(wanted, of=3):
        return True  # `img.view(n, *shape)` for a layer of np.prod(shape) features
    if known.maps is None:
        return (
            known.layer is None and known.shape[1] in _OF_IMAGES and len(known.shape) == 4 and _of_image(known, wanted)
        )
    return known.maps is Maps.POOLING or _of_all_channels(known, wanted)


def _takes_maps(call: LayerCall) -> bool:
    return (name_of(call.layer) or "").endswith(("2d", "3d")) and "Dropout" not in (name_of(call.layer) or "")


def _of_image(known: Array, wanted: Value) -> bool:
    """Whether a size is that of whole images: `28 * 28`, `opt.size ** 2`, `int(np.prod(shape))`, or 784."""
    assert known.shape is not None
    number = whole(wanted)
    if number is None:
        return len(_factors(wanted)) > 1 or _is_product(wanted)
    pixels, rest = divmod(number, known.shape[1] or 1)
    return not rest and pixels >= _SMALLEST and isqrt(pixels) ** 2 == pixels


def _of_all_channels(known: Array, wanted: Value) -> bool:
    """Whether a size is a multiple of the number of channels: 64 * 7 * 7 behind a convolution that gives 64."""
    assert known.shape is not None
    channels, number, factors = known.shape[1], whole(wanted), _factors(wanted)
    if channels is None and _has_square(factors):
        return True
    if channels is not None and number is not None:
        pixels, rest = divmod(number, channels)
        square = not rest and pixels > 1 and isqrt(pixels) ** 2 == pixels and number >= _LARGE
        return channels > 1 and (square or (len(factors) > 1 and channels in map(whole, factors)))
    if _is_product(wanted) or _has_square(factors):
        return True
    if channels is not None:
        return channels > 1 and any(whole(each) == channels for each in factors)
    made = known.layer.arguments.get(1, "out_channels") if known.layer is not None else None
    conv = known.layer is not None and (name_of(known.layer) or "").startswith("Conv")
    return conv and made is not None and form(made) in [form(each) for each in (wanted, *factors)]


def _has_square(factors: list[Value]) -> bool:
    """Whether a product is one of channels, height and width: 128 * size ** 2, hidden * 13 * 13."""
    forms = [form(each) for each in factors]
    return len(factors) > 2 and any(each in forms[:index] for index, each in enumerate(forms))


def _factors(value: Value) -> list[Value]:
    match value:
        case Computed(node=ast.BinOp(op=ast.Mult()), operands=[left, right]):
            return [*_factors(left), *_factors(right)]
        case Computed(node=ast.BinOp(op=ast.Pow()), operands=[base, exponent]) if whole(exponent) in (2, 3):
            return [base] * (whole(exponent) or 1)
    return [value]


def _is_product(value: Value, of: int | None = None) -> bool:
    """Whether it is `np.prod(shape)`, for a shape of so many sizes if `of` says how many."""
    match value:
        case Made(callee=Imported(dotted="int"), arguments=given) if len(given.positional) == 1:
            return _is_product(given.positional[0], of)
        case Made(callee=Imported(dotted="numpy.prod" | "math.prod" | "torch.prod"), arguments=given):
            shape = given.positional[0] if given.positional else None
            return of is None or (isinstance(shape, Items) and shape.complete and len(shape.items) == of)
    return False
