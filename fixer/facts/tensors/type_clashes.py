"""Layers and losses that are given numbers of a type they cannot compute with. Each case was tried in torch 2.13."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.datasets import guarded, loaders
from fixer.facts.loops.losses import CLASS_NUMBERS, LossCall, loss_calls
from fixer.facts.loops.matches import is_counted_as_class
from fixer.facts.modules.called import members_of
from fixer.facts.modules.forwards import LayerCall
from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.modules.layers import Asks, altered, name_of
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.kinds import name_of as called
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Class, Imported, Made, Part, Unknown, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_factories import nested
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.makers import maker
from fixer.facts.tensors.precision import computes_with_floats, gives_floats, made_in_single_precision, single_precision

_WEIGHTED = ("Linear", "Bilinear", "Conv", "LSTM", "GRU", "RNN", "BatchNorm", "LayerNorm", "GroupNorm")
_EXACT = frozenset({"BCELoss", "HuberLoss"})
"""Losses whose target must be of the type of the prediction."""
_CLASS_TYPES = ("int64", "uint8")
_ON_A_PATH = "float64 on one of the paths to here"


@dataclass(frozen=True)
class Clash:
    """A value of the type `got` reaches a layer or a loss (`taker`) that works with `wanted` only."""

    value: Value
    taker: str
    wanted: str
    got: str
    node: ast.expr | None
    """How it is written where the layer or the loss is called."""
    shown: bool = False
    """The error that torch raises is caught and printed: perhaps on purpose."""


def clashes(script: Script) -> Iterator[Clash]:
    """Inputs of layers, and targets of losses, for which torch raises because of their type."""
    if not single_precision(script) or any("transform" in each.call.arguments.keywords for each in loaders(script)):
        return  # a loader that is given a transform raises before it yields anything
    models = [*_inputs_of_models(script), *_inputs_of_parameters(script)]
    yield from _inputs(script, bool(models))
    yield from _inputs_of_stacks(script)
    yield from models
    for loss in loss_calls(script):
        target = array(loss.target)
        if not loss.certain or target is None or target.library is not Library.TORCH or target.layer is not None:
            continue
        wanted = _wanted(script, loss, target) if target.dtype is not None or target.doubles else None
        if wanted is not None:
            yield Clash(loss.target, loss.name, wanted, target.dtype or _ON_A_PATH, loss.target_node)


# -- inputs ------------------------------------------------------------------------------------------------------------


def _inputs(script: Script, of_models: bool) -> Iterator[Clash]:
    last: Value | None = None
    calls = list(layer_calls(script))
    suited = {id(each.layer) for each in calls if each.certain and each.input and each.input.dtype == _taken(each)}
    for call in calls:
        if call.given is not None and maker(call.given) is not None:
            last = call.given
        elif call.container is not None and call.index == 0:
            last = None
        fails = _indexed(call) or (call.input is not None and (call.input.doubles or call.input.dtype == "float64"))
        if not (call.certain or (call.shown and id(call.layer) in suited) or (call.reached and fails)):
            continue
        if call.idle and id(call.layer) in suited:
            continue  # to see what happens: for all that counts, the layer gets what it takes
        given, value = call.input, call.given
        if value is not None and (first := _at_first(script, call)) is not None:
            given, value = array(first), first
        if value is not None and maker(value) is None and call.container is not None:
            value = last or value  # what the Sequential was given
        if of_models and call.module is not None:
            continue  # it is said of what the model is given
        if given is not None and value is not None and _refuses(call, given):
            got = given.dtype or _ON_A_PATH
            yield Clash(value, name_of(call.layer) or "", _taken(call), got, _written(call), call.shown)


def _inputs_of_stacks(script: Script) -> Iterator[Clash]:
    """Inputs of a Sequential of layers that a loop put together: how many there are does not matter for the type."""
    for call in script.run.calls:
        stack, given = call.callee, call.arguments.positional
        if not isinstance(stack, Made) or name_of(stack) != "Sequential" or members_of(stack) is not None:
            continue
        layers = _sorts(stack)
        known = array(given[0]) if len(given) == 1 and call.arguments.complete else None
        if not layers or known is None or known.dtype is None or guarded(script, call):
            continue
        first = next((each for each in layers if (name_of(each) or "").startswith(_WEIGHTED)), None)
        wrong = known.dtype == "float64" or known.floating is False
        if first is not None and wrong and known.library is Library.TORCH and known.layer is None:
            node = call.node.args[0] if call.node.args else None
            yield Clash(given[0], name_of(first) or "", "float32", known.dtype, node)


def _inputs_of_models(script: Script) -> Iterator[Clash]:
    """Doubles that go into a model of the file whose layers need not be known one by one: all have float32 weights."""
    for call in script.run.calls:
        model, given = call.callee, call.arguments.positional
        plain = isinstance(model, Made) and model.cls is not None and kind(model) is Kind.MODULE
        if not plain or len(given) != 1 or call.arguments.keywords or not call.node.args:
            continue
        known = array(given[0])
        if known is None or known.library is not Library.TORCH or known.layer is not None:
            continue
        definition = model.cls.definition if isinstance(model, Made) and model.cls is not None else None
        if not (known.dtype == "float64" or known.doubles) or definition is None or guarded(script, call):
            continue
        if isinstance(model, Made) and model.cls is not None and computes_with_floats(script, model.cls):
            yield Clash(given[0], definition.name, "float32", known.dtype or _ON_A_PATH, call.node.args[0])


_MODELS = re.compile(r"(^|_)(model|net|network|policy)\d*$")


def _inputs_of_parameters(script: Script) -> Iterator[Clash]:
    """Doubles for a model that a function or an object is given, where all layers of the file are of float32."""
    made = [each for each in script.run.objects if (name_of(each) or "").startswith(_WEIGHTED)]
    if not made or not all(map(made_in_single_precision, made)):
        return
    for call in script.run.calls:
        given = call.arguments.positional
        if len(given) != 1 or call.arguments.keywords or not call.node.args or not _is_somebodys_model(call.callee):
            continue
        known = array(given[0])
        if known is None or known.library is not Library.TORCH or known.layer is not None:
            continue
        if known.dtype == "float64" and not guarded(script, call):
            yield Clash(given[0], ast.unparse(call.node.func), "float32", "float64", call.node.args[0])


def _is_somebodys_model(callee: Value) -> bool:
    """Whether it is a parameter, or an attribute of one, that is called a model."""
    plain = isinstance(callee, Unknown) or (isinstance(callee, Part) and callee.how in ("attribute", "subscript"))
    return plain and kind(callee) is Kind.MODULE and _MODELS.search(called(callee)) is not None


def _sorts(stack: Made) -> list[Made]:
    """The layers that may be in a Sequential; none where one of them may take another type, or is out of sight."""
    found: list[Made] = []
    for given in stack.arguments.positional:
        for each in options(given):
            if not isinstance(each, Made) or name_of(each) is None or altered(each):
                if isinstance(each, Made) and _is_activation(each):
                    continue
                return []
            if (name_of(each) or "").startswith("Embedding") or not made_in_single_precision(each):
                return []
            found.append(each)
    return found


def _is_activation(made: Made) -> bool:
    """Whether it is made of a class that a parameter names: `activation()`."""
    return isinstance(made.callee, Unknown) and "activ" in made.callee.hint.lower()


def _refuses(call: LayerCall, given: Array) -> bool:
    name = name_of(call.layer) or ""
    if (
        not (_indexed(call) or name.startswith(_WEIGHTED))
        or given.library is not Library.TORCH
        or given.layer is not None
    ):
        return False
    if call.misfit is not None and call.misfit.asks is not Asks.DTYPE:
        return False  # torch raises because of the shape
    wrong = given.dtype == "float64" or given.floating is _indexed(call) or given.doubles
    return wrong and made_in_single_precision(call.layer) and not altered(call.layer)


def _indexed(call: LayerCall) -> bool:
    """Whether it is an embedding, which is given the numbers of its rows."""
    return (name_of(call.layer) or "") in ("Embedding", "EmbeddingBag")


def _at_first(script: Script, call: LayerCall) -> Value | None:
    """The floats that an embedding gets in the first round of a loop, which gives it something else in later ones."""
    several = options(call.given) if call.given is not None and _indexed(call) else []
    known = {id(each): array(each) for each in several} if len(several) > 1 else {}
    floats = [each for each in several if (made := known.get(id(each))) and made.floating and made.layer is None]
    for each in floats:
        if each.node not in script.parents:
            continue
        before = script.statement_of(each.node)
        later = [it for it in script.block_of(before) if it.lineno > before.lineno]
        loops = [node for it in later for node in walk(it) if isinstance(node, ast.For | ast.While)]
        inside = {node for loop in loops for node in walk(loop)}
        if loops and all(other in floats or other.node in inside for other in several):
            return each
    return None


def _taken(call: LayerCall) -> str:
    return "int64" if _indexed(call) else "float32"


def _written(call: LayerCall) -> ast.expr | None:
    node = call.node
    plain = isinstance(node, ast.Call) and len(node.args) >= 1 and not isinstance(node.args[0], ast.Starred)
    return node.args[0] if plain and isinstance(node, ast.Call) and call.index == 0 else None


# -- targets -----------------------------------------------------------------------------------------------------------


def _wanted(script: Script, loss: LossCall, target: Array) -> str | None:
    """The type that the loss wants the target to be; None where it takes it as it is, or nobody knows."""
    if loss.name in CLASS_NUMBERS:
        return "int64" if target.dtype not in _CLASS_TYPES and _class_numbers(script, loss, target) else None
    if loss.name == "BCEWithLogitsLoss":
        return "float32" if target.floating is False else None
    if loss.name in _EXACT and target.dtype != "float32":
        prediction, fed = array(loss.prediction), loss.fed
        known = prediction.dtype if prediction is not None else None
        if known is None and fed is not None:
            inputs = array(fed)
            single = target.floating is False or (inputs and inputs.dtype == "float32")
            known = "float32" if single or _made_of_floats(script, loss.prediction) else None
        return "float32" if known == "float32" else None
    return None


def _made_of_floats(script: Script, prediction: Value, depth: int = 8) -> bool:
    """Whether it comes out of a model with float32 weights: that takes nothing else, and makes nothing else of it."""
    match prediction:
        case Part(how="method" | "subscript", base=base) if depth:
            return _made_of_floats(script, base, depth - 1)
        case Made(callee=Imported(), arguments=given) if depth and given.positional:
            return _made_of_floats(script, given.positional[0], depth - 1)
        case Made(callee=Made(cls=Class() as cls) as model):
            return kind(model) is Kind.MODULE and gives_floats(script, cls)
        case Made(callee=Made() as stack) if name_of(stack) == "Sequential":
            added = [each for call in script.run.calls if _is_added_to(call, stack) for each in call.arguments.all()]
            layers = [each for each in [*stack.arguments.positional, *added] if isinstance(each, Made)]
            weighted = [each for each in layers if (name_of(each) or "").startswith(_WEIGHTED)]
            return bool(weighted) and all(map(made_in_single_precision, weighted))
    return False


def _is_added_to(call: Call, stack: Made) -> bool:
    method = call.callee
    return isinstance(method, Part) and method.key in ("add_module", "append") and stack in options(method.base)


def _of_whole_numbers(target: Value) -> bool:
    """Whether it is a conversion of integers, `torch.FloatTensor([2, 0, 1])`: no probabilities."""
    made = maker(target)
    if made is None or not isinstance(made.value, Made) or not made.value.arguments.positional:
        return False
    numbers = nested(Library.TORCH, made.value.arguments.positional[0])
    return numbers is not None and numbers.dtype == "int64"


def _class_numbers(script: Script, loss: LossCall, target: Array) -> bool:
    """Whether the target holds one class number for each prediction, and not probabilities."""
    if loss.name == "NLLLoss":
        return loss.fed is not None
    if loss.ignores_an_index:
        return True
    prediction, fed = array(loss.prediction), loss.fed
    if target.rank is None:
        return is_counted_as_class(script, loss.target)
    if prediction is not None and prediction.rank is not None:
        return target.rank == prediction.rank - 1
    if target.rank == 1 and _of_whole_numbers(loss.target):
        return True
    inputs = array(fed) if fed is not None else None
    return target.rank == 1 and inputs is not None and (inputs.rank or 0) >= 2
