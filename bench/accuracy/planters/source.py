"""A file to plant in: its tree, questions about it, and edits of its text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property

Edit = tuple[int, int, bytes]
"""Replace the bytes from the first offset to the second."""
Mutation = tuple[ast.AST, list[Edit]]
"""The place, and what is changed there."""


class Source:
    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode()
        self.tree = ast.parse(text)
        self.starts = [0]
        for line in self.data.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def span(self, node: ast.AST) -> tuple[int, int]:
        first = self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        last = self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return first, last

    def of(self, node: ast.AST) -> str:
        first, last = self.span(node)
        return self.data[first:last].decode()

    def put(self, node: ast.AST, text: str) -> Edit:
        return (*self.span(node), text.encode())

    def behind(self, node: ast.AST, text: str) -> Edit:
        last = self.span(node)[1]
        return last, last, text.encode()

    def before(self, statement: ast.stmt, text: str) -> Edit:
        """A line of its own before a statement."""
        first = self.span(statement)[0]
        return first, first, f"{text}\n{' ' * statement.col_offset}".encode()

    def without(self, items: list[ast.expr] | list[ast.keyword], index: int) -> Edit:
        """Take one of several elements or arguments out, with its comma."""
        if len(items) == 1:
            return self.put(items[0], "")
        if index:
            return self.span(items[index - 1])[1], self.span(items[index])[1], b""
        return self.span(items[0])[0], self.span(items[1])[0], b""

    def without_argument(self, call: ast.Call, name: str) -> Edit:
        arguments = sorted([*call.args, *call.keywords], key=self.span)
        index = next(i for i, each in enumerate(arguments) if isinstance(each, ast.keyword) and each.arg == name)
        return self.without(arguments, index)  # type: ignore[arg-type]

    def apply(self, edits: list[Edit]) -> str:
        data = self.data
        for first, last, new in sorted(edits, reverse=True):
            data = data[:first] + new + data[last:]
        return data.decode()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def statement(self, node: ast.AST) -> ast.stmt:
        return node if isinstance(node, ast.stmt) else next(x for x in self.above(node) if isinstance(x, ast.stmt))

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Calls of what has one of these names, whatever it is an attribute of."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and name(node) in names:
                yield node

    @cached_property
    def imported(self) -> dict[str, str]:
        """What names that imports bind stand for, dotted."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found |= {
                    x.asname or x.name.partition(".")[0]: x.name if x.asname else x.name.partition(".")[0]
                    for x in node.names
                }
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found |= {x.asname or x.name: f"{node.module}.{x.name}" for x in node.names}
        return found

    def dotted(self, node: ast.expr) -> str:
        """The dotted name of an imported function or class; "" where it is none."""
        first, _, rest = self.of(node).partition(".")
        return ".".join(filter(None, (self.imported[first], rest))) if first in self.imported else ""

    def function_of(self, node: ast.AST) -> ast.AST:
        """The function whose body holds the node, or the module."""
        return next((x for x in self.above(node) if isinstance(x, ast.FunctionDef)), self.tree)

    @cached_property
    def blocks(self) -> list[list[ast.stmt]]:
        fields = ("body", "orelse", "finalbody")
        found = [getattr(node, field, None) for node in self.nodes for field in fields]
        return [block for block in found if isinstance(block, list) and block]

    def assigned(self, name: str) -> list[ast.expr]:
        """All values that a plain name is given anywhere."""
        return [
            node.value
            for node in self.nodes
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
        ]

    def resolved(self, node: ast.expr | None) -> ast.expr | None:
        """What stands for a name that is assigned once; else the expression itself."""
        if isinstance(node, ast.Name) and len(values := self.assigned(node.id)) == 1:
            return values[0]
        return node

    @cached_property
    def training_loops(self) -> list[ast.For]:
        """Loops over batches with a backward and a step right in their body."""
        found = []
        for node in self.nodes:
            if isinstance(node, ast.For) and not any(isinstance(x, ast.For) for b in node.body for x in ast.walk(b)):
                text = self.of(node)
                if ".backward(" in text and ".step(" in text:
                    found.append(node)
        return found


Planter = Callable[[Source], Iterator[Mutation]]


def name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=found) | ast.Attribute(attr=found):
            return found
    return ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == name), None)


def leaves(loop: ast.For | ast.While) -> bool:
    """Whether the first round is the last one."""
    return isinstance(loop.body[-1], ast.Break | ast.Return | ast.Raise)


def reached(source: Source, loop: ast.For | ast.While) -> list[ast.AST]:
    """A loop, and the functions of the file that it calls by their names, two calls deep."""
    functions = {x.name: x for x in source.nodes if isinstance(x, ast.FunctionDef)}
    found: list[ast.AST] = [loop]
    for _ in range(2):
        for node in [y for x in found for y in ast.walk(x)]:
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                own = not isinstance(node.func, ast.Attribute) or ast.unparse(node.func.value) == "self"
                if own and name in functions and functions[name] not in found:
                    found.append(functions[name])
    return found


def is_int(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def single_line(node: ast.AST) -> bool:
    return node.lineno == node.end_lineno  # type: ignore[attr-defined]


IMAGES = ("MNIST", "FashionMNIST", "KMNIST", "CIFAR10", "CIFAR100", "SVHN", "ImageFolder", "STL10", "QMNIST", "EMNIST")
"""Datasets of torchvision that yield PIL images."""


def pipelines(source: Source) -> Iterator[list[ast.Call]]:
    """The steps of every pipeline that is written as one list of calls."""
    for call in source.calls("Compose"):
        if call.args and isinstance(call.args[0], ast.List):
            steps = call.args[0].elts
            if steps and all(isinstance(each, ast.Call) for each in steps):
                yield steps  # type: ignore[misc]
