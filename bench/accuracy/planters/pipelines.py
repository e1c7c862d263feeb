"""Bugs of torchvision's pipelines and of what they are given to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from planters.source import IMAGES, Edit, Mutation, Planter, Source, keyword, name, pipelines


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
            if name(step) == "ToPILImage" and len(steps) > 1:
                yield step, [source.without(steps, index)]  # type: ignore[arg-type]
    for call in source.calls("fromarray", "to_pil_image", "ToPILImage"):
        inner = call.args[0] if call.args else None
        outer = source.parents[call]
        if name(call) == "ToPILImage" and isinstance(outer, ast.Call) and outer.func is call and outer.args:
            call, inner = outer, outer.args[0]
        if inner is not None and _goes_through_images(source, call):
            yield call, [source.put(call, source.of(inner))]
    for call in source.calls("open"):
        if source.dotted(call.func) not in ("PIL.Image.open", "Image.open"):
            continue
        image = call
        while isinstance(up := source.parents[image], ast.Attribute) and up.attr == "convert":
            image = source.parents[up]  # type: ignore[assignment]
        if _goes_through_images(source, image):
            numpy = next((x for x, dotted in source.imported.items() if dotted == "numpy"), None)
            edits = [source.put(image, f"{numpy or 'np'}.array({source.of(image)})")]
            yield image, edits if numpy else [*edits, _import_numpy(source)]


def dataloader_transform(source: Source) -> Iterator[Mutation]:
    """The dataset's transform is given to its loader instead."""
    if "torch_geometric" in source.text:
        return  # it has a DataLoader of its own
    for loader in source.calls("DataLoader"):
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


def channels_last_sample(source: Source) -> Iterator[Mutation]:
    """The channels are not moved to the front."""
    if "Conv2d" not in source.text:
        return
    for call in source.calls("permute", "transpose", "moveaxis"):
        order = re.sub(r"[()\s]", "", ",".join(map(source.of, call.args)))
        if order in ("2,0,1", "0,3,1,2") and isinstance(call.func, ast.Attribute):
            yield call, [source.put(call, source.of(call.func.value))]


def _handed_over(source: Source, step: ast.Call) -> bool:
    """Whether what the statement around a step binds is an argument of some call, or the step stands in such a call."""
    statement = source.statement(step)
    calls = [x for x in source.above(step) if isinstance(x, ast.Call) and name(x) not in ("Compose", *IMAGES)]
    if calls:
        return True
    if isinstance(statement, ast.Return):
        return True
    if not isinstance(statement, ast.Assign):
        return False
    target = source.of(statement.targets[0])
    for call in (x for x in source.nodes if isinstance(x, ast.Call) and name(x) not in ("len", "print", "Compose")):
        if any(source.of(each) == target for each in [*call.args, *(x.value for x in call.keywords)]):
            return True
        if isinstance(statement.value, ast.Dict) and any(target in source.of(x.value) for x in call.keywords):
            return True
    return any(isinstance(x, ast.Return) and x.value and target in source.of(x.value) for x in source.nodes)


def _goes_through_images(source: Source, image: ast.expr) -> bool:
    """Whether the image goes to a pipeline of the file in the same function, and all of them are made for images."""
    written = list(pipelines(source))
    if not written or any(name(steps[0]) in ("ToTensor", "ToPILImage", "ToImage", "Lambda") for steps in written):
        return False
    function = source.function_of(image)
    if not isinstance(function, ast.FunctionDef):
        return False
    holder, statement = source.parents[image], source.statement(image)
    if isinstance(holder, ast.Call) and "transform" in source.of(holder.func):
        return True
    if not isinstance(statement, ast.Assign) or statement.value is not image:
        return False
    target = source.of(statement.targets[0])
    # straight into it: what is done to an image in between is not done to an array
    uses = [x for x in ast.walk(function) if isinstance(x, ast.Name) and x.id == target and isinstance(x.ctx, ast.Load)]
    later = [x for x in uses if x.lineno > statement.lineno]
    return bool(later) and all(
        isinstance(up := source.parents[x], ast.Call) and "transform" in source.of(up.func) for x in later
    )


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
    "channels-last-sample": channels_last_sample,
}
