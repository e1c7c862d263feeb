"""Arrays, tensors and PIL images: which of them a value is, of what shape and type, where the file determines it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from fixer.facts.kinds import Kind, kind
from fixer.facts.values import (
    Arguments,
    Choice,
    Computed,
    Imported,
    Items,
    Literal,
    Made,
    Part,
    Unknown,
    Value,
    options,
    roots,
)


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


INDEX = "an index"
"""The annotation of an `Unknown` that stands for one integer."""

_DTYPES = {
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
_ANNOTATIONS = {"numpy.ndarray": Library.NUMPY, "torch.Tensor": Library.TORCH, "PIL.Image.Image": Library.PIL}
_RANDOM_STATES = ("numpy.random.RandomState", "numpy.random.default_rng", "numpy.random.Generator")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SAME = _names(
    "copy clone contiguous cpu cuda detach clip clamp fill_ requires_grad_ flip fliplr flipud roll sort "
    "ascontiguousarray"
)
_SAME_TYPE = _names(
    "reshape view transpose permute squeeze unsqueeze expand repeat swapaxes flatten ravel moveaxis rot90 pad "
    "resize concatenate vstack hstack expand_dims take tile delete cat append broadcast_to"
)
_READERS = {
    "cv2.imread": Array(Library.NUMPY, "uint8", (None, None, 3)),
    "imageio.imread": Array(Library.NUMPY),
    "imageio.v2.imread": Array(Library.NUMPY),
    "imageio.v3.imread": Array(Library.NUMPY),
    "skimage.io.imread": Array(Library.NUMPY),
    "matplotlib.pyplot.imread": Array(Library.NUMPY),
    "matplotlib.image.imread": Array(Library.NUMPY),
    "numpy.loadtxt": Array(Library.NUMPY),
    "numpy.genfromtxt": Array(Library.NUMPY),
    "PIL.Image.open": Array(Library.PIL),
    "PIL.Image.fromarray": Array(Library.PIL),
    "PIL.Image.new": Array(Library.PIL),
}


def array(value: Value, depth: int = 40) -> Array | None:
    """What array, tensor or image `value` is; None: nothing of the kind, or not known."""
    if depth == 0:
        return None
    match value:
        case Choice():
            return _agreed([array(each, depth - 1) for each in options(value)])
        case Made(callee=Imported(dotted=dotted), arguments=arguments):
            return _made(dotted, arguments, depth - 1)
        case Part(how="method"):
            return _method(value, depth - 1)
        case Part(how="attribute", key="T", base=base):
            known = array(base, depth - 1)
            return replace(known, shape=known.shape[::-1] if known.shape else None) if known else None
        case Part(how="attribute", key="values", base=base) if _from_pandas(base):
            return Array(Library.NUMPY)
        case Part(how="subscript" | "element"):
            return _item(value, depth - 1)
        case Computed():
            return _computed(value, depth - 1)
        case Unknown(annotation=str() as annotation) if annotation in _ANNOTATIONS:
            return Array(_ANNOTATIONS[annotation])
    return None


def _agreed(several: list[Array | None]) -> Array | None:
    """What holds of all; None where they are not even of one library."""
    known = [each for each in several if each is not None]
    if len(known) != len(several) or len({each.library for each in known}) != 1:
        return None
    first = known[0]
    return Array(
        first.library,
        first.dtype if len({each.dtype for each in known}) == 1 else None,
        first.shape if len({each.shape for each in known}) == 1 else None,
        all(each.unit for each in known),
    )


# -- how they are made -------------------------------------------------------------------------------------------------


def _made(dotted: str, arguments: Arguments, depth: int) -> Array | None:
    if dotted in _READERS:
        read = _READERS[dotted]
        return read if len(arguments.all()) == 1 or read.library is Library.PIL else replace(read, shape=None)
    module, _, name = dotted.rpartition(".")
    if module == "numpy.random":
        return _random(name, arguments)
    if module == "numpy":
        return _factory(Library.NUMPY, name, arguments, depth)
    if module == "torch":
        return _factory(Library.TORCH, name, arguments, depth)
    if module == "cv2" and arguments.positional:
        known = array(arguments.positional[0], depth)
        return Array(Library.NUMPY, known.dtype) if known and known.library is Library.NUMPY else None
    return None


def _random(name: str, arguments: Arguments) -> Array | None:
    """NumPy's generators, functions and methods alike. A scalar is drawn where no size is given."""
    position = {
        "randint": 2,
        "integers": 2,
        "random": 0,
        "random_sample": 0,
        "ranf": 0,
        "standard_normal": 0,
        "uniform": 2,
        "normal": 2,
        "choice": 1,
    }
    dtype = dtype_of(arguments.get(None, "dtype"))
    if name in ("rand", "randn") and arguments.positional:
        return Array(Library.NUMPY, "float64", _dimensions(arguments.positional), unit=name == "rand")
    size = arguments.get(position.get(name), "size") if name in position else None
    if size is None:
        return None
    if name in ("randint", "integers"):
        given = arguments.get(3, "dtype")
        return Array(Library.NUMPY, dtype_of(given) if given else "int64", shape_of(size))
    if name == "choice":
        return Array(Library.NUMPY, None, shape_of(size))
    bounds = [arguments.get(0, "low"), arguments.get(1, "high")]
    unit = name in ("random", "random_sample", "ranf") or (name == "uniform" and _in_unit(bounds))
    return Array(Library.NUMPY, dtype or "float64", shape_of(size), unit)


