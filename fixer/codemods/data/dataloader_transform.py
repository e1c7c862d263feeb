"""The rule `dataloader-transform`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import (
    Finding,
    Fix,
    LossEffect,
    Safety,
    move_before,
    remove_keyword,
    rule,
    set_keyword,
)
from fixer.facts.data.datasets import (
    Loader,
    constructions,
    given_to,
    guarded,
    indexable,
    loaders,
    own_transform,
    sources,
)
from fixer.facts.data.samples import Structure, inputs, structure, transforms_whole_samples
from fixer.facts.places.definitions import NewClasses
from fixer.facts.places.reach import evaluable_before, movable_before, unpacked
from fixer.facts.program.values import Literal, Made, Value, options
from fixer.facts.transforms.pipelines import fits, takes_whole_samples
from fixer.facts.transforms.transformed import draw_transformed

if TYPE_CHECKING:
    from fixer.edits import Edit
    from fixer.facts.script import Script


@rule(
    "dataloader-transform",
    needs=("DataLoader", "transform"),
    safety=Safety.SAFE,
    symptom="crash",
    loss=LossEffect.EITHER,
)
def dataloader_transform(script: Script) -> Iterator[Finding]:
    """`DataLoader` is given a transform, which it does not take.

    ## What it does
    Finds calls of `torch.utils.data.DataLoader` with a `transform` argument.

    ## Why is this bad?
    The class has no such argument: the call raises `TypeError`. Transforming is the dataset's business, sample by
    sample.

    ## What is left alone
    Classes of the same name from other libraries, subclasses that take a transform, functions and classes of the file
    itself, calls whose `TypeError` is caught.

    ## Fix
    The dataset gets the transform where it has a `transform` parameter of its own, which nothing else is given to and
    no other loader depends on; the definition of the transform is moved up where it stands below the dataset.
    Everywhere else (`TensorDataset`, the parts of `random_split`, two loaders with different transforms over one
    dataset, a dataset class without such a parameter) a small class `TransformedDataset` is added to the file, and each
    loader draws from its own. A transform that the dataset has already, and `transform=None`, are only removed.
    Unsafe where samples are dicts, because the entry that is meant is chosen by its name, and where the form of the
    samples is not known: they are then taken to be tuples. None is offered where the transform would fail on the
    samples, where the dataset cannot be indexed, and where the argument comes out of a `**` dict.

    ## References
    - [torch.utils.data.DataLoader](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader)
    """
    wrappers = NewClasses(script)
    for node, group in _by_call(script).items():
        argument = _argument(script, node)
        if argument is not None:
            message = "DataLoader takes no `transform`: the dataset has to apply it"
            yield Finding(
                argument, message, _mend(script, node, argument.value, group, wrappers) if argument.arg else None
            )


def _by_call(script: Script) -> dict[ast.Call, list[Loader]]:
    found: dict[ast.Call, list[Loader]] = {}
    for loader in loaders(script):
        if "transform" in loader.call.arguments.keywords and not guarded(script, loader.call):
            found.setdefault(loader.call.node, []).append(loader)
    return found


def _argument(script: Script, node: ast.Call) -> ast.keyword | None:
    """The transform as it is written in the call, or the dict that brings it and cannot have changed on its way."""
    for keyword in node.keywords:
        if keyword.arg == "transform" or (keyword.arg is None and "transform" in unpacked(script, keyword.value)):
            return keyword
    return None


def _mend(script: Script, node: ast.Call, transform: ast.expr, group: list[Loader], wrappers: NewClasses) -> Fix | None:
    given = [_given(loader) for loader in group]
    gone = remove_keyword(node, "transform")
    if all(map(_is_none, given)):
        return Fix("Remove transform=None", (gone,))
    if any(_is_none(each) for value in given for each in options(value)):
        return None
    if all(_has(loader.dataset, value) for loader, value in zip(group, given, strict=True)):
        return Fix("Remove the transform: the dataset has it already", (gone,))
    collated = not any(each.arg == "collate_fn" for each in node.keywords)
    if not all(fits(value, inputs(loader.dataset), collated) for loader, value in zip(group, given, strict=True)):
        return None
    own = _own_parameter(script, transform, group[0]) if len(group) == 1 else None
    if own is not None:
        return Fix("Give the transform to the dataset", (*own, gone))
    return _wrapped(script, node, transform, group, wrappers)


def _given(loader: Loader) -> Value:
    return loader.call.arguments.keywords["transform"]


def _is_none(value: Value) -> bool:
    return isinstance(value, Literal) and value.value is None


def _has(dataset: Value, transform: Value) -> bool:
    return all(isinstance(each, Made) and own_transform(each) is transform for each in sources(dataset))


def _own_parameter(script: Script, transform: ast.expr, loader: Loader) -> tuple[Edit, ...] | None:
    """Edits that give the transform to the dataset's own parameter, where only this loader's samples change by it."""
    dataset = loader.dataset
    if (
        not isinstance(dataset, Made)
        or not isinstance(dataset.node, ast.Call)
        or len(constructions(script, dataset)) > 1
    ):
        return None
    own = own_transform(dataset)
    if own is None or not _is_none(own) or any(each is own for each in dataset.arguments.positional):
        return None
    if transforms_whole_samples(dataset) is not takes_whole_samples(_given(loader)):
        return None
    for use in given_to(script, dataset):
        if use.dotted not in ("len", "print") and use.arguments.keywords.get("transform") is not _given(loader):
            return None
    place = script.statement_of(dataset.node)
    edit = set_keyword(dataset.node, "transform", script.source(transform))
    if place is script.statement_of(transform) or evaluable_before(script, transform, place):
        return (edit,)
    moved = movable_before(script, transform, place)
    return (move_before(moved, place), edit) if moved is not None else None


def _wrapped(
    script: Script, node: ast.Call, transform: ast.expr, group: list[Loader], wrappers: NewClasses
) -> Fix | None:
    """The loader draws from a dataset around its dataset, which transforms."""
    forms = {structure(loader.dataset) for loader in group}
    form = forms.pop() if len(forms) == 1 else None
    whole = {takes_whole_samples(_given(loader)) for loader in group}
    if len(whole) > 1 or not all(indexable(loader.dataset) for loader in group):
        return None
    wrapped = draw_transformed(script, wrappers, node, script.source(transform), Structure() if whole.pop() else form)
    if wrapped is None:
        return None
    title = f"Draw from a dataset that applies the transform ({wrapped.name})"
    known = form is not None and form.keys is None
    return Fix(title, (*wrapped.edits, remove_keyword(node, "transform")), None if known else Safety.UNSAFE)
