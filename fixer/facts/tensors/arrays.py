"""Which array, tensor or PIL image a value is, of what shape and type, where the file determines it."""

from __future__ import annotations

import ast
from dataclasses import replace

from fixer.facts.data.known_data import known_data
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import (
    Arguments,
    Augmented,
    Choice,
    Computed,
    Imported,
    Items,
    Literal,
    Made,
    Mapping,
    Part,
    Unknown,
    Value,
    options,
    roots,
)
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.array_changes import changed
from fixer.facts.tensors.array_factories import RANDOM_STATES, TABLES, made, random
from fixer.facts.tensors.array_indexing import INDEX, indexed, is_index
from fixer.facts.tensors.array_joins import each_of
from fixer.facts.tensors.array_kinds import (
    DTYPES,
    Array,
    Library,
    agreed,
    broadcast,
    dimensions,
    dtype_of,
    maps_of,
    promoted,
)
from fixer.facts.tensors.frames import from_pandas, rank_of
from fixer.facts.tensors.sizes import number, whole

__all__ = ["INDEX", "array", "is_index", "replace_base"]

# Modes of bytes. https://pillow.readthedocs.io/en/stable/handbook/concepts.html#modes
_CHANNELS = {"L": 1, "RGB": 3, "YCbCr": 3, "LAB": 3, "HSV": 3, "RGBA": 4, "CMYK": 4}
_ANNOTATIONS = {"numpy.ndarray": Library.NUMPY, "torch.Tensor": Library.TORCH, "PIL.Image.Image": Library.PIL}
_DEEPEST = 60
_RESHAPED_IN_PLACE = frozenset(
    {"unsqueeze_", "squeeze_", "resize_", "resize", "transpose_", "t_", "swapaxes_", "swapdims_", "set_", "resize_as_"}
)
_SPLIT = "sklearn.model_selection.train_test_split"
_CASTS = frozenset({"float", "double", "half", "long", "int", "short", "byte"})
_depth = 0


class _TooDeep(Exception):
    """The value was computed in more steps than are followed back at once."""


def array(value: Value) -> Array | None:
    """What array, tensor or image `value` is; None: nothing of the kind, or not known.

    Batches of loaders and outputs of models are followed: see `data.batches` and `modules.forwards` here.
    """
    global _depth
    facts = value.__dict__.get("facts")
    if facts is not None and "array" in facts:
        found: Array | None = facts["array"]
        return found
    if _depth >= _DEEPEST:
        raise _TooDeep
    _depth += 1
    try:
        found = _array(value)
    except _TooDeep:
        if _depth > 1:
            raise
        return None
    finally:
        _depth -= 1
    if found is not None and found.library is not Library.PIL and _reshaped_in_place(value):
        found = found.of_shape(None)
    value.__dict__.setdefault("facts", {})["array"] = found
    return found


def _reshaped_in_place(value: Value) -> bool:
    if value.uses & _RESHAPED_IN_PLACE:
        return True
    return any(
        key in value.attributes
        and not (isinstance(value.attributes[key], Part) and value.attributes[key].base is value)  # type: ignore[attr-defined]
        for key in ("shape", "data")
    )


def _array(value: Value) -> Array | None:
    match value:
        case Choice():
            return _either(options(value))
        case Made(callee=Imported(dotted=dotted), arguments=arguments):
            return _called(dotted, arguments)
        case Made():
            return _stands_for(value)
        case Part(how="method"):
            return _method(value)
        case Part(how="attribute", base=base, key=key):
            return _attribute(base, key)
        case Part(how="subscript" | "element"):
            return _item(value)
        case Computed():
            return _computed(value)
        case Augmented(before=before):
            known = array(before)
            if known is not None and known.library is Library.NUMPY:
                # what is no array but a number may change its type, and grow when an array is added
                return Array(Library.NUMPY, shape=known.shape or None)
            return replace(known, unit=False) if known is not None and known.library is Library.TORCH else None
        case Unknown(annotation=str() as annotation) if annotation in _ANNOTATIONS:
            return Array(_ANNOTATIONS[annotation])
    return None


def _either(several: list[Value]) -> Array | None:
    """One of several, depending on the path."""
    found = agreed([array(each) for each in several])
    if found is not None and found.doubles:
        single = [each for each in several if (known := array(each)) is not None and known.dtype == "float32"]
        cast = {id(root) for each in single for root in roots(each)}
        double = [each for each in several if each not in single]
        # not `if x.dtype != torch.float32: x = x.float()`, and not what only stands there until something is known
        if any(id(each) in cast or _is_blank(each) for each in double):
            return replace(found, doubles=False)
    return found


