"""Sizes that are written out where the size of a batch is meant, although the last batch of a loader may be smaller."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fixer.facts.data.batch_places import bound_name, drawn_name, looks_at_sizes
from fixer.facts.data.batches import Batches
from fixer.facts.data.datasets import guarded
from fixer.facts.data.drawn_rows import FILLED, RECURRENT, RESHAPES, batch_first, batch_of
from fixer.facts.data.joined_batches import joined
from fixer.facts.data.origins import reads_alike
from fixer.facts.loops.losses import loss_calls
from fixer.facts.modules.called import module_of
from fixer.facts.modules.fed import fed
from fixer.facts.modules.forwards import forward_of
from fixer.facts.modules.layers import name_of
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Imported, Items, Literal, Made, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.makers import maker
from fixer.facts.tensors.sizes import whole


@dataclass(frozen=True)
class FixedSize:
    """`size` is written in `call` where the rows of `rows` are meant; None: no name is there for them."""

    call: ast.Call
    size: ast.expr
    count: int | None
    """The number; None where it is known by its name only."""
    rows: ast.expr | None
    other: int | None = None
    """The size of another loader's batches, which come here, too."""


def fixed_sizes(script: Script) -> Iterator[FixedSize]:
    """Every place where a batch that may be smaller meets a size that is written out."""
    seen: dict[ast.expr, list[FixedSize]] = {}
    for call in (*script.run.calls, *fed(script)) if script.run.complete else ():
        sized: list[FixedSize] = []
        found = [
            (each, [*_reshaped(each, sized), *_hidden_state(script, each), *_beside(script, each)])
            for each in _with_forwards(call)
        ]
        for one in sized if not guarded(script, call) else ():
            seen.setdefault(one.size, []).append(one)
        found = [(each, sizes) for each, sizes in found if sizes and not looks_at_sizes(script, each.node)]
        if found and not guarded(script, call) and not looks_at_sizes(script, call.node):
            yield from (size for _, sizes in found for size in sizes if not _divides_the_data(script, size.count))
    for several in seen.values():
        counts = {each.count for each in several}
        first = next((each for each in several if _number(each.size) == each.count), None)
        # as many as one loader gives, and another gives batches of another size
        if first is not None and len(counts) > 1 and not looks_at_sizes(script, first.call):
            other = next(each.count for each in several if each.count != first.count)
            yield replace(first, other=other)
    yield from _targets(script)


def _divides_the_data(script: Script, count: int | None) -> bool:
    """Whether every part that the program cuts its data into, on whatever way they are used, has only full batches."""
    splits = script.calls("torch.utils.data.random_split")
    parts = [whole(each) for call in splits for each in _items(call.arguments.get(1, "lengths"))]
    return bool(count and parts) and all(each is not None and each > 1 and not each % (count or 1) for each in parts)


def _items(value: Value | None) -> list[Value]:
    return value.items if isinstance(value, Items) else []


def _number(size: ast.expr) -> int | None:
    return size.value if isinstance(size, ast.Constant) and isinstance(size.value, int) else None


def _with_forwards(call: Call, depth: int = 6) -> Iterator[Call]:
    """A call, and those that the `forward` of a module of the file makes for it."""
    yield call
    for result in options(call.result) if depth else ():
        followed = forward_of(result) if isinstance(result, Made) else None
        for each in followed.calls if followed is not None else ():
            yield from _with_forwards(each, depth - 1)


# -- the places --------------------------------------------------------------------------------------------------


def _reshaped(call: Call, sized: list[FixedSize]) -> Iterator[FixedSize]:
    """`x.view(32, -1)`, `torch.reshape(x, (32, -1))`. `sized`: those of batches whose size is known, meant or not."""
    result, node = call.result, call.node
    if isinstance(result, Part) and result.how == "method" and result.key in RESHAPES and result.arguments is not None:
        given, sizes, base = result.arguments.positional, node.args, result.base
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    elif call.dotted == "torch.reshape" and len(node.args) == 2 and len(call.arguments.positional) == 2:
        given, sizes, base, owner = (
            call.arguments.positional[1:],
            node.args[1:],
            call.arguments.positional[0],
            node.args[0],
        )
    else:
        return
    first = _first(given, sizes)
    batch = batch_of(base) if first is not None else None
    if first is not None and batch is not None:
        name = owner if isinstance(owner, ast.Name | ast.Attribute) else None
        fixed = FixedSize(node, first[1], batch.batch_size, name)
        if _meant(first[0], batch):
            yield fixed
        if batch.batch_size is not None and (_number(first[1]) or 0) > 1:
            sized.append(fixed)


def _first(given: list[Value], nodes: list[ast.expr]) -> tuple[Value, ast.expr] | None:
    """The first of several sizes, given one by one or as a tuple: its value and its text."""
    starred = any(isinstance(each, ast.Starred) for each in nodes)
    if not given or (len(given) != len(nodes) and not starred) or isinstance(nodes[0], ast.Starred):
        return None
    if isinstance(given[0], Items) and isinstance(nodes[0], ast.Tuple | ast.List):
        return _first(given[0].items, nodes[0].elts)
    return (given[0], nodes[0]) if len(given) > 1 else None


