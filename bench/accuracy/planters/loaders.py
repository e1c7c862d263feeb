"""Bugs of how loaders draw: inputs and targets from two loaders that do not go together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from planters.source import Edit, Mutation, Planter, Source, keyword, name

GREY = ("MNIST", "FashionMNIST", "KMNIST")
SAMPLES = dict.fromkeys(GREY, (60_000, 10_000)) | dict.fromkeys(("CIFAR10", "CIFAR100"), (50_000, 10_000))
LOSS = re.compile(r"loss|criterion|entropy|objective", re.IGNORECASE)


@dataclass(frozen=True)
class Pairs:
    """A loop that trains on pairs, and how they are drawn from two loaders instead."""

    loop: ast.For
    tensors: tuple[str, str]
    """The inputs and the targets, as code."""
    loader: str
    """What makes a loader."""
    settings: dict[str, str]
    edits: list[Edit]
    """All but the loaders themselves, which stand at `place`."""
    place: tuple[int, int]
    form: str = "zip({})"

    def mutation(self, size: tuple[str, str], shuffle: bool) -> Mutation:
        first, last = self.place
        made = []
        for tensor, each in zip(self.tensors, size, strict=True):
            given = self.settings | {"batch_size": each} | ({"shuffle": "True"} if shuffle else {})
            made.append(f"{self.loader}({tensor}, {', '.join(f'{key}={value}' for key, value in given.items())})")
        return self.loop, [*self.edits, (first, last, self.form.format(", ".join(made)).encode())]


def zip_of_shuffled_loaders(source: Source) -> Iterator[Mutation]:
    """Inputs and targets are drawn from two loaders that shuffle apart."""
    for each in _paired_loops(source):
        size = each.settings.get("batch_size", "2")
        yield each.mutation((size, size), shuffle=True)


def uneven_loaders(source: Source) -> Iterator[Mutation]:
    """Inputs and targets are drawn from two loaders with different batch sizes."""
    for each in _paired_loops(source):
        size = each.settings.get("batch_size", "2")
        yield each.mutation((size, f"2 * {size}"), shuffle=False)


def _paired_loops(source: Source) -> Iterator[Pairs]:
    for loop in source.training_loops:
        found = _drawn(source, loop) or _whole(source, loop)
        if found is not None and not _left_open(source, loop):
            yield found


def _left_open(source: Source, loop: ast.For) -> bool:
    """Whether the loop uses what an exercise leaves for its reader to fill in: `criterion = None`."""
    used = {x.id for x in ast.walk(loop) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Load)}
    made = [source.assigned(each) for each in used]
    return any(values and all(isinstance(x, ast.Constant) and x.value is None for x in values) for values in made)


def _drawn(source: Source, loop: ast.For) -> Pairs | None:
    """A loop over a loader of two tensors, or of grey images, whose tensors the data set has."""
    target, drawn = loop.target, loop.iter
    counted = isinstance(drawn, ast.Call) and name(drawn) == "enumerate" and isinstance(target, ast.Tuple)
    if counted:
        target, drawn = target.elts[1], drawn.args[0]  # type: ignore[union-attr, attr-defined]
    loader = source.resolved(drawn)
    used = {x.id for each in loop.body for x in ast.walk(each) if isinstance(x, ast.Name)}
    if not isinstance(target, ast.Tuple | ast.List) or len(target.elts) != 2 or not isinstance(loader, ast.Call):
        return None
    given = loader.args[0] if loader.args else keyword(loader, "dataset")
    data = source.resolved(given)
    if name(loader) != "DataLoader" or given is None or not isinstance(data, ast.Call) or len(loader.args) > 1:
        return None
    if not all(isinstance(each, ast.Name) and each.id != "_" and each.id in used for each in target.elts):
        return None
    edits: list[Edit] = []
    if name(data) == "TensorDataset" and len(data.args) == 2:
        tensors = [f"{source.of(data.func)}({source.of(each)})" for each in data.args]
        edits = [source.put(each, f"({source.of(each)},)") for each in target.elts]
    elif name(data) in GREY and isinstance(given, ast.Name):
        tensors = [f"{given.id}.data.unsqueeze(1).float() / 255", f"{given.id}.targets"]
    else:
        return None
    left_out = ("dataset", "shuffle", "sampler", "batch_sampler")
    settings = {str(each.arg): source.of(each.value) for each in loader.keywords if each.arg not in left_out}
    made = Pairs(loop, (tensors[0], tensors[1]), source.of(loader.func), settings, edits, source.span(drawn))
    return made if "batch_size" in settings else None


def _whole(source: Source, loop: ast.For) -> Pairs | None:
    """A loop of epochs over all data at once: it gets a loop over batches inside."""
    epochs = isinstance(loop.iter, ast.Call) and name(loop.iter) in ("range", "tqdm", "trange")
    if not epochs or "import torch\n" not in source.text or "DataLoader" in source.text:
        return None
    forward = next((x for x in loop.body if isinstance(x, ast.Assign) and _given(x.value)), None)
    step = next((x for x in reversed(loop.body) if ".step(" in source.of(x)), None)
    losses = [x for each in loop.body for x in ast.walk(each) if isinstance(x, ast.Call) and LOSS.search(name(x))]
    if forward is None or step is None or not losses or len(losses[0].args) != 2:
        return None
    inputs, target = _given(forward.value), losses[0].args[1]
    if inputs is None or not isinstance(target, ast.Name) or target.id == inputs.id:
        return None
    if any(x in loop.body for each in (inputs, target) for x in bindings(source, each.id)):
        return None
    written = [_rows_written(source, each) for each in (inputs, target)]
    if None not in written and written[0] != written[1]:
        return None  # one sequence, and a target for each step of it
    first, last = loop.body.index(forward), loop.body.index(step)
    before, region = loop.body[:first], loop.body[first : last + 1]
    if last < first or any(".backward(" in source.of(each) for each in before) or "'''" in source.of(loop):
        return None
    return Pairs(
        loop,
        (inputs.id, target.id),
        "torch.utils.data.DataLoader",
        {},
        [*_renamed(source, region, {inputs.id: "batch_x", target.id: "batch_y"}), *_indented(source, region)],
        (source.span(region[0])[0],) * 2,
        "for batch_x, batch_y in zip({}):\n" + " " * (region[0].col_offset + 4),
    )


def _rows_written(source: Source, data: ast.expr) -> int | None:
    """The number of rows of `Variable(torch.Tensor(table))`, where the file writes the table out."""
    made: ast.expr | None = source.resolved(data)
    seen: list[ast.expr] = []  # `rows = torch.tensor(rows)` names itself
    while isinstance(made, ast.Call) and made.args and made not in seen:
        seen.append(made)
        made = source.resolved(made.args[0])
    return len(made.elts) if isinstance(made, ast.List) else None


def _given(value: ast.expr) -> ast.Name | None:
    """The one name that a model is called with."""
    match value:
        case ast.Call(func=ast.Name() | ast.Attribute(value=ast.Name(id="self")), args=[ast.Name() as given]):
            return given
        case ast.Call(func=ast.Attribute(value=inner, attr="squeeze")):
            return _given(inner)
    return None


def bindings(source: Source, called: str) -> Iterator[ast.stmt]:
    for node in source.nodes:
        if isinstance(node, ast.Name) and node.id == called and isinstance(node.ctx, ast.Store):
            yield source.statement(node)


def _renamed(source: Source, region: list[ast.stmt], new: dict[str, str]) -> list[Edit]:
    names = [x for each in region for x in ast.walk(each) if isinstance(x, ast.Name) and x.id in new]
    return [source.put(each, new[each.id]) for each in names]


def _indented(source: Source, region: list[ast.stmt]) -> list[Edit]:
    """All lines of these statements but the first one, a step further in."""
    lines = range(region[0].lineno, region[-1].end_lineno or 0)
    starts = [source.starts[line] for line in lines]
    return [(start, start, b"    ") for start in starts if source.data[start : start + 1] == b" "]


PLANTERS: dict[str, Planter] = {
    "zip-of-shuffled-loaders": zip_of_shuffled_loaders,
    "uneven-loaders": uneven_loaders,
}
