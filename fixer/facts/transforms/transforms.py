"""What torchvision's transforms do to what they are given, as tried out, class by class, with torchvision 0.28."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from fixer.facts.program.values import Literal, Made
from fixer.facts.tensors.array_kinds import Array, Library, dtype_of

V1 = "torchvision.transforms"
V2 = "torchvision.transforms.v2"


class Refusal(StrEnum):
    """What a step does with something that it is not made for."""

    RAISES = "raises TypeError on"
    IGNORES = "has no effect on"


@dataclass(frozen=True)
class Step:
    """One transform. `name` is empty where it is not one of torchvision's; then nothing is known of what it does."""

    version: str
    name: str
    made: Made | None = None
    inner: tuple[Step, ...] = ()
    """For RandomApply, RandomChoice and RandomOrder: the transforms that they choose from."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


WRAPPERS = _names("RandomApply RandomChoice RandomOrder")
# v1: PIL images and tensors
_IMAGES = _names(
    "Resize CenterCrop Pad RandomCrop RandomResizedCrop RandomRotation RandomAffine RandomPerspective ColorJitter "
    "GaussianBlur RandomHorizontalFlip RandomVerticalFlip RandomGrayscale Grayscale RandomSolarize "
    "RandomAdjustSharpness RandomInvert RandomAutocontrast ElasticTransform RandomPosterize RandomEqualize AugMix "
    "AutoAugment RandAugment TrivialAugmentWide"
)
# v1: of tensors, only those of bytes
BYTES = _names("RandomPosterize RandomEqualize AugMix AutoAugment RandAugment TrivialAugmentWide")
# v1: tensors only
TO_TENSOR = _names("ToTensor PILToTensor ToImage")
CONVERTS = _names("ToDtype ConvertImageDtype")
TENSORS_ONLY = _names("Normalize RandomErasing ConvertImageDtype LinearTransformation")
# v2 looks for images, tensors and the like in what it is given; finding none, some transforms raise, most do nothing
_V2_RAISES = _names(
    "RandomCrop RandomResizedCrop RandomAffine RandomPerspective RandomGrayscale RandomErasing RandomShortestSize "
    "ScaleJitter RandomZoomOut AugMix AutoAugment RandAugment TrivialAugmentWide RandomPhotometricDistort "
    "RandomChannelPermutation ElasticTransform"
)
# these draw once for all that they are given, a batch included
DRAWS = _names(
    "RandomCrop RandomResizedCrop RandomRotation RandomAffine RandomPerspective RandomHorizontalFlip "
    "RandomVerticalFlip RandomGrayscale RandomSolarize RandomAdjustSharpness RandomInvert RandomAutocontrast "
    "RandomPosterize RandomEqualize RandomErasing RandomApply RandomChoice RandomOrder RandomPhotometricDistort "
    "RandomChannelPermutation ColorJitter ElasticTransform AugMix AutoAugment RandAugment TrivialAugmentWide"
)
# these move what is in the picture
GEOMETRIC = _names(
    "RandomCrop RandomResizedCrop RandomRotation RandomAffine RandomPerspective RandomHorizontalFlip "
    "RandomVerticalFlip ElasticTransform AugMix AutoAugment RandAugment TrivialAugmentWide RandomResize "
    "RandomShortestSize ScaleJitter RandomZoomOut RandomIoUCrop"
)
# what they give may have any size, so that the samples of a batch have to share the draw
ONE_SIZE = _names("RandomResize RandomShortestSize ScaleJitter RandomZoomOut RandomIoUCrop")
_V2_IGNORES = _names(
    "Resize CenterCrop Pad RandomRotation ColorJitter Normalize GaussianBlur RandomHorizontalFlip "
    "RandomVerticalFlip Grayscale RandomPosterize RandomSolarize RandomAdjustSharpness RandomInvert "
    "RandomEqualize RandomAutocontrast ConvertImageDtype RandomResize PILToTensor ToDtype GaussianNoise"
)


def apply(step: Step, sample: Array) -> Array | Refusal | None:
    """What `step` makes of `sample`; None: not known."""
    if step.name in WRAPPERS:
        return _apply_any(step, sample)
    if step.name == "ToPILImage":
        if sample.library is Library.PIL:
            return sample if step.version == V2 else Refusal.RAISES
        return Refusal.RAISES if _no_image(sample) else Array(Library.PIL)
    if step.name == "ToTensor" and sample.library is not Library.TORCH:
        return _to_tensor(sample, scaled=True)
    result = _apply_v2(step.name, sample) if step.version == V2 else _apply_v1(step.name, sample)
    if step.name in CONVERTS and step.made is not None and isinstance(result, Array):
        return _as_asked(step.made, sample, result)
    return result


def convertible(sample: Array) -> bool | None:
    """Whether `ToPILImage` takes the sample and keeps its values (floats are multiplied by 255 and cut to bytes)."""
    channels: int | None = 1
    if sample.shape is not None and len(sample.shape) == 3:
        channels, other = sample.shape[0], sample.shape[-1]
        if sample.library is Library.NUMPY:
            channels, other = other, channels
        if channels is None and (sample.library is Library.TORCH or other in (1, 3)):
            return False  # most likely the channels are at the other end
    elif sample.shape is not None and len(sample.shape) != 2:
        return False
    if channels is not None and not 1 <= channels <= 4:
        return False
    if sample.dtype is not None and not (sample.dtype == "uint8" or (sample.floating and sample.unit)):
        return False
    return None if sample.shape is None or channels is None or sample.dtype is None else True


def _as_asked(made: Made, sample: Array, result: Array) -> Array:
    """What a change of the type gives with the arguments of this one: float32 is only what most ask for."""
    asked = made.arguments.get(0, "dtype")
    dtype = dtype_of(asked) if asked is not None else "float32"
    scale = made.arguments.get(1, "scale")
    scaled = made.dotted != f"{V2}.ToDtype" or (isinstance(scale, Literal) and scale.value is True)
    unit = Array(Library.TORCH, dtype).floating is True and (result.unit if scaled else sample.unit)
    return replace(result, dtype=dtype, unit=unit)


def _no_image(sample: Array) -> bool:
    """Whether `ToPILImage` raises. It takes floats of any size, which then wrap around."""
    if sample.dtype in ("int64", "int8", "bool"):
        return True
    if sample.shape is None or len(sample.shape) == 2:
        return False
    channels = sample.shape[-1 if sample.library is Library.NUMPY else 0] if len(sample.shape) == 3 else 0
    return channels is not None and not 1 <= channels <= 4


def _apply_any(step: Step, sample: Array) -> Array | Refusal | None:
    results = [apply(each, sample) for each in step.inner]
    refusal = next((each for each in results if isinstance(each, Refusal)), None)
    if refusal is not None:
        return refusal
    same = all(isinstance(each, Array) and each.library is sample.library for each in results)
    return replace(sample, shape=None, unit=False) if same else None


def _to_tensor(sample: Array, scaled: bool) -> Array:
    """A tensor of the same values, bytes divided by 255 where `scaled`, the channels first."""
    dtype = "uint8" if sample.library is Library.PIL else sample.dtype
    shape = sample.shape
    if shape is not None:
        shape = (1, *shape) if len(shape) == 2 else (shape[-1], *shape[:-1])
    if scaled and dtype == "uint8":
        return Array(Library.TORCH, "float32", shape, unit=True)
    return Array(Library.TORCH, dtype, shape, sample.unit)


def _apply_v1(name: str, sample: Array) -> Array | Refusal | None:
    known = name in _IMAGES or name in TENSORS_ONLY or name in ("ToTensor", "PILToTensor")
    if not known:
        return None
    if sample.library is Library.NUMPY:
        return Refusal.RAISES
    if sample.library is Library.PIL:
        if name == "PILToTensor":
            return _to_tensor(sample, scaled=False)
        return Refusal.RAISES if name in TENSORS_ONLY else sample
    if name in ("ToTensor", "PILToTensor") or (name in BYTES and sample.dtype not in (None, "uint8")):
        return Refusal.RAISES
    return _tensor_through(name, sample)


def _apply_v2(name: str, sample: Array) -> Array | Refusal | None:
    if name == "ToImage":
        return sample if sample.library is Library.TORCH else _to_tensor(sample, scaled=False)
    if name in ("ToPureTensor", "Identity"):
        return sample
    if name not in _V2_RAISES and name not in _V2_IGNORES and name != "ToTensor":
        return None
    if sample.library is Library.NUMPY:
        return Refusal.RAISES if name in _V2_RAISES else Refusal.IGNORES
    if name in ("GaussianNoise", "RandomPhotometricDistort") and sample.floating is False and sample.dtype != "uint8":
        return None
    if sample.library is Library.PIL:
        if name == "PILToTensor":
            return _to_tensor(sample, scaled=False)
        if name in ("ToDtype", "ConvertImageDtype"):
            return Refusal.IGNORES
        return Refusal.RAISES if name in ("Normalize", "GaussianNoise") else sample
    return _tensor_through(name, sample)


def _tensor_through(name: str, sample: Array) -> Array | Refusal:
    """A tensor behind a transform that takes tensors."""
    if name == "Normalize" and sample.floating is False:
        return Refusal.RAISES
    if name in CONVERTS:
        return Array(Library.TORCH, "float32", sample.shape, unit=sample.dtype == "uint8" or sample.unit)
    if name in ("Normalize", "LinearTransformation", "RandomErasing"):
        return replace(sample, unit=False)
    return replace(sample, shape=None)
