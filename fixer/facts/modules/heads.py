"""Layers that a program puts in place of the last ones of a torchvision model, which give a known number of features.

The numbers are those of torchvision's own classes: https://docs.pytorch.org/vision/stable/models.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.program.values import Literal, Made, Value
from fixer.facts.script import Script
from fixer.facts.tensors.array_changes import names

_WIDE_CLASSIFIERS = {
    "alexnet": {"": 9216, "[1]": 9216, "[4]": 4096, "[6]": 4096},
    **{
        f"vgg{depth}{norm}": {"": 25088, "[0]": 25088, "[3]": 4096, "[6]": 4096}
        for depth in (11, 13, 16, 19)
        for norm in ("", "_bn")
    },
    **{f"densenet{depth}": {"": size} for depth, size in ((121, 1024), (161, 2208), (169, 1664), (201, 1920))},
    "mobilenet_v2": {"": 1280, "[1]": 1280},
    "mobilenet_v3_large": {"": 960, "[0]": 960, "[3]": 1280},
    "mobilenet_v3_small": {"": 576, "[0]": 576, "[3]": 1024},
    **{
        f"efficientnet_b{size}": {"": features, "[1]": features}
        for size, features in enumerate((1280, 1280, 1408, 1536, 1792, 2048, 2304, 2560))
    },
}
_FULLY_CONNECTED = {
    **dict.fromkeys(("resnet18", "resnet34"), 512),
    **dict.fromkeys(
        names(
            "resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d resnext101_64x4d wide_resnet50_2 "
            "wide_resnet101_2 inception_v3 shufflenet_v2_x2_0"
        ),
        2048,
    ),
    **dict.fromkeys(names("googlenet shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5"), 1024),
}
HEADS: dict[str, dict[str, int]] = {
    **{name: {"fc": features} for name, features in _FULLY_CONNECTED.items()},
    **{
        name: {f"classifier{place}": features for place, features in sizes.items()}
        for name, sizes in _WIDE_CLASSIFIERS.items()
    },
}
"""Of each model, the layers at its end, and how many features they are given."""
_KEEPING = names("Dropout ReLU LeakyReLU GELU SiLU Tanh Flatten Identity BatchNorm1d")
_ELSEWHERE = frozenset({"conv1", "maxpool", "num_classes"})
"""What may be changed of a model without another number of features at its end."""
_TORCHVISION = re.compile(r"torchvision\.models\.(?:\w+\.)*(\w+)$")


@dataclass(frozen=True)
class NewHead:
    """A Linear at the end of a model of torchvision that used to be another one."""

    model: str
    place: str
    """`fc`, or `classifier[6]`."""
    layer: Made
    features: int
    """What the model gives it."""


def new_heads(script: Script) -> Iterator[NewHead]:
    """Every Linear that is the first in its place behind a model of torchvision which is else as it was."""
    for made in script.run.objects if script.run.complete else ():
        model = _model_of(made)
        places = HEADS.get(model, {})
        changed = dict(_changed(made, next(iter(places), "").partition("[")[0])) if places else {}
        for place, value in changed.items():
            layer = _first(value)
            # what else was put in may give other features; layers of one classifier may follow each other
            at = place.replace("[-1]", max(places)[len("classifier") :]) if places else place
            if at in places and layer is not None and len(changed) == 1:
                yield NewHead(model, place, layer, places[at])


def _model_of(made: Made) -> str:
    """What torchvision calls a model: `models.resnet18()`, `torch.hub.load("pytorch/vision", "resnet18")`."""
    given = [each.value for each in made.arguments.positional[:2] if isinstance(each, Literal)]
    if made.dotted == "torch.hub.load" and len(given) == 2 and str(given[0]).startswith("pytorch/vision"):
        return str(given[1])
    known = _TORCHVISION.match(made.dotted or "")
    return known[1] if known else ""


def _changed(model: Made, head: str) -> Iterator[tuple[str, Value]]:
    """What the program puts into the model, by its place."""
    for name, value in model.attributes.items():
        if name in _ELSEWHERE:
            continue
        if isinstance(value, Made | Literal):
            yield name, value
        elif name == head:
            for key, inner in value.attributes.items():
                if isinstance(inner, Made | Literal):
                    yield name + key, inner


def _first(value: Value) -> Made | None:
    """The Linear that is given the model's features."""
    if not isinstance(value, Made):
        return None
    name = _class_of(value)
    if name == "Sequential":
        for each in value.arguments.positional:
            inner = _first(each)
            if inner is not None or not isinstance(each, Made) or _class_of(each) not in _KEEPING:
                return inner
    return value if name == "Linear" else None


def _class_of(made: Made) -> str:
    module, _, name = (made.dotted or "").rpartition(".")
    return name if module.startswith("torch.nn") else ""
