"""uneven-loaders: zipped loaders give so many inputs and another number of targets at a time."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator

from fixer import Finding, Fix, Safety, remove_keyword, replace, rule, set_keyword
from fixer.edits import Edit
from fixer.facts.data.datasets import Loader
from fixer.facts.data.loaders import argument, batch_size, even, plain, switch, whole, written
from fixer.facts.data.origins import reads_alike
from fixer.facts.data.zipped import Zipped, zipped
from fixer.facts.program.values import Computed, Value
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import number, term


@rule(
    "uneven-loaders",
    needs=("DataLoader", "zip"),
    safety=Safety.UNSAFE,
    symptom="crash",
)
def uneven_loaders(script: Script) -> Iterator[Finding]:
    """Inputs and targets are zipped from loaders with different batch sizes.

    ## What it does
    Finds loops over `zip(loader, other_loader)` where a model is fed what one loader gives, and a loss compares its
    output, sample by sample, with what the other one gives, while the two loaders draw different numbers of samples at
    a time; with `itertools.zip_longest` also where only one of them drops the last, smaller batch.

    ## Why is this bad?
    The loss stops with an error about batch sizes, or, where shapes can be broadcast, compares every output with the
    targets of other samples.

    ## What is left alone
    Pairs that no loss compares, loaders over data of different lengths, batch sizes that are not known, batches that
    hold all data. `drop_last` of one loader alone under a plain `zip`: it stops with the shorter one, and all pairs are
    right. Loaders that shuffle are the business of `zip-of-shuffled-loaders`.

    ## Fix
    The targets' loader gets the batch size (or `drop_last`) of the inputs'. Unsafe: the other number may be the one
    that was meant.

    ## References
    - [torch.utils.data.DataLoader](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader)
    """
    reported: set[ast.AST] = set()
    for found in zipped(script):
        both = (found.inputs, found.targets)
        node = found.targets.call.node
        if node in reported or not all(plain(each, script) for each in both):
            continue
        if any(switch(each, "shuffle") is not False for each in both):
            continue
        finding = _sizes(script, found) or _last_batch(found)
        if finding is not None:
            reported.add(node)
            yield finding


def _sizes(script: Script, found: Zipped) -> Finding | None:
    ours, theirs = batch_size(found.inputs), batch_size(found.targets)
    if ours is None and theirs is None and _multiples(found):
        message = "the two loaders do not draw equally many at a time"
    elif ours is None or theirs is None or ours == theirs or (whole(found.inputs) and whole(found.targets)):
        return None
    else:
        message = f"the loop gets {ours} inputs and {theirs} targets at a time"
    right, wrong = found.inputs, found.targets
    if written(right, "batch_size") is None:
        right, wrong = wrong, right  # one sample at a time is what a loader does unasked
    edit = _take(script, wrong, right)
    return Finding(wrong.call.node, message, Fix("Draw equally many", (edit,)) if edit else None)


def _multiples(found: Zipped) -> bool:
    """Whether one batch size is a multiple of the other, whatever they are: `n` and `2 * n`."""
    sizes = [argument(each, "batch_size") for each in (found.inputs, found.targets)]
    forms = [_factored(each) for each in sizes if each is not None]
    return len(forms) == 2 and forms[0][0] == forms[1][0] and forms[0][1] != forms[1][1]


def _factored(size: Value) -> tuple[Hashable, float]:
    """What a batch size is a multiple of, and how many times."""
    if isinstance(size, Computed) and isinstance(size.node, ast.BinOp) and isinstance(size.node.op, ast.Mult):
        for factor, rest in (size.operands, size.operands[::-1]):
            times = number(factor)
            if times is not None and times > 0:
                return term(rest), times
    return term(size), 1


def _take(script: Script, wrong: Loader, right: Loader) -> Edit | None:
    given, present = written(right, "batch_size"), written(wrong, "batch_size")
    if given is None or not reads_alike(script, given, wrong.call.node):
        return None
    text = script.source(given)
    return replace(present, text) if present is not None else set_keyword(wrong.call.node, "batch_size", text)


def _last_batch(found: Zipped) -> Finding | None:
    """One drops its last batch and `zip_longest` goes on with the other."""
    drops = switch(found.inputs, "drop_last"), switch(found.targets, "drop_last")
    if not found.to_the_longest or None in drops or drops[0] is drops[1] or even(found.inputs):
        return None
    present = written(found.targets, "drop_last")
    call = found.targets.call.node
    by_keyword = any(each.arg == "drop_last" for each in call.keywords)
    edit: Edit = set_keyword(call, "drop_last", "True")
    if not drops[0] and present is not None:
        edit = remove_keyword(call, "drop_last") if by_keyword else replace(present, "False")
    message = "only one of the two loaders drops its last batch, so that the other is left without a partner"
    return Finding(call, message, Fix("Drop the last batch of both, or of none", (edit,)))
