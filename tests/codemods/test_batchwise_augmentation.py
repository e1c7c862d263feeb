"""Which calls of a random transform are calls on a batch, and how they are taken apart."""

from __future__ import annotations

import pytest

from fixer.codemods.data.batchwise_augmentation import batchwise_augmentation
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Diagnostic, Fixed, Found

HEAD = """import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torchvision import transforms as T
from torchvision.transforms import v2

data = TensorDataset(torch.rand(32, 3, 8, 8), torch.randint(0, 2, (32,)))
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
LOOP = """t = {transform}
for x, y in {loader}:
    {change}
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
"""
LOADER = "DataLoader(data, batch_size=8)"


def findings(body: str) -> tuple[Diagnostic, ...]:
    result = check_source(HEAD + body, rules=[batchwise_augmentation])
    assert isinstance(result, Found | Clean), result
    return result.diagnostics if isinstance(result, Found) else ()


def loop(transform: str = "T.RandomVerticalFlip()", loader: str = LOADER, change: str = "x = t(x)") -> str:
    return LOOP.format(transform=transform, loader=loader, change=change)


@pytest.mark.parametrize(
    "body",
    [
        loop(),
        loop("v2.RandomRotation(10)"),
        loop("torch.nn.Sequential(T.ColorJitter(0.2))"),
        loop("T.RandomApply([T.GaussianBlur(3)])"),
        loop(change="x = t(x.to('cpu', non_blocking=True).float() / 255)"),
        loop(change="x = t(T.Normalize([0.5], [0.5])(x))"),
        loop(loader="DataLoader(data, size)"),
        loop(change="if augmenting:\n        x = t(x)"),
    ],
)
def test_found_on_the_inputs_of_a_batch(body: str) -> None:
    assert len(findings(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        loop("T.Normalize([0.5], [0.5])"),
        loop("T.RandomRotation(10, expand=True)"),
        loop("T.Compose([v2.ScaleJitter((8, 8)), T.RandomHorizontalFlip()])"),
        loop("T.RandomVerticalFlip() if flipping else T.Resize(8)"),
        loop(loader="DataLoader(data)"),
        loop(loader="DataLoader(data, batch_size=1)"),
        loop(loader="DataLoader(data, batch_size=None)"),
        loop(loader="DataLoader(data, batch_size=8, collate_fn=by_hand)"),
        loop(loader="read_batches()"),
        loop(change="x = torch.stack(list(map(t, x)))"),
        loop(change="x = t(x[0]).expand_as(x)"),
        loop(change="x, other = t(x), t(x)"),
        f"t = T.RandomVerticalFlip()\nfor x, y in {LOADER}:\n    print(model(t(x)))\n",
        "def flip(x):\n    return T.RandomVerticalFlip()(x)\nshow(flip(data[0][0]))\n" + loop(change="x = flip(x)"),
    ],
)
def test_what_is_no_batch_or_no_shared_draw_is_left_alone(body: str) -> None:
    assert not findings(body)


def test_a_script_that_only_prepares_training_data_is_looked_at_too() -> None:
    body = f"t = T.RandomHorizontalFlip()\ntrain_loader = {LOADER}\nfor x, y in train_loader:\n    x = t(x)\n"
    assert len(findings(body)) == 1
    assert not findings(body.replace("train_loader", "loader"))


def test_every_image_gets_a_draw_of_its_own() -> None:
    result = fix_source(HEAD + loop(change="x = t(x); seen = x"), rules=[batchwise_augmentation], unsafe=True)
    assert isinstance(result, Fixed)
    space: dict[str, object] = {}
    torch_seeded = result.fixed.replace("for x, y", "torch.manual_seed(0)\nfor x, y")
    exec(compile(torch_seeded, "fixed.py", "exec"), space)
    originals = {tuple(image.flatten().tolist()) for image in space["data"].tensors[0]}  # type: ignore[attr-defined]
    kept = [tuple(image.flatten().tolist()) in originals for image in space["seen"]]  # type: ignore[attr-defined]
    assert {True, False} == set(kept)


def test_names_that_are_taken_are_not_taken_again() -> None:
    body = "image = 1\n" + loop(change="x = t(x)")
    plain = fix_source(HEAD + body, rules=[batchwise_augmentation], unsafe=True)
    assert isinstance(plain, Fixed)
    assert "torch.stack([t(image2) for image2 in x])" in plain.fixed


def alternative(body: str) -> str | None:
    (finding,) = findings(body)
    return finding.alternatives[0].title if finding.alternatives else None


def test_the_dataset_may_transform_where_training_alone_draws_from_the_loader() -> None:
    named = "loader = DataLoader(data, batch_size=8)\nt = T.RandomVerticalFlip()\n"
    training = loop(loader="loader").partition("\n")[2]
    assert alternative("t = T.RandomVerticalFlip()\n" + "loader = DataLoader(data, batch_size=8)\n" + training) == (
        "Draw from a dataset that transforms (TransformedDataset)"
    )
    assert alternative(named + training) is None  # the transform is made behind the loader
    evaluation = "with torch.no_grad():\n    for x, y in loader:\n        print(model(x))\n"
    assert (
        alternative("t = T.RandomVerticalFlip()\nloader = DataLoader(data, batch_size=8)\n" + training + evaluation)
        is None
    )
