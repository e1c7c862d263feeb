"""How two zipped loaders are made into one, over a dataset that gives an input and its target together."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixer.edits import Edit, remove, replace, set_keyword
from fixer.facts.data.datasets import Loader, indexable
from fixer.facts.data.loaders import argument, switch, written
from fixer.facts.data.origins import reads_alike
from fixer.facts.data.zipped import Zipped
from fixer.facts.places.spelling import beside
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import Made, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Library
from fixer.facts.tensors.arrays import array

_DATA = "torch.utils.data"


@dataclass(frozen=True)
class _Paired:
    """The text of a dataset of both, and whether its samples are the two tensors themselves, not tuples of one."""

    class_name: str
    arguments: str
    unpacked: bool = False


def one_loader(script: Script, found: Zipped, zips: list[Zipped]) -> tuple[Edit, ...] | None:
    """Let the inputs' loader draw both; `zips` are all zips of these two loaders. None: no sure way."""
    kept, other = found.inputs, found.targets
    call = kept.call.node
    paired = _paired(script, found, zips)
    drawn, place = written(kept, "dataset"), written(other, "dataset")
    if paired is None or place is None or drawn is None:
        return None
    if argument(kept, "collate_fn") or argument(other, "collate_fn") or not reads_alike(script, place, call):
        return None
    spelled = beside(script, call.func, f"{_DATA}.{paired.class_name}")
    if spelled is None:
        return None
    both = f"{spelled.code}({paired.arguments})"
    if all(each.call.node in found.node.args for each in (kept, other)):
        if switch(kept, "shuffle") is not True:
            return None
        edits: list[Edit] = [replace(found.node, script.source(call).replace(script.source(drawn), both, 1))]
    else:
        named = _one_name(script, zips)
        if named is None:
            return None
        edits = [replace(drawn, both), *named, *_shuffle(kept)]
    if paired.unpacked:
        edits += [replace(part, script.source(inner)) for each in zips for part, inner in _singles(each)]
    return (*edits, *spelled.imports)


def _shuffle(kept: Loader) -> list[Edit]:
    if switch(kept, "shuffle") is True:
        return []
    given = written(kept, "shuffle")
    return [replace(given, "True") if given is not None else set_keyword(kept.call.node, "shuffle", "True")]


# -- the dataset -------------------------------------------------------------------------------------------------------


def _paired(script: Script, found: Zipped, zips: list[Zipped]) -> _Paired | None:
    """A `TensorDataset` where both are tensors, else a `StackDataset`, whose batches have the form of the zip's."""
    pair = (found.first, found.second)
    nodes = [node for node in (written(each, "dataset") for each in pair) if node is not None]
    if len(nodes) != 2:
        return None
    if all(_is_tensor(each.dataset) for each in pair):
        return _Paired("TensorDataset", ", ".join(map(script.source, nodes)))
    inner = [node for node in map(_only_tensor, nodes) if node is not None]
    taken_apart = all(len(_singles(each)) == 2 for each in zips)
    if all(_of_one_tensor(each.dataset) for each in pair) and len(inner) == 2 and taken_apart:
        return _Paired("TensorDataset", ", ".join(map(script.source, inner)), unpacked=True)
    if all(_is_map_style(each.dataset) for each in pair):
        return _Paired("StackDataset", ", ".join(map(script.source, nodes)))
    return None


def _is_tensor(value: Value) -> bool:
    known = array(value)
    return known is not None and known.library is Library.TORCH


def _of_one_tensor(dataset: Value) -> bool:
    return (
        isinstance(dataset, Made)
        and dataset.dotted == f"{_DATA}.TensorDataset"
        and len(dataset.arguments.all()) == 1
        and dataset.arguments.complete
    )


def _only_tensor(node: ast.expr) -> ast.expr | None:
    """The `x` of `TensorDataset(x)`, where the loader's own call holds it."""
    match node:
        case ast.Call(args=[inner], keywords=[]) if not isinstance(inner, ast.Starred):
            return inner
    return None


def _singles(found: Zipped) -> list[tuple[ast.expr, ast.expr]]:
    """The parts `(x,)` of the target `(x,), (y,)` of the loop over the zip, each with its element."""
    target = getattr(found.loop.node, "target", None)
    while isinstance(target, ast.Tuple) and len(target.elts) == 2 and isinstance(target.elts[0], ast.Name):
        target = target.elts[1]  # behind the number of the batch
    parts = target.elts if isinstance(target, ast.Tuple) else []
    return [(each, each.elts[0]) for each in parts if isinstance(each, ast.Tuple | ast.List) and len(each.elts) == 1]


def _is_map_style(dataset: Value) -> bool:
    known = array(dataset)
    if known is not None:
        return known.library is not Library.PIL
    return kind(dataset) is Kind.DATASET and isinstance(dataset, Made) and indexable(dataset) and _has_items(dataset)


def _has_items(dataset: Made) -> bool:
    if dataset.cls is not None:
        return dataset.cls.find("__getitem__") is not None and dataset.cls.find("__len__") is not None
    return (dataset.dotted or "").startswith(("torch.utils.data.", "torchvision.datasets."))


# -- the names ---------------------------------------------------------------------------------------------------------


def _one_name(script: Script, zips: list[Zipped]) -> list[Edit] | None:
    """Replace the zips by the loader that is kept, and drop the other one where nothing else needs it."""
    kept, other = (_target(script, each) for each in (zips[0].inputs, zips[0].targets))
    if kept is None or other is None:
        return None
    text, other_text = script.source(kept), script.source(other)
    nodes = [each.node for each in zips]
    if {script.source(each) for node in nodes for each in node.args} != {text, other_text}:
        return None  # zipped under other names, in another function
    if any(_parameter(script, node, each) for node in nodes for each in (text, other_text)):
        return None  # another call may hand in other loaders
    name = _common_name(script, text, other_text)
    edits: list[Edit] = []
    if name is not None and _uses(script, text) == _uses(script, other_text) == 1 + len(zips):
        edits.append(replace(kept, name))
        text = name
    edits += [replace(node, text) for node in nodes]
    if _uses(script, other_text) == 1 + len(zips):
        edits.append(remove(script.statement_of(other)))
    return edits


def _target(script: Script, loader: Loader) -> ast.Name | ast.Attribute | None:
    """The one variable or attribute that the statement of the call binds the loader to."""
    match script.parents[loader.call.node]:
        case ast.Assign(targets=[ast.Name() | ast.Attribute() as target]):
            return target
    return None


def _parameter(script: Script, node: ast.Call, name: str) -> bool:
    """Whether a plain name is a parameter of the function that holds `node`."""
    function = script.function_of(node)
    return function is not None and any(isinstance(each, ast.arg) and each.arg == name for each in walk(function.args))


def _uses(script: Script, text: str) -> int:
    named = [each for each in walk(script.tree) if isinstance(each, ast.Name | ast.Attribute)]
    return sum(1 for each in named if ast.unparse(each) == text)


def _common_name(script: Script, one: str, other: str) -> str | None:
    """`train_x_loader` and `train_y_loader` are `train_loader` together."""
    base, _, first = one.rpartition(".")
    other_base, _, second = other.rpartition(".")
    words = [each for each in first.split("_") if each in second.split("_")]
    name = "_".join(words)
    taken = {each.attr for each in walk(script.tree) if isinstance(each, ast.Attribute)} | script.names.bound
    if base != other_base or not name.isidentifier() or name in taken:
        return None
    return f"{base}.{name}" if base else name
