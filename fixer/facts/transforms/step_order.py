"""The order of the steps in a pipeline: where it defeats itself, and in which order the same steps work."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from fixer.facts.data.datasets import given_to, own_transform, torchvision_dataset
from fixer.facts.program.values import Items, Made
from fixer.facts.program.walk import lines_of
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.transforms.pipelines import Feed, Pipeline
from fixer.facts.transforms.transforms import BYTES, CONVERTS, TENSORS_ONLY, TO_TENSOR, V1, V2, Refusal, Step, apply

PICTURE = Array(Library.PIL)
_ANYTHING = (
    PICTURE,
    *(Array(each, dtype) for each in (Library.NUMPY, Library.TORCH) for dtype in ("uint8", "float32")),
)
_WANTS_TENSORS = TENSORS_ONLY | CONVERTS


@dataclass(frozen=True)
class Stop:
    """The step at which a pipeline fails, and what that step is given."""

    step: Step
    given: Array
    refusal: Refusal


@dataclass(frozen=True)
class Disorder:
    """A pipeline that cannot work in the order it has. `order`: steps by their old positions; one may be missing."""

    stop: Stop
    order: tuple[int, ...]


def disorder(pipeline: Pipeline, fed: Iterable[Array | None]) -> Disorder | None:
    """Whether the order of its steps is what is wrong with a pipeline that is given `fed`.

    The transforms of v1 are judged by themselves: no kind of sample must get through. Those of v2 let pass what they do
    not know, so that it must be certain that they get PIL images.
    """
    fed, steps = list(fed), pipeline.steps
    if any(step.version == V2 for step in steps) and (not fed or any(each != PICTURE for each in fed)):
        return None
    if any(step.version == V1 for step in steps) and not all(_stops(steps, sample) for sample in _ANYTHING):
        return None
    stop = _stops(steps, PICTURE)
    order = _ordered(steps)
    if stop is None or order is None or order == tuple(range(len(steps))):
        return None
    mended = tuple(steps[index] for index in order)
    tensors = [each for each in fed if each is not None and each.library is Library.TORCH]
    return Disorder(stop, order) if all(_makes_tensor(mended, each) for each in (PICTURE, *tensors)) else None


def pictures_fed(script: Script, pipeline: Pipeline) -> list[Array | None]:
    """What those are known to give a pipeline that get it as an argument: torchvision's datasets give PIL images."""
    found: list[Array | None] = []
    for call in given_to(script, pipeline.made):
        made = call.result
        if isinstance(made, Made) and torchvision_dataset(made) not in (None, "DatasetFolder"):
            found.append(PICTURE if own_transform(made) is pipeline.made else None)
        elif call.cls is None:
            found.append(None)
    return found


def all_fed(script: Script, pipeline: Pipeline, feeds: list[Feed]) -> list[Array | None]:
    return [*[feed.sample for feed in feeds], *pictures_fed(script, pipeline)]


def _stops(steps: Iterable[Step], sample: Array) -> Stop | None:
    """Where the steps fail on `sample`; None where they do not, or where nobody knows."""
    steps = tuple(steps)
    for index, step in enumerate(steps):
        result = apply(step, sample)
        if result is Refusal.IGNORES and step.name in CONVERTS:
            continue  # an image stays an image; what comes behind it shows whether that matters
        if isinstance(result, Refusal):
            return Stop(step, sample, result)
        if result is None:
            # a step of somebody's own may give anything: what comes behind it has to fail on all of that
            found = [_stops(steps[index + 1 :], each) for each in _ANYTHING] if step.version == V1 else [None]
            return found[0] if None not in found else None
        sample = result
    return None


def _makes_tensor(steps: Iterable[Step], sample: Array) -> bool:
    for step in steps:
        result = apply(step, sample)
        if result is None and sample.library is Library.TORCH:
            return True  # a step of somebody's own behind it has got what it stands behind
        if result is None and sample == PICTURE:
            continue  # a change of images, as it stands before what makes tensors of them
        if not isinstance(result, Array):
            return False
        sample = result
    return sample.library is Library.TORCH


