"""Image and mask (boxes, keypoints) of one sample: whether what moves the one moves the other in the same way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.sample_parts import Change, Part, moves
from fixer.facts.program.values import Function, Items, Literal, Made, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.transforms.augmentation import has_draw
from fixer.facts.transforms.item_changes import item_parts, parts_of
from fixer.facts.transforms.pipelines import Pipeline, pipelines
from fixer.facts.transforms.transforms import DRAWS, V1, Step

# Datasets of torchvision whose target is a place in the image; their `transform` gets the image alone.
_PLACED = {
    "VOCSegmentation": ("mask", 4),
    "VOCDetection": ("boxes", 4),
    "CocoDetection": ("boxes", 2),
    "Cityscapes": ("mask", 4),
    "SBDataset": ("mask", None),
    "WIDERFace": ("boxes", 2),
    "Kitti": ("boxes", 2),
    "OxfordIIITPet": ("mask", 4),
}


@dataclass(frozen=True, eq=False)
class Unpaired:
    """`image` is moved by `moved`; `place` is not, or by draws of its own (`own`)."""

    made: Made | None
    image: Part
    place: Part
    moved: tuple[Change, ...]
    own: tuple[Change, ...]


def unpaired(script: Script) -> Iterator[Unpaired]:
    """Datasets of this file that move the image of a sample at random, and its mask not or otherwise."""
    seen: set[ast.AST] = set()
    for made, parts in _samples(script):
        for found in _pairs(made, parts):
            node = found.moved[0].call
            if node not in seen:
                seen.add(node)
                yield found


def _samples(script: Script) -> Iterator[tuple[Made | None, list[Part]]]:
    """The parts that datasets return, and functions and transforms of the file's own that get image and mask."""
    for made in script.run.objects:
        if made.cls is not None and made.cls.find("__getitem__") is not None:
            yield made, item_parts(script, made)
        elif made.cls is not None and isinstance(method := made.cls.find("__call__"), Function):
            yield made, _given_both(script, made, method, 1)
    for function in script.run.functions:
        if function.definer is None:
            yield None, _given_both(script, None, function, 0)


def _given_both(script: Script, made: Made | None, function: Function, before: int) -> list[Part]:
    """The parts that a function returns that draws, and is given a whole sample or several parts of it."""
    body = function.function
    if not isinstance(body, ast.FunctionDef) or script.home(body) is not None or not has_draw(script, body):
        return []
    given = [each.arg for each in [*body.args.posonlyargs, *body.args.args]][before:]
    required = given[: len(given) - len(body.args.defaults)]
    return parts_of(script, made, function, required[0] if len(required) == 1 else None)


def _pairs(made: Made | None, parts: list[Part]) -> Iterator[Unpaired]:
    images = [part for part in parts if not part.spatial and part.moved]
    places = [part for part in parts if part.spatial]
    for image in images:
        for place in places:
            together = set(image.changes) & set(place.changes)
            alone = [each for each in image.moved if each not in together and not _decided(each, place.moved)]
            if together or place.unsure:
                # what else is done to the mask is out of sight, but knows nothing of a draw that is the image's own
                alone = [each for each in alone if _of_its_own(each, place, together)]
            own = [each for each in place.moved if each not in together and not _decided(each, image.moved)]
            if alone:
                yield Unpaired(made, image, place, tuple(alone), tuple(own))


def _decided(change: Change, others: list[Change]) -> bool:
    """Whether what decides on a change decides on one of `others` too: one draw, or numbers drawn together."""
    for each in (other.draw for other in others):
        if each == change.draw:
            return True
        if isinstance(each, frozenset) and isinstance(change.draw, frozenset) and each & change.draw:
            return True
    return False


def _of_its_own(change: Change, place: Part, together: set[Change]) -> bool:
    """Whether a change draws for itself, or the `if` whose test draws does nothing but change this one variable."""
    around = change.draw
    if around is change.call:  # drawn in the call
        alone = [each for each in place.changes if each not in together or change.pipeline is None]
        return all(each.known or _transforms_the_target(each.call) for each in alone)
    if not isinstance(around, ast.If) or around.orelse:
        return False
    nodes = [node for each in around.body for node in walk(each)]
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    kept = any(isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store) for node in nodes)
    inside = set(nodes)
    return stored == {change.subject} and not kept and not any(each.statement in inside for each in place.changes)


def _transforms_the_target(call: ast.expr) -> bool:
    """`self.target_transform(mask)`, which gets the mask and nothing else."""
    name = getattr(call.func, "attr", "") if isinstance(call, ast.Call) and len(call.args) == 1 else ""
    return name in ("target_transform", "mask_transform", "label_transform")


def image_only(script: Script) -> Iterator[tuple[ast.Call, Step, str]]:
    """Datasets of torchvision with masks or boxes that are given a `transform` that moves the image at random."""
    for made in script.run.objects:
        module, _, name = (made.dotted or "").rpartition(".")
        if module != "torchvision.datasets" or name not in _PLACED or not isinstance(made.node, ast.Call):
            continue
        place, position = _PLACED[name]
        transform = made.arguments.get(position, "transform")
        if name == "OxfordIIITPet" and not _segments(made.arguments.get(2, "target_types")):
            continue
        for pipeline in pipelines(transform) if transform is not None and len(options(transform)) == 1 else ():
            moving = next((step for step in pipeline.steps if moves(step)), None)
            if moving is not None:
                yield made.node, moving, place


def _segments(types: Value | None) -> bool:
    several = types.items if isinstance(types, Items) else [types]
    return any(isinstance(each, Literal) and each.value == "segmentation" for each in several)


# -- whether the same random numbers give the same change --------------------------------------------------------------


def draws_alike(one: Pipeline, other: Pipeline) -> bool:
    """Whether two pipelines, begun with the same random state, move in the same way: the first draws are the same."""
    first, second = (drawing(pipeline) for pipeline in (one, other))
    if first is None or second is None:
        return False
    count = max([at + 1 for steps in (first, second) for at, step in enumerate(steps) if moves(step)], default=0)
    pairs = list(zip(first[:count], second[:count], strict=False))
    same = all(_alike(left, right) for left, right in pairs)
    return same and len(pairs) == count


def drawing(pipeline: Pipeline) -> list[Step] | None:
    """The random steps of a pipeline; None where some draw from other streams than torch's, or nobody knows."""
    if any(
        not step.name or (step.version == V1 and step.name in ("RandomChoice", "RandomOrder", "Lambda"))
        for step in pipeline.steps
    ):
        return None
    return [step for step in pipeline.steps if step.name in DRAWS or moves(step)]


def _alike(one: Step, other: Step) -> bool:
    """The same transform with the same arguments, interpolation aside, which draws nothing."""
    return one.made is other.made or (
        one.made is not None and other.made is not None and _written(one.made) == _written(other.made)
    )


def _written(made: Made) -> tuple[object, ...]:
    node = made.node
    if not isinstance(node, ast.Call):
        return (id(made),)
    keywords = [
        (each.arg, ast.dump(each.value)) for each in node.keywords if each.arg not in ("interpolation", "antialias")
    ]
    return (made.dotted, [ast.dump(each) for each in node.args], sorted(keywords, key=str))
