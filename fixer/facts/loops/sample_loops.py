"""Loops that train on one sample of tensors in memory at a time, and what such a loop does with the sample."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.places.reach import evaluable_before
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Branch, EventKind, Loop, ancestors, events, within
from fixer.facts.program.values import Choice, Computed, Function, Imported, Items, Made, Part, Value, options, roots
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Library
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.shapes import counted_value, number, row_count, same_data

_READERS = re.compile(
    r"pandas\.read_\w+$|numpy\.(load|loadtxt|genfromtxt|fromfile)$|sklearn\.datasets\.(load|fetch)_\w+$|open$|csv\.reader$"
)


@dataclass(frozen=True)
class Sample:
    """`X[i]`, or the `x` of `for x, y in zip(X, Y)`, used once in the loop."""

    uses: tuple[ast.expr, ...]
    """What to replace by the batch: `X[i]`, `X[i].unsqueeze(0)`, `x`."""
    tensor: ast.expr
    """The whole: `X`."""
    value: Value
    with_axis: bool
    """Whether it is used as a batch of one."""


@dataclass(frozen=True)
class SampleLoop:
    """A training loop over single samples: what the model gets, what the loss compares its output with."""

    node: ast.For
    outermost: ast.stmt
    """The loop around it that repeats it, or itself."""
    model: Value
    inputs: Sample
    targets: Sample
    index: str | None
    """The name that counts the samples, if something else uses it, too."""
    rows: int | None
    """How many there are. None: as many as the file that they are read from has."""
    logged: bool = False
    """Whether the output is printed, kept or counted, too."""


def sample_loops(script: Script) -> Iterator[SampleLoop]:
    """The loops that step once for each row of two tensors."""
    seen: set[ast.AST] = set()
    for update in script.updates:
        loop = update.loop
        if loop is not None and isinstance(loop.node, ast.For) and loop.node not in seen and not loop.node.orelse:
            seen.add(loop.node)
            if any(isinstance(each, Branch) and within(each, loop) for each in ancestors(update.step)):
                continue  # gradients of several samples add up to a batch
            found = _SampleReader(script, loop, loop.node).read()
            if found is not None:
                yield found


class _SampleReader:
    def __init__(self, script: Script, loop: Loop, node: ast.For) -> None:
        self.script, self.node = script, node
        below = {id(event) for event in events(loop.body, EventKind.CALL)}
        self.calls = [call for call in script.run.calls if id(call.event) in below]
        self.inside = _nodes(node.body)

    def read(self) -> SampleLoop | None:
        loss = self._loss()
        forward = self._forward(loss)
        if forward is None or loss is None or len(forward.node.args) != 1 or len(loss.node.args) != 2:
            return None
        reads = self._reads_beside(forward, loss)
        if reads is None or not all(isinstance(each, ast.Expr | ast.AugAssign) for each in reads):
            return None
        if len(forward.arguments.positional) != 1 or len(loss.arguments.positional) != 2:  # f(*x)
            return None
        inputs = self._sample(forward.node.args[0], forward.arguments.positional[0])
        targets = self._sample(loss.node.args[1], loss.arguments.positional[1])
        if inputs is None or targets is None or inputs.with_axis != targets.with_axis:
            return None
        rows = {row_count(each.value) for each in (inputs, targets)} - {None}  # the loop counts both alike
        count = rows.pop() if len(rows) == 1 else None
        outermost = self._outermost(inputs, targets)
        known = count is not None or (not rows and all(_is_read(each.value) for each in (inputs, targets)))
        if outermost is None or not known or not self._covers(inputs, targets, count):
            return None
        index = self._index((inputs, targets))
        return SampleLoop(self.node, outermost, forward.callee, inputs, targets, index or None, count, bool(reads))

    def _forward(self, loss: Call | None) -> Call | None:
        """The only call of a model in the loop, or of a function of the file that makes the loss's prediction."""
        found = [call for call in self.calls if kind(call.callee) is Kind.MODULE and not self._is_method(call)]
        if not found and loss is not None and loss.arguments.positional:
            prediction = loss.arguments.positional[0]
            found = [call for call in self.calls if isinstance(call.callee, Function) and call.result is prediction]
        return found[0] if len(found) == 1 else None

    def _is_method(self, call: Call) -> bool:
        return isinstance(call.callee, Part) and call.callee.how == "attribute" and call.callee.key in ("train", "eval")

    def _loss(self) -> Call | None:
        """The only call of a loss in the loop."""
        found = [
            call
            for call in self.calls
            if kind(call.callee) is Kind.LOSS
            or (
                (call.dotted or "").startswith("torch.nn.functional.")
                and ("loss" in (call.dotted or "") or "entropy" in (call.dotted or ""))
            )
        ]
        return found[0] if len(found) == 1 and not found[0].node.keywords else None

    def _reads_beside(self, forward: Call, loss: Call) -> list[ast.stmt] | None:
        """The statements that read the output beside the loss; None where it is not the output that the loss gets."""
        given = loss.node.args[0]
        if given is forward.node:
            return []
        statement = self.script.statement_of(forward.node)
        if (
            not isinstance(given, ast.Name)
            or not isinstance(statement, ast.Assign)
            or statement.value is not forward.node
            or ast.unparse(statement.targets[0]) != given.id
        ):
            return None
        names = [each for each in self.inside if isinstance(each, ast.Name) and each.id == given.id]
        reads = [each for each in names if isinstance(each.ctx, ast.Load) and each is not given]
        return [self.script.statement_of(each) for each in reads] if given in names else None

    def _sample(self, node: ast.expr, value: Value) -> Sample | None:
        """One row of a tensor as the model or the loss gets it."""
        with_axis, outer = False, node
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr="unsqueeze"), args=[ast.Constant(value=0)]):
                with_axis, node = True, inner
        row = next(
            (each for each in roots(value) if isinstance(each, Part) and each.how in ("subscript", "element")), None
        )
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and row is not None:
            one, sliced = self._is_row(node.slice)
            whole = array(row.base)
            if not one or (sliced and with_axis) or whole is None or whole.library is not Library.TORCH:
                return None
            uses = [each for each in self.inside if isinstance(each, ast.Name) and each.id == node.value.id]
            return Sample((outer,), node.value, row.base, with_axis or sliced) if len(uses) == 1 else None
        if isinstance(node, ast.Name) and row is not None:
            taken = self._taken(node.id) if node is outer else None
            return self._sample(taken, value) if taken is not None else self._drawn(node, outer, row, with_axis)
        return None

    def _taken(self, name: str) -> ast.expr | None:
        """The `X[i]` of `x = X[i]`, where the loop does nothing else with `x` but use it once."""
        named = [each for each in self.inside if isinstance(each, ast.Name) and each.id == name]
        if len(named) != 2:
            return None
        for statement in self.node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Subscript() as value) if bound == name:
                    return value
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                    for target, one in zip(targets, values, strict=False):
                        if isinstance(target, ast.Name) and target.id == name and len(targets) == len(values):
                            return one if isinstance(one, ast.Subscript) else None
        return None

    def _is_row(self, key: ast.expr) -> tuple[bool, bool]:
        """Whether a subscript is the row that the loop counts, and whether it is one as a slice: `i:i + 1`."""
        target = self.node.target
        if not isinstance(target, ast.Name):
            return False, False
        match key:
            case ast.Name(id=name):
                return name == target.id, False
            case ast.Slice(lower=ast.Name(id=name), upper=ast.expr() as upper, step=None):
                return name == target.id and ast.unparse(upper) == f"{name} + 1", True
        return False, False

    def _drawn(self, node: ast.Name, outer: ast.expr, row: Part, with_axis: bool) -> Sample | None:
        """The element of one of the tensors of `zip(X, Y)`."""
        match self.node:
            case ast.For(
                target=ast.Tuple(elts=names), iter=ast.Call(func=ast.Name(id="zip"), args=tensors, keywords=[])
            ):
                at = [index for index, each in enumerate(names) if isinstance(each, ast.Name) and each.id == node.id]
                if len(names) != 2 or len(tensors) != 2 or len(at) != 1 or not isinstance(tensors[at[0]], ast.Name):
                    return None
                whole = array(row.base)
                uses = [each for each in self.inside if isinstance(each, ast.Name) and each.id == node.id]
                if whole is None or whole.library is not Library.TORCH or len(uses) != 1:
                    return None
                return Sample((outer,), tensors[at[0]], row.base, with_axis)
        return None

    def _covers(self, inputs: Sample, targets: Sample, rows: int | None) -> bool:
        """Whether the loop goes through all rows."""
        if isinstance(self.node.target, ast.Tuple):
            return True
        made = next((call for call in self.script.run.calls if call.node is self.node.iter), None)
        if made is None or made.dotted != "range" or len(made.arguments.positional) != 1:
            return False
        (end,) = made.arguments.positional
        if rows is not None and number(end) is not None:
            return number(end) == rows and rows in (row_count(inputs.value), row_count(targets.value))
        asked = counted_value(end)
        return asked is not None and any(same_data(asked) is same_data(each.value) for each in (inputs, targets))

    def _index(self, samples: tuple[Sample, Sample]) -> str:
        if not isinstance(self.node.target, ast.Name):
            return ""
        inner = {each for sample in samples for use in sample.uses for each in walk(use)}
        name = self.node.target.id
        others = [each for each in self.inside if isinstance(each, ast.Name) and each.id == name and each not in inner]
        return name if others else ""

    def _outermost(self, *samples: Sample) -> ast.stmt | None:
        """The outermost loop before which the tensors are known that this one goes through."""
        found: ast.stmt | None = None
        node: ast.AST | None = self.node
        while node is not None and not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            if isinstance(node, ast.For | ast.While):
                if not all(evaluable_before(self.script, each.tensor, node) for each in samples):
                    break
                found = node
            node = self.script.parents.get(node)
        return found