def _in_unit(bounds: list[Value | None]) -> bool:
    return all(
        each is None or (isinstance(each, Literal) and isinstance(each.value, int | float) and 0 <= each.value <= 1)
        for each in bounds
    )


def _factory(library: Library, name: str, arguments: Arguments, depth: int) -> Array | None:
    """Functions of `numpy` and `torch` themselves."""
    given = arguments.positional
    dtype = dtype_of(arguments.get(None, "dtype"))
    torch = library is Library.TORCH
    if name in ("zeros", "ones", "empty", "full") or (torch and name in ("rand", "randn", "randint")):
        return _filled(library, name, arguments)
    if name in ("array", "asarray", "ascontiguousarray", "tensor", "as_tensor", "from_numpy") and given:
        wanted = dtype_of(arguments.get(1, "dtype")) or dtype
        return _converted(library, given[0], wanted, bool(arguments.get(1, "dtype")), depth)
    if name.endswith("_like") and given:
        known = array(given[0], depth)
        return replace(known, library=library, dtype=dtype or known.dtype, unit=False) if known else None
    if name in ("stack", "zeros_like") and given:
        inner = _each(given[0], depth)
        shape = (None, *inner.shape) if inner and inner.shape and len(arguments.all()) == 1 else None
        return replace(inner, library=library, shape=shape) if inner else None
    if name in ("arange", "linspace", "eye"):
        return Array(library, dtype, (None, None) if name == "eye" else (None,))
    if name in _DTYPES or name in ("uint8", "float32", "float64", "int64", "int32"):
        return _converted(library, given[0], _DTYPES.get(name, name), True, depth) if given else None
    if name in _SAME | _SAME_TYPE and given:
        return _changed(
            array(given[0], depth) or _each(given[0], depth), name, Arguments(given[1:], arguments.keywords)
        )
    return Array(library) if name == "load" and not torch else None


def _filled(library: Library, name: str, arguments: Arguments) -> Array | None:
    torch = library is Library.TORCH
    given = arguments.positional
    if name == "randint":
        size = arguments.get(2 if len(given) > 2 else 1, "size")
        dtype = arguments.get(None, "dtype")
        return Array(library, dtype_of(dtype) if dtype else "int64", shape_of(size) if size else None)
    dtype = arguments.get(None if torch else {"full": 2}.get(name, 1), "dtype")
    size = arguments.get(None, "size") or arguments.get(None, "shape")
    if size is None and not given:
        return None
    if torch and name != "full" and given and not isinstance(given[0], Items):
        shape = _dimensions(given)
    else:
        shape = shape_of(size or given[0])
    default = "float32" if torch else "float64"
    unit = name in ("zeros", "ones", "rand")
    return Array(library, dtype_of(dtype) if dtype else None if name == "full" else default, shape, unit)


