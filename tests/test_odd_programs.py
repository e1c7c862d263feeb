"""Programs that no person means, each of which once made a rule raise: nothing may be said of them but what is true."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from fixer import check_source, registry, remove
from fixer.results import Failed
from fixer.rewrite import rewriter

HEAD = """\
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset, Subset, random_split
from torchvision import datasets, transforms
rows = TensorDataset(torch.randn(100, 6), torch.zeros(100).long())
"""
LOOP = """
model = nn.Linear(6, 2)
optimizer = optim.SGD(model.parameters(), lr=0.1)
for epoch in {rounds}:
    for x, y in {loader}:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
"""
STEPS = """\
steps = transforms.Compose([
    transforms.ToTensor(),  # first
    transforms.RandomHorizontalFlip(),
    transforms.Resize(8),
    transforms.Normalize((0.5,), (0.5,)),
])
data = datasets.MNIST("data", transform=steps)
"""
ITEMS = """
class Items(torch.utils.data.Dataset):
    def __init__(self):
        self.x = torch.randn(50, 3, 8, 8)
        self.steps = transforms.RandomHorizontalFlip()

    def __len__(self):
        return 50

    def __getitem__(self, i):
        return self.steps(self.x[i]), self.steps(self.x[i])

train, test = DataLoader(Items(), 5, shuffle=True), DataLoader(Items(), 5)
"""
LOADER = "DataLoader(rows, batch_size=10, shuffle=False)"
ODD = {
    "a range without bounds": LOOP.format(rounds="range(**5)", loader=LOADER),
    "a range of too many bounds": LOOP.format(rounds="range(1, 2, 3, 4)", loader=LOADER),
    "a range that is longer than a list can be": LOOP.format(rounds="range(10**30)", loader=LOADER),
    "batches of nothing": LOOP.format(rounds="range(3)", loader="DataLoader(rows, batch_size=0)"),
    "batches of less than nothing": LOOP.format(rounds="range(3)", loader="DataLoader(rows, batch_size=-4)"),
    "a subset of no range": LOOP.format(rounds="range(3)", loader="DataLoader(Subset(rows, range()), 4)"),
    "an infinite share": "a, b = random_split(rows, [1e999, 0.5])"
    + LOOP.format(rounds="range(3)", loader="DataLoader(a)"),
    "an infinite bound": "a, b = rows[:1e999], rows[10:]" + LOOP.format(rounds="range(3)", loader="DataLoader(a)"),
    "an infinite size": "y = nn.Sequential(nn.Upsample(scale_factor=1e999), nn.Linear(3, 4))(torch.randn(1, 3, 8))",
    "a shuffle by nothing": "y = nn.Sequential(nn.PixelShuffle(0), nn.Conv2d(3, 4, 3))(torch.randn(1, 3, 8, 8))",
    "shares without a dataset by position": "a, b = random_split(lengths=[0.5, 0.5], dataset=rows)"
    + LOOP.format(rounds="range(3)", loader="DataLoader(a)"),
    "a sample that has itself in a tuple": ITEMS.replace("self, i", "*self, i"),
    "a sample without itself": ITEMS.replace("self, i", ""),
    "a sample that is unpacked": ITEMS.replace("self.steps(self.x[i])", "self.steps(*self.x[i])"),
    "lines that end as on an old Mac": STEPS.replace("\n", "\r"),
    "a form feed in the midst": "\f"
    + STEPS.replace("[\n", "[\n\f").replace("    transforms.Resize", "\f    transforms.Resize"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_program_is_judged(name: str) -> None:
    head = HEAD.replace("\n", "\r") if "\r" in ODD[name] else HEAD
    result = check_source(head + ODD[name], rules=[replace(rule, needs=("",)) for rule in registry.rules()])
    assert not isinstance(result, Failed), result


def test_a_pattern_whose_white_space_has_no_place_is_rewritten() -> None:
    text = "match x:\n    case {}:\n        y = 0\n"
    assert rewriter("a = 1\n" + text).apply([remove(ast.parse("a = 1\n" + text).body[0])]) == text
