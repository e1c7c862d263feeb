"""channels-last-sample, beyond its corpus: where the permute goes, and when nothing is said."""

from __future__ import annotations

import pytest

from fixer.codemods.data.channels_last_sample import channels_last_sample
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed

PRELUDE = """\
import cv2
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
"""
CONV = "conv = nn.Conv2d(3, 8, 3)\n"


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[channels_last_sample], unsafe=True)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def test_a_batch_of_which_rows_are_shown_is_permuted_where_the_layer_gets_it() -> None:
    body = CONV + "x = torch.rand(9, 16, 16, 3)\nplt.imshow(x[0])\nconv(x)\n"
    assert mended(body) == body.replace("conv(x)", "conv(x.permute(0, 3, 1, 2))")


def test_images_that_opencv_reads_have_their_channels_last_whatever_their_size() -> None:
    body = """\
class Photos(Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        return torch.from_numpy(cv2.imread(self.paths[i])), i


conv = nn.Conv2d(3, 8, 3)
for image, label in DataLoader(Photos(names), batch_size=4):
    conv(image)
"""
    assert "return torch.from_numpy(cv2.imread(self.paths[i])).permute(2, 0, 1), i" in mended(body)


def test_bytes_are_transposed_where_torchvision_is_not_used() -> None:
    body = """\
class Tiles(Dataset):
    def __init__(self):
        self.tiles = np.zeros((40, 9, 9, 3), dtype=np.uint8)

    def __len__(self):
        return 40

    def __getitem__(self, i):
        return self.tiles[i]


conv = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
for tile in DataLoader(Tiles(), batch_size=4):
    conv(tile)
"""
    assert "return self.tiles[i].transpose(2, 0, 1)" in mended(body)


@pytest.mark.parametrize(
    "body",
    [
        CONV + "conv(torch.rand(9, 3, 16, 16))\n",
        CONV + "conv(torch.rand(9, 3, 16, 3))\n",
        CONV + "conv(torch.rand(9, 16, 16, 3).permute(0, 3, 1, 2))\n",
        CONV + "def use(x):\n    return conv(x)\n",
        # five columns are no channels of an image
        "conv = nn.Conv2d(5, 8, 3)\nconv(torch.rand(9, 16, 16, 5))\n",
        # the output of another layer is no sample
        "y = nn.Linear(6, 3)(torch.rand(9, 16, 16, 6))\n" + CONV + "conv(y)\n",
        "try:\n    nn.Conv2d(3, 8, 3)(torch.rand(9, 16, 16, 3))\nexcept RuntimeError as error:\n    print(error)\n",
    ],
)
def test_nothing_is_said_where_it_may_be_right(body: str) -> None:
    assert isinstance(check_source(PRELUDE + body, rules=[channels_last_sample]), Clean)
