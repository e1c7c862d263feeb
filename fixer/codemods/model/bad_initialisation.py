"""bad-initialisation."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer import Finding, Fix, LossEffect, Safety, insert_before, remove, replace, rule
from fixer.edits import Edit
from fixer.facts.modules.initialisation import INIT, Draw, Filling, fillings, for_apply
from fixer.facts.modules.loaded_weights import set_otherwise, surely_loaded
from fixer.facts.modules.stack_flow import stacks
from fixer.facts.modules.stacks import Role, Stack, Step
from fixer.facts.modules.wholesale import one_of_several, redrawn, wholesale
from fixer.facts.places.spelling import beside
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Part
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_RECTIFIERS = frozenset({"relu", "leaky_relu", "relu6", "prelu", "elu", "gelu", "silu", "mish", "celu"})
_TRAINING = re.compile(r"^(\w+_)?(train|fit|training)(_(model|loop|network))?$")
_TOO_WIDE = 4
"""So many times wider than what keeps the size of the data from layer to layer."""


@rule(
    "bad-initialisation",
    needs=("torch", "constant_(|zeros_(|ones_(|fill_(|zero_(|normal_("),
    safety=Safety.UNSAFE,
    symptom="symmetric-units",
    loss=LossEffect.LOWER,
)
def bad_initialisation(script: Script) -> Iterator[Finding]:
    """Hidden layers start with equal weights, or with weights so wide that the data explodes.

    ## What it does
    Follows calls of `torch.nn.init` and methods such as `fill_` to the layers whose weights they fill: named ones,
    those of a loop over modules or parameters, and those that a function given to `apply` lets through. Reports a
    linear or convolutional layer filled with a constant where the layer behind it is, too; constants for all layers of
    such a class, and for the weight of a linear layer that the file writes itself; and layers of a stack drawn
    from a normal distribution at least 4 times as wide as the inputs of a unit allow (a standard deviation of 1 from
    32 inputs on).

    ## Why is this bad?
    Units of a layer that start with the same weights, and feed the next layer with the same weights, compute the same
    and get the same gradient: the layer stays one unit, however wide it is (with different biases they part, slowly).
    Weights that are too wide multiply the data, and the gradient, with every layer: the loss starts in the thousands.

    ## What is left alone
    A constant in one layer only (a last layer or the end of a residual branch that starts at zero, adapters), biases,
    norms and embeddings, layers that are not trained, layers whose weights are also drawn otherwise or loaded, programs
    that try one way after the other, functions that nothing calls, stacks with normalisation for wide weights,
    conditions that are not understood, and layers that the program cannot be seen to use one behind the other.

    ## Fix
    `kaiming_normal_` where a rectifier follows, `xavier_uniform_` elsewhere, in place of the call. Loops over all
    parameters leave those with one dimension as PyTorch initialises them. Between several hidden sigmoids the fix waits
    for that of saturating-activation, as ReLU wants other weights; the editor offers it at once.

    ## References
    - [torch.nn.init](https://docs.pytorch.org/docs/stable/nn.init.html)
    - K. He et al.: [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852), 2015
    """
    filled = fillings(script)
    reported: set[ast.AST] = set()
    otherwise = set_otherwise(script)
    asked = any(map(_is_number, filled) if otherwise else (each.draw is not Draw.OTHER for each in filled))
    for stack in stacks(script) if asked else ():
        bad = [*_same(script, stack, filled), *_wide(stack, filled)] if not otherwise else []
        bad = bad or [each for each in _far_apart(script, stack, filled) if not surely_loaded(script, each.filling)]
        bad = [each for each in bad if not any(redrawn(script, each.filling, other) for other in filled)]
        bad = [each for each in bad if not one_of_several(script, each.filling)]
        nodes = {each.filling.call.node for each in bad}
        if not bad or nodes & reported or not _trained(script, bad[0].filling):
            continue
        reported |= nodes
        first = min(nodes, key=lambda node: (node.lineno, node.col_offset))
        fix = _drawn_anew(script, stack, bad)
        if fix is not None and _hidden_sigmoids(stack) >= 2:
            yield Finding(first, f"{bad[0].message}; what suits depends on the hidden sigmoids", None, (fix,))
        else:
            yield Finding(first, bad[0].message, fix)
    for filling in wholesale(script, filled):
        if otherwise and (filling.value == 0 or surely_loaded(script, filling)):
            continue
        if filling.call.node not in reported and _trained(script, filling):
            reported.add(filling.call.node)
            message = f"`{script.source(filling.call.node)}`: all units of a layer start with the same weights"
            yield Finding(filling.call.node, message, _drawn_wholesale(script, filling))


@dataclass(frozen=True)
class _Bad:
    step: Step
    filling: Filling
    message: str


def _trained(script: Script, filling: Filling) -> bool:
    """Whether the file trains, or the module initialises itself: not so where a test fills weights to check numbers."""
    if any(update.loop for update in script.updates):
        return True
    if any(kind(each) is Kind.OPTIMIZER for each in script.run.objects) or any(map(_trains, script.run.calls)):
        return True
    if {"pytest", "unittest"} & {each.partition(".")[0] for each in script.names.imports.values()}:
        return False
    if script.class_of(filling.call.node) is not None:
        return True
    function = script.function_of(filling.call.node)
    if function is None:
        return False
    outer = script.function_of(function)
    alone = outer is not None or function.name not in script.names.mentioned
    names = {each.name for each in (function, outer) if each is not None}
    return any(_serves_a_class(script, name) for name in names) or (alone and for_apply(script, function))


def _trains(call: Call) -> bool:
    """Whether it is training by somebody else, `trainer.fit(model)`: not the switch `model.train()`."""
    name = call.callee.key if isinstance(call.callee, Part) else (call.dotted or "").rpartition(".")[2]
    return isinstance(name, str) and _TRAINING.search(name) is not None and bool(call.arguments.all())


def _serves_a_class(script: Script, name: str) -> bool:
    """Whether a class of the file names the function, or the file hands it on as a `partial`."""
    partials = [call.node for call in script.calls("functools.partial")]
    places = [*partials, *(cls.definition for cls in script.run.classes if cls.definition is not None)]
    return any(isinstance(each, ast.Name) and each.id == name for place in places for each in walk(place))


def _filling(stack: Stack, step: Step, filled: list[Filling], parameter: str) -> Filling | None:
    """What fills a parameter of a layer, where that is one draw."""
    found = [
        each
        for each in filled
        if each.parameter in (parameter, "") and any(target.covers(stack, step) for target in each.targets)
    ]
    return found[-1] if found and len({(each.draw, str(each.value)) for each in found}) == 1 else None


def _next_layers(step: Step) -> list[Step] | None:
    """The layers behind a layer, activations and norms on the way not counted; None: something else uses it."""
    found: list[Step] = []
    for user in step.destinations():
        if user is None or user.role not in (Role.WEIGHT, Role.ACTIVATION, Role.NORM):
            return None
        behind = [user] if user.role is Role.WEIGHT else _next_layers(user)
        if behind is None:
            return None
        found += behind
    return found


def _same(script: Script, stack: Stack, filled: list[Filling]) -> Iterator[_Bad]:
    """Layers of equal units whose next layers are of equal units, too."""
    for step in stack.of(Role.WEIGHT):
        ours, behind = _filling(stack, step, filled, "weight"), _next_layers(step)
        if ours is None or ours.draw is not Draw.CONSTANT or not behind or step.width == 1:
            continue
        theirs = [_filling(stack, each, filled, "weight") for each in behind]
        if all(each is not None and each.draw is Draw.CONSTANT for each in theirs):
            bias = _filling(stack, step, filled, "bias")
            equal = (bias is not None and bias.draw is Draw.CONSTANT) or _without_bias(step)
            what = "compute the same and stay the same" if equal else "differ in nothing but their biases"
            message = f"`{script.source(ours.call.node)}`: all units of a hidden layer {what}"
            yield _Bad(step, ours, message)
            # a last layer may start at zero on purpose, but at no other number
            yield from (
                _Bad(each, last, message)
                for each, last in zip(behind, theirs, strict=True)
                if last is not None and last.value and not _next_layers(each)
            )


def _far_apart(script: Script, stack: Stack, filled: list[Filling]) -> Iterator[_Bad]:
    """Layers filled with a number other than zero, of which one gets what the other gives, whatever lies between."""
    constant = {}
    for step in stack.of(Role.WEIGHT):
        ours = _filling(stack, step, filled, "weight")
        if ours is not None and _is_number(ours):
            constant[step] = ours
    for step, ours in constant.items():
        behind = _first_layers(step)
        if behind and behind.keys() <= constant.keys() - {step} and step.width != 1:
            message = f"`{script.source(ours.call.node)}`: all units of a hidden layer start with the same weights"
            yield _Bad(step, ours, message)
            yield from (_Bad(each, constant[each], message) for each in behind)


def _is_number(filling: Filling) -> bool:
    """Whether it fills weights with one number, and not with zero: that may be done on purpose."""
    return filling.draw is Draw.CONSTANT and filling.parameter != "bias" and abs(filling.value) > 0


def _first_layers(step: Step) -> dict[Step, None]:
    """The first layers that what a layer gives goes into, on every way."""
    found: dict[Step, None] = {}
    waiting, seen = list(step.users), set[Step]()
    while waiting:
        user = waiting.pop()
        if user.role is Role.WEIGHT:
            found[user] = None
        elif user not in seen:
            seen.add(user)
            waiting += user.users
    return found


def _without_bias(step: Step) -> bool:
    given = step.layer.arguments.get(None, "bias") if step.layer else None
    return getattr(given, "value", True) is False


def _wide(stack: Stack, filled: list[Filling]) -> Iterator[_Bad]:
    """Layers of a stack of several whose weights are far too wide for the number of their inputs."""
    layers = stack.of(Role.WEIGHT)
    if stack.of(Role.NORM):
        return
    linked = {id(each) for step in layers for each in [step, *(_next_layers(step) or [])] if _next_layers(step)}
    for step in layers:
        ours, inputs = _filling(stack, step, filled, "weight"), step.fan_in
        if id(step) not in linked or ours is None or ours.draw is not Draw.NORMAL or not inputs:
            continue
        fitting = math.sqrt(2 / inputs)
        if ours.value >= 1 and ours.value >= _TOO_WIDE * fitting:
            message = f"weights with a standard deviation of {ours.value:g} for units of {inputs} inputs: "
            yield _Bad(step, ours, message + f"about {fitting:.2g} keeps the size of the data")


# -- the mend ----------------------------------------------------------------------------------------------------------


def _drawn_wholesale(script: Script, filling: Filling) -> Fix | None:
    name = "kaiming_normal_" if "relu" in script.lowered else "xavier_uniform_"
    if filling.is_method:
        written, imports = script.names.spelling(f"{INIT}.{name}"), tuple[Edit, ...]()
    else:
        beside_it = beside(script, filling.call.node.func, f"{INIT}.{name}")
        written, imports = (beside_it.code, beside_it.imports) if beside_it else (None, ())
    if written is None:
        return None
    text = script.source(filling.tensor)
    code = f'{written}({text}, nonlinearity="relu")' if name == "kaiming_normal_" else f"{written}({text})"
    return Fix(f"Draw the weights with `{name}`", (replace(filling.call.node, code), *imports))


def _hidden_sigmoids(stack: Stack) -> int:
    """Several are a defect of their own: ReLU, in their place, wants other weights."""
    sigmoids = [step for step in stack.of(Role.ACTIVATION) if step.name == "sigmoid"]
    return sum(any(user is not None and user.role is Role.WEIGHT for user in each.destinations()) for each in sigmoids)


def _drawn_anew(script: Script, stack: Stack, bad: list[_Bad]) -> Fix | None:
    edits: dict[Edit, None] = {}
    names = set()
    for filling in {id(each.filling.call.node): each.filling for each in bad}.values():
        steps = [each.step for each in bad if each.filling.call.node is filling.call.node]
        hidden = [step for step in steps if _next_layers(step)]
        rectified = bool(hidden) and all(_rectified(step) for step in hidden)
        made = _rewritten(script, stack, filling, steps[0], rectified)
        if made is None:
            return None
        names.add("kaiming_normal_" if rectified else "xavier_uniform_")
        edits |= dict.fromkeys(made)
    return Fix(f"Draw the weights with {' and '.join(f'`{name}`' for name in sorted(names))}", tuple(edits))


def _rectified(step: Step) -> bool:
    users = [user for user in step.destinations() if user is not None]
    while users and all(user.role is Role.NORM for user in users):
        users = [after for user in users for after in user.destinations() if after is not None]
    return all(user.name in _RECTIFIERS or user.role is Role.WEIGHT for user in users)


def _rewritten(script: Script, stack: Stack, filling: Filling, step: Step, rectified: bool) -> tuple[Edit, ...] | None:
    tensor = filling.tensor
    while isinstance(tensor, ast.Attribute) and tensor.attr == "data":
        tensor = tensor.value
    chosen = [target.wanted for target in filling.targets if target.module is not None]
    if not isinstance(tensor, ast.Name) and not all(_only_matrices(stack, wanted) for wanted in chosen):
        return None
    name = "kaiming_normal_" if rectified else "xavier_uniform_"
    written, imports = _function(script, filling, step, name)
    if written is None:
        return None
    text = script.source(tensor)
    code = f'{written}({text}, nonlinearity="relu")' if rectified else f"{written}({text})"
    if not isinstance(tensor, ast.Name):
        return (replace(filling.call.node, code), *imports)
    statement = script.statement_of(filling.call.node)
    if not isinstance(statement, ast.Expr) or statement.value is not filling.call.node:
        return None
    # any parameter: those of one dimension have no fan
    return (insert_before(statement, f"if {text}.dim() > 1:\n    {code}"), remove(statement), *imports)


def _only_matrices(stack: Stack, wanted: frozenset[str]) -> bool:
    """Whether the weights that a loop or a function fills have two dimensions at least."""
    norms = [step for step in stack.of(Role.NORM) if not wanted or any(word in step.name for word in wanted)]
    return not norms


def _function(script: Script, filling: Filling, step: Step, name: str) -> tuple[str | None, tuple[Edit, ...]]:
    """How the file writes a function of `torch.nn.init`."""
    if not filling.is_method:
        written = beside(script, filling.call.node.func, f"{INIT}.{name}")
        return (written.code, written.imports) if written else (None, ())
    spelled = script.names.spelling(f"{INIT}.{name}")
    made = step.layer.node if step.layer is not None else None
    if spelled is None and isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute):
        spelled = f"{script.source(made.func.value)}.init.{name}"
    return spelled, ()
