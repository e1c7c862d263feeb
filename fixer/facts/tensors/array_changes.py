"""What the methods of arrays and tensors, and the functions of the same names, make of an array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fixer.facts.program.values import Arguments, Choice, Items, Literal, Value, options
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.array_kinds import DTYPES, Array, Library, Shape, dimensions, dtype_of, shape_of
from fixer.facts.tensors.sizes import counted, whole


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SAME = names(
    "copy clone contiguous cpu cuda detach detach_ requires_grad_ flip fliplr flipud roll sort ascontiguousarray "
    "alias positive retain_grad pin_memory share_memory_ share_memory asanyarray zero_ resolve_conj"
)
"""These keep shape, type and range."""
_SAME_SHAPE = names(
    "clip clamp clamp_ fill_ abs neg relu relu_ round floor ceil trunc sign maximum minimum nan_to_num cumsum "
    "cumprod tril triu masked_fill masked_fill_ add_ sub_ mul_ normal_ uniform_ clamp_min clamp_max square fill"
)
"""These keep shape and type."""
_FLOAT_FUNCTIONS = names(
    "sigmoid tanh exp log log2 log10 log1p sqrt rsqrt sin cos softmax log_softmax reciprocal erf expm1 sinh cosh atan "
    "arctan logit softplus"
)
"""These keep the shape and make floats of integers."""
_REDUCTIONS = names(
    "sum mean std var prod norm argmax argmin any all logsumexp amax amin max min median nansum nanmean"
)
_RANKS = names("rank local_rank gpu gpu_id")
"""What numbers of devices are called."""
_COMPARISONS = names("eq ne lt le gt ge isnan isfinite isinf logical_not isclose")
RESHAPES = names(
    "reshape view flatten ravel transpose permute movedim moveaxis swapaxes swapdims t squeeze unsqueeze expand_dims "
    "expand repeat tile view_as reshape_as expand_as unflatten adjoint"
)


def changed(known: Array | None, name: str, arguments: Arguments) -> Array | None:
    """The array that the method (or function) `name` makes of `known`."""
    if known is None:
        return None
    if known.library is Library.PIL:
        return known if name in ("convert", "resize", "crop", "rotate", "copy", "transpose", "filter") else None
    if name in SAME:
        return known
    if name in _SAME_SHAPE:
        return replace(known, unit=False) if known.dtype != "bool" else known.of_dtype(None)
    if name in _FLOAT_FUNCTIONS:
        return _floats(known)
    if name in _COMPARISONS:
        return known.of_dtype("bool")
    if name in RESHAPES:
        return _reshape(known, name, arguments)
    if name in _REDUCTIONS:
        return _reduce(known, name, arguments)
    return _type_change(known, name, arguments)


def _floats(known: Array) -> Array:
    made = "float64" if known.library is Library.NUMPY else "float32"
    return replace(known, dtype=made if known.floating is False else known.dtype, unit=False)


def _type_change(known: Array, name: str, arguments: Arguments) -> Array | None:
    if name in ("astype", "to", "type"):
        return _cast(known, arguments)
    if name in ("float", "double", "half", "long", "int", "short", "byte", "bool", "bfloat16"):
        return known.of_dtype(DTYPES.get(name, name))
    if name == "numpy":
        return replace(known, library=Library.NUMPY)
    if name == "type_as":
        return known.of_dtype(None)
    if name in ("rot90", "pad", "resize", "take", "delete", "append", "broadcast_to", "repeat_interleave"):
        return known.of_shape(None)
    return None


def _cast(known: Array, arguments: Arguments) -> Array:
    """`astype(t)`, or `to(...)`, which may name a device instead."""
    for each in arguments.all():
        dtype = dtype_of(each)
        if dtype is not None:
            return known.of_dtype(dtype)
    moved = all(
        _is_device(key, each)
        for key, each in [*((None, each) for each in arguments.positional), *arguments.keywords.items()]
    )
    return known if moved and known.library is Library.TORCH else known.of_dtype(None)


def _is_device(key: str | None, value: Value) -> bool:
    """Whether an argument of `to` only says where the tensor goes."""
    if key in ("device", "non_blocking", "copy", "memory_format"):
        return True
    if isinstance(value, Choice):
        return all(_is_device(None, each) for each in options(value))
    if isinstance(value, Literal):
        return isinstance(value.value, str | int)
    dotted = getattr(value, "dotted", None) or ""
    hint = str(getattr(value, "hint", "") or getattr(value, "key", "") or "").lower()
    return dotted.endswith(("device", "current_accelerator")) or "device" in hint or hint in _RANKS


def is_about_device(value: Value) -> bool:
    return _is_device(None, value)


# -- shapes ------------------------------------------------------------------------------------------------------------


def _reshape(known: Array, name: str, arguments: Arguments) -> Array | None:
    if not arguments.complete:
        return known.of_shape(None)
    if name in ("reshape", "view"):
        return _view(known, arguments)
    if known.shape is None:
        return _inserted(known, arguments) if name == "unsqueeze" else known.of_shape(None)
    return known.of_shape(_SHAPES[name](known.shape, arguments, known.library) if name in _SHAPES else None)


def _inserted(known: Array, arguments: Arguments) -> Array:
    """`x.unsqueeze(1)` of a batch of an unknown number of dimensions."""
    place = _dim(arguments, 0, "dim")
    last = known.last if place in (0, 1) else None
    return replace(
        known.of_shape(None, last), second=1 if place == 1 else None, layer=None if place == 1 else known.layer
    )


def _view(known: Array, arguments: Arguments) -> Array:
    """`reshape(2, -1)`, `reshape((2, -1))`, `view(torch.uint8)`; the size of the batch may be asked of any tensor."""
    given = arguments.positional
    if len(given) == 1 and dtype_of(given[0]) is not None:
        return known.of_dtype(dtype_of(given[0]))
    if not given and "shape" in arguments.keywords:
        given = [arguments.keywords["shape"]]
    wanted = dimensions(given) if given else None
    if wanted is None:
        return known.of_shape(None)
    first = given[0].items[0] if isinstance(given[0], Items) and given[0].items else given[0]
    return known.of_shape(views.reshaped(known.shape, wanted, _is_batch(first, wanted, known.shape)), wanted[-1])


def _is_batch(first: Value, wanted: Shape, shape: Shape | None) -> bool:
    """Whether the first size is the unknown size of the batch, as another tensor (or this one) tells it."""
    asked = counted(first)
    if asked is None or not wanted or wanted[0] is not None or not shape or shape[0] is not None:
        return False
    return asked[1] == 0


def _transposed(shape: Shape, arguments: Arguments, library: Library) -> Shape | None:
    given = arguments.positional
    if library is Library.TORCH:
        return views.swapped(shape, _dim(arguments, 0, "dim0"), _dim(arguments, 1, "dim1"))
    axes = arguments.keywords.get("axes")
    given = [axes] if axes is not None else given
    return views.permuted(shape, dimensions(given) or ()) if given else shape[::-1]


def _permuted(shape: Shape, arguments: Arguments, _: Library) -> Shape | None:
    dims = arguments.keywords.get("dims")
    return views.permuted(shape, dimensions([dims] if dims is not None else arguments.positional) or ())


def _squeezed(shape: Shape, arguments: Arguments, _: Library) -> Shape | None:
    dim = arguments.get(0, "dim") or arguments.get(None, "axis")
    return views.squeezed(shape, None if dim is None else shape_of(dim) or (None,))


def _flattened(shape: Shape, arguments: Arguments, library: Library) -> Shape | None:
    if library is Library.NUMPY:
        return views.flattened(shape, 0, -1)
    start, end = arguments.get(0, "start_dim"), arguments.get(1, "end_dim")
    return views.flattened(shape, whole(start) if start else 0, whole(end) if end else -1)


def _unflattened(shape: Shape, arguments: Arguments, _: Library) -> Shape | None:
    sizes = arguments.get(1, "sizes")
    wanted = shape_of(sizes) if sizes is not None else None
    return None if wanted is None else views.unflattened(shape, _dim(arguments, 0, "dim"), wanted)


def _repeated(shape: Shape, arguments: Arguments, library: Library) -> Shape | None:
    times = dimensions(arguments.positional) if library is Library.TORCH else None
    return None if times is None else views.repeated(shape, times)


def _expanded(shape: Shape, arguments: Arguments, _: Library) -> Shape | None:
    wanted = dimensions(arguments.positional)
    return None if wanted is None else views.expanded(shape, wanted)


_SHAPES: dict[str, Callable[[Shape, Arguments, Library], Shape | None]] = {
    "flatten": _flattened,
    "ravel": lambda shape, *_: views.flattened(shape, 0, -1),
    "transpose": _transposed,
    "swapaxes": lambda shape, given, _: views.swapped(shape, _dim(given, 0, "axis0"), _dim(given, 1, "axis1")),
    "swapdims": lambda shape, given, _: views.swapped(shape, _dim(given, 0, "dim0"), _dim(given, 1, "dim1")),
    "permute": _permuted,
    "t": lambda shape, *_: shape[::-1] if len(shape) <= 2 else None,
    "squeeze": _squeezed,
    "unsqueeze": lambda shape, given, _: views.inserted(shape, _dim(given, 0, "dim")),
    "expand_dims": lambda shape, given, _: views.inserted(shape, _dim(given, 0, "axis")),
    "expand": _expanded,
    "repeat": _repeated,
    "unflatten": _unflattened,
}


def _dim(arguments: Arguments, position: int, name: str) -> int | None:
    given = arguments.get(position, name)
    return None if given is None else whole(given)


def _reduce(known: Array, name: str, arguments: Arguments) -> Array | None:
    torch = known.library is Library.TORCH
    dim = arguments.get(None, "dim") or arguments.get(None, "axis") or arguments.get(1 if name == "norm" else 0, "dim")
    if isinstance(dim, Literal) and dim.value is None:
        dim = None
    if torch and dim is not None and name in ("max", "min", "median"):
        return None  # values and indices
    keep = (
        arguments.get(None, "keepdim")
        or arguments.get(None, "keepdims")
        or arguments.get(2 if name == "norm" else 1, "keepdim")
    )
    kept = isinstance(keep, Literal) and keep.value is True
    if keep is not None and not isinstance(keep, Literal):
        return None
    shape = None
    if known.shape is not None and arguments.complete:
        shape = views.reduced(known.shape, None if dim is None else shape_of(dim) or (None,), kept)
    if not torch and shape == () and not kept:
        return None  # a number of NumPy's, not an array
    return Array(known.library, _reduced_dtype(known, name, arguments), shape, layer=known.layer)


def _reduced_dtype(known: Array, name: str, arguments: Arguments) -> str | None:
    if "dtype" in arguments.keywords:
        return dtype_of(arguments.keywords["dtype"])
    if name in ("argmax", "argmin"):
        return "int64"
    if name in ("any", "all"):
        return "bool"
    if name in ("max", "min", "amax", "amin", "median") or known.floating:
        return known.dtype
    if known.floating is False and name in ("sum", "prod"):
        return "int64" if known.library is Library.TORCH or known.dtype in ("int64", "int32", "int16", "bool") else None
    return "float64" if known.library is Library.NUMPY and known.floating is False else None
