"""Images that reach a loader's `collate_fn` as they are, and the pipelines that they went through on the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.datasets import Loader, given_to, guarded, loaders, own_transform, sources, torchvision_dataset
from fixer.facts.data.loaders import argument, in_sight
from fixer.facts.data.samples import resolved, sample
from fixer.facts.program.values import Function, Items, Literal, Made, Mapping, Unknown, Value, join, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_changes import names
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.makers import returned
from fixer.facts.transforms.pipelines import Pipeline, pipelines
from fixer.facts.transforms.transforms import TENSORS_ONLY, Refusal, Step, apply

PICTURE = Array(Library.PIL)
_CONVERTERS = frozenset({"ToTensor", "PILToTensor", "ToImage", "ToPureTensor"})

# of tensors, and not of images
_TENSOR_METHODS = names(
    "mul div add sub mul_ div_ add_ sub_ float double half view reshape repeat expand permute unsqueeze squeeze clamp "
    "mean std sum numel flatten contiguous"
)


@dataclass(frozen=True)
class Uncollated:
    """A dataset of which `collate_fn` gets an image. `pipeline`: what the image comes out of, if anything."""

    loader: Loader
    dataset: Made
    pipeline: Pipeline | None = None
    stop: Step | None = None
    """The step of the pipeline that raises on an image, before the loader can."""
    element: int | None = None
    """Which element of a tuple the image is; None: it is the whole sample."""
    returned: ast.expr | None = None
    """How `__getitem__` writes what it returns as the image, where it does so in one place."""


def uncollated(script: Script) -> Iterator[Uncollated]:
    """Loaders with torch's own `collate_fn` over datasets whose samples are, or hold, PIL images for certain."""
    replaced = _transforms_set_later(script)
    for loader in loaders(script):
        if not _collates_by_default(loader, script) or guarded(script, loader.call):
            continue
        for dataset in sources(loader.dataset):
            if isinstance(dataset, Made) and dataset.arguments.complete and not replaced:
                if torchvision_dataset(dataset):
                    found = _of_torchvision(loader, dataset) or from_function(script, loader, dataset)
                else:
                    found = _own(loader, dataset)
                if found is not None:
                    yield found


def _collates_by_default(loader: Loader, script: Script) -> bool:
    if "transform" in loader.call.arguments.keywords:
        return False  # it raises before it collates anything
    given = argument(loader, "collate_fn")
    size = argument(loader, "batch_size")
    shown = in_sight(loader, script, "collate_fn", "batch_sampler", "transform")
    batched = not (isinstance(size, Literal) and size.value is None) or argument(loader, "batch_sampler") is not None
    return shown and batched and (given is None or (isinstance(given, Literal) and given.value is None))


