"""The interpreter: runs a file symbolically, once, and keeps what happened (`Run`): the event tree, calls, objects.

Branches are followed on all arms, loops once; functions of the file are followed where they are called, and those that
nothing calls are run on their own with unknown arguments. Nothing is ever guessed about code out of sight.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from fixer.facts.program.machine import OutOfFuel, Run
from fixer.facts.program.siblings import Siblings
from fixer.facts.program.statements import Statements
from fixer.facts.program.training import Block, Timeline
from fixer.facts.program.values import Arguments, Class, Function, Made, Value
from fixer.facts.program.walk import parents_of


class Interpreter(Statements):
    """The whole file: the module body first, then the functions that it does not reach."""

    def interpret(self) -> Run:
        try:
            self._root(lambda: self.execute(self.tree.body, self.run.module))
            self._uncalled()
            timeline = Timeline()
            for root in self.run.roots:
                timeline.number(root)
        except (OutOfFuel, RecursionError):
            self.run.complete = False
        return self.run

    def _root(self, body: Callable[[], None]) -> None:
        block = Block()
        self.run.roots.append(block)
        self.statement = None
        with self.inside(block):
            body()

    def _uncalled(self) -> None:
        """Functions that nothing in the file calls, callers first; those that are only handed to other code; the rest.

        `mp.spawn(main)` comes before the methods of the objects that `main` makes: they then run on those objects.
        """
        mentioned: set[str] = set()
        called: set[str] = set()
        for node in parents_of(self.tree):
            if type(node) is ast.Attribute:
                mentioned.add(node.attr)
                called.add(node.attr)
            elif type(node) is ast.Name:
                if type(node.ctx) is ast.Load:
                    mentioned.add(node.id)
            elif type(node) is ast.Call and type(node.func) is ast.Name:
                called.add(node.func.id)
        opaque: dict[int, Made] = {}
        for left in (mentioned, called, frozenset[str]()):
            for function in self.run.functions:  # grows by those that are defined in one that is run
                definition = function.function
                if isinstance(definition, ast.Lambda) or definition is None or definition in self.reached:
                    continue
                if definition.name not in left:
                    self._root(partial(self._alone, function, opaque))

    def _alone(self, function: Function, opaque: dict[int, Made]) -> None:
        assert function.function is not None and function.scope is not None
        owner: Value | None = None
        if function.definer is not None:
            owner = self._instance(function.definer, opaque)
            if function.function in self.reached:
                return
            names = (each.id for each in getattr(function.function, "decorator_list", ()) if isinstance(each, ast.Name))
            owner = None if "staticmethod" in names else owner
        spec = function.function.args
        parameters = [*spec.posonlyargs, *spec.args][1 if owner else 0 :]
        values: list[Value] = [self.parameter(each, function.scope) for each in parameters]
        keywords: dict[str, Value] = {each.arg: self.parameter(each, function.scope) for each in spec.kwonlyargs}
        bound = Function(
            function.node, function=function.function, scope=function.scope, owner=owner, definer=function.definer
        )
        self.inline(bound, function.function, values, keywords, complete=False)

    def _instance(self, cls: Class, opaque: dict[int, Made]) -> Made:
        """An instance to run methods on: one that the file makes, else one made with unknown arguments."""
        for made in self.run.objects:
            if made.cls is cls:
                return made
        if id(cls) not in opaque:
            opaque[id(cls)] = self.instantiate(cls, cls.definition or ast.Pass(), Arguments(complete=False))
        return opaque[id(cls)]


def interpret(tree: ast.Module, siblings: Siblings | None = None) -> Run:
    """Run a file symbolically. A file too large to follow gives a `Run` that is not `complete`.

    `siblings` finds the project's other files; without it, everything that is imported is out of sight.
    """
    return Interpreter(tree, siblings).interpret()