def _is_blank(value: Value) -> bool:
    """Whether it is made of zeros or of nothing."""
    made = [each for root in roots(value) if isinstance(root, Made) for each in [root, *root.arguments.positional[:1]]]
    return any((getattr(each, "dotted", None) or "").endswith((".zeros", ".empty")) for each in made)


def _called(dotted: str, arguments: Arguments) -> Array | None:
    from fixer.facts.modules.functional import functional
    from fixer.facts.transforms.images import TO_TENSOR_FUNCTIONS, by_function, converted

    if dotted.startswith("torchvision.transforms.") and dotted not in TO_TENSOR_FUNCTIONS:
        image = array(arguments.positional[0]) if arguments.complete and arguments.positional else None
        return by_function(dotted, arguments, image) if image is not None else None
    if dotted in TO_TENSOR_FUNCTIONS:
        image = array(arguments.positional[0]) if len(arguments.all()) == 1 and arguments.positional else None
        return converted(TO_TENSOR_FUNCTIONS[dotted], image) if image is not None else None
    found = functional(dotted, arguments)
    return found if found is not None else made(dotted, arguments, array)


def _stands_for(value: Value) -> Array | None:
    """The output of a model, a batch of a loader, a sample of a dataset."""
    from fixer.facts.data.batches import stands_for

    found = stands_for(value)
    if isinstance(found, Array):
        return found
    return array(found) if found is not None and found is not value else None


def _attribute(base: Value, key: object) -> Array | None:
    if key == "values" and from_pandas(base):
        return _of_table(base)
    data = known_data(base, str(key))
    if data is not None:
        return data
    if key not in ("T", "mT", "data", "grad", "H"):
        return None
    known = array(base)
    if known is None or key in ("data", "grad"):
        return known
    if key == "T":
        return known.of_shape(known.shape[::-1] if known.shape is not None else None)
    return known.of_shape(views.swapped(known.shape, -1, -2) if known.shape else None)


def _method(value: Part) -> Array | None:
    name, arguments = value.key, value.arguments or Arguments()
    base = value.base
    if isinstance(base, Made) and base.dotted in RANDOM_STATES:
        return random(name, arguments)
    if name in ("to_numpy", "as_matrix") and from_pandas(base):
        return _of_table(base)
    if (
        name in ("fit_transform", "transform")
        and isinstance(base, Made)
        and (base.dotted or "").startswith("sklearn.preprocessing.")
    ):
        known = array(arguments.positional[0]) if arguments.positional else None
        scaled = base.dotted is not None and base.dotted.endswith("Scaler")
        return Array(Library.NUMPY, "float64", known.shape) if known and scaled else None
    if name in ("matmul", "mm", "bmm") and len(arguments.positional) == 1:
        return _multiplied(array(base), array(arguments.positional[0]))
    known = array(base)
    if known is None and name in _CASTS and not arguments.all() and kind(base) is not Kind.MODULE:
        return Array(Library.TORCH, DTYPES[name])  # modules have these methods, too
    if known is None and name == "astype" and len(arguments.positional) == 1:
        return Array(Library.NUMPY, dtype) if (dtype := dtype_of(arguments.positional[0])) else None
    if known is None and name == "permute" and arguments.complete:
        order = dimensions(arguments.positional) or ()
        if len(order) > 1 and None not in order:  # of so many dimensions, then
            known = Array(Library.TORCH, shape=(None,) * len(order))
    if known is None and name == "unsqueeze":  # only tensors have it
        known = Array(Library.TORCH)
    if known is None and name == "view" and arguments.complete and not arguments.keywords:
        sizes = dimensions(arguments.positional) or ()
        if len(sizes) > 1:  # only tensors are told several
            return Array(Library.TORCH, shape=tuple(None if each is None or each < 0 else each for each in sizes))
    if known is not None and known.library is Library.PIL and name != "copy":
        return _of_picture(known, name, arguments)
    return changed(known, name, arguments) if known else None


