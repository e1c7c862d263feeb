"""excessive-learning-rate."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, replace, rule
from fixer.facts.loops.rates import (
    is_default_of_parameter,
    may_change,
    place_of,
    rates,
    steps_often,
    trained_elsewhere,
)
from fixer.facts.loops.relations import trained
from fixer.facts.loops.trained_layers import is_network, together
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Literal
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import number

_NORMALISING = {"Adam": "0.001", "AdamW": "0.001", "RAdam": "0.001", "NAdam": "0.002", "Adamax": "0.002"}
_NORMALISING["RMSprop"] = "0.01"
_USUAL = {f"torch.optim.{name}": rate for name, rate in _NORMALISING.items()} | {"torch.optim.SGD": "0.01"}
_MOST, _MOST_OF_SGD = 0.1, 10
_CERTAIN = 100
"""From here on the rate is too high for anything that is called a model, so that its layers need not be known: those
that hold lengths, positions or pixels are trained with rates of 1 and more."""
_CERTAIN_OF_SGD = 1000
_MOST_OF_ONE_LAYER = 10
_MOST_UNSEEN = 1
"""For what is called a network, though its layers are out of sight."""
_LARGE_EPS = 1e-3


@rule(
    "excessive-learning-rate",
    needs=("torch", "optim.|torch.optim", "lr|rate|RMS|Ada|SGD"),
    safety=Safety.UNSAFE,
    symptom="divergence",
    loss=LossEffect.LOWER,
)
def excessive_learning_rate(script: Script) -> Iterator[Finding]:
    """The learning rate is far above what the optimizer can use, and nothing lowers it.

    ## What it does
    Reports rates above 0.1 for Adam, AdamW, RAdam, NAdam, Adamax and RMSprop, and above 10 for SGD, where the file says
    the number, makes the network, and trains it in a loop. The number may be the default of an option of the command
    line; the loop may be Lightning's, that of a function out of sight called `train`, or that of whoever calls a method
    which takes one step.

    ## Why is this bad?
    Adam and its relatives divide by the size of the gradient: each step moves every weight by about the learning rate,
    however small the gradient is. Weights of a layer begin at about 0.1, so that the first step replaces the network by
    noise. SGD's steps are as long as the gradient times the rate; far above the usual range they leap over every
    minimum, and the loss grows until it is NaN.

    ## What is left alone
    Options without a literal default, or whose default suits one of the optimizers that get it; a parameter's default;
    several rates that are compared, any schedule or other code that may set the rate, optimizers handed to code out of
    sight, LBFGS, Adadelta, Adagrad, Rprop and classes from elsewhere, optimizers of tensors (images, perturbations, a
    learned scalar) and of modules without layers, Adam with an `eps` that is large beside the rate, SGD with gradient
    clipping below 1000, tests, and single layers, for which much higher rates can be right.

    ## Fix
    The rate that the optimizer has by default (0.01 for SGD), where the number stands. It is a beginning, not the best
    rate: the run tells whether the program trains with it.

    ## References
    - [torch.optim.Adam](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html)
    - [torch.optim.SGD](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html)
    """
    stepped = steps_often(script)
    for rate in rates(script, *_USUAL):
        calls = rate.sharing or (rate.call,)
        if not all(_too_high(script, rate.value, call) for call in calls):
            continue
        if not all(call.result.node in stepped or trained_elsewhere(script, call) for call in calls):
            continue
        if is_default_of_parameter(script, rate) or any(may_change(script, call) for call in calls):
            continue
        usual = {_USUAL[call.dotted or ""] for call in calls}
        place = place_of(script, rate)
        fix = None
        if place is not None and len(usual) == 1:
            fix = Fix(f"Use a learning rate of {min(usual)}", (replace(place, min(usual)),))
        yield Finding(rate.node, _message(_name(rate.call), rate.value, _USUAL[rate.call.dotted or ""]), fix)


def _name(call: Call) -> str:
    return (call.dotted or "").rpartition(".")[2]


def _message(optimizer: str, rate: float, usual: str) -> str:
    if optimizer == "SGD":
        return f"SGD with a learning rate of {rate:g} and nothing that lowers it leaps over every minimum"
    return f"each step of {optimizer} moves every weight by about the learning rate, {rate:g}; {usual} is usual"


def _too_high(script: Script, rate: float, call: Call) -> bool:
    given = trained(call.result)
    models = [each for each in given if kind(each) is Kind.MODULE]
    if call.dotted not in _USUAL or not models:
        return False
    layers = together(models)
    if len(models) < len(given) and (layers or 0) < 2:
        return False  # a tensor beside them may need such a rate
    if call.dotted == "torch.optim.SGD":
        if layers == 0:
            return False
        if layers is None or "clip" in script.text:
            return rate >= _CERTAIN_OF_SGD
        if layers == 1:
            return rate >= _CERTAIN
        return rate > _MOST_OF_SGD
    if layers == 0 or _has_large_eps(call, rate):
        return False
    if layers is None:
        written = _written(call)
        return rate >= (_MOST_UNSEEN if all(is_network(script, each, written) for each in models) else _CERTAIN)
    return rate > _MOST if layers > 1 else rate >= _MOST_OF_ONE_LAYER


def _written(call: Call) -> str | None:
    """The variable of the model in `Adam(net.parameters(), ...)`."""
    match call.node.args:
        case [ast.Call(func=ast.Attribute(attr="parameters", value=ast.Name(id=name) | ast.Attribute(attr=name))), *_]:
            return name
    return None


def _has_large_eps(call: Call, rate: float) -> bool:
    """Whether `eps` is so large that steps are as long as those of SGD with a rate that may be right."""
    eps = number(call.arguments.get(None, "eps") or Literal())
    return eps is not None and eps >= _LARGE_EPS and rate / eps <= _MOST_OF_SGD
