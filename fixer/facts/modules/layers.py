"""What each layer of torch.nn makes of the shape and type of its input, and what it asks of that input.

See https://docs.pytorch.org/docs/stable/nn.html; `fixer.facts.tensors.windows` has the formulas of sizes.
"""

from __future__ import annotations

from dataclasses import replace

from fixer.facts.modules.layer_kinds import Applied, Asks, Misfit, Rule, name_of, whole_of
from fixer.facts.modules.layers_of_features import FEATURES
from fixer.facts.modules.layers_of_windows import WINDOWS, adaptive_pool, pool
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import Made, Part
from fixer.facts.tensors.array_changes import names
from fixer.facts.tensors.array_kinds import Array, Library

__all__ = [
    "SAME",
    "Applied",
    "Asks",
    "Misfit",
    "adaptive_pool",
    "altered",
    "altered_later",
    "apply",
    "name_of",
    "pool",
    "whole_of",
]

_LAYERS: dict[str, Rule] = {**FEATURES, **WINDOWS}
_NOTHING = Array(Library.TORCH)
SAME = names(
    "Identity ReLU ReLU6 LeakyReLU PReLU RReLU ELU SELU CELU GELU SiLU Mish Sigmoid Tanh Softplus Softsign Softshrink "
    "Hardshrink Hardtanh Hardsigmoid Hardswish Tanhshrink LogSigmoid Threshold Softmin Softmax Softmax2d LogSoftmax "
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout LocalResponseNorm InstanceNorm1d "
    "InstanceNorm2d InstanceNorm3d SyncBatchNorm"
)
_CHANGES = frozenset({"add_module", "append", "extend", "insert", "pop", "register_module", "__setitem__"})


def altered(layer: Made) -> bool:
    """Whether the program changes a layer after it was made, so that its constructor no longer tells what it is."""
    return not layer.arguments.complete or altered_later(layer)


def altered_later(layer: Made) -> bool:
    """The same, whether or not all that it was made with is known."""
    if layer.uses & _CHANGES or any(kind(each) is Kind.MODULE for each in layer.holds):
        return True
    return any(
        not (isinstance(each, Part) and each.base is layer) and key not in ("training", "[*]")
        for key, each in layer.attributes.items()
    )


def apply(layer: Made, given: Array | None) -> Applied:
    """What `layer` makes of its input. None stands for an input of which nothing is known."""
    name = name_of(layer)
    known = given or _NOTHING
    if name is None or altered(layer) or known.library is not Library.TORCH:
        return Applied()
    if name in SAME:
        return Applied(given if given is None else replace(given, unit=False))
    rule = _LAYERS.get(name)
    return rule(layer, known) if rule else Applied()
