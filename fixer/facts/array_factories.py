"""Functions that make arrays, tensors and images: of numbers, of files, of each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fixer.facts.array_changes import SAME, SAME_TYPE, changed
from fixer.facts.array_kinds import DTYPES, Array, Library, dimensions, dtype_of, shape_of
from fixer.facts.values import Arguments, Items, Literal, Value

Look = Callable[[Value], Array | None]
"""How to find out what array an argument is."""

RANDOM_STATES = ("numpy.random.RandomState", "numpy.random.default_rng", "numpy.random.Generator")
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
    "torchvision.io.read_image": Array(Library.TORCH, "uint8", (3, None, None)),
    "torchvision.io.decode_image": Array(Library.TORCH, "uint8", (3, None, None)),
    "PIL.Image.open": Array(Library.PIL),
    "PIL.Image.fromarray": Array(Library.PIL),
    "PIL.Image.new": Array(Library.PIL),
}


def agreed(several: list[Array | None]) -> Array | None:
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


def made(dotted: str, arguments: Arguments, look: Look) -> Array | None:
    """The array that a call of the imported function `dotted` gives."""
    if dotted in _READERS:
        read = _READERS[dotted]
        return read if len(arguments.all()) == 1 or read.library is Library.PIL else replace(read, shape=None)
    module, _, name = dotted.rpartition(".")
    if module == "numpy.random":
        return random(name, arguments)
    if module == "numpy":
        return _factory(Library.NUMPY, name, arguments, look)
    if module == "torch":
        return _factory(Library.TORCH, name, arguments, look)
    if module == "cv2" and arguments.positional:
        known = look(arguments.positional[0])
        return Array(Library.NUMPY, known.dtype) if known and known.library is Library.NUMPY else None
    return None


def random(name: str, arguments: Arguments) -> Array | None:
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
        return Array(Library.NUMPY, "float64", dimensions(arguments.positional), unit=name == "rand")
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


def _factory(library: Library, name: str, arguments: Arguments, look: Look) -> Array | None:
    """Functions of `numpy` and `torch` themselves."""
    given = arguments.positional
    dtype = dtype_of(arguments.get(None, "dtype"))
    torch = library is Library.TORCH
    if name in ("zeros", "ones", "empty", "full") or (torch and name in ("rand", "randn", "randint")):
        return _filled(library, name, arguments)
    if name in ("array", "asarray", "ascontiguousarray", "tensor", "as_tensor", "from_numpy") and given:
        wanted = dtype_of(arguments.get(1, "dtype")) or dtype
        return _converted(library, given[0], wanted, bool(arguments.get(1, "dtype")), look)
    if name.endswith("_like") and given:
        known = look(given[0])
        return replace(known, library=library, dtype=dtype or known.dtype, unit=False) if known else None
    if name in ("stack", "zeros_like") and given:
        inner = each_of(given[0], look)
        shape = (None, *inner.shape) if inner and inner.shape and len(arguments.all()) == 1 else None
        return replace(inner, library=library, shape=shape) if inner else None
    if name in ("arange", "linspace", "eye"):
        return Array(library, dtype, (None, None) if name == "eye" else (None,))
    if name in DTYPES or name in ("uint8", "float32", "float64", "int64", "int32"):
        return _converted(library, given[0], DTYPES.get(name, name), True, look) if given else None
    if name in SAME | SAME_TYPE and given:
        return changed(look(given[0]) or each_of(given[0], look), name, Arguments(given[1:], arguments.keywords))
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
        shape = dimensions(given)
    else:
        shape = shape_of(size or given[0])
    default = "float32" if torch else "float64"
    unit = name in ("zeros", "ones", "rand")
    return Array(library, dtype_of(dtype) if dtype else None if name == "full" else default, shape, unit)


def _converted(library: Library, value: Value, dtype: str | None, asked: bool, look: Look) -> Array:
    """An array made of another one, of an image, or of a list of them."""
    known = look(value)
    inner = each_of(value, look) if known is None else None
    if inner is not None:
        known = replace(inner, shape=(None, *inner.shape) if inner.shape else None)
    if known is None:
        return Array(library, dtype)
    if known.library is Library.PIL:
        shape = (
            (None, None, None) if library is Library.TORCH else None
        )  # the channels are last: not what CHW code takes
        return Array(library, dtype if asked else "uint8", shape)
    same = not asked or dtype == known.dtype
    unit = known.unit and (same or Array(library, dtype).floating is True)
    return Array(library, known.dtype if same else dtype, known.shape, unit)


def each_of(value: Value, look: Look) -> Array | None:
    """What all elements of a list display or comprehension are."""
    if not isinstance(value, Items):
        return None
    elements = [*value.items, *([value.each] if value.each else [])]
    return agreed([look(each) for each in elements]) if elements else None
