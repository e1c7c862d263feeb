"""missing-to-tensor, beyond its corpus."""

from __future__ import annotations

import pytest

from fixer.codemods.data.missing_to_tensor import missing_to_tensor
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import torch
from torch.utils.data import DataLoader, Dataset, Subset
from torchvision import datasets, transforms
"""


def mended(body: str, prelude: str = PRELUDE) -> str:
    result = fix_source(prelude + body, rules=[missing_to_tensor])
    assert isinstance(result, Fixed), result
    return result.fixed


def test_a_transform_that_is_none_by_position_is_replaced() -> None:
    body = "loader = DataLoader(datasets.CIFAR10('data', True, None), batch_size=4)\n"
    assert "datasets.CIFAR10('data', True, transforms.ToTensor())" in mended(body)


def test_a_transform_that_is_none_by_keyword_is_replaced() -> None:
    body = "loader = DataLoader(datasets.MNIST('data', transform=None), batch_size=4)\n"
    assert "datasets.MNIST('data', transform=transforms.ToTensor())" in mended(body)


def test_a_part_of_a_dataset_is_mended_where_the_dataset_is_made() -> None:
    body = "data = datasets.MNIST('data')\nloader = DataLoader(Subset(data, range(100)), batch_size=4)\n"
    assert "data = datasets.MNIST('data', transform=transforms.ToTensor())" in mended(body)


def test_a_v2_pipeline_gets_the_steps_of_v2() -> None:
    prelude = PRELUDE.replace("import datasets, transforms", "import datasets\nfrom torchvision.transforms import v2")
    body = "steps = v2.Compose([v2.Resize(8)])\nloader = DataLoader(datasets.MNIST('data', transform=steps))\n"
    wanted = "v2.Compose([v2.Resize(8), v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])"
    assert wanted in mended(body, prelude)


def test_random_erasing_comes_behind_the_tensor() -> None:
    body = """\
steps = transforms.Compose([transforms.Resize(8), transforms.RandomErasing()])
loader = DataLoader(datasets.MNIST('data', transform=steps))
"""
    assert "[transforms.Resize(8), transforms.ToTensor(), transforms.RandomErasing()]" in mended(body)


def test_a_pipeline_whose_images_are_shown_is_found_and_not_changed() -> None:
    body = """\
from PIL import Image
steps = transforms.Compose([transforms.Resize(8)])
steps(Image.open("cat.jpg")).show()
loader = DataLoader(datasets.MNIST('data', transform=steps))
"""
    result = check_source(PRELUDE + body, rules=[missing_to_tensor])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]


@pytest.mark.parametrize(
    "body",
    [
        "loader = DataLoader(datasets.MNIST('data'), collate_fn=list)\n",
        "loader = DataLoader(datasets.MNIST('data'), batch_size=None)\n",
        "loader = DataLoader(datasets.ImageFolder('data', None, None, read_tensor))\n",
        "loader = DataLoader(datasets.CelebA('data', transforms=both))\n",
        "loader = DataLoader(datasets.MNIST('data', **options))\n",
        "loader = DataLoader(datasets.MNIST('data'), **options)\n",
        "data = datasets.MNIST('data')\ndata.transform = steps\nloader = DataLoader(data)\n",
        "s = transforms.Compose([transforms.Resize(8), own])\nloader = DataLoader(datasets.MNIST('d', transform=s))\n",
        "try:\n    loader = DataLoader(datasets.MNIST('d'))\n    next(iter(loader))\nexcept TypeError:\n    pass\n",
    ],
)
def test_nothing_is_said_where_a_tensor_may_be_made_out_of_sight(body: str) -> None:
    assert isinstance(check_source(PRELUDE + body, rules=[missing_to_tensor]), Clean)


def test_a_step_for_tensors_raises_whoever_reads_the_dataset() -> None:
    body = """\
normal = transforms.Compose([transforms.Resize(8), transforms.Normalize((0.5,), (0.5,))])
data = datasets.MNIST('data', transform=normal)
loader = DataLoader([image for image, _ in data], batch_size=4)
"""
    assert "transforms.ToTensor(), transforms.Normalize" in mended(body)
    other = body.replace("datasets.MNIST('data',", "datasets.ImageFolder('data', loader=read,")
    assert isinstance(check_source(PRELUDE + other, rules=[missing_to_tensor]), Clean)


MODULE = """\
import lightning as L

class Digits(L.LightningDataModule):
    def prepare_data(self):
        self.steps = transforms.Compose([transforms.Resize(8)])

    def setup(self, stage=None):
        self.test = datasets.MNIST('data', train=False, transform=self.steps)

    def test_dataloader(self):
        return DataLoader(self.test, batch_size=4)

loader = Digits().test_dataloader()
"""


def test_lightning_prepares_and_sets_up_before_it_asks_for_loaders() -> None:
    assert "transforms.Resize(8), transforms.ToTensor()" in mended(MODULE)
    other = MODULE.replace("L.LightningDataModule", "Base")
    assert isinstance(check_source(PRELUDE + other, rules=[missing_to_tensor]), Clean)