def _converted(library: Library, value: Value, dtype: str | None, asked: bool, depth: int) -> Array:
    """An array made of another one, of an image, or of a list of them."""
    known = array(value, depth)
    inner = _each(value, depth) if known is None else None
    if inner is not None:
        known = replace(inner, shape=(None, *inner.shape) if inner.shape else None)
    if known is None:
        return Array(library, dtype)
    if known.library is Library.PIL:
        return Array(library, dtype if asked else "uint8", None)
    same = not asked or dtype == known.dtype
    unit = known.unit and (same or Array(library, dtype).floating is True)
    return Array(library, known.dtype if same else dtype, known.shape, unit)


def _each(value: Value, depth: int) -> Array | None:
    """What all elements of a list display or comprehension are."""
    if not isinstance(value, Items):
        return None
    elements = [*value.items, *([value.each] if value.each else [])]
    return _agreed([array(each, depth) for each in elements]) if elements else None


# -- what is done with them --------------------------------------------------------------------------------------------


def _method(value: Part, depth: int) -> Array | None:
    name, arguments = value.key, value.arguments or Arguments()
    base = value.base
    if isinstance(base, Made) and base.dotted in _RANDOM_STATES:
        return _random(name, arguments)
    if name in ("to_numpy", "as_matrix") and _from_pandas(base):
        return Array(Library.NUMPY)
    known = array(base, depth)
    return _changed(known, name, arguments) if known else None


def _changed(known: Array | None, name: str, arguments: Arguments) -> Array | None:
    """The array that the method (or function) `name` makes of `known`."""
    if known is None:
        return None
    given = arguments.positional
    if known.library is Library.PIL:
        return known if name in ("convert", "resize", "crop", "rotate", "copy", "transpose", "filter") else None
    if name in _SAME:
        return known
    if name in ("astype", "to", "type"):
        return _cast(known, arguments)
    if name in ("float", "double", "half", "long", "int", "byte", "bool"):
        return _typed(known, _DTYPES.get(name, name))
    if name == "numpy":
        return replace(known, library=Library.NUMPY)
    if name in ("reshape", "view") and given:
        return replace(known, shape=_reshaped(given))
    if name in ("transpose", "permute") and given and known.shape:
        return replace(known, shape=_permuted(known.shape, _dimensions(given) or ()))
    if name in ("unsqueeze", "expand_dims") and known.shape:
        at = arguments.get(0, "dim") or arguments.get(0, "axis")
        return replace(known, shape=_inserted(known.shape, at))
    if name in _SAME_TYPE:
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


def _computed(value: Computed, depth: int) -> Array | None:
    node = value.node
    if isinstance(node, ast.UnaryOp):
        known = array(value.operands[0], depth)
        return replace(known, unit=False) if known else None
    if not isinstance(node, ast.BinOp) or len(value.operands) != 2:
        return None
    left, right = (array(each, depth) for each in value.operands)
    if any(each is not None and each.library is Library.PIL for each in (left, right)):
        return None
    known = left or right
    if known is None:
        return None
    other = value.operands[1] if known is left else value.operands[0]
    dtype, unit = known.dtype, False
    if isinstance(node.op, ast.Div):
        if known.floating is False:
            dtype = "float64" if known.library is Library.NUMPY else "float32"
        unit = known is left and known.dtype == "uint8" and isinstance(other, Literal) and other.value in (255, 255.0)
    elif left and right:
        dtype = left.dtype if left.dtype == right.dtype else None
    elif known.floating is False:
        dtype = known.dtype if isinstance(other, Literal) and isinstance(other.value, int) else "float64"
    shape = known.shape if not (left and right) or left.shape == right.shape else None
    return Array(known.library, dtype, shape, unit)


# -- parts of them -----------------------------------------------------------------------------------------------------


def _item(value: Part, depth: int) -> Array | None:
    base = value.base
    if isinstance(base, Choice):
        return _agreed([_item(replace_base(value, each), depth) for each in options(base)])
    if isinstance(base, Items):
        return _each(base, depth)
    if isinstance(base, Made) and base.dotted == "sklearn.model_selection.train_test_split":
        at = value.key // 2 if isinstance(value.key, int) else 0
        if at >= len(base.arguments.positional):
            return None
        known = array(base.arguments.positional[at], depth)
        return replace(known, shape=(None, *known.shape[1:]) if known.shape else None) if known else None
    known = array(base, depth)
    if known is None or known.library is Library.PIL:
        return None
    if value.how == "element" or isinstance(value.key, int):
        return replace(known, shape=known.shape[1:] if known.shape else None)
    return replace(known, shape=_indexed(known.shape, value.holds)) if known.shape else known


