"""Symptoms of batches and splits, each on a program that has the defect and on some that come near it."""

from __future__ import annotations

import pytest

from tests.verify.running import Bench, bench, shown, trials

__all__ = ["bench", "trials"]

EPOCHS = """
from torch.utils.data import DataLoader, Dataset, IterableDataset, Sampler, SequentialSampler, TensorDataset
class Noisy(Dataset):
    def __len__(self): return 64
    def __getitem__(self, i): return X[i] + torch.randn(4), y[i]
class Stream(IterableDataset):
    def __iter__(self): return zip(X, y)
class Curriculum(Sampler):
    def __iter__(self): return iter(X.sum(1).argsort().tolist())
    def __len__(self): return 64
{before}
for epoch in range(3):
    for a, b in {loader}:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
"""
DATA = "TensorDataset(X, y)"
ORDERS = {
    "in order": (f"loader = DataLoader({DATA}, batch_size=8)", "loader", True),
    "in order, with workers": (f"loader = DataLoader({DATA}, batch_size=16, num_workers=1)", "loader", True),
    "a loader for each epoch": (f"data = {DATA}", "DataLoader(data, batch_size=8)", True),
    "shuffled from one seed again and again": (
        f"data = {DATA}",
        "DataLoader(data, batch_size=8, shuffle=True, generator=torch.Generator().manual_seed(1))",
        True,
    ),
    "shuffled": (f"loader = DataLoader({DATA}, batch_size=8, shuffle=True)", "loader", False),
    "whole set at once": (f"loader = DataLoader({DATA}, batch_size=64)", "loader", False),
    "two batches": (f"loader = DataLoader({DATA}, batch_size=32)", "loader", False),
    "other noise in each epoch": ("loader = DataLoader(Noisy(), batch_size=8)", "loader", False),
    "stream": ("loader = DataLoader(Stream(), batch_size=8)", "loader", False),
    "own sampler": (f"loader = DataLoader({DATA}, batch_size=8, sampler=Curriculum())", "loader", False),
    "recurrent": (f"memory = nn.LSTM(4, 4); loader = DataLoader({DATA}, batch_size=8)", "loader", False),
    "the same samples over and over": (
        "loader = DataLoader(TensorDataset(torch.zeros(64, 4), y), batch_size=8)",
        "loader",
        False,
    ),
    "two epochs": (f"loader = DataLoader({DATA}, batch_size=8)", "(loader if epoch else [])", False),
    "one epoch": (
        f"import itertools; loader = itertools.chain(DataLoader({DATA}, batch_size=8))",
        "itertools.islice(loader, 8)",
        False,
    ),
}


@pytest.mark.parametrize("name", ORDERS)
def test_the_order_of_epochs(bench: Bench, name: str) -> None:
    before, loader, repeated = ORDERS[name]
    trace = bench.train(EPOCHS.format(before=before, loader=loader))
    assert shown(trace) == ({"repeated-epoch-order"} if repeated else set()), trace.symptoms
    if repeated:
        assert trace.symptoms["repeated-epoch-order"].shown == trace.symptoms["repeated-epoch-order"].checked == 2
    elif name in ("shuffled", "other noise in each epoch"):
        assert trace.symptoms["repeated-epoch-order"].checked == 2


def test_evaluation_may_keep_its_order(bench: Bench) -> None:
    trace = bench.train(
        EPOCHS.format(before="test = TensorDataset(X + 1, y)", loader=f"DataLoader({DATA}, batch_size=8, shuffle=True)")
        + """
    with torch.no_grad():
        for a, b in DataLoader(test, batch_size=8): nn.functional.mse_loss(model(a), b)
"""
    )
    assert shown(trace) == set()


