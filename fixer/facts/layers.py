"""What each layer of torch.nn makes of the shape and type of its input, and what it asks of that input.

See https://docs.pytorch.org/docs/stable/nn.html; `fixer.facts.windows` has the formulas of sizes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from fixer.facts import array_views as views
from fixer.facts import windows
from fixer.facts.array_changes import names
from fixer.facts.array_kinds import Array, Library, Shape, shape_of
from fixer.facts.kinds import Kind, kind
from fixer.facts.sizes import whole
from fixer.facts.values import Arguments, Literal, Made, Part


class Asks(StrEnum):
    """What it is of the input that a layer cannot take."""

    CHANNELS = "channels"
    FEATURES = "features"
    RANK = "dimensions"
    SIZE = "size"
    DTYPE = "dtype"


@dataclass(frozen=True)
class Misfit:
    """Torch raises at this layer. `wanted` is what the layer was made for, `got` what it is given."""

    asks: Asks
    wanted: int | str | None
    got: int | str | None
    parameter: str = ""
    """The constructor's parameter that says what is wanted: `in_channels`."""


@dataclass(frozen=True)
class Applied:
    """What comes out of a layer. Where there is a misfit: what would come out if the input were the right one."""

    output: Array | None = None
    misfit: Misfit | None = None
    parts: tuple[Array | tuple[Array, ...], ...] = ()
    """For layers that return a tuple."""


Rule = Callable[[Made, Array], Applied]

_NOTHING = Array(Library.TORCH)
SAME = names(
    "Identity ReLU ReLU6 LeakyReLU PReLU RReLU ELU SELU CELU GELU SiLU Mish Sigmoid Tanh Softplus Softsign Softshrink "
    "Hardshrink Hardtanh Hardsigmoid Hardswish Tanhshrink LogSigmoid Threshold Softmin Softmax Softmax2d LogSoftmax "
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout LocalResponseNorm InstanceNorm1d "
    "InstanceNorm2d InstanceNorm3d SyncBatchNorm"
)
_CHANGES = frozenset({"add_module", "append", "extend", "insert", "pop", "register_module", "__setitem__"})


def altered(layer: Made) -> bool:
    """Whether the program changes a layer after it was made, so that its constructor no longer tells what it is."""
    if layer.uses & _CHANGES or not layer.arguments.complete or any(kind(each) is Kind.MODULE for each in layer.holds):
        return True
    return any(
        not (isinstance(each, Part) and each.base is layer) and key not in ("training", "[*]")
        for key, each in layer.attributes.items()
    )


def name_of(layer: Made) -> str | None:
    """The name of the class of torch.nn that a layer is an instance of."""
    module, _, name = (layer.dotted or "").rpartition(".")
    return name if module == "torch.nn" else None


def apply(layer: Made, given: Array | None) -> Applied:
    """What `layer` makes of its input. None stands for an input of which nothing is known."""
    name = name_of(layer)
    known = given or _NOTHING
    if name is None or altered(layer) or known.library is not Library.TORCH:
        return Applied()
    if name in SAME:
        return Applied(given if given is None else replace(given, unit=False))
    rule = _LAYERS.get(name)
    return rule(layer, known) if rule else Applied()


def _result(layer: Made, known: Array, shape: Shape | None, last: int | None = None) -> Array:
    """The output of a layer with weights: of the input's type, if torch takes it at all."""
    dtype = known.dtype if known.floating else None
    return Array(Library.TORCH, dtype, shape, last=None if shape is not None else last, layer=layer)


def _floating(known: Array) -> Misfit | None:
    return Misfit(Asks.DTYPE, "float32", known.dtype) if known.floating is False else None


# -- convolutions ------------------------------------------------------------------------------------------------------


def _batched(known: Array, count: int, channels: int | None) -> tuple[Shape, Misfit | None]:
    """The input as (..., channels, sizes). An unknown one is taken for a batch."""
    shape = known.shape
    if shape is None:
        return (None,) * (count + 2), None
    if len(shape) not in (count + 1, count + 2):
        return (None, channels, *(None,) * count), Misfit(Asks.RANK, count + 2, len(shape))
    return shape, None


