"""Which rows of which data: slices and index selections of arrays and tensors, and which of them belong together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fixer.facts.data.roles import Roles, evaluates, trains
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import Class, Computed, Function, Imported, Items, Literal, Made, Part, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import Form, form, row_count, same_data, term

_PERMUTATIONS = frozenset({"torch.randperm", "numpy.random.permutation"})
_LOSS = re.compile(r"torch\.nn\.functional\.(\w+_loss|(binary_)?cross_entropy\w*)$")


@dataclass(frozen=True, eq=False)
class Selection:
    """Rows taken from `base` by a slice or an index array. `node` is the subscript."""

    node: ast.Subscript
    base: Value
    rows: Value
    part: Part

    @property
    def slice(self) -> ast.Slice | None:
        return self.rows.node if isinstance(self.rows.node, ast.Slice) else None

    @property
    def rows_node(self) -> ast.expr:
        """What stands in the brackets for the rows."""
        key = self.node.slice
        return key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key

    def bound(self, name: str) -> Value | None:
        """The value of the slice's "lower", "upper" or "step"; None where it is left out."""
        assert self.slice is not None
        given = [each for each in ("lower", "upper", "step") if getattr(self.slice, each) is not None]
        operands = self.rows.operands if isinstance(self.rows, Computed) else []
        found = dict(zip(given, operands, strict=False)).get(name)
        return None if isinstance(found, Literal) and found.value is None else found

    @property
    def permutes(self) -> bool:
        """Whether it puts all rows into a random order."""
        rows = self.rows
        if isinstance(rows, Made):
            return rows.dotted in _PERMUTATIONS
        return isinstance(rows, Part) and rows.how == "method" and rows.key == "permutation"


@dataclass(frozen=True, eq=False)
class Cut:
    """Where a value comes from: the data at its root, and the selections of rows since, in order."""

    root: Value
    selections: tuple[Selection, ...] = ()


def cut(value: Value) -> Cut:
    """Follow `value` back through conversions and selections of rows."""
    found: list[Selection] = []
    value = same_data(value)
    while isinstance(value, Part) and value.how == "subscript" and value.key is None and len(found) < 8:
        rows = value.holds[0] if value.holds else None
        if isinstance(rows, Items) and rows.items:
            rows = rows.items[0]
        if rows is None or isinstance(rows, Literal) or not isinstance(value.node, ast.Subscript):
            break
        found.append(Selection(value.node, value.base, rows, value))
        value = same_data(value.base)
    return Cut(value, tuple(reversed(found)))


@dataclass(frozen=True, eq=False)
class Pair:
    """Inputs and targets that the program uses row by row together, in the call `where`."""

    inputs: Cut
    targets: Cut
    where: ast.Call
    input_node: ast.expr | None
    """How the call's argument is written, where it is an argument of the call."""
    target_node: ast.expr | None
    equal_lengths: bool
    """Whether the program cannot do with inputs and targets of different lengths."""


@dataclass(frozen=True)
class Offset:
    """How far the bounds of the inputs' slice lie from those of the targets' slice."""

    lower: Form
    upper: Form
    fixed: bool
    """Whether neither slice depends on where the data end."""

    @property
    def aligned(self) -> bool:
        return self.lower.is_zero and self.upper.is_zero

    @property
    def changes_length(self) -> bool:
        """Whether the slices differ in length for certain."""
        length = self.upper.plus(self.lower, -1)
        return length.is_number and not length.is_zero


_END = ("end of the data",)


def offset(inputs: Selection, targets: Selection) -> Offset | None:
    """Compare two slices; None where one of them is not a plain slice."""
    if inputs.slice is None or targets.slice is None or inputs.bound("step") or targets.bound("step"):
        return None
    sizes = {row_count(inputs.base), row_count(targets.base)}
    size = sizes.pop() if len(sizes) == 1 else None
    same_rows = frozenset({id(same_data(inputs.base)), id(same_data(targets.base))})
    found = [_bound(each, name, size, same_rows) for name in ("lower", "upper") for each in (inputs, targets)]
    fixed = not any(_END in dict(each.terms) for each in found)
    return Offset(found[0].plus(found[1], -1), found[2].plus(found[3], -1), fixed)


def _bound(selection: Selection, name: str, size: int | None, same_rows: frozenset[int]) -> Form:
    """A bound counted from the first row; from the end where it is negative or left out and the size is not known."""
    end = Form(size) if size is not None else Form(0, frozenset({(_END, 1)}))
    value = selection.bound(name)
    if value is None:
        return end if name == "upper" else Form()
    found = form(value, same_rows)
    negated = isinstance(value.node, ast.UnaryOp) and isinstance(value.node.op, ast.USub) and found.constant <= 0
    if negated or (found.is_number and found.constant < 0):
        found = found.plus(end)
    if size is not None and found.is_number:
        found = Form(min(found.constant, size))
    return found


def same_selection(inputs: Selection, targets: Selection) -> bool:
    """Whether both take the same rows."""
    compared = offset(inputs, targets)
    if compared is not None:
        return compared.aligned
    if inputs.slice is not None or targets.slice is not None:
        return ast.dump(inputs.rows_node) == ast.dump(targets.rows_node)
    return inputs.rows is targets.rows or term(inputs.rows) == term(targets.rows) or _same_cut(inputs, targets)


