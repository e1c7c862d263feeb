"""Definitions of functions and classes with what decorates them, and blocks of `with`."""

from __future__ import annotations

import ast

from fixer.facts.program.decisions import Decisions
from fixer.facts.program.environment import Environment
from fixer.facts.program.training import EventKind
from fixer.facts.program.values import (
    Class,
    Function,
    Imported,
    Items,
    Literal,
    Made,
    Unknown,
    Value,
)

_PLAIN_DECORATORS = frozenset(
    {
        "torch.no_grad",
        "torch.enable_grad",
        "torch.inference_mode",
        "staticmethod",
        "classmethod",
        "property",
        "hydra.main",
    }
    | {
        "functools.wraps",
        "functools.lru_cache",
        "functools.cache",
        "functools.cached_property",
        "contextlib.contextmanager",
    }
    | {
        "abc.abstractmethod",
        "typing.overload",
        "typing.no_type_check",
        "torch.jit.script",
        "torch.jit.export",
        "torch.jit.ignore",
    }
    | {
        "dataclasses.dataclass",
        "torch.compile",
        "atexit.register",
        "torch.distributed.elastic.multiprocessing.errors.record",
    }
)


class Definitions(Decisions):
    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, env: Environment) -> Value:
        return self._class(node, env) if isinstance(node, ast.ClassDef) else self._function(node, env)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, env: Environment, definer: Class | None = None
    ) -> Value:
        function = Function(node, function=node, scope=env, definer=definer)
        self.run.functions.append(function)
        result: Value = function
        for decorator in reversed(node.decorator_list):
            result = self._decorated(decorator, result, function, env)
        return result

    def _decorated(self, node: ast.expr, inner: Value, function: Function, env: Environment) -> Value:
        value = self.known(self.value(node, env))
        plain = value.callee if isinstance(value, Made) else value
        if isinstance(plain, Imported):
            function.opaque = function.opaque or plain.dotted not in _PLAIN_DECORATORS
            return inner
        if isinstance(value, Function) and function.definer is None:
            wrapped = self.inline(value, node, [inner], {})
            if isinstance(wrapped, Function):
                return wrapped
        function.opaque = True
        return inner

    def _class(self, node: ast.ClassDef, env: Environment) -> Class:
        cls = Class(node, definition=node, bases=[self.known(self.value(base, env)) for base in node.bases])
        self.run.classes.append(cls)
        members = Environment(parent=env)
        for statement in node.body:
            self.statement = statement
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                members.set(statement.name, self._function(statement, env, cls))
            else:
                self.execute([statement], members)
        cls.members = members.values
        return cls

    def _with(self, node: ast.With | ast.AsyncWith, env: Environment) -> None:
        managers = []
        for item in node.items:
            value = self.value(item.context_expr, env)
            managers.append(value)
            off = _switches_gradients(value)
            if off is not None:
                self.emit(EventKind.GRAD, item.context_expr, value, off)
            entered = self._call_dunder(value, "__enter__", item.context_expr)
            if item.optional_vars:
                self.bind(item.optional_vars, entered if entered is not None else _entered(value, node), env)
        self.execute(node.body, env)
        self.statement = node
        for manager, item in zip(reversed(managers), reversed(node.items), strict=True):
            self._call_dunder(manager, "__exit__", item.context_expr)
            if _switches_gradients(manager) is not None:
                self.emit(EventKind.GRAD, item.context_expr, manager, "restored")

    def _call_dunder(self, value: Value, name: str, node: ast.expr) -> Value | None:
        if isinstance(value, Made) and value.cls is not None:
            method = self.attribute(value, name)
            if isinstance(method, Function):
                return self.inline(method, node, [Literal(), Literal(), Literal()] if name == "__exit__" else [], {})
        return None


def _switches_gradients(value: Value) -> str | None:
    dotted = value.dotted if isinstance(value, Made) else None
    if dotted in ("torch.no_grad", "torch.inference_mode", "torch.autograd.no_grad"):
        return "off"
    if dotted == "torch.enable_grad":
        return "on"
    if dotted in ("torch.set_grad_enabled", "torch.autograd.set_grad_enabled") and isinstance(value, Made):
        given = value.arguments.get(0, "mode")
        return {True: "on", False: "off"}.get(given.value, "unknown") if isinstance(given, Literal) else "unknown"
    return None


def _entered(value: Value, node: ast.AST) -> Value:
    """What `with value as x` binds: for most the manager itself, or something that holds what it was given."""
    if isinstance(value, Items) and value.each is not None:
        return value.each  # a generator-based context manager of this file
    holds = value.arguments.all() if isinstance(value, Made) else [value]
    return Unknown(node, hint="", holds=[each for each in holds if not isinstance(each, Literal)])