def _conv(count: int, back: bool) -> Rule:
    def rule(layer: Made, known: Array) -> Applied:
        given = layer.arguments
        wanted = whole_of(given, 0, "in_channels")
        made = whole_of(given, 1, "out_channels")
        shape, misfit = _batched(known, count, wanted)
        got = shape[-count - 1]
        if misfit is None and wanted is not None and got is not None and wanted != got:
            misfit = Misfit(Asks.CHANNELS, wanted, got, "in_channels")
        sizes = (_grown if back else _slid)(shape[-count:], given, count)
        if any(size is not None and size < 1 for size in sizes):
            misfit = misfit or Misfit(Asks.SIZE, 1, min(size for size in sizes if size is not None))
            sizes = (None,) * count
        output = _result(layer, known, (*shape[: -count - 1], made, *sizes))
        return Applied(output, misfit or _floating(known))

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
    wide, misfit = _batched(known, count, None)
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
    return Applied(known.of_shape((*wide[:-count], *sizes)), misfit)


def adaptive_pool(count: int, average: bool, given: Arguments, known: Array) -> Applied:
    wide, misfit = _batched(known, count, None)
    if not average and given.get(1, "return_indices") is not None:
        return Applied()
    size = given.get(0, "output_size")
    sizes = windows.spread(size, count, None)
    values = getattr(size, "items", None)
    if values and len(values) == count:  # None keeps the size
        kept = [isinstance(each, Literal) and each.value is None for each in values]
        sizes = tuple(old if keep else new for keep, old, new in zip(kept, wide[-count:], sizes, strict=True))
    return Applied(known.of_shape((*wide[:-count], *sizes)), misfit)


def _pool(count: int, average: bool) -> Rule:
    return lambda layer, known: pool(count, average, layer.arguments, known)


def _adaptive(count: int, average: bool) -> Rule:
    return lambda layer, known: adaptive_pool(count, average, layer.arguments, known)


def _pad(count: int) -> Rule:
    def rule(layer: Made, known: Array) -> Applied:
        given = layer.arguments
        shape, misfit = _batched(known, count, None)
        around = windows.argument(given, 0, "padding", 2 * count, None)
        return Applied(known.of_shape(windows.padded(shape, around)), misfit)

    return rule