AUGMENTED = """
import random
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torchvision import transforms
from torchvision.transforms import v2
images, labels = torch.rand(48, 3, 8, 8), torch.randint(2, (48,))
model = nn.Sequential(nn.Flatten(), nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
class Flipped(Dataset):
    def __len__(self): return 48
    def __getitem__(self, i): return flip(images[i]), labels[i]
class Clips(Dataset):
    def __len__(self): return 48
    def __getitem__(self, i): return flip(images[i].expand(4, 3, 8, 8)), labels[i]
flip = {transform}
for epoch in range(2):
    for x, y in DataLoader({data}, batch_size=8, shuffle=True):
        {change}
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
"""
IMAGES = "TensorDataset(images, labels)"
DRAWS = {
    "flips": ("transforms.RandomHorizontalFlip()", IMAGES, "x = flip(x)", True),
    "a chain of the second kind": (
        "v2.Compose([v2.Resize(8), v2.RandomRotation(10), v2.ColorJitter(0.2)])",
        IMAGES,
        "x = flip(x)",
        True,
    ),
    "modules in a row": ("nn.Sequential(transforms.RandomCrop(8, padding=1))", IMAGES, "x = flip(x)", True),
    "in the dataset": ("transforms.RandomHorizontalFlip()", "Flipped()", "pass", False),
    "sample by sample": (
        "transforms.RandomHorizontalFlip()",
        IMAGES,
        "x = torch.stack([flip(image) for image in x])",
        False,
    ),
    "normalised in the loop": ("v2.Normalize([0.5] * 3, [0.2] * 3)", IMAGES, "x = flip(x)", False),
    "mixup": ("v2.MixUp(num_classes=2)", IMAGES, "x, y = flip(x, y)", False),
    "frames of a clip": ("v2.RandomHorizontalFlip()", "Clips()", "x = x[:, 0]", False),
    "frames of a clip, in the loop": (
        "v2.RandomHorizontalFlip()",
        IMAGES,
        "x = torch.stack([flip(image.expand(4, 3, 8, 8))[0] for image in x])",
        False,
    ),
    "one size for the batch": (
        "v2.RandomResize(7, 10)",
        IMAGES,
        "x = nn.functional.interpolate(flip(x), (8, 8))",
        False,
    ),
    "shown, not trained on": (
        "transforms.RandomHorizontalFlip()",
        IMAGES,
        "shown_to_people = flip(images[:16])",
        False,
    ),
}


@pytest.mark.parametrize("name", DRAWS)
def test_random_transforms_of_whole_batches(bench: Bench, name: str) -> None:
    transform, data, change, shared = DRAWS[name]
    trace = bench.train(AUGMENTED.format(transform=transform, data=data, change=change))
    assert shown(trace) == ({"batch-shares-draw"} if shared else set()), trace.symptoms
    symptom = trace.symptoms["batch-shares-draw"]
    assert (symptom.shown, symptom.checked) == (12 if shared else 0, 12)


