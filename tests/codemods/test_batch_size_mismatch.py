"""batch-size-mismatch, beyond its corpus: which number is changed, how it is written, and when nothing is said."""

from __future__ import annotations

import pytest

from fixer.codemods.data.batch_size_mismatch import batch_size_mismatch
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
"""


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[batch_size_mismatch], unsafe=True)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("torch.arange(90)", "torch.arange(100)"),
        ("torch.from_numpy(np.random.randint(0, 3, 90))", "torch.from_numpy(np.random.randint(0, 3, 100))"),
        ("torch.full((90, 1), 0.5)", "torch.full((100, 1), 0.5)"),
        ("torch.zeros([90], dtype=torch.long)", "torch.zeros([100], dtype=torch.long)"),
        ("torch.tensor(np.random.normal(0, 1, (90, 2)))", "torch.tensor(np.random.normal(0, 1, (100, 2)))"),
        ("torch.randn(90, 4).unsqueeze(1).clone()", "torch.randn(100, 4).unsqueeze(1).clone()"),
    ],
)
def test_the_number_of_targets_is_changed_wherever_it_is_written(before: str, after: str) -> None:
    assert after in mended(f"x = torch.rand(100, 5)\ndata = TensorDataset(x, {before})\n")


def test_a_number_that_is_bound_anew_in_between_is_written_out() -> None:
    body = "n = 100\nx = torch.rand(n, 5)\nn = 90\ny = torch.rand(n)\ndata = TensorDataset(x, y)\n"
    assert mended(body) == body.replace("torch.rand(n)\n", "torch.rand(100)\n")


def test_the_editor_offers_the_inputs_too() -> None:
    result = check_source(PRELUDE + "TensorDataset(torch.rand(100, 5), torch.rand(90))\n", rules=[batch_size_mismatch])
    assert isinstance(result, Found)
    assert len(result.diagnostics[0].alternatives) == 1


def test_targets_that_fit_other_inputs_are_left_as_they_are() -> None:
    body = """\
a, b, y = torch.rand(100, 5), torch.rand(90, 5), torch.rand(90)
TensorDataset(b, y)
TensorDataset(a, y)
"""
    result = check_source(PRELUDE + body, rules=[batch_size_mismatch])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]


@pytest.mark.parametrize(
    "body",
    [
        "TensorDataset(torch.rand(100, 5), torch.rand(100))\n",
        "def pair(n, m):\n    return TensorDataset(torch.rand(n, 5), torch.rand(m))\n",
        "TensorDataset(torch.rand(100, 5)[:90], torch.rand(90))\n",
        "x = torch.cat([torch.rand(50, 5), torch.rand(40, 5)])\nTensorDataset(x, torch.rand(90))\n",
        "try:\n    TensorDataset(torch.rand(5, 2), torch.rand(10))\nexcept Exception as error:\n    print(error)\n",
        # elementwise losses broadcast one row, and tensors of different rank
        "F.mse_loss(nn.Linear(5, 1)(torch.rand(8, 5)), torch.rand(1, 1))\n",
        "F.mse_loss(nn.Linear(5, 1)(torch.rand(8, 5)), torch.rand(4))\n",
        # the model is out of sight: it may fold the rows
        "from models import Net\nF.cross_entropy(Net()(torch.rand(8, 5)), torch.randint(0, 3, (4,)))\n",
        "F.cross_entropy(nn.Linear(5, 3)(torch.rand(8, 5))[:4], torch.randint(0, 3, (4,)))\n",
    ],
)
def test_nothing_is_said_where_it_may_be_right(body: str) -> None:
    assert isinstance(check_source(PRELUDE + body, rules=[batch_size_mismatch]), Clean)


def test_tables_that_are_written_out_and_scaled_in_place() -> None:
    body = "x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])\nx /= 4\ndata = TensorDataset(x, torch.tensor([0, 1, 1]))\n"
    result = check_source(PRELUDE + body, rules=[batch_size_mismatch])
    assert isinstance(result, Found), result
    assert "3 targets are made for 2 inputs" in result.diagnostics[0].message


def test_rows_that_are_scaled_by_their_mean_and_spread() -> None:
    body = """\
x = np.arange(4, dtype="float32").reshape((4, 1))
x_norm = torch.from_numpy((x - np.mean(x)) / x.std())
data = TensorDataset(x_norm, torch.tensor([1.0, 1.3, 3.1, 2.0, 5.0]))
"""
    result = check_source(PRELUDE + body, rules=[batch_size_mismatch])
    assert isinstance(result, Found), result
    assert "5 targets are made for 4 inputs" in result.diagnostics[0].message
