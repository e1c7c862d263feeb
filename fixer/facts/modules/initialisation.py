"""How the weights of layers are initialised by hand: by which call, to a constant, or drawn how widely."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

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
_METHODS = frozenset({"fill_", "zero_", "normal_", "uniform_", "copy_", "set_", "mul_", "div_", "trunc_normal_"})
_UNDERSTOOD = re.compile(
    r"^(hasattr\(.*\)|.* is not None|.*\.(bias|weight|affine)|.*\.(dim\(\)|ndim|ndimension\(\)) (> 1|>= 2|!= 1))$"
)


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
        tests, drawn = _tests(script, call.node), draw
        flagged = _tests(script, call.node, flags=True)
        if tests is None:  # it may or may not be done
            tests, draw = Tests(), Draw.OTHER
        if flagged is None:
            flagged, drawn = Tests(), Draw.OTHER
        for parameter, targets in _reached(script, value, tests):
            found.append(Filling(call, tensor, draw, size, parameter, targets, drawn, flagged))
        if isinstance(value, Made) and (value.dotted or "").endswith(".Parameter"):
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

    It stands at the top of its file, or is what a function there makes, for others to hand to `apply`.
    """
    maker = script.function_of(function)
    returned = (each.value for each in walk(maker) if isinstance(each, ast.Return)) if maker is not None else ()
    if maker is not None and not any(isinstance(each, ast.Name) and each.id == function.name for each in returned):
        return False
    match function.args.args:
        case [ast.arg(arg=layer)] if _INITIALISES.search(function.name):
            tests = (each.test for each in walk(function) if isinstance(each, ast.If))
            return any(ast.unparse(each).startswith((f"isinstance({layer},", f"type({layer})")) for each in tests)
    return False


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
        while isinstance(each, Part) and each.key == "data":
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


@dataclass(frozen=True)
class Tests:
    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()


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


# -- the tests around a call -------------------------------------------------------------------------------------------


def _tests(script: Script, node: ast.AST, flags: bool = False) -> Tests | None:
    """Which classes or names the `if`s around a call let through; None: one of them asks something else.

    `flags`: a plain name or attribute as a test is passed over.
    """
    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()
    child, parent = node, script.parents.get(node)
    while parent is not None and not isinstance(parent, ast.FunctionDef | ast.ClassDef | ast.Module):
        if isinstance(parent, ast.If) and child is not parent.test:
            words = _words(script, parent.test)
            if words is None and flags and isinstance(parent.test, ast.Name | ast.Attribute):
                words = frozenset()
            if words is None:
                return None
            if child in parent.orelse:
                unwanted |= words
            else:
                wanted |= words
        child, parent = parent, script.parents.get(parent)
    return Tests(wanted, unwanted)


def _words(script: Script, test: ast.expr) -> frozenset[str] | None:
    """The classes and words that a test asks for; empty where it asks whether something is there at all."""
    match test:
        case ast.BoolOp(values=values):
            parts = [_words(script, each) for each in values]
            return None if None in parts else frozenset().union(*(each for each in parts if each is not None))
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]):
            return _classes(script, kinds)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="type")), ops=[ast.Eq() | ast.Is() | ast.In()], comparators=[kinds]
        ):
            return _classes(script, kinds)
        case ast.Compare(left=ast.Constant(value=str() as word), ops=[ast.In()]):
            return frozenset({word})
        case ast.Compare(left=ast.Call(func=ast.Attribute(attr="find"), args=[ast.Constant(value=str() as word)])):
            return frozenset({word})
        case ast.Call(func=ast.Attribute(attr="endswith" | "startswith"), args=[ast.Constant(value=str() as word)]):
            return frozenset({word})
    return frozenset() if _UNDERSTOOD.match(ast.unparse(test)) else None


def _classes(script: Script, node: ast.expr) -> frozenset[str] | None:
    several = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    dotted = [script.names.dotted(each) for each in several]
    if any(each is None for each in dotted):
        return None
    return frozenset((each or "").rpartition(".")[2] for each in dotted)
