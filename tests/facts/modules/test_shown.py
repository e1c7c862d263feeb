"""Functions of libraries that call a model to describe it: what they are told that goes into it."""

from __future__ import annotations

from fixer.facts.modules.shown import shown
from fixer.facts.script import Script
from fixer.facts.tensors.arrays import array

SUMMARY = """\
import torch
from torch import nn
from torchinfo import summary

model = nn.Sequential(nn.Linear(20, 8), nn.ReLU())
summary(model, input_size=(8, 20){more})
"""


def test_a_summary_by_size_makes_floats_of_that_shape() -> None:
    (call,) = shown(Script.parse(SUMMARY.format(more="")))
    known = array(call.arguments.positional[0])
    assert known is not None
    assert (known.dtype, known.shape) == ("float32", (8, 20))


def test_a_summary_that_is_told_the_type_makes_something_else() -> None:
    assert not list(shown(Script.parse(SUMMARY.format(more=", dtypes=[torch.int64]"))))
