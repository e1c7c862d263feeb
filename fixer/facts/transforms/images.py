"""Images of torchvision's datasets, and what transforms make of their size. Shapes: channels, height, width."""

from __future__ import annotations

import ast
from dataclasses import replace

from fixer.facts.data.datasets import own_transform, torchvision_dataset
from fixer.facts.program.following import Follower, stand_in
from fixer.facts.program.machine import OutOfFuel
from fixer.facts.program.values import Arguments, Function, Items, Literal, Made, Value, options
from fixer.facts.tensors.array_changes import names
from fixer.facts.tensors.array_kinds import Array, Library, Shape, agreed, shape_of
from fixer.facts.tensors.sizes import whole
from fixer.facts.transforms.transforms import WRAPPERS, Step

# https://docs.pytorch.org/vision/stable/datasets.html
_GREY = dict.fromkeys(names("MNIST FashionMNIST KMNIST QMNIST EMNIST"), (1, 28, 28))
_SIZES: dict[str, Shape] = {
    **_GREY,
    "USPS": (1, 16, 16),
    "Omniglot": (1, 105, 105),
    "CIFAR10": (3, 32, 32),
    "CIFAR100": (3, 32, 32),
    "SVHN": (3, 32, 32),
    "STL10": (3, 96, 96),
    "EuroSAT": (3, 64, 64),
    "PCAM": (3, 96, 96),
    **dict.fromkeys(
        names("ImageFolder Food101 Flowers102 DTD GTSRB StanfordCars OxfordIIITPet FGVCAircraft Country211 SUN397"),
        (3, None, None),
    ),
}
_LENGTHS = {
    "MNIST": (60000, 10000),
    "FashionMNIST": (60000, 10000),
    "KMNIST": (60000, 10000),
    "CIFAR10": (50000, 10000),
    "CIFAR100": (50000, 10000),
    "USPS": (7291, 2007),
}
_SAME_SIZE = names(
    "RandomHorizontalFlip RandomVerticalFlip ColorJitter GaussianBlur RandomAffine RandomPerspective RandomSolarize "
    "RandomGrayscale RandomAdjustSharpness RandomInvert RandomAutocontrast RandomPosterize RandomEqualize AugMix "
    "AutoAugment RandAugment TrivialAugmentWide ElasticTransform RandomErasing Normalize GaussianNoise "
    "RandomPhotometricDistort RandomChannelPermutation"
)
_CROPS = names("CenterCrop RandomCrop RandomResizedCrop")
_CONVERSIONS = names("ToTensor PILToTensor ToImage ToPILImage")
_FUNCTIONS = frozenset({"torchvision.transforms.functional", "torchvision.transforms.v2.functional"})
TO_TENSOR_FUNCTIONS = {
    "torchvision.transforms.functional.to_tensor": "ToTensor",
    "torchvision.transforms.functional.pil_to_tensor": "PILToTensor",
    "torchvision.transforms.v2.functional.pil_to_tensor": "PILToTensor",
    "torchvision.transforms.v2.functional.to_image": "ToImage",
}


def image_of(dataset: Made) -> Array | None:
    """The image of one sample of a torchvision dataset, behind the dataset's own transform."""
    name = torchvision_dataset(dataset)
    shape = _fake_size(dataset) if name == "FakeData" else _SIZES.get(name or "")
    if shape is None or dataset.uses & {"map", "set_transform"}:
        return None
    return transformed(own_transform(dataset), Array(Library.PIL, "uint8", shape))


def _fake_size(dataset: Made) -> Shape | None:
    size = dataset.arguments.get(1, "image_size")
    shape = (3, 224, 224) if size is None else shape_of(size)
    return shape if shape is not None and len(shape) == 3 else None


def length_of(dataset: Made) -> int | None:
    """How many samples a torchvision dataset has."""
    name = torchvision_dataset(dataset)
    if name == "FakeData":
        size = dataset.arguments.get(0, "size")
        return 1000 if size is None else whole(size)
    train = dataset.arguments.get(1, "train")
    if name not in _LENGTHS or not dataset.arguments.complete:
        return None
    if train is not None and not isinstance(train, Literal):
        return None
    return _LENGTHS[name][0 if train is None or train.value else 1]


def transformed(transform: Value | None, image: Array) -> Array | None:
    """What a pipeline makes of an image (or tensor); an unknown one may make anything of it."""
    from fixer.facts.transforms.pipelines import pipelines

    if transform is None or (isinstance(transform, Literal) and transform.value is None):
        return image
    found: list[Array | None] = []
    for each in options(transform):
        several = [_through(pipeline.steps, image) for pipeline in pipelines(each)]
        found.append(several[0] if len(several) == 1 else _applied(each, image))
    return agreed(found)


def _through(steps: tuple[Step, ...], image: Array) -> Array | None:
    known: Array | None = image
    for step in steps:
        if known is None:
            return None
        known = _step(step, known)
    return known


