"""When `ToPILImage` is the mend, when something else is, and when nothing is offered."""

from __future__ import annotations

import pytest

from fixer.codemods.data.dataloader_transform import dataloader_transform
from fixer.codemods.data.missing_to_pil_image import missing_to_pil_image
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Diagnostic, Fixed, Found

HEAD = """import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset
import torchvision.transforms as T
from torchvision.transforms import v2

rng = np.random.default_rng(0)


class Samples(Dataset):
    def __init__(self, samples, transform):
        self.samples = samples
        self.transform = transform

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        return self.transform(self.samples[index])


"""
PICTURES = "rng.integers(0, 256, (6, 8, 8, 3), dtype=np.uint8)"


def findings(body: str) -> tuple[Diagnostic, ...]:
    result = check_source(HEAD + body, rules=[missing_to_pil_image])
    assert isinstance(result, Found | Clean), result
    return result.diagnostics if isinstance(result, Found) else ()


def offered(samples: str, pipeline: str) -> tuple[str, str] | None:
    """Safety and title of the fix for a dataset of these samples with this pipeline."""
    (finding,) = findings(f"data = Samples({samples}, {pipeline})\n")
    return (finding.fix.safety, finding.fix.title) if finding.fix else None


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (PICTURES, "safe"),
        ("np.zeros((6, 8, 8), dtype=np.uint8)", "safe"),
        ("np.load('pictures.npy')", "unsafe"),
        ("np.random.rand(6, 8, 8, 3)", "unsafe"),
        ("np.random.rand(6, 8, 8, 3) * 255", None),
        ("rng.normal(size=(6, 8, 8, 3))", None),
        ("rng.integers(0, 256, (6, 8, 8, 3))", None),
        ("rng.integers(0, 256, (6, 3, 8, 8), dtype=np.uint8)", None),
        ("np.zeros((6, 64), dtype=np.uint8)", None),
    ],
)
def test_what_is_known_of_the_arrays_decides(samples: str, expected: str | None) -> None:
    fix = offered(samples, "T.Compose([T.RandomHorizontalFlip(), T.ToTensor()])")
    assert fix == (expected and (expected, "Put ToPILImage() in front"))


@pytest.mark.parametrize(
    ("samples", "pipeline", "expected"),
    [
        (PICTURES, "v2.Compose([v2.RandomHorizontalFlip(), v2.ToTensor()])", ("safe", "Put ToPILImage() in front")),
        (
            "rng.random((6, 8, 8, 3))",
            "v2.Compose([v2.RandomHorizontalFlip(), v2.ToImage()])",
            ("safe", "Put ToImage() in front"),
        ),
        (
            PICTURES,
            "v2.Compose([v2.RandomHorizontalFlip()])",
            ("unsafe", "Put ToPILImage() in front and ToDtype() behind"),
        ),
        (
            "torch.rand(6, 3, 8, 8)",
            "T.Compose([T.RandomHorizontalFlip(), T.ToTensor()])",
            ("unsafe", "Put ToPILImage() in front"),
        ),
        (
            "torch.randn(6, 3, 8, 8)",
            "T.Compose([T.RandomHorizontalFlip(), T.ToTensor()])",
            ("safe", "Remove ToTensor(): the samples are tensors of floats"),
        ),
        ("torch.randn(6, 3, 8, 8)", "T.ToTensor()", None),
        (PICTURES, "torch.nn.Sequential(T.RandomHorizontalFlip())", None),
        (
            PICTURES,
            "T.Compose([T.RandomApply([T.ColorJitter(0.1)]), T.ToTensor()])",
            ("safe", "Put ToPILImage() in front"),
        ),
    ],
)
def test_the_pipeline_decides(samples: str, pipeline: str, expected: tuple[str, str] | None) -> None:
    assert offered(samples, pipeline) == expected


@pytest.mark.parametrize(
    "body",
    [
        # arrays are only one of the things that the samples may be
        "from PIL import Image\npicture = Image.new('L', (8, 8))\n"
        f"data = Samples({PICTURES} if flag else [picture], T.Resize(4))\n",
        # Normalize needs a tensor, not an image
        f"data = Samples({PICTURES}, T.Compose([T.Normalize(0.5, 0.5)]))\n",
        "data = Samples(torch.rand(6, 3, 8, 8), T.Compose([T.Resize(4), T.RandomErasing()]))\n",
        f"data = Samples({PICTURES}, T.Compose([T.Lambda(torch.from_numpy), T.Resize(4)]))\n",
        f"data = Samples({PICTURES}, v2.Compose([v2.ToImage(), v2.RandomPosterize(2)]))\n",
        "data = Samples(read('pictures'), T.Compose([T.Resize(4), T.ToTensor()]))\n",
        f"try:\n    T.Resize(4)({PICTURES}[0])\nexcept TypeError:\n    pass\n",
    ],
)
def test_what_may_be_right_is_left_alone(body: str) -> None:
    assert not findings(body)


def test_a_pipeline_that_gets_images_as_well_is_reported_but_not_changed() -> None:
    body = (
        "from PIL import Image\nfrom torchvision.datasets import FakeData\n"
        "both = T.Compose([T.Resize(4), T.ToTensor()])\n"
        f"data = Samples({PICTURES}, both)\n"
    )
    for use in ("other = FakeData(transform=both)\n", "other = both(Image.new('RGB', (8, 8)))\n"):
        (finding,) = findings(body + use)
        assert finding.fix is None


def test_the_image_stays_an_image_where_the_program_makes_the_tensor() -> None:
    body = HEAD.replace(
        "return self.transform(self.samples[index])", "return T.ToTensor()(self.transform(self.samples[index]))"
    )
    result = fix_source(f"{body}data = Samples({PICTURES}, T.Compose([T.Resize(4)]))\n", rules=[missing_to_pil_image])
    assert isinstance(result, Fixed)
    assert "T.Compose([T.ToPILImage(), T.Resize(4)])" in result.fixed


def test_a_loaders_transform_moves_to_the_dataset_and_then_gets_its_image() -> None:
    body = (
        "tiles = torch.randint(0, 256, (6, 3, 8, 8), dtype=torch.uint8)\n"
        "t = T.Compose([T.RandomCrop(6), T.ToTensor()])\n"
        "batch = next(iter(DataLoader(TensorDataset(tiles, torch.arange(6)), batch_size=6, transform=t)))\n"
    )
    result = fix_source(HEAD + body, rules=[dataloader_transform, missing_to_pil_image])
    assert isinstance(result, Fixed)
    assert "T.Compose([T.ToPILImage(), T.RandomCrop(6), T.ToTensor()])" in result.fixed
    space: dict[str, object] = {}
    exec(compile(result.fixed, "fixed.py", "exec"), space)
    images, labels = space["batch"]  # type: ignore[misc]
    assert images.shape == (6, 3, 6, 6)
    assert images.max() <= 1
    assert labels.tolist() == list(range(6))
