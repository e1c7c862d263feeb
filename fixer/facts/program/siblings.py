"""Other files of the project: what an import names there, looked up by name and read only where it is used."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from fixer.facts.program.names import import_bindings, star_imports
from fixer.facts.program.walk import lines_of

Binding = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr | str
"""What gives a name its value: a definition, the right side of an assignment, or the dotted name of an import."""


_WORDS = re.compile(
    r"backward|zero_grad|\bgrad\b|\.step\b|optim|\.(train|eval)\(|no_grad|DataLoader|Dataset|Sampler|transforms|nn\.Module|"
    r"Loss|loss\b|cross_entropy|_loader|random_split|Sequential"
)


@dataclass(eq=False)
class Module:
    """Another file, as text and tree. Nothing of it runs; single definitions are read when they are asked for."""

    path: str
    text: str
    tree: ast.Module

    @cached_property
    def bindings(self) -> dict[str, Binding]:
        """The names of its top level that are bound once; of the others nothing can be said."""
        found: dict[str, list[Binding]] = {}
        for statement in _top_level(self.tree.body):
            for name, binding in _bound_by(statement):
                found.setdefault(name, []).append(binding)
        return {name: several[0] for name, several in found.items() if len(several) == 1}

    @cached_property
    def stars(self) -> list[str]:
        """The modules of which it imports everything."""
        return star_imports(self.tree)

    def speaks_of_training(self, definition: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether a definition says anything of training or data, going by its words: most helpers do not."""
        lines = self._lines[definition.lineno - 1 : definition.end_lineno]
        return any(_WORDS.search(line) for line in lines)

    @cached_property
    def _lines(self) -> list[str]:
        return lines_of(self.text)


class Siblings(Protocol):
    """Finds the files that a file imports."""

    def find(self, importer: str | None, dotted: str) -> tuple[Module, str] | None:
        """The module that `dotted` lies in, seen from the file `importer` (None: the file at hand), and the rest.

        `("helpers.train_step")` gives the module `helpers` and "train_step".
        """


def _top_level(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements of the module's scope, those under `if` and `try` included."""
    found: list[ast.stmt] = []
    for statement in body:
        found.append(statement)
        if isinstance(statement, ast.If):
            found += _top_level([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            handlers = [each for handler in statement.handlers for each in handler.body]
            found += _top_level([*statement.body, *handlers, *statement.orelse])
    return found


def _bound_by(statement: ast.stmt) -> list[tuple[str, Binding]]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [(name, statement)]
        case ast.Import() | ast.ImportFrom():
            return list(import_bindings(statement))
        case ast.Assign(targets=targets, value=value):
            return [(each.id, value) for each in targets if isinstance(each, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, value)]
    return []