def _is_read(value: Value) -> bool:
    """Whether rows come out of a file as they are: nobody writes so few that steps on single ones do not matter."""
    for each in _origins(value):
        if isinstance(each, Made) and _READERS.match(each.dotted or ""):
            return True
        if isinstance(each, Part) and each.how == "method" and each.key in ("readlines", "read_text"):
            return True
    return False


def _origins(value: Value, depth: int = 24) -> Iterator[Value]:
    """A value and what its rows were taken from: parts, casts, and functions that keep them."""
    yield value
    match value:
        case Part(base=base) if depth:
            yield from _origins(base, depth - 1)
        case Items(items=items, each=each) if depth:  # a row of a table that a comprehension makes
            first = each or (items[0] if items else None)
            yield from _origins(first, depth - 1) if first is not None else ()
        case Computed(operands=[first, *_]) if depth:
            yield from _origins(first, depth - 1)
        case Made(callee=Imported(), arguments=given) if given.positional and depth:
            for each in given.positional if (value.dotted or "").endswith("train_test_split") else given.positional[:1]:
                yield from _origins(each, depth - 1)
        case Choice():
            for each in options(value):
                yield from _origins(each, depth - 1) if depth else ()


def _nodes(body: list[ast.stmt]) -> list[ast.AST]:
    """All nodes of a block."""
    return [each for statement in body for each in walk(statement)]
