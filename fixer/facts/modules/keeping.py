"""Layers that keep the shape of what they are given, going by what they are called: norms, activations, dropout.

They are handed in (`norm_layer(64)`, `self.act = act`), looked up (`ACT2FN[name]`), or those of another library.
"""

from __future__ import annotations

import re

from fixer.facts.modules.layers import SAME
from fixer.facts.program.values import Imported, Literal, Made, Part, Unknown, Value, options
from fixer.facts.tensors.array_changes import names

_CORE = names(
    "act activ activation activations nonlin nonlinearity linearity norm normalization normalisation bn batchnorm "
    "layernorm groupnorm instancenorm rmsnorm relu silu gelu elu swish mish dropout droppath drop stochastic"
)
_BESIDE = names(
    "batch layer group instance rms sync synchronized frozen cross default get build make create fn func function cls "
    "class type module op name self my in out inner outer hidden input output first last pre post mid non path d depth "
    "leaky hard memory efficient fused scale h"
)
_TOKENS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_OF_TORCH = re.compile(r"torch\.nn\.(\w*Norm(\dd)?)$")
_PARTIAL = "functools.partial"


def keeps_shape(callee: Value) -> bool:
    """Whether what is called is such a layer, on every way through the program."""
    return all(map(_is_one, options(callee)))


def _is_one(layer: Value) -> bool:
    match layer:
        case Unknown(hint=hint):
            return _is_named(hint)
        case Part(how="subscript"):
            return _makes_one(layer)  # ACT2FN[name](x)
        case Made(callee=cls):
            return all(map(_makes_one, options(cls)))
    return False


def _makes_one(cls: Value) -> bool:
    match cls:
        case Unknown(hint=hint):
            return _is_named(hint)
        case Imported(dotted=dotted):
            name = dotted.rpartition(".")[2]
            if dotted.startswith("torch."):
                return _OF_TORCH.match(dotted) is not None or (dotted == f"torch.nn.{name}" and name in SAME)
            return _is_named(name)
        case Part(how="attribute", key=str() as key):
            return _is_named(key)
        case Part(how="subscript", base=Unknown(hint=hint)):
            return _is_named(hint)
        case Part(how="subscript", base=Imported(dotted=dotted)):
            return _is_named(dotted.rpartition(".")[2])
        case Made(callee=Imported(dotted="getattr"), arguments=given):
            asked = given.positional[1:2]
            return all(isinstance(each, Unknown) and _is_named(each.hint) for each in asked) and bool(asked)
        case Made(callee=Imported(dotted=dotted), arguments=given) if dotted == _PARTIAL and given.positional:
            return all(map(_makes_one, options(given.positional[0])))
        case Made(callee=Imported(dotted=dotted)):
            return _is_named(dotted.rpartition(".")[2])  # get_activation(name)(x)
    return isinstance(cls, Literal) and cls.value is None  # a layer that is left out is not called


def _is_named(name: str) -> bool:
    """Whether a name speaks of nothing but norms, activations or dropout: not of a `ConvNormAct`."""
    words = [each.lower() for each in _TOKENS.findall(name.replace("ReLU", "Relu").replace("SiLU", "Silu"))]
    return any(each in _CORE for each in words) and all(each in _CORE or each in _BESIDE for each in words)