def _upsample(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    if known.shape is None or len(known.shape) < 3:
        return Applied(known.of_shape(None))
    return Applied(known.of_shape((*known.shape[:2], *windows.scaled(known.shape[2:], given, 0))))


def _shuffle(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    factor, shape = whole_of(given, 0, "upscale_factor"), known.shape
    if factor is None or shape is None or len(shape) < 3 or None in shape[-3:]:
        return Applied(known.of_shape(None if shape is None else (*shape[:-3], None, None, None)))
    channels, height, width = (each or 0 for each in shape[-3:])
    if channels % factor**2:
        return Applied(known.of_shape(None))
    return Applied(known.of_shape((*shape[:-3], channels // factor**2, height * factor, width * factor)))


# -- layers of features ------------------------------------------------------------------------------------------------


def _linear(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    wanted, made = whole_of(given, 0, "in_features"), whole_of(given, 1, "out_features")
    shape = (*known.shape[:-1], made) if known.shape else None
    return Applied(_result(layer, known, shape, made), _features(known, wanted, "in_features") or _floating(known))


def _features(known: Array, wanted: int | None, parameter: str) -> Misfit | None:
    got = known.features
    if wanted is None or got is None or wanted == got:
        return None
    return Misfit(Asks.FEATURES, wanted, got, parameter)


def _embedding(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    size = whole_of(given, 1, "embedding_dim")
    shape = (*known.shape, size) if known.shape is not None else None
    misfit = Misfit(Asks.DTYPE, "int64", known.dtype) if known.floating else None
    return Applied(
        Array(Library.TORCH, "float32", shape, last=None if shape is not None else size, layer=layer), misfit
    )


def _channel_norm(ranks: tuple[int, ...], position: int, parameter: str) -> Rule:
    def rule(layer: Made, known: Array) -> Applied:
        given = layer.arguments
        wanted = whole_of(given, position, parameter)
        shape = known.shape
        if shape is None:
            return Applied(known)
        if len(shape) not in ranks:
            return Applied(known.of_shape(None), Misfit(Asks.RANK, ranks[-1], len(shape)))
        if wanted is not None and shape[1] is not None and shape[1] != wanted:
            return Applied(known, Misfit(Asks.CHANNELS, wanted, shape[1], parameter))
        return Applied(known.of_shape((shape[0], shape[1] or wanted, *shape[2:])), _floating(known))

    return rule


def _layer_norm(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    sizes = given.get(0, "normalized_shape")
    wanted = shape_of(sizes) if sizes is not None else None
    if wanted is None or len(wanted) != 1:
        return Applied(known)
    return Applied(known, _features(known, wanted[0], "normalized_shape") or _floating(known))


def _model_size(layer: Made, known: Array) -> Applied:
    """A transformer's layer keeps the shape; the last dimension is its d_model."""
    given = layer.arguments
    return Applied(known, _features(known, whole_of(given, 0, "d_model"), "d_model"))


def _flatten(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    start, end = given.get(0, "start_dim"), given.get(1, "end_dim")
    if known.shape is None:
        return Applied(known.of_shape((None, None)) if not given.all() else known.of_shape(None))
    shape = views.flattened(known.shape, whole(start) if start else 1, whole(end) if end else -1)
    return Applied(known.of_shape(shape))


def _unflatten(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    sizes = given.get(1, "unflattened_size")
    wanted = shape_of(sizes) if sizes is not None else None
    if known.shape is None or wanted is None:
        return Applied(known.of_shape(None))
    return Applied(known.of_shape(views.unflattened(known.shape, whole_of(given, 0, "dim"), wanted)))


def _glu(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    dim = given.get(0, "dim")
    place = views.at(whole(dim) if dim else -1, len(known.shape)) if known.shape else None
    if known.shape is None or place is None:
        return Applied(known.of_shape(None))
    size = known.shape[place]
    halved = None if size is None else size // 2
    return Applied(known.of_shape((*known.shape[:place], halved, *known.shape[place + 1 :])))


# -- recurrent layers --------------------------------------------------------------------------------------------------


def _recurrent(memory: bool) -> Rule:
    def rule(layer: Made, known: Array) -> Applied:
        given = layer.arguments
        if "proj_size" in given.keywords:
            return Applied()
        misfit = _features(known, whole_of(given, 0, "input_size"), "input_size") or _floating(known)
        if known.rank not in (None, 2, 3):
            misfit = Misfit(Asks.RANK, 3, known.rank)
        hidden, twice = whole_of(given, 1, "hidden_size"), _flag(given, "bidirectional")
        directions = None if twice is None else 2 if twice else 1
        width = None if hidden is None or directions is None else hidden * directions
        shape = None if known.shape is None or misfit else (*known.shape[:-1], width)
        layers = given.get(2, "num_layers")
        depth = 1 if layers is None else whole(layers)
        first, batch_at = _flag(given, "batch_first"), None
        if known.rank == 3 and first is not None and known.shape:
            batch_at = known.shape[0 if first else 1]
        stacked = None if depth is None or directions is None else depth * directions
        state = (stacked, batch_at, hidden) if known.rank != 2 else (stacked, hidden)
        out = _result(layer, known, shape, width)
        last = _result(layer, known, state)
        return Applied(None, misfit, (out, (last, last) if memory else last))

    return rule


def _cell(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    hidden = whole_of(given, 1, "hidden_size")
    shape = (*known.shape[:-1], hidden) if known.shape else None
    out = _result(layer, known, shape, hidden)
    misfit = _features(known, whole_of(given, 0, "input_size"), "input_size")
    return Applied(None, misfit, (out, out)) if name_of(layer) == "LSTMCell" else Applied(out, misfit)


def _flag(given: Arguments, name: str) -> bool | None:
    """A keyword that is False where it is left out; None: not known."""
    places = {"batch_first": 4, "bidirectional": 6}
    value = given.get(places[name], name)
    if value is None:
        return False
    return value.value if isinstance(value, Literal) and isinstance(value.value, bool) else None


def whole_of(given: Arguments, position: int, name: str) -> int | None:
    """An integer argument."""
    value = given.get(position, name)
    return None if value is None else whole(value)


_LAYERS: dict[str, Rule] = {
    "Linear": _linear,
    "Embedding": _embedding,
    "LayerNorm": _layer_norm,
    "RMSNorm": _layer_norm,
    "TransformerEncoderLayer": _model_size,
    "Flatten": _flatten,
    "Unflatten": _unflatten,
    "GLU": _glu,
    "PixelShuffle": _shuffle,
    "RNN": _recurrent(memory=False),
    "GRU": _recurrent(memory=False),
    "LSTM": _recurrent(memory=True),
    "RNNCell": _cell,
    "GRUCell": _cell,
    "LSTMCell": _cell,
    "BatchNorm1d": _channel_norm((2, 3), 0, "num_features"),
    "BatchNorm2d": _channel_norm((4,), 0, "num_features"),
    "BatchNorm3d": _channel_norm((5,), 0, "num_features"),
    "GroupNorm": _channel_norm(tuple(range(2, 8)), 1, "num_channels"),
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
