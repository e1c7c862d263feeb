"""Bugs of how loaders draw: inputs and targets from two loaders, sizes written out where the batch's is meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from planters.source import Edit, Mutation, Planter, Source, is_int, keyword, name

GREY = ("MNIST", "FashionMNIST", "KMNIST")
SAMPLES = dict.fromkeys(GREY, (60_000, 10_000)) | dict.fromkeys(("CIFAR10", "CIFAR100"), (50_000, 10_000))
LOSS = re.compile(r"loss|criterion|entropy|objective", re.IGNORECASE)
_MERGED = re.compile(r"(size\(|shape\[)([2-9]|-\d)")
"""A size of a later dimension: what stands before it, batch and sequence, becomes one."""
SIZED = ("view", "reshape", "zeros", "ones", "rand", "randn", "full", "expand", "repeat")


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
    if any(x in loop.body for each in (inputs, target) for x in _bindings(source, each.id)):
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
    while isinstance(made, ast.Call) and made.args:
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


def _bindings(source: Source, called: str) -> Iterator[ast.stmt]:
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


def hard_coded_batch_size(source: Source) -> Iterator[Mutation]:
    """The rows of a batch, in a forward or in the loop over a loader, are written as the loader's batch size."""
    sizes = [source.of(x) for call in source.calls("DataLoader") if (x := keyword(call, "batch_size")) is not None]
    # the rows of a batch of graphs are their nodes
    if not sizes or "torch_geometric" in source.text or re.search("drop_last ?= ?True", source.text):
        return
    # a class of another project may leave the rest out by itself
    if any(dotted and not dotted.startswith("torch.") for dotted in _loader_classes(source)):
        return
    if not re.fullmatch(r"\d+|[A-Z_]+|batch_size|args\.batch_size", sizes[0]) or _no_rest(source):
        return
    # where the second dimension counts the samples, the first one counts the steps
    if re.search(r"batch_size ?= ?\w+\.(shape\[1\]|size\(1\))", source.text):
        return
    for node in source.nodes:
        rows = isinstance(node, ast.expr) and _asks_rows(source, node) and _in_batch(source, node)
        if not rows or _only_some_rounds(source, node):
            continue
        if _in_reach(source, node, sizes[0]) and not _is_noise(source, node):  # type: ignore[arg-type]
            yield node, [source.put(node, sizes[0])]  # type: ignore[arg-type]


def _loader_classes(source: Source) -> Iterator[str]:
    """The dotted names of what makes the loaders; "" where a star import may bring it."""
    return (source.dotted(call.func) for call in source.calls("DataLoader"))


def _only_some_rounds(source: Source, node: ast.AST) -> bool:
    """Whether it stands under a test of the batch's number, `if step % 100 == 0:`: the last one seldom comes there."""
    tested: set[str] = set()
    for above in source.above(node):
        if isinstance(above, ast.If):
            tested |= {x.id for x in ast.walk(above.test) if isinstance(x, ast.Name)}
        if isinstance(above, ast.For) and "enumerate(" in source.of(above.iter) and isinstance(above.target, ast.Tuple):
            return isinstance(above.target.elts[0], ast.Name) and above.target.elts[0].id in tested
    return False


def _asks_rows(source: Source, node: ast.expr) -> bool:
    """`x.size(0)`, `x.shape[0]`, `len(x)` or a -1 where a tensor is made or shaped, or bound to the name of a size."""
    parent = source.parents.get(node)
    shaped = isinstance(parent, ast.Call) and name(parent) in SIZED and node in parent.args
    if shaped and source.of(node) == "-1":
        others = [source.of(each) for each in parent.args[1:]]  # type: ignore[union-attr]
        rest = bool(others) and not any("-1" in each or _MERGED.search(each) for each in others)
        return name(parent) in SIZED[:2] and node is parent.args[0] and rest  # type: ignore[arg-type, union-attr]
    if not re.fullmatch(r"\w+\.(size\(0\)|shape\[0\])|len\(\w+\)", source.of(node)):
        return False
    if shaped:
        return name(parent) not in SIZED[:2] or node is parent.args[0]  # type: ignore[arg-type, union-attr]
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
        size = parent.targets[0].id
        named = [x for x in source.nodes if isinstance(x, ast.Name) and x.id == size]
        bound = {_function(source, x) for x in named if isinstance(x.ctx, ast.Store)}
        ours = {_function(source, node)} | ({_function(source, x) for x in named} - bound)
        uses = [x for x in named if isinstance(x.ctx, ast.Load) and _function(source, x) in ours]
        return any(isinstance(p := source.parents[x], ast.Call) and name(p) in SIZED for x in uses)
    return False


