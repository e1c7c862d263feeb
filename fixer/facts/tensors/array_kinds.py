"""Arrays, tensors and PIL images as facts: what can be known of one, and what arguments say of types and shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from fixer.facts.program.values import Imported, Items, Literal, Made, Value
from fixer.facts.tensors.sizes import whole


class Library(StrEnum):
    NUMPY = "ndarray"
    TORCH = "tensor"
    PIL = "PIL image"


class Maps(StrEnum):
    """What gave a batch of feature maps: (batch, channels, height, width), or one size more."""

    WINDOWS = "convolution"
    POOLING = "pooling"


Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Array:
    """What is known of one; None stands for what is not. `unit`: its values lie in [0, 1]."""

    library: Library
    dtype: str | None = None
    shape: Shape | None = None
    unit: bool = False
    last: int | None = None
    """The size of the last dimension where even the rank is not known; see `features`."""
    layer: Made | None = field(default=None, compare=False, repr=False)
    """The layer with weights that this comes out of, through activations, pooling and reshaping. None: data."""
    lasts: tuple[int, ...] = ()
    """The sizes that the last dimension may have, depending on the rank, where neither is known."""
    maps: Maps | None = field(default=None, compare=False)
    """Feature maps as a layer of windows gives them, the channels in front of the sizes; None for all that reshapes."""

    second: int | None = None
    """The size of dimension 1 where the rank is not known: `x.unsqueeze(1)`."""
    doubles: bool = field(default=False, compare=False)
    """Float32 on one path through the program, float64 on another; `dtype` is None then."""

    @property
    def floating(self) -> bool | None:
        return None if self.dtype is None else self.dtype.startswith(("float", "bfloat"))

    @property
    def features(self) -> int | None:
        """The size of the last dimension."""
        return self.last if self.shape is None else self.shape[-1] if self.shape else None

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    def of_shape(self, shape: Shape | None, last: int | None = None) -> Array:
        """The same array in another shape."""
        return replace(self, shape=shape, last=None if shape is not None else last, lasts=(), maps=None, second=None)

    def as_maps(self, maps: Maps | None) -> Array:
        """The same array, known to be feature maps if it has the dimensions for that."""
        return replace(self, maps=maps if self.shape is not None and len(self.shape) in (4, 5) else None)

    def of_dtype(self, dtype: str | None) -> Array:
        """The same array in another type."""
        return replace(self, dtype=dtype, unit=self.unit and Array(self.library, dtype).floating is True, doubles=False)


DTYPES = {
    "float": "float32",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "double": "float64",
    "half": "float16",
    "byte": "uint8",
    "f4": "float32",
    "f8": "float64",
    "u1": "uint8",
    "bool_": "bool",
}
TENSOR_TYPES = {
    "FloatTensor": "float32",
    "LongTensor": "int64",
    "DoubleTensor": "float64",
    "IntTensor": "int32",
    "ByteTensor": "uint8",
    "BoolTensor": "bool",
    "Tensor": "float32",
}
_PYTHON_DTYPES = {"float": "float64", "int": "int64", "bool": "bool"}
_FLOATS = ("float16", "float32", "float64")
_INTEGERS = ("uint8", "int8", "int16", "int32", "int64")


def dtype_of(value: Value | None) -> str | None:
    """The type that an argument names: `np.uint8`, `torch.long`, `"float32"`, `float`."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        return DTYPES.get(value.value, value.value) if value.value[-1:].isdigit() else _PYTHON_DTYPES.get(value.value)
    if not isinstance(value, Imported):
        return None
    module, _, name = value.dotted.rpartition(".")
    if name in TENSOR_TYPES and module in ("torch", "torch.cuda"):
        return TENSOR_TYPES[name]
    if module in ("numpy", "torch"):
        return name if name[-1:].isdigit() else DTYPES.get(name, name if name == "bool" else None)
    return _PYTHON_DTYPES.get(name) if module in ("", "builtins") else None


