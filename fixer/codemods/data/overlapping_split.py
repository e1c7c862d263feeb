"""overlapping-split: rows that a model is trained on are evaluated too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixer import Finding, Fix, Safety, replace, rule
from fixer.edits import Edit
from fixer.facts.data.origins import reads_alike
from fixer.facts.data.partitions import Overlap, Partitions
from fixer.facts.data.sample_order import in_sequence, shuffled_in_place
from fixer.facts.script import Script

# A slice, a `Subset` of a range, or a range of row numbers.
_PIECE = re.compile(rb"[\w\])]\[[^\]]*:|\]:|Subset\(|(?:idx|ind|ids|rows|nodes)\w* *= *[\w.]*range\(")
# Words by which a program says that the shared rows are meant.
_ON_PURPOSE = re.compile(
    r"over.?fit(?!ting)|kfold|(?<![a-z])folds?(?![a-z])|leave.?one|walk.?forward|\brolling|overlap(?!ping-split)|sanity|memori[sz]|"
    r"(?<![a-z])lags?(?![a-z])"
)
# What programs also speak of that only mean to prevent it.
_NEAR = re.compile(f"overfitting|{_ON_PURPOSE.pattern}")
_NEARBY = 15
"""How many lines away from the split a word may stand to be said of it."""
_LARGE = 0.2
"""The part of the training rows that nobody shares by the way."""


@rule(
    "overlapping-split",
    needs=("torch", "train|backward", "test|val|eval|dev|no_grad", _PIECE),
    safety=Safety.UNSAFE,
    symptom="split-overlap",
)
def overlapping_split(script: Script) -> Iterator[Finding]:
    """Rows that a model is trained on are evaluated too.

    ## What it does
    Looks at slices of one array or tensor, and at `Subset`s of one dataset over ranges, of which one serves training
    and another evaluation, by the loops that draw from them or by what they are called. It reports those that share
    rows, whatever the size of the data, or for the size that the source gives.

    ## Why is this bad?
    A model has seen the answers to these rows. The measured error is too low, the more so the longer it trains, and the
    choice of a model by it favours the one that memorises best.

    ## What is left alone
    Pieces of which one holds all of the other: a part of the training data is often evaluated on purpose. Bounds that
    are not known, and those written as the end of training less something, which gives the first test sample its past.
    Programs that speak of folds or overfitting near the split; those that speak of them elsewhere, or of time series
    and windows, unless a fifth of the training rows is shared.

    ## Fix
    Evaluation begins where training ends (or ends where it begins), for the inputs and for all that is cut alike.
    Unsafe: what is measured changes, and the bound that was mistaken may be the other one.

    ## References
    - [scikit-learn: common pitfalls, data leakage](https://scikit-learn.org/stable/common_pitfalls.html#data-leakage)
    """
    overlaps = [each for each in Partitions(script).overlaps if not _past_included(each)]
    overlaps = [each for each in overlaps if not _meant(script, each)]
    if not overlaps:
        return
    # the past of the first sample of a time series is a small part of training
    if in_sequence(script):
        overlaps = [each for each in overlaps if each.share >= _LARGE or shuffled_in_place(script, each.training.base)]
    reported: set[ast.AST] = set()
    for found in overlaps:
        if found.evaluation.node in reported:
            continue
        alike = [each for each in overlaps if _cut_alike(each, found)]
        reported |= {each.evaluation.node for each in alike}
        first = min((each.evaluation.node for each in alike), key=lambda node: (node.lineno, node.col_offset))
        ours, theirs = script.source(found.evaluation.node), script.source(found.training.node)
        yield Finding(
            first,
            f"`{ours}` serves evaluation and shares rows with `{theirs}`, which serves training",
            _moved(script, alike),
        )


def _cut_alike(one: Overlap, other: Overlap) -> bool:
    return (one.training.written, one.evaluation.written) == (other.training.written, other.evaluation.written)


def _meant(script: Script, found: Overlap) -> bool:
    """Whether the program says that rows are shared; elsewhere in the file it may speak of something else."""
    if found.share < _LARGE and _ON_PURPOSE.search(script.lowered):
        return True
    lines = script.lowered.split("\n")
    for piece in (found.training, found.evaluation):
        first, last = piece.node.lineno - 1, piece.node.end_lineno or piece.node.lineno
        if _NEAR.search("\n".join(lines[max(0, first - _NEARBY) : last + _NEARBY])):
            return True
    return False


def _past_included(found: Overlap) -> bool:
    """Whether the evaluation piece begins so many rows before the end of training (`n_train - 10`)."""
    lower, upper = found.evaluation.lower, found.training.upper
    return (
        isinstance(lower, ast.BinOp)
        and isinstance(lower.op, ast.Sub)
        and upper is not None
        and ast.dump(lower.left) == ast.dump(upper)
    )


def _moved(script: Script, alike: list[Overlap]) -> Fix | None:
    """Let evaluation begin where training ends, in all places that are cut alike."""
    edits: list[Edit] = []
    text = ""
    for each in alike:
        theirs = each.training.upper if each.begins_inside else each.training.lower
        ours = each.evaluation.lower if each.begins_inside else each.evaluation.upper
        if theirs is None or ours is None or not reads_alike(script, theirs, ours):
            return None
        text = script.source(theirs)
        edits.append(replace(ours, text))
    where = "Begin evaluation" if alike[0].begins_inside else "End evaluation"
    return Fix(f"{where} at {text}", tuple(edits))
