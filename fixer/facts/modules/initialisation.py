"""How the weights of layers are initialised by hand: by which call, to a constant, or drawn how widely."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from fixer.facts.modules.class_tests import Tests, tests_around
from fixer.facts.modules.module_lists import members
from fixer.facts.modules.stacks import Role, Stack, Step
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Computed, Function, Imported, Made, Part, Unknown, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import number

_INITIALISES = re.compile(r"^(?!.*(const|zero|ones|fill|ident|bias)).*init", re.IGNORECASE)
INIT = "torch.nn.init"
_CONSTANT = {"constant_": None, "zeros_": 0.0, "ones_": 1.0, "fill_": None, "zero_": 0.0}
_NORMAL = frozenset({"normal_", "trunc_normal_"})
_GOING_THROUGH = frozenset({"modules", "children", "named_modules", "named_children"})
_METHODS = frozenset({"fill_", "zero_", "normal_", "uniform_", "copy_", "set_", "mul_", "div_", "trunc_normal_"})


class Draw(StrEnum):
    CONSTANT = "constant"
    NORMAL = "normal"
    OTHER = "other"


@dataclass(frozen=True)
class Target:
    """The layers that a call initialises: one, or those of `module` that the tests around the call let through."""

    layer: Made | None = None
    module: Value | None = None
    wanted: frozenset[str] = frozenset()
    """Words, one of which the class's name must hold; empty: all classes."""
    unwanted: frozenset[str] = frozenset()

    def covers(self, stack: Stack, step: Step) -> bool:
        if step.layer is None:
            return False
        if self.layer is not None:
            twins = [each for each in stack.of(Role.WEIGHT) if each.layer and each.layer.node is step.layer.node]
            return self.layer is step.layer or (
                self.layer.node is step.layer.node and len({id(each.layer) for each in twins}) == 1
            )
        if self.module is None or not _is_owner(self.module, stack):
            return False
        matches = any(_names(word, step.name) for word in self.wanted) or not self.wanted
        return matches and not any(_names(word, step.name) for word in self.unwanted)


def _names(word: str, name: str) -> bool:
    """Whether a test for this word means the class: `isinstance(m, nn.Linear)`, `"conv" in name.lower()`."""
    return word == name or (word.lower() in name.lower() and len(word) > 2)


def _is_owner(module: Value, stack: Stack) -> bool:
    owner = stack.owner
    return module is owner or (isinstance(module, Made) and module.cls is not None and module.cls is owner.cls)


@dataclass(frozen=True)
class Filling:
    """One call that initialises weights."""

    call: Call
    tensor: ast.expr
    """What it fills: `m.weight`, `p`."""
    draw: Draw
    value: float
    """The constant, or the standard deviation."""
    parameter: str
    """`weight`, `bias`, or "" for every parameter."""
    targets: tuple[Target, ...] = field(default_factory=tuple)
    drawn: Draw = Draw.OTHER
    """The same as `draw` where a flag decides whether it is done."""
    tests: Tests = field(default_factory=lambda: Tests())
    """Which classes or names the `if`s around the call let through."""
    own: bool = False
    """It fills a parameter that the class has itself: `self.weight = nn.Parameter(...)`."""

    @property
    def is_method(self) -> bool:
        """Whether it is written `w.fill_(...)`, not `nn.init.constant_(w, ...)`."""
        return self.call.dotted is None


def fillings(script: Script) -> list[Filling]:
    """Every call that initialises the weights or biases of layers that the file names."""
    found = []
    for call in script.run.calls if script.run.complete else ():
        what = _what(call)
        if what is None or not _reaches(script, call.node):
            continue
        tensor, value, draw, size = what
        tests, drawn = tests_around(script, call.node), draw
        flagged = tests_around(script, call.node, flags=True)
        if tests is None:  # it may or may not be done
            tests, draw = Tests(), Draw.OTHER
        if flagged is None:
            flagged, drawn = Tests(), Draw.OTHER
        for parameter, targets in _reached(script, value, tests):
            found.append(Filling(call, tensor, draw, size, parameter, targets, drawn, flagged))
        if any(isinstance(each, Made) and (each.dotted or "").endswith(".Parameter") for each in options(value)):
            found.append(Filling(call, tensor, Draw.OTHER, size, "weight", (), drawn, flagged, own=True))
    return found


def _reaches(script: Script, node: ast.AST) -> bool:
    """Whether anything in the file names the function that a call stands in: a method may be left over, uncalled."""
    function = script.function_of(node)
    if function is None or function.name.startswith("__"):
        return True
    return function.name in script.names.mentioned or for_apply(script, function)


