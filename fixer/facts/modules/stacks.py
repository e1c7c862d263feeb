"""The layers of a network in the order in which data goes through them.

A `Stack` is what one module of the file does to its input: a graph of steps, read from the `forward` methods of the
file (methods and submodules of the file followed, loops over known module lists unrolled) and from `nn.Sequential`
displays. What cannot be followed is a step of the role OTHER, through which nothing is concluded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from fixer.facts.program.values import Made, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import number

_NORMS = ("BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm", "RMSNorm", "SyncBatchNorm", "LocalResponseNorm")
_KEEPING = (
    *("Dropout", "AlphaDropout", "FeatureAlphaDropout", "Flatten", "Unflatten", "Identity", "ZeroPad", "ConstantPad"),
    *(
        "Upsample",
        "UpsamplingNearest",
        "UpsamplingBilinear",
        "ReflectionPad",
        "MaxPool",
        "AvgPool",
        "LPPool",
        "AdaptiveAvgPool",
        "AdaptiveMaxPool",
    ),
)
_WEIGHTS = frozenset(
    {"Linear", "LazyLinear"} | {f"{name}{dims}d" for name in ("Conv", "LazyConv", "ConvTranspose") for dims in "123"}
)
_ACTIVATIONS = {
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "ReLU": "relu",
    "ReLU6": "relu6",
    "LeakyReLU": "leaky_relu",
    "PReLU": "prelu",
    "RReLU": "rrelu",
    "ELU": "elu",
    "SELU": "selu",
    "CELU": "celu",
    "GELU": "gelu",
    "SiLU": "silu",
    "Mish": "mish",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Hardtanh": "hardtanh",
    "Hardsigmoid": "hardsigmoid",
    "Hardswish": "hardswish",
    "LogSigmoid": "logsigmoid",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
}
_KEEPING_CALLS = re.compile(
    r"(flatten|reshape|view|(un)?squeeze|contiguous|permute|transpose|float|double|half|to|cpu|cuda|"
    r"interpolate|upsample|(feature_|alpha_)?dropout([123]d)?|(adaptive_)?(max|avg)_pool[123]d)$"
)


class Role(StrEnum):
    INPUT = "input"
    WEIGHT = "weight"
    """A linear or convolutional layer."""
    ACTIVATION = "activation"
    NORM = "norm"
    KEEPS = "keeps"
    """Passes values on: dropout, pooling, another shape, several put together by `cat`."""
    OTHER = "other"


@dataclass(eq=False)
class Step:
    """One thing that happens to the data. `name` of an activation is that of its function: `relu`, `leaky_relu`."""

    role: Role
    name: str = ""
    node: ast.Call | None = None
    """The call in `forward`; None for a layer that a Sequential calls."""
    layer: Made | None = None
    """The module; None for a function."""
    inputs: list[Step] = field(default_factory=list)
    users: list[Step] = field(default_factory=list)
    returned: bool = False

    def source(self) -> Step | None:
        """What made the data that comes in, behind steps that only pass values on; None: not one thing did."""
        made = self.sources()
        return made[0] if len(made) == 1 else None

    def sources(self) -> list[Step]:
        """All that made the data that comes in: several where it is put together by `cat`."""
        found: dict[Step, None] = {}
        for step in self.inputs:
            found |= dict.fromkeys(step.sources() if step.role is Role.KEEPS else [step])
        return list(found)

    def destinations(self) -> Iterator[Step | None]:
        """What uses the result, before steps that only pass values on; None: the result is returned."""
        if self.returned:
            yield None
        for user in self.users:
            if user.role is Role.KEEPS:
                yield from user.destinations()
            else:
                yield user

    def size(self, position: int, keyword: str) -> int | None:
        """An argument of the layer's constructor, where the file determines it: `size(1, "out_features")`."""
        given = self.layer.arguments.get(position, keyword) if self.layer else None
        known = number(given) if given is not None else None
        return known if isinstance(known, int) else None

    @property
    def width(self) -> int | None:
        """How many features or channels a WEIGHT step gives."""
        return self.size(1, "out_features" if "Linear" in self.name else "out_channels")

    @property
    def fan_in(self) -> int | None:
        """How many inputs each unit of a WEIGHT step has; for a convolution at least the number of its channels."""
        return self.size(0, "in_features" if "Linear" in self.name else "in_channels")


@dataclass(eq=False)
class Stack:
    """What one module does. `owner`: the module of this file, or the Sequential."""

    owner: Made
    steps: list[Step] = field(default_factory=list)

    def add(self, role: Role, name: str, inputs: list[Step], node: ast.Call | None, layer: Made | None = None) -> Step:
        step = Step(role, name, node, layer, list(dict.fromkeys(inputs)))
        for each in step.inputs:
            each.users.append(step)
        self.steps.append(step)
        return step

    def of(self, role: Role) -> list[Step]:
        return [step for step in self.steps if step.role is role]


def role_of_layer(dotted: str) -> tuple[Role, str]:
    """The role of an instance of a class of torch.nn, and its name."""
    module, _, name = dotted.rpartition(".")
    if module != "torch.nn":
        return Role.OTHER, name
    if name in _WEIGHTS:
        return Role.WEIGHT, name
    if name in _ACTIVATIONS:
        return Role.ACTIVATION, _ACTIVATIONS[name]
    if name.startswith(_NORMS) or name.startswith(tuple(f"Lazy{each}" for each in _NORMS)):
        return Role.NORM, name
    return (Role.KEEPS if name.startswith(_KEEPING) else Role.OTHER), name


def is_convolution_of_library(layer: Value) -> bool:
    """Whether it is a convolution from elsewhere, over graphs say: `GCNConv(16, 32)`."""
    dotted = (layer.dotted or "") if isinstance(layer, Made) else ""
    return dotted.endswith("Conv") and "." in dotted and not dotted.startswith("torch.")


def role_of_call(name: str) -> Role:
    """The role of a function of torch or a method of a tensor by its name: `sigmoid`, `view`."""
    if _KEEPING_CALLS.match(name):
        return Role.KEEPS
    return Role.ACTIVATION if name.rstrip("_") in _ACTIVATIONS.values() else Role.OTHER


def names_of(script: Script, stack: Stack, steps: Iterable[Step]) -> set[str]:
    """What the program calls a stack and the layers in front of these steps: classes, functions, variables."""
    sources = [step.source() for step in steps]
    made = [stack.owner, *(each.layer for each in sources if each is not None and each.layer is not None)]
    found = {stack.owner.cls.definition.name} if stack.owner.cls and stack.owner.cls.definition else set()
    for layer in made:
        node: ast.AST | None = layer.node
        while node is not None:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.Assign):
                targets = [each for target in node.targets for each in walk(target)]
                found |= {each.id for each in targets if isinstance(each, ast.Name)}
                found |= {each.attr for each in targets if isinstance(each, ast.Attribute)}
            node = script.parents.get(node)
    return found
