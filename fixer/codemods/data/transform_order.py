"""The rule `transform-order`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, LossEffect, Safety, insert_element, remove_element, replace, rule
from fixer.facts.transforms.pipelines import Pipeline, feeds, pipelines
from fixer.facts.transforms.step_order import Disorder, all_fed, commented, disorder, in_order, moves, written_steps

if TYPE_CHECKING:
    from fixer.edits import Edit
    from fixer.facts.script import Script


@rule(
    "transform-order",
    needs=("torchvision", "ToTensor|ToImage", "Compose|Sequential"),
    safety=Safety.SAFE,
    symptom="crash",
    loss=LossEffect.EITHER,
)
def transform_order(script: Script) -> Iterator[Finding]:
    """The steps of a pipeline stand in an order in which they cannot work.

    ## What it does
    Follows every kind of sample (PIL image, array, tensor of bytes, tensor of floats) through the steps of a
    torchvision pipeline, and reports pipelines that none of them gets through, although the same steps in another order
    work: `Normalize` or `RandomErasing` before `ToTensor`, `ToTensor` twice, `RandAugment`, `RandomPosterize` and
    others that need images or bytes behind `ToTensor`, `Normalize` before the bytes have become floats.

    ## Why is this bad?
    The transforms of `torchvision.transforms` raise `TypeError` with the first sample. Those of
    `torchvision.transforms.v2` let more pass (`RandomErasing` erases in a PIL image, `ToTensor` takes tensors), but
    `Normalize` raises on PIL images and on bytes there too.

    ## What is left alone
    v2 pipelines, unless a dataset of torchvision is seen to give them PIL images. Pipelines with steps of one's own
    (`Lambda` included) before the step in question, if one kind of what they may give gets through. Flips, crops,
    `Resize` and the like behind `ToTensor`: they take tensors.

    ## Fix
    Steps that want tensors move behind `ToTensor`, steps that want images before it, a change of the type before
    `Normalize`; the second `ToTensor` goes. All other steps keep their order. None is offered where the steps are not
    elements of one list that is written in the call.

    ## References
    - [Transforms](https://docs.pytorch.org/vision/stable/transforms.html)
    """
    fed = feeds(script)
    found: dict[ast.AST, Finding] = {}
    for call in script.run.calls:
        for pipeline in pipelines(call.result):
            everywhere = fed.get(pipeline.node, [])
            given = [each for each in everywhere if each.certain]
            if pipeline.node is not call.node or (everywhere and not given):
                continue
            wrong = disorder(pipeline, all_fed(script, pipeline, given))
            finding = _finding(script, pipeline, wrong) if wrong else None
            # a pipeline inside another is seen twice: the one whose list it is can be mended
            if finding and (finding.node not in found or found[finding.node].fix is None):
                found[finding.node] = finding
    yield from found.values()


def _finding(script: Script, pipeline: Pipeline, found: Disorder) -> Finding:
    stop = found.stop
    message = f"{stop.step.name} {stop.refusal} the {stop.given.library} that it gets at this place of the pipeline"
    node = stop.step.made.node if stop.step.made else None
    return Finding(node or pipeline.node, message, _mend(script, pipeline, found))


def _mend(script: Script, pipeline: Pipeline, found: Disorder) -> Fix | None:
    elements, display = written_steps(pipeline), pipeline.display
    removed = sorted(set(range(len(elements))) - set(found.order))
    moved = moves(script, elements, found.order)
    touched = [elements[index] for index in (*removed, *moved)]
    if display is None or None in touched or (moved and None in elements):
        return None
    names = " and ".join(dict.fromkeys(pipeline.steps[index].name for index in moved or removed))
    title = f"Move {names}" if moved else f"Remove the second {names}"
    whole = in_order(script, display, found.order) if any(commented(script, each) for each in touched if each) else None
    if whole is not None:
        return Fix(title, (replace(display, whole),))
    edits: list[Edit] = [remove_element(display, each) for each in touched if each is not None]
    for index in moved:
        rest = [elements[each] for each in found.order[found.order.index(index) + 1 :] if each not in moved]
        place = display.elts.index(rest[0]) if rest and rest[0] else len(display.elts)
        node = elements[index]
        edits += [insert_element(display, place, script.source(node))] if node else []
    return Fix(title, tuple(edits))
