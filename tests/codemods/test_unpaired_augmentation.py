"""What moves the image without its mask, by hand and by pipelines, and how the mask gets the same draw."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from fixer.codemods.data.unpaired_augmentation import unpaired_augmentation
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Diagnostic, Fixed, Found

HEAD = """import random
import numpy as np
import torch
import torchvision.transforms as T
import torchvision.transforms.functional as TF
from torch.utils.data import Dataset
from torchvision.transforms import v2

"""
CLASS = """class Samples(Dataset):
    def __init__(self, transform, other=None):
        self.images = torch.rand(40, 1, 9, 9)
        self.masks = self.images.clone()
        self.boxes = torch.rand(40, 4)
        self.labels = torch.arange(40)
        self.transform = transform
        self.other = other

    def __len__(self):
        return 40

    def __getitem__(self, index):
        image, mask = self.images[index], self.masks[index]
{body}


data = Samples({arguments})
"""
FLIP = "T.RandomHorizontalFlip()"
GEOMETRY = "T.Compose([T.RandomCrop(7), T.RandomVerticalFlip(), T.RandomAffine(20)])"


def program(body: str, arguments: str = FLIP) -> str:
    indented = "".join(f"        {line}\n" for line in body.split("\n"))
    return HEAD + CLASS.format(body=indented.rstrip("\n"), arguments=arguments)


def findings(body: str, arguments: str = FLIP) -> tuple[Diagnostic, ...]:
    result = check_source(program(body, arguments), rules=[unpaired_augmentation])
    assert isinstance(result, Found | Clean), result
    return result.diagnostics if isinstance(result, Found) else ()


def mended(body: str, arguments: str = FLIP) -> Any:
    """The dataset as the mended program makes it."""
    result = fix_source(program(body, arguments), rules=[unpaired_augmentation], unsafe=True)
    assert isinstance(result, Fixed), result
    space: dict[str, Any] = {}
    exec(compile(result.fixed, "fixed.py", "exec"), space)
    return space["data"]


IMAGE_ONLY = [
    "if random.random() < 0.5:\n    image = TF.hflip(image)\nreturn image, mask",
    "if torch.rand(1) < 0.5:\n    image = torch.flip(image, [2])\nreturn image, mask",
    "if torch.rand(1) < 0.5:\n    image = image.flip(1)\nreturn image, mask",
    "turns = random.randrange(4)\nimage = torch.rot90(image, turns, (1, 2))\nreturn image, mask",
    "image = TF.rotate(image, random.choice([0, 90, 180]))\nreturn image, mask",
    "turned = np.random.rand() < 0.5\nif turned:\n    image = TF.vflip(image)\nreturn {'x': image, 'mask': mask}",
    "i, j, h, w = T.RandomCrop.get_params(image, (5, 5))\nimage = TF.crop(image, i, j, h, w)\nreturn image, mask",
]


@pytest.mark.parametrize("body", IMAGE_ONLY)
def test_the_mask_follows_a_change_by_hand(body: str) -> None:
    assert len(findings(body)) == 1
    data = mended(body)
    shapes = set()
    for index in range(40):
        sample = data[index]
        image, mask = sample.values() if isinstance(sample, dict) else sample
        assert torch.equal(image, mask)  # masks are copies of the images here
        shapes.add(torch.equal(image, data.images[index]))
    assert False in shapes  # something was moved


OWN_DRAWS = [
    ("image = self.transform(image)\nmask = self.transform(mask)\nreturn image, mask", GEOMETRY),
    ("return self.transform(image), self.transform(mask)", GEOMETRY),
    ("image, mask = self.transform(image), self.transform(mask)\nreturn image, mask", GEOMETRY),
    (
        "if self.transform:\n    image = self.transform(image)\nif self.other:\n    mask = self.other(mask)\n"
        "return image, mask",
        f"{GEOMETRY}, {GEOMETRY}",
    ),
    (
        "mask = self.other(mask)\nimage = self.transform(image)\nreturn image, mask",
        "v2.Compose([v2.RandomRotation(30), v2.RandomHorizontalFlip()]), "
        "v2.Compose([v2.RandomRotation(30), v2.RandomHorizontalFlip()])",
    ),
    (
        "for turn in range(2):\n    image = self.transform(image)\n    mask = self.transform(mask)\nreturn image, mask",
        FLIP,
    ),
    ("target = self.transform(self.masks[index])\nreturn self.transform(image), target", FLIP),
    (
        "if random.random() < 0.5:\n    image = TF.hflip(image)\n"
        "if random.random() < 0.5:\n    mask = TF.hflip(mask)\nreturn image, mask",
        "None",
    ),
]


@pytest.mark.parametrize(("body", "arguments"), OWN_DRAWS)
def test_two_draws_become_one(body: str, arguments: str) -> None:
    assert len(findings(body, arguments)) == 1
    data = mended(body, arguments)
    assert all(torch.equal(*data[index]) for index in range(40))


def test_the_missing_steps_go_into_the_pipeline_of_the_mask() -> None:
    body = "image = self.transform(image)\nmask = self.other(mask)\nreturn image, mask"
    arguments = (
        "T.Compose([T.Resize(8), T.RandomResizedCrop(6, antialias=True)]), "
        "T.Compose([T.Resize(8, interpolation=T.InterpolationMode.NEAREST)])"
    )
    result = fix_source(program(body, arguments), rules=[unpaired_augmentation], unsafe=True)
    assert isinstance(result, Fixed)
    assert "NEAREST), T.RandomResizedCrop(6, interpolation=T.InterpolationMode.NEAREST)])" in result.fixed


@pytest.mark.parametrize(
    ("body", "arguments"),
    [
        ("return self.transform(image), self.boxes[index]", FLIP),  # coordinates have to be computed
        (
            "image = self.transform(image)\nmask = self.other(mask)\nreturn image, mask",
            "T.Compose([T.ColorJitter(0.1), T.RandomHorizontalFlip()]), T.Compose([T.RandomHorizontalFlip()])",
        ),
        (
            "image = self.transform(image)\nmask = self.transform(mask)\nreturn image, mask",
            "T.RandomChoice([T.RandomHorizontalFlip(), T.RandomVerticalFlip()])",
        ),  # draws from Python's stream
        ("if random.random() < 0.5:\n    image = TF.resized_crop(image, 0, 0, 5, 5, (9, 9))\nreturn image, mask", FLIP),
        ("if random.random() < 0.5:\n    image = T.RandomVerticalFlip(1.0)(image)\nreturn image, mask", FLIP),
        ("if random.random() < 0.5:\n    image = torch.flip(image, [0])\nreturn image, mask", FLIP),
    ],
)
def test_reported_but_not_mended_where_the_same_draw_would_not_do(body: str, arguments: str) -> None:
    (finding,) = findings(body, arguments)
    assert finding.fix is None


def test_a_pipeline_that_evaluation_uses_for_its_masks_stays_as_it_is() -> None:
    body = "image = self.transform(image)\nmask = self.other(mask)\nreturn image, mask"
    shared = "to_size = T.Compose([T.Resize(8)])\ntest = Samples(T.Resize(8), to_size)\n"
    text = program(body, f"{FLIP}, to_size").replace("data = ", shared + "data = ")
    result = check_source(text, rules=[unpaired_augmentation])
    assert isinstance(result, Found)
    (finding,) = result.diagnostics
    assert finding.fix is None


@pytest.mark.parametrize(
    "body",
    [
        "return self.transform(image), self.labels[index]",
        "image, mask = self.transform(image, mask)\nreturn image, mask",
        "both = self.transform(torch.cat([image, mask]))\nreturn both[:1], both[1:]",
        "image, mask = augment(image), augment(mask)\nreturn image, mask",
        "mask = self.paste(mask)\nreturn self.transform(image), mask",
        "image = self.transform(image)\nreturn image, image > 0.5",
        "image = self.transform(image)\nmask = image > 0.5\nreturn image, mask",
        "image = TF.hflip(image)\nreturn image, mask",
        "return image + torch.randn(9), mask",
        "attention_mask = self.masks[index]\nreturn self.transform(image), attention_mask",
        "random.seed(index)\nimage = self.transform(image)\nrandom.seed(index)\nreturn image, self.transform(mask)",
        "with torch.random.fork_rng():\n    image = self.transform(image)\nreturn image, self.transform(mask)",
        "f = random.random() < 0.5\nif f:\n    image = TF.hflip(image)\nif f:\n    mask = TF.hflip(mask)\n"
        "return image, mask",
        "if random.random() < 0.5:\n    image, mask = TF.hflip(image), TF.hflip(mask)\nreturn image, mask",
        "if random.random() < 0.5:\n    flip = 1\n    image = T.RandomHorizontalFlip(p=1)(image)\n"
        "    mask = T.RandomHorizontalFlip(p=1)(mask)\nreturn image, mask",
        "angle = random.randint(-9, 9)\nimage = T.RandomRotation((angle, angle))(image)\n"
        "mask = T.RandomRotation((angle, angle))(mask)\nreturn image, mask",
    ],
)
def test_what_may_be_right_is_left_alone(body: str) -> None:
    assert not findings(body)


@pytest.mark.parametrize(
    ("call", "reported"),
    [
        ("VOCSegmentation('data', transform={t}, target_transform=T.PILToTensor())", True),
        ("OxfordIIITPet('data', target_types='segmentation', transform={t})", True),
        ("OxfordIIITPet('data', transform={t})", False),
        ("VOCSegmentation('data', transforms={t})", False),
        ("CIFAR10('data', transform={t})", False),
    ],
)
def test_datasets_of_torchvision_transform_the_image_alone(call: str, reported: bool) -> None:
    for transform, moves in ((FLIP, True), ("T.ColorJitter(0.5)", False)):
        text = f"{HEAD}from torchvision import datasets\nd = datasets.{call.format(t=transform)}\n"
        result = check_source(text, rules=[unpaired_augmentation])
        assert isinstance(result, Found | Clean), result
        assert isinstance(result, Found) == (reported and moves)


FOR_BOTH = [
    "def both(image, mask, chance=0.5):\n    if random.random() < chance:\n        image = np.fliplr(image)\n{}",
    "class Both:\n    def __call__(self, image, mask):\n"
    "        if random.random() < 0.5:\n            image = np.fliplr(image)\n{}",
]
"""Functions and transforms that are given both, up to what they do to the mask."""


def of_text(text: str) -> tuple[Diagnostic, ...]:
    result = check_source(HEAD + text, rules=[unpaired_augmentation])
    assert isinstance(result, Found | Clean), result
    return result.diagnostics if isinstance(result, Found) else ()


@pytest.mark.parametrize("text", FOR_BOTH)
def test_what_is_given_image_and_mask_moves_both(text: str) -> None:
    indent = " " * (4 if text.startswith("def") else 8)
    assert len(of_text(text.format(f"{indent}return image, mask\n"))) == 1
    assert not of_text(text.format(f"{indent}    mask = np.fliplr(mask)\n{indent}return image, mask\n"))
    fixed = fix_source(HEAD + text.format(f"{indent}return image, mask\n"), rules=[unpaired_augmentation], unsafe=True)
    assert isinstance(fixed, Fixed) and "mask = np.fliplr(mask)" in fixed.fixed


SAMPLES = "class Both:\n    def __call__(self, sample):\n        if random.random() < 0.5:\n"


def test_a_transform_may_take_the_sample_as_a_dict() -> None:
    image = "            sample['image'] = TF.hflip(sample['image'])\n"
    mask = "            sample['mask'] = TF.hflip(sample['mask'])\n"
    rest = "        return {'image': sample['image'], 'mask': sample['mask']}\n"
    assert len(of_text(SAMPLES + image + rest)) == 1
    assert not of_text(SAMPLES + image + mask + rest)
    assert not of_text(SAMPLES + image + mask + "        return sample\n")


KEYWORDS = """if self.other is not None:
    sample = self.other(image=image, mask=mask)
    image, mask = sample["image"], sample["mask"]
