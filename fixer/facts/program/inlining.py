"""Functions, methods and constructors of the same file: their parameters are bound, and their bodies followed."""

from __future__ import annotations

import ast

from fixer.facts.program.command_line import spread_options
from fixer.facts.program.effects import Effects
from fixer.facts.program.environment import Environment
from fixer.facts.program.expressions import Expressions
from fixer.facts.program.machine import DEPTH
from fixer.facts.program.training import EventKind, events
from fixer.facts.program.values import (
    Arguments,
    Class,
    Function,
    Imported,
    Items,
    Literal,
    Made,
    Mapping,
    Unknown,
    Value,
    join,
)

_PREPARED = (".LightningDataModule", ".LightningModule")
"""Bases from elsewhere whose framework calls `prepare_data` and `setup` before anything else."""


class Inlining(Expressions, Effects):
    def _call_function(self, node: ast.AST, function: Function, arguments: Arguments) -> Value:
        if function.opaque and isinstance(node, ast.Call):
            owner = [function.owner] if function.owner else []
            self._escapes(node, _decorators(function), None, Arguments(positional=[*owner, *arguments.all()]))
        return self.inline(function, node, arguments.positional, arguments.keywords, arguments.complete)

    def inline(
        self,
        function: Function,
        call: ast.AST,
        positional: list[Value],
        keywords: dict[str, Value],
        complete: bool = True,
    ) -> Value:
        """Interpret the body of `function` with these arguments; its events go under an `Inlined` node."""
        definition = function.function
        assert definition is not None
        again = any(each.function is definition for each in self.stack)
        if again or len(self.stack) >= DEPTH or self.too_far(function):
            if isinstance(call, ast.Call):
                if function_name(function) in ("backward", "manual_backward") and positional:
                    self.emit(EventKind.BACKWARD, call, positional[0])
                self._escapes(
                    call, "recursion", function.owner, Arguments(positional=[*positional, *keywords.values()])
                )
            return Unknown(call)
        self.burn()
        self.reached.add(definition)
        if _is_hook(function):
            # a subclass out of sight may fill it
            self._escapes(call, "hook", None, Arguments(positional=[function.owner or Unknown()]))
        env = Environment(parent=function.scope)
        self.run.scopes.append(env)
        self._bind_parameters(function, env, positional, keywords, complete)
        self.stack.append(function)
        self.returned.append([])
        self.yielded.append([])
        block = self.inlined(call, function)
        with self.inside(block):
            if isinstance(definition, ast.Lambda):
                self.returned[-1].append(self.value(definition.body, env))
            else:
                self.execute(definition.body, env)
        self.stack.pop()
        yielded, returned = self.yielded.pop(), self.returned.pop()
        if yielded:
            self.run.hidden_clears = self.run.hidden_clears or any(
                each.detail != "yield" for each in events(block, EventKind.CLEAR)
            )
            return Items(call, each=join(yielded), complete=False)
        return join(returned) if returned else Literal(call)

    def _bind_parameters(
        self, function: Function, env: Environment, positional: list[Value], keywords: dict[str, Value], complete: bool
    ) -> None:
        assert function.function is not None and function.scope is not None
        spec = function.function.args
        given = [function.owner, *positional] if function.owner else list(positional)
        rest = dict(keywords)
        names = [*spec.posonlyargs, *spec.args]
        defaults: list[ast.expr | None] = [*[None] * (len(names) - len(spec.defaults)), *spec.defaults]
        for index, (parameter, default) in enumerate(zip(names, defaults, strict=True)):
            value = given[index] if index < len(given) else self._by_name(rest, parameter.arg)
            env.set(parameter.arg, value or self._missing(parameter, default, function.scope, complete))
        for parameter, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            value = self._by_name(rest, parameter.arg)
            env.set(parameter.arg, value or self._missing(parameter, default, function.scope, complete))
        if spec.vararg:
            env.set(spec.vararg.arg, Items(spec.vararg, items=given[len(names) :], complete=complete))
        if spec.kwarg:
            unknown = rest.pop("**", None)
            holds = [unknown] if unknown else []
            env.set(spec.kwarg.arg, Mapping(spec.kwarg, items=dict(rest), complete=complete and not holds, holds=holds))

    def _by_name(self, rest: dict[str, Value], name: str) -> Value | None:
        """The argument given as `name`, or as one of the options in `**vars(args)`."""
        spread = spread_options(rest.get("**"), name, self.run) if name not in rest and "**" in rest else None
        return rest.pop(name, None) if spread is None else self.attribute(spread, name)

    def _missing(self, parameter: ast.arg, default: ast.expr | None, scope: Environment, complete: bool) -> Value:
        """A parameter that the call does not give: its default, unless `*args` out of sight may have given it."""
        if default is not None and complete:
            return self.value(default, scope)
        return self.parameter(parameter, scope)

    def parameter(self, parameter: ast.arg, scope: Environment) -> Unknown:
        """The value of a parameter whose caller is out of sight: its name, and what its annotation says."""
        dotted = None
        if isinstance(parameter.annotation, ast.Name | ast.Attribute):
            annotated = self.value(parameter.annotation, scope)
            dotted = annotated.dotted if isinstance(annotated, Imported) else None
        return Unknown(parameter, hint=parameter.arg, annotation=dotted)

    def instantiate(self, cls: Class, node: ast.AST, arguments: Arguments) -> Made:
        """An instance of a class of this file, its `__init__` followed."""
        made = Made(node, callee=cls, arguments=arguments)
        self.run.objects.append(made)
        self.emit(EventKind.MAKE, node, made)
        constructor = self.attribute(made, "__init__") if cls.find("__init__") else None
        if isinstance(constructor, Function):
            self.inline(constructor, node, arguments.positional, arguments.keywords, arguments.complete)
        elif cls.find("__init__") is None:
            self._fields(cls, made, arguments)
        if any(isinstance(each, Imported) and each.dotted.endswith(_PREPARED) for each in cls.mro()):
            for name in ("prepare_data", "setup"):
                method = self.attribute(made, name) if cls.find(name) else None
                if isinstance(method, Function):
                    self.inline(method, node, [], {}, complete=False)
        return made

    def _fields(self, cls: Class, made: Made, arguments: Arguments) -> None:
        """A dataclass: its annotated names are attributes, given by position or keyword."""
        assert cls.definition is not None
        fields = [
            each
            for each in cls.definition.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ]
        if not cls.definition.decorator_list:
            return
        for index, each in enumerate(fields):
            assert isinstance(each.target, ast.Name)
            given = arguments.get(index, each.target.id)
            if given is not None:
                made.attributes[each.target.id] = given

    def _super(self, node: ast.Call) -> Value:
        """`super()`: an object whose methods are those of the bases in this file, bound to the current `self`."""
        current = next((each for each in reversed(self.stack) if each.definer and each.owner), None)
        if current is None or current.definer is None:
            return Unknown(node, hint="super")
        bases = Class(node, definition=current.definer.definition, bases=current.definer.bases)
        result = Made(node, callee=Imported(dotted="super"))
        for base in bases.mro():
            for name, member in base.members.items() if isinstance(base, Class) else ():
                if isinstance(member, Function):
                    result.attributes.setdefault(
                        name,
                        Function(
                            node,
                            function=member.function,
                            scope=member.scope,
                            owner=current.owner,
                            definer=member.definer,
                        ),
                    )
        return result

    def _keep_transforms(self, arguments: Arguments) -> None:
        """What the constructor of torchvision's `VisionDataset` keeps of what it is given."""
        current = next((each for each in reversed(self.stack) if each.definer and each.owner), None)
        bases = current.definer.bases if current is not None and current.definer is not None else []
        if current is None or current.owner is None:
            return
        if any(isinstance(each, Imported) and each.dotted.endswith(".VisionDataset") for each in bases):
            for position, name in enumerate(("root", "transforms", "transform", "target_transform")):
                given = arguments.get(position, name)
                if given is not None and name != "transforms":
                    current.owner.attributes[name] = given


def _is_hook(function: Function) -> bool:
    """An empty method of an object that is made out of sight, and so may be of a subclass."""
    owner, body = function.owner, getattr(function.function, "body", None)
    if not isinstance(owner, Made) or owner.arguments.complete or not isinstance(body, list):
        return False
    return all(isinstance(each, ast.Pass | ast.Raise) or _is_constant(each) for each in body)


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def function_name(function: Function) -> str:
    return getattr(function.function, "name", "")


def _decorators(function: Function) -> str:
    """What is around a function, by name: `decorated profileit`."""
    names = [
        each.func if isinstance(each, ast.Call) else each for each in getattr(function.function, "decorator_list", ())
    ]
    return " ".join(["decorated", *(getattr(each, "attr", getattr(each, "id", "")) for each in names)])
