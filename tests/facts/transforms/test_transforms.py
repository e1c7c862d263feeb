"""What is said of torchvision's transforms, held against torchvision itself."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np
import pytest
import torch
import torchvision.transforms as v1
from PIL import Image
from torchvision.transforms import v2

from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.transforms import transforms as facts
from fixer.facts.transforms.transforms import V1, V2, Refusal, Step, apply

ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "Resize": (8,),
    "CenterCrop": (8,),
    "Pad": (2,),
    "RandomCrop": (8,),
    "RandomResizedCrop": (8,),
    "RandomRotation": (30,),
    "RandomAffine": (30,),
    "RandomPerspective": (0.5, 1.0),
    "ColorJitter": (0.5, 0.5),
    "Normalize": ((0.5,) * 3, (0.5,) * 3),
    "GaussianBlur": (3,),
    "RandomHorizontalFlip": (1.0,),
    "RandomVerticalFlip": (1.0,),
    "RandomGrayscale": (1.0,),
    "RandomPosterize": (4, 1.0),
    "RandomSolarize": (1, 1.0),
    "RandomAdjustSharpness": (2, 1.0),
    "RandomInvert": (1.0,),
    "RandomEqualize": (1.0,),
    "RandomAutocontrast": (1.0,),
    "ConvertImageDtype": (torch.float32,),
    "ToDtype": (torch.float32,),
    "RandomShortestSize": (8,),
    "RandomResize": (8, 12),
    "ScaleJitter": ((8, 8),),
}
KEYWORDS: dict[str, dict[str, Any]] = {
    "RandomErasing": {"p": 1.0},
    "RandomZoomOut": {"p": 1.0},
    "RandomPhotometricDistort": {"p": 1.0},
    "ElasticTransform": {"sigma": 1.0},
    "ToDtype": {"scale": True},
    "ScaleJitter": {"scale_range": (0.5, 1.0), "antialias": False},
}
# these draw one of many operations, of which only some refuse
DRAWN = {"RandAugment", "TrivialAugmentWide", "AugMix", "AutoAugment"}
UNTRIED = {"LinearTransformation"}  # needs a matrix that fits the sample

rng = np.random.default_rng(0)
SAMPLES: dict[str, tuple[Any, Array]] = {
    "image": (Image.fromarray(rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)), Array(Library.PIL)),
    "bytes": (rng.integers(0, 256, (16, 16, 3), dtype=np.uint8), Array(Library.NUMPY, "uint8", (16, 16, 3))),
    "flat": (rng.integers(0, 256, (16, 16), dtype=np.uint8), Array(Library.NUMPY, "uint8", (16, 16))),
    "floats": (rng.random((16, 16, 3)), Array(Library.NUMPY, "float64", (16, 16, 3), unit=True)),
    "turned": (rng.integers(0, 256, (3, 16, 16), dtype=np.uint8), Array(Library.NUMPY, "uint8", (3, 16, 16))),
    "byte tensor": (torch.randint(0, 256, (3, 16, 16), dtype=torch.uint8), Array(Library.TORCH, "uint8", (3, 16, 16))),
    "long tensor": (torch.randint(0, 256, (3, 16, 16)), Array(Library.TORCH, "int64", (3, 16, 16))),
    "wide tensor": (torch.randn(3, 16, 16), Array(Library.TORCH, "float32", (3, 16, 16))),
    "tensor": (torch.rand(3, 16, 16), Array(Library.TORCH, "float32", (3, 16, 16), unit=True)),
}
KNOWN = (
    facts._IMAGES | facts.TENSORS_ONLY | facts._V2_RAISES | facts._V2_IGNORES | {"ToTensor", "ToPILImage", "ToImage"}
) - UNTRIED


def cases() -> list[tuple[str, str, str]]:
    found = []
    for module, library in ((V1, v1), (V2, v2)):
        for name in sorted(KNOWN):
            if inspect.isclass(getattr(library, name, None)):
                found += [(module, name, kind) for kind in SAMPLES]
    return found


def tried(module: str, name: str, sample: Any) -> Any:
    transform = getattr(v1 if module == V1 else v2, name)(*ARGUMENTS.get(name, ()), **KEYWORDS.get(name, {}))
    return transform(sample.clone() if isinstance(sample, torch.Tensor) else sample)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("module", "name", "kind"), cases())
def test_what_a_transform_does_is_what_is_said(module: str, name: str, kind: str) -> None:
    torch.manual_seed(0)
    sample, known = SAMPLES[kind]
    said = apply(Step(module, name), known)
    if said is None or (name in DRAWN and said is Refusal.RAISES and known.library is Library.TORCH):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got = tried(module, name, sample)
    except (TypeError, ValueError, AttributeError, RuntimeError, IndexError):
        assert said is Refusal.RAISES
        return
    if said is Refusal.IGNORES:
        assert type(got) is type(sample)
        assert np.array_equal(np.asarray(got), np.asarray(sample))
        return
    assert isinstance(said, Array), f"raised nothing, and gave {type(got)}"
    assert said.library is library_of(got)
    if isinstance(got, torch.Tensor):
        assert said.dtype in (None, str(got.dtype).removeprefix("torch."))
        assert said.shape is None or said.shape == tuple(got.shape)
        assert not said.unit or (got.dtype.is_floating_point and float(got.min()) >= 0 and float(got.max()) <= 1)


def library_of(value: Any) -> Library:
    if isinstance(value, torch.Tensor):
        return Library.TORCH
    return Library.PIL if isinstance(value, Image.Image) else Library.NUMPY


def test_a_random_choice_refuses_what_one_of_its_transforms_refuses() -> None:
    flip, tensors = Step(V1, "RandomHorizontalFlip"), Step(V1, "Normalize")
    assert apply(Step(V1, "RandomApply", inner=(flip,)), SAMPLES["bytes"][1]) is Refusal.RAISES
    assert apply(Step(V1, "RandomChoice", inner=(flip, tensors)), SAMPLES["image"][1]) is Refusal.RAISES
    result = apply(Step(V1, "RandomOrder", inner=(flip, tensors)), SAMPLES["tensor"][1])
    assert isinstance(result, Array)
    assert result.library is Library.TORCH
