"""Pipelines of torchvision transforms: of which steps they consist, what they are given, and how they are repaired."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.datasets import given_to, guarded, inside_item
from fixer.facts.data.samples import resolved, sample
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Function, FunctionNode, Imported, Items, Made, Value, options, roots
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.tensors.arrays import array
from fixer.facts.transforms.transforms import TO_TENSOR, V1, V2, WRAPPERS, Refusal, Step, apply, convertible


@dataclass(frozen=True)
class Pipeline:
    """A transform, or a Compose of several. `display` is the list of the Compose where it is written out."""

    made: Made
    node: ast.Call
    steps: tuple[Step, ...]
    display: ast.List | None


def pipelines(value: Value) -> Iterator[Pipeline]:
    """The torchvision transforms that `value` may be, one for each path."""
    for each in options(value):
        if isinstance(each, Made) and isinstance(each.node, ast.Call) and _version(each):
            yield Pipeline(each, each.node, tuple(_steps(each)), _display(each))


@dataclass(frozen=True)
class Repair:
    """Steps to put in front of a pipeline and behind it. `exact`: all it rests on is known, and no value changes."""

    front: Step
    back: tuple[Step, ...]
    exact: bool


def repair(steps: tuple[Step, ...], sample: Array, image_wanted: bool | None) -> Repair | None:
    """How a pipeline that cannot use `sample` is made to (`image_wanted`: see `Feed`). None: no way is known."""
    version = next(step.version for step in steps if step.name)
    image, array_to_tensor = Step(version, "ToPILImage"), Step(V2, "ToImage")
    floats = sample.floating is True
    fronts = [image] if version == V1 else [array_to_tensor] if floats else [image, array_to_tensor]
    behind = (Step(V1, "ToTensor"),) if version == V1 else (array_to_tensor, Step(V2, "ToDtype"))
    for front in fronts:
        if front is image and convertible(sample) is False:
            continue
        result = _outcome((front, *steps), sample)
        back: tuple[Step, ...] = ()
        if _is(result, Library.PIL) and not image_wanted:
            back = behind if image_wanted is False else ()
            result = _outcome((front, *steps, *back), sample)
        if _is(result, Library.TORCH) or (image_wanted and _is(result, Library.PIL)):
            return Repair(front, back, _exact(front, steps, sample))
    return None


def works(steps: tuple[Step, ...], sample: Array) -> bool:
    """Whether the steps certainly make a tensor of `sample`."""
    return _is(_outcome(steps, sample), Library.TORCH)


def _is(result: Array | Refusal | None, library: Library) -> bool:
    return isinstance(result, Array) and result.library is library


def _exact(front: Step, steps: tuple[Step, ...], sample: Array) -> bool:
    if front.name == "ToPILImage":
        return convertible(sample) is True and sample.dtype == "uint8"
    known = sample.dtype is not None and sample.shape is not None
    return known and any(each.name in TO_TENSOR for each in steps)


def _outcome(steps: tuple[Step, ...], sample: Array) -> Array | Refusal | None:
    result: Array | Refusal | None = sample
    for step in steps:
        if not isinstance(result, Array):
            return result
        if not step.name and result.library is Library.TORCH:
            continue  # written for the tensors that the steps before it make
        result = apply(step, result)
    return result


_PRESET = re.compile(r"torchvision\.models\.(\w+\.)*\w+_Weights\.\w+\.transforms$")
"""`weights.transforms()`: resizes an image (or tensor) first, then makes the tensor that the model wants."""
_OLD_NAMES = {"Scale": "Resize", "RandomSizedCrop": "RandomResizedCrop"}
"""What transforms were called before torchvision 0.2."""

# -- how a pipeline is written -----------------------------------------------------------------------------------------


def _version(made: Made) -> str | None:
    dotted = _dotted(made)
    if _PRESET.match(dotted):
        return V1
    if dotted == "torch.nn.Sequential":
        return V1 if made.arguments.positional and all(map(_is_transform, made.arguments.positional)) else None
    module, _, name = dotted.rpartition(".")
    return module if module in (V1, V2) and name[:1].isupper() else None


def _dotted(made: Made) -> str:
    """The dotted name of its class, or of torchvision's class that it only draws otherwise for."""
    if made.cls is None or made.cls.find("forward") or made.cls.find("__call__") or made.cls.find("__init__"):
        return made.dotted or ""
    return next((each.dotted for each in made.cls.mro() if isinstance(each, Imported)), "")


def _is_transform(value: Value) -> bool:
    return isinstance(value, Made) and value.dotted != "torch.nn.Sequential" and _version(value) is not None


def _steps(made: Made) -> Iterator[Step]:
    version, name = _version(made) or "", _dotted(made).rpartition(".")[2]
    name = _OLD_NAMES.get(name, name)
    if _PRESET.match(_dotted(made)):
        yield from (Step(V1, "Resize", made), Step(V1, "", made))
        return
    parts = made.arguments.get(0, "transforms")
    if name == "Compose" or name in WRAPPERS:
        known = isinstance(parts, Items) and parts.known and not parts.grown
        inner = list(_inner(parts.items)) if isinstance(parts, Items) and known else [Step(version, "")]
        if name == "Compose":
            yield from inner
        else:
            yield Step(version, name, made, tuple(inner))
    elif name == "Sequential":
        yield from _inner(made.arguments.positional)
    else:
        yield Step(version, name, made)


