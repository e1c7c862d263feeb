"""The symptom `unpaired-target`, on datasets that move the image alone and on some that come near it."""

from __future__ import annotations

import pytest

from tests.verify.running import Bench, bench, shown, trials

__all__ = ["bench", "trials"]

PROGRAM = """
import random
import numpy
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms as T, tv_tensors
from torchvision.transforms import v2
torch.manual_seed(0)
masks = torch.zeros(24, 1, 12, 12)
for each, row, column in zip(masks, torch.randint(0, 6, (24,)), torch.randint(0, 6, (24,))):
    each[0, row:row + 6, column:column + 3] = 1
images = masks * 0.7 + torch.rand(24, 1, 12, 12) * 0.5
boxes = torch.rand(24, 4)
flip = T.RandomHorizontalFlip()
both = v2.Compose([v2.RandomHorizontalFlip(), v2.RandomVerticalFlip()])
jitter = T.ColorJitter(0.3, 0.3)
first = masks[0]
class Samples(Dataset):
    def __len__(self): return 24
    def __getitem__(self, i):
        x, m = images[i], masks[i]
        {item}
model = nn.Conv2d(1, 1, 3, padding=1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(2):
    for batch in DataLoader(Samples(), batch_size=6, shuffle=True{options}):
        x = batch["image"] if isinstance(batch, dict) else batch[0]
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
"""
DEFECTS = {
    "flip of the image": "return flip(x), m",
    "a draw for each": "return flip(x), flip(m)",
    "quarter turns": "return torch.rot90(x, random.randrange(4), [1, 2]), m",
    "flip and jitter": "return flip(jitter(x)), m",
    "channels last, in numpy": "return flip(x).permute(1, 2, 0).numpy().transpose(2, 0, 1), m[0].long().numpy()",
    "in a dict": 'return {"image": flip(x), "segmentation": m}',
    "boxes": 'return {"image": flip(x), "target": {"boxes": boxes[i]}}',
}
RIGHT = {
    "both in one call": "return both(tv_tensors.Image(x), tv_tensors.Mask(m))",
    "one draw by hand": "return (x.flip(-1), m.flip(-1)) if random.random() < 0.5 else (x, m)",
    "nothing random": "return x, m",
    "colours only": "return jitter(x), m",
    "boxes that follow": (
        "f = random.random() < 0.5\n"
        "        b = boxes[i].clone()\n"
        "        if f: x, b[[0, 2]] = x.flip(-1), 1 - b[[2, 0]]\n"
        '        return {"image": x, "boxes": b}'
    ),
}
NOT_JUDGED = {
    "a class": "return flip(x), i % 2",
    "one mask for all": "return flip(x), first",
    "a mask drawn anew": "return flip(x), (torch.rand(1, 12, 12) < 0.5).float()",
    "two images": "return flip(x), images[i - 1]",
    "a mask that looks the same from all sides": (
        "m = torch.zeros(1, 12, 12)\n        m[:, i % 5:12 - i % 5, i % 5:12 - i % 5] = 1\n        return flip(x), m"
    ),
}


def run(bench: Bench, item: str, options: str = "") -> tuple[int, int] | None:
    trace = bench.run(PROGRAM.format(item=item, options=options))
    assert shown(trace) <= {"unpaired-target"}, trace.symptoms
    symptom = trace.symptoms.get("unpaired-target")
    return (symptom.shown, symptom.checked) if symptom else None


@pytest.mark.parametrize("name", DEFECTS)
def test_shown_where_the_image_is_moved_alone(bench: Bench, name: str) -> None:
    found = run(bench, DEFECTS[name])
    assert found is not None
    assert found[0] >= found[1] // 4 > 0


def test_shown_where_workers_read_the_samples(bench: Bench) -> None:
    found = run(bench, DEFECTS["flip of the image"], ", num_workers=1")
    assert found is not None
    assert found[0]


@pytest.mark.parametrize("name", RIGHT)
def test_not_shown_where_the_mask_follows_or_nothing_is_moved(bench: Bench, name: str) -> None:
    found = run(bench, RIGHT[name])
    assert found is not None
    assert found[0] == 0 < found[1]


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_not_judged_where_nothing_says_where_something_is(bench: Bench, name: str) -> None:
    assert run(bench, NOT_JUDGED[name]) is None
