"""What layers say of their input: the words in which `fixer.facts.modules.layers` answers, and what all need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from fixer.facts.program.values import Arguments, Made
from fixer.facts.tensors.array_kinds import Array, Library, Shape
from fixer.facts.tensors.sizes import whole


class Asks(StrEnum):
    """What it is of the input that a layer cannot take."""

    CHANNELS = "channels"
    FEATURES = "features"
    RANK = "dimensions"
    SIZE = "size"
    DTYPE = "dtype"


@dataclass(frozen=True)
class Misfit:
    """Torch raises at this layer. `wanted` is what the layer was made for, `got` what it is given."""

    asks: Asks
    wanted: int | str | None
    got: int | str | None
    parameter: str = ""
    """The constructor's parameter that says what is wanted: `in_channels`."""


@dataclass(frozen=True)
class Applied:
    """What comes out of a layer. Where there is a misfit: what would come out if the input were the right one."""

    output: Array | None = None
    misfit: Misfit | None = None
    parts: tuple[Array | tuple[Array, ...], ...] = ()
    """For layers that return a tuple."""


Rule = Callable[[Made, Array], Applied]


def name_of(layer: Made) -> str | None:
    """The name of the class of torch.nn that a layer is an instance of."""
    module, _, name = (layer.dotted or "").rpartition(".")
    return name if module == "torch.nn" or layer.dotted == "timm.layers.Linear" else None


def result(layer: Made, known: Array, shape: Shape | None, last: int | None = None) -> Array:
    """The output of a layer with weights: of the input's type, if torch takes it at all."""
    dtype = known.dtype if known.floating else None
    return Array(Library.TORCH, dtype, shape, last=None if shape is not None else last, layer=layer)


def floating(known: Array) -> Misfit | None:
    return Misfit(Asks.DTYPE, "float32", known.dtype) if known.floating is False else None


def whole_of(given: Arguments, position: int, name: str) -> int | None:
    """An integer argument."""
    value = given.get(position, name)
    return None if value is None else whole(value)


def features(known: Array, wanted: int | None, parameter: str) -> Misfit | None:
    got = known.features
    if wanted is not None and known.shape is None and known.lasts and wanted not in known.lasts:
        return Misfit(Asks.FEATURES, wanted, known.lasts[0], parameter)
    if wanted is None or got is None or wanted == got:
        return None
    return Misfit(Asks.FEATURES, wanted, got, parameter)
