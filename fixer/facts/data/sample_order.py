"""In which order the rows of data and the samples of datasets come: an order of their own, or one drawn at random."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from enum import StrEnum

from fixer.facts.program.values import (
    Class,
    Computed,
    Function,
    FunctionNode,
    Imported,
    Items,
    Literal,
    Made,
    Part,
    Value,
    options,
)
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import same_data


class Order(StrEnum):
    OWN = "own"
    """One that means something, or that a file happens to have: by class, by size, by date."""
    RANDOM = "random"
    """Drawn or shuffled, so that any other order would do as well."""
    NONE = "none"
    """All rows are alike: a constant."""
    UNKNOWN = "unknown"


_DRAWN = re.compile(
    r"torch\.(rand\w*|normal|bernoulli|poisson)$|numpy\.random\.\w+$|torch\.utils\.data\.random_split$|"
    r"sklearn\.(datasets\.make_\w+|model_selection\.train_test_split|utils\.shuffle)$"
)
_GENERATORS = re.compile(r"numpy\.random\.(RandomState|default_rng|Generator)$|torch\.distributions\.")
_CONSTANT = re.compile(r"(torch|numpy)\.(zeros|ones|full|empty)(_like)?$")
_SORTED = re.compile(
    r"(torch|numpy)\.(linspace|arange|logspace|meshgrid|repeat_interleave|sort|unique)$|numpy\.repeat$|"
    r"sklearn\.datasets\.(load|fetch)_\w+$|range$|sorted$"
)
_READ = re.compile(
    r"pandas\.read_\w+$|numpy\.(load|loadtxt|genfromtxt|fromfile)$|torch\.load$|json\.load$|csv\.(reader|DictReader)$|"
    r"os\.(listdir|walk|scandir)$|glob\.i?glob$"
)
_JOINED = re.compile(r"(torch|numpy)\.(cat|concat|concatenate|vstack|row_stack)$")
_LISTS = frozenset({"glob", "rglob", "iterdir", "read", "readlines", "read_text", "splitlines"})
_SORTS = frozenset({"repeat_interleave", "sort", "sort_values"})


def combined(orders: Iterable[Order]) -> Order:
    """The order of rows that are made of several columns."""
    found = set(orders)
    return next((each for each in (Order.OWN, Order.UNKNOWN, Order.RANDOM) if each in found), Order.NONE)


def rows(value: Value, depth: int = 16) -> Order:
    """The order of the rows of an array, tensor, table or list."""
    value = same_data(value)
    if depth == 0 or (value.holds and not isinstance(value, Part)):
        return Order.UNKNOWN  # rows may have been written into it
    match value:
        case Literal():
            return Order.NONE
        case Made(callee=Imported(dotted=dotted)):
            return _made(dotted, value, depth - 1)
        case Computed(operands=operands):
            return combined(rows(each, depth - 1) for each in operands)
        case Part():
            return _part(value, depth - 1)
        case Items(items=[], each=Value() as each):
            source = _element(each, depth - 1)
            return rows(source.base, depth - 1) if source is not None else Order.UNKNOWN
    several = options(value)
    return combined(rows(each, depth - 1) for each in several) if several != [value] else Order.UNKNOWN


def _element(value: Value, depth: int) -> Part | None:
    """The element that one item of a comprehension is made of: `name` in `root + name for name in names`."""
    inner: list[Value] = []
    match value:
        case Part(how="element"):
            return value
        case Part(base=base):
            inner = [base]
        case Computed(operands=operands):
            inner = operands
        case Made(callee=Imported()):
            inner = value.arguments.all()
    found = [one for each in inner if depth and (one := _element(each, depth - 1)) is not None]
    return found[0] if len({id(each.base) for each in found}) == 1 else None


def _made(dotted: str, made: Made, depth: int) -> Order:
    given = made.arguments
    if _DRAWN.match(dotted):
        kept = given.get(None, "shuffle")
        return Order.UNKNOWN if isinstance(kept, Literal) and kept.value is False else Order.RANDOM
    if _CONSTANT.match(dotted):
        return Order.NONE
    if _SORTED.match(dotted) or _READ.match(dotted):
        return Order.OWN
    if _JOINED.match(dotted) and given.positional:
        return _joined(given.positional[0], given.get(1, "dim") or given.get(1, "axis"), depth)
    if (dotted.startswith(("torch.", "numpy.")) or dotted in ("list", "tuple")) and given.positional:
        return combined(rows(each, depth) for each in given.positional)
    return Order.UNKNOWN


def _joined(parts: Value, axis: Value | None, depth: int) -> Order:
    """One class, or one file, behind the other; or several columns side by side."""
    if not isinstance(parts, Items):
        return Order.UNKNOWN
    several = parts.each is not None or len(parts.items) > 1
    if several and (axis is None or (isinstance(axis, Literal) and axis.value == 0)):
        return Order.OWN
    return combined(rows(each, depth) for each in parts.items) if parts.complete else Order.UNKNOWN


def _part(value: Part, depth: int) -> Order:
    base = value.base
    if value.how == "method":
        if isinstance(base, Made) and _GENERATORS.match(base.dotted or ""):
            return Order.RANDOM
        if value.key in _SORTS or value.key in _LISTS:
            return Order.OWN
        given = value.arguments.positional if value.arguments else []
        if value.key in ("fit_transform", "transform") and given:
            return rows(given[0], depth)
        return combined([rows(base, depth), *[rows(each, depth) for each in given]])
    if value.how == "subscript" and value.key is None:
        chosen = value.holds[0] if value.holds else value
        if isinstance(chosen, Items) and chosen.items:
            chosen = chosen.items[0]
        return rows(base, depth) if isinstance(chosen.node, ast.Slice) else rows(chosen, depth)
    return rows(base, depth) if value.how != "element" else Order.UNKNOWN


# -- datasets ----------------------------------------------------------------------------------------------------------

_PICTURES = re.compile(r"torchvision\.datasets\.[A-Z]\w+$")
_MIXES = re.compile(r"shuf|perm|rand|sample\(|choice")


def samples(dataset: Value) -> Order:
    """The order of the samples of a map-style dataset."""
    return combined(_samples(each) for each in options(dataset))


def _samples(dataset: Value) -> Order:
    if not isinstance(dataset, Made):
        return Order.UNKNOWN
    if dataset.cls is not None:
        return _own_class(dataset, dataset.cls)
    if _of_torchvision(dataset):
        return Order.RANDOM if (dataset.dotted or "").endswith(".FakeData") else Order.OWN
    given = dataset.arguments.positional
    match dataset.dotted:
        case "torch.utils.data.TensorDataset":
            return combined(map(rows, given)) if dataset.arguments.complete else Order.UNKNOWN
        case "torch.utils.data.Subset" if len(given) == 2:
            picked = given[1]
            return samples(given[0]) if isinstance(picked, Made) and picked.dotted == "range" else Order.UNKNOWN
        case "torch.utils.data.ConcatDataset" if given and isinstance(given[0], Items) and len(given[0].items) > 1:
            known = {samples(each) for each in given[0].items}
            return Order.UNKNOWN if Order.UNKNOWN in known else Order.OWN  # one set behind the other
    return Order.UNKNOWN


def _of_torchvision(dataset: Value) -> bool:
    """Whether it is one of torchvision's data sets, those whose targets are boxes or masks included."""
    return isinstance(dataset, Made) and _PICTURES.match(dataset.dotted or "") is not None


