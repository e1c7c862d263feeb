"""The losses whose graphs a loop has used up: what each round sends back through the model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.training import (
    Block,
    Branch,
    Event,
    EventKind,
    Loop,
    Node,
    ancestors,
    children,
    events,
    within,
)
from fixer.facts.program.values import Choice, Computed, Imported, Literal, Made, Part, Unknown, Value, options

_KEEPING = frozenset({"cpu", "cuda", "to", "clone", "float", "double", "mean", "sum", "squeeze", "view", "reshape"})
"""Methods whose result belongs to the same graph."""
_LOSS = re.compile(r"loss(es)?(_?\w+)?$|err(or)?[A-Z_]\w*$")
_FACTOR = re.compile(r"weight|scale|coef|lambda|factor|alpha|beta|ratio|num|count|steps")
_TORCH_LOSS = re.compile(r"torch\.nn\.functional\.\w*(loss|entropy|div)\w*$")


class FreedLosses:
    """The tensors that a loop's body back-propagates, and parts of them; afterwards their graphs serve nothing."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.calls: dict[int, list[Event]] = {}
        """The backward calls by what they start from or go through."""
        self.reduced: dict[int, list[Event]] = {}
        self.written: dict[ast.AST, list[Event]] = {}
        """The same by the call that made them."""
        self.kept = False
        """Some backward call keeps its graph, so that another one may follow."""
        for event in events(loop.body, EventKind.BACKWARD):
            self.kept = self.kept or _keeps_graph(event.node)
            if event.subject is not None:
                self._add(event.subject, event)

    def backward_of(self, value: Value) -> list[Event]:
        """The backward calls that have used up the graph of `value`, whichever of its options it is; else none."""
        found: list[Event] = []
        for each in options(value):
            if isinstance(each, Literal) and "backward" in each.uses:
                continue  # `loss = 0`, before the terms are added
            own = self._calls(each)
            if not own:
                return []
            found += own
        return found

    def backward_of_twin(self, value: Value) -> list[Event]:
        """The backward calls of what the same call in the text made at another time, in a function called twice."""
        if not all(isinstance(each, Made) for each in options(value)):
            return []
        twins = [self.written.get(each.node or self.loop.node, []) for each in options(value)]
        return [call for one in twins for call in one] if all(twins) else []

    def always(self, event: Event, calls: list[Event]) -> bool:
        """Whether every round that comes by `event` comes by one of these calls, too."""
        blocks = (node for node in ancestors(event) if isinstance(node, Block))
        inside = (node for node in blocks if node is self.loop.body or within(node, self.loop.body))
        return any(_certain(node, calls) for node in inside)

    def _calls(self, value: Value) -> list[Event]:
        if id(value) in self.calls:
            return self.calls[id(value)]
        if isinstance(value, Part) and value.how == "method" and value.key in _KEEPING:
            if value.key in ("mean", "sum") and id(value.base) in self.reduced:
                return self.reduced[id(value.base)]
            return self.backward_of(value.base)
        return []

    def _add(self, subject: Value, event: Event) -> None:
        for value in options(subject):
            self.calls.setdefault(id(value), []).append(event)
            if isinstance(value, Made) and value.node is not None:
                self.written.setdefault(value.node, []).append(event)
            match value:
                case Part(how="method", key="scale", arguments=given) if given is not None and given.positional:
                    self._add(given.positional[0], event)
                case Part(how="method", key="mean" | "sum", base=base):
                    self.reduced.setdefault(id(base), []).append(event)
                case Unknown(node=ast.With(), holds=[loss, *_]):
                    self._add(loss, event)  # `with amp.scale_loss(loss, optimizer) as scaled:`
                case Computed():
                    self._add_terms(value, event)

    def _add_terms(self, total: Computed, event: Event) -> bool:
        """Add the terms that have graphs; whether there are any."""
        match total:
            case Computed(node=ast.BinOp(left=left, right=right), operands=[first, second]):
                return any([self._add_term(left, first, event), self._add_term(right, second, event)])
            case Computed(node=ast.UnaryOp(operand=operand), operands=[inner]):
                return self._add_term(operand, inner, event)
        return False

    def _add_term(self, node: ast.expr, term: Value, event: Event) -> bool:
        if isinstance(term, Computed):
            graph = self._add_terms(term, event)
        elif isinstance(term, Choice):
            graphs = [self._add_term(node, each, event) for each in term.options]
            graph = all(graphs)
        else:
            graph = _is_loss(node, term)
        if graph:
            self.calls.setdefault(id(term), []).append(event)
        return graph


def _is_loss(node: ast.expr, value: Value) -> bool:
    """Whether a term of a sum that is back-propagated has a graph, and is no weight."""
    if isinstance(value, Made) and isinstance(value.callee, Imported) and _TORCH_LOSS.match(value.callee.dotted):
        return True
    if isinstance(value, Made) and kind(value.callee) is Kind.LOSS:
        return True
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return isinstance(value, Made | Part) and bool(_LOSS.search(name)) and not _FACTOR.search(name)


def _keeps_graph(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return True
    given = [each for each in node.keywords if each.arg in (None, "retain_graph", "create_graph", "retain_variables")]
    off = [each for each in given if isinstance(each.value, ast.Constant) and not each.value.value]
    return len(off) != len(given) or len(node.args) > 1


def _certain(node: Node | Event, calls: list[Event]) -> bool:
    match node:
        case Event():
            return node in calls
        case Loop():
            return False
        case Branch(node=ast.Try()):
            return _certain(node.arms[0], calls)
        case Branch(arms=arms):
            return all(_certain(arm, calls) or leaves(arm) for arm in arms) and any(
                _certain(arm, calls) for arm in arms
            )
    return any(_certain(each, calls) for each in children(node))


def leaves(block: Block) -> bool:
    """Whether a block ends by break, continue, return or raise."""
    last = block.items[-1] if block.items else None
    return isinstance(last, Event) and last.kind is EventKind.JUMP


def terms(node: ast.expr, value: Value) -> Iterator[tuple[ast.expr, Value]]:
    """The terms of a sum, a product, ... as they are written, with what they stand for."""
    match node, value:
        case ast.BinOp(left=left, right=right), Computed(operands=[first, second]):
            yield from terms(left, first)
            yield from terms(right, second)
        case ast.UnaryOp(operand=operand), Computed(operands=[inner]):
            yield from terms(operand, inner)
        case _:
            yield node, value
