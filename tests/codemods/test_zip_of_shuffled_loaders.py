"""zip-of-shuffled-loaders on fragments: which pairs belong together, and where the two loaders can be made one."""

from __future__ import annotations

import pytest

from fixer.codemods.data.zip_of_shuffled_loaders import zip_of_shuffled_loaders
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import torch
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(100, 3), torch.randn(100, 1)
model = torch.nn.Linear(3, 1)
criterion = torch.nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
APART = """\
x_loader = DataLoader(x, batch_size=10, shuffle=True)
y_loader = DataLoader(y, batch_size=10, shuffle=True)
"""
LOOP = """\
for epoch in range(3):
    for a, b in zip(x_loader, y_loader):
        optimizer.zero_grad()
        criterion(model(a), b).backward()
        optimizer.step()
"""


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[zip_of_shuffled_loaders], unsafe=True)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def silent(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[zip_of_shuffled_loaders])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


def only_reported(body: str) -> bool:
    result = fix_source(PRELUDE + body, rules=[zip_of_shuffled_loaders], unsafe=True)
    return not silent(body) and not isinstance(result, Fixed)


def test_the_names_that_both_share_are_the_name_of_the_one() -> None:
    body = (APART + LOOP).replace("x_loader", "train_x_loader").replace("y_loader", "train_y_loader")
    fixed = mended(body)
    assert fixed.startswith("train_loader = DataLoader(TensorDataset(x, y), batch_size=10, shuffle=True)\nfor epoch")
    assert "for a, b in train_loader:" in fixed and "zip" not in fixed


def test_a_loader_that_something_else_needs_stays() -> None:
    fixed = mended(APART + LOOP + "print(len(y_loader))\n")
    assert "x_loader = DataLoader(TensorDataset(x, y)" in fixed
    assert "y_loader = DataLoader(y, batch_size=10, shuffle=True)" in fixed


def test_the_one_loader_shuffles_where_only_the_targets_did() -> None:
    fixed = mended(APART.replace("shuffle=True", "shuffle=False", 1) + LOOP)
    assert "DataLoader(TensorDataset(x, y), batch_size=10, shuffle=True)" in fixed


@pytest.mark.parametrize(
    "loss",
    [
        "torch.nn.functional.mse_loss(model(a), b)",
        "((model(a) - b) ** 2).mean()",
        "torch.mean((b.float() - model(a)).pow(2))",
        "criterion(model(a).squeeze(1), b.view(-1))",
        "criterion(torch.relu(model(a.float())), b)",
    ],
)
def test_whatever_compares_output_and_target_shows_that_they_belong_together(loss: str) -> None:
    assert not silent(APART + LOOP.replace("criterion(model(a), b)", loss))


@pytest.mark.parametrize(
    "loss",
    [
        "criterion(model(a), model(b))",
        "criterion(model(a), torch.ones(10, 1)) + model(b).mean()",
        "torch.nn.functional.kl_div(model(a), b)",
        "criterion(a, b)",
        "distance(model(a), b)",
        "criterion(model(a + b), b)",
    ],
)
def test_batches_that_no_loss_compares_need_no_partner(loss: str) -> None:
    assert silent("from geomloss import distance\n" + APART + LOOP.replace("criterion(model(a), b)", loss))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DataLoader(y, batch_size=10, shuffle=True)", "DataLoader(y[:50], batch_size=10, shuffle=True)"),
        ("DataLoader(y, batch_size=10, shuffle=True)", "DataLoader(x, batch_size=10, shuffle=True)"),
        ("shuffle=True", "shuffle=flag"),
        ("shuffle=True", "sampler=order"),
        ("shuffle=True", "**options"),
        ("shuffle=True", "shuffle=False"),
    ],
)
def test_loaders_that_do_not_belong_together_or_may_agree(old: str, new: str) -> None:
    assert silent((APART + LOOP).replace(old, new))


SEEDED = APART.replace("shuffle=True", "shuffle=True, generator=torch.Generator().manual_seed(0)")


def test_equal_seeds_agree_in_the_first_epoch_only() -> None:
    assert not silent(SEEDED + LOOP)
    assert silent(SEEDED + LOOP.replace("for epoch in range(3):", "if True:"))


def test_a_zip_of_parameters_is_only_reported() -> None:
    body = APART + "def train(x_loader, y_loader):\n" + "    ".join(LOOP.splitlines(keepends=True))
    body = body.replace("for epoch", "    for epoch", 1) + "train(x_loader, y_loader)\n"
    assert only_reported(body)


@pytest.mark.parametrize("dataset", ["[r for r in y]", "Stream(y)", "fetch()"])
def test_a_dataset_that_may_have_no_index_is_only_reported(dataset: str) -> None:
    stream = """\
from torch.utils.data import IterableDataset
class Stream(IterableDataset):
    def __init__(self, rows): self.rows = rows
    def __iter__(self): return iter(self.rows)
"""
    assert only_reported(stream + APART.replace("DataLoader(y,", f"DataLoader({dataset},") + LOOP)


def test_loaders_with_a_way_of_collating_are_only_reported() -> None:
    assert only_reported(APART.replace("shuffle=True", "shuffle=True, collate_fn=pad") + LOOP)


def test_a_loss_that_is_moved_to_a_device_is_that_loss() -> None:
    assert not silent(f"criterion = torch.nn.MSELoss().cuda(0)\n{APART}{LOOP}")