def _own_class(made: Made, cls: Class) -> Order:
    """A `Dataset` of this file that reads its attributes at the index it is asked for."""
    bases = [each for each in cls.mro() if not isinstance(each, Class)]
    plain = all(isinstance(each, Imported) and each.dotted == "torch.utils.data.Dataset" for each in bases)
    item = cls.find("__getitem__")
    if not plain or cls.find("__iter__") or not isinstance(item, Function) or cls.definition is None:
        return Order.UNKNOWN
    names = _indexed(item.function) if item.function is not None else []
    if not names or _MIXES.search(ast.unparse(cls.definition)):
        return Order.UNKNOWN
    return combined(rows(made.attributes[name]) if name in made.attributes else Order.UNKNOWN for name in names)


def _indexed(function: FunctionNode) -> list[str]:
    """The attributes that `__getitem__` reads at its parameter."""
    parameters = [each.arg for each in function.args.args]
    found: dict[str, None] = {}
    for node in walk(function):
        match node:
            case (
                ast.Subscript(value=ast.Attribute(value=ast.Name(id=owner), attr=name), slice=key)
                | ast.Subscript(
                    value=ast.Attribute(value=ast.Attribute(value=ast.Name(id=owner), attr=name), attr="iloc"),
                    slice=key,
                )
            ):
                used = {each.id for each in walk(key) if isinstance(each, ast.Name)}
                if len(parameters) == 2 and owner == parameters[0] and parameters[1] in used:
                    found[name] = None
    return list(found)


# -- what the program says ---------------------------------------------------------------------------------------------

# Words of programs in which the order of samples means something.
_IN_SEQUENCE = re.compile(
    r"time.?series|forecast|look_?back|horizon(?!tal)|sliding|windows?\b|window_|bptt|stateful|hidden_?state|lstm|"
    r"\bgru\b|rnn|"
    r"curricul|continual|online.?learn|streaming|video|episode|replay|trajector|autoregress|stock|sequences?\b|seq_len"
)
# Those that may mean the order of images, too.
_IN_LESSONS = re.compile(r"curricul|continual|online.?learn|streaming|replay")
# Words of programs that put their data into another order themselves.
_MIXED = re.compile(
    r"(?<!pixel_)(?<!pixel)(?<!channel_)(?<!unit)shuffle\(|permutation|randperm|random_split|train_test_split|kfold|"
    r"shufflesplit|\.sample\(frac|sample\(\w+, *(k *= *)?len\("
)


_MIXED_FILES = re.compile(r"shuffle\([^()\n]*\.(samples|imgs|targets|data)\b")
"""The list that a dataset of pictures goes by."""


def in_sequence(script: Script) -> bool:
    """Whether the program says that its samples follow one another in time."""
    return _IN_SEQUENCE.search(script.lowered) is not None


def shuffled_in_place(script: Script, rows: Value) -> bool:
    """Whether the program shuffles this very list or array, `random.shuffle(indices)`: no row has a past then."""
    shuffles = (call for call in script.run.calls if (call.dotted or "").endswith("random.shuffle"))
    return any(rows in options(each) for call in shuffles for each in call.arguments.positional[:1])


def order_is_meant(script: Script, dataset: Value) -> bool:
    """Whether the program says that the order of its samples has a meaning, or sees to their order by itself."""
    pictures = all(map(_of_torchvision, options(dataset)))
    meant = _IN_LESSONS.search(script.lowered) is not None if pictures else in_sequence(script)
    mixed = _MIXED_FILES if pictures else _MIXED  # whatever else the program puts into a random order
    return meant or mixed.search(script.lowered) is not None
