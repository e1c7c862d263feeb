"""Bugs of which rows go together: splits that do not match, or overlap."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Edit, Mutation, Planter, Source, is_int, name

TARGETS = re.compile(r"(^|_)(y|ys|label|labels|target|targets)(_|$)", re.IGNORECASE)
INPUTS = re.compile(r"(^|_)(x|xs|input|inputs|src)(_|$)", re.IGNORECASE)
NO_TARGETS = re.compile(r"^x_|pred|logit|prob", re.IGNORECASE)
MODELS = re.compile(r"nn\.Module|nn\.Linear|\.backward\(|Dataset")
EVALUATION = re.compile(r"(^|_)(test|val|valid|validation|eval|dev)(_|$)", re.IGNORECASE)
TRAINING = re.compile(r"(^|_)(train|training)(_|$)", re.IGNORECASE)
LOSS = re.compile(r"loss|criterion|entropy|objective", re.IGNORECASE)
MATCHES = re.compile(r"loss|criterion|entropy|objective|dataset|loader|acc|score|^zip$|^eq$", re.IGNORECASE)
Cut = tuple[str, ast.Subscript]
"""What rows are bound to, and the subscript that takes them."""


def misaligned_split(source: Source) -> Iterator[Mutation]:
    """The targets of a split are cut at its other side, one row later, by another index array, or not permuted."""
    for target, value in _cuts(source) if MODELS.search(source.text) else ():
        if not TARGETS.search(target) or NO_TARGETS.search(target) or not _meets_inputs(source, value, target):
            continue
        if (text := _other_rows(source, value)) is not None:
            yield value, [source.put(value, text)]
    for call in source.nodes:
        # outputs and targets of the same rows, right in the call of a loss
        if isinstance(call, ast.Call) and LOSS.search(name(call)) and len(call.args) > 1:
            value = call.args[1]
            if isinstance(value, ast.Subscript) and not is_int(value.slice):
                text = _other_rows(source, value)
                if text is not None:
                    yield value, [source.put(value, text)]


def _other_rows(source: Source, cut: ast.Subscript) -> str | None:
    """The targets at rows other than those of the inputs; None where no inputs are cut like them."""
    base, rows = source.of(cut.value), cut.slice
    cuts = [x for x in _subscripts(source) if source.function_of(x) is source.function_of(cut)]
    alike = [x for x in cuts if ast.dump(x.slice) == ast.dump(rows) and isinstance(x.ctx, ast.Load)]
    if all(source.of(x.value) == base for x in alike) or _of_one_series(source, cut, cuts):
        return None
    match rows:
        case ast.Slice(lower=None, upper=ast.expr() as limit, step=None):
            return f"{base}[{source.of(limit)}:]"
        case ast.Slice(lower=ast.expr() as limit, upper=None, step=None):
            return f"{base}[:{source.of(limit)}]"
        case ast.Slice(lower=ast.expr() as first, upper=ast.expr() as last, step=None):
            return f"{base}[{source.of(first)} + 1:{source.of(last)}]"
        case ast.Name(id=index):
            made = source.resolved(rows)
            if isinstance(made, ast.Call) and name(made) in ("randperm", "permutation"):
                return base
            others = [x.slice.id for x in cuts if isinstance(x.slice, ast.Name)]
            indices = [each for each in others if each != index and each.lower() not in ("i", "j", "k", "idx", "index")]
            fitting = [each for each in indices if TRAINING.search(each) or EVALUATION.search(each)]
            return f"{base}[{fitting[0]}]" if fitting and re.search("idx|ind|mask|perm", index) else None
        case ast.Attribute(value=owner, attr="train_mask" | "train_idx" as index):
            return f"{base}[{source.of(owner)}.{index.replace('train', 'test')}]"
    return None


def _of_one_series(source: Source, targets: ast.Subscript, cuts: list[ast.Subscript]) -> bool:
    """Whether the inputs are rows of the targets' own series: `x = data[:-1]`, `y = data[1:]`.

    How far they are apart there is the task, and no other lines say it.
    """
    own = source.statement(targets)
    for other in cuts:
        statement = source.statement(other)
        if (
            statement is own
            or not isinstance(statement, ast.Assign)
            or not _one_series(source, source.of(other.value), source.of(targets.value))
        ):
            continue
        called = {getattr(x, "id", getattr(x, "attr", "")) for t in statement.targets for x in ast.walk(t)} - {"self"}
        if any(INPUTS.search(each) for each in called) and _near_or_around(source, statement, own):
            return True
    return False


def _one_series(source: Source, one: str, other: str) -> bool:
    """Whether two texts name the same rows: equal ones, or `data` and `df.values` after `data = scaled(df.values)`."""
    if one == other:
        return True
    made = [(each, value) for each in (one, other) if each.isidentifier() for value in source.assigned(each)]
    return any((other if each == one else one) in source.of(value) for each, value in made)


def _near_or_around(source: Source, one: ast.stmt, other: ast.stmt) -> bool:
    """Whether two statements stand in one block, or the other one in an `if` of it."""
    around = [other, *(x for x in source.above(other) if isinstance(x, ast.If))]
    return any(one in block and each in block for block in source.blocks for each in around)


def _meets_inputs(source: Source, place: ast.AST, called: str, depth: int = 3) -> bool:
    """Whether what these rows are bound to goes, perhaps under another name, where it is held against predictions."""
    for node in source.nodes:
        if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        if getattr(node, "id", getattr(node, "attr", "")) != called or source.span(node) < source.span(place):
            continue
        for above in source.above(node):
            if isinstance(above, ast.Call) and MATCHES.search(name(above)) and node is not above.func:
                return True
            if isinstance(above, ast.Return) or (isinstance(above, ast.Compare) and isinstance(above.ops[0], ast.Eq)):
                return True
            if isinstance(above, ast.Assign) and depth:
                new = {x.id for t in above.targets for x in ast.walk(t) if isinstance(x, ast.Name)}
                if any(TARGETS.search(each) and _meets_inputs(source, above, each, depth - 1) for each in new):
                    return True
    return False


def overlapping_split(source: Source) -> Iterator[Mutation]:
    """The evaluation's rows begin, or end, amidst those of training."""
    if "torch" not in source.text:
        return
    ranges = [*_ranges(source)]
    for called, node, base, (lower, upper) in ranges:
        if not EVALUATION.search(called) or TRAINING.search(called):
            continue
        limit = _amidst(source, ranges, node, base, lower, upper)
        if limit is None:
            continue
        # inputs and targets alike, so that they still belong together
        alike = [each for each in ranges if each[3] == (lower, upper) and _near(source, each[1], node)]
        if alike[0][1] is node:
            places = [other for each in alike for other in _beside(source, each[1])]
            yield node, [edit for each in places if (edit := _moved(source, each, *limit)) is not None]