def _transforms_set_later(script: Script) -> bool:
    """Whether the program gives a dataset its transform after it was made: `train_set.transform = ...`."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in ("transform", "transforms")
        and isinstance(node.ctx, ast.Store)
        and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        for node in script.parents
    )


def _of_torchvision(loader: Loader, dataset: Made) -> Uncollated | None:
    if _reads_otherwise(dataset) or "transforms" in dataset.arguments.keywords:
        return None
    own = own_transform(dataset)
    if isinstance(own, Literal) and own.value is None:
        return Uncollated(loader, dataset, element=0)
    return _behind(loader, dataset, own, PICTURE, 0)


def _reads_otherwise(dataset: Made) -> bool:
    """Whether a function out of sight reads the files, which may give something else than images."""
    given, name = dataset.arguments, torchvision_dataset(dataset)
    return name == "DatasetFolder" or (name == "ImageFolder" and given.get(3, "loader") is not None)


def _own(loader: Loader, dataset: Made) -> Uncollated | None:
    """A dataset of this file: what its `__getitem__` returns."""
    item = sample(dataset) if dataset.cls is not None else None
    if item is None:
        return None
    for place, element in _elements(item.value):
        several = [each for each in options(resolved(element)) if not _calls_none(each)]
        found = [_image(loader, dataset, each, place) for each in several]
        if (
            found
            and all(found)
            and (not isinstance(item.value, Mapping) or any(each and each.pipeline for each in found))
        ):
            return next((each for each in found if each is not None and each.pipeline), found[0])
    return None


def _elements(value: Value) -> list[tuple[int | None, Value]]:
    """The elements of a sample, with their places in a tuple; of samples that are tuples on every path, by place."""
    several = options(value)
    if len(several) > 1 and all(isinstance(each, Items) and each.complete for each in several):
        tuples = [each.items for each in several if isinstance(each, Items)]
        if len({len(each) for each in tuples}) == 1:
            return [(index, join(list(each))) for index, each in enumerate(zip(*tuples, strict=True))]
    if isinstance(value, Items):
        return list(enumerate(value.items))
    return [(None, each) for each in (value.items.values() if isinstance(value, Mapping) else [value])]


def _calls_none(value: Value) -> bool:
    """What `self.transform(image)` gives on the path that is not taken, as there is no transform."""
    return isinstance(value, Made) and isinstance(value.callee, Literal)


def _image(loader: Loader, dataset: Made, value: Value, place: int | None) -> Uncollated | None:
    if isinstance(value, Made) and len(value.arguments.positional) == 1:
        given = array(resolved(value.arguments.positional[0]))
        behind = _behind(loader, dataset, value.callee, given, place)
        if behind is not None:
            return behind
    known = array(value)
    if known is not None and known.library is Library.PIL:
        return Uncollated(loader, dataset, element=place, returned=returned(dataset, place))
    return None


def _behind(
    loader: Loader, dataset: Made, transform: Value | None, given: Array | None, place: int | None
) -> Uncollated | None:
    """An image behind a pipeline that makes no tensor of it."""
    found = list(pipelines(transform)) if transform is not None else []
    if len(found) != 1 or given is None or given.library is not Library.PIL or not found[0].steps:
        return None
    left = without_converter(found[0])
    return (
        None if left is None else Uncollated(loader, dataset, found[0], left if isinstance(left, Step) else None, place)
    )


def without_converter(pipeline: Pipeline) -> Step | Array | None:
    """The step of a pipeline without ToTensor that raises on an image, or the image that comes out; None: neither."""
    result: Array | Refusal | None = PICTURE
    for step in pipeline.steps:
        if step.name in _CONVERTERS:
            return None
        if step.name == "Lambda" and needs_tensor(step) and not _converts(pipeline):
            return step
        result = apply(step, result) if isinstance(result, Array) else None
        if isinstance(result, Refusal):
            stops = result is Refusal.RAISES and step.name in TENSORS_ONLY and not _converts(pipeline)
            return step if stops else None
    return result if isinstance(result, Array) and result.library is Library.PIL else None


def needs_tensor(step: Step) -> bool:
    """Whether the function of a `Lambda` computes with what it is given, which an image has no operators for."""
    function = step.made.arguments.get(0, "lambd") if step.made else None
    body = function.function if isinstance(function, Function) else None
    if body is None or len(body.args.args) != 1:
        return False
    name = body.args.args[0].arg

    def given(node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == name

    nodes = list(walk(body))
    if any(isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store) for each in nodes):
        return False
    for each in nodes:
        match each:
            case ast.BinOp(left=left, right=right) if given(left) or given(right):
                return True
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if given(value) and attr in _TENSOR_METHODS:
                return True
    return False


def from_function(script: Script, loader: Loader, dataset: Made) -> Uncollated | None:
    """A dataset of images with a function of this file as its transform, in which the image goes through a pipeline."""
    own = own_transform(dataset)
    body = own.function if isinstance(own, Function) else None
    if not isinstance(body, ast.FunctionDef) or len(body.args.args) != 1:
        return None
    nodes = set(walk(body))
    through = [each for each in script.run.calls if each.node in nodes and any(True for _ in pipelines(each.callee))]
    if len(through) != 1 or len(through[0].arguments.positional) != 1:
        return None
    given = through[0].arguments.positional[0]
    if not isinstance(given, Unknown) or given.hint != body.args.args[0].arg:
        return None
    found = _behind(loader, dataset, through[0].callee, PICTURE, 0)
    return found if found is not None and found.stop is not None else None


def images_refused(script: Script) -> Iterator[tuple[Pipeline, Step]]:
    """Pipelines that are called with an image, or that torchvision's datasets call, with the step that raises on it."""
    for made in script.run.objects if not _transforms_set_later(script) else ():
        own = _transform_of_images(made)
        for pipeline in pipelines(own) if own is not None and len(options(own)) == 1 else ():
            if isinstance(stop := without_converter(pipeline), Step):
                yield pipeline, stop
    for call in script.run.calls:
        for pipeline in pipelines(call.callee):
            given = call.arguments
            stop = without_converter(pipeline) if len(given.positional) == 1 else None
            if not isinstance(stop, Step) or len(options(call.callee)) > 1 or guarded(script, call):
                continue
            known = array(resolved(given.positional[0]))
            if known is not None and known.library is Library.PIL:
                yield pipeline, stop


def _transform_of_images(made: Made) -> Value | None:
    """What a dataset of torchvision applies to its images; None where it has none, or may read something else."""
    if torchvision_dataset(made) is None or not made.arguments.complete or "transforms" in made.arguments.keywords:
        return None
    return None if _reads_otherwise(made) else own_transform(made)


def used_elsewhere(script: Script, pipeline: Pipeline) -> bool:
    """Whether code out of sight, other than torchvision's datasets, gets the pipeline too: it may want images."""
    for call in given_to(script, pipeline.made):
        in_sight = call.cls is not None or isinstance(call.callee, Function)
        module, _, name = (call.dotted or "").rpartition(".")
        if not in_sight and module != "torchvision.datasets" and name != "Compose":
            return True
    return False


def _converts(pipeline: Pipeline) -> bool:
    return any(not step.name or step.name in _CONVERTERS for step in pipeline.steps)
