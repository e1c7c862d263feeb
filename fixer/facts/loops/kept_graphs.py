"""Totals and lists that outlive the rounds of a loop and keep each round's loss in them, graph and all."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.loops.freed_losses import FreedLosses, leaves, terms
from fixer.facts.loops.numbers import read_as_number, read_as_numbers
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Block, Branch, Event, EventKind, Inlined, Loop, ancestors, events, within
from fixer.facts.program.values import Items, Literal, Made, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_FEW = 10
"""A loop of so few rounds keeps so few graphs."""
_MANY = 100
"""So many elements make a list of losses a burden for certain."""
_EMPTYING = frozenset({"clear", "pop", "popleft", "remove"})


@dataclass(frozen=True)
class KeptGraph:
    """A loss that is added to what is kept, though its graph has served."""

    losses: tuple[ast.expr, ...]
    """Where the loss is written."""
    target: ast.expr
    """What keeps it."""
    in_list: bool
    number: bool
    """Whether the target is seen to be read as a number and nothing else."""


def kept_graphs(script: Script) -> Iterator[KeptGraph]:
    """Every total and every list that keeps the graphs of losses which the loop has back-propagated."""
    if not script.run.complete:
        return
    finder = _Finder(script)
    for root in script.run.roots:
        for event in events(root, EventKind.ADD):
            if isinstance(event.node, ast.AugAssign | ast.Assign) and event.subject is not None:
                yield from finder.total(event, event.node, event.subject)
    for call in script.run.calls:
        match call.node:
            case ast.Call(func=ast.Attribute(value=target, attr="append"), args=[_]):
                yield from finder.element(call, target)


class _Finder:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.freed: dict[Loop, FreedLosses] = {}
        self.seen: set[ast.AST] = set()

    def total(self, event: Event, statement: ast.AugAssign | ast.Assign, added: Value) -> Iterator[KeptGraph]:
        target = statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
        found = self._loop(event, target)
        if found is None or not isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
            return
        loop, call = found
        losses = self._losses(event, loop, statement.value, added)
        losses = [each for each in losses if ast.unparse(each[0]) != ast.unparse(target)]
        if losses and not self._without_graph(event, loop, statement) and self._carries(loop, event, target):
            yield from self._kept(event, loop, call, losses, target, False)

    def element(self, call: Call, target: ast.expr) -> Iterator[KeptGraph]:
        lists = [each.base for each in options(call.callee) if isinstance(each, Part)]
        lists = [each for one in lists for each in options(one)]
        if not lists or not all(isinstance(each, Items) and not each.uses & _EMPTYING for each in lists):
            return
        found = self._loop(call.event, target)
        if found is None or any(self._inside(each.node, found[0]) for each in lists):
            return
        loop, outer = found
        now_and_then = any(isinstance(each, Branch) and within(each, loop) for each in ancestors(call.event))
        if self._rounds(loop) < (math.inf if now_and_then else _MANY):
            return
        losses = self._losses(call.event, loop, call.node.args[0], call.arguments.positional[0])
        if losses and self._carries(loop, call.event, target):
            yield from self._kept(call.event, loop, outer, losses, target, True)

    def _inside(self, node: ast.AST | None, loop: Loop) -> bool:
        while node is not None and node is not loop.node:
            node = self.script.parents.get(node)
        return node is not None

    def _kept(
        self, event: Event, loop: Loop, call: Inlined | None, losses: list[tuple[ast.expr, Value]],
        target: ast.expr, in_list: bool,
    ) -> Iterator[KeptGraph]:  # fmt: skip
        """What is found, if it is beyond doubt; in a helper (`meter.update(loss)`), where the loss is given to it."""
        freed = self.freed[loop]
        calls = [each for _, value in losses for each in freed.backward_of(value)]
        if call is not None:
            number = self._meter(call, target)
            losses = self._given(call, losses)
        else:
            number = (read_as_numbers if in_list else read_as_number)(self.script, target)
        nodes = tuple(node for node, _ in losses)
        if not nodes or nodes[0] in self.seen or not all(isinstance(each, _PLAIN) for each in nodes):
            return
        if not (number or freed.always(event, calls)) or self.script.home(nodes[0]) is not None:
            return
        self.seen.update(nodes)
        yield KeptGraph(nodes, target, in_list, number)

    def _loop(self, event: Event, target: ast.expr) -> tuple[Loop, Inlined | None] | None:
        """The loop whose rounds the target outlives, and the call of a helper in it in which the event happens."""
        outer: Inlined | None = None
        for node in ancestors(event):
            if isinstance(node, Loop) and node.repeats:
                if isinstance(node.node, ast.For) and ast.unparse(target) in map(ast.unparse, _flat(node.node.target)):
                    continue  # each round draws another list, and the rounds of the loop around it draw them again
                if not isinstance(node.node, ast.For | ast.AsyncFor | ast.While) or self._rounds(node) < _FEW:
                    return None
                return None if self._of_one_step(node, event, target) else (node, outer)
            if isinstance(node, Inlined):
                if not isinstance(target, ast.Attribute) or not _outlives(node):
                    return None
                outer = node
        return None

    def _of_one_step(self, loop: Loop, event: Event, target: ast.expr) -> bool:
        """Whether the rounds are parts of one batch, and the target starts anew with the next."""
        around = next((each for each in ancestors(loop) if isinstance(each, Loop)), None)
        if around is None or any(events(loop.body, EventKind.STEP)) or not any(events(around.body, EventKind.STEP)):
            return False
        return not self._carries(around, event, target)

    def _rounds(self, loop: Loop) -> float:
        """How often a loop goes round, if that is in sight."""
        match getattr(loop.node, "iter", None):
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return len(elements)
            case ast.Call(func=ast.Name(id="zip" | "enumerate"), args=[ast.List(elts=elements), *_]):
                return len(elements)
            case ast.Call(func=ast.Name(id="range")) as made:
                drawn = next((each for each in self.script.run.calls if each.node is made), None)
                last = drawn.arguments.positional[-1] if drawn and drawn.arguments.positional else None
                ends = [each.value for each in options(last or Value()) if isinstance(each, Literal)]
                return max(ends) if ends and all(isinstance(each, int) for each in ends) else math.inf
        return math.inf

    def _losses(self, event: Event, loop: Loop, node: ast.expr, value: Value) -> list[tuple[ast.expr, Value]]:
        """The terms of what is added whose graphs the loop has used."""
        if loop not in self.freed:
            self.freed[loop] = FreedLosses(loop)
        freed = self.freed[loop]
        if freed.kept or not freed.calls:
            return []
        found = [(each, term) for each, term in terms(node, value) if freed.backward_of(term)]
        if not found:
            found = [(each, term) for each, term in terms(node, value) if self._has_graph(freed, loop, term)]
            return found if isinstance(event.node, ast.AugAssign) else []
        return found if all(_together(event, freed.backward_of(term)) for _, term in found) else []

    def _has_graph(self, freed: FreedLosses, loop: Loop, value: Value) -> bool:
        """Whether it is never back-propagated itself, but made as another one is: `valid_loss = evaluate(batch)`."""
        made = {id(each) for each in options(value)}
        records = [each for each in self.script.run.calls if id(each.result) in made]
        told = "set_grad_enabled" not in self.script.text and bool(freed.backward_of_twin(value))
        return told and not any(
            self._without_graph(each.event, loop, self.script.statement_of(each.node)) for each in records
        )

    def _carries(self, loop: Loop, event: Event, target: ast.expr) -> bool:
        """Whether every round finds in the target what the round before left there, and nobody back-propagates it."""
        bodies: list[ast.AST] = [loop.node]
        bodies += [each.function.function for each in _inlined(loop.body) if each.function.function is not None]
        base = target
        while isinstance(base, ast.Subscript):
            base = base.value
        wanted = {ast.unparse(target), ast.unparse(base)}
        for body in dict.fromkeys(bodies if isinstance(base, ast.Attribute) else bodies[:1]):
            for node in walk(body):
                match node:
                    case ast.Assign(targets=targets) if node is not event.node and any(
                        ast.unparse(each) in wanted for one in targets for each in _flat(one)
                    ):
                        if not self._conditional(node, body):
                            return False
                    case ast.AnnAssign(target=other) | ast.For(target=other) if ast.unparse(other) in wanted:
                        return False
                    case ast.Delete(targets=targets) if any(
                        ast.unparse(each).partition("[")[0] in wanted for each in targets
                    ):
                        return False
                    case ast.Call(func=ast.Attribute(value=other, attr="detach_" | "zero_" | "fill_" | "clear")) if (
                        ast.unparse(other) in wanted
                    ):
                        return False
        return not any(_mentions(each.node, wanted) for each in events(loop.body, EventKind.BACKWARD))

    def _conditional(self, node: ast.AST, body: ast.AST) -> bool:
        """Whether an assignment in a loop is made in some rounds only."""
        parents = self.script.parents
        while node in parents and node is not body:
            node = parents[node]
            if isinstance(node, ast.If) and node is not body:
                return True
        return False

    def _without_graph(self, event: Event, loop: Loop, statement: ast.stmt) -> bool:
        """Whether the sum is made where no graph is recorded."""
        calls = [node.call for node in ancestors(event) if isinstance(node, Inlined) and within(node, loop)]
        parents = self.script.parents
        for inner in (statement, *calls):
            node: ast.AST | None = inner
            while node is not None and node is not loop.node:
                node = parents.get(node)
                managers: list[ast.expr] = []
                if isinstance(node, ast.With | ast.AsyncWith):
                    managers = [each.context_expr for each in node.items]
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    managers = node.decorator_list
                if any(word in ast.unparse(each) for each in managers for word in ("no_grad", "inference_mode")):
                    return True
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    break
        return False

    def _given(self, call: Inlined, losses: list[tuple[ast.expr, Value]]) -> list[tuple[ast.expr, Value]]:
        """Where a call writes the losses that it hands over."""
        wanted = {id(each) for _, value in losses for each in options(value)}
        if not isinstance(call.call, ast.Call):
            return []
        found: list[tuple[ast.expr, Value]] = []
        record = next((each for each in self.script.run.calls if each.event is _event_of(call)), None)
        if record is None:
            return []
        pairs = [
            *zip(call.call.args, record.arguments.positional, strict=False),
            *((each.value, record.arguments.keywords.get(each.arg or "", Value())) for each in call.call.keywords),
        ]
        for node, value in pairs:
            found += [(each, term) for each, term in terms(node, value) if {id(x) for x in options(term)} & wanted]
        return found

    def _meter(self, call: Inlined, target: ast.expr) -> bool:
        """Whether an object that adds numbers up is never asked for a tensor."""
        owner = call.function.owner
        names = set(owner.attributes) if owner is not None else set()
        kept = owner.attributes.get(target.attr) if owner is not None and isinstance(target, ast.Attribute) else None
        if not any(isinstance(each, Literal) for each in options(kept or Value())):
            return False
        for node in walk(self.script.tree):
            match node:
                case ast.Attribute(value=ast.Attribute(attr=name), attr=method) if (
                    name in names and method in _OF_TENSORS
                ):
                    return False
        return True


_OF_TENSORS = frozenset({"item", "cpu", "detach", "numpy", "data", "to", "tolist"})
_PLAIN = ast.Name | ast.Attribute | ast.Subscript | ast.Call


def _outlives(call: Inlined) -> bool:
    """Whether the object whose method is called is there before and after the call."""
    return isinstance(call.function.owner, Made)


def _together(event: Event, calls: list[Event]) -> bool:
    """Whether the event is no alternative to these backward calls: in no arm that the calls are never in."""
    for node in ancestors(event):
        if isinstance(node, Block) and isinstance(node.parent, Branch):
            inside = any(within(each, node) for each in calls)
            others = [arm for arm in node.parent.arms if arm is not node]
            beside = any(within(each, arm) for each in calls for arm in others)
            if not inside and (beside or leaves(node)):
                return False
    return True


def _event_of(call: Inlined) -> Event | None:
    """The record of the call itself stands before what happens in it."""
    around = call.parent
    if not isinstance(around, Block):
        return None
    before = around.items[: around.items.index(call)]
    return next((each for each in reversed(before) if isinstance(each, Event) and each.node is call.call), None)


def _inlined(block: Block) -> Iterator[Inlined]:
    waiting: list[object] = [block]
    while waiting:
        node = waiting.pop()
        match node:
            case Inlined():
                yield node
                waiting.append(node.body)
            case Block():
                waiting += node.items
            case Loop():
                waiting.append(node.body)
            case Branch():
                waiting += node.arms


def _flat(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        return [each for one in target.elts for each in _flat(one)]
    return [target]


def _mentions(node: ast.AST, wanted: set[str]) -> bool:
    return any(isinstance(each, ast.expr) and ast.unparse(each) in wanted for each in walk(node))
