"""Functions that make arrays, tensors and images: of numbers, of files, of each other."""

from __future__ import annotations

from dataclasses import replace

from fixer.facts.program.values import Arguments, Choice, Items, Literal, Part, Value, options
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.array_changes import RESHAPES, SAME, changed, names
from fixer.facts.tensors.array_indexing import is_index
from fixer.facts.tensors.array_joins import Look, chosen, each_of, joined
from fixer.facts.tensors.array_kinds import (
    DTYPES,
    TENSOR_TYPES,
    Array,
    Library,
    Shape,
    agreed,
    dimensions,
    dtype_of,
    shape_of,
)
from fixer.facts.tensors.opencv import of_opencv
from fixer.facts.tensors.sizes import number, whole

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
TABLES = ("numpy.loadtxt", "numpy.genfromtxt")
_CONVERSIONS = names("array asarray ascontiguousarray asanyarray tensor as_tensor from_numpy")


def made(dotted: str, arguments: Arguments, look: Look) -> Array | None:
    """The array that a call of the imported function `dotted` gives."""
    if dotted in _READERS:
        read = _READERS[dotted]
        if dotted in TABLES and not {"dtype", "converters", "names"} & arguments.keywords.keys():
            read = replace(read, dtype="float64" if len(arguments.positional) == 1 and arguments.complete else None)
        return read if len(arguments.all()) == 1 or read.library is Library.PIL else replace(read, shape=None)
    module, _, name = dotted.rpartition(".")
    if module == "numpy.random":
        return random(name, arguments)
    if module == "numpy":
        return _factory(Library.NUMPY, name, arguments, look)
    if module == "torch":
        return _factory(Library.TORCH, name, arguments, look)
    if dotted == "torch.autograd.Variable" and arguments.positional:
        return look(arguments.positional[0])
    if module == "cv2" and arguments.positional:
        known = look(arguments.positional[0])
        name = dotted.rpartition(".")[2]
        return of_opencv(name, known, arguments) if known and known.library is Library.NUMPY else None
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
    if name == "permutation" and len(arguments.positional) == 1:
        count = whole(arguments.positional[0])
        return Array(Library.NUMPY, "int64", (count,)) if count is not None else None
    size = arguments.get(position.get(name), "size") if name in position else None
    if size is None or (isinstance(size, Literal) and size.value is None):
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
    torch = library is Library.TORCH
    if name in ("zeros", "ones", "empty", "full") or (torch and name in ("rand", "randn", "randint")):
        return _filled(library, name, arguments, look)
    if name in _CONVERSIONS and given:
        wanted = arguments.get(1, "dtype") if name != "from_numpy" else None
        return _converted(library, given[0], dtype_of(wanted), wanted is not None, look)
    if torch and name in TENSOR_TYPES:
        return _of_tensor_type(name, arguments, look)
    if name in DTYPES or name in ("uint8", "float32", "float64", "int64", "int32"):
        return _converted(library, given[0], DTYPES.get(name, name), True, look) if given else None
    if name in ("arange", "linspace", "eye", "randperm", "logspace"):
        return _counted(library, name, arguments)
    if name == "load":
        return None if torch else Array(library)
    return _of_arrays(library, name, arguments, look) if given else None