def _hidden_state(script: Script, call: Call) -> Iterator[FixedSize]:
    """`self.lstm(x, (h0, c0))` with `h0 = torch.zeros(layers, 32, hidden)`, made in the same function."""
    layer = module_of(call.callee) if not isinstance(call.callee, Imported) else None
    given = call.arguments.positional
    if layer is None or name_of(layer) not in RECURRENT or len(given) != 2 or not call.node.args:
        return
    batch = batch_of(given[0]) if batch_first(layer) else None
    states = given[1].items if isinstance(given[1], Items) else [given[1]]
    for state in states if batch is not None else ():
        made = maker(state)
        if made is None or not isinstance(made.value, Made) or made.value.dotted not in FILLED or batch is None:
            continue
        sizes = _sizes(made.value)
        rows = call.node.args[0]
        if len(sizes) == 3 and _meant(sizes[1][0], batch) and _written_here(script, sizes[1][1]):
            named = isinstance(rows, ast.Name) and reads_alike(script, rows, made.node)
            if script.function_of(rows) is script.function_of(made.node) and isinstance(made.node, ast.Call):
                yield FixedSize(made.node, sizes[1][1], batch.batch_size, rows if named else None)


def _beside(script: Script, call: Call) -> Iterator[FixedSize]:
    """`mu + std * torch.randn(32, 20)`, `torch.cat((token.expand(32, -1, -1), x), dim=1)`."""
    for found in joined(call):
        if _meant(found.value, found.batch) and _written_here(script, found.size):
            rows = drawn_name(found.rows)
            named = rows is not None and reads_alike(script, rows, found.made)
            yield FixedSize(found.made, found.size, found.batch.batch_size, rows if named else None)


def _targets(script: Script) -> Iterator[FixedSize]:
    """Targets of a written number for the predictions of one batch: the ones and zeros of a GAN."""
    for loss in loss_calls(script):
        made = maker(loss.target)
        batch = batch_of(loss.prediction) or batch_of(_flat(loss.prediction))
        if made is None or batch is None or not loss.certain or looks_at_sizes(script, loss.call.node):
            continue
        sizes = _sizes(made.value) if isinstance(made.value, Made) and made.value.dotted in FILLED else []
        if not sizes or not _meant(sizes[0][0], batch) or not _written_here(script, sizes[0][1]):
            continue
        rows = bound_name(script, loss.prediction.node, made.node)
        if rows is not None and isinstance(made.node, ast.Call):
            yield FixedSize(made.node, sizes[0][1], batch.batch_size, rows)


def _flat(prediction: Value) -> Value:
    """What `D(x).view(-1)` was: as many numbers as there are targets for a full batch, so one for each sample."""
    match prediction:
        case Part(how="method", key="view" | "reshape" | "squeeze" | "flatten", base=base, arguments=given) if given:
            alone = all(isinstance(each, Literal) and each.value == -1 for each in given.positional)
            return base if alone and not given.keywords else prediction
    return prediction


def _sizes(made: Made) -> list[tuple[Value, ast.expr]]:
    """The sizes that a factory is given, each with its text."""
    node = made.node
    if not isinstance(node, ast.Call) or any(isinstance(each, ast.Starred) for each in node.args):
        return []
    given, nodes = made.arguments.positional, node.args
    if given and isinstance(given[0], Items) and isinstance(nodes[0], ast.Tuple | ast.List):
        given, nodes = given[0].items, nodes[0].elts
    return list(zip(given, nodes, strict=False))


# -- what is meant -----------------------------------------------------------------------------------------------------


def _meant(value: Value, batch: Batches) -> bool:
    """Whether a size is the number that the loader was given, while its batches need not all have that size."""
    if isinstance(value, Literal):
        if isinstance(value.value, bool) or not isinstance(value.value, int):
            return False
        sized = batch.batch_size is not None and batch.batch_size > 1 and value.value == batch.batch_size
    else:
        sized = value is batch.loader.arguments.get(1, "batch_size")  # `args.batch_size`, here and there
    known = isinstance(batch.dataset, Made | Part) or _is_list(batch)
    return sized and known and batch.drop_last is False and batch.size is None


def _is_list(batch: Batches) -> bool:
    """Whether the data are a list of a length that the file shows, or of those that pass a test: any number."""
    if batch.length is not None:
        return isinstance(batch.dataset, Items)
    made = batch.dataset.node
    return isinstance(made, ast.ListComp) and any(each.ifs for each in made.generators)


def _written_here(script: Script, size: ast.expr) -> bool:
    """Whether a size is a number or a constant, and not a parameter of the function around it."""
    function = script.function_of(size)
    parameters = {each.arg for each in walk(function.args) if isinstance(each, ast.arg)} if function else set()
    return not (isinstance(size, ast.Name) and size.id in parameters)
