"""Well-known datasets that are not on this machine: learnable images of the same kind, number and shape.

Each class has a pattern of its own, each image noise on top. They come through the dataset classes of torchvision, as
PIL images, so that the transforms of the script run as written. Data that is there is used.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import Any, Dict, Tuple

import torch

from .record import Recorder

NOISES = 256
BRIGHTNESS, NOISE = 160, 95
FOLDER_CLASSES, FOLDER_IMAGES, FOLDER_SIZE = 2, 200, 256


def images(name: str, train: bool, count: int, classes: int, channels: int, size: int) -> Tuple[Any, Any]:
    """`count` images as (N, C, H, W) bytes, and their classes. No random stream of the script is touched."""
    drawing = torch.Generator()
    drawing.manual_seed(sum(name.encode()))
    coarse = torch.rand(classes, channels, 4, 4, generator=drawing) * BRIGHTNESS
    patterns = torch.nn.functional.interpolate(coarse, size=(size, size), mode="bilinear").to(torch.uint8)
    drawing.manual_seed(sum(name.encode()) * 2 + train)
    targets = torch.randint(classes, (count,), generator=drawing)
    noises = torch.randint(NOISE, (NOISES, channels, size, size), generator=drawing).to(torch.uint8)
    data = patterns.index_select(0, targets)
    data += noises.index_select(0, torch.randint(NOISES, (count,), generator=drawing))
    return data, targets


def install(recorder: Recorder) -> None:
    """Let the dataset classes fall back on stand-ins. Nothing to do for a script without torchvision."""
    datasets = sys.modules.get("torchvision.datasets")
    if datasets is not None:
        _like_mnist(recorder, datasets.MNIST)
        _like_cifar(recorder, datasets.CIFAR10, {"CIFAR10": 10, "CIFAR100": 100})
        _image_folder(recorder, datasets.ImageFolder)


def _replaced(recorder: Recorder, dataset: Any) -> None:
    recorder.replace("{} -> learnable stand-in (its data is not on this machine)".format(type(dataset).__name__))


def _like_mnist(recorder: Recorder, kind: Any) -> None:
    """MNIST and its children, which differ in their files only."""
    exists, load, download = kind._check_exists, kind._load_data, kind.download

    @functools.wraps(load)
    def stand_in(self: Any) -> Any:
        if exists(self) or type(self).__name__ not in ("MNIST", "FashionMNIST", "KMNIST"):
            return load(self)
        _replaced(recorder, self)
        data, targets = images(type(self).__name__, self.train, 60_000 if self.train else 10_000, 10, 1, 28)
        return data[:, 0], targets

    def known(self: Any) -> bool:
        return exists(self) or type(self).__name__ in ("MNIST", "FashionMNIST", "KMNIST")

    kind._check_exists = known
    kind._load_data = stand_in
    kind.download = lambda self: None if known(self) else download(self)


def _like_cifar(recorder: Recorder, kind: Any, sizes: Dict[str, int]) -> None:
    """CIFAR10, and CIFAR100, which inherits from it."""
    original = kind.__init__
    visual = next(one for one in kind.__mro__ if one.__name__ == "VisionDataset")

    @functools.wraps(original)
    def init(
        self: Any,
        root: Any,
        train: bool = True,
        transform: Any = None,
        target_transform: Any = None,
        download: bool = False,
    ) -> None:
        visual.__init__(self, root, transform=transform, target_transform=target_transform)
        name = type(self).__name__
        if name not in sizes or self._check_integrity():
            original(self, root, train, transform, target_transform, download)
            return
        _replaced(recorder, self)
        data, targets = images(name, train, 50_000 if train else 10_000, sizes[name], 3, 32)
        self.train = train
        self.data = data.permute(0, 2, 3, 1).contiguous().numpy()
        self.targets = targets.tolist()
        self.classes = ["class {}".format(number) for number in range(sizes[name])]
        self.class_to_idx = {label: number for number, label in enumerate(self.classes)}

    kind.__init__ = init


def _image_folder(recorder: Recorder, kind: Any) -> None:
    original = kind.__init__
    visual = next(one for one in kind.__mro__ if one.__name__ == "VisionDataset")

    @functools.wraps(original)
    def init(
        self: Any, root: Any, transform: Any = None, target_transform: Any = None, *rest: Any, **options: Any
    ) -> None:
        if os.path.isdir(root) or type(self) is not kind:
            original(self, root, transform, target_transform, *rest, **options)
            return
        _replaced(recorder, self)
        visual.__init__(self, root, transform=transform, target_transform=target_transform)
        data, targets = images("folder", "train" in str(root), FOLDER_IMAGES, FOLDER_CLASSES, 3, FOLDER_SIZE)
        self.classes = ["class {}".format(number) for number in range(FOLDER_CLASSES)]
        self.class_to_idx = {label: number for number, label in enumerate(self.classes)}
        self.extensions = None
        self.targets = targets.tolist()
        self.samples = [
            (os.path.join(str(root), self.classes[target], "{}.png".format(number)), target)
            for number, target in enumerate(self.targets)
        ]
        self.imgs = self.samples
        places = {path: number for number, (path, _) in enumerate(self.samples)}
        self.loader = functools.partial(_picture, data, places)

    kind.__init__ = init


def _picture(data: Any, places: Any, path: str) -> Any:
    from PIL import Image

    return Image.fromarray(data[places[path]].permute(1, 2, 0).contiguous().numpy())
