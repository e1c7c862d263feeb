"""hard-coded-batch-size, beyond its corpus: what is asked for its size, and when nothing is said."""

from __future__ import annotations

import pytest

from fixer.codemods.data.hard_coded_batch_size import hard_coded_batch_size
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets, transforms

data = TensorDataset(torch.rand(100, 1, 4, 4), torch.rand(100, 1))
loader = DataLoader(data, batch_size=32, shuffle=True)
"""


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[hard_coded_batch_size])
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def test_layers_before_the_view_are_looked_through() -> None:
    body = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())
        self.fc = nn.Linear(8, 1)

    def forward(self, images):
        features = F.dropout(self.conv(images), 0.1)
        return self.fc(features.view(32, -1))


net = Net()
for x, y in loader:
    net(x)
"""
    assert "features.view(features.size(0), -1)" in mended(body)


def test_torchvision_says_how_long_its_data_are() -> None:
    body = """\
digits = datasets.MNIST("data", transform=transforms.ToTensor())
for x, y in DataLoader(digits, batch_size={}):
    x = x.view({}, -1)
"""
    assert "x.view(x.size(0), -1)" in mended(body.format(64, 64))
    assert isinstance(check_source(PRELUDE + body.format(100, 100), rules=[hard_coded_batch_size]), Clean)


def test_a_view_of_something_without_a_name_is_found_and_not_changed() -> None:
    body = "conv = nn.Conv2d(1, 2, 3)\nfor x, y in loader:\n    z = conv(x).view(32, -1)\n"
    result = check_source(PRELUDE + body, rules=[hard_coded_batch_size])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]


@pytest.mark.parametrize(
    "body",
    [
        "for x, y in loader:\n    z = x.view(-1, 16)\n",
        "for x, y in loader:\n    z = x.view(16, -1)\n",
        "for x, y in loader:\n    z = x.view(x.size(0), -1)\n",
        "for x, y in DataLoader(data, batch_size=32, drop_last=True):\n    z = x.view(32, -1)\n",
        "for x, y in DataLoader(data, batch_size=32, drop_last=drop):\n    z = x.view(32, -1)\n",
        "for x, y in DataLoader(data, batch_size=50):\n    z = x.view(50, -1)\n",
        "for x, y in DataLoader(data, batch_sampler=groups):\n    z = x.view(32, -1)\n",
        "def evaluate(loader):\n    for x, y in loader:\n        z = x.view(32, -1)\n",
        "def run(dataset):\n    for x, y in DataLoader(dataset, batch_size=32):\n        z = x.view(32, -1)\n",
        "for x, y in loader:\n    if len(x) < 32:\n        continue\n    z = x.view(32, -1)\n",
        "for i, (x, y) in enumerate(loader):\n    z = x.view(32, -1)\n    if i == 2:\n        break\n",
        "for x, y in loader:\n    z = x.permute(1, 0, 2, 3).reshape(32, -1)\n",
        "ones = torch.ones(32, 1)\nnet = nn.Linear(4, 1)\nprint(F.mse_loss(net(torch.rand(32, 4)), ones))\n",
    ],
)
def test_nothing_is_said_where_it_may_be_right(body: str) -> None:
    assert isinstance(check_source(PRELUDE + body, rules=[hard_coded_batch_size]), Clean)


GAN = """\
import numpy as np

net = nn.Linear(8, 16)
for images, labels in loader:
    {noise}
    out = net(noise)
    out = out.view({sizes})
    F.mse_loss(out, images).backward()
"""


@pytest.mark.parametrize(
    "noise",
    [
        "noise = torch.from_numpy(np.random.normal(0, 1, (images.shape[0], 8))).float()",
        "noise = torch.FloatTensor(np.random.uniform(-1, 1, size=(len(images), 8)))",
        "noise = torch.FloatTensor(images.size(0), 8).normal_()",
        "noise = torch.cat((torch.randn(images.size(0), 6), torch.zeros(images.size(0), 2)), 1)",
    ],
)
def test_rows_may_be_drawn_for_each_sample(noise: str) -> None:
    assert "view(" in mended(GAN.format(noise=noise, sizes="32, 1, 4, 4"))


def test_sizes_may_be_given_as_a_tuple_of_the_file() -> None:
    text = "shape = (1, 4, 4)\n" + GAN.format(noise="noise = torch.randn(len(images), 8)", sizes="32, *shape")
    assert "size(0), *shape" in mended(text)


def test_a_test_on_the_number_of_batches_asks_for_no_size() -> None:
    text = GAN.format(noise="noise = torch.randn(len(images), 8)", sizes="32, 1, 4, 4")
    assert "size(0), 1" in mended(text + "    if labels is not None and len(loader) > 3:\n        print(out)\n")


@pytest.mark.parametrize(
    ("test", "reported"),
    [("step == 0", False), ("step % 100 == 0", False), ("seen > 1000", False), ("shown", True)],
)
def test_nothing_is_said_of_batches_that_a_test_of_their_number_chooses(test: str, reported: bool) -> None:
    body = f"""\
seen = 0
for step, (x, y) in enumerate(loader):
    seen += 1
    if {test}:
        x = x.view(32, -1)
"""
    result = check_source(PRELUDE + body, rules=[hard_coded_batch_size])
    assert isinstance(result, Found if reported else Clean), result


@pytest.mark.parametrize(
    "body",
    [
        "x = x + 0.1 * torch.randn(32, 1, 4, 4)",
        "x = torch.mul(x, torch.rand(32, 1, 1, 1))",
        "x = torch.cat([x, torch.zeros(32, 1, 4, 4)], dim=1)",
        "x = torch.cat((torch.ones(1, 1, 1, 4).expand(32, -1, -1, -1), x), 2)",
    ],
)
def test_what_is_made_for_a_written_number_of_samples_and_meets_a_batch(body: str) -> None:
    assert "x.size(0)" in mended(f"for x, y in loader:\n    {body}\n    print(x.mean())\n")


@pytest.mark.parametrize(
    "body",
    [
        "x = x * torch.ones(32)",  # one for each column
        "x = x.flatten(2) * torch.ones(32, 16)",  # a dimension less
        "x = torch.cat([x, torch.zeros(32, 1, 4, 4)], dim=0)",
        "x = x + torch.randn(64, 1, 4, 4)[: len(x)]",
        "z = torch.randn(32, 5)",
    ],
)
def test_what_is_made_for_another_number_is_left_alone(body: str) -> None:
    result = check_source(
        f"{PRELUDE}for x, y in loader:\n    {body}\n    print(x.mean())\n", rules=[hard_coded_batch_size]
    )
    assert isinstance(result, Clean), result