def promoted(library: Library, left: str | None, right: str | None) -> str | None:
    """The type of what an operator makes of two arrays that have dimensions.

    [torch](https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc): a float stays what it is
    beside integers; NumPy may widen it, so that nothing is said there.
    """
    if left == right or left is None or right is None:
        return left if left == right else None
    if left in _FLOATS and right in _FLOATS:
        return max(left, right, key=_FLOATS.index)
    if library is Library.TORCH:
        for one, other in ((left, right), (right, left)):
            if one in _FLOATS and (other in _INTEGERS or other == "bool"):
                return one
            if other == "bool":
                return one
    return None


def shape_of(value: Value) -> Shape | None:
    """The shape that an argument gives: a tuple or list of sizes, or one size."""
    if isinstance(value, Items):
        return tuple(map(whole, value.items)) if value.complete and value.each is None else None
    known = whole(value)
    return None if known is None else (known,)


def dimensions(values: list[Value]) -> Shape | None:
    """The shape that several arguments give together, or the one tuple among them."""
    if len(values) == 1 and isinstance(values[0], Items):
        return shape_of(values[0])
    return tuple(map(whole, values))


_OF_IMAGES = (1, 3, 4)


def channels_behind(shape: Shape) -> bool:
    """Whether a batch of images looks as if it had the channels last: (N, H, W, 3)."""
    return len(shape) == 4 and shape[3] in _OF_IMAGES and shape[1] not in (None, *_OF_IMAGES)


def broadcast(left: Shape | None, right: Shape | None) -> Shape | None:
    """The shape of what an operator makes of two arrays; None also where they do not fit."""
    if left is None or right is None:
        return None
    if len(left) < len(right):
        left, right = right, left
    padded = (1,) * (len(left) - len(right)) + right
    if any(one != other and None not in (one, other) and 1 not in (one, other) for one, other in zip(left, padded)):  # noqa: B905
        return None
    return tuple(_wider(one, other) for one, other in zip(left, padded, strict=True))


def _wider(one: int | None, other: int | None) -> int | None:
    if one == 1:
        return other
    if other == 1:
        return one
    return other if one is None else one  # not 1, so that the other is the same or 1


def merged(shapes: Iterable[Shape | None]) -> Shape | None:
    """What several shapes have in common."""
    several = list(shapes)
    known = [each for each in several if each is not None]
    if len(known) != len(several) or len({len(each) for each in known}) != 1:
        return None
    return tuple(sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*known, strict=True))


def agreed(several: list[Array | None]) -> Array | None:
    """What holds of all; None where they are not even of one library."""
    known = [each for each in several if each is not None]
    if len(known) != len(several) or len({each.library for each in known}) != 1:
        return None
    first = known[0]
    return Array(
        first.library,
        first.dtype if len({each.dtype for each in known}) == 1 else None,
        merged(each.shape for each in known),
        all(each.unit for each in known),
        first.last if len({(each.shape is None, each.last) for each in known}) == 1 else None,
        first.layer if len({id(each.layer) for each in known}) == 1 else None,
        doubles=_some_doubles(known),
    ).as_maps(maps_of(known))


def _some_doubles(several: list[Array]) -> bool:
    """Whether some are doubles that no layer made, and all others float32."""
    if len({"float64" if each.doubles else each.dtype for each in several}) == 1:
        return several[0].doubles
    double = [each.doubles or (each.dtype == "float64" and each.layer is None) for each in several]
    return any(double) and all(is_double or each.dtype == "float32" for each, is_double in zip(several, double))  # noqa: B905


def maps_of(several: Iterable[Array]) -> Maps | None:
    """What several arrays are together, summed up or joined: feature maps only if all are."""
    kinds = [each.maps for each in several]
    return None if None in kinds or not kinds else kinds[0] if len(set(kinds)) == 1 else Maps.WINDOWS
