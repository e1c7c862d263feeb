"""unbatched-training."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, add_import, insert_before, replace, rule
from fixer.edits import Edit
from fixer.facts.loops.row_functions import rows_apart
from fixer.facts.loops.sample_loops import SampleLoop, sample_loops
from fixer.facts.modules.stack_flow import stacks
from fixer.facts.modules.stacks import Role
from fixer.facts.program.values import Function, Made, Value
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Array
from fixer.facts.tensors.arrays import array

_ON_PURPOSE = re.compile(
    r"online|one[ -](sample|example|pattern|row)|sample[ -]by|per[ -]sample|batch[ _-]?size *(=|of) *(1|one)\b|"
    # but not what a comment above torch's optimizer calls that
    r"stochastic(?! gradient descent\b[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[^\n]*\boptim(?:i[sz]er\s*=|\.))|"
    r"perceptron|hebb|influence|privacy|meta|incremental|streaming"
)
_ELEMENTWISE = frozenset({"clamp", "clamp_min", "clamp_max", "abs", "exp", "log", "square", "sin", "cos", "erf"})
_FEWEST_ROWS = 64
_BATCH = 32
_DATA = "torch.utils.data"


@rule(
    "unbatched-training",
    needs=("torch", "backward", "step", "range(|zip("),
    safety=Safety.SUGGESTION,
    loss=LossEffect.EITHER,
)
def unbatched_training(script: Script) -> Iterator[Finding]:
    """The loop trains on one sample at a time, though all of them lie in memory.

    ## What it does
    Reports loops that take one row of two tensors after the other (`for i in range(len(X))`, `zip(X, y)`), give it to a
    model (or to a function of the file that multiplies it with weights), and step.

    ## Why is this bad?
    Each step pays the whole cost of Python and of the optimizer for one row; a batch of 32 costs hardly more. The
    gradient of one sample is noisy, and the rows come in the same order in every epoch.

    ## What is left alone
    Fewer than 64 rows, programs that say that they learn online or sample by sample, lists (their samples may be of
    different lengths), models that do anything but layers and activations, loops that use the sample for more than the
    loss, or the output for more than that and for printing, keeping or counting, and whatever cannot be followed.

    ## Fix
    None is made: a step on a batch is another step, for which the learning rate may have to be chosen anew. The editor
    offers a `DataLoader` over a `TensorDataset` with batches of 32 in place of the loop's header.

    ## References
    - [torch.utils.data.DataLoader](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader)
    """
    if _ON_PURPOSE.search(script.lowered):
        return
    for loop in sample_loops(script):
        targets = _batched_targets(script, loop)
        few = loop.rows is not None and loop.rows < _FEWEST_ROWS
        if few or not _works_on_batches(script, loop.model):
            continue
        counted = "one sample" if loop.rows is None else f"one of {loop.rows} samples"
        message = f"each step of this loop is on {counted}; a DataLoader gives batches of them"
        alternatives = (_batches(script, loop, targets),) if targets is not None and not loop.logged else ()
        yield Finding(loop.node, message, alternatives=alternatives)


def _works_on_batches(script: Script, model: Value) -> bool:
    """Whether every step of the model treats the rows of a batch apart."""
    if isinstance(model, Made) and model.dotted == "torch.nn.Linear":
        return True
    if isinstance(model, Function):
        return rows_apart(model)
    for stack in stacks(script):
        owner = stack.owner
        if owner is model or (isinstance(model, Made) and owner.cls is not None and owner.cls is model.cls):
            steps = [step for step in stack.steps if step.role is not Role.INPUT]
            return bool(steps) and all(
                step.role is Role.WEIGHT
                or (step.role is Role.ACTIVATION and "softmax" not in step.name)
                or (step.role is Role.OTHER and step.name in _ELEMENTWISE)
                or (step.role is Role.KEEPS and "ropout" in step.name)
                for step in steps
            )
    return False


def _batched_targets(script: Script, loop: SampleLoop) -> str | None:
    """The targets as the dataset must hold them, so that a batch of them fits a batch of outputs."""
    inputs, targets = array(loop.inputs.value), array(loop.targets.value)
    text = script.source(loop.targets.tensor)
    if inputs is None or targets is None or not _known(inputs) or not _known(targets) or len(inputs.shape or ()) < 2:
        return None
    if loop.targets.with_axis or len(targets.shape or ()) > 1 or targets.floating is False:
        return text
    return f"{text}.unsqueeze(1)"  # one output for one number


def _known(tensor: Array) -> bool:
    return tensor.shape is not None and tensor.floating is not None


def _batches(script: Script, loop: SampleLoop, targets: str) -> Fix:
    names = script.names
    inputs = script.source(loop.inputs.tensor)
    batch = names.fresh(f"{inputs}_batch"), names.fresh(f"{script.source(loop.targets.tensor)}_batch")
    loader = names.fresh("loader")
    edits: list[Edit] = []
    spelled = {}
    for name in ("DataLoader", "TensorDataset"):
        known = names.spelling(f"{_DATA}.{name}")
        spelled[name] = known or name
        if known is None:
            edits.append(add_import(_DATA, name))
    code = (
        f"{loader} = {spelled['DataLoader']}({spelled['TensorDataset']}({inputs}, {targets}), "
        f"batch_size={_BATCH}, shuffle=True)"
    )
    edits.append(insert_before(loop.outermost, code))
    pair = f"{batch[0]}, {batch[1]}"
    edits.append(replace(loop.node.target, f"{loop.index}, ({pair})" if loop.index else pair))
    edits.append(replace(loop.node.iter, f"enumerate({loader})" if loop.index else loader))
    for sample, name in zip((loop.inputs, loop.targets), batch, strict=True):
        edits += [replace(use, name) for use in sample.uses]
    return Fix(f"Train on batches of {_BATCH}", tuple(edits))
