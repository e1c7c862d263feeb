"""The rule `missing-to-pil-image`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, LossEffect, Safety, insert_element, remove_element, rule, wrap
from fixer.facts.places.spelling import beside
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.transforms.pipelines import Feed, Pipeline, Repair, feeds, leaves_the_file, repair, works
from fixer.facts.transforms.transforms import TENSORS_ONLY, Refusal, Step, apply

if TYPE_CHECKING:
    from fixer.edits import Edit
    from fixer.facts.script import Script

# v2 transforms that do nothing on an array, and for which an image is not what is missing
_NOT_FOR_IMAGES = TENSORS_ONLY | {"ToDtype", "PILToTensor", "GaussianNoise"}
_ARGUMENTS = {"ToDtype": "torch.float32, scale=True"}


@rule(
    "missing-to-pil-image",
    needs=("torchvision", "Compose|Resize|Crop|Random|ColorJitter|Grayscale|ToTensor|Pad|GaussianBlur"),
    safety=Safety.SAFE,
    symptom="transform-without-effect",
    loss=LossEffect.EITHER,
)
def missing_to_pil_image(script: Script) -> Iterator[Finding]:
    """A pipeline for PIL images is given arrays, or tensors that one of its steps cannot take.

    ## What it does
    Follows samples into the torchvision pipelines that they are given to, and reports the first step that cannot use
    what it gets.

    ## Why is this bad?
    The transforms of `torchvision.transforms` raise `TypeError` on a NumPy array, `ToTensor` raises it on a tensor, and
    so do `RandomPosterize`, `RandomEqualize`, `AugMix`, `AutoAugment`, `RandAugment` and `TrivialAugmentWide` on a
    tensor of floats. Those of `torchvision.transforms.v2` are worse: most of them (flips, `Resize`, `CenterCrop`,
    `RandomRotation`, `ColorJitter`, ...) hand an array through unchanged and say nothing, so that the augmentation in
    the source never takes place.

    ## What is left alone
    Transforms that take tensors (in current torchvision flips, crops, `Resize`, `ColorJitter` and others do); v2 on
    tensors; sources that yield PIL images; pipelines whose first step makes a tensor or an image; transforms of other
    libraries, and samples of which the file does not say what they are.

    ## Fix
    `ToPILImage()` goes in front, and `ToTensor()` behind where nothing else makes the tensor that the loader collates.
    A single transform becomes a `Compose`. Two cases need no image: in a v2 pipeline for arrays of floats `ToImage()`
    goes in front, which keeps the values; and where the samples are tensors of floats that all other steps take,
    `ToTensor()`, which would not have scaled them, is removed.
    Unsafe where type or shape of the samples is not known, where floats in [0, 1] are cut to eight bits by
    `ToPILImage`, and where a v2 pipeline that ran so far would yield tensors instead of arrays. None is offered where
    `ToPILImage` would raise (other integers, channels first in arrays) or wrap values around (floats outside [0, 1]).

    ## References
    - [Transforms](https://docs.pytorch.org/vision/stable/transforms.html)
    """
    for node, given in feeds(script).items():
        refused = [(feed, *found) for feed in given if feed.certain and (found := _refused(feed))]
        if refused:
            feed, step, refusal = refused[0]
            assert feed.sample is not None
            message = f"{step.name} {refusal} the {feed.sample.library} that this pipeline is given"
            fix = _mend(script, given, refusal) or _without(step, given)
            yield Finding(step.made.node if step.made and step.made.node else node, message, fix)


def _refused(feed: Feed) -> tuple[Step, Refusal] | None:
    """The first step that cannot use what the pipeline is given, as it is given."""
    sample: Array | Refusal | None = feed.sample
    if feed.sample is None or feed.sample.library is Library.PIL:
        return None
    for step in feed.pipeline.steps:
        if not isinstance(sample, Array) or sample.library is not feed.sample.library:
            return None
        sample = apply(step, sample)
        if isinstance(sample, Refusal):
            return None if step.name in _NOT_FOR_IMAGES or step.name == "ToPILImage" else (step, sample)
    return None


def _mend(script: Script, given: list[Feed], refusal: Refusal) -> Fix | None:
    """The steps that all calls of the pipeline need, if they agree."""
    repairs = [_repair(feed) for feed in given]
    first = repairs[0]
    if first is None or any(each is None or (each.front, each.back) != (first.front, first.back) for each in repairs):
        return None
    if any(leaves_the_file(script, feed.pipeline) for feed in given):
        return None
    edits = _edits(script, given[0].pipeline, first)
    if edits is None:
        return None
    ran = refusal is Refusal.IGNORES and bool(first.back)
    exact = all(each is not None and each.exact for each in repairs) and not ran
    behind = f" and {first.back[-1].name}() behind" if first.back else ""
    return Fix(f"Put {first.front.name}() in front{behind}", edits, None if exact else Safety.UNSAFE)


def _without(step: Step, given: list[Feed]) -> Fix | None:
    """Float tensors need no ToTensor, which would not scale them: it goes, where everything else takes them."""
    display, element = given[0].pipeline.display, step.made.node if step.made else None
    if step.name != "ToTensor" or display is None or not isinstance(element, ast.expr) or element not in display.elts:
        return None
    for feed in given:
        rest = tuple(each for each in feed.pipeline.steps if each.made is None or each.made.node is not element)
        if feed.sample is None or not feed.sample.floating or not rest or not works(rest, feed.sample):
            return None
    return Fix("Remove ToTensor(): the samples are tensors of floats", (remove_element(display, element),))


def _repair(feed: Feed) -> Repair | None:
    if feed.sample is None or not feed.certain or feed.sample.library is Library.PIL:
        return None
    return repair(feed.pipeline.steps, feed.sample, feed.image_wanted)


def _edits(script: Script, pipeline: Pipeline, found: Repair) -> tuple[Edit, ...] | None:
    steps = (found.front, *found.back)
    lone = pipeline.display is None
    if lone and (pipeline.made.dotted or "").endswith(("Compose", "Sequential")):
        return None  # the list of steps is written somewhere else
    written = [beside(script, pipeline.node.func, f"{each.version}.{each.name}") for each in steps]
    if lone:
        written.append(beside(script, pipeline.node.func, f"{found.front.version}.Compose"))
    codes = [each.code for each in written if each is not None]
    if len(codes) != len(written):
        return None
    imports = [edit for each in written if each is not None for edit in each.imports]
    if any(each.name in _ARGUMENTS for each in steps) and script.names.spelling("torch") != "torch":
        return None
    calls = [f"{code}({_ARGUMENTS.get(step.name, '')})" for code, step in zip(codes, steps, strict=False)]
    if pipeline.display is None:
        return wrap(pipeline.node, f"{codes[-1]}([{', '.join([calls[0], '{}', *calls[1:]])}])"), *imports
    length = len(pipeline.display.elts)
    back = [insert_element(pipeline.display, length, call) for call in calls[1:]]
    return insert_element(pipeline.display, 0, calls[0]), *back, *imports
