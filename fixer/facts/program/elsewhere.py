"""Names that come from other files of the project: the definition behind an import, where its file is in sight."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from fixer.facts.program.environment import Environment
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Machine, Run
from fixer.facts.program.names import canonical, star_imports
from fixer.facts.program.siblings import Module
from fixer.facts.program.training import Block
from fixer.facts.program.values import Arguments, Class, Function, Imported, Unknown, Value

FARTHEST = 1_000
"""Lines of other files to follow in one file. Whoever calls a whole library is not helped by following it all."""
_TRAINS = frozenset({Kind.OPTIMIZER, Kind.SCALER, Kind.MODULE, Kind.LOADER, Kind.DATASET})
_NOWHERE = "\0"
"""The importer of names that are not to be looked up again."""
_LONGEST = 8
"""Re-exports to follow: `from .train import step` in one `__init__.py` after the other."""


class Elsewhere(Machine):
    """Looks up what imported names stand for."""

    def known(self, value: Value) -> Value:
        """The function or class that an imported name stands for; `value` itself where that is out of sight."""
        if self.siblings is None or not isinstance(value, Imported) or value.importer == _NOWHERE:
            return value
        key = (value.importer, value.dotted)
        if key not in self.resolved:
            self.resolved[key] = value  # whoever asks while it is looked up has gone in a circle
            self.resolved[key] = self._look_up(value)
        return self.resolved[key]

    def _look_up(self, value: Imported) -> Value:
        assert self.siblings is not None
        found: Value = value
        for _ in range(_LONGEST):
            if not isinstance(found, Imported):
                break
            place = self.siblings.find(found.importer, found.dotted)
            if place is None:
                break
            module, rest = place
            name, *attributes = rest.split(".")
            if name not in module.bindings and not module.stars:
                return value
            found = self._scope(module).get(name)
            for each in attributes:
                found = self.attribute(found, each)
        return found if isinstance(found, Function | Class) else value

    def star(self, module: Environment) -> None:
        module.starred = partial(self.brought_by_star, star_imports(self.tree), None)

    def brought_by_star(self, stars: list[str], importer: str | None, name: str) -> Value | None:
        """What `name` stands for in a file with these star imports, where one of them is in sight and has it."""
        for star in stars:
            dotted = f"{star}{'' if star.endswith('.') else '.'}{name}"
            found = self.known(self.imported(dotted, importer))
            if not isinstance(found, Imported):
                return found
            if star.startswith("torch.") and name[:1].isupper() and len(stars) == 1:
                return self.imported(canonical(dotted), importer)
        return None

    def _scope(self, module: Module) -> ModuleScope:
        if module.path not in self.scopes:
            self.scopes[module.path] = ModuleScope(path=module.path, module_file=module, machine=self)
            self.run.modules.append(module)
        scope = self.scopes[module.path]
        assert isinstance(scope, ModuleScope)
        return scope

    def worth_following(self, callee: Value, arguments: Arguments) -> Value:
        """`callee`, or something out of sight for a function of another file that has nothing to do with training.

        Neither its words nor what it is given say so: most helpers of a project (logging, paths, time) are such.
        """
        if not isinstance(callee, Function) or callee.owner is not None or callee.scope is None:
            return callee
        scope, definition = callee.scope.module, callee.function
        if not isinstance(scope, ModuleScope) or isinstance(definition, ast.Lambda) or definition is None:
            return callee
        if scope.speaks_of_training(definition) or any(kind(each) in _TRAINS for each in arguments.all()):
            return callee
        return Imported(definition, dotted=f"{scope.path}.{definition.name}", importer=_NOWHERE)

    def too_far(self, function: Function) -> bool:
        """Whether to leave the body of a function of another file alone: enough of those has been followed."""
        definition, scope = function.function, function.scope
        if definition is None or scope is None or scope.module.path is None:
            return False
        self.abroad += (definition.end_lineno or definition.lineno) - definition.lineno
        return self.abroad > FARTHEST

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is read meanwhile belongs to another file: it is no part of this program's run."""
        run, block, statement = self.run, self.block, self.statement
        self.run, self.block = Run(module=run.module, modules=run.modules), Block()
        try:
            yield
        finally:
            run.hidden_clears = run.hidden_clears or self.run.hidden_clears
            self.run, self.block, self.statement = run, block, statement


@dataclass(eq=False)
class ModuleScope(Environment):
    """The names of another file. Each is worked out when it is first read."""

    module_file: Module | None = None
    machine: Elsewhere | None = None

    def speaks_of_training(self, definition: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        assert self.module_file is not None
        return self.module_file.speaks_of_training(definition)

    def missing(self, name: str) -> Value:
        assert self.module_file is not None and self.machine is not None
        binding = self.module_file.bindings.get(name)
        if binding is None:
            if self.starred is None and self.module_file.stars:
                self.starred = partial(self.machine.brought_by_star, self.module_file.stars, self.path)
            return super().missing(name)
        self.values[name] = Unknown(hint=name)  # read again on the way: it depends on itself
        with self.machine.aside():
            self.values[name] = self._value(binding)
        return self.values[name]

    def _value(self, binding: ast.AST | str) -> Value:
        machine = self.machine
        assert machine is not None
        match binding:
            case str():
                return machine.imported(binding, self.path)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return machine.define(binding, self)
            case ast.expr():
                return machine.value(binding, self)
        return Unknown()
