"""misaligned-split: inputs and targets of one split that are not the same rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer import Finding, Fix, Safety, insert_after, insert_before, replace, rule
from fixer.edits import Edit
from fixer.facts.data.origins import belong_together, reaches, reads_alike
from fixer.facts.data.pairs import Pair, Splits
from fixer.facts.data.splits import Selection, offset, other_side, other_split, random_order, same_selection
from fixer.facts.loops.losses import WORDS as LOSSES
from fixer.facts.script import Script


@rule(
    "misaligned-split",
    needs=("torch", "[", f"TensorDataset|zip(|Dataset(|__getitem__|riterion|fit(|train_test_split(|{LOSSES}"),
    safety=Safety.SAFE,
    symptom="misaligned-pairs",
)
def misaligned_split(script: Script) -> Iterator[Finding]:
    """Inputs and targets of one split are not the same rows.

    ## What it does
    Looks at the inputs and targets that a program uses together: in a `TensorDataset`, in a `Dataset` of the file that
    reads two of its attributes at one index, in a `zip` that feeds a model, in an estimator's `fit` (skorch) or
    scikit-learn's `train_test_split`, or in a loss (what went into the model, and the target). It reports them when
    they were cut from their sources by different bounds or by different index arrays, or when only one of the two was
    put into a new order, or drawn in one (`x[order[a:b]]` and `y[a:b]`). Windows of a series are held against their
    time stamps (`seq_y` and `seq_y_mark`).

    ## Why is this bad?
    Where the lengths differ the program stops, at best at once. Where they are equal nothing is noticed: every sample
    is trained or tested against the answer of another one.

    ## What is left alone
    Windows shifted on purpose (`x[:-1]` and `x[1:]`, forecasting), slices of the same array, slices of data that
    nothing shows to be the inputs and targets of one split, and shuffled copies under a new name, as in permutation
    tests. Equal lengths at another offset are reported only where the program cuts the same data by equal bounds in
    another place.

    ## Fix
    The targets get the bounds of the inputs; the inputs get those of the targets where these are the ones that the
    other splits of the same data share. A permutation is applied to both.

    ## References
    - [torch.utils.data.TensorDataset](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset)
    """
    splits = Splits(script)
    reported: set[ast.AST] = set()
    for pair in splits.pairs:
        found = (_different_rows(script, splits, pair), _different_order(script, pair) if pair.used else None)
        for finding in found:
            if finding is not None and finding.node not in reported:
                reported.add(finding.node)
                yield finding
    for window, marks in splits.marked:
        compared = offset(window, marks)
        certain = compared is not None and compared.upper.is_zero and compared.changes_length
        if certain and window.node not in reported:
            reported.add(window.node)
            ours, theirs = script.source(window.rows_node), script.source(marks.rows_node)
            yield Finding(window.node, f"this window is the rows [{ours}], its marks are those of [{theirs}]")


def _different_rows(script: Script, splits: Splits, pair: Pair) -> Finding | None:
    """The selections of a pair that differ, where all others agree."""
    left, right = pair.inputs.selections, pair.targets.selections
    if not left or len(left) != len(right) or pair.inputs.root is pair.targets.root:
        return None
    differing = [each for each in zip(left, right, strict=True) if not same_selection(*each)]
    if len(differing) != 1:
        return None
    inputs, targets = differing[0]
    if inputs.permutes and targets.permutes:
        return None
    last = inputs is left[-1]
    compared = offset(inputs, targets) if last else None  # what is taken of the rows afterwards may be equally long
    certain = compared is not None and pair.equal_lengths and compared.fixed and compared.changes_length
    certain = certain or other_split(inputs, targets)
    certain = certain or (not pair.predicted and (other_side(inputs, targets) or random_order(inputs, targets)))
    standings = splits.standing(pair, inputs), splits.standing(pair, targets)
    if not certain and (not last or standings == (None, None)):
        return None
    wrong, right_one = (inputs, targets) if (standings[1] or 0) > (standings[0] or 0) else (targets, inputs)
    ours, theirs = script.source(inputs.rows_node), script.source(targets.rows_node)
    message = f"the inputs of this split are the rows [{ours}], its targets the rows [{theirs}]"
    return Finding(wrong.node, message, _same_rows(script, wrong, right_one))


def _same_rows(script: Script, wrong: Selection, right: Selection) -> Fix | None:
    rows = script.source(right.rows_node)
    if not reads_alike(script, right.rows_node, wrong.node):
        return None
    others = wrong.node.slice.elts[1:] if isinstance(wrong.node.slice, ast.Tuple) else []
    key = ", ".join([rows, *map(script.source, others)])
    return Fix(f"Take the rows [{rows}]", (replace(wrong.node, f"{script.source(wrong.node.value)}[{key}]"),))


def _different_order(script: Script, pair: Pair) -> Finding | None:
    """One of the two was permuted in place of itself (`x = x[perm]`), the other was not, or by another draw."""
    left, right = list(pair.inputs.selections), list(pair.targets.selections)
    while left and right and same_selection(left[-1], right[-1]):
        left.pop()
        right.pop()
    if len(left) > 1 or len(right) > 1 or not all(each.permutes and _in_place(script, each) for each in left + right):
        return None
    if not belong_together(pair.inputs.root, pair.targets.root):
        return None
    if left and right:
        message = "inputs and targets are shuffled by two different permutations"
        return Finding(right[0].node, message, _one_draw(script, left[0], right[0]))
    if not left and not right:
        return None
    permuted = (left or right)[0]
    other = pair.targets if left else pair.inputs
    if reaches(other.root, permuted.part):
        return None
    kept = "targets" if left else "inputs"
    message = f"these rows are put into a new order, the {kept} that belong to them keep theirs"
    first = other.selections[0].node.value if other.selections else pair.target_node if left else pair.input_node
    return Finding(permuted.node, message, _both(script, permuted, first, after=bool(left)))


def _in_place(script: Script, selection: Selection) -> bool:
    statement = script.statement_of(selection.node)
    return (
        isinstance(statement, ast.Assign)
        and statement.value is selection.node
        and len(statement.targets) == 1
        and ast.unparse(statement.targets[0]) == ast.unparse(selection.node.value)
    )


def _both(script: Script, permuted: Selection, other: ast.expr | None, after: bool) -> Fix | None:
    """Permute `other` too, beside the statement that permutes its partner."""
    statement = script.statement_of(permuted.node)
    if other is None or other.lineno < statement.lineno or not reads_alike(script, other, permuted.node):
        return None
    edits: list[Edit] = []
    order = script.source(permuted.rows_node)
    if not isinstance(permuted.rows_node, ast.Name):
        name = script.names.fresh("perm")
        edits = [insert_before(statement, f"{name} = {order}"), replace(permuted.rows_node, name)]
        order = name
    text = script.source(other)
    added = f"{text} = {text}[{order}]"
    edits.append(insert_after(statement, added) if after else insert_before(statement, added))
    return Fix(f"Permute `{text}` as well", tuple(edits))


def _one_draw(script: Script, inputs: Selection, targets: Selection) -> Fix | None:
    """The permutation of the inputs for both."""
    if script.function_of(inputs.node) is not script.function_of(targets.node):
        return None
    if isinstance(inputs.rows_node, ast.Name):
        if not reads_alike(script, inputs.rows_node, targets.node):
            return None
        return Fix("Use the inputs' permutation", (replace(targets.rows_node, inputs.rows_node.id),))
    name = script.names.fresh("perm")
    statement = script.statement_of(inputs.node)
    drawn = insert_before(statement, f"{name} = {script.source(inputs.rows_node)}")
    edits = (drawn, replace(inputs.rows_node, name), replace(targets.rows_node, name))
    return Fix("Use one permutation for both", edits)
