"""zip-of-shuffled-loaders: inputs and targets are shuffled apart from each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer import Finding, Fix, Safety, rule
from fixer.facts.data.loader_merge import one_loader
from fixer.facts.data.loaders import argument, plain, switch
from fixer.facts.data.zipped import Zipped, zipped
from fixer.facts.program.training import EventKind, events
from fixer.facts.script import Script


@rule(
    "zip-of-shuffled-loaders",
    needs=("DataLoader", "zip", "shuffle"),
    safety=Safety.UNSAFE,
    symptom="misaligned-pairs",
)
def zip_of_shuffled_loaders(script: Script) -> Iterator[Finding]:
    """Inputs and targets come from two loaders that are shuffled apart.

    ## What it does
    Finds loops over `zip(loader, other_loader)` where a model is fed what one loader gives, and a loss compares its
    output, sample by sample, with what the other one gives, while one of the two shuffles, or both do.

    ## Why is this bad?
    Each loader draws an order of its own, so every input is trained against the target of another sample. Shapes and
    types are right, and the loss falls to that of the best constant answer. Generators with equal seeds help in the
    first epoch only: `zip` stops at the end of the first loader, which by then has drawn once more than the second.

    ## What is left alone
    Pairs that no loss compares: labelled and unlabelled data, source and target domains, contents and styles, real and
    generated. Loaders over one dataset or over data of different lengths, samplers, `shuffle` that is not written out,
    generators that are seeded again for each epoch.

    ## Fix
    One loader draws both, with the settings of the inputs' loader: over a `TensorDataset` where both are tensors, else
    over a `StackDataset` (torch 2.1 and newer), whose batches have the form that the loop expects. Unsafe: the loaders
    may have had different settings.

    ## References
    - [torch.utils.data.TensorDataset](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset)
    - [torch.utils.data.StackDataset](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.StackDataset)
    """
    every = list(zipped(script))
    pairs = [each for each in every if _shuffled_apart(script, each)]
    reported: set[ast.AST] = set()
    for found in pairs:
        if found.node in reported:
            continue
        same = [each for each in pairs if (each.inputs, each.targets) == (found.inputs, found.targets)]
        zips = list({each.node: each for each in same}.values())
        reported |= {each.node for each in zips}
        shared = any(each.node in {one.node for one in zips} and each not in same for each in every)
        edits = None if shared else one_loader(script, found, zips)
        message = "the inputs of this loop are shuffled by one loader, their targets by another"
        if switch(found.inputs, "shuffle") is not switch(found.targets, "shuffle"):
            which = ("inputs", "targets") if switch(found.inputs, "shuffle") else ("targets", "inputs")
            message = f"the {which[0]} of this loop are shuffled, the {which[1]} that belong to them are not"
        yield Finding(found.node, message, Fix("Draw both from one loader", edits) if edits else None)


def _shuffled_apart(script: Script, found: Zipped) -> bool:
    switches = [switch(each, "shuffle") for each in (found.inputs, found.targets)]
    if None in switches or True not in switches or not (plain(found.inputs, script) and plain(found.targets, script)):
        return False
    seeded = all(argument(each, "generator") is not None for each in (found.inputs, found.targets))
    return not seeded or (found.outer is not None and not _seeds(found))


def _seeds(found: Zipped) -> bool:
    """Whether the loop of epochs seeds something: generators may agree then."""
    calls = [each.node for each in events(found.outer, EventKind.CALL)] if found.outer else []
    names = [getattr(node.func, "attr", getattr(node.func, "id", "")) for node in calls if isinstance(node, ast.Call)]
    return any("seed" in name or name == "set_state" for name in names)
