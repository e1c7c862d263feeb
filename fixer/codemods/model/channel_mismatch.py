"""The rule `channel-mismatch`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, Safety, insert_element, rule
from fixer.facts.data.datasets import own_transform, torchvision_dataset
from fixer.facts.modules.layers import Asks, name_of, whole_of
from fixer.facts.modules.misfits import Disagreement, Written, disagreements, written, wrong_data
from fixer.facts.places.spelling import beside
from fixer.facts.tensors.array_kinds import channels_behind
from fixer.facts.transforms.channel_order import before_padding
from fixer.facts.transforms.images import image_of
from fixer.facts.transforms.pipelines import pipelines

if TYPE_CHECKING:
    from fixer.edits import Edit
    from fixer.facts.script import Script


@rule(
    "channel-mismatch",
    needs=("torch", "Conv1d|Conv2d|Conv3d|ConvTranspose|BatchNorm1d|BatchNorm2d|BatchNorm3d|GroupNorm"),
    safety=Safety.UNSAFE,
    symptom="crash",
)
def channel_mismatch(script: Script) -> Iterator[Finding]:
    """A convolution is made for another number of channels than it is given.

    ## What it does
    Follows shapes from tensors, data sets, transforms and loaders through the model, and from what a library is told
    that shows or exports it (`summary(model, (3, 32, 32))`). Reports a convolution whose `in_channels`, or a
    normalisation whose number of features, is not the number of channels of its input.

    ## Why is this bad?
    Torch stops at the first batch: `expected input[64, 1, 28, 28] to have 3 channels, but got 1 channels instead`.

    ## What is left alone
    Inputs of which the file does not determine the channels; layers behind a test in `forward`; layers that are given
    different numbers of channels in different places, unless a literal size tells which place is wrong; models whose
    layers are replaced after they were made; images and sequences with the channels last, where another number would be
    no help; calls that are expected to fail.

    ## Fix
    The layer that takes the input gets the number: the first layer follows the data, every other one the layer before
    it. In that way the sizes that others see (what the model takes from the data, what a block hands on) stay as they
    are. The other way, making the layer before give what this one takes, or the data what the first layer takes, is
    offered in the editor. Where the model is certainly given what it takes in another place, the data are what is
    wrong: then the size in `torch.randn(...)` gets the number, even if the program catches the error to print it.
    Unsafe, since only the author knows which of the two numbers was meant.

    ## References
    - [torch.nn.Conv2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html)
    - [torch.nn.BatchNorm2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html)
    """
    padded = before_padding(script)
    for found in disagreements(script, Asks.CHANNELS):
        first = padded.get(id(found.call), found.call)
        shape = (first.input.shape if first.input is not None else None) or ()
        told = found.input.second is not None and found.input.shape is None
        if not told and (len(shape) < 3 or not _is_batch(found) or (shape[-1] == found.wanted and found.got > 1)):
            continue  # features, one image, or the channels last
        if found.producer is None and channels_behind(shape):
            continue  # the channels last as well, and not as many as the layer is made for
        number = written(script, found.layer, found.misfit.parameter)
        if number is not None:
            yield Finding(number.node, _message(found), _follow(found, number), tuple(_other_way(script, found)))

    for data in wrong_data(script, Asks.CHANNELS):
        if data.kind.startswith("Conv") and len(data.shape) == 2 + int(data.kind[-2]) and data.shape[-1] != data.wanted:
            message = (
                f"these data have {_channels(data.got)}; the model's {data.kind} takes {data.wanted}, as elsewhere"
            )
            yield Finding(data.size, message, Fix(f"Give the data {_channels(data.wanted)}", (data.becomes,)))


def _is_batch(found: Disagreement) -> bool:
    """Whether the input has a batch dimension: of a lone image the first dimension may as well be missing."""
    rank = len(found.input.shape or ())
    return not found.kind.startswith("Conv") or rank == 2 + int(found.kind[-2])


def _message(found: Disagreement) -> str:
    made = f"this {found.kind} is made for {_channels(found.wanted)}"
    if found.producer is None and found.input.maps is not None:
        return f"{made}, what comes in has {found.got}: a layer follows the ones before it"
    if found.producer is None:
        return f"{made}, the data have {found.got}: the first layer has to take what the data are"
    line = getattr(found.producer.node, "lineno", 0)
    return f"{made}, the {name_of(found.producer)} in line {line} gives {found.got}: a layer follows the one before it"


def _follow(found: Disagreement, number: Written) -> Fix | None:
    if "Conv" in found.kind and whole_of(found.layer.arguments, 7 if "Transpose" in found.kind else 6, "groups"):
        return None  # the groups would have to change with the channels
    edit = number.becomes(str(found.got))
    return Fix(f"Make the {found.kind} take {_channels(found.got)}", (edit,)) if edit else None


def _other_way(script: Script, found: Disagreement) -> Iterator[Fix]:
    """What the author may have meant as well."""
    if found.producer is not None:
        number = written(script, found.producer, "out_channels")
        edit = number.becomes(str(found.wanted)) if number is not None else None
        if edit is not None and whole_of(found.producer.arguments, 1, "out_channels") == found.got:
            yield Fix(f"Make the layer before it give {_channels(found.wanted)}", (edit,), Safety.SUGGESTION)
    elif found.wanted in (1, 3) and found.got in (1, 3):
        edits = list(_in_grey_or_colour(script, found))
        if edits:
            yield Fix(f"Give the images {_channels(found.wanted)}", tuple(edits), Safety.SUGGESTION)


def _channels(count: int) -> str:
    return f"{count} channel" if count == 1 else f"{count} channels"


def _in_grey_or_colour(script: Script, found: Disagreement) -> Iterator[Edit]:
    """`Grayscale` in front of the pipelines of the data sets that have such images."""
    done = set()
    for made in script.run.objects:
        image = image_of(made) if torchvision_dataset(made) else None
        if image is None or not image.shape or image.shape[0] != found.got:
            continue
        for pipeline in pipelines(own_transform(made) or made):
            name = beside(script, pipeline.node.func, "torchvision.transforms.Grayscale")
            if pipeline.display is not None and name is not None and pipeline.display not in done:
                done.add(pipeline.display)
                yield from name.imports
                yield insert_element(pipeline.display, 0, f"{name.code}(num_output_channels={found.wanted})")