def _same_cut(inputs: Selection, targets: Selection) -> bool:
    left, right = cut(inputs.rows), cut(targets.rows)
    return (
        left.root is right.root
        and len(left.selections) == len(right.selections) > 0
        and all(same_selection(a, b) for a, b in zip(left.selections, right.selections, strict=True))
    )


class Splits:
    """The pairs of inputs and targets of a script."""

    def __init__(self, script: Script) -> None:
        self.script = script

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every use of inputs and targets together, in the order of the program."""
        return list(self._pairs()) if self.script.run.complete else []

    def _pairs(self) -> Iterator[Pair]:
        for call in self.script.run.calls:
            given, nodes = call.arguments.positional, call.node.args
            plain = not any(isinstance(each, ast.Starred) for each in nodes) and len(nodes) == len(given)
            if call.dotted == "torch.utils.data.TensorDataset" and len(given) == 2:
                found = nodes if plain else [None, None]
                yield Pair(cut(given[0]), cut(given[1]), call.node, found[0], found[1], True)
            elif call.dotted == "zip" and len(given) == 2 and plain and id(call.result) in self._feeding:
                yield Pair(cut(given[0]), cut(given[1]), call.node, nodes[0], nodes[1], False)
            elif isinstance(call.result, Made) and call.cls is not None:
                yield from self._dataset_pair(call.result, call.node)
            elif len(given) >= 2 and (kind(call.callee) is Kind.LOSS or _LOSS.match(call.dotted or "")):
                source = _fed(given[0])
                if source is not None:
                    yield Pair(cut(source), cut(given[1]), call.node, None, nodes[1] if plain else None, True)

    @cached_property
    def _feeding(self) -> set[int]:
        """What the loops that train or evaluate a model go through."""
        roles = Roles(self.script)
        return {id(source) for source, loop in roles.loops if trains(loop) or evaluates(loop)}

    def _dataset_pair(self, made: Made, node: ast.Call) -> Iterator[Pair]:
        """A Dataset of this file that reads two of its attributes at the index it is asked for."""
        names = _indexed_together(made.cls) if made.cls is not None and kind(made) is Kind.DATASET else []
        values = [made.attributes.get(name) for name in names]
        if len(values) == 2 and values[0] is not None and values[1] is not None:
            yield Pair(cut(values[0]), cut(values[1]), node, None, None, False)

    def standing(self, pair: Pair, selection: Selection) -> int | None:
        """How the rows of `selection` stand to places where the same inputs and targets are cut alike.

        1: they share a border with one of them; -1: they are the rows of another one; None: neither.
        """
        alike = [left for left, _ in self._alike(pair) if left.node is not selection.node]
        if any(same_selection(each, selection) for each in alike):
            return -1
        return 1 if any(_shares_border(each, selection) for each in alike) else None

    def _alike(self, pair: Pair) -> Iterator[tuple[Selection, Selection]]:
        for other in [*self.pairs, *self._module_pairs(pair)]:
            ours = (pair.inputs.root, pair.targets.root)
            if (other.inputs.root, other.targets.root) == ours:
                left, right = other.inputs.selections, other.targets.selections
                if left and len(left) == len(right) and all(map(same_selection, left, right)):
                    yield left[-1], right[-1]

    def _module_pairs(self, pair: Pair) -> Iterator[Pair]:
        """Cuts of the pair's data that variables of the module hold, each of the inputs with each of the targets."""
        cuts = [cut(each) for each in self.script.run.module.values.values() if isinstance(same_data(each), Part)]
        for left in cuts:
            for right in cuts:
                if left.root is pair.inputs.root and right.root is pair.targets.root:
                    yield Pair(left, right, pair.where, None, None, False)


def _shares_border(one: Selection, other: Selection) -> bool:
    if one.slice is None or other.slice is None:
        return False
    ours, theirs = (
        {form(bound) for bound in (each.bound("lower"), each.bound("upper")) if bound is not None}
        for each in (one, other)
    )
    return bool(ours & theirs)


def _fed(prediction: Value, depth: int = 6) -> Value | None:
    """What was fed to the model whose output `prediction` is."""
    if depth == 0:
        return None
    match prediction:
        case Made(callee=Imported()) if prediction.arguments.positional:
            return _fed(prediction.arguments.positional[0], depth - 1)
        case Made(callee=callee, arguments=given) if len(given.positional) == 1 and not isinstance(callee, Class):
            inner = given.positional[0]
            return _fed(inner, depth - 1) or inner
        case Part(how="method" | "subscript", base=base):
            return _fed(base, depth - 1)
    return None


def _indexed_together(cls: Class) -> list[str]:
    """The two attributes that `__getitem__` reads at its own parameter, in the order of the text."""
    method = cls.find("__getitem__")
    if not isinstance(method, Function) or not isinstance(method.function, ast.FunctionDef):
        return []
    parameters = [each.arg for each in method.function.args.args]
    found: dict[str, None] = {}
    for node in walk(method.function):
        match node:
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=owner), attr=name), slice=ast.Name(id=index)):
                if len(parameters) == 2 and [owner, index] == parameters:
                    found[name] = None
    order = list(_assigned_in_init(cls))
    names = sorted(found, key=lambda name: order.index(name) if name in order else len(order))
    return names if len(names) == 2 else []


def _assigned_in_init(cls: Class) -> Iterator[str]:
    method = cls.find("__init__")
    if isinstance(method, Function) and method.function is not None:
        for node in walk(method.function):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                yield node.attr