def _beside(source: Source, cut: ast.Subscript | ast.Call) -> list[ast.Subscript | ast.Call]:
    """A slice, and those of other data with its bounds in the same call: `Dataset(x[n:], y[n:])`."""
    call = source.parents[cut]
    if not isinstance(cut, ast.Subscript) or not isinstance(call, ast.Call):
        return [cut]
    others = [x for x in call.args if isinstance(x, ast.Subscript) and x is not cut]
    return [cut, *(each for each in others if ast.dump(each.slice) == ast.dump(cut.slice))]


Range = tuple[str, ast.Subscript | ast.Call, str, tuple[str, str]]
"""What rows are bound to, the slice or the `range`, of what, and the bounds as they are written."""


def _ranges(source: Source) -> Iterator[Range]:
    for called, cut in _cuts(source):
        if isinstance(cut.slice, ast.Slice) and cut.slice.step is None:
            yield called, cut, source.of(cut.value), (_text(source, cut.slice.lower), _text(source, cut.slice.upper))
    for call in source.calls("range"):
        bounds = [source.of(each) for each in call.args]
        statement = source.statement(call)
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if targets and isinstance(targets[0], ast.Name) and len(bounds) in (1, 2):
            yield targets[0].id, call, "", ("", bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[1])


def _text(source: Source, node: ast.expr | None) -> str:
    return "" if node is None else source.of(node)


def _amidst(
    source: Source, ranges: list[Range], node: ast.AST, base: str, lower: str, upper: str
) -> tuple[str, str] | None:
    """Which bound of the evaluation's rows is to go amidst the training rows of the same data, and where to."""
    for called, other, data, (first, last) in ranges:
        if data != base or not TRAINING.search(called) or EVALUATION.search(called) or not _near(source, other, node):
            continue
        # counted from the end, half of it is later, not earlier
        if _from_the_end(source, last) or _from_the_end(source, lower) or _from_the_end(source, upper):
            continue
        if lower and last and not first:
            return "lower", f"({last}) / 2" if "." in last.partition("(")[0] else f"({last}) // 2"
        if upper and upper == first and not last:
            return "upper", f"{upper} + ({upper}) // 4"
    return None


def _from_the_end(source: Source, bound: str) -> bool:
    """Whether a bound is written as a negative number, or is the name of one."""
    made = [source.of(each) for each in source.assigned(bound)] if bound.isidentifier() else []
    return any(each.startswith("-") for each in (bound, *made))


def _moved(source: Source, node: ast.Subscript | ast.Call, bound: str, text: str) -> Edit | None:
    if isinstance(node, ast.Call):
        return source.put(node.args[0 if bound == "lower" else -1], text) if len(node.args) == 2 else None
    old = getattr(node.slice, bound)
    return None if old is None else source.put(old, text)


def _near(source: Source, one: ast.AST, other: ast.AST) -> bool:
    """Whether two expressions stand in the same block."""
    first, second = source.statement(one), source.statement(other)
    return any(first in block and second in block for block in source.blocks)


def _cuts(source: Source) -> Iterator[Cut]:
    """Rows that are taken by a slice or an index, and what they are bound to, if only in the end."""
    if "torch" not in source.text:
        return
    for node in source.nodes:
        if isinstance(node, ast.Assign):
            for target, value in pairs(node):
                called = getattr(target, "id", getattr(target, "attr", None))
                while isinstance(value, ast.Call):
                    # what is made of the rows: torch.tensor(y[:n]), y[:n].long(), SubsetRandomSampler(rows[n:])
                    inner = getattr(value.func, "value", None)
                    value = value.args[-1] if value.args and not isinstance(inner, ast.Subscript) else inner
                if called is not None and isinstance(value, ast.Subscript) and not is_int(value.slice):
                    yield called, value


def _subscripts(source: Source) -> Iterator[ast.Subscript]:
    return (each for each in source.nodes if isinstance(each, ast.Subscript))


def pairs(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of an assignment, each with its value."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


PLANTERS: dict[str, Planter] = {
    "misaligned-split": misaligned_split,
    "overlapping-split": overlapping_split,
}
