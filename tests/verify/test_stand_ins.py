"""Datasets of torchvision that are not on this machine: what takes their place is of the right kind, and learnable."""

from __future__ import annotations

import pytest

from tests.verify.running import Bench, bench, trials

__all__ = ["bench", "trials"]

# what to build: its length, the image's mode and size, and what the target must be
ARRAYS = {
    'EMNIST("d", "letters", train=True, download=True)': (124800, "L", (28, 28), "1 <= y <= 26"),
    'EMNIST("d", split="balanced", train=False)': (18800, "L", (28, 28), "0 <= y < 47 == len(d.classes)"),
    'QMNIST("d", what="test10k", download=True)': (10000, "L", (28, 28), "0 <= y < 10"),
    'QMNIST("d", train=True, compat=False)': (60000, "L", (28, 28), "y.shape == (8,)"),
    'SVHN("d", "test", None, None, True)': (26032, "RGB", (32, 32), "0 <= y < 10"),
    'STL10("d", split="train", folds=2)': (1000, "RGB", (96, 96), "0 <= y < 10"),
    'STL10("d", split="unlabeled", download=True)': (5787, "RGB", (96, 96), "y == -1"),
    'USPS("d", train=False)': (2007, "L", (16, 16), "0 <= y < 10"),
}
PICTURES = {
    'Caltech101("d", download=True)': (8677, "RGB", (300, 200), "0 <= y < 101"),
    'Caltech101("d", ["category", "annotation"])': (8677, "RGB", (300, 200), "y[1].shape == (2, 4)"),
    'Flowers102("d", "val")': (1020, "RGB", (600, 500), "0 <= y < 102"),
    'Food101("d", split="test")': (25250, "RGB", (512, 384), "0 <= y < 101 == len(d.classes)"),
    'GTSRB("d", download=True)': (26640, "RGB", (48, 48), "0 <= y < 43"),
    'EuroSAT("d", download=True)': (27000, "RGB", (64, 64), "0 <= y < 10 == len(d.classes)"),
    'LFWPeople("d", split="train")': (9525, "RGB", (250, 250), "0 <= y < 5749"),
    'CelebA("d", "valid")': (19867, "RGB", (178, 218), "y.shape == (40,) and set(y.tolist()) <= {0, 1}"),
    'CelebA("d", target_type=["identity", "bbox", "landmarks"])': (
        162770,
        "RGB",
        (178, 218),
        "int(y[0]) > 0 and y[1].shape == (4,) and y[2].shape == (10,)",
    ),
    'OxfordIIITPet("d")': (3680, "RGB", (400, 300), "0 <= y < 37"),
    'OxfordIIITPet("d", "test", ["binary-category", "segmentation"])': (
        3669,
        "RGB",
        (400, 300),
        "y[0] in (0, 1) and y[1].mode == 'L' and y[1].size == x.size and set(y[1].getdata()) == {1, 2, 3}",
    ),
    'VOCSegmentation("d", image_set="val")': (1449, "RGB", (500, 375), "y.mode == 'P' and 255 in set(y.getdata())"),
    'VOCSegmentation("d", "2007", "test", True)': (210, "RGB", (500, 375), "len(set(y.getdata())) == 3"),
    'Cityscapes("d", split="val", target_type="semantic")': (
        500,
        "RGB",
        (2048, 1024),
        "y.mode == 'L' and y.size == x.size",
    ),
    'Cityscapes("d", target_type=["instance", "color", "polygon"])': (
        2975,
        "RGB",
        (2048, 1024),
        "y[0].mode == 'I' and y[1].mode == 'RGBA' and y[2]['objects']",
    ),
}
CHECK = """
d = datasets.{code}
x, y = d[3]
assert (len(d), x.mode, x.size) == ({length}, {mode!r}, {size}), (len(d), x.mode, x.size)
assert {target}, y
assert list(x.getdata()) == list(d[3][0].getdata()) != list(d[4][0].getdata())
"""


@pytest.mark.parametrize("table", [ARRAYS, PICTURES], ids=["arrays", "pictures"])
def test_samples_are_those_of_the_real_data_in_kind_and_number(
    bench: Bench, table: dict[str, tuple[object, ...]]
) -> None:
    checks = [
        CHECK.format(code=code, length=length, mode=mode, size=size, target=target)
        for code, (length, mode, size, target) in table.items()
    ]
    trace = bench.run("from torchvision import datasets\n" + "".join(checks))
    assert trace.crash is None, trace.crash
    assert len(trace.replaced) == len({code.partition("(")[0] for code in table})


def test_wrong_arguments_stay_wrong(bench: Bench) -> None:
    trace = bench.run(
        """
from torchvision import datasets
for wrong in (
    lambda: datasets.SVHN("d", split="valid"),
    lambda: datasets.Flowers102("d", split="trainval"),
    lambda: datasets.OxfordIIITPet("d", target_types="mask"),
    lambda: datasets.VOCSegmentation("d", image_set="test"),
    lambda: datasets.GTSRB("d", train=True),
):
    try: wrong()
    except (TypeError, ValueError) as error: print(type(error).__name__)
"""
    )
    assert trace.stdout_tail == "ValueError\n" * 4 + "TypeError\n"
    assert not trace.replaced


SEGMENTATION = """
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T
from torchvision.transforms import InterpolationMode
image = T.Compose([T.Resize((32, 32)), T.ToTensor()])
mask = T.Compose([T.Resize((32, 32), InterpolationMode.NEAREST), T.PILToTensor()])
data = datasets.OxfordIIITPet("d", target_types="segmentation", transform=image, target_transform=mask, download=True)
model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 3, 3, padding=1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
for x, y in DataLoader(data, batch_size=8, shuffle=True):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y[:, 0].long() - 1).backward()
    optimizer.step()
"""
CLASSES = """
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T
data = datasets.EuroSAT("d", transform=T.Compose([T.Resize(16), T.RandomHorizontalFlip(), T.ToTensor()]))
model = nn.Sequential(nn.Conv2d(3, 32, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for x, y in DataLoader(data, batch_size=32, shuffle=True):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
"""


@pytest.mark.parametrize("source", [SEGMENTATION, CLASSES], ids=["masks", "classes"])
def test_they_can_be_learned(bench: Bench, source: str) -> None:
    trace = bench.run(source)
    assert trace.crash is None, trace.crash
    losses = trace.series["loss 1"]
    assert sum(losses[-5:]) < 0.75 * sum(losses[:5])


def test_data_that_are_there_are_used(bench: Bench) -> None:
    trace = bench.run(
        """
import os
from PIL import Image
from torchvision import datasets
os.makedirs("d/gtsrb/GTSRB/Training/00000")
Image.new("RGB", (9, 9)).save("d/gtsrb/GTSRB/Training/00000/a.ppm")
found = datasets.GTSRB("d")
print(len(found), found[0][0].size, found[0][1])
"""
    )
    assert trace.crash is None, trace.crash
    assert trace.stdout_tail == "1 (9, 9) 0\n"
    assert not trace.replaced
