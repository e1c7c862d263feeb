"""Tests whose outcome the arguments of a call decide, so that only one branch is followed."""

from __future__ import annotations

import ast

from fixer.facts.program.calls import Calls
from fixer.facts.program.environment import Environment
from fixer.facts.program.kinds import Kind, kind, kind_of_class
from fixer.facts.program.sequences import plain
from fixer.facts.program.values import Choice, Class, Computed, Function, Items, Literal, Made, Mapping, Unknown, Value
from fixer.facts.program.walk import walk


class Decisions(Calls):
    def truth(self, test: ast.expr, value: Value, env: Environment) -> bool | None:
        """What a test on an argument of this call must give: `optimizer is not None`, `train`. None: it depends."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.truth(operand, self._peek(operand, env), env)
                return None if inner is None else not inner
            case ast.Compare(
                left=ast.Name() as left, ops=[ast.Is() | ast.IsNot() as op], comparators=[ast.Constant(value=None)]
            ):
                none = _is_none(self._peek(left, env)) if self._local(left, env) else None
                return none if none is None or isinstance(op, ast.Is) else not none
            case ast.Name() if self._local(test, env):
                if isinstance(value, Literal):
                    return bool(value.value)
                return True if isinstance(value, Made | Function) and kind_is_object(value) else None
        return self._decided(test, value, env)

    def _decided(self, test: ast.expr, value: Value, env: Environment) -> bool | None:
        """What a test on numbers gives in the constructor of an object of which they are known: `stride != 1`."""
        if self.repeated or not self._constructs():
            return None
        match test, value:
            case ast.Attribute(), Literal(value=known):
                return bool(known)
            case ast.Compare(ops=[op]), Computed(operands=[left, right]):
                return _compared(op, plain(left), plain(right))
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name() as asked, kinds]), _:
                return _is_instance(self._peek(asked, env), kinds)
            case ast.BoolOp(op=op, values=values), _ if not any(isinstance(each, ast.Call) for each in walk(test)):
                answers = [self.truth(each, self.value(each, env), env) for each in values]
                deciding = isinstance(op, ast.Or)
                return deciding if deciding in answers else None if None in answers else not deciding
        return None

    def _constructs(self) -> bool:
        """Whether the current statement belongs to the constructor of an object, or to a loop that makes layers."""
        if self.unrolled:
            return True
        if not self.stack:
            return False
        function = self.stack[-1].function
        if getattr(function, "name", "") == "__init__":
            return True
        # a method that the constructor of a module calls: `self._make_layer(block, 64, 3)`
        owner = self.stack[-1].owner
        constructors = [each for each in self.stack if getattr(each.function, "name", "") == "__init__"]
        built = owner is not None and any(each.owner is owner for each in constructors)
        return built and owner is not None and kind(owner) is Kind.MODULE

    def _peek(self, node: ast.expr, env: Environment) -> Value:
        return env.get(node.id) if isinstance(node, ast.Name) else Unknown(node)

    def _local(self, node: ast.Name, env: Environment) -> bool:
        return env.parent is not None and node.id in env.values


def kind_is_object(value: Value) -> bool:
    """Whether `value` is certainly true in a test: functions, and instances of classes without `__len__`/`__bool__`."""
    if isinstance(value, Function):
        return True
    cls = value.cls if isinstance(value, Made) else None
    if cls is not None:
        return kind_of_class(cls) is not None and cls.find("__len__") is None and cls.find("__bool__") is None
    return False


def _is_none(value: Value) -> bool | None:
    """Whether a value is None; None where that is not known."""
    match value:
        case Literal(value=inner):
            return inner is None
        case Made() | Function() | Class() | Items() | Mapping():
            return False if not (isinstance(value, Made) and isinstance(value.callee, Unknown)) else None
        case Choice(options=several):
            answers = {_is_none(each) for each in several}
            return answers.pop() if len(answers) == 1 else None
    return None


def _is_instance(value: Value, kinds: ast.expr) -> bool | None:
    """Whether a number, a string, a tuple or a list that is written out is one of some built-in types."""
    names = [getattr(each, "id", "") for each in (kinds.elts if isinstance(kinds, ast.Tuple) else [kinds])]
    types = {each.__name__: each for each in (bool, int, float, str, tuple, list)}
    if not all(name in types for name in names):
        return None
    match value:
        case Literal(value=known) if known is not None:
            return isinstance(known, tuple(types[name] for name in names))
        case Items(node=ast.Tuple()):
            return "tuple" in names
        case Items(node=ast.List()):
            return "list" in names
    return None


def _compared(op: ast.cmpop, left: object, right: object) -> bool | None:
    if left is None or right is None:
        return None
    match op:
        case ast.Eq():
            return left == right
        case ast.NotEq():
            return left != right
    if isinstance(left, int | float) and isinstance(right, int | float):
        match op:
            case ast.Lt():
                return left < right
            case ast.Gt():
                return left > right
            case ast.LtE():
                return left <= right
            case ast.GtE():
                return left >= right
    return None
