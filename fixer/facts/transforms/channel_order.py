"""Images whose channels are the last dimension, where a convolution wants them to be the first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.datasets import loaders, own_transform, torchvision_dataset
from fixer.facts.modules.forwards import LayerCall
from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.modules.layers import altered, name_of
from fixer.facts.program.values import Computed, Function, Imported, Made, Part, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.makers import maker, returned, trail
from fixer.facts.tensors.sizes import whole
from fixer.facts.transforms.pipelines import pipelines

_CHANNELS = (1, 3, 4)
_TAKERS = {"Conv2d": "in_channels", "ConvTranspose2d": "in_channels", "BatchNorm2d": "num_features"}
_PADS = re.compile(r"\w+Pad2d")
_READERS = frozenset({"cv2.imread", "imageio.imread", "imageio.v2.imread", "imageio.v3.imread", "skimage.io.imread"})


def before_padding(script: Script) -> dict[int, LayerCall]:
    """For a second layer of a Sequential, by its identity: the first, where that is padding."""
    found, last = {}, None
    for call in layer_calls(script):
        if last is not None and call.index == 1 and last.container is call.container and last.node is call.node:
            found[id(call)] = last
        last = call if call.container is not None and _PADS.fullmatch(name_of(call.layer) or "") else None
        last = last if call.index == 0 else None
    return found


def channels_last(call: LayerCall, first: LayerCall) -> bool:
    """Whether a convolution, or a norm before it, is given images whose last dimension is the channels it wants.

    `first` is what is given the images: the convolution itself, or padding before it.
    """
    if name_of(call.layer) not in _TAKERS or altered(call.layer) or not call.certain:
        return False
    given = call.layer.arguments.get(0, _TAKERS[name_of(call.layer) or ""])
    wanted, known = whole(given) if given is not None else None, first.input
    if wanted not in _CHANNELS or known is None or known.layer is not None or known.library is not Library.TORCH:
        return False
    if known.shape is None or len(known.shape) != 4 or known.shape[3] != wanted or known.shape[1] == wanted:
        return False
    if known.shape[1] is not None:
        return True
    return first.given is not None and any(_read(step) for step, _ in trail(first.given))


def _read(value: Value, depth: int = 6) -> bool:
    """Whether `value` is an image that was read from a file, converted and scaled perhaps."""
    match value:
        case Made(callee=Imported(dotted=dotted), arguments=given):
            inner = given.positional[0] if given.positional and depth else None
            return dotted in _READERS or (inner is not None and _read(inner, depth - 1))
        case Part(how="method", key="float" | "double" | "astype" | "copy" | "to" | "contiguous", base=base):
            return _read(base, depth - 1)
        case Computed(operands=[first, _]):
            return _read(first, depth - 1)
    return False


@dataclass(frozen=True)
class ChannelsLast:
    """Images that a convolution is given with the channels last, and where they can be permuted."""

    layer: Made
    node: ast.expr
    sample: Array | None = None
    """What `node` is in the `__getitem__` of a dataset; None: `node` is a batch."""


def misplaced_channels(script: Script) -> Iterator[ChannelsLast]:
    """Every place from which images with the channels last reach a Conv2d."""
    if any("transform" in each.call.arguments.keywords for each in loaders(script)):
        return  # such a loader raises before it yields anything
    last: Value | None = None
    padded = before_padding(script)
    for call in layer_calls(script):
        first = padded.get(id(call), call)
        if call.given is not None and maker(call.given) is not None:
            last = call.given
        value = call.given if call.container is None or call.index == 0 else last
        if channels_last(call, first) and value is not None:
            place = _place(script, call, value, first)
            if place is not None:
                yield place


def _place(script: Script, call: LayerCall, value: Value, first: LayerCall) -> ChannelsLast | None:
    """The sample where a dataset of the file yields it, else the batch where it is made or used."""
    made, steps = maker(value), list(trail(value))
    through = next((dataset for _, dataset in steps if dataset is not None), None)
    if through is not None:
        dataset, element = through
        sample = next(step for step, dataset in steps if dataset is not None)
        known, node = array(sample), returned(dataset, element)
        if node is not None and known is not None and known.rank == 3:
            transformed = next(
                (step for step, _ in steps if isinstance(step, Made) and any(pipelines(step.callee))), None
            )
            return _sample(call.layer, node, known, transformed)
        transform = own_transform(dataset) if torchvision_dataset(dataset) else None
        if transform is not None:
            return _transformed(call.layer, transform)
        tensors = dataset.dotted == "torch.utils.data.TensorDataset"
        given = dataset.node.args if isinstance(dataset.node, ast.Call) and tensors else []
        if element is not None and element < len(given) and not any(isinstance(each, ast.Starred) for each in given):
            return ChannelsLast(call.layer, given[element])
    elif made is not None and _same_shape(array(made.value), first.input) and _only_fed(script, made.value):
        return ChannelsLast(call.layer, made.node)
    if isinstance(call.node, ast.Call) and call.node.args:
        return ChannelsLast(call.layer, call.node.args[0])
    return None


def _transformed(layer: Made, transform: Value) -> ChannelsLast | None:
    """What a function of the file gives that is the transform of a dataset of torchvision."""
    definition = transform.function if isinstance(transform, Function) else None
    if not isinstance(definition, ast.FunctionDef):
        return None
    found = [node.value for node in walk(definition) if isinstance(node, ast.Return) and node.value is not None]
    return ChannelsLast(layer, found[0], Array(Library.TORCH)) if len(found) == 1 else None


def _sample(layer: Made, node: ast.expr, known: Array, transformed: Made | None) -> ChannelsLast | None:
    """What `__getitem__` returns; where that went through transforms, what they are given: they want CHW as well."""
    if transformed is None:
        return ChannelsLast(layer, node, known)
    if node is not transformed.node or not isinstance(node, ast.Call) or len(node.args) != 1:
        return None
    if len(transformed.arguments.positional) != 1:
        return None
    given = array(transformed.arguments.positional[0])
    return ChannelsLast(layer, node.args[0], given) if given is not None and given.rank == 3 else None


def _same_shape(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None or one.shape is None or other.shape is None or one.library is not other.library:
        return False
    return len(one.shape) == len(other.shape) and one.shape[1:] == other.shape[1:]


def _only_fed(script: Script, value: Value) -> bool:
    """Whether the program takes no image or pixel out of the batch, which would be another one behind a permute."""
    for call in script.run.calls:
        for each in call.arguments.all():
            parts = [step for step, _ in trail(each)]
            if value in parts and any(isinstance(step, Part) and step.how != "method" for step in parts):
                return False
    return not any(key.startswith("[") for key in value.attributes)
