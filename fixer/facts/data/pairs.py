"""Inputs and targets that a program uses together, row by row, and the rows of which data each of them are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fixer.facts.data.roles import evaluates, role_of_name, roles_of, trains
from fixer.facts.data.splits import Cut, Selection, cut, last_cut, same_selection
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Choice, Class, Computed, Function, Imported, Items, Made, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import form, same_data

_LOSS = re.compile(r"torch\.nn\.functional\.(\w+_loss|(binary_)?cross_entropy\w*)$")
_INPUTS = {
    "y": ("x", "features", "inputs"),
    "label": ("data", "image", "img", "feature", "feat", "input", "text"),
    "labels": ("data", "images", "imgs", "features", "feats", "inputs", "texts", "samples", "x"),
    "target": ("data", "image", "img", "feature", "feat", "input"),
    "targets": ("data", "images", "imgs", "features", "feats", "inputs", "samples", "x"),
}
"""What the inputs are called where the targets are called so."""
_TARGET_WORDS = {each: each for each in _INPUTS} | {"lab": "label", "labs": "labels", "ys": "y"}
_TARGETS = re.compile(rf"(?<![a-z])(?:{'|'.join(_TARGET_WORDS)})(?![a-z])")

_MARKS = frozenset({"mark", "marks", "stamp", "stamps"})
"""Behind the name of rows: what says which rows they are."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Inputs and targets that the program uses row by row together."""

    inputs: Cut
    targets: Cut
    used: bool
    """Whether a call uses them; else nothing but their names says that they belong together."""
    input_node: ast.expr | None
    """How the call's argument is written, where it is an argument of the call."""
    target_node: ast.expr | None
    equal_lengths: bool
    """Whether the program cannot do with inputs and targets of different lengths."""
    predicted: bool = False
    """Whether the targets, too, are what a model made: the two halves of such a batch may be compared crosswise."""


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
            if call.dotted == "torch.utils.data.TensorDataset" and len(given) > 1:
                found = nodes if plain else [None] * len(given)
                for each, node in zip(given[1:], found[1:], strict=True):
                    yield Pair(_cut(given[0]), _cut(each), True, found[0], node, True)
            elif call.dotted == "zip" and len(given) == 2 and plain and id(call.result) in self._feeding:
                yield Pair(cut(given[0]), cut(given[1]), True, nodes[0], nodes[1], False)
            elif len(given) >= 2 and plain and _takes_rows(call):
                yield Pair(cut(given[0]), cut(given[1]), True, nodes[0], nodes[1], True)
            elif isinstance(call.result, Made) and call.cls is not None:
                yield from self._dataset_pair(call.result)
            elif len(given) >= 2 and (kind(call.callee) is Kind.LOSS or _LOSS.match(call.dotted or "")):
                target = nodes[1] if plain else None
                source = _fed(given[0])
                for fed, wanted in self._on_each_path(source, given[1]) if source is not None else ():
                    yield Pair(last_cut(fed), last_cut(wanted), True, None, target, True)
                output, targets = _cut(given[0]), _cut(given[1])
                if output.selections:
                    yield Pair(output, targets, True, None, target, True, predicted=_predicted(targets.root))
        yield from self._named_pairs()

    def _on_each_path(self, inputs: Value, targets: Value) -> Iterator[tuple[Value, Value]]:
        """Both as they are, or what each arm of an `if` made of both of them."""
        left, right = same_data(inputs), same_data(targets)
        if not isinstance(left, Choice) or not isinstance(right, Choice):
            yield inputs, targets
            return
        for one in left.options:
            for other in right.options:
                if one.node is not None and other.node is not None and self._in_one_block(one.node, other.node):
                    yield one, other

    def _in_one_block(self, one: ast.AST, other: ast.AST) -> bool:
        known = self.script.parents
        if one not in known or other not in known:
            return False
        first, second = self.script.statement_of(one), self.script.statement_of(other)
        return second in self.script.block_of(first)

    def _named_pairs(self) -> Iterator[Pair]:
        """What the names `x_train` and `y_train` of one function, or of one object, hold."""
        run = self.script.run
        for table in (*(each.values for each in run.scopes), *(each.attributes for each in run.objects)):
            named = {_snake(name): value for name, value in table.items()}
            for name, targets in named.items():
                word = _TARGETS.search(name)
                if word is None or role_of_name(name) is None or not _cut(targets).selections:
                    continue
                for other in _INPUTS[_TARGET_WORDS[word[0]]]:
                    inputs = named.get(name[: word.start()] + other + name[word.end() :])
                    if inputs is not None and _cut(inputs).selections:
                        yield Pair(_cut(inputs), _cut(targets), False, None, None, False)

    @cached_property
    def marked(self) -> list[tuple[Selection, Selection]]:
        """Windows of a series and of what marks its rows, their times say: `seq_y` and `seq_y_mark`."""
        found = []
        for table in (each.values for each in self.script.run.scopes if self.script.run.complete):
            for name in table:
                whole, _, word = name.rpartition("_")
                if word in _MARKS and whole in table:
                    marks = _cut(table[name]).selections[-1:]
                    windows = [_cut(each).selections[-1:] for each in options(table[whole])]
                    found += [(each[0], marks[0]) for each in windows if each and marks]
        return found

    @cached_property
    def _feeding(self) -> set[int]:
        """What the loops that train or evaluate a model go through."""
        roles = roles_of(self.script)
        return {id(source) for source, loop in roles.loops if trains(loop) or evaluates(loop)}

    def _dataset_pair(self, made: Made) -> Iterator[Pair]:
        """A Dataset of this file that reads two of its attributes at the index it is asked for."""
        names = _indexed_together(made.cls) if made.cls is not None and kind(made) is Kind.DATASET else []
        values = [made.attributes.get(name) for name in names]
        if len(values) == 2 and values[0] is not None and values[1] is not None:
            yield Pair(_cut(values[0]), _cut(values[1]), True, None, None, False)

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
                    yield Pair(left, right, pair.used, None, None, False)


def _cut(value: Value) -> Cut:
    """The rows of a value: of what a function loads or computes, going by the first of the two."""
    return cut(value, any_of=True)


def _takes_rows(call: Call) -> bool:
    """Whether it fits an estimator to inputs and targets, or splits them: by what scikit-learn calls this everywhere.

    Skorch and others keep to its names. What the file defines by such a name is followed on its own.
    """
    if call.dotted == "sklearn.model_selection.train_test_split":
        return len(call.arguments.positional) == 2
    method = call.node.func
    return (
        isinstance(method, ast.Attribute)
        and method.attr in ("fit", "partial_fit")
        and not isinstance(call.callee, Function | Class | Imported)
    )


def _shares_border(one: Selection, other: Selection) -> bool:
    if one.slice is None or other.slice is None:
        return False
    ours, theirs = (
        {form(bound) for bound in (each.bound("lower"), each.bound("upper")) if bound is not None}
        for each in (one, other)
    )
    return bool(ours & theirs)


def _predicted(value: Value, depth: int = 8) -> bool:
    """Whether a model made it, or something unknown that was called."""
    match value:
        case Made(callee=callee, arguments=given) if depth:
            own = not isinstance(callee, Imported | Class | Function)
            return own or any(_predicted(each, depth - 1) for each in given.positional)
        case Part(how="method", base=base) if kind(base) is Kind.MODULE:
            return True
        case Part(base=base, how=how) if depth and how != "element":
            return _predicted(base, depth - 1)
        case Computed(operands=several) | Items(items=several) | Choice(options=several):
            return depth > 0 and any(_predicted(each, depth - 1) for each in several)
    return False


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


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
