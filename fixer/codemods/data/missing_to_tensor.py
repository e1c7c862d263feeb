"""The rule `missing-to-tensor`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, Safety, add_import, insert_element, replace, rule, set_keyword, wrap
from fixer.facts.data.collated import Uncollated, images_refused, uncollated, used_elsewhere
from fixer.facts.data.datasets import own_transform
from fixer.facts.places.spelling import Spelling, beside
from fixer.facts.program.values import Literal
from fixer.facts.transforms.pipelines import Pipeline, feeds
from fixer.facts.transforms.transforms import V1, V2, Step

if TYPE_CHECKING:
    from fixer.edits import Edit
    from fixer.facts.script import Script

_V2 = (("ToImage", ""), ("ToDtype", "torch.float32, scale=True"))


@rule(
    "missing-to-tensor",
    needs=("DataLoader", "torchvision|PIL"),
    safety=Safety.SAFE,
    symptom="crash",
)
def missing_to_tensor(script: Script) -> Iterator[Finding]:
    """A loader is to make batches of PIL images, which nothing turns into tensors.

    ## What it does
    Looks at what the dataset of a `DataLoader` yields: a torchvision dataset without a transform, one whose pipeline
    has no step that makes a tensor, or a `Dataset` of the file whose `__getitem__` returns an image. Also at pipelines
    that are called with a PIL image and have a step that wants a tensor.

    ## Why is this bad?
    The default `collate_fn` makes batches of tensors, arrays, numbers, strings, and of tuples and dicts of these. With
    the first batch of images it raises `TypeError: default_collate: batch must contain tensors, numpy arrays, numbers,
    dicts or lists; found <class 'PIL.Image.Image'>`. `Normalize` and `RandomErasing` raise on an image even before.

    ## What is left alone
    Loaders with a `collate_fn` of their own; datasets that are given their transform after they were made; datasets
    from which nothing is loaded in batches; arrays, which collate into tensors; pipelines with steps of one's own,
    which may make the tensor, unless that is a `Lambda` that computes with the image as only tensors let it.

    ## Fix
    `ToTensor()` goes to the end of the pipeline, or before the step that wants a tensor; a single transform becomes a
    `Compose`; a dataset that takes a transform and has none is given it. Where `__getitem__` has no pipeline, what it
    returns goes through `to_tensor`. None is offered where the program uses the images of the same pipeline elsewhere.

    ## References
    - [ToTensor](https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ToTensor.html)
    - [default_collate](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate)
    """
    reported: set[ast.AST] = set()
    for found in uncollated(script):
        finding = _finding(script, found)
        if finding is not None and finding.node not in reported:
            reported.add(finding.node)
            yield finding
    for pipeline, step in images_refused(script):
        finding = _stopped(script, pipeline, step)
        if finding is not None and finding.node not in reported:
            reported.add(finding.node)
            yield finding


def _finding(script: Script, found: Uncollated) -> Finding | None:
    if found.pipeline is not None:
        return _in_pipeline(script, found, found.pipeline)
    message = "the loader cannot make batches of the PIL images that this {}: nothing makes tensors of them"
    own = own_transform(found.dataset)
    if isinstance(own, Literal) and own.value is None:
        node = found.dataset.node
        return Finding(node, message.format("dataset yields"), _given(script, node, own)) if node else None
    if found.returned is None:
        return None
    return Finding(found.returned, message.format("method returns"), _converted(script, found.returned))


def _given(script: Script, node: ast.AST, own: Literal) -> Fix | None:
    """A transform for a dataset that takes one."""
    code = _spelled(script, f"{V1}.ToTensor")
    if code is None or not isinstance(node, ast.Call):
        return None
    title = f"Give the dataset {code.code}()"
    if own.node in node.args and isinstance(own.node, ast.expr):
        return Fix(title, (replace(own.node, f"{code.code}()"), *code.imports))
    return Fix(title, (set_keyword(node, "transform", f"{code.code}()"), *code.imports))


def _converted(script: Script, returned: ast.expr) -> Fix | None:
    code = _spelled(script, f"{V1}.functional.to_tensor")
    return Fix("Make a tensor of the image", (wrap(returned, f"{code.code}({{}})"), *code.imports)) if code else None


def _spelled(script: Script, dotted: str) -> Spelling | None:
    known = script.names.spelling(dotted)
    if known is not None:
        return Spelling(known)
    module, _, name = dotted.rpartition(".")
    return None if name in script.names.bound else Spelling(name, (add_import(module, name),))


# -- a pipeline without ToTensor ---------------------------------------------------------------------------------------


def _in_pipeline(script: Script, found: Uncollated, pipeline: Pipeline) -> Finding | None:
    if found.stop is not None:
        return _stopped(script, pipeline, found.stop)
    last = pipeline.steps[-1].made
    if last is None or not isinstance(last.node, ast.Call):
        return None
    message = "the loader cannot make batches of the PIL images that this pipeline ends with: it has no ToTensor"
    return Finding(last.node, message, _extended(script, pipeline, last.node, at_end=True))


def _stopped(script: Script, pipeline: Pipeline, step: Step) -> Finding | None:
    node = step.made.node if step.made else None
    if not isinstance(node, ast.Call):
        return None
    message = f"{step.name} takes tensors only and is given a PIL image: this pipeline has no ToTensor"
    return Finding(node, message, _extended(script, pipeline, node, at_end=False))


def _extended(script: Script, pipeline: Pipeline, node: ast.Call, at_end: bool) -> Fix | None:
    wanted = feeds(script).get(pipeline.node, [])
    if used_elsewhere(script, pipeline) or any(each.image_wanted is not False for each in wanted):
        return None
    version = pipeline.steps[0].version
    steps = (("ToTensor", ""),) if version == V1 else _V2
    if version == V2 and script.names.spelling("torch") != "torch":
        return None
    names = [name for name, _ in steps]
    lone = pipeline.display is None
    if lone and (pipeline.made.dotted or "").endswith(("Compose", "Sequential")):
        return None  # the list of steps is written somewhere else
    written = [beside(script, pipeline.node.func, f"{version}.{each}") for each in [*names, *["Compose"] * lone]]
    codes = [each.code for each in written if each is not None]
    if len(codes) != len(written):
        return None
    calls = [f"{code}({given})" for code, (_, given) in zip(codes, steps, strict=False)]
    imports = [edit for each in written if each is not None for edit in each.imports]
    edits = _placed(pipeline, node, codes[-1], calls, at_end)
    return (
        Fix(f"Put {' and '.join(names)} {'at the end' if at_end else 'before it'}", (*edits, *imports))
        if edits
        else None
    )


def _placed(pipeline: Pipeline, node: ast.Call, compose: str, calls: list[str], at_end: bool) -> list[Edit]:
    display = pipeline.display
    if display is None:
        return [wrap(pipeline.node, f"{compose}([{{}}, {', '.join(calls)}])")] if at_end else []
    if not at_end and node not in display.elts:
        return []
    index = len(display.elts) if at_end else display.elts.index(node)
    return [insert_element(display, index, call) for call in calls]
