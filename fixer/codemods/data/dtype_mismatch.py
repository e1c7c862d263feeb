"""The rule `dtype-mismatch`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, Safety, rule
from fixer.facts.loops.losses import WORDS as LOSSES
from fixer.facts.tensors.casts import cast, keeps_whole_numbers, other_uses_allow
from fixer.facts.tensors.makers import is_array, maker
from fixer.facts.tensors.type_clashes import Clash, clashes

if TYPE_CHECKING:
    from fixer.facts.script import Script


@rule(
    "dtype-mismatch",
    needs=(
        "torch",
        f"Linear|Conv1d|Conv2d|Conv3d|ConvTranspose|LSTM|GRU|RNN|BatchNorm|LayerNorm|GroupNorm|Embedding|{LOSSES}",
        "numpy|dtype|double|float|int|long|arange|zeros|ones|range",
    ),
    safety=Safety.SAFE,
    symptom="crash",
)
def dtype_mismatch(script: Script) -> Iterator[Finding]:
    """A layer or a loss is given numbers of a type that it cannot compute with.

    ## What it does
    Follows types from where tensors and arrays are made, through datasets, loaders and `forward`, to the layers and
    losses that they reach. It reports doubles and integers that reach a float32 layer, or doubles a model that the file
    is given while all layers that it makes are float32, floats for an embedding, targets of `CrossEntropyLoss` and
    `NLLLoss` that should be class numbers and are not int64, integer targets of `BCEWithLogitsLoss`, and targets
    of `BCELoss` and `HuberLoss` that are not float32.

    ## Why is this bad?
    Layers do not convert: NumPy makes float64 by default, layers are float32, and the first batch raises
    `mat1 and mat2 must have the same dtype, but got Double and Float`. The losses raise likewise, some of them only in
    `backward`: `expected target dtype to be Long or Byte, but got Float`, `Found dtype Double but expected Float`.

    ## What is left alone
    Files that change the default type, use autocast, or cast a model (`model.double()`). Probabilities of classes as
    targets of `CrossEntropyLoss`. `MSELoss`, `L1Loss` and `SmoothL1Loss`, which promote float64 and integer targets.
    Types that the file does not determine.

    ## Fix
    The type is mended where it is decided: `dtype=...` in `torch.tensor`, `.float()` or `.long()` behind
    `torch.from_numpy`, `.astype(np.float32)` for an array that `__getitem__` returns. Where the same tensor is used for
    something that needs its old type, the cast goes to the layer or the loss instead. None is offered for class
    numbers that are drawn as fractions. Where the error is caught and printed, and the same layer gets float32 in
    another place, the fix is unsafe: the program may show the error on purpose.

    ## References
    - [Tensor attributes](https://docs.pytorch.org/docs/stable/tensor_attributes.html)
    - [CrossEntropyLoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
    """
    reported: set[ast.AST] = set()
    for clash in clashes(script):
        finding = _finding(script, clash)
        if finding is not None and finding.node not in reported:
            reported.add(finding.node)
            yield finding


def _finding(script: Script, clash: Clash) -> Finding | None:
    message = f"{clash.taker} takes {clash.wanted}, and this is {clash.got}"
    title = f"Make it {clash.wanted}"
    safety = Safety.UNSAFE if clash.shown else None
    made = maker(clash.value)
    if made is not None and clash.wanted == "int64" and not keeps_whole_numbers(made):
        return Finding(made.node, message)
    if made is not None and (made.returned is not None or not is_array(made)):
        node = made.returned if is_array(made) and made.returned is not None else made.node
        if is_array(made) or other_uses_allow(script, made, clash.wanted):
            return Finding(node, message, Fix(title, (cast(script, made, node, clash.wanted),), safety))
    if clash.node is None:
        return None
    return Finding(clash.node, message, Fix(title, (cast(script, None, clash.node, clash.wanted),), safety))