def replace_base(part: Part, base: Value) -> Part:
    """The same part of another object."""
    return Part(part.node, holds=part.holds, base=base, how=part.how, key=part.key, arguments=part.arguments)


def _indexed(shape: Shape, holds: list[Value]) -> Shape | None:
    keys = holds[0].items if holds and isinstance(holds[0], Items) else holds[:1]
    left: list[int | None] = []
    rest = list(shape)
    for key in keys:
        if isinstance(key, Literal) and key.value is None:
            left.append(1)
        elif not rest or (isinstance(key, Literal) and not isinstance(key.value, int)):
            return None
        elif isinstance(key.node, ast.Slice):
            rest.pop(0)
            left.append(None)
            if _whole(key.node):
                left[-1] = shape[len(shape) - len(rest) - 1]
        elif isinstance(key, Literal) or is_index(key):
            rest.pop(0)
        else:
            return None
    return (*left, *rest)


def _whole(node: ast.Slice) -> bool:
    return node.lower is None and node.upper is None and node.step is None


def is_index(value: Value) -> bool:
    """Whether a value is one integer: the index that `__getitem__` gets, or what a loop over a range counts."""
    match value:
        case Choice():
            return all(is_index(each) for each in options(value))
        case Unknown(annotation=annotation):
            return annotation in (INDEX, "int")
        case Part(how="element", base=Made(callee=Imported(dotted="range"))):
            return True
        case Part(how="method", key="tolist" | "item", base=base):
            return is_index(base)
        case Made(callee=Imported(dotted="int" | "len")):
            return True
        case Computed(node=ast.BinOp(), operands=operands):
            return all(is_index(each) or isinstance(each, Literal) for each in operands)
    return isinstance(value, Literal) and isinstance(value.value, int)


def _from_pandas(value: Value) -> bool:
    return any(isinstance(each, Made) and (each.dotted or "").startswith("pandas.") for each in roots(value))


# -- shapes and types as arguments -------------------------------------------------------------------------------------


def dtype_of(value: Value | None) -> str | None:
    """The type that an argument names: `np.uint8`, `torch.long`, `"float32"`, `float`."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        return _DTYPES.get(value.value, value.value) if value.value[-1:].isdigit() else _PYTHON_DTYPES.get(value.value)
    if not isinstance(value, Imported):
        return None
    module, _, name = value.dotted.rpartition(".")
    if module in ("numpy", "torch"):
        return name if name[-1:].isdigit() else _DTYPES.get(name, name if name == "bool" else None)
    return _PYTHON_DTYPES.get(name) if module in ("", "builtins") else None


def shape_of(value: Value) -> Shape | None:
    """The shape that an argument gives: a tuple or list of sizes, or one size."""
    if isinstance(value, Items) and value.complete and value.each is None:
        return tuple(_size(each) for each in value.items)
    return (value.value,) if isinstance(value, Literal) and isinstance(value.value, int) else None


def _dimensions(values: list[Value]) -> Shape | None:
    if len(values) == 1 and isinstance(values[0], Items):
        return shape_of(values[0])
    return tuple(_size(each) for each in values)


def _reshaped(given: list[Value]) -> Shape | None:
    shape = _dimensions(given)
    return tuple(None if each == -1 else each for each in shape) if shape else None


def _size(value: Value) -> int | None:
    return value.value if isinstance(value, Literal) and isinstance(value.value, int) else None


def _permuted(shape: Shape, axes: Iterable[int | None]) -> Shape | None:
    order = [each for each in axes if each is not None and -len(shape) <= each < len(shape)]
    return tuple(shape[each] for each in order) if len(order) == len(shape) else None


def _inserted(shape: Shape, at: Value | None) -> Shape | None:
    if not isinstance(at, Literal) or not isinstance(at.value, int):
        return None
    index = at.value if at.value >= 0 else len(shape) + 1 + at.value
    return (*shape[:index], 1, *shape[index:])


def is_array(value: Value) -> bool:
    """Whether a value is one array, tensor or image, not a tuple or dict of them."""
    return array(value) is not None or kind(value) is Kind.TENSOR
