"""Methods of objects of this file, run on their own: only when a fact asks, and apart from the program's own run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from fixer.facts.program.decisions import kind_is_object
from fixer.facts.program.environment import Environment
from fixer.facts.program.interpret import Interpreter
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call, OutOfFuel
from fixer.facts.program.sequences import MOST
from fixer.facts.program.unrolling import LEAVES
from fixer.facts.program.values import Arguments, Function, Literal, Made, Unknown, Value
from fixer.facts.tensors.array_kinds import Array

T = TypeVar("T")
_DEEPEST = 12
_FUEL = 6_000
"""Statements and calls of one method; the longest forwards of real models need a tenth of it."""
_LEAST_FUEL = 3_000
_LONGEST = 1_500
"""Statements and calls of a loop that is gone through round by round."""
_TRUE = (Kind.TRANSFORM, Kind.MODULE)
_underway: list[ast.AST] = []
"""The methods that are being followed at this moment: none is followed inside itself."""


@dataclass(frozen=True, eq=False)
class Followed:
    """What a method of an object of this file gives for certain arguments, and the calls on the way."""

    value: Value
    calls: tuple[Call, ...]


class Follower(Interpreter):
    """Runs one method of one object: tests on what the object was made with are decided."""

    least_fuel = _LEAST_FUEL

    def worth_unrolling(self, nodes: Sequence[ast.AST], env: Environment) -> bool:  # noqa: ARG002
        """What goes through the layers of a list goes through one after the other."""
        cost = sum(isinstance(each, ast.stmt | ast.Call) for each in nodes) * MOST
        return cost < _LONGEST and not any(isinstance(each, LEAVES) for each in nodes)

    def truth(self, test: ast.expr, value: Value, env: Environment) -> bool | None:
        known = super().truth(test, value, env)
        if known is not None:
            return known
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute() as operand):
                inner = self.truth(operand, self.value(operand, env), env)
                return None if inner is None else not inner
            case ast.Compare(left=ast.Attribute() as left, ops=[op], comparators=[ast.Constant(value=None)]):
                stored = self.value(left, env)
                if not isinstance(op, ast.Is | ast.IsNot) or not isinstance(stored, Literal | Made | Function):
                    return None
                none = isinstance(stored, Literal) and stored.value is None
                return none if isinstance(op, ast.Is) else not none
            case ast.Attribute() if isinstance(value, Literal):
                return bool(value.value)
            case ast.Attribute() if isinstance(value, Made) and (kind_is_object(value) or kind(value) in _TRUE):
                return True
        return None


def follow(made: Made, method: str, arguments: Arguments, node: ast.AST | None = None) -> Followed | None:
    """Run a method of an object of this file's class, apart from the program's own run."""
    follower = Follower(ast.Module([], []))
    follower.fuel = _FUEL
    before = dict(made.attributes)
    try:
        function = follower.attribute(made, method)
        if not isinstance(function, Function) or function.function is None or function.opaque:
            return None
        if function.function in _underway or len(_underway) >= _DEEPEST:
            return None
        _underway.append(function.function)
        try:
            value = follower.inline(
                function,
                node or function.function,
                arguments.positional,
                arguments.keywords,
                arguments.complete,
            )
        finally:
            _underway.pop()
    except (OutOfFuel, RecursionError, RuntimeError):
        return None
    finally:
        made.attributes = before
    return Followed(value, tuple(follower.run.calls))


def kept(owner: object, key: str, compute: Callable[[], T]) -> T:
    """A fact that is worked out once for each value (or script), and lives as long as that."""
    store = owner.__dict__.setdefault("facts", {})
    if key not in store:
        store[key] = compute()
    return cast("T", store[key])


def stand_in(known: Array | None, node: ast.AST | None = None) -> Value:
    """A value of which this much is known."""
    value = Unknown(node)
    if known is not None:
        value.__dict__["facts"] = {"array": known}
    return value
