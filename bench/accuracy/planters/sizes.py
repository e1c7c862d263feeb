"""Bugs of sizes that are written out where that of the batch is meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.loaders import SAMPLES, bindings
from planters.source import Mutation, Planter, Source, is_int, keyword, name

_MERGED = re.compile(r"(size\(|shape\[)([2-9]|-\d)")
"""A size of a later dimension: what stands before it, batch and sequence, becomes one."""
SIZED = ("view", "reshape", "zeros", "ones", "rand", "randn", "full", "expand", "repeat")


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
    shared = [x for x in bindings(source, called) if _function(source, x) is None and source.parents.get(node) is not x]
    if any(re.search(r"\.size\(0\)|\.shape\[0\]|len\(", source.of(x)) for x in shared if isinstance(x, ast.Assign)):
        return False  # it is each batch's own size
    around = [x for x in source.above(node) if isinstance(x, ast.FunctionDef)]
    for each in bindings(source, called):
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


PLANTERS: dict[str, Planter] = {"hard-coded-batch-size": hard_coded_batch_size}
