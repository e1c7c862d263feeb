"""The rule `batchwise-augmentation`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, LossEffect, Safety, add_import, remove, replace, rule
from fixer.facts.data.datasets import indexable
from fixer.facts.data.loaders import Draws
from fixer.facts.data.roles import trains
from fixer.facts.data.samples import structure
from fixer.facts.places.definitions import NewClasses
from fixer.facts.places.reach import evaluable_before
from fixer.facts.transforms.batch_draws import SharedDraw, shared_draws
from fixer.facts.transforms.transformed import draw_transformed

if TYPE_CHECKING:
    from fixer.facts.script import Script


@rule(
    "batchwise-augmentation",
    needs=("torchvision", "DataLoader", "Random|ColorJitter|ElasticTransform|AugMix|AutoAugment|TrivialAugmentWide"),
    safety=Safety.UNSAFE,
    symptom="batch-shares-draw",
    loss=LossEffect.EITHER,
)
def batchwise_augmentation(script: Script) -> Iterator[Finding]:
    """A random transform is applied to a whole batch, so that all of its samples share one draw.

    ## What it does
    Finds calls of torchvision's random transforms on the inputs of a batch, in a loop that trains on the batches of a
    `DataLoader`, or of what is called a loader and made out of sight.

    ## Why is this bad?
    torchvision draws once a call: either all images of the batch are flipped or none is, all are turned by the same
    angle, the same rectangle is erased from each. The augmentation is far weaker than it looks, and the gradient of a
    step is that of one variant.

    ## What is left alone
    Transforms that draw for every sample (Kornia, `MixUp`, `CutMix`, `GaussianNoise`, noise made by
    `torch.randn_like`), transforms in `Dataset.__getitem__`, calls on one sample, loaders with one sample a batch,
    several views of one batch (contrastive learning), transforms that give samples a new size, which must be the same
    for the whole batch, and evaluation.

    ## Fix
    The transform is called for each sample and the results are stacked again: the smallest change, which leaves dataset
    and loader, and whoever else uses them, as they are. Offered beside it where the loader serves training alone: the
    loader draws from a `TransformedDataset`, so that its workers do the work. Unsafe, because it changes what the model
    is trained on; calling a transform for each sample takes longer, too.

    ## References
    - [Transforms: performance considerations](https://docs.pytorch.org/vision/stable/transforms.html)
    """
    draws, wrappers, reported = Draws(script), NewClasses(script), set[ast.AST]()
    for found in shared_draws(script):
        node = found.call.node
        if node not in reported:
            reported.add(node)
            message = f"{found.name} draws once for the whole batch: all of its samples are changed in the same way"
            other = _in_dataset(script, draws, wrappers, found)
            yield Finding(node, message, _for_each(script, node), (other,) if other else ())


def _for_each(script: Script, node: ast.Call) -> Fix | None:
    if len(node.args) != 1 or isinstance(node.args[0], ast.Starred):
        return None
    image = script.names.fresh("image")
    stack = script.names.spelling("torch.stack")
    code = (
        f"{stack or 'torch.stack'}([{script.source(node.func)}({image}) for {image} in {script.source(node.args[0])}])"
    )
    imports = () if stack else (add_import("torch"),)
    return Fix("Transform sample by sample", (replace(node, code), *imports))


def _in_dataset(script: Script, draws: Draws, wrappers: NewClasses, found: SharedDraw) -> Fix | None:
    """Let the loader draw from a dataset that transforms, where nothing but training draws from the loader."""
    node, loader = found.call.node, found.loader
    if loader is None:
        return None
    written = loader.call.node
    same = [each for each in draws.roles.loaders if each.call.node is written]
    if len(same) > 1 or not all(map(trains, draws.loops(loader))) or not draws.serves_only_training(loader):
        return None
    if not indexable(loader.dataset) or not evaluable_before(script, node.func, script.statement_of(written)):
        return None
    wrapped = draw_transformed(script, wrappers, written, script.source(node.func), structure(loader.dataset))
    if wrapped is None:
        return None
    statement = script.statement_of(node)
    gone = remove(statement) if _only_transforms(statement, node) else replace(node, script.source(node.args[0]))
    return Fix(f"Draw from a dataset that transforms ({wrapped.name})", (*wrapped.edits, gone))


def _only_transforms(statement: ast.stmt, node: ast.Call) -> bool:
    """Whether the statement is `x = transform(x)`."""
    match statement, node.args[0]:
        case ast.Assign(targets=[ast.Name(id=name)], value=value), ast.Name(id=given):
            return value is node and name == given
    return False