def _inner(values: list[Value]) -> Iterator[Step]:
    for value in values:
        if isinstance(value, Made) and _version(value):
            yield from _steps(value)
        else:
            yield Step(V1, "", value if isinstance(value, Made) else None)


def _display(made: Made) -> ast.List | None:
    """The list of a Compose, where it stands in the call itself."""
    if (made.dotted or "").rpartition(".")[2] != "Compose" or not isinstance(made.callee, Imported):
        return None
    parts = made.arguments.get(0, "transforms")
    node = parts.node if isinstance(parts, Items) else None
    written = [*made.node.args, *(each.value for each in made.node.keywords)] if isinstance(made.node, ast.Call) else []
    return node if isinstance(node, ast.List) and node in written else None


# -- what pipelines are given ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Feed:
    """One call of a pipeline on one sample."""

    pipeline: Pipeline
    sample: Array | None
    certain: bool
    """The call is made whatever the sample is; False where its type is looked at first, or an error is awaited."""
    image_wanted: bool | None
    """Whether the program makes a tensor (or array) of the result by itself. None: it does something else with it."""


def feeds(script: Script) -> dict[ast.Call, list[Feed]]:
    """For each pipeline of the file, every call of it that is in sight, those on the samples of datasets included."""
    found: dict[ast.Call, list[Feed]] = {}
    outside = [call for call in script.run.calls if not inside_item(call)]
    groups = [outside]
    for made in script.run.objects:
        item = sample(made) if made.cls is not None and made.cls.find("__getitem__") else None
        groups.append(list(item.calls) if item else [])
    for calls in groups:
        for call in calls:
            for pipeline in pipelines(call.callee):
                known = _argument(call)
                feed = Feed(pipeline, known, not guarded(script, call), _image_wanted(call, calls))
                found.setdefault(pipeline.node, []).append(feed)
    return found


def fits(transform: Value, sample: Array | None, collated: bool) -> bool:
    """Whether nothing speaks against applying a transform to `sample` and, if `collated`, batching the results.

    A pipeline that refuses the sample, but can be repaired without doubt, fits.
    """
    for pipeline in pipelines(transform) if sample is not None else ():
        assert sample is not None
        result = _outcome(pipeline.steps, sample)
        if isinstance(result, Refusal):
            mended = repair(pipeline.steps, sample, image_wanted=False)
            if mended is None or not mended.exact:
                return False
        elif collated and _is(result, Library.PIL):
            return False
    return True


def takes_whole_samples(transform: Value) -> bool:
    """Whether a transform of this file takes the sample apart by itself: `image, label = sample`, `sample["image"]`."""
    for each in options(transform):
        parts = each.arguments.get(0, "transforms") if isinstance(each, Made) and each.cls is None else None
        if isinstance(parts, Items):
            if any(takes_whole_samples(item) for item in parts.items):
                return True
        elif _unpacks(_body(each)):
            return True
    return False


def _body(value: Value) -> FunctionNode | None:
    """What calling `value` runs."""
    if isinstance(value, Made) and value.cls is not None:
        value = value.cls.find("__call__") or value.cls.find("forward") or value
    return value.function if isinstance(value, Function) else None


def _unpacks(function: FunctionNode | None) -> bool:
    if function is None or not function.args.args:
        return False
    names = [each.arg for each in function.args.args if each.arg != "self"]

    def is_sample(node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in names[:1]

    keys = set()
    for node in walk(function):
        match node:
            case ast.Assign(targets=[ast.Tuple()], value=value) if is_sample(value):
                return True
            case ast.Subscript(value=value, slice=ast.Constant(value=key)) if is_sample(value):
                keys.add(key)
    return any(isinstance(key, str) for key in keys) or (isinstance(function, ast.Lambda) and {0, 1} <= keys)


def leaves_the_file(script: Script, pipeline: Pipeline) -> bool:
    """Whether code out of sight gets the pipeline too: then it may be given images as well."""
    for call in given_to(script, pipeline.made):
        if (
            call.cls is None
            and not isinstance(call.callee, Function)
            and (call.dotted or "").rpartition(".")[2] != "Compose"
        ):
            return True
    return False


def _argument(call: Call) -> Array | None:
    """The one thing that a pipeline is called with."""
    given = call.arguments
    if len(given.positional) != 1 or given.keywords or not given.complete:
        return None
    return array(resolved(given.positional[0]))


_TAKE_IMAGES = frozenset({"numpy.array", "numpy.asarray"}) | {
    f"{V1}.functional.{name}" for name in ("to_tensor", "pil_to_tensor")
}


def _image_wanted(call: Call, calls: list[Call]) -> bool | None:
    users = [each for each in calls if each is not call and _uses(each, call.result)]
    if not users:
        return False
    for each in users:
        first = next((pipeline.steps[0].name for pipeline in pipelines(each.callee) if pipeline.steps), "")
        if each.dotted not in _TAKE_IMAGES and first not in ("ToTensor", "ToImage", "PILToTensor"):
            return None
    return True


def _uses(call: Call, result: Value) -> bool:
    """Whether `call` is given `result`, or is a method of it."""
    receiver = [each for one in options(call.callee) for each in roots(one)]
    return result in receiver or any(result in options(each) for each in call.arguments.all())
