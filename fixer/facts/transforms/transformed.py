"""A dataset around another, which applies a transform: how a loader is made to draw from one."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from textwrap import indent

from fixer.edits import Edit, replace, wrap
from fixer.facts.data.samples import Structure
from fixer.facts.places.definitions import NewClasses
from fixer.facts.script import Script

_CLASS = """\
    \"\"\"Applies a transform to {what} of another dataset.\"\"\"

    def __init__(self, dataset, transform):
        self.dataset = dataset
        self.transform = transform

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
"""
# What people call the picture in a sample that is a dict.
_PICTURES = frozenset({"image", "img", "images", "picture", "pixel_values", "input", "inputs", "x"})


@dataclass(frozen=True)
class Wrapped:
    """The class that is put around the dataset, and the edits that add it and use it."""

    name: str
    edits: tuple[Edit, ...]


def draw_transformed(
    script: Script, wrappers: NewClasses, loader: ast.Call, transform: str, form: Structure | None
) -> Wrapped | None:
    """Let the `DataLoader` call `loader` draw from its dataset with a transform (an expression) applied.

    `form` is that of the samples; without elements and keys the transform gets them whole, unknown they are taken to be
    tuples. None where it cannot be told which part of the sample is meant.
    """
    dataset = loader.args[0] if loader.args else next(each.value for each in loader.keywords if each.arg == "dataset")
    body = _body(form)
    if body is None or isinstance(dataset, ast.Starred):
        return None
    name, definition = wrappers.named("TransformedDataset", "torch.utils.data.Dataset", body, loader.func)
    if "{}" not in transform:
        edit = wrap(dataset, f"{name}({{}}, {transform})")
    else:  # it would be taken for the hole of the template
        edit = replace(dataset, f"{name}({script.source(dataset)}, {transform})")
    return Wrapped(name, (*definition, edit))


def _body(form: Structure | None) -> str | None:
    """The body of the class for samples of this form. None: which part of the sample is meant is not known."""
    first = "the first element of every sample"
    if form is None:
        form = Structure(elements=3)  # samples are tuples more often than anything else
    if form.keys is not None:
        meant = [key for key in form.keys if key in _PICTURES]
        if len(meant) != 1:
            return None
        key = f'"{meant[0]}"'
        code = f"sample = self.dataset[index]\nreturn {{**sample, {key}: self.transform(sample[{key}])}}"
        return _method(f"the {key} entry of every sample", code)
    if form.elements is None:
        return _method("every sample", "return self.transform(self.dataset[index])")
    if form.elements == 1:
        return _method(first, "(sample,) = self.dataset[index]\nreturn (self.transform(sample),)")
    if form.elements == 2:
        return _method(first, "sample, target = self.dataset[index]\nreturn self.transform(sample), target")
    return _method(first, "sample, *rest = self.dataset[index]\nreturn (self.transform(sample), *rest)")


def _method(what: str, code: str) -> str:
    return _CLASS.format(what=what) + indent(code, " " * 8) + "\n"