def for_apply(script: Script, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function initialises whatever layer it is given, going by its name, and tells them apart by class.

    It stands at the top of its file, or is what a function there makes, for others to hand to `apply`; or it goes
    through the layers of the module that it is given.
    """
    maker = script.function_of(function)
    returned = (each.value for each in walk(maker) if isinstance(each, ast.Return)) if maker is not None else ()
    if maker is not None and not any(isinstance(each, ast.Name) and each.id == function.name for each in returned):
        return False
    given = [*function.args.args, *filter(None, [function.args.vararg])]
    if len(given) != 1 or not _INITIALISES.search(function.name):
        return False
    layers = {given[0].arg}
    if given[0].arg != "self" and not any(each.loop for each in script.updates):
        layers |= set(_looped_over(function))  # a program that trains would call it itself
    starts = tuple(f"{asks}({layer}{end}" for layer in layers for asks, end in (("isinstance", ","), ("type", ")")))
    return any(ast.unparse(each.test).startswith(starts) for each in walk(function) if isinstance(each, ast.If))


def _looped_over(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The names that stand for the layers of a module in loops: `for m in net.modules()`, `for name, m in ...`."""
    for node in walk(function):
        match node:
            case ast.For(target=target, iter=ast.Call(func=ast.Attribute(attr=method))) if method in _GOING_THROUGH:
                last = target.elts[-1] if isinstance(target, ast.Tuple) else target
                if isinstance(last, ast.Name):
                    yield last.id


def _what(call: Call) -> tuple[ast.expr, Value, Draw, float] | None:
    """The tensor as written, the tensor, and with what a call fills it."""
    match call.callee:
        case Part(how="attribute", key=str() as name, base=base) if name in _METHODS:
            assert isinstance(call.node.func, ast.Attribute)
            return call.node.func.value, base, *_drawn(call, name, 0)
    module, _, name = (call.dotted or "").rpartition(".")
    if module == INIT and call.arguments.positional and call.node.args and name.endswith("_"):
        return call.node.args[0], call.arguments.positional[0], *_drawn(call, name, 1)
    return None


def _drawn(call: Call, name: str, first: int) -> tuple[Draw, float]:
    if name in _CONSTANT:
        fixed = _CONSTANT[name]
        given = call.arguments.get(first, "val" if first else "value")
        known = fixed if fixed is not None else number(given) if given is not None else None
        # a constant that the file does not say is a constant none the less
        return Draw.CONSTANT, float(known) if known is not None else float("nan")
    if name in _NORMAL:
        given = call.arguments.get(first + 1, "std")
        known = 1.0 if given is None else number(given)
        return (Draw.NORMAL, float(known)) if known is not None else (Draw.OTHER, 0.0)
    return Draw.OTHER, 0.0


def _reached(script: Script, tensor: Value, tests: Tests) -> Iterator[tuple[str, tuple[Target, ...]]]:
    """Which parameter of which layers a tensor may be."""
    for each in options(tensor):
        while isinstance(each, Part) and (each.key == "data" or (each.key, each.how) == ("detach", "method")):
            each = each.base
        if not isinstance(each, Part):
            continue
        if each.how == "attribute" and each.key in ("weight", "bias"):
            targets = [one for holder in options(each.base) for one in _layers(holder, tests)]
            targets += list(_applied(script, each.base, tests))
            if targets:
                yield str(each.key), tuple(targets)
        elif (module := _of_parameters(each)) is not None:
            words = tests.wanted & {"weight", "bias"}
            yield ("bias" if words == {"bias"} else "weight" if words else ""), (Target(module=module),)


def _of_parameters(value: Part) -> Value | None:
    """The module whose `parameters()` or `named_parameters()` a loop goes through."""
    if value.how == "subscript" and value.key == 1 and isinstance(value.base, Part):
        value = value.base
    if value.how == "element" and isinstance(value.base, Part):
        inner = value.base
        if inner.how == "method" and inner.key in ("parameters", "named_parameters"):
            return inner.base
    return None


def _layers(holder: Value, tests: Tests) -> Iterator[Target]:
    """The layers that `holder` may be, whose `weight` is filled."""
    if isinstance(holder, Made):
        yield Target(layer=holder)
    if not isinstance(holder, Part):
        return
    if holder.how == "subscript" and isinstance(holder.key, int):
        parts = members(holder.base)
        if parts is not None and -len(parts) <= holder.key < len(parts) and isinstance(parts[holder.key], Made):
            yield Target(layer=parts[holder.key])  # type: ignore[arg-type]
            return
    base = holder.base
    if holder.how == "subscript" and holder.key == 1 and isinstance(base, Part) and base.how == "element":
        base = base.base  # of named_modules
    elif holder.how != "element":
        return
    for module in _looped(base):
        yield Target(module=module, wanted=tests.wanted, unwanted=tests.unwanted)


def _looped(several: Value) -> Iterator[Value]:
    """The modules whose layers a loop goes through: `net.modules()`, `[*a.modules()] + list(b.modules())`, a list."""
    match several:
        case Part(how="method", key="modules" | "children" | "named_modules", base=base):
            yield base
        case Made(callee=Imported(dotted="list" | "tuple" | "itertools.chain"), arguments=given):
            for each in given.positional:
                yield from _looped(each)
        case Computed(node=ast.BinOp(op=ast.Add()), operands=operands):
            for each in operands:
                yield from _looped(each)
        case Made():
            yield several


def _applied(script: Script, holder: Value, tests: Tests) -> Iterator[Target]:
    """The modules to which `module.apply(function)` gives the function whose parameter `holder` is.

    Where no call of `apply` does, somebody out of sight may, in the same way: then `holder` stands for the module.
    """
    if not isinstance(holder, Unknown) or not isinstance(holder.node, ast.arg):
        return
    function = script.function_of(holder.node)
    applied = False
    for call in script.run.calls:
        given = call.arguments.positional[0] if call.arguments.positional else None
        ours = isinstance(given, Function) and given.function is function
        if ours and isinstance(call.callee, Part) and call.callee.key == "apply":
            applied = True
            for module in options(call.callee.base):
                yield Target(module=module, wanted=tests.wanted, unwanted=tests.unwanted)
    if not applied:
        yield Target(module=holder, wanted=tests.wanted, unwanted=tests.unwanted)