def _of_arrays(library: Library, name: str, arguments: Arguments, look: Look) -> Array | None:
    """Functions of arrays: `torch.stack(rows)`, `np.concatenate(...)`, `torch.relu(x)`."""
    given = arguments.positional
    dtype = dtype_of(arguments.get(None, "dtype"))
    if name in ("normal", "bernoulli", "poisson"):  # of a tensor of means
        known = look(given[0]) if library is Library.TORCH and "size" not in arguments.keywords else None
        return replace(known, unit=False) if known and len(given) <= 2 else None
    if name.endswith("_like"):
        known = look(given[0])
        return Array(library, dtype or known.dtype, known.shape) if known else None
    if name in ("cat", "concat", "concatenate", "stack", "vstack", "hstack"):
        return joined(library, name, arguments, look)
    if name in ("matmul", "mm", "bmm", "dot") and len(given) == 2:
        left, right = look(given[0]), look(given[1])
        if left is None or right is None:
            return None
        same = left.dtype if left.dtype == right.dtype else None  # torch refuses to mix types here
        return Array(library, same, views.multiplied(left.shape, right.shape))
    if name == "where" and len(given) == 3:
        return chosen(library, [look(each) for each in given], [number(each) for each in given])
    if name in ("add", "sub", "subtract", "mul", "multiply", "div", "divide", "where", "pow"):
        return None
    rest = Arguments(given[1:], arguments.keywords, arguments.complete)
    if name in SAME | RESHAPES and look(given[0]) is None:
        inner = each_of(given[0], look)
        return changed(inner, name, rest).of_shape(None) if inner and changed(inner, name, rest) else None  # type: ignore[union-attr]
    return changed(look(given[0]), name, rest)


def _filled(library: Library, name: str, arguments: Arguments, look: Look) -> Array | None:
    torch = library is Library.TORCH
    given = arguments.positional
    dtype = arguments.get(None, "dtype")
    if name == "randint":
        size = arguments.get(2 if len(given) > 2 else 1, "size")
        return Array(library, dtype_of(dtype) if dtype else "int64", shape_of(size) if size else None)
    if not torch:
        dtype = arguments.get({"full": 2}.get(name, 1), "dtype")
    size = arguments.get(None, "size") or arguments.get(None, "shape")
    if size is None and not given:
        return None
    shape = _of_another(arguments, look) if torch and name != "full" else None
    if shape is not None or not arguments.complete:
        pass
    elif torch and name != "full" and given and not isinstance(given[0], Items) and shape_of(given[0]) is None:
        shape = dimensions(given) if len(given) > 1 else None  # one that is unknown may be a tuple
    elif torch and name != "full" and given and not isinstance(given[0], Items):
        shape = dimensions(given)
    else:
        shape = shape_of(size or given[0])
    default = "float32" if torch else "float64"
    unit = name in ("zeros", "ones", "rand")
    return Array(library, dtype_of(dtype) if dtype else _fill_type(library, name, arguments, default), shape, unit)


def _of_another(arguments: Arguments, look: Look) -> Shape | None:
    """The shape of the tensor that is asked for its own: `torch.randn(*x.shape)`, `torch.zeros(x.size())`."""
    match arguments.positional:
        case [Part(how="element", base=Part() as sizes)] if "**" not in arguments.keywords and not arguments.complete:
            pass
        case [Part() as sizes] if arguments.complete:
            pass
        case _:
            return None
    whole_shape = sizes.key == "shape" if sizes.how == "attribute" else sizes.how == "method" and sizes.key == "size"
    if not whole_shape or (sizes.arguments is not None and sizes.arguments.all()):
        return None
    known = look(sizes.base)
    return known.shape if known is not None else None


def _fill_type(library: Library, name: str, arguments: Arguments, default: str) -> str | None:
    if name != "full":
        return default
    filled = arguments.get(1, "fill_value")
    return _plain_type(library, filled.value) if isinstance(filled, Literal) else None