def _ordered(steps: tuple[Step, ...]) -> tuple[int, ...] | None:
    """The order that the kinds of the steps ask for: images first, then the tensor, then what wants tensors."""
    positions = range(len(steps))
    converters = [index for index in positions if steps[index].name in TO_TENSOR]
    if not converters or any(steps[index].name == "ToPILImage" for index in positions[1:]):
        return None
    # ToTensor behind ToImage or PILToTensor is refused, but it is the one that scales
    converter = converters[0] if all(_same(steps[converters[0]], steps[each]) for each in converters) else -1
    if converter < 0:
        return None
    bytes_only = [index for index in positions if _needs_bytes(steps[index]) and index > converter]
    border = max([converter, *bytes_only])
    early = [index for index in positions if index <= border and index not in converters]
    images = [index for index in early if steps[index].name not in _WANTS_TENSORS]
    moved = [index for index in early if steps[index].name in _WANTS_TENSORS]
    late = [index for index in positions if index > border and index not in converters]
    return (*images, converter, *_typed_first(steps, [*moved, *late]))


def _typed_first(steps: tuple[Step, ...], order: list[int]) -> list[int]:
    """Normalize wants floats: a change of the type that stands behind it goes before it."""
    normalize = next((at for at, index in enumerate(order) if steps[index].name == "Normalize"), None)
    types = [index for at, index in enumerate(order) if steps[index].name in CONVERTS and at > (normalize or 0)]
    if normalize is None or not types:
        return order
    rest = [index for index in order if index not in types[:1]]
    return [*rest[:normalize], types[0], *rest[normalize:]]


def _same(one: Step, other: Step) -> bool:
    return (one.version, one.name) == (other.version, other.name)


def _needs_bytes(step: Step) -> bool:
    return step.version == V1 and (step.name in BYTES or any(map(_needs_bytes, step.inner)))


def written_steps(pipeline: Pipeline) -> list[ast.expr | None]:
    """The element of the written list that is a step, for each of the steps; None for those from somewhere else."""
    parts = pipeline.made.arguments.get(0, "transforms")
    values = parts.items if isinstance(parts, Items) and pipeline.display is not None else []
    elements = pipeline.display.elts if pipeline.display is not None else []
    if len(values) != len(elements):
        return [None] * len(pipeline.steps)
    by_value = {id(value): element for value, element in zip(values, elements, strict=True)}
    return [by_value.get(id(step.made)) for step in pipeline.steps]


def moves(script: Script, elements: list[ast.expr | None], order: tuple[int, ...]) -> list[int]:
    """The fewest elements whose move gives `order`, those without comments first."""
    best: list[tuple[float, list[int]]] = []
    for at, index in enumerate(order):
        weight = 1.5 if (node := elements[index]) is not None and commented(script, node) else 1.0
        before = [best[other] for other in range(at) if order[other] < index]
        kept, chain = max(before, key=lambda each: each[0], default=(0.0, []))
        best.append((kept + weight, [*chain, index]))
    stay = max(best, key=lambda each: each[0], default=(0.0, []))[1]
    return [index for index in order if index not in stay]


def commented(script: Script, node: ast.expr) -> bool:
    """Whether a comment belongs to an element of a list: behind it on its line, or alone on the line above."""
    lines = _lines(script)
    behind = _cut(lines[(node.end_lineno or node.lineno) - 1], node.end_col_offset)[1]
    above = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
    return "#" in behind or above.startswith("#")


def in_order(script: Script, display: ast.List, order: tuple[int, ...]) -> str | None:
    """The text of a list with its elements in another order, comments with them; None where they share lines."""
    lines, end = _lines(script), display.end_lineno or display.lineno
    opening = _cut(lines[display.lineno - 1], display.col_offset)[1].rstrip()
    chunks, start = [], display.lineno + 1
    for node in display.elts:
        last = node.end_lineno or node.lineno
        if node.lineno < start:
            return None
        code, behind = _cut(lines[last - 1], node.end_col_offset)
        comment = behind.lstrip(", ").rstrip()
        chunks.append([*lines[start - 1 : last - 1], f"{code},{comment and '  ' + comment}"])
        start = last + 1
    if end < start or opening != "[":
        return None
    statement = script.statement_of(display)
    margin = lines[statement.lineno - 1][: statement.col_offset]  # comes back where the text lands
    closing = [*lines[start - 1 : end - 1], _cut(lines[end - 1], display.end_col_offset)[0]]
    body = [line for index in order for line in chunks[index]] + closing
    return "\n".join(["[", *[line.removeprefix(margin) for line in body]])


def _lines(script: Script) -> list[str]:
    return [line.rstrip("\r\n") for line in lines_of(script.text)]


def _cut(line: str, column: int | None) -> tuple[str, str]:
    """A line in two, at a column of the syntax tree, which counts bytes."""
    data = line.encode()
    return data[:column].decode(), data[column:].decode()
