"""Well-known datasets that are not on this machine: learnable images of the same kind, number and shape.

Each class has a pattern of its own, each image noise on top. They come through the dataset classes of torchvision, as
PIL images, so that the transforms of the script run as written. Data that is there is used.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from typing import Any, Callable, Dict, Tuple

import torch

from . import stand_in_pictures
from .record import Recorder

NOISES = 256
BRIGHTNESS, NOISE = 160, 95
MOST_BYTES = 160_000_000
# images for training and for testing, classes, and the number of the first class
EMNIST = {
    "byclass": ((697_932, 116_323), 62, 0),
    "bymerge": ((697_932, 116_323), 47, 0),
    "balanced": ((112_800, 18_800), 47, 0),
    "letters": ((124_800, 20_800), 26, 1),
    "digits": ((240_000, 40_000), 10, 0),
    "mnist": ((60_000, 10_000), 10, 0),
}
QMNIST = {"train": 60_000, "test": 60_000, "test10k": 10_000, "test50k": 50_000, "nist": 402_953}
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
        _like_mnist(recorder, datasets.MNIST, _mnist)
        _like_mnist(recorder, datasets.EMNIST, _emnist)
        _like_mnist(recorder, datasets.QMNIST, _qmnist)
        _like_cifar(recorder, datasets.CIFAR10, {"CIFAR10": 10, "CIFAR100": 100})
        _in_arrays(recorder, datasets.SVHN, _svhn)
        _in_arrays(recorder, datasets.STL10, _stl10)
        _in_arrays(recorder, datasets.USPS, _usps)
        _image_folder(recorder, datasets.ImageFolder)
        stand_in_pictures.install(recorder, datasets)


def _replaced(recorder: Recorder, dataset: Any) -> None:
    recorder.replace("{} -> learnable stand-in (its data is not on this machine)".format(type(dataset).__name__))


def _fitting(count: int, channels: int, size: int) -> int:
    """As many images as there are, or as memory allows: some of these sets are far larger than a short run needs."""
    return min(count, MOST_BYTES // (channels * size * size))


# -- MNIST and its children, which differ in their files only ----------------------------------------------------------


def _mnist(dataset: Any) -> Any:
    name = type(dataset).__name__
    if name not in ("MNIST", "FashionMNIST", "KMNIST"):
        return None
    data, targets = images(name, dataset.train, 60_000 if dataset.train else 10_000, 10, 1, 28)
    return data[:, 0], targets


def _emnist(dataset: Any) -> Any:
    count, classes, first = EMNIST[dataset.split]
    number = _fitting(count[0] if dataset.train else count[1], 1, 28)
    data, targets = images("EMNIST " + dataset.split, dataset.train, number, classes, 1, 28)
    return data[:, 0], targets + first


def _qmnist(dataset: Any) -> Any:
    training = dataset.what in ("train", "nist")
    data, targets = images("QMNIST", training, _fitting(QMNIST[dataset.what], 1, 28), 10, 1, 28)
    # the class, and seven numbers on the writer, which are all one here
    return data[:, 0], torch.cat([targets.unsqueeze(1), torch.zeros(len(targets), 7, dtype=torch.long)], dim=1)


def _like_mnist(recorder: Recorder, kind: Any, made: Callable[[Any], Any]) -> None:
    exists, load, download = kind._check_exists, kind._load_data, kind.download

    @functools.wraps(load)
    def stand_in(self: Any) -> Any:
        found = None if exists(self) else made(self)
        if found is None:
            return load(self)
        _replaced(recorder, self)
        return found

    def known(self: Any) -> bool:
        return exists(self) or kind.__name__ != "MNIST" or type(self).__name__ in ("MNIST", "FashionMNIST", "KMNIST")

    kind._check_exists = known
    kind._load_data = stand_in
    kind.download = lambda self: None if known(self) else download(self)


# -- arrays in one file ------------------------------------------------------------------------------------------------


def _svhn(dataset: Any, given: Dict[str, Any]) -> None:
    count = {"train": 73_257, "test": 26_032, "extra": 531_131}[given["split"]]
    data, targets = images("SVHN", given["split"] != "test", _fitting(count, 3, 32), 10, 3, 32)
    dataset.data, dataset.labels = data.numpy(), targets.numpy()


def _stl10(dataset: Any, given: Dict[str, Any]) -> None:
    split = given["split"]
    labelled = {"train": 5_000, "train+unlabeled": 5_000, "unlabeled": 0, "test": 8_000}[split]
    labelled = 1_000 if labelled and given["folds"] is not None else labelled
    number = _fitting(labelled + (100_000 if "unlabeled" in split else 0), 3, 96)
    data, targets = images("STL10", split != "test", number, 10, 3, 96)
    targets[min(labelled, number) :] = -1
    dataset.data, dataset.labels = data.numpy(), targets.numpy()
    dataset.classes = ["class {}".format(number) for number in range(10)]


def _usps(dataset: Any, given: Dict[str, Any]) -> None:
    data, targets = images("USPS", given["train"], 7_291 if given["train"] else 2_007, 10, 1, 16)
    dataset.data, dataset.targets = data[:, 0].numpy(), targets.tolist()


def _in_arrays(recorder: Recorder, kind: Any, fill: Callable[[Any, Dict[str, Any]], None]) -> None:
    original = kind.__init__
    signature = inspect.signature(original)

    @functools.wraps(original)
    def init(self: Any, *arguments: Any, **options: Any) -> None:
        given = signature.bind(self, *arguments, **options)
        given.apply_defaults()
        given.arguments["download"] = False  # without a network it could only fail
        try:
            original(*given.args, **given.kwargs)
        except stand_in_pictures.ABSENT:
            _replaced(recorder, self)
            fill(self, given.arguments)

    kind.__init__ = init


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
