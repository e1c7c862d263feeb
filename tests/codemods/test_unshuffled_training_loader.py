"""unshuffled-training-loader on fragments: which loaders train, and whose order is their own."""

from __future__ import annotations

import pytest

from fixer.codemods.data.unshuffled_training_loader import unshuffled_training_loader
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import glob
import numpy as np
import pandas as pd
import torch
import torchvision
from torch.utils.data import ConcatDataset, DataLoader, Dataset, TensorDataset

model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.linspace(0, 1, 100)[:, None], torch.linspace(0, 2, 100)[:, None]
"""
LOOP = """
for epoch in range(3):
    for a, b in loader:
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
"""


def silent(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[unshuffled_training_loader])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


@pytest.mark.parametrize(
    "dataset",
    [
        "TensorDataset(x, y)",
        "TensorDataset(x[:80], y[:80])",
        "TensorDataset(torch.randn(100, 1), y)",
        "TensorDataset(torch.from_numpy(np.load('x.npy')), torch.from_numpy(np.load('y.npy')))",
        "torchvision.datasets.MNIST('data', transform=torchvision.transforms.ToTensor())",
        "torchvision.datasets.ImageFolder('data')",
        "torchvision.datasets.VOCDetection('data', target_transform=boxes)",
        "torch.utils.data.Subset(TensorDataset(x, y), range(80))",
    ],
)
def test_the_loader_of_data_with_an_order_of_their_own_is_shuffled(dataset: str) -> None:
    body = f"loader = DataLoader({dataset}, batch_size=10)\n{LOOP}"
    result = fix_source(PRELUDE + body, rules=[unshuffled_training_loader])
    assert isinstance(result, Fixed)
    assert f"DataLoader({dataset}, batch_size=10, shuffle=True)" in result.fixed


@pytest.mark.parametrize(
    "dataset",
    [
        "TensorDataset(torch.randn(100, 1), torch.randn(100, 1))",
        "torch.utils.data.Subset(TensorDataset(x, y), chosen)",
        "torchvision.datasets.FakeData(100)",
        "load_dataset('imdb')",
    ],
)
def test_data_in_random_or_unknown_order_are_left_alone(dataset: str) -> None:
    assert silent(f"from datasets import load_dataset\nloader = DataLoader({dataset}, batch_size=10)\n{LOOP}")


@pytest.mark.parametrize(
    "arguments",
    [
        "batch_size=10, shuffle=False",
        "batch_size=10, shuffle=flag",
        "batch_size=10, sampler=balanced",
        "batch_sampler=buckets",
        "batch_size=None",
        "batch_size=100",
        "batch_size=len(x)",
        "batch_size=10, **options",
    ],
)
def test_a_loader_whose_order_was_thought_of_is_left_alone(arguments: str) -> None:
    assert silent(f"loader = DataLoader(TensorDataset(x, y), {arguments})\n{LOOP}")


def test_one_epoch_has_no_order_to_repeat() -> None:
    assert silent("loader = DataLoader(TensorDataset(x, y), batch_size=10)\n" + LOOP.replace("range(3)", "range(1)"))


def test_a_loop_without_a_step_for_each_batch_sees_no_order() -> None:
    body = """
loader = DataLoader(TensorDataset(x, y), batch_size=10)
for epoch in range(3):
    optimizer.zero_grad()
    for a, b in loader:
        torch.nn.functional.mse_loss(model(a), b).backward()
    optimizer.step()
"""
    assert silent(body)


def test_a_call_that_makes_the_evaluation_loader_too_is_left_alone() -> None:
    body = """
def make(dataset):
    return DataLoader(dataset, batch_size=10)
loader, test_loader = make(TensorDataset(x[:80], y[:80])), make(TensorDataset(x[80:], y[80:]))
"""
    assert silent(
        body + LOOP + "    print(sum(model(a).sum() for a, b in test_loader))\n" + "print(list(test_loader))\n"
    )


def test_a_loader_handed_out_of_sight_is_left_alone() -> None:
    body = "from engine import attach\nloader = DataLoader(TensorDataset(x, y), batch_size=10)\nattach(model, loader)\n"
    assert silent(body + LOOP)


@pytest.mark.parametrize("mixing", ["rng.shuffle(rows)", "order = torch.randperm(100)", "# a sliding window"])
def test_programs_that_see_to_the_order_themselves_are_left_alone(mixing: str) -> None:
    assert silent(f"{mixing}\nloader = DataLoader(TensorDataset(x, y), batch_size=10)\n{LOOP}")


OWN = """
class Files(Dataset):
    def __init__(self, table):
        {init}

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        {item}

loader = DataLoader(Files({given}), batch_size=10)
"""


@pytest.mark.parametrize(
    ("init", "item", "given", "found"),
    [
        ("self.rows = pd.read_csv(table)", "return self.rows.iloc[index, 1:]", "'a.csv'", True),
        ("self.rows = sorted(glob.glob(table))", "return torch.load(self.rows[index])", "'*.pt'", True),
        ("self.rows = table", "return self.rows[index], self.rows[index]", "x", True),
        ("self.rows = table", "return self.rows[index], 0", "fetch()", False),
        ("self.rows = table", "return self.rows[torch.randint(9, (1,))], index", "x", False),
        ("self.rows = table", "return make(index)", "x", False),
    ],
)
def test_a_dataset_of_the_file_has_the_order_of_what_it_reads(init: str, item: str, given: str, found: bool) -> None:
    assert silent(OWN.format(init=init, item=item, given=given) + LOOP) is not found