def _of_picture(known: Array, name: str, arguments: Arguments) -> Array | None:
    """What a method of a PIL image gives: `resize` is told the width first, `convert` the colours."""
    if name == "convert":
        mode = arguments.get(0, "mode")
        channels = _CHANNELS.get(mode.value) if isinstance(mode, Literal) else None
        sizes = (known.shape or (None,) * 3)[1:]
        return Array(Library.PIL, "uint8", (channels, *sizes)) if channels else known.of_shape(None)
    size = arguments.get(0, "size")
    if name == "resize" and isinstance(size, Items) and len(size.items) == 2 and known.rank == 3 and known.shape:
        width, height = map(whole, size.items)
        return known.of_shape((known.shape[0], height, width))
    return changed(known.of_shape(None), name, arguments)


def _multiplied(left: Array | None, right: Array | None) -> Array | None:
    if left is None or right is None:
        return None
    dtype = left.dtype if left.dtype == right.dtype else None  # torch refuses to mix types here
    return Array(left.library, dtype, views.multiplied(left.shape, right.shape))


# -- operators ---------------------------------------------------------------------------------------------------------


def _computed(value: Computed) -> Array | None:
    node = value.node
    if isinstance(node, ast.UnaryOp):
        known = array(value.operands[0])
        return replace(known, unit=False) if known and isinstance(node.op, ast.USub) else None
    if len(value.operands) != 2 or not isinstance(node, ast.BinOp | ast.Compare):
        return None
    left, right = (array(each) for each in value.operands)
    if any(each is not None and each.library is Library.PIL for each in (left, right)):
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return _multiplied(left, right)
    known = left or right
    if known is None:
        return None
    other = value.operands[1] if known is left else value.operands[0]
    both = left is not None and right is not None
    shape = broadcast(left.shape, right.shape) if left and right else known.shape if _is_scalar(other) else None
    if isinstance(node, ast.Compare):
        plain = not isinstance(node.ops[0], ast.Is | ast.IsNot | ast.In | ast.NotIn)
        return Array(known.library, "bool", shape) if plain else None
    library = Library.TORCH if left and right and Library.TORCH in (left.library, right.library) else known.library
    dtype = _mixed(library, left, right) if left and right else _with_number(known, other)
    unit = False
    if isinstance(node.op, ast.Div):
        if dtype is not None and not dtype.startswith(("float", "bfloat")):
            dtype = "float64" if library is Library.NUMPY else "float32"
        unit = known is left and not both and known.dtype == "uint8" and number(other) in (255, 255.0)
    layer = known.layer if not (left and right) or left.layer is right.layer else None
    maps = maps_of(each for each in (left, right) if each is not None)
    last = left.last if left and right and left.last == right.last else None
    if not both and shape is None and _is_scalar(other):
        last = known.last
    return Array(library, dtype, shape, unit, None if shape is not None else last, layer=layer).as_maps(maps)


def _is_scalar(value: Value) -> bool:
    """Whether an operand leaves the shape of the other one as it is."""
    if isinstance(value, Choice):
        return all(_is_scalar(each) for each in options(value))
    if isinstance(value, Computed) and isinstance(value.node, ast.BinOp):
        return all(_is_scalar(each) for each in value.operands)
    if number(value) is not None or is_index(value):
        return True
    if isinstance(value, Part) and value.how == "method" and value.key == "item":
        return True
    reduced = isinstance(value, Part) and value.how == "method" and value.key in ("mean", "std", "max", "min", "sum")
    return reduced and isinstance(value, Part) and value.arguments is not None and not value.arguments.all()


def _mixed(library: Library, left: Array, right: Array) -> str | None:
    if left.dtype == right.dtype:
        return left.dtype
    if left.shape is None or right.shape is None or () in (left.shape, right.shape):
        return None  # a tensor without dimensions counts like a number
    return promoted(library, left.dtype, right.dtype)


def _with_number(known: Array, other: Value) -> str | None:
    """The type of what an operator makes of an array and a Python number."""
    plain = number(other)
    if known.floating:
        return known.dtype if plain is not None or _is_scalar(other) else None
    if plain is None or known.dtype is None:
        return None
    if isinstance(plain, int):
        return known.dtype if known.dtype != "bool" else None
    return "float64" if known.library is Library.NUMPY else "float32"


# -- parts of them -----------------------------------------------------------------------------------------------------