return image, mask"""


def test_a_call_with_keywords_gives_back_what_it_was_given() -> None:
    own = "if random.random() < 0.5:\n    image = TF.hflip(image)\n"
    assert len(findings(own + KEYWORDS, f"{FLIP}, joint")) == 1
    assert not findings(own + "    mask = TF.hflip(mask)\n" + KEYWORDS, f"{FLIP}, joint")
    assert not findings(KEYWORDS, f"{FLIP}, joint")


def test_each_of_several_moves_needs_its_like() -> None:
    both = "if random.random() < 0.5:\n    image, mask = TF.hflip(image), TF.hflip(mask)\n"
    assert not findings(both + "return image, mask")
    assert len(findings(both + "if random.random() < 0.5:\n    image = TF.vflip(image)\nreturn image, mask")) == 1


def test_numbers_computed_from_one_draw_belong_together() -> None:
    body = (
        "left = random.randrange(4)\nedge = left + 5\n"
        "image = image[:, left:edge]\nimage = TF.affine(image, 0, [left, 0], 1, 0)\n"
        "mask = TF.affine(mask, 0, [edge - 5, 0], 1, 0)\nreturn image, mask"
    )
    assert not findings(body)


def test_targets_keep_the_names_of_what_they_hold() -> None:
    joint, given = "\nimage, target = self.other(image, target)\nreturn image, target", f"{FLIP}, joint"
    assert not findings("target = {'boxes': self.boxes[index]}" + joint, given)
    target = "target = {}\ntarget['boxes'] = self.boxes[index]\n"
    assert len(findings(f"{target}if random.random() < 0.5:\n    image = TF.hflip(image){joint}", given)) == 1
