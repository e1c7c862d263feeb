"""Bugs of torchvision's pipelines and of what they are given to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from planters.source import Mutation, Planter, Source, keyword, name

EVALUATION = re.compile(r"(^|_)(test|val|valid|validation|eval)(_|$)", re.IGNORECASE)
IMAGES = ("MNIST", "FashionMNIST", "KMNIST", "CIFAR10", "CIFAR100", "SVHN", "ImageFolder", "STL10", "QMNIST", "EMNIST")


def transform_order(source: Source) -> Iterator[Mutation]:
    """ToTensor and the Normalize behind it change places."""
    for steps in _pipelines(source):
        for one, other in pairwise(steps):
            if name(one) == "ToTensor" and name(other) == "Normalize":
                yield one, [source.put(one, source.of(other)), source.put(other, source.of(one))]


def missing_to_tensor(source: Source) -> Iterator[Mutation]:
    """ToTensor leaves a pipeline that stands alone or is given to a dataset of images."""
    if "DataLoader" not in source.text:
        return
    for steps in _pipelines(source):
        for index, step in enumerate(steps):
            if name(step) == "ToTensor" and len(steps) > 1:
                yield step, [source.without(steps, index)]  # type: ignore[arg-type]
    for call in source.calls(*IMAGES):
        given = keyword(call, "transform")
        if isinstance(given, ast.Call) and name(given) == "ToTensor":
            yield call, [source.without_argument(call, "transform")]


def missing_to_pil_image(source: Source) -> Iterator[Mutation]:
    for steps in _pipelines(source):
        for index, step in enumerate(steps):
            if name(step) == "ToPILImage" and len(steps) > 1:
                yield step, [source.without(steps, index)]  # type: ignore[arg-type]


def augmented_evaluation(source: Source) -> Iterator[Mutation]:
    """The test data get the training pipeline, or a flip of their own, or the train flag."""
    for call in source.calls(*IMAGES):
        given, flag = keyword(call, "transform"), keyword(call, "train")
        if not isinstance(flag, ast.Constant) or flag.value is not False or given is None:
            continue
        for other in _training_pipelines(source):
            if other != source.of(given):
                yield call, [source.put(given, other)]
    for steps in _pipelines(source):
        statement = source.statement(steps[0])
        targets = getattr(statement, "targets", [])
        if targets and isinstance(targets[0], ast.Name) and EVALUATION.search(targets[0].id):
            module = source.of(steps[0].func).rpartition(".")[0]  # type: ignore[attr-defined]
            if module and name(steps[0]) != "ToPILImage":
                yield steps[0], [source.put(steps[0], f"{module}.RandomHorizontalFlip(), {source.of(steps[0])}")]


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


def unpaired_augmentation(source: Source) -> Iterator[Mutation]:
    """Under a draw, the line that moves the mask or the boxes as the image was moved is gone."""
    for node in source.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        target = node.targets[0].id
        if not re.search(r"mask|target|box|seg|label_img|keypoint", target) or not isinstance(node.value, ast.Call):
            continue
        moves = re.search(r"flip|crop|rotate|transpose|resize", source.of(node.value), re.IGNORECASE)
        under = [x for x in source.above(node) if isinstance(x, ast.If)]
        if moves and under and re.search(r"rand", source.of(under[0].test)) and f"({target}" in source.of(node.value):
            yield node, [source.put(node, "pass")]


def channels_last_sample(source: Source) -> Iterator[Mutation]:
    """The channels are not moved to the front."""
    if "Conv2d" not in source.text:
        return
    for call in source.calls("permute", "transpose", "moveaxis"):
        order = re.sub(r"[()\s]", "", ",".join(map(source.of, call.args)))
        if order in ("2,0,1", "0,3,1,2") and isinstance(call.func, ast.Attribute):
            yield call, [source.put(call, source.of(call.func.value))]


def _pipelines(source: Source) -> Iterator[list[ast.Call]]:
    """The steps of every pipeline that is written as one list of calls."""
    for call in source.calls("Compose"):
        if call.args and isinstance(call.args[0], ast.List):
            steps = call.args[0].elts
            if steps and all(isinstance(each, ast.Call) for each in steps):
                yield steps  # type: ignore[misc]


def _training_pipelines(source: Source) -> list[str]:
    """Names of random pipelines that data with the train flag get."""
    found = []
    for call in source.calls(*IMAGES):
        given, flag = keyword(call, "transform"), keyword(call, "train")
        if isinstance(flag, ast.Constant) and flag.value is True and isinstance(given, ast.Name):
            pipeline = source.resolved(given)
            if pipeline is not None and "Random" in source.of(pipeline):
                found.append(given.id)
    return found[:1]


PLANTERS: dict[str, Planter] = {
    "transform-order": transform_order,
    "missing-to-tensor": missing_to_tensor,
    "missing-to-pil-image": missing_to_pil_image,
    "augmented-evaluation": augmented_evaluation,
    "dataloader-transform": dataloader_transform,
    "unpaired-augmentation": unpaired_augmentation,
    "channels-last-sample": channels_last_sample,
}
