"""The rule `batch-size-mismatch`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, Safety, replace, rule
from fixer.facts.data.batch_rows import Rows, Together, together
from fixer.facts.data.origins import reads_alike
from fixer.facts.loops.losses import WORDS as LOSSES

if TYPE_CHECKING:
    from fixer.facts.script import Script


@rule(
    "batch-size-mismatch",
    needs=(
        "torch",
        f"TensorDataset|{LOSSES}",
        "and|zeros|ones|empty|full|normal|uniform|space|arange|integers|choice|perm|array(|tensor(|Tensor(",
    ),
    safety=Safety.UNSAFE,
    symptom="crash",
)
def batch_size_mismatch(script: Script) -> Iterator[Finding]:
    """There are more targets than inputs, or fewer.

    ## What it does
    Compares how many inputs and how many targets a program makes where the file writes both numbers: in the tensors of
    a `TensorDataset`, and in a loss between what a model makes of the inputs and the targets.

    ## Why is this bad?
    `TensorDataset` raises `AssertionError: Size mismatch between tensors`, a loss `ValueError: Expected input
    batch_size (50) to match target batch_size (60)` or `RuntimeError: The size of tensor a (8) must match the size of
    tensor b (16)`.

    ## What is left alone
    Data that are loaded, computed or cut (see misaligned-split for slices); models that do not keep the rows of their
    input, or of which that is not known; one row that is broadcast against all others on purpose; losses between
    tensors of different rank, which broadcast.

    ## Fix
    The targets are made in the number of the inputs, written as it is written there: the inputs fix how many
    predictions the model makes. Unsafe because the inputs may be what is wrong; the editor offers that, too. None where
    the same targets fit other inputs, or where the rows of the targets are written out.

    ## References
    - [torch.utils.data.TensorDataset](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset)
    """
    pairs = list(together(script))
    reported: set[ast.AST] = set()
    for pair in pairs:
        if pair.inputs.count != pair.targets.count and pair.targets.node not in reported:
            reported.add(pair.targets.node)
            yield _finding(script, pair, pairs)


def _finding(script: Script, pair: Together, pairs: list[Together]) -> Finding:
    inputs, targets = pair.inputs, pair.targets
    message = f"{targets.count} targets are made for {inputs.count} inputs"
    fitting = [each for each in pairs if each.inputs.count == each.targets.count]
    if any(each.targets.root is targets.root for each in fitting):
        return Finding(targets.node, message)
    other = _sized(script, inputs, targets, "Make as many inputs as targets")
    free = not any(each.inputs.root is inputs.root for each in fitting)
    fix = _sized(script, targets, inputs, "Make as many targets as inputs")
    return Finding(targets.node, message, fix, (other,) if free and other else ())


def _sized(script: Script, wrong: Rows, right: Rows, title: str) -> Fix | None:
    if wrong.size is None:
        return None  # nobody knows which row is one too many
    text = str(right.count)
    if (
        right.size is not None
        and not isinstance(right.size, ast.Constant)
        and reads_alike(script, right.size, wrong.size)
    ):
        text = script.source(right.size)
    return Fix(title, (replace(wrong.size, text),))