SPLIT = """
import numpy
from torch.utils.data import DataLoader, Dataset, Subset, SubsetRandomSampler, TensorDataset, random_split
class Rows(Dataset):
    def __init__(self, x, y): self.x, self.y = x, y
    def __len__(self): return len(self.x)
    def __getitem__(self, i): return self.x[i], self.y[i]
both = TensorDataset(X, y)
A, B = numpy.random.rand(64, 4).astype("float32"), numpy.random.rand(64, 1).astype("float32")
where = torch.randperm(64)
{split}
if "trained" not in vars(): trained, tested = DataLoader(train, 12, shuffle=True), DataLoader(test, 4)
for epoch in range(3):
    model.train()
    for a, b in trained:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for a, b in tested: nn.functional.mse_loss(model(a), b)
"""
SPLITS = {
    "slices": ("train, test = TensorDataset(X[:48], y[:48]), TensorDataset(X[40:], y[40:])", 8),
    "own dataset": ("train, test = Rows(X[:48], y[:48]), Rows(X[47:], y[47:])", 1),
    "arrays": (
        "train = TensorDataset(torch.tensor(A[:48]), torch.tensor(B[:48]))\n"
        "test = TensorDataset(torch.from_numpy(A[40:]), torch.from_numpy(B[40:]))",
        8,
    ),
    "copied rows": ("train, test = Rows(A[where[:48]], B[where[:48]]), Rows(A[where[44:]], B[where[44:]])", 4),
    "indices": ("train, test = Subset(both, range(48)), Subset(both, range(30, 60))", 18),
    "parts of parts": (
        "rest, test = Subset(both, range(50)), Subset(both, range(45, 64))\ntrain = Subset(rest, range(48))",
        3,
    ),
    "samplers": (
        "trained = DataLoader(both, 12, sampler=SubsetRandomSampler(where[:48].tolist()))\n"
        "tested = DataLoader(both, 4, sampler=SubsetRandomSampler(where[46:].tolist()))",
        2,
    ),
    "slices side by side": ("train, test = TensorDataset(X[:48], y[:48]), TensorDataset(X[48:], y[48:])", 0),
    "copied rows side by side": (
        "train, test = Rows(A[where[:48]], B[where[:48]]), Rows(A[where[48:]], B[where[48:]])",
        0,
    ),
    "random split": ("train, test = random_split(both, [48, 16])", 0),
    "samplers side by side": (
        "trained = DataLoader(both, 12, sampler=SubsetRandomSampler(where[:48].tolist()))\n"
        "tested = DataLoader(both, 4, sampler=SubsetRandomSampler(where[48:].tolist()))",
        0,
    ),
    "error on training data": ("train = test = both", None),
    "error on some training data": ("train, test = both, Subset(both, range(16))", None),
    "all data at the end": ("train, test = Subset(both, range(48)), both", None),
    "few different rows": (
        "few = (X > 0).float()\n"
        "train, test = Rows(few[where[:48]], y[where[:48]]), Rows(few[where[40:]], y[where[40:]])",
        None,
    ),
    "windows that look back": (
        """
series = torch.sin(torch.arange(90.0) ** 1.5)
class Windows(Dataset):
    def __init__(self, values): self.values = values
    def __len__(self): return len(self.values) - 4
    def __getitem__(self, i): return self.values[i:i + 4], self.values[i + 4:i + 5]
train, test = Windows(series[:60]), Windows(series[56:])""",
        None,
    ),
    "other rows of the same table": (
        "windows = torch.randn(100).unfold(0, 4, 1)\n"
        "train, test = TensorDataset(windows[:48], y[:48]), TensorDataset(windows[48:64], y[48:])",
        0,
    ),
}


@pytest.mark.parametrize("name", SPLITS)
def test_samples_on_both_sides_of_a_split(bench: Bench, name: str) -> None:
    split, count = SPLITS[name]
    trace = bench.train(SPLIT.format(split=split))
    assert shown(trace) == ({"split-overlap"} if count else set()), trace.symptoms
    symptom = trace.symptoms.get("split-overlap")
    assert (symptom is None) == (count is None), symptom
    if count and symptom:
        assert symptom.detail.startswith(f"{count} of ")


def test_folds_are_no_overlap(bench: Bench) -> None:
    trace = bench.train(
        """
from torch.utils.data import DataLoader, Subset, TensorDataset
data = TensorDataset(X, y)
for fold in range(3):
    order = torch.randperm(64).tolist()
    for a, b in DataLoader(Subset(data, order[:48]), 12):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
    with torch.no_grad():
        for a, b in DataLoader(Subset(data, order[48:]), 8): nn.functional.mse_loss(model(a), b)
"""
    )
    assert shown(trace) == set() and "split-overlap" not in trace.symptoms


def test_losses_are_the_same_with_and_without_the_looks(bench: Bench) -> None:
    body = AUGMENTED.format(transform=DRAWS["flips"][0], data=IMAGES, change="x = flip(x)")
    body += "        print(float(x.sum()).hex(), model[1].weight.double().sum().item().hex())\n"
    watched, alone = bench.train(body), bench.train(body, observe=False)
    assert watched.stdout_tail == alone.stdout_tail != ""