def _plain_type(library: Library, value: object) -> str | None:
    """The type of an array of Python numbers like this one."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64"
    return ("float32" if library is Library.TORCH else "float64") if isinstance(value, float) else None


def _counted(library: Library, name: str, arguments: Arguments) -> Array | None:
    """`arange`, `linspace`, `eye`, `randperm`."""
    given = [number(each) for each in arguments.positional]
    wanted = arguments.get(None, "dtype")
    floats = "float32" if library is Library.TORCH else "float64"
    if name == "eye":
        rows = whole(arguments.positional[0]) if arguments.positional else None
        shape: Shape = (rows, rows) if len(given) == 1 else (None, None)
        return Array(library, dtype_of(wanted) if wanted else floats, shape)
    if name == "randperm":
        return Array(library, "int64", (_whole(given[0]) if given else None,))
    if name == "arange":
        count = _whole(given[0]) if len(given) == 1 and set(arguments.keywords) <= {"dtype", "device"} else None
        if len(given) == 2 and all(isinstance(each, int) for each in given):
            count = max(0, (given[1] or 0) - (given[0] or 0))  # type: ignore[assignment]
        kinds = {type(each) for each in given}
        plain = "int64" if kinds == {int} else floats if float in kinds and type(None) not in kinds else None
        return Array(library, dtype_of(wanted) if wanted else plain, (count,))
    steps = arguments.get(2, "steps" if library is Library.TORCH else "num")
    count = whole(steps) if steps is not None else 50 if library is Library.NUMPY else 100
    return Array(library, dtype_of(wanted) if wanted else floats, (count,))


def _whole(value: int | float | None) -> int | None:
    return value if isinstance(value, int) else None


def _of_tensor_type(name: str, arguments: Arguments, look: Look) -> Array | None:
    """`torch.FloatTensor(data)`, or of these sizes."""
    given = arguments.positional
    if len(given) == 1 and shape_of(given[0]) is not None and not isinstance(given[0], Items):
        return Array(Library.TORCH, TENSOR_TYPES[name], shape_of(given[0]))
    if len(given) == 1:
        known = _converted(Library.TORCH, given[0], TENSOR_TYPES[name], True, look)
        return replace(known, unit=known.unit and name in ("FloatTensor", "DoubleTensor", "Tensor"))
    return Array(Library.TORCH, TENSOR_TYPES[name], dimensions(given)) if given else None


def _converted(library: Library, value: Value, dtype: str | None, asked: bool, look: Look) -> Array:
    """An array made of another one, of an image, of numbers, or of a list of them."""
    known = look(value)
    inner = each_of(value, look) if known is None else None
    if inner is not None and isinstance(value, Items):
        count = len(value.items) if value.complete and value.each is None else None
        known = inner.of_shape((count, *inner.shape) if inner.shape is not None else None)
    if known is None:
        numbers = nested(library, value)
        plain = numbers or Array(library)
        return plain.of_dtype(dtype) if asked else plain
    if known.library is Library.PIL:
        shape = _channels_behind(known.shape)
        if library is Library.TORCH:
            shape = (None, None, None)
        return Array(library, dtype if asked else "uint8", shape)
    same = not asked or dtype == known.dtype
    unit = known.unit and (same or Array(library, dtype).floating is True)
    return Array(library, known.dtype if same else dtype, known.shape, unit, layer=known.layer)


def _channels_behind(image: Shape | None) -> Shape | None:
    """The shape of the array of a PIL image: height, width, and the channels where there are several."""
    if image is None or len(image) != 3 or image[0] is None:
        return None
    return image[1:] if image[0] == 1 else (*image[1:], image[0])


def nested(library: Library, value: Value) -> Array | None:
    """The array that a list of numbers, or of lists of them, is made into."""
    if isinstance(value, Literal):
        plain = _plain_type(library, value.value)
        return Array(library, plain, ()) if plain else None
    if isinstance(value, Choice):
        return agreed([nested(library, each) for each in options(value)])
    if not isinstance(value, Items):
        known = number(value)
        plain = _plain_type(library, known) if known is not None else "int64" if is_index(value) else None
        return Array(library, plain, ()) if plain is not None else None
    parts = [nested(library, each) for each in [*value.items, *([value.each] if value.each else [])]]
    found = [each for each in parts if each is not None]
    if not found or len(found) != len(parts) or len({each.rank for each in found}) != 1:
        return None
    dtypes = {each.dtype for each in found}
    floats = {each for each in dtypes if each and each.startswith("float")}
    dtype = dtypes.pop() if len(dtypes) == 1 else floats.pop() if floats and dtypes - floats == {"int64"} else None
    inner = agreed([each.of_dtype(None) for each in found])
    if inner is None or inner.shape is None:
        return None
    count = len(value.items) if value.complete and value.each is None else None
    return Array(library, dtype, (count, *inner.shape))
