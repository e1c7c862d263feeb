"""Loops that train on one sample of tensors in memory at a time, and what such a loop does with the sample."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.places.reach import evaluable_before
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Branch, EventKind, Loop, ancestors, events, within
from fixer.facts.program.values import Part, Value, roots
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Library
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.shapes import number, row_count


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
    rows: int


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
        forward, loss = self._forward(), self._loss()
        if forward is None or loss is None or len(forward.node.args) != 1 or len(loss.node.args) != 2:
            return None
        if not self._output_feeds_only(forward, loss):
            return None
        if len(forward.arguments.positional) != 1 or len(loss.arguments.positional) != 2:  # f(*x)
            return None
        inputs = self._sample(forward.node.args[0], forward.arguments.positional[0])
        targets = self._sample(loss.node.args[1], loss.arguments.positional[1])
        if inputs is None or targets is None or inputs.with_axis != targets.with_axis:
            return None
        rows = {row_count(each.value) for each in (inputs, targets)} - {None}  # the loop counts both alike
        outermost = self._outermost()
        reachable = all(evaluable_before(self.script, each.tensor, outermost) for each in (inputs, targets))
        count = rows.pop() if len(rows) == 1 else None
        if count is None or not reachable or not self._covers(inputs, count):
            return None
        index = self._index((inputs, targets))
        return SampleLoop(self.node, outermost, forward.callee, inputs, targets, index or None, count)

    def _forward(self) -> Call | None:
        """The only call of a model in the loop."""
        found = [call for call in self.calls if kind(call.callee) is Kind.MODULE and not self._is_method(call)]
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

    def _output_feeds_only(self, forward: Call, loss: Call) -> bool:
        """Whether the output goes into the loss and nowhere else."""
        given = loss.node.args[0]
        if given is forward.node:
            return True
        statement = self.script.statement_of(forward.node)
        if (
            not isinstance(given, ast.Name)
            or not isinstance(statement, ast.Assign)
            or statement.value is not forward.node
        ):
            return False
        names = [each for each in walk(self.script.tree) if isinstance(each, ast.Name) and each.id == given.id]
        reads = [each for each in self.inside if each in names and isinstance(each.ctx, ast.Load)]
        return reads == [given] and ast.unparse(statement.targets[0]) == given.id

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
            return self._drawn(node, outer, row, with_axis)
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

    def _covers(self, inputs: Sample, rows: int) -> bool:
        """Whether the loop goes through all rows."""
        if isinstance(self.node.target, ast.Tuple):
            return True
        made = next((call for call in self.script.run.calls if call.node is self.node.iter), None)
        if made is None or made.dotted != "range" or len(made.arguments.positional) != 1:
            return False
        (end,) = made.arguments.positional
        return row_count(inputs.value) == rows and number(end) == rows

    def _index(self, samples: tuple[Sample, Sample]) -> str:
        if not isinstance(self.node.target, ast.Name):
            return ""
        inner = {each for sample in samples for use in sample.uses for each in walk(use)}
        name = self.node.target.id
        others = [each for each in self.inside if isinstance(each, ast.Name) and each.id == name and each not in inner]
        return name if others else ""

    def _outermost(self) -> ast.stmt:
        found: ast.stmt = self.node
        parent = self.script.parents.get(self.node)
        while parent is not None and not isinstance(parent, ast.FunctionDef | ast.ClassDef | ast.Module):
            if isinstance(parent, ast.For | ast.While):
                found = parent
            parent = self.script.parents.get(parent)
        return found


def _nodes(body: list[ast.stmt]) -> list[ast.AST]:
    """All nodes of a block."""
    return [each for statement in body for each in walk(statement)]
