"""Lists that grow, and containers of modules: what is put into them always, and in order, keeps its place."""

from __future__ import annotations

import ast

from fixer.facts.program.machine import Machine
from fixer.facts.program.sequences import MOST, plain, sequence
from fixer.facts.program.training import Branch, Loop, Node
from fixer.facts.program.values import Arguments, Choice, Items, Made, Mapping, Value, join

GROWING = frozenset({"append", "add", "extend", "insert"})
_TAKING = frozenset({"pop", "remove", "clear", "reverse", "sort"})
_ADDING = frozenset({"append", "extend", "insert", "add_module", "register_module"})
CONTAINERS = frozenset({"torch.nn.Sequential", "torch.nn.ModuleList"})


class Growth(Machine):
    """Keeps what lists hold."""

    def grow(self, listed: Items, name: str, given: list[Value]) -> None:
        """`listed.append(value)` and its like."""
        value = given[-1]
        more = sequence(value) if name == "extend" else [value]
        place = plain(given[0]) if name == "insert" and len(given) == 2 else len(listed.items)
        if listed.known and name != "add" and more is not None and isinstance(place, int) and self._always(listed):
            listed.items[place:place] = more
        else:
            value = self.element(value) if name == "extend" else value
            listed.each = join([listed.each, value]) if listed.each else value
        listed.grown = True

    def shrink(self, listed: Items, name: str) -> None:
        """`listed.pop()`: what is left is not followed."""
        if name in _TAKING:
            listed.complete = False

    def _always(self, listed: Items) -> bool:
        """Whether what happens now happens once, whenever the list has been made."""
        if self.returned and self.returned[-1]:
            return False  # perhaps the function has been left before
        node: Node | None = self.block
        while node is not None and node is not listed.home:
            if isinstance(node, Branch | Loop):
                return False
            node = node.parent
        return node is not None

    # -- containers of modules -------------------------------------------------------------------------------------

    def container(self, made: Made) -> None:
        """A Sequential or a ModuleList has been made: from now on it may grow."""
        given = made.arguments
        listed = given.positional
        if not given.complete or given.keywords:
            return
        if made.dotted == "torch.nn.ModuleList":
            several = sequence(listed[0]) if len(listed) == 1 else [] if not listed else None
            made.built = None if several is None else Items(items=several, home=self.block)
        elif not any(isinstance(each, Items | Mapping | Choice) or _is_dict(each) for each in listed):
            made.built = Items(items=list(listed), home=self.block)

    def fill(self, made: Made, name: str, given: list[Value]) -> None:
        """`layers.append(nn.Linear(8, 8))`, `model.add_module("fc", nn.Linear(8, 8))`."""
        if made.built is None:
            return
        if name in _ADDING and given:
            self.grow(made.built, "append" if name.endswith("module") else name, given)
        elif name in _TAKING or name == "__setitem__":
            made.built.complete = False
        if name == "insert" and made.held is not None:
            made.built.complete = False  # not behind what a call before had


def _is_dict(value: Value) -> bool:
    return isinstance(value, Made) and value.dotted == "collections.OrderedDict"


def as_now(arguments: Arguments) -> Arguments:
    """Arguments as they are now: a list among them may grow later."""
    if not any(type(each) is Items and each.home is not None for each in arguments.positional):
        return arguments
    given = [_copy(each) if isinstance(each, Items) else each for each in arguments.positional]
    return Arguments(given, arguments.keywords, arguments.complete)


def _copy(listed: Items) -> Items:
    return Items(listed.node, items=list(listed.items), each=listed.each, complete=listed.complete, grown=listed.grown)


def joined(op: ast.operator, left: Value, right: Value) -> list[Value] | None:
    """What `[a] + [b]` and `[a] * 3` hold; None where that is not known, and for everything but lists."""
    if not isinstance(left, Items) or not left.known:
        return None
    if isinstance(op, ast.Add) and isinstance(right, Items) and right.known:
        return [*left.items, *right.items]
    times = plain(right) if isinstance(op, ast.Mult) else None
    return left.items * times if isinstance(times, int) and 0 <= times * len(left.items) <= MOST else None
