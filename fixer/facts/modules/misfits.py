"""Layers whose numbers do not fit what they are given, and the numbers in the source that would have to be others."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.edits import Edit, replace
from fixer.facts.modules.forwards import LayerCall
from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.modules.layers import Asks, Misfit, name_of
from fixer.facts.program.values import Items, Literal, Made, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.array_kinds import Array, Shape

_AT = {
    "in_channels": 0,
    "out_channels": 1,
    "in_features": 0,
    "out_features": 1,
    "num_features": 0,
    "num_channels": 1,
    "normalized_shape": 0,
    "input_size": 0,
}


@dataclass(frozen=True, eq=False)
class Disagreement:
    """A layer that does not fit what it is given, wherever the program applies it."""

    call: LayerCall
    misfit: Misfit
    wanted: int
    got: int
    input: Array

    @property
    def layer(self) -> Made:
        return self.call.layer

    @property
    def kind(self) -> str:
        return name_of(self.layer) or ""

    @property
    def producer(self) -> Made | None:
        """The layer that the input comes out of; None: it is data."""
        return self.input.layer


def disagreements(script: Script, asks: Asks) -> Iterator[Disagreement]:
    """The layers of which this is certain and the same in every place, in the order of the program."""
    groups: dict[int, list[LayerCall]] = defaultdict(list)
    for call in layer_calls(script):
        groups[id(call.layer)].append(call)
    for calls in groups.values():
        first = next((each for each in calls if each.certain and each.misfit and each.misfit.asks is asks), None)
        if first is None or first.misfit is None or first.input is None:
            continue
        wanted, got = first.misfit.wanted, first.misfit.got
        if isinstance(wanted, int) and isinstance(got, int) and all(_says_nothing_else(each, first) for each in calls):
            yield Disagreement(first, first.misfit, wanted, got, first.input)


def _says_nothing_else(call: LayerCall, first: LayerCall) -> bool:
    if call.misfit is not None:
        return call.misfit == first.misfit
    if call.input is None or call.input.shape is None:
        return call.input is None or call.input.last is None
    assert first.misfit is not None
    at = -1 if first.misfit.asks is Asks.FEATURES else 1
    return len(call.input.shape) < 2 or call.input.shape[at] is None


@dataclass(frozen=True, eq=False)
class WrongData:
    """Data that one place gives to a model which other places give what it takes."""

    kind: str
    """The layer's class."""
    wanted: int
    got: int
    shape: Shape
    size: ast.Constant
    """The size in the call that makes the data."""

    @property
    def becomes(self) -> Edit:
        return replace(self.size, str(self.wanted))


def wrong_data(script: Script, asks: Asks) -> Iterator[WrongData]:
    """Tensors made with literal sizes, for layers that are certainly given fitting ones elsewhere."""
    seen: set[ast.AST] = set()
    calls = layer_calls(script)
    for call in calls:
        misfit = call.misfit
        if misfit is None or misfit.asks is not asks or not (call.certain or call.shown):
            continue
        size = _literal_size(call, -1 if asks is Asks.FEATURES else 1)
        fits = any(each.layer is call.layer and _fits(each, asks) for each in calls)
        wanted, got, shape = misfit.wanted, misfit.got, call.input.shape if call.input else None
        if size is None or size in seen or not fits or shape is None:
            continue
        if isinstance(wanted, int) and isinstance(got, int):
            seen.add(size)
            yield WrongData(name_of(call.layer) or "", wanted, got, shape, size)


def _fits(call: LayerCall, asks: Asks) -> bool:
    """Whether a call's input is certainly the right one."""
    shape = call.input.shape if call.input is not None and call.certain and call.misfit is None else None
    return shape is not None and len(shape) > 1 and shape[-1 if asks is Asks.FEATURES else 1] is not None


def _literal_size(call: LayerCall, at: int) -> ast.Constant | None:
    """Where the size of a dimension is written in `torch.randn(8, 1, 28, 28)`."""
    made = call.given
    if not isinstance(made, Made) or made.dotted not in ("torch.randn", "torch.rand", "torch.zeros", "torch.ones"):
        return None
    given = made.arguments.positional
    sizes = given[0].items if len(given) == 1 and isinstance(given[0], Items) else given
    node = sizes[at].node if len(sizes) > 1 and isinstance(sizes[at], Literal) else None
    return node if isinstance(node, ast.Constant) else None


# -- numbers in the source ---------------------------------------------------------------------------------------------


def argument(call: ast.Call, parameter: str) -> ast.expr | None:
    """How a constructor's call gives a parameter."""
    for keyword in call.keywords:
        if keyword.arg == parameter:
            return keyword.value
    before = call.args[: _AT[parameter] + 1]
    if len(before) <= _AT[parameter] or any(isinstance(each, ast.Starred) for each in before):
        return None
    return before[-1]


@dataclass(frozen=True)
class Written:
    """Where the number that a layer was made with stands in the source."""

    node: ast.expr
    changeable: bool
    """Whether another number there changes this layer, and nothing else."""

    def becomes(self, text: str) -> Edit | None:
        return replace(self.node, text) if self.changeable else None


def written(script: Script, layer: Made, parameter: str) -> Written | None:
    """The argument of the constructor's call; for a name that has no other use, the number that it stands for."""
    node = layer.node
    expression = argument(node, parameter) if isinstance(node, ast.Call) else None
    value = layer.arguments.get(_AT[parameter], parameter)
    if expression is None or value is None:
        return None
    twins = [each for each in script.run.objects if each.node is node and each is not layer]
    if not isinstance(expression, ast.Name):
        plain = not any(isinstance(each, ast.Name | ast.Call | ast.Attribute) for each in walk(expression))
        return Written(expression, plain or not twins)
    number = value.node if isinstance(value, Literal) else None
    if isinstance(number, ast.Constant) and _only_use(script, layer, expression, value):
        return Written(number, changeable=True)
    return Written(expression, not twins)


def _only_use(script: Script, layer: Made, name: ast.Name, value: Value) -> bool:
    """Whether a number that the source names goes nowhere but into this argument."""
    scope = script.function_of(name) or script.tree
    loads = [
        each for each in walk(scope) if isinstance(each, ast.Name) and each.id == name.id and each.ctx != ast.Store()
    ]
    if sum(isinstance(each.ctx, ast.Load) for each in loads) != 1:
        return False
    for call in script.run.calls:
        if call.result is not layer and call.cls is None and any(each is value for each in call.arguments.all()):
            return False
    users = [each for each in script.run.objects if each.cls is None and value in each.arguments.all()]
    return users in ([layer], [])


def product(shape: Shape, like: str) -> str:
    """A flattened size, written like the expression that it replaces: `16 * 5 * 5` or `400`."""
    total = views.elements(shape)
    if "*" in like and all(each is not None for each in shape) and len(shape) > 1:
        return (" * " if " " in like else "*").join(map(str, shape))
    return str(total)
