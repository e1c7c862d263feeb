"""Bugs of the order of dimensions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.passing import takers
from planters.source import Mutation, Planter, Source, is_int

CHANNELS = (1, 3, 4)


def channels_last_sample(source: Source) -> Iterator[Mutation]:
    """Images with the channels last go to a convolution.

    What is read or converted is not permuted any more; what is made with literal sizes gets them in the other order.
    Feature maps that a model permutes on its way are no samples.
    """
    if "Conv2d" not in source.text:
        return
    for call in source.calls("permute", "transpose", "moveaxis"):
        order = re.sub(r"[()\s]", "", ",".join(map(source.of, call.args)))
        if order in ("2,0,1", "0,3,1,2") and isinstance(call.func, ast.Attribute) and _is_image(source, call):
            yield call, [source.put(call, source.of(call.func.value))]
    for call in source.calls("randn", "rand", "zeros", "ones", "FloatTensor", "Tensor"):
        sizes = call.args[0].elts if len(call.args) == 1 and isinstance(call.args[0], ast.Tuple) else call.args
        if len(sizes) != 4 or not all(map(is_int, sizes[1:])):
            continue
        channels, rows, columns = (each.value for each in sizes[1:])  # type: ignore[attr-defined]
        if channels in CHANNELS and channels < min(rows, columns) and "layer" in takers(source, call):
            texts = map(str, (rows, columns, channels))
            yield call, [source.put(size, text) for size, text in zip(sizes[1:], texts, strict=True)]


def _is_image(source: Source, call: ast.Call) -> bool:
    """Whether what is permuted is an image that was read or converted in the same function, and goes to a layer."""
    function = next((x for x in source.above(call) if isinstance(x, ast.FunctionDef)), source.tree)
    read = re.search(r"np\.(array|asarray)\(|imread|Image\.open|from_numpy|\.render\(", _text(source, function))
    return read is not None and not _within_module(source, call)


def _text(source: Source, node: ast.AST) -> str:
    return source.text if isinstance(node, ast.Module) else source.of(node)


def _within_module(source: Source, node: ast.AST) -> bool:
    """Whether it stands in a class with a `forward`."""
    classes = [x for x in source.above(node) if isinstance(x, ast.ClassDef)]
    return any(getattr(each, "name", "") == "forward" for cls in classes for each in cls.body)


PLANTERS: dict[str, Planter] = {"channels-last-sample": channels_last_sample}
