"""Layers that slide windows over signals, images and volumes: what they make of shapes, what they ask of them."""

from __future__ import annotations

from fixer.facts.modules.layer_kinds import Applied, Asks, Misfit, Rule, floating, result, whole_of
from fixer.facts.program.values import Arguments, Literal, Made
from fixer.facts.tensors import windows
from fixer.facts.tensors.array_kinds import Array, Maps, Shape, channels_behind


def _maps(output: Array, count: int, maps: Maps) -> Array:
    """Feature maps have at least two sizes: one size alone may as well be that of a sequence."""
    return output.as_maps(maps if output.rank == count + 2 else None)


def _pooled(sizes: Shape) -> Maps:
    """Pictures are pooled in all directions; what is pooled along one alone may be sequences beside each other."""
    return Maps.POOLING if len(set(sizes)) == 1 else Maps.WINDOWS


# -- convolutions ------------------------------------------------------------------------------------------------------


def batched(known: Array, count: int, channels: int | None) -> tuple[Shape, Misfit | None]:
    """The input as (..., channels, sizes). An unknown one is taken for a batch."""
    shape = known.shape
    if shape is None:
        return (None, known.second, *(None,) * count), None
    if len(shape) not in (count + 1, count + 2):
        return (None, channels, *(None,) * count), Misfit(Asks.RANK, count + 2, len(shape))
    return shape, None


def _conv(count: int, back: bool) -> Rule:
    def rule(layer: Made, known: Array) -> Applied:
        given = layer.arguments
        wanted = whole_of(given, 0, "in_channels")
        made = whole_of(given, 1, "out_channels")
        shape, misfit = batched(known, count, wanted)
        got = shape[-count - 1]
        if misfit is None and wanted is not None and got is not None and wanted != got:
            misfit = Misfit(Asks.CHANNELS, wanted, got, "in_channels")
        slid = _grown if back else _slid
        # of images with the channels last the sizes are known all the same
        behind = misfit is not None and known.layer is None and count == 2 and channels_behind(shape)
        sizes = slid(shape[1:-1] if behind else shape[-count:], given, count)
        least = 0 if back else 1  # a transposed convolution may give nothing at all
        if any(size is not None and size < least for size in sizes):
            misfit = misfit or Misfit(Asks.SIZE, 1, min(size for size in sizes if size is not None))
            sizes = (None,) * count
        output = result(layer, known, (*shape[: -count - 1], made, *sizes))
        return Applied(_maps(output, count, Maps.WINDOWS), misfit or floating(known))

    return rule


def _slid(sizes: Shape, given: Arguments, count: int) -> Shape:
    kernel = windows.argument(given, 2, "kernel_size", count, None)
    stride = windows.argument(given, 3, "stride", count, 1)
    padding = given.get(4, "padding")
    if isinstance(padding, Literal) and padding.value == "same":
        return sizes
    valid = isinstance(padding, Literal) and padding.value == "valid"
    around = (0,) * count if valid else windows.spread(padding, count, 0)
    dilation = windows.argument(given, 5, "dilation", count, 1)
    return tuple(map(windows.slid, sizes, kernel, stride, around, dilation))


def _grown(sizes: Shape, given: Arguments, count: int) -> Shape:
    parts = [
        windows.argument(given, position, name, count, default)
        for position, name, default in (
            (2, "kernel_size", None),
            (3, "stride", 1),
            (4, "padding", 0),
            (8, "dilation", 1),
            (5, "output_padding", 0),
        )
    ]
    return tuple(map(windows.transposed, sizes, *parts))


# -- pooling, padding, upsampling --------------------------------------------------------------------------------------