def _item(value: Part) -> Array | None:
    base = value.base
    if isinstance(base, Choice):
        return agreed([_item(replace_base(value, each)) for each in options(base)])
    if isinstance(base, Items):
        return each_of(base, array)
    if isinstance(base, Mapping):
        return agreed([array(each) for each in base.items.values()]) if base.items and base.complete else None
    if isinstance(base, Made) and base.dotted == _SPLIT:
        return _split(value, base)
    found = _stands_for(value)
    if found is not None:
        return found
    data = known_data(base, value.key)
    if data is not None:
        return data
    whole_of_parts = _torn(base)
    if whole_of_parts is not None:
        return whole_of_parts
    known = array(base)
    if known is None or known.library is Library.PIL:
        return None
    if isinstance(base, Made) and base.dotted in TABLES and known.shape is None and _of_two(value):
        known = known.of_shape((None, None))  # or NumPy would raise
    if value.how == "element" or isinstance(value.key, int):
        return known.of_shape(known.shape[1:] if known.shape else None)
    if known.shape is None:
        return _of_unknown_rank(known, value)
    return known.of_shape(indexed(known.shape, value.holds, array) if known.shape else None)


def _of_unknown_rank(known: Array, value: Part) -> Array:
    """`x[:, -1, :]`, `x[:, None]`: the last dimension stays as it is, and a new one may come behind the first."""
    keys = value.holds[0].items if value.holds and isinstance(value.holds[0], Items) else []
    new = len(keys) > 1 and isinstance(keys[0].node, ast.Slice) and _is_none(keys[1])
    whole_of_it = len(keys) > 1 and isinstance(keys[-1].node, ast.Slice) and ast.unparse(keys[-1].node) == ":"
    last = known.last if new or whole_of_it else None
    return replace(known.of_shape(None, last), second=1 if new else None, layer=None if new else known.layer)


def _is_none(key: Value) -> bool:
    return isinstance(key, Literal) and key.value is None


def _of_two(value: Part) -> bool:
    """Whether rows and columns are asked for: `x[:, 3]`."""
    keys = value.holds[0] if value.holds else None
    return isinstance(keys, Items) and isinstance(keys.node, ast.Tuple) and len(keys.items) == 2


def _torn(base: Value) -> Array | None:
    """What each part of `x.split(8)` and `x.chunk(3)` is."""
    if isinstance(base, Part) and base.how == "method" and base.key in ("split", "chunk", "unbind"):
        known, given = array(base.base), (base.arguments or Arguments()).positional[1:]
        keywords = (base.arguments or Arguments()).keywords
    elif isinstance(base, Made) and base.dotted in ("torch.split", "torch.chunk") and base.arguments.positional:
        known, given, keywords = (
            array(base.arguments.positional[0]),
            base.arguments.positional[2:],
            base.arguments.keywords,
        )
    else:
        return None
    if known is None or known.library is not Library.TORCH:
        return None
    plain = known.shape and not given and "dim" not in keywords and getattr(base, "key", "") != "unbind"
    return known.of_shape((None, *known.shape[1:]) if plain and known.shape else None)


def _split(value: Part, base: Made) -> Array | None:
    """`x_train, x_test, y_train, y_test = train_test_split(x, y)`."""
    place = value.key // 2 if isinstance(value.key, int) else 0
    if place >= len(base.arguments.positional):
        return None
    known = array(base.arguments.positional[place])
    if known is None or not known.shape:
        return known
    return known.of_shape(
        (_part_size(base, known.shape[0], isinstance(value.key, int) and value.key % 2 == 1), *known.shape[1:])
    )


def _part_size(base: Made, rows: int | None, test: bool) -> int | None:
    """How many rows a part gets: a fraction is rounded up for the test part."""
    given = base.arguments.keywords
    if (
        rows is None
        or not isinstance(base.arguments, Arguments)
        or "train_size" in given
        or not base.arguments.complete
    ):
        return None
    size = number(given["test_size"]) if "test_size" in given else 0.25
    if size is None:
        return None
    held_out = size if isinstance(size, int) else -int(-rows * size // 1)
    return int(held_out) if test else rows - int(held_out)


def replace_base(part: Part, base: Value) -> Part:
    """The same part of another object."""
    return Part(part.node, holds=part.holds, base=base, how=part.how, key=part.key, arguments=part.arguments)


def _of_table(value: Value) -> Array:
    """What is in a table or column of pandas."""
    rank = rank_of(value)
    return Array(Library.NUMPY, shape=None if rank is None else (None,) * rank)
