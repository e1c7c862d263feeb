"""The rule `unpaired-augmentation`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, LossEffect, Safety, add_import, insert_after, insert_before, remove, replace, rule
from fixer.facts.program.walk import walk
from fixer.facts.transforms.image_masks import Unpaired, draws_alike, image_only, unpaired
from fixer.facts.transforms.paired_changes import for_the_mask, missing_steps, side_by_side

if TYPE_CHECKING:
    from fixer.edits import Edit
    from fixer.facts.data.sample_parts import Change
    from fixer.facts.script import Script


@rule(
    "unpaired-augmentation",
    needs=(
        "torch",
        "__getitem__|__call__|torchvision",
        "mask|seg|box|keypoint|landmark|label|target|heatmap|trimap|Cityscapes",
        "rand|Rand|Augment|AugMix|bernoulli",
    ),
    safety=Safety.UNSAFE,
    symptom="unpaired-target",
    loss=LossEffect.LOWER,
)
def unpaired_augmentation(script: Script) -> Iterator[Finding]:
    """The image is flipped, turned or cropped at random, its mask, boxes or keypoints are not, or by another draw.

    ## What it does
    Reads `__getitem__` of the datasets of a file: which parts a sample has, and what moves each of them at random, by a
    transform, a function or a slice. Reports an image that is moved while a mask, boxes or keypoints of the same sample
    stay as they are, or are moved by a draw of their own. Also datasets of torchvision with such targets
    (`VOCSegmentation`, `OxfordIIITPet` for segmentation, `CocoDetection`, ...) whose `transform`, which gets the image
    alone, moves it.

    ## Why is this bad?
    Nothing fails: shapes agree, the loss falls. But for every second image, or nearly all, the model learns that the
    object is where it is not.

    ## What is left alone
    Targets that are no places in the image (classes, numbers), changes of colour and noise, several views of one image,
    masks that are made from the image after it was moved, parts that go through one call together
    (`self.transform(image, mask)`), one draw that decides on both, methods that set a seed or a random state, and
    whatever goes through code out of sight.

    ## Fix
    The mask gets the draw of the image, in the smallest way that the form allows. Two calls of a transform: the random
    state is kept before the first and set again before the second. A transform that the mask's pipeline lacks: it is
    added there, with nearest-neighbour interpolation, and the state is set again. A change by hand under an `if`: the
    mask is changed under the same `if`. None is offered for boxes and keypoints, whose coordinates have to be computed
    anew (`torchvision.transforms.v2` does that for `tv_tensors`), and where a pipeline draws something else first.
    Unsafe, because it changes what the model is trained on.

    ## References
    - [torchvision.transforms.v2: joint transforms](https://docs.pytorch.org/vision/stable/transforms.html)
    """
    for found in unpaired(script):
        first = found.moved[0]
        what = found.place.names[-1] or "the target"
        if found.own:
            message = f"{first.name} draws anew for `{what}`: image and `{what}` are moved in different ways"
            yield Finding(found.own[0].call, message, _one_draw(script, found))
        else:
            message = f"{first.name} moves the image at random, and `{what}` stays where it is"
            yield Finding(first.call, message, None if found.place.points else _moved_too(script, found))
    for node, step, place in image_only(script):
        message = f"`transform` gets the image alone: {step.name} moves it, and its {place} stays where it is"
        yield Finding((step.made.node if step.made else None) or node, message)


def _one_draw(script: Script, found: Unpaired) -> Fix | None:
    if len(found.moved) != 1 or len(found.own) != 1:
        return _one_chance(script, found)
    one, other = found.moved[0], found.own[0]
    if one.pipeline is not None and other.pipeline is not None:
        if not draws_alike(one.pipeline, other.pipeline):
            return None
        edits = _same_state(script, one, other)
        return Fix("Let both draw the same random numbers", edits) if edits else None
    return _one_chance(script, found)


def _same_state(script: Script, one: Change, other: Change) -> tuple[Edit, ...] | None:
    """Keep the random state before the first of two calls, and set it again before the second."""
    torch = script.names.spelling("torch")
    state, imports = script.names.fresh("random_state"), () if torch else (add_import("torch"),)
    keep, again = f"{state} = {torch or 'torch'}.get_rng_state()", f"{torch or 'torch'}.set_rng_state({state})"
    places = side_by_side(script, one.statement, other.statement)
    if places is not None:
        return insert_before(places[0], keep), insert_before(places[1], again), *imports
    if one.statement is not other.statement or not isinstance(one.statement, ast.Return | ast.Assign):
        return None
    first = min(one, other, key=lambda each: (each.call.lineno, each.call.col_offset))
    given = first.call.args if isinstance(first.call, ast.Call) else []
    if len(given) != 1 or not isinstance(given[0], ast.Name):
        return None
    lines = (keep, f"{given[0].id} = {script.source(first.call)}", again)
    return insert_before(one.statement, "\n".join(lines)), replace(first.call, given[0].id), *imports


def _one_chance(script: Script, found: Unpaired) -> Fix | None:
    """`if random.random() < 0.5:` for the image and again for the mask: both changes go under the first."""
    edits: list[Edit] = []
    if len(found.moved) != len(found.own):
        return None
    for one, other in zip(found.moved, found.own, strict=True):
        first, second = (script.parents.get(each.statement) for each in (one, other))
        if not isinstance(first, ast.If) or not isinstance(second, ast.If) or first.orelse or second.orelse:
            return None
        alone = second.body == [other.statement] and ast.dump(first.test) == ast.dump(second.test)
        if not alone or script.block_of(first) is not script.block_of(second):
            return None
        if first.lineno > second.lineno or _binds_between(script, first, second, other.subject):
            return None
        edits += [insert_after(one.statement, script.source(other.statement)), remove(second)]
    return Fix("Let one draw decide on both", tuple(edits)) if edits else None


def _binds_between(script: Script, first: ast.If, second: ast.If, name: str) -> bool:
    """Whether the mask is read only after the image has been changed."""
    block = script.block_of(first)
    between = block[block.index(first) + 1 : block.index(second)]
    stores = [node for each in between for node in walk(each) if isinstance(node, ast.Name)]
    return any(node.id == name and isinstance(node.ctx, ast.Store) for node in stores)


def _moved_too(script: Script, found: Unpaired) -> Fix | None:
    if any(each.pipeline is not None for each in found.moved):
        return _pipeline_too(script, found) if len(found.moved) == 1 else None
    edits: list[Edit] = []
    for each in found.moved:
        copied = for_the_mask(script, each, found.place)
        if copied is None:
            return None
        edits += copied
    return Fix("Move the mask in the same way", tuple(edits))


def _pipeline_too(script: Script, found: Unpaired) -> Fix | None:
    """The mask goes through a pipeline of its own that lacks the random steps, or through none."""
    moved = found.moved[0]
    added = missing_steps(script, found)
    if added is None:
        return None
    edits = _same_state(script, moved, added.change)
    if edits is None:
        return None
    return Fix(f"Move the mask in the same way ({', '.join(added.names)})", (*added.edits, *edits))
