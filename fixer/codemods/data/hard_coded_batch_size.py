"""The rule `hard-coded-batch-size`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, Safety, replace, rule
from fixer.facts.data.fixed_batches import FixedSize, fixed_sizes

if TYPE_CHECKING:
    from fixer.facts.script import Script


@rule(
    "hard-coded-batch-size",
    needs=("DataLoader", "view|reshape|expand|zeros|ones|full|rand"),
    safety=Safety.SAFE,
    symptom="crash",
)
def hard_coded_batch_size(script: Script) -> Iterator[Finding]:
    """A batch is taken to have the loader's batch size, and the last one is smaller.

    ## What it does
    Follows the batches of a `DataLoader` through the loop and through `forward`, and reports sizes that are written out
    as the number that the loader was given: the rows of `view` and `reshape`, the batch of a first hidden state, the
    number of targets that are made for one batch, noise that is added to it, tokens that are put beside it. A `view`
    that gets batches of another size from a second loader is reported even where the first one's batches are all of the
    size that is written.

    ## Why is this bad?
    Unless the number of samples is a multiple of the batch size, the last batch is smaller. There the program stops at
    the end of the first epoch: `shape '[32, -1]' is invalid for input of size 600`, `Expected hidden[0] size (1, 10,
    20), got [1, 16, 20]`. A model that is written so can predict for no other number of samples either.

    ## What is left alone
    Loaders with `drop_last=True`, and data of which the file shows that the batch size divides them; loops and methods
    that look at the size of the batch, or end early; sizes that are no part of the batch, like the number of noise
    vectors for a generator; tensors that are made for a size that the function is given.

    ## Fix
    The size is asked of the batch: `x.size(0)`. The loader stays as it is: with `drop_last=True` samples would be
    left out.

    ## References
    - [torch.utils.data.DataLoader](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader)
    """
    reported: set[ast.AST] = set()
    for found in fixed_sizes(script):
        if found.size not in reported:
            reported.add(found.size)
            count = script.source(found.size) if found.count is None else found.count
            rest = "the last batch may be smaller" if found.other is None else f"others here have {found.other} samples"
            yield Finding(found.call, f"this counts on batches of {count}, and {rest}", _asked(script, found))


def _asked(script: Script, found: FixedSize) -> Fix | None:
    if found.rows is None:
        return None
    code = f"{script.source(found.rows)}.size(0)"
    return Fix(f"Ask the batch for its size: {code}", (replace(found.size, code),))
