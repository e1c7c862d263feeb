"""What datasets yield: the sample that `__getitem__` gives, its form, and what its first element is."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixer.facts.data.datasets import own_transform, sources, torchvision_dataset
from fixer.facts.program.interpret import Interpreter
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Function, Items, Literal, Made, Mapping, Part, Unknown, Value, join, options
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.tensors.arrays import INDEX, array


@dataclass(frozen=True)
class Sample:
    """What a dataset yields for one index: the value, and the calls made on the way to it."""

    value: Value
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Structure:
    """The form of a sample: a tuple of so many elements, a dict with these keys, or one array, tensor or image."""

    elements: int | None = None
    keys: tuple[str, ...] | None = None


def sample(dataset: Value, depth: int = 4) -> Sample | None:
    """What `dataset[index]` gives: `__getitem__` of a class of the file is followed with this object's attributes."""
    several = [_sample(each) for each in sources(dataset)] if depth else [None]
    known = [each for each in several if each is not None]
    if not known or len(known) != len(several):
        return None
    if len(known) == 1:
        return known[0]
    return Sample(join([each.value for each in known]), tuple(call for each in known for call in each.calls))


def _sample(dataset: Value) -> Sample | None:
    if not isinstance(dataset, Made):
        return None
    if dataset.cls is not None:
        return follow(dataset, "__getitem__", [Unknown(hint="index", annotation=INDEX)])
    given = dataset.arguments
    if dataset.dotted == "torch.utils.data.TensorDataset" and given.complete and not given.keywords:
        index: Value = Unknown(hint="index", annotation=INDEX)
        parts: list[Value] = [Part(each.node, base=each, how="subscript", holds=[index]) for each in given.positional]
        return Sample(Items(dataset.node, items=parts))
    return None


def follow(made: Made, method: str, arguments: list[Value]) -> Sample | None:
    """Run a method of an object of this file's class as the loader will, apart from the program's own run."""
    interpreter = Interpreter(ast.Module([], []))
    function = interpreter.attribute(made, method)
    if not isinstance(function, Function) or function.function is None:
        return None
    try:
        value = interpreter.inline(function, function.function, arguments, {})
    except (RecursionError, RuntimeError):
        return None
    return Sample(resolved(value), tuple(interpreter.run.calls))


def resolved(value: Value, depth: int = 6) -> Value:
    """`value`, with what is read from a dataset replaced by what that dataset yields."""
    if not isinstance(value, Part) or depth == 0:
        return value
    if value.how in ("subscript", "element") and not _is_key(value):
        inner = sample(value.base, depth - 1)
        if inner is not None:
            return inner.value
    base = resolved(value.base, depth - 1)
    if base is value.base:
        return value
    if value.how == "subscript" and isinstance(base, Items) and _is_key(value) and value.key < len(base.items):
        item: Value = base.items[value.key]
        return item
    return Part(value.node, holds=value.holds, base=base, how=value.how, key=value.key, arguments=value.arguments)


def _is_key(value: Part) -> bool:
    """Whether a subscript's key is a number that unpacks a sample, not an index into a dataset."""
    return isinstance(value.key, int) and isinstance(value.base, Part)


def structure(dataset: Value) -> Structure | None:
    """The form of the samples; None: not known, or not always the same."""
    found = {_structure(each) for each in sources(dataset)}
    return found.pop() if len(found) == 1 else None


def _structure(dataset: Value) -> Structure | None:
    if isinstance(dataset, Made) and torchvision_dataset(dataset):
        return Structure(elements=2)
    item = sample(dataset)
    if item is None:
        return None
    forms = {_form(each) for each in options(item.value)}
    return forms.pop() if len(forms) == 1 else None


def _form(value: Value) -> Structure | None:
    match value:
        case Items(node=ast.Tuple(), items=items, complete=True):
            return Structure(elements=len(items))
        case Items(items=items, complete=True) if isinstance(value.node, ast.Call):
            return Structure(elements=len(items))
        case Mapping(items=pairs, complete=True) if pairs and all(isinstance(key, str) for key in pairs):
            return Structure(keys=tuple(pairs))
    return Structure() if array(value) is not None else None


def inputs(dataset: Value) -> Array | None:
    """What the first element of a sample, or a sample that has no elements, is known to be."""
    if isinstance(dataset, Made) and torchvision_dataset(dataset) and torchvision_dataset(dataset) != "DatasetFolder":
        own = own_transform(dataset)
        return Array(Library.PIL) if isinstance(own, Literal) and own.value is None else None
    item = sample(dataset)
    if item is None:
        return None
    value = item.value.items[0] if isinstance(item.value, Items) and item.value.items else item.value
    return array(resolved(value))


def transforms_whole_samples(made: Made) -> bool:
    """Whether a dataset of this file hands its `transform` all of a sample: a dict or a tuple."""
    item = sample(made)
    calls = [call for call in item.calls if _is_own_transform(call.node)] if item else []
    return any(isinstance(each, Mapping | Items) for call in calls for each in call.arguments.positional)


def _is_own_transform(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "transform"