def pool(count: int, average: bool, given: Arguments, known: Array, functional: bool = False) -> Applied:
    """Max and average pooling; the functions have `ceil_mode` before `return_indices`, the layers behind."""
    wide, misfit = batched(known, count, None)
    indices = None if average else given.get(None if functional else 4, "return_indices")
    if indices is not None and not (isinstance(indices, Literal) and indices.value is False):
        return Applied()
    kernel = windows.argument(given, 0, "kernel_size", count, None)
    stride = given.get(1, "stride")
    steps = windows.spread(stride, count, None)
    if stride is None or (isinstance(stride, Literal) and stride.value is None):
        steps = kernel
    padding = windows.argument(given, 2, "padding", count, 0)
    dilation = (1,) * count if average else windows.argument(given, 3, "dilation", count, 1)
    place = 3 if average else 4 if functional else 5
    mode = given.get(place, "ceil_mode")
    ceil = False if mode is None else bool(mode.value) if isinstance(mode, Literal) else None
    sizes = tuple(
        windows.pooled(*each, ceil) for each in zip(wide[-count:], kernel, steps, padding, dilation, strict=True)
    )
    smaller = [old for old, size in zip(wide[-count:], kernel, strict=True) if old and size and old < size]
    if average and count == 3 and smaller:  # the only one that does not count the padding
        misfit = misfit or Misfit(Asks.SIZE, max(each or 0 for each in kernel), min(smaller))
    if any(size is not None and size < 1 for size in sizes):
        misfit = misfit or Misfit(Asks.SIZE, 1, min(size for size in sizes if size is not None))
        sizes = (None,) * count
    return Applied(_maps(known.of_shape((*wide[:-count], *sizes)), count, _pooled(kernel)), misfit)


def adaptive_pool(count: int, average: bool, given: Arguments, known: Array) -> Applied:
    wide, misfit = batched(known, count, None)
    if not average and given.get(1, "return_indices") is not None:
        return Applied()
    size = given.get(0, "output_size")
    sizes = windows.spread(size, count, None)
    values = getattr(size, "items", None)
    if values and len(values) == count:  # None keeps the size
        kept = [isinstance(each, Literal) and each.value is None for each in values]
        sizes = tuple(old if keep else new for keep, old, new in zip(kept, wide[-count:], sizes, strict=True))
    if misfit is not None and average and count > 1 and set(sizes) == {1}:
        return Applied()  # computed as a mean, which takes other ranks as well
    return Applied(_maps(known.of_shape((*wide[:-count], *sizes)), count, _pooled(sizes)), misfit)


def _pool(count: int, average: bool) -> Rule:
    return lambda layer, known: pool(count, average, layer.arguments, known)


def _adaptive(count: int, average: bool) -> Rule:
    return lambda layer, known: adaptive_pool(count, average, layer.arguments, known)


def _pad(count: int) -> Rule:
    def rule(layer: Made, known: Array) -> Applied:
        given = layer.arguments
        shape, misfit = batched(known, count, None)
        around = windows.argument(given, 0, "padding", 2 * count, None)
        return Applied(known.of_shape(windows.padded(shape, around)).as_maps(known.maps), misfit)

    return rule


def _upsample(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    if known.shape is None or len(known.shape) < 3:
        return Applied(known.of_shape(None))
    return Applied(known.of_shape((*known.shape[:2], *windows.scaled(known.shape[2:], given, 0))).as_maps(known.maps))


def _shuffle(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    factor, shape = whole_of(given, 0, "upscale_factor"), known.shape
    if not factor or shape is None or len(shape) < 3 or None in shape[-3:]:
        return Applied(known.of_shape(None if shape is None else (*shape[:-3], None, None, None)))
    channels, height, width = (each or 0 for each in shape[-3:])
    if channels % factor**2:
        return Applied(known.of_shape(None))
    return Applied(known.of_shape((*shape[:-3], channels // factor**2, height * factor, width * factor)))


WINDOWS: dict[str, Rule] = {
    "PixelShuffle": _shuffle,
    **dict.fromkeys(("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d"), _upsample),
    **{f"Conv{count}d": _conv(count, back=False) for count in (1, 2, 3)},
    **{f"ConvTranspose{count}d": _conv(count, back=True) for count in (1, 2, 3)},
    **{f"MaxPool{count}d": _pool(count, average=False) for count in (1, 2, 3)},
    **{f"AvgPool{count}d": _pool(count, average=True) for count in (1, 2, 3)},
    **{f"AdaptiveMaxPool{count}d": _adaptive(count, average=False) for count in (1, 2, 3)},
    **{f"AdaptiveAvgPool{count}d": _adaptive(count, average=True) for count in (1, 2, 3)},
    **{
        f"{kind}Pad{count}d": _pad(count)
        for kind in ("Zero", "Constant", "Reflection", "Replication", "Circular")
        for count in (1, 2, 3)
    },
}
