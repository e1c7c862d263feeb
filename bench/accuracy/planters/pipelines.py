"""Bugs of torchvision's pipelines and of what they are given to."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from itertools import pairwise

from planters.source import IMAGES, Edit, Mutation, Planter, Source, keyword, name, pipelines

TAKE_ARRAYS = ("ToTensor", "ToImage", "Lambda")


def transform_order(source: Source) -> Iterator[Mutation]:
    """ToTensor and the Normalize behind it change places."""
    for steps in pipelines(source):
        for one, other in pairwise(steps):
            if name(one) == "ToTensor" and name(other) == "Normalize":
                yield one, [source.put(one, source.of(other)), source.put(other, source.of(one))]


def missing_to_tensor(source: Source) -> Iterator[Mutation]:
    """ToTensor leaves a pipeline that goes to a dataset, or the dataset's own method; a dataset loses a lone one."""
    if "DataLoader" not in source.text:
        return
    for steps in pipelines(source):
        for index, step in enumerate(steps):
            if name(step) == "ToTensor" and len(steps) > 1 and _handed_over(source, step):
                yield step, [source.without(steps, index)]  # type: ignore[arg-type]
    for call in source.calls(*IMAGES):
        given = keyword(call, "transform")
        if isinstance(given, ast.Call) and name(given) == "ToTensor" and _handed_over(source, call):
            yield call, [source.without_argument(call, "transform")]
    for call in source.calls("to_tensor"):
        # what other lines do with the result would tell more than what is missing
        if len(call.args) == 1 and getattr(source.function_of(call), "name", "") == "__getitem__":
            yield call, [source.put(call, source.of(call.args[0]))]


def missing_to_pil_image(source: Source) -> Iterator[Mutation]:
    """What makes an image of an array goes: the step of a pipeline, a call of its own, or reading as an image."""
    for steps in pipelines(source):
        for index, step in enumerate(steps):
            # at the end it makes a picture to look at, and ToTensor takes arrays as well
            if name(step) == "ToPILImage" and steps[index + 1 :] and name(steps[index + 1]) not in TAKE_ARRAYS:
                yield step, [source.without(steps, index)]  # type: ignore[arg-type]
    for call in source.calls("fromarray", "to_pil_image", "ToPILImage"):
        inner = call.args[0] if call.args else None
        outer = source.parents[call]
        if name(call) == "ToPILImage" and isinstance(outer, ast.Call) and outer.func is call and outer.args:
            call, inner = outer, outer.args[0]
        if inner is not None and _goes_through_images(source, call):
            yield call, [source.put(call, source.of(inner))]
    numpy = next((x for x, dotted in source.imported.items() if dotted == "numpy"), None)
    for call in source.nodes:
        if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
            continue
        if _for_images(source, call) and _is_opened(source, call.args[0]):
            edits = [source.put(call.args[0], f"{numpy or 'np'}.array({source.of(call.args[0])})")]
            yield call, edits if numpy else [*edits, _import_numpy(source)]


def dataloader_transform(source: Source) -> Iterator[Mutation]:
    """The dataset's transform is given to its loader instead."""
    for loader in source.calls("DataLoader"):
        dotted = source.dotted(loader.func)
        if dotted and not dotted.startswith("torch."):
            continue  # other libraries have loaders of that name, with arguments of their own
        given = loader.args[0] if loader.args else keyword(loader, "dataset")
        data = source.resolved(given)
        if isinstance(data, ast.Call) and (pipeline := keyword(data, "transform")) is not None:
            last = max([*loader.args, *loader.keywords], key=source.span)
            if any(each is data for each in ast.walk(loader)) and last is data:
                continue
            edits = [
                source.without_argument(data, "transform"),
                source.behind(last, f", transform={source.of(pipeline)}"),
            ]
            yield loader, edits


