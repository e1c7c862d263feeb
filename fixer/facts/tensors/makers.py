"""Where the type of a tensor is decided: the call that made it, before all that only moves or reshapes it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.batches import batches, sample_value
from fixer.facts.program.values import Function, Imported, Items, Made, Part, Value
from fixer.facts.program.walk import walk
from fixer.facts.tensors.array_changes import SAME, names
from fixer.facts.tensors.array_kinds import Library
from fixer.facts.tensors.arrays import array

_MOVES = SAME | names(
    "reshape view view_as reshape_as transpose permute squeeze unsqueeze expand expand_as expand_dims repeat swapaxes "
    "flatten unflatten ravel moveaxis rot90 take narrow select index_select t pin_memory unfold tile broadcast_to"
)
_CONVERSIONS = frozenset({"torch.from_numpy", "torch.tensor", "torch.as_tensor"})


@dataclass(frozen=True)
class Maker:
    """The call that decides the type of a tensor or array. `node` is its text."""

    value: Value
    node: ast.expr
    returned: ast.expr | None = None
    """For an array that a loader collates: how `__getitem__` writes it in what it returns."""
    through: Made | None = None
    """The dataset whose `__getitem__` returns it."""


def trail(value: Value, depth: int = 24) -> Iterator[tuple[Value, tuple[Made, int | None] | None]]:
    """`value` and what it was before it was moved, reshaped or cut, and before a loader drew it.

    Beside each step stands the dataset that it was read from last, and the element of the sample.
    """
    through: tuple[Made, int | None] | None = None
    current: Value | None = value
    while current is not None and depth:
        yield current, through
        depth -= 1
        drawn = _drawn(current)
        if drawn is not None:
            current, through = drawn
        else:
            current = _before(current)


def maker(value: Value) -> Maker | None:
    """Where the type of `value` is decided; None where that is not one place in sight."""
    last, through = None, None
    for last, through in trail(value):  # noqa: B007
        pass
    node = last.node if last is not None else None
    if last is None or not isinstance(node, ast.expr) or array(last) is None:
        return None
    dataset, element = through or (None, None)
    return Maker(last, node, returned(dataset, element) if dataset is not None else None, dataset)


def _before(value: Value) -> Value | None:
    """The tensor that `value` was, in the same type."""
    match value:
        case Part(how="method", key=str() as name, base=base) if name in _MOVES:
            return base
        case Part(how="subscript" | "element", base=base) if array(base) is not None:
            return base
        case Part(how="attribute", key="T" | "data" | "mT", base=base):
            return base
        case Made(callee=Imported(dotted=dotted), arguments=given) if given.positional:
            module, _, name = dotted.rpartition(".")
            first = given.positional[0]
            moved = (module == "torch" and name in _MOVES) or dotted == "torch.autograd.Variable"
            if moved and array(first) is not None:
                return first
    return None


def _drawn(value: Value) -> tuple[Value, tuple[Made, int | None] | None] | None:
    """The element of a dataset's sample that a part of a batch is made of."""
    if not isinstance(value, Part) or value.how not in ("subscript", "element"):
        return None
    batch, element = (value, None) if value.how == "element" else (value.base, value.key)
    if not isinstance(batch, Part) or batch.how != "element" or not (element is None or isinstance(element, int)):
        return None
    loader = batches(batch.base)
    dataset = loader.dataset if loader is not None else None
    if dataset is None or not isinstance(dataset, Made):
        return None
    sample = sample_value(dataset)
    through = (dataset, element)
    if element is None:
        return (sample, through) if sample is not None and not isinstance(sample, Items) else None
    if isinstance(sample, Items) and sample.complete and -len(sample.items) <= element < len(sample.items):
        return sample.items[element], through
    return None


def returned(dataset: Made, element: int | None) -> ast.expr | None:
    """What the one `return` of a dataset's `__getitem__` gives as this element of a sample (None: as all of it)."""
    method = dataset.cls.find("__getitem__") if dataset.cls else None
    definition = method.function if isinstance(method, Function) else None
    if not isinstance(definition, ast.FunctionDef):
        return None
    found = [node.value for node in walk(definition) if isinstance(node, ast.Return)]
    if len(found) != 1 or found[0] is None:
        return None
    if element is None:
        return None if isinstance(found[0], ast.Tuple) else found[0]
    return found[0].elts[element] if isinstance(found[0], ast.Tuple) and element < len(found[0].elts) else None


def converts(made: Maker) -> bool:
    """Whether the type is that of what was converted: `torch.from_numpy(x)`, `torch.tensor(x)`."""
    return isinstance(made.value, Made) and made.value.dotted in _CONVERSIONS


def is_array(made: Maker) -> bool:
    """Whether it is a NumPy array, which a loader makes a tensor of the same type of."""
    known = array(made.value)
    return known is not None and known.library is Library.NUMPY
