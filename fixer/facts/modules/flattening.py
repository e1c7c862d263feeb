"""What a layer is given before it was made flat: maps or images, and how the program flattens them."""

from __future__ import annotations

from dataclasses import dataclass

from fixer.facts.modules.called import module_of
from fixer.facts.modules.forwards import LayerCall
from fixer.facts.modules.functional import keeps_shape
from fixer.facts.modules.layers import SAME, name_of
from fixer.facts.program.values import Literal, Made, Part, Value
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.array_kinds import Array, Shape
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.sizes import counted, whole


@dataclass(frozen=True, eq=False)
class Flattened:
    """The input of a layer before it was made flat: the shape of one sample, and how it was written."""

    sample: Shape
    view: Part | None = None
    """`x.view(-1, 400)`: a size that the program gives itself."""
    size: int | None = None
    """That size."""


def flattened(call: LayerCall, calls: list[LayerCall]) -> Flattened | None:
    """What was flattened before `call`, where nothing but flattening lies between."""
    if call.given is None or call.index > 0:
        return _by_layer(call, calls)
    value = _before_activations(call.given)
    if isinstance(value, Made):
        module = module_of(value.callee)
        inner = value.arguments.positional[0] if value.arguments.positional else None
        if (module is not None and name_of(module) == "Flatten") or value.dotted == "torch.flatten":
            return _of(array(inner) if inner is not None else None)
        if value.dotted == "torch.reshape":
            return None
    if not isinstance(value, Part) or value.how != "method":
        return None
    known = array(value.base)
    if value.key == "flatten":
        return _of(known)
    if value.key not in ("view", "reshape") or known is None or value.arguments is None:
        return None
    given = value.arguments.positional
    if len(given) != 2 or known.shape is None or views.elements(known.shape[1:]) is None:
        return None
    size = whole(given[1])
    first = counted(given[0])
    if size == -1:
        return Flattened(known.shape[1:])
    if size is None or (whole(given[0]) != -1 and (first is None or first[1] != 0)):
        return None
    return Flattened(known.shape[1:], value, size)


def channels_flattened(call: LayerCall, calls: list[LayerCall]) -> int | None:
    """How many channels the maps have, of a size that is not known, which were flattened sample by sample."""
    known = _maps_before(call, calls)
    if known is None or known.maps is None or known.shape is None or None not in known.shape[2:]:
        return None
    return known.shape[1]


def _maps_before(call: LayerCall, calls: list[LayerCall]) -> Array | None:
    if call.given is None or call.index > 0:
        earlier = [each for each in calls if each.container is call.container and each.node is call.node]
        for each in reversed([each for each in earlier if each.index < call.index]):
            if name_of(each.layer) not in SAME:
                plain = name_of(each.layer) == "Flatten" and not each.layer.arguments.all()
                return each.input if plain else None
        return None
    value = _before_activations(call.given)
    if isinstance(value, Made) and value.dotted == "torch.flatten":
        given, sizes = value.arguments.positional[:1], value.arguments.positional[1:]
    elif isinstance(value, Made) and (module := module_of(value.callee)) is not None and name_of(module) == "Flatten":
        given, sizes = value.arguments.positional[:1], [] if module.arguments.all() else [Literal(value=1)]
    elif isinstance(value, Part) and value.how == "method" and value.arguments is not None:
        given, sizes = [value.base], value.arguments.positional
        if value.key in ("view", "reshape"):
            first = counted(sizes[0]) if len(sizes) == 2 and whole(sizes[1]) == -1 else None
            sizes = [Literal(value=1)] if first is not None and first[1] == 0 else []
        elif value.key != "flatten":
            return None
    else:
        return None
    return array(_before_permute(given[0])) if given and [whole(each) for each in sizes] == [1] else None


def _before_permute(value: Value) -> Value:
    """What had the dimensions of a sample in another order: `x.permute(0, 2, 3, 1).contiguous()`."""
    while isinstance(value, Part) and value.how == "method" and value.arguments is not None:
        order = [whole(each) for each in value.arguments.positional]
        if value.key != "contiguous" and (value.key != "permute" or len(order) < 3 or order[0] != 0):
            break
        value = value.base
    return value


def _of(known: Array | None) -> Flattened | None:
    return Flattened(known.shape[1:]) if known is not None and known.shape else None


def _by_layer(call: LayerCall, calls: list[LayerCall]) -> Flattened | None:
    """The `nn.Flatten` a few places before in the same Sequential."""
    earlier = [each for each in calls if each.container is call.container and each.node is call.node]
    for each in reversed([each for each in earlier if each.index < call.index]):
        if name_of(each.layer) == "Flatten":
            return _of(each.input)
        if name_of(each.layer) not in SAME:
            return None
    return None


def _before_activations(value: Value) -> Value:
    for _ in range(12):
        match value:
            case Made() if value.dotted is not None and keeps_shape(value.dotted) and value.arguments.positional:
                value = value.arguments.positional[0]
            case Made() if (module := module_of(value.callee)) is not None and name_of(module) in SAME:
                if not value.arguments.positional:
                    return value
                value = value.arguments.positional[0]
            case Part(how="method", key="contiguous" | "relu" | "float" | "to" | "cuda", base=base):
                value = base
            case _:
                return value
    return value