def _handed_over(source: Source, step: ast.Call) -> bool:
    """Whether what the statement around a step binds is an argument of some call, or the step stands in such a call."""
    statement = source.statement(step)
    calls = [x for x in source.above(step) if isinstance(x, ast.Call) and name(x) not in ("Compose", *IMAGES)]
    if calls:
        return True
    if isinstance(statement, ast.Return):
        return True
    function = getattr(source.function_of(step), "name", None)
    for call in (x for x in source.nodes if function and isinstance(x, ast.Call)):
        if any(source.of(each) == function for each in [*call.args, *(x.value for x in call.keywords)]):
            return True  # the function is the transform
    if not isinstance(statement, ast.Assign):
        return False
    target = source.of(statement.targets[0])
    last = _bound_anew(source, statement)
    for call in (x for x in source.nodes if isinstance(x, ast.Call) and name(x) not in ("len", "print", "Compose")):
        if call.lineno <= last and any(
            source.of(each) == target for each in [*call.args, *(x.value for x in call.keywords)]
        ):
            return True
        if isinstance(statement.value, ast.Dict) and any(target in source.of(x.value) for x in call.keywords):
            return True
    return any(isinstance(x, ast.Return) and x.value and target in source.of(x.value) for x in source.nodes)


def _bound_anew(source: Source, statement: ast.Assign) -> int:
    """The line of the next statement of the same block that binds the same name to something else."""
    block = next((each for each in source.blocks if statement in each), [])
    target = source.of(statement.targets[0])
    later = [
        each.lineno
        for each in block
        if isinstance(each, ast.Assign) and each.lineno > statement.lineno and source.of(each.targets[0]) == target
    ]
    return min(later, default=sys.maxsize)


def _goes_through_images(source: Source, image: ast.expr) -> bool:
    """Whether nothing happens to the image in its function but that it goes to a pipeline for images."""
    function = source.function_of(image)
    if not isinstance(function, ast.FunctionDef):
        return False
    holder, statement = source.parents[image], source.statement(image)
    if isinstance(holder, ast.Call) and _for_images(source, holder):
        return True
    if not isinstance(statement, ast.Assign) or statement.value is not image:
        return False
    target = source.of(statement.targets[0])
    # straight into it: what is done to an image in between is not done to an array
    uses = [x for x in ast.walk(function) if isinstance(x, ast.Name) and x.id == target and isinstance(x.ctx, ast.Load)]
    later = [x for x in uses if x.lineno > statement.lineno]
    return bool(later) and all(isinstance(up := source.parents[x], ast.Call) and _for_images(source, up) for x in later)


def _for_images(source: Source, call: ast.Call) -> bool:
    """Whether it calls a pipeline that the file writes for images; one that is given from outside, like all it has."""
    if "transform" not in source.of(call.func) or name(call) in ("Compose", "ToTensor", "Lambda"):
        return False
    written = list(pipelines(source))
    attribute = source.of(call.func)
    own = [x.value for x in source.nodes if isinstance(x, ast.Assign) and source.of(x.targets[0]) == attribute]
    steps = [each for each in written if any(each[0] in ast.walk(value) for value in own)] or written
    return bool(steps) and not any(
        name(each[0]) in ("ToTensor", "ToPILImage", "ToImage", "Lambda", "PILToTensor") for each in steps
    )


def _is_opened(source: Source, image: ast.expr) -> bool:
    """Whether an image is read from a file by PIL right here, or by the assignments before in the same function."""
    for _ in range(4):
        opened = [x for x in ast.walk(image) if isinstance(x, ast.Call)]
        if any(source.dotted(x.func) == "PIL.Image.open" for x in opened):
            return not any(name(x) in ("array", "asarray") for x in opened)
        names = [x.id for x in ast.walk(image) if isinstance(x, ast.Name)]
        function = source.function_of(image)
        found = [
            x.value
            for x in ast.walk(function)
            if isinstance(x, ast.Assign) and x.lineno < image.lineno and source.of(x.targets[0]) in names
        ]
        if not found or not isinstance(image, ast.Name | ast.Call):
            return False
        image = found[-1]
    return False


def _import_numpy(source: Source) -> Edit:
    first = next(
        x for x in source.tree.body if isinstance(x, ast.Import | ast.ImportFrom) and "__future__" not in source.of(x)
    )
    return source.before(first, "import numpy as np")


PLANTERS: dict[str, Planter] = {
    "transform-order": transform_order,
    "missing-to-tensor": missing_to_tensor,
    "missing-to-pil-image": missing_to_pil_image,
    "dataloader-transform": dataloader_transform,
}