def _applied(function: Value, image: Array) -> Array | None:
    """A function of the file, as in `Lambda(lambda x: x.view(-1))`."""
    if not isinstance(function, Function) or function.function is None:
        return None
    from fixer.facts.tensors.arrays import array

    follower = Follower(ast.Module([], []))
    try:
        return array(follower.inline(function, function.function, [stand_in(image)], {}))
    except (OutOfFuel, RecursionError, RuntimeError):
        return None


def _step(step: Step, image: Array) -> Array | None:
    name, given = step.name, step.made.arguments if step.made else None
    if name in WRAPPERS:
        kept = [_step(each, image) for each in step.inner]
        return image if all(each is not None and each == image for each in kept) and kept else None
    if name in _CONVERSIONS:
        return converted(name, image)
    if image.library is Library.NUMPY:
        return None  # v1 raises, v2 does nothing
    if name in _SAME_SIZE:
        return image if image.library is Library.TORCH or name not in ("Normalize", "RandomErasing") else None
    if given is None or not given.complete:
        return None
    if name == "Lambda":
        function = given.get(0, "lambd")
        return _applied(function, image) if function is not None else None
    if name in ("ConvertImageDtype", "ToDtype"):
        return Array(Library.TORCH, "float32", image.shape) if image.library is Library.TORCH else None
    if name == "RandomRotation":
        turned = given.get(2, "expand")
        return image if turned is None or (isinstance(turned, Literal) and turned.value is False) else None
    return _resized(name, step.made, image)


def converted(name: str, image: Array) -> Array | None:
    """To a tensor or PIL image. Of an array the channels are last."""
    shape = image.shape
    if image.library is Library.NUMPY and shape is not None:
        shape = (1, *shape) if len(shape) == 2 else (shape[-1], *shape[:-1])
    dtype = "uint8" if image.library is Library.PIL else image.dtype
    if name == "ToPILImage":
        return Array(Library.PIL, "uint8", shape) if image.library is not Library.PIL else None
    if image.library is Library.TORCH:
        return image if name == "ToImage" else None
    if name != "ToTensor":
        return Array(Library.TORCH, dtype, shape)
    return Array(Library.TORCH, "float32" if dtype == "uint8" else dtype, shape, unit=dtype == "uint8")


def by_function(dotted: str, arguments: Arguments, image: Array) -> Array | None:
    """What one of the functions that change a picture gives: `functional.resize(image, (28, 28))`."""
    module, _, name = dotted.rpartition(".")
    shape = image.shape
    if module not in _FUNCTIONS or image.library is Library.NUMPY:
        return None
    if name in ("to_grayscale", "rgb_to_grayscale"):
        count = arguments.get(1, "num_output_channels")
        sizes = shape[1:] if shape is not None and len(shape) == 3 else (None, None)
        return image.of_shape((1 if count is None else whole(count), *sizes)) if image.library is Library.PIL else None
    if shape is None or len(shape) != 3:
        return None
    if name in ("hflip", "vflip", "normalize"):
        return replace(image, unit=False) if name != "normalize" or image.library is Library.TORCH else None
    size = arguments.get(1, "size" if name == "resize" else "output_size")
    if name not in ("resize", "center_crop") or size is None:
        return None
    sides = tuple(map(whole, size.items)) if isinstance(size, Items) and len(size.items) == 2 else (None, None)
    return image.of_shape((shape[0], *sides))


def _resized(name: str, made: Made | None, image: Array) -> Array | None:
    shape = image.shape
    if made is None or shape is None or len(shape) != 3:
        return None
    if name == "Grayscale":
        count = made.arguments.get(0, "num_output_channels")
        channels = 1 if count is None else whole(count)
        return image.of_shape((channels, *shape[1:]))
    if name == "Pad":
        return image.of_shape((shape[0], *_padded(shape[1:], made.arguments.get(0, "padding"))))
    size = made.arguments.get(0, "size")
    wanted = shape_of(size) if size is not None else None
    if name in _CROPS:
        area = (None, None) if wanted is None else wanted * 2 if len(wanted) == 1 else wanted
        return image.of_shape((shape[0], *area)) if len(area) == 2 else None
    if name != "Resize":
        return None
    if wanted is None or len(wanted) == 1:
        edge = wanted[0] if wanted and "max_size" not in made.arguments.keywords else None
        return image.of_shape((shape[0], *_by_edge(shape[1], shape[2], edge)))
    return image.of_shape((shape[0], *wanted)) if len(wanted) == 2 else None


def _by_edge(height: int | None, width: int | None, edge: int | None) -> Shape:
    """`Resize(edge)`: the shorter edge is made that long, the other keeps the proportion."""
    if not height or not width or edge is None:
        return (None, None)
    longer = int(edge * max(height, width) / min(height, width))
    return (edge, longer) if height <= width else (longer, edge)


def _padded(sizes: Shape, padding: Value | None) -> Shape:
    around = shape_of(padding) if padding is not None else None
    if around is None or len(around) not in (1, 2, 4) or None in around or None in sizes:
        return (None, None)
    left, top, right, bottom = (
        each or 0 for each in (around * 4 if len(around) == 1 else around * 2 if len(around) == 2 else around)
    )
    return ((sizes[0] or 0) + top + bottom, (sizes[1] or 0) + left + right)
