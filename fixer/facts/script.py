"""The lazy entry to everything that is known about one file. Rules get a `Script` and ask."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from fixer.facts.loops.updates import Update, updates
from fixer.facts.program.interpret import interpret
from fixer.facts.program.machine import Call, Run
from fixer.facts.program.names import Names
from fixer.facts.program.siblings import Module, Siblings
from fixer.facts.program.walk import parents_of


class Script:
    """One source text. Every fact is computed when a rule first asks for it, and shared by all rules."""

    def __init__(self, text: str, tree: ast.Module, siblings: Siblings | None = None) -> None:
        self.text = text
        self.tree = tree
        self.siblings = siblings
        self._parents: dict[ast.AST, ast.AST] = {}
        self._indexed = 0
        """How many trees are in `_parents`."""

    @classmethod
    def parse(cls, text: str) -> Script:
        """Raises SyntaxError where `text` is not Python."""
        return cls(text, ast.parse(text))

    @cached_property
    def lowered(self) -> str:
        """The text in lower case: what patterns of words are looked for in, far faster than with IGNORECASE."""
        return self.text.lower()

    @cached_property
    def names(self) -> Names:
        """Imports, and how the file spells dotted names."""
        return Names(self.tree)

    @cached_property
    def run(self) -> Run:
        """The program, run symbolically: event tree, calls, objects."""
        return interpret(self.tree, self.siblings)

    @cached_property
    def updates(self) -> list[Update]:
        """Every step of an optimizer, with the backward calls that feed it and what may clear its gradients."""
        return updates(self.run)

    def calls(self, *dotted: str) -> Iterator[Call]:
        """Every call of these dotted names that the program makes, in order."""
        if self.run.complete:
            for call in self.run.calls:
                if call.dotted in dotted:
                    yield call

    def source(self, node: ast.AST) -> str:
        """The text of a node."""
        home = self.home(node)
        text = self.text if home is None else home.text
        return ast.get_source_segment(text, node) or ast.unparse(node)

    def home(self, node: ast.AST) -> Module | None:
        """The other file that `node` belongs to; None: this one."""
        modules = self.run.modules if self.siblings is not None else []
        parents = self.parents if modules else {}
        while node in parents:
            node = parents[node]
        return next((each for each in modules if each.tree is node), None)

    @property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Each node's parent in the syntax tree; nodes of other files that were looked at are in it, too."""
        others = self.run.modules if self.siblings is not None else ()
        if self._indexed <= len(others):
            for tree in [self.tree, *(each.tree for each in others)][self._indexed :]:
                self._parents = self._parents | parents_of(tree) if self._indexed else parents_of(tree)
                self._indexed += 1
        return self._parents

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that holds `node`."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def block_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements among which `statement` stands."""
        parent = self.parents[statement]
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and statement in block:
                return block
        return [statement]

    def function_of(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function whose body holds `node`; None at module level."""
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            parent = self.parents.get(parent)
        return parent

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """The innermost class whose body holds `node`."""
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, ast.ClassDef):
            parent = self.parents.get(parent)
        return parent
