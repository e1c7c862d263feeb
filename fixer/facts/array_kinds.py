"""Arrays, tensors and PIL images as facts: what can be known of one, and what arguments say of types and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fixer.facts.values import Imported, Items, Literal, Value


class Library(StrEnum):
    NUMPY = "ndarray"
    TORCH = "tensor"
    PIL = "PIL image"


Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Array:
    """What is known of one; None stands for what is not. `unit`: its values lie in [0, 1]."""

    library: Library
    dtype: str | None = None
    shape: Shape | None = None
    unit: bool = False

    @property
    def floating(self) -> bool | None:
        return None if self.dtype is None else self.dtype.startswith(("float", "bfloat"))


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
_PYTHON_DTYPES = {"float": "float64", "int": "int64", "bool": "bool"}


def dtype_of(value: Value | None) -> str | None:
    """The type that an argument names: `np.uint8`, `torch.long`, `"float32"`, `float`."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        return DTYPES.get(value.value, value.value) if value.value[-1:].isdigit() else _PYTHON_DTYPES.get(value.value)
    if not isinstance(value, Imported):
        return None
    module, _, name = value.dotted.rpartition(".")
    if module in ("numpy", "torch"):
        return name if name[-1:].isdigit() else DTYPES.get(name, name if name == "bool" else None)
    return _PYTHON_DTYPES.get(name) if module in ("", "builtins") else None


def shape_of(value: Value) -> Shape | None:
    """The shape that an argument gives: a tuple or list of sizes, or one size."""
    if isinstance(value, Items) and value.complete and value.each is None:
        return tuple(size(each) for each in value.items)
    return (value.value,) if isinstance(value, Literal) and isinstance(value.value, int) else None


def dimensions(values: list[Value]) -> Shape | None:
    """The shape that several arguments give together, or the one tuple among them."""
    if len(values) == 1 and isinstance(values[0], Items):
        return shape_of(values[0])
    return tuple(size(each) for each in values)


def size(value: Value) -> int | None:
    """An integer that an argument gives literally."""
    return value.value if isinstance(value, Literal) and isinstance(value.value, int) else None


def broadcast(left: Shape | None, right: Shape | None) -> Shape | None:
    """The shape of what an operator makes of two arrays."""
    if left is None or right is None:
        return None
    if len(left) < len(right):
        left, right = right, left
    padded = (1,) * (len(left) - len(right)) + right
    return tuple(
        one if other == 1 else other if one == 1 else one or other for one, other in zip(left, padded, strict=True)
    )
