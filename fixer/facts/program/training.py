"""The order of training events: what happens to which object, under which loops and branches.

Every function body and the module body is a tree of `Block`, `Loop`, `Branch`, `Inlined`; the leaves are `Event`s.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from fixer.facts.program.values import Function, Value


class EventKind(StrEnum):
    FORWARD = "forward"
    BACKWARD = "backward"
    CLEAR = "clear"
    """Gradients set to zero or None. Subject: the optimizer or module; None: nobody knows whose."""
    STEP = "step"
    SCHEDULE = "schedule"
    UNSCALE = "unscale"
    UPDATE_SCALE = "update scale"
    CLIP = "clip"
    MODE = "mode"
    """`train()` or `eval()`; `detail` is "train", "eval" or, for `train(flag)`, "either"."""
    GRAD = "grad"
    """A region without gradients begins; `detail` is "off" or "on"."""
    DRAW = "draw"
    """A loop takes the next batch or element of its subject."""
    ADD = "add"
    """A statement adds to what its target held: `total += loss`, `total = total + loss`. Subject: what it adds (for the
    second form: the whole right side)."""
    MAKE = "make"
    CALL = "call"
    """Any other call. Its record is in `Run.calls`."""
    ESCAPE = "escape"
    """The subject is handed to code out of sight: what that code may do, it may have done."""
    JUMP = "jump"
    """`detail` is "break", "continue", "return" or "raise"."""


@dataclass(eq=False)
class Event:
    kind: EventKind
    node: ast.AST
    statement: ast.stmt | None
    subject: Value | None = None
    detail: str = ""
    parent: Node | None = None


@dataclass(eq=False)
class Block:
    """What happens one after the other. `owner` is the statement or function whose body it is."""

    items: list[Event | Node] = field(default_factory=list)
    parent: Node | None = None
    span: Span | None = None
    """Of every node: which events of a finished run are below it."""


@dataclass(eq=False)
class Loop:
    node: ast.stmt | ast.expr
    """`for`, `while` or a comprehension."""
    body: Block
    statement: ast.stmt | None = None
    """The statement that holds it (for a comprehension), or is it."""
    parent: Node | None = None
    span: Span | None = None

    @property
    def repeats(self) -> bool:
        """Whether the body may be gone through more than once: not where it always ends by break, return or raise."""
        return not _always_leaves(self.body)


@dataclass(eq=False)
class Branch:
    """One of `arms` happens (an `if` without `else` has an empty arm), or some of each (`try`)."""

    node: ast.AST
    arms: list[Block]
    statement: ast.stmt | None = None
    parent: Node | None = None
    span: Span | None = None


@dataclass(eq=False)
class Inlined:
    """A call of a function of this file, with what happens in it."""

    call: ast.AST
    function: Function
    body: Block
    statement: ast.stmt | None = None
    parent: Node | None = None
    span: Span | None = None


Node = Block | Loop | Branch | Inlined


def children(node: Node) -> list[Event | Node]:
    match node:
        case Block():
            return node.items
        case Loop():
            return [node.body]
        case Branch():
            return list(node.arms)
        case Inlined():
            return [node.body]


@dataclass(frozen=True, eq=False)
class Timeline:
    """All events of a finished run in the order of the text, so that those below a node are found without a walk."""

    events: list[Event] = field(default_factory=list)
    places: dict[EventKind, list[int]] = field(default_factory=dict)
    """Where among them those of each kind are."""

    def number(self, node: Node) -> None:
        """Enter the events below `node`, and say of each node where its events are."""
        start = len(self.events)
        for each in children(node):
            if isinstance(each, Event):
                self.places.setdefault(each.kind, []).append(len(self.events))
                self.events.append(each)
            else:
                self.number(each)
        node.span = (self, start, len(self.events))

    def between(self, start: int, end: int, kinds: tuple[EventKind, ...]) -> Iterator[Event]:
        if len(kinds) == 1:
            places = self.places.get(kinds[0], [])
            for place in places[bisect_left(places, start) : bisect_left(places, end)]:
                yield self.events[place]
        else:
            for each in self.events[start:end]:
                if not kinds or each.kind in kinds:
                    yield each


Span = tuple[Timeline, int, int]


def events(node: Node | Event, *kinds: EventKind) -> Iterator[Event]:
    """All events below `node` in the order of the text, of these kinds (none given: of all)."""
    if not isinstance(node, Event) and node.span is not None:
        timeline, start, end = node.span
        yield from timeline.between(start, end, kinds)
        return
    waiting: list[Event | Node] = [node]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, Event):
            waiting.extend(reversed(children(each)))
        elif not kinds or each.kind in kinds:
            yield each


def nodes(node: Node) -> Iterator[Node]:
    """The loops, branches and inlined calls below `node`, in the order of the text."""
    waiting: list[Event | Node] = list(reversed(children(node)))
    while waiting:
        each = waiting.pop()
        if not isinstance(each, Event):
            if not isinstance(each, Block):
                yield each
            waiting.extend(reversed(children(each)))


def ancestors(item: Event | Node) -> Iterator[Node]:
    """The nodes around `item`, innermost first."""
    parent = item.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def within(item: Event | Node, node: Node) -> bool:
    """Whether `item` stands somewhere below `node`."""
    return any(each is node for each in ancestors(item))


def _always_leaves(block: Block) -> bool:
    for item in block.items:
        match item:
            case Event(kind=EventKind.JUMP, detail=detail):
                return detail != "continue"
            case Branch() if item.arms and all(_always_leaves(arm) for arm in item.arms):
                return True
            case Block() if _always_leaves(item):
                return True
    return False


def exclusive(left: Event, right: Event) -> bool:
    """Whether the two stand in different arms of one `if`, so that only one of them happens in a round."""
    arms = {id(each.parent): each for each in ancestors(left) if isinstance(each.parent, Branch)}
    for each in ancestors(right):
        other = arms.get(id(each.parent)) if isinstance(each.parent, Branch) else None
        if other is not None:
            return other is not each and isinstance(each.parent.node, ast.If)  # type: ignore[union-attr]
    return False
