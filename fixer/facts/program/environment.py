"""Name -> value, one table a function call, with Python's scoping: local, enclosing functions, module, built-ins."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import dataclass, field

from fixer.facts.program.values import Imported, Unknown, Value, join

_BUILTINS = frozenset(dir(builtins))
_USUAL = {"torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "optim": "torch.optim", "np": "numpy"}
"""What everybody means by these names, where a star import out of sight has brought them."""


@dataclass(eq=False)
class Environment:
    parent: Environment | None = None
    values: dict[str, Value] = field(default_factory=dict)
    unbound: dict[str, Value] = field(default_factory=dict)
    """Built-ins, and names that nothing in sight binds: no path changes them."""
    elsewhere: set[str] = field(default_factory=set)
    """Names declared `global` or `nonlocal` here."""
    path: str | None = None
    """Of a module's table: the file, where it is not the one at hand."""
    starred: Callable[[str], Value | None] | None = None
    """Of a module's table: looks a name up in what the file's star imports bring; None where it has none."""
    shared: bool = False
    """A snapshot holds the table too: the next change is made to a copy."""

    @property
    def module(self) -> Environment:
        return self.parent.module if self.parent else self

    def get(self, name: str) -> Value:
        scope: Environment | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.parent
        return self.module.missing(name)

    def missing(self, name: str) -> Value:
        """What a name stands for that no scope binds: a built-in, or nothing known."""
        if name not in self.unbound:
            found = self.starred(name) if self.starred is not None else None
            usual = name if name in _BUILTINS else _USUAL.get(name)
            self.unbound[name] = found or (Imported(dotted=usual) if usual is not None else Unknown(hint=name))
        return self.unbound[name]

    def set(self, name: str, value: Value) -> None:
        if name in self.elsewhere:
            scope = self.parent
            while scope is not None and scope.parent is not None and name not in scope.values:
                scope = scope.parent
            (scope or self).write(name, value)
        else:
            self.write(name, value)

    def write(self, name: str, value: Value) -> None:
        """Bind a name in this very scope."""
        if self.shared:
            self.values, self.shared = dict(self.values), False
        self.values[name] = value

    def snapshot(self) -> list[tuple[Environment, dict[str, Value]]]:
        """The tables of this and all enclosing scopes as they are now."""
        found: list[tuple[Environment, dict[str, Value]]] = []
        scope: Environment | None = self
        while scope is not None:
            found.append((scope, scope.values))
            scope.shared = True
            scope = scope.parent
        return found

    @staticmethod
    def restore(snapshot: list[tuple[Environment, dict[str, Value]]]) -> None:
        for scope, values in snapshot:
            scope.values, scope.shared = values, True

    @staticmethod
    def merge(paths: list[list[tuple[Environment, dict[str, Value]]]]) -> None:
        """Make every scope hold what holds after any of `paths` (snapshots of one environment)."""
        for (scope, first), *others in zip(*paths, strict=True):
            if all(values is first for _, values in others):
                scope.values, scope.shared = first, True
                continue
            merged = dict(first)
            # what all paths leave alone is most of a table: only the rest is looked at
            for name, value in {pair for _, values in others for pair in values.items() - first.items()}:
                if name not in first:
                    merged[name] = value if len(others) == 1 else join(_bound(name, others))
                else:
                    merged[name] = join([first[name], *_bound(name, others)])
            scope.values, scope.shared = merged, False


def _bound(name: str, tables: list[tuple[Environment, dict[str, Value]]]) -> list[Value]:
    """What the name stands for on each path; one that does not bind it does not go on to read it."""
    return [values[name] for _, values in tables if name in values]
