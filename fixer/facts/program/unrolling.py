"""Loops of known rounds that make layers: each makes another one, of other sizes, so that all are gone through."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from fixer.facts.program.environment import Environment
from fixer.facts.program.kinds import Kind, kind_of_class
from fixer.facts.program.machine import Machine
from fixer.facts.program.values import Class, Function, Imported, Made, Value
from fixer.facts.program.walk import nodes_of

_LEAST_FUEL = 20_000
"""What is left for the rest of the file."""
_DEEPEST = 3
_TRAINS = frozenset({"backward", "step", "zero_grad", "autograd", "eval", "train", "fit", "manual_backward"})
LEAVES = (ast.Break, ast.Continue, ast.While, ast.Yield, ast.YieldFrom, ast.Await)
_NUMBERS = frozenset({"append", "extend", "insert", "len", "int", "round", "min", "max", "range", "enumerate", "zip"})


class Unrolling(Machine):
    """Which loops to go through round by round."""

    least_fuel = _LEAST_FUEL

    @property
    def may_unroll(self) -> bool:
        return self.fuel > self.least_fuel

    def worth_unrolling(self, nodes: Sequence[ast.AST], env: Environment) -> bool:
        """Whether a loop of these nodes makes layers, or only numbers; what trains, reads or waits is left alone."""
        if any(isinstance(each, LEAVES) for each in nodes):
            return False
        calls = [each for each in nodes if isinstance(each, ast.Call)]
        if not calls or any(getattr(each, "attr", "") in _TRAINS for each in nodes):
            return False
        if all(_name(each) in _NUMBERS for each in calls):
            return True
        return self._makes_layers(calls, env, _DEEPEST)

    def _makes_layers(self, calls: list[ast.Call], env: Environment, depth: int) -> bool:
        found = False
        for call in calls:
            callee = self._callee(call.func, env)
            if isinstance(callee, Class):
                found = found or kind_of_class(callee) is Kind.MODULE
            elif isinstance(callee, Imported):
                module, _, name = callee.dotted.rpartition(".")
                found = found or (module == "torch.nn" and name[:1].isupper() and not name.endswith("Loss"))
            elif isinstance(callee, Function) and depth and callee.function is not None:
                nodes = nodes_of(callee.function)
                if any(getattr(each, "attr", "") in _TRAINS for each in nodes):
                    return False
                inner = [each for each in nodes if isinstance(each, ast.Call)]
                found = self._makes_layers(inner, callee.scope or env, depth - 1) or found
        return found

    def _callee(self, node: ast.expr, env: Environment) -> Value | None:
        """What is called, as far as names tell without evaluating anything."""
        match node:
            case ast.Name(id=name):
                return env.get(name)
            case ast.Attribute(value=inner, attr=name):
                base = self._callee(inner, env)
                if isinstance(base, Imported):
                    return Imported(dotted=f"{base.dotted}.{name}")
                if isinstance(base, Made) and base.cls is not None:
                    return base.cls.find(name)
                return base.find(name) if isinstance(base, Class) else None
        return None


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))
