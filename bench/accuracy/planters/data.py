"""Bugs of the data: which rows, how many, of which type."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Edit, Mutation, Planter, Source, is_int, keyword, name

FACTORIES = ("randn", "rand", "zeros", "ones", "randint", "linspace", "normal")
TARGETS = re.compile(r"(^|_)(y|ys|label|labels|target|targets)(_|$)", re.IGNORECASE)
EVALUATION = re.compile(r"(^|_)(test|val|valid|validation|eval|dev)(_|$)", re.IGNORECASE)
INPUTS = re.compile(r"(^|_)(x|xs|inputs|features|data)(_|$)", re.IGNORECASE)


def misaligned_split(source: Source) -> Iterator[Mutation]:
    """The targets of a split are cut at its other side."""
    for _, value, bounds in _cuts(source, TARGETS):
        if bounds.upper is not None and bounds.lower is None:
            limit = source.of(bounds.upper)
            yield value, [source.put(bounds, f"{limit}:")]
        elif bounds.lower is not None and bounds.upper is None:
            limit = source.of(bounds.lower)
            yield value, [source.put(bounds, f":{limit}")]


def overlapping_split(source: Source) -> Iterator[Mutation]:
    """The evaluation's rows begin at half of where they should."""
    for _, value, bounds in _cuts(source, EVALUATION):
        if bounds.lower is None or bounds.upper is not None or source.of(bounds.lower).startswith("-"):
            continue
        # inputs and targets alike, so that they still belong together
        block = next(each for each in source.blocks if source.statement(value) in each)
        cut = [
            x for each in block for x in ast.walk(each) if isinstance(x, ast.Slice) and ast.dump(x) == ast.dump(bounds)
        ]
        if bounds is cut[0]:
            limit = f"({source.of(bounds.lower)}) // 2"
            yield value, [source.put(each.lower, limit) for each in cut if each.lower is not None]


def batch_size_mismatch(source: Source) -> Iterator[Mutation]:
    """Targets that are made by a factory get one row more."""
    if "oss" not in source.text and "entropy" not in source.text and "TensorDataset" not in source.text:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        if TARGETS.search(node.targets[0].id) and isinstance(node.value, ast.Call) and name(node.value) in FACTORIES:
            size = _first_size(node.value)
            if size is not None and int(source.of(size)) > 1:
                yield node, [source.put(size, str(int(source.of(size)) + 1))]


def dtype_mismatch(source: Source) -> Iterator[Mutation]:
    """A cast behind an array or a table of integers goes, or the type of what is made of one."""
    if "nn" not in source.text:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Call):
            continue
        if name(node) in ("float", "long") and isinstance(node.func, ast.Attribute) and not node.args:
            inner = node.func.value
            if isinstance(inner, ast.Call) and name(inner) in ("from_numpy", "tensor", "as_tensor", "randint"):
                yield node, [source.put(node, source.of(inner))]
        if name(node) == "astype" and isinstance(node.func, ast.Attribute) and source.of(node).endswith("float32)"):
            yield node, [source.put(node, source.of(node.func.value))]
        kind = keyword(node, "dtype")
        made = kind is not None and name(node) in ("tensor", "array", "as_tensor")
        if made and re.search(r"(float32|torch\.float|torch\.long|int64)$", ast.unparse(kind)):  # type: ignore[arg-type]
            yield node, [source.without_argument(node, "dtype")]


def zip_of_shuffled_loaders(source: Source) -> Iterator[Mutation]:
    """A loader of pairs becomes two loaders that shuffle apart."""
    for loop, loader, data in _paired_loops(source):
        flag = keyword(loader, "shuffle")
        if isinstance(flag, ast.Constant) and flag.value is True:
            yield loop, _split_loader(source, loop, loader, data, "{}")


def uneven_loaders(source: Source) -> Iterator[Mutation]:
    """A loader of pairs becomes two loaders with different batch sizes."""
    for loop, loader, data in _paired_loops(source):
        if keyword(loader, "batch_size") is not None:
            yield loop, _split_loader(source, loop, loader, data, "2 * {}")


def _paired_loops(source: Source) -> Iterator[tuple[ast.For, ast.Call, ast.Call]]:
    """Training loops over a loader of two tensors: the loop, the loader, its dataset."""
    for loop in source.training_loops:
        loader = source.resolved(loop.iter)
        if isinstance(loop.target, ast.Tuple) and len(loop.target.elts) == 2 and isinstance(loader, ast.Call):
            data = source.resolved(loader.args[0] if loader.args else keyword(loader, "dataset"))
            tensors = isinstance(data, ast.Call) and name(data) == "TensorDataset"
            if tensors and name(loader) == "DataLoader" and len(data.args) == 2:  # type: ignore[union-attr]
                yield loop, loader, data  # type: ignore[misc]


def _split_loader(source: Source, loop: ast.For, loader: ast.Call, data: ast.Call, size: str) -> list[Edit]:
    made = []
    for tensor in data.args:
        call = [f"{source.of(loader.func)}({source.of(data.func)}({source.of(tensor)})"]
        for each in loader.keywords:
            if each.arg == "dataset" or (each.arg == "shuffle" and size != "{}"):
                continue
            text = source.of(each.value)
            if each.arg == "batch_size" and tensor is data.args[1]:
                text = size.format(text)
            call.append(f"{each.arg}={text}")
        made.append(", ".join(call) + ")")
    x, y = map(source.of, loop.target.elts)  # type: ignore[attr-defined]
    return [source.put(loop.target, f"({x},), ({y},)"), source.put(loop.iter, f"zip({', '.join(made)})")]


def _cuts(source: Source, called: re.Pattern[str]) -> Iterator[tuple[str, ast.Subscript, ast.Slice]]:
    """Slices over the first dimension that are bound to a name of this kind, where inputs are cut the same way."""
    if "torch" not in source.text:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Assign):
            continue
        for target, value in _pairs(node):
            if not isinstance(target, ast.Name) or not called.search(target.id):
                continue
            match value:
                case ast.Subscript(slice=ast.Slice(step=None) as bounds) if bounds.upper or bounds.lower:
                    same = [x for x in source.nodes if isinstance(x, ast.Slice) and ast.dump(x) == ast.dump(bounds)]
                    if len(same) > 1:
                        yield target.id, value, bounds


def _pairs(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _first_size(call: ast.Call) -> ast.expr | None:
    """The number of rows that a factory is asked for, where it is a literal."""
    if name(call) == "linspace":
        size = call.args[2] if len(call.args) > 2 else None
    else:
        tables = [x for x in call.args if isinstance(x, ast.Tuple | ast.List)]
        size = tables[0].elts[0] if tables and tables[0].elts else call.args[0] if call.args else None
        if name(call) in ("randint", "normal") and not tables:
            size = None
    return size if is_int(size) else None


PLANTERS: dict[str, Planter] = {
    "misaligned-split": misaligned_split,
    "overlapping-split": overlapping_split,
    "batch-size-mismatch": batch_size_mismatch,
    "dtype-mismatch": dtype_mismatch,
    "zip-of-shuffled-loaders": zip_of_shuffled_loaders,
    "uneven-loaders": uneven_loaders,
}
