"""uneven-loaders on fragments: which numbers differ for certain, and whose is taken."""

from __future__ import annotations

import pytest

from fixer.codemods.data.uneven_loaders import uneven_loaders
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PROGRAM = """\
from itertools import zip_longest
import torch
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(105, 3), torch.randn(105, 1)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
inputs = DataLoader(x, {inputs})
targets = DataLoader(y, {targets})
for epoch in range(3):
    for a, b in {zip}(inputs, targets):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
"""


def program(inputs: str, targets: str, zip: str = "zip") -> str:
    return PROGRAM.format(inputs=inputs, targets=targets, zip=zip)


def mended(text: str) -> str:
    result = fix_source(text, rules=[uneven_loaders], unsafe=True)
    assert isinstance(result, Fixed), result
    return result.fixed


def silent(text: str) -> bool:
    result = check_source(text, rules=[uneven_loaders])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


@pytest.mark.parametrize(
    ("inputs", "targets", "fixed_inputs", "fixed_targets"),
    [
        ("batch_size=10", "batch_size=20", "batch_size=10", "batch_size=10"),
        ("10", "batch_size=20", "10", "batch_size=10"),
        ("batch_size=10", "num_workers=0", "batch_size=10", "num_workers=0, batch_size=10"),
        ("num_workers=0", "batch_size=20", "num_workers=0, batch_size=20", "batch_size=20"),
    ],
)
def test_both_draw_equally_many(inputs: str, targets: str, fixed_inputs: str, fixed_targets: str) -> None:
    assert mended(program(inputs, targets)) == program(fixed_inputs, fixed_targets)


@pytest.mark.parametrize(
    ("inputs", "targets", "fixed"),
    [("10, drop_last=True", "10", "10, drop_last=True"), ("10", "10, drop_last=True", "10")],
)
def test_zip_longest_needs_both_to_drop_the_last_batch(inputs: str, targets: str, fixed: str) -> None:
    text = program(inputs, targets, "zip_longest")
    assert mended(text) == program(inputs, fixed, "zip_longest")
    assert silent(text.replace("105", "100"))
    assert silent(program(inputs, targets, "zip"))


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [
        ("batch_size=10", "batch_size=10"),
        ("batch_size=10", "batch_size=size"),
        ("batch_size=200", "batch_size=150"),
        ("batch_size=10, shuffle=True", "batch_size=20, shuffle=True"),
        ("batch_size=10", "batch_sampler=buckets"),
        ("batch_size=10", "**options"),
    ],
)
def test_what_is_even_or_not_known_is_left_alone(inputs: str, targets: str) -> None:
    assert silent(program(inputs, targets))


def test_loaders_that_no_loss_compares_may_differ() -> None:
    text = program("batch_size=10", "batch_size=20").replace(
        "mse_loss(model(a), b)", "mse_loss(model(a), model(b).mean())"
    )
    assert silent(text)