def _function(source: Source, node: ast.AST) -> ast.AST | None:
    return next((x for x in source.above(node) if isinstance(x, ast.FunctionDef)), None)


def _is_noise(source: Source, node: ast.expr) -> bool:
    """Whether it is the number of vectors that a generator gets, and nothing else in the loop has as many rows."""
    call = source.parents.get(node)
    loop = next((x for x in source.above(node) if isinstance(x, ast.For)), None)
    if loop is None or not isinstance(call, ast.Call) or name(call) not in ("randn", "rand", "normal", "uniform"):
        return False
    others = (x for x in ast.walk(loop) if isinstance(x, ast.expr) and x is not node)
    return not any(_asks_rows(source, x) for x in others)


def _in_batch(source: Source, node: ast.expr) -> bool:
    """Whether the code runs for every batch: in the forward of a model that the file makes, or in a training loop."""
    for above in source.above(node):
        if isinstance(above, ast.For) and "oader" in source.of(above.iter) and ".backward(" in source.of(above):
            return True
        if isinstance(above, ast.FunctionDef):
            owner = source.parents[above]
            module = isinstance(owner, ast.ClassDef) and any("Module" in source.of(each) for each in owner.bases)
            return module and above.name == "forward" and _is_trained(source, owner)  # type: ignore[arg-type]
    return False


def _is_trained(source: Source, model: ast.ClassDef) -> bool:
    """Whether the file makes such a model, and trains before another class takes its name, as cells of notebooks do."""
    last = model.end_lineno or model.lineno
    others = [x.lineno for x in source.nodes if isinstance(x, ast.ClassDef) and x.name == model.name and x is not model]
    if not others:
        return any(source.calls(model.name))
    end = min((line for line in others if line > last), default=10**9)
    trains = {x.name for x in source.nodes if isinstance(x, ast.FunctionDef) and ".backward(" in source.of(x)}
    between = [x for x in source.nodes if isinstance(x, ast.Call) and last < x.lineno < end]
    return any(name(x) == model.name for x in between) and any(name(x) in {"backward", *trains} for x in between)


def _in_reach(source: Source, node: ast.AST, size: str) -> bool:
    """Whether the size can be written there: a number, or something that the module or the same function binds."""
    called = size.partition(".")[0]
    if called.isdigit():
        return True
    shared = [
        x for x in _bindings(source, called) if _function(source, x) is None and source.parents.get(node) is not x
    ]
    if any(re.search(r"\.size\(0\)|\.shape\[0\]|len\(", source.of(x)) for x in shared if isinstance(x, ast.Assign)):
        return False  # it is each batch's own size
    around = [x for x in source.above(node) if isinstance(x, ast.FunctionDef)]
    for each in _bindings(source, called):
        owner = next((x for x in source.above(each) if isinstance(x, ast.FunctionDef)), None)
        if owner is None or owner in around:
            return True
    return False


def _no_rest(source: Source) -> bool:
    """Whether every loader is over data of a known number of samples that its batch size divides, all by one size.

    A notebook may make the same loader again and again: then all data sets and sizes that its names ever stand for.
    """
    found = set()
    for loader in source.calls("DataLoader"):
        data = _ever(source, loader.args[0] if loader.args else keyword(loader, "dataset"))
        sizes = _ever(source, keyword(loader, "batch_size"))
        if not all(is_int(each) for each in sizes):
            return False
        if not all(isinstance(each, ast.Call) and name(each) in SAMPLES for each in data):
            return False
        found |= {each.value for each in sizes}  # type: ignore[attr-defined]
        counts = [count for each in data for count in SAMPLES[name(each)]]  # type: ignore[arg-type]
        if any(count % size for count in counts for size in found):
            return False
    return len(found) == 1


def _ever(source: Source, node: ast.expr | None) -> list[ast.expr | None]:
    """Everything that a name is bound to in the file; another expression itself."""
    bound = source.assigned(node.id) if isinstance(node, ast.Name) else []
    return [*bound] or [node]


PLANTERS: dict[str, Planter] = {
    "zip-of-shuffled-loaders": zip_of_shuffled_loaders,
    "uneven-loaders": uneven_loaders,
    "hard-coded-batch-size": hard_coded_batch_size,
}
