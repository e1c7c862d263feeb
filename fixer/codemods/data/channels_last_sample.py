"""The rule `channels-last-sample`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, Safety, rule, wrap
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.transforms.channel_order import ChannelsLast, misplaced_channels

if TYPE_CHECKING:
    from fixer.facts.script import Script


@rule(
    "channels-last-sample",
    needs=("torch", "Conv2d"),
    safety=Safety.UNSAFE,
    symptom="crash",
)
def channels_last_sample(script: Script) -> Iterator[Finding]:
    """Images with the channels last are given to a convolution, which wants them first.

    ## What it does
    Follows images through datasets, loaders and `forward` to the first `Conv2d`, `ConvTranspose2d` or `BatchNorm2d`,
    and reports those of the shape (N, H, W, C) where the layer was made for C channels.

    ## Why is this bad?
    Cameras, OpenCV, PIL and NumPy keep the channels last, PyTorch keeps them first. The layer takes the height for the
    channels and raises: `expected input[12, 20, 20, 3] to have 3 channels, but got 20 channels instead`.

    ## What is left alone
    Models that permute their input; layers that want the channels last (`Linear`); the memory format
    `torch.channels_last`, which is no order of dimensions; shapes that the layer takes, or that the file does not
    determine; numbers of channels other than 1, 3 and 4.

    ## Fix
    `permute(2, 0, 1)` (for arrays `transpose(2, 0, 1)`) in what `__getitem__` returns; bytes go through torchvision's
    `to_tensor`, which permutes and scales, in files that use torchvision. A batch that is made as a whole gets
    `permute(0, 3, 1, 2)`. The data are changed and not the layer, as the interface of the model stays as it is. Unsafe
    because other code in sight of the same dataset may want its images as they were.

    ## References
    - [Conv2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html)
    - [Channels last memory format](https://docs.pytorch.org/tutorials/intermediate/memory_format_tutorial.html)
    """
    reported: set[ast.AST] = set()
    for found in misplaced_channels(script):
        if found.node not in reported:
            reported.add(found.node)
            message = "the channels of these images are the last dimension, and a Conv2d wants them first"
            yield Finding(found.node, message, _permuted(script, found))


def _permuted(script: Script, found: ChannelsLast) -> Fix:
    if found.sample is None:
        return Fix("Permute the batch", (wrap(found.node, "{}.permute(0, 3, 1, 2)"),))
    convert = _to_tensor(script, found.sample)
    if convert is not None:
        return Fix("Make a tensor of the image, channels first", (wrap(found.node, f"{convert}({{}})"),))
    method = "transpose" if found.sample.library is Library.NUMPY else "permute"
    return Fix("Permute the image", (wrap(found.node, f"{{}}.{method}(2, 0, 1)"),))


def _to_tensor(script: Script, sample: Array) -> str | None:
    """How the file writes `to_tensor`, for an array of bytes."""
    if sample.library is not Library.NUMPY or sample.dtype != "uint8":
        return None
    return script.names.spelling("torchvision.transforms.functional.to_tensor")
