"""The state of the interpreter: where in the event tree it is, what it has seen, how much it may still do."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fixer.facts.program.environment import Environment
from fixer.facts.program.siblings import Module, Siblings
from fixer.facts.program.training import Block, Branch, Event, EventKind, Inlined, Loop, Node
from fixer.facts.program.values import Arguments, Class, Function, Imported, Made, Value

FUEL = 40_000
"""Statements and calls to interpret in one file; real training scripts need a few thousand."""
DEPTH = 12
"""Calls of same-file functions inlined inside one another."""


class OutOfFuel(Exception):
    """The file does more than the interpreter is willing to follow."""


@dataclass(eq=False)
class Call:
    """One evaluated call. A function inlined twice gives two records for one node."""

    node: ast.Call
    callee: Value
    arguments: Arguments
    result: Value
    event: Event
    """Its place in the event tree: `ancestors(call.event)` are the loops and functions around it."""

    @property
    def dotted(self) -> str | None:
        """The dotted name of an imported callee: `torch.utils.data.DataLoader`."""
        return self.callee.dotted if isinstance(self.callee, Imported) else None

    @property
    def cls(self) -> Class | None:
        """The class of this file that the call makes an instance of."""
        return self.callee if isinstance(self.callee, Class) else None


@dataclass(eq=False)
class Run:
    """What the interpreter saw. One root for the module body, one for each function that nothing in the file calls."""

    roots: list[Block] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    module: Environment = field(default_factory=Environment)
    complete: bool = True
    """False when the file was too large to follow; then nothing may be concluded from what is missing."""
    hidden_clears: bool = False
    """Gradients may be cleared at times that the tree does not show: in hooks, callbacks, generators, `exec`."""
    classes: list[Class] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)
    """Other files that something was looked up in. Nodes of theirs occur in calls and events."""
    scopes: list[Environment] = field(default_factory=list)
    """The names of the module, and of every call of a function that was followed, as they are in the end."""
    objects: list[Made] = field(default_factory=list)
    """Instances in the order they are made, those of never-called classes included."""


class Machine(ABC):
    """Base of the interpreter's parts (expressions, calls, statements), which are one object at run time."""

    def __init__(self, tree: ast.Module, siblings: Siblings | None = None) -> None:
        self.tree = tree
        self.run = Run()
        self.run.scopes.append(self.run.module)
        self.block = Block()
        self.statement: ast.stmt | None = None
        self.fuel = FUEL
        self.unrolled = 0
        """How many loops of known rounds, gone through one by one, the current statement stands in."""
        self.stack: list[Function] = []
        self.returned: list[list[Value]] = []
        self.yielded: list[list[Value]] = []
        self.imports: dict[tuple[str | None, str], Imported] = {}
        self.siblings = siblings
        self.resolved: dict[tuple[str | None, str], Value] = {}
        """What imported names stand for, as far as their files are in sight."""
        self.abroad = 0
        """Lines of other files that have been followed."""
        self.scopes: dict[str, Environment] = {}
        """The names of other files, by path."""
        self.configured: dict[int, Value] = {}
        """What `self.optimizers()` gives in a LightningModule, by the module: the same at every call."""
        self.reached: set[ast.AST] = set()
        """Definitions of functions whose bodies have been interpreted."""

    def burn(self) -> None:
        self.fuel -= 1
        if self.fuel < 0:
            raise OutOfFuel

    def emit(self, kind: EventKind, node: ast.AST, subject: Value | None = None, detail: str = "") -> Event:
        event = Event(kind, node, self.statement, subject, detail, parent=self.block)
        self.block.items.append(event)
        return event

    @contextmanager
    def inside(self, block: Block) -> Iterator[Block]:
        """Let events go to `block` for a while."""
        outer, self.block = self.block, block
        statement = self.statement
        try:
            yield block
        finally:
            self.block, self.statement = outer, statement

    def loop(self, node: ast.stmt | ast.expr) -> Block:
        loop = Loop(node, Block(), self.statement, parent=self.block)
        return self._attach(loop, [loop.body])[0]

    def branch(self, node: ast.AST, count: int) -> list[Block]:
        branch = Branch(node, [Block() for _ in range(count)], self.statement, parent=self.block)
        return self._attach(branch, branch.arms)

    def inlined(self, call: ast.AST, function: Function) -> Block:
        node = Inlined(call, function, Block(), self.statement, parent=self.block)
        return self._attach(node, [node.body])[0]

    def _attach(self, node: Node, blocks: list[Block]) -> list[Block]:
        for block in blocks:
            block.parent = node
        self.block.items.append(node)
        return blocks

    @abstractmethod
    def call(self, node: ast.Call, env: Environment) -> Value:
        """Evaluate a call."""

    @abstractmethod
    def inline(
        self,
        function: Function,
        call: ast.AST,
        positional: list[Value],
        keywords: dict[str, Value],
        complete: bool = True,
    ) -> Value:
        """Interpret the body of `function` with these arguments; its events go under an `Inlined` node."""

    @abstractmethod
    def value(self, node: ast.expr | None, env: Environment) -> Value:
        """Evaluate an expression."""

    @abstractmethod
    def element(self, value: Value, node: ast.AST | None = None) -> Value:
        """Any one element of `value`, as a loop over it sees it."""

    @abstractmethod
    def bind(self, target: ast.expr, value: Value, env: Environment) -> None:
        """Assign `value` to a target of any form."""

    @abstractmethod
    def draw(self, source: ast.expr, env: Environment) -> Value:
        """What a loop over `source` binds its target to."""

    @abstractmethod
    def truth(self, test: ast.expr, value: Value, env: Environment) -> bool | None:
        """What a test must give where the arguments of this call decide it; None: it depends."""

    @abstractmethod
    def attribute(self, base: Value, name: str, node: ast.AST | None = None) -> Value:
        """Read an attribute."""

    @abstractmethod
    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, env: Environment) -> Value:
        """What a definition binds its name to."""

    def imported(self, dotted: str, importer: str | None = None) -> Imported:
        """The one value for a dotted name."""
        key = (importer, dotted)
        if key not in self.imports:
            self.imports[key] = Imported(dotted=dotted, importer=importer)
        return self.imports[key]

    @abstractmethod
    def star(self, module: Environment) -> None:
        """A star import of the module has been reached."""

    @abstractmethod
    def execute(self, body: list[ast.stmt], env: Environment) -> None:
        """Interpret statements one after the other."""

    @property
    def repeated(self) -> bool:
        """Whether the current statement stands in a loop of the function that it stands in."""
        node: Node | None = self.block
        while node is not None and not isinstance(node, Inlined):
            if isinstance(node, Loop):
                return True
            node = node.parent
        return False

    @property
    def conditional(self) -> bool:
        """Whether the current statement may be skipped or repeated within the function it stands in."""
        node: Node | None = self.block
        while node is not None and not isinstance(node, Inlined):
            if isinstance(node, Branch | Loop):
                return True
            node = node.parent
        return False
