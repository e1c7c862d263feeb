"""What loaders are said to yield, held against what they yield."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch

from fixer.facts.data.batches import batches
from fixer.facts.script import Script
from fixer.facts.tensors.arrays import array

PRELUDE = """
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset, random_split
from torchvision import datasets, transforms
from torchvision.transforms import v2
x, y = torch.randn(50, 3, 8), torch.randint(0, 4, (50,))
pairs = TensorDataset(x, y)
class Images(Dataset):
    def __init__(self, transform=None, grey=False):
        self.images = np.random.randint(0, 256, (20, 9, 7, 3), dtype=np.uint8)
        self.transform, self.grey = transform, grey
    def __len__(self):
        return len(self.images)
    def __getitem__(self, i):
        image = self.images[i]
        if self.transform is not None:
            image = self.transform(image)
        if self.grey:
            image = image.mean(0, keepdim=True)
        return {"image": image, "label": i % 2}
def fake(transform):
    return DataLoader(datasets.FakeData(12, (3, 20, 30), 3, transform=transform), batch_size=4)
Compose, T = transforms.Compose, transforms
to_tensor = transforms.ToTensor()
"""
LOADERS = """
DataLoader(pairs, batch_size=16)
DataLoader(pairs, 16, drop_last=True)
DataLoader(pairs, batch_size=25, shuffle=True)
DataLoader(pairs)
DataLoader(pairs, batch_size=80)
DataLoader(TensorDataset(x[:30]), batch_size=10)
DataLoader(random_split(pairs, [40, 10])[0], batch_size=8)
DataLoader(random_split(pairs, [0.7, 0.3])[1], batch_size=8)
DataLoader(Subset(pairs, range(5, 12)), batch_size=2)
DataLoader(Images(), batch_size=4)
DataLoader(Images(transforms.ToTensor()), batch_size=4)
DataLoader(Images(transform=to_tensor, grey=True), batch_size=6)
DataLoader(datasets.FakeData(30, (1, 8, 8), 5, transform=transforms.ToTensor()), batch_size=7)
DataLoader(datasets.FakeData(10, (1, 8, 8), 5, transforms.Compose([transforms.ToTensor()])), 5)
fake(Compose([T.Resize(10), to_tensor]))
fake(Compose([T.Resize((9, 11)), T.Grayscale(), to_tensor]))
fake(Compose([T.CenterCrop(16), T.Pad(2), to_tensor]))
fake(Compose([to_tensor, T.Lambda(lambda t: t.view(-1))]))
fake(Compose([T.RandomRotation(10), T.RandomCrop((5, 6)), T.PILToTensor()]))
fake(Compose([v2.ToImage(), v2.RandomResizedCrop(8), v2.ToDtype(torch.float32, scale=True)]))
""".strip().splitlines()


def looked_at(script: Script) -> list[Any]:
    calls = [each for each in script.run.calls if getattr(each.node.func, "id", "") == "look"]
    return [array(each) for each in calls[0].arguments.positional]


def leaves(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    return [leaf for each in (value.values() if isinstance(value, dict) else value) for leaf in leaves(each)]


def parts(value: Any) -> list[Any]:
    items = getattr(value, "items", None)
    if items is None:
        return [value]
    return list(items.values()) if isinstance(items, dict) else list(items)


@pytest.mark.parametrize("text", LOADERS)
def test_every_batch_is_what_is_said(text: str) -> None:
    script = Script.parse(f"{PRELUDE}loader = {text}\n")
    said = batches(script.run.module.values["loader"])
    seen: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(f"{PRELUDE}loader = {text}\n", seen)
    real = [leaves(batch) for batch in seen["loader"]]
    assert said is not None and said.value is not None
    assert (said.length, said.batch_size) == (len(seen["loader"].dataset), seen["loader"].batch_size)
    sizes = {len(batch[0]) for batch in real}
    assert said.varies is (len(sizes) > 1)
    assert said.size == (None if said.varies else sizes.pop())
    known = [array(each) for each in parts(said.value)]
    assert len(known) == len(real[0])
    for each, tensor in zip(known, real[0], strict=True):
        assert each is not None and each.shape is not None
        assert each.shape[1:] == tuple(tensor.shape[1:])
        assert each.dtype == str(tensor.dtype).removeprefix("torch.")


@pytest.mark.parametrize(
    "text",
    [
        "DataLoader(pairs, batch_size=8, collate_fn=list)",
        "DataLoader(pairs, batch_size=None)",
        "DataLoader(pairs, batch_size=8, transform=to_tensor)",
        "DataLoader(pairs, **options)",
        "make_loader(pairs)",
    ],
)
def test_nothing_is_said_of_loaders_that_make_batches_in_their_own_way(text: str) -> None:
    script = Script.parse(f"{PRELUDE}loader = {text}\nfor a, b in loader:\n    look(a)\n")
    assert batches(script.run.module.values["loader"]) is None
    assert looked_at(script) == [None]


def test_the_size_of_the_batch_is_open_where_the_last_one_is_smaller() -> None:
    loop = "for i, (a, b) in enumerate(DataLoader(pairs, batch_size={})):\n    look(a, b)\n"
    for size, expected in ((16, None), (10, 10)):
        script = Script.parse(PRELUDE + loop.format(size))
        known = looked_at(script)
        assert [each.shape for each in known if each] == [(expected, 3, 8), (expected,)]
        assert [each.dtype for each in known if each] == ["float32", "int64"]


def test_the_first_batch_taken_by_hand_is_a_batch() -> None:
    script = Script.parse(f"{PRELUDE}a, b = next(iter(DataLoader(pairs, batch_size=10)))\nlook(a)\n")
    assert [each.shape for each in looked_at(script)] == [(10, 3, 8)]
