"""Datasets that read one file a picture: when the files are not there, pictures are drawn when they are asked for.

A picture shows a patch in the colours of its class on a noisy ground tinted like it; where the target is a mask, it
says where the patch is. Modes, sizes, classes, numbers and target types are those of the real data.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

import torch

from .record import Recorder

ABSENT = (RuntimeError, OSError)
"""What the classes of torchvision raise where files are missing. Wrong arguments are a ValueError or TypeError."""
GRAIN = 8
"""Pictures are drawn so many times smaller, and then enlarged."""
KINDS = 16
"""Different vectors of attributes, or people, where a target is no class."""
ATTRIBUTES = 40


class Kind(NamedTuple):
    """What the pictures of a dataset are like. `counts` by the value of its split argument."""

    split: str
    counts: Dict[str, int]
    classes: int
    width: int
    height: int
    joint: bool = False
    """Whether it applies `transforms` to both; else `transform` and `target_transform` one after the other."""


_VOC = {"train": 1464, "trainval": 2913, "val": 1449, "test": 210}
_CITIES = {"train": 2975, "val": 500, "test": 1525, "train_extra": 19998}
KINDS_OF = {
    "Caltech101": Kind("", {"": 8677}, 101, 300, 200),
    "Caltech256": Kind("", {"": 30607}, 257, 350, 300),
    "Flowers102": Kind("split", {"train": 1020, "val": 1020, "test": 6149}, 102, 600, 500),
    "Food101": Kind("split", {"train": 75750, "test": 25250}, 101, 512, 384),
    "GTSRB": Kind("split", {"train": 26640, "test": 12630}, 43, 48, 48),
    "DTD": Kind("split", {"train": 1880, "val": 1880, "test": 1880}, 47, 480, 360),
    "EuroSAT": Kind("", {"": 27000}, 10, 64, 64),
    "StanfordCars": Kind("split", {"train": 8144, "test": 8041}, 196, 480, 320),
    "FGVCAircraft": Kind("split", {"train": 3334, "val": 3333, "trainval": 6667, "test": 3333}, 100, 640, 480),
    "LFWPeople": Kind("split", {"10fold": 13233, "train": 9525, "test": 3708}, 5749, 250, 250),
    "CelebA": Kind("split", {"train": 162770, "valid": 19867, "test": 19962, "all": 202599}, KINDS, 178, 218),
    "OxfordIIITPet": Kind("split", {"trainval": 3680, "test": 3669}, 37, 400, 300, True),
    "VOCSegmentation": Kind("image_set", _VOC, 20, 500, 375, True),
    "Cityscapes": Kind("split", _CITIES, 19, 2048, 1024, True),
}
PETS_OF_CATS = 12


class Pictures:
    """The samples of one dataset that is not there."""

    def __init__(self, name: str, split: str) -> None:
        self.name, self.kind = name, KINDS_OF[name]
        self.seed = sum((name + split).encode())
        drawing = torch.Generator()
        drawing.manual_seed(sum(name.encode()))
        used = min(self.kind.classes, 64) if name == "LFWPeople" else self.kind.classes
        self.colours = torch.rand(used, 3, 2, 2, generator=drawing) * 200
        self.grounds = torch.rand(used, 3, 1, 1, generator=drawing) * 100
        self.attributes = torch.randint(2, (KINDS, ATTRIBUTES), generator=drawing)
        drawing.manual_seed(self.seed)
        self.labels: List[int] = torch.randint(used, (self.kind.counts[split],), generator=drawing).tolist()

    def place(self, index: int) -> Tuple[int, int, int, int]:
        """Where the patch of a picture is, on the small canvas: left, top, right, bottom."""
        width, height = self.canvas
        drawing = torch.Generator()
        drawing.manual_seed(self.seed * 1_000_003 + index)
        wide, high = max(2, width // 2), max(2, height // 2)
        left = int(torch.randint(width - wide + 1, (), generator=drawing))
        top = int(torch.randint(height - high + 1, (), generator=drawing))
        return left, top, left + wide, top + high

    @property
    def canvas(self) -> Tuple[int, int]:
        return max(8, self.kind.width // GRAIN), max(8, self.kind.height // GRAIN)

    def image(self, index: int) -> Any:
        width, height = self.canvas
        drawing = torch.Generator()
        drawing.manual_seed(self.seed * 999_983 + index)
        pixels = torch.rand(3, height, width, generator=drawing) * 70 + self.grounds[self.labels[index]]
        left, top, right, bottom = self.place(index)
        patch = torch.nn.functional.interpolate(
            self.colours[self.labels[index]].unsqueeze(0), size=(bottom - top, right - left), mode="bilinear"
        )
        pixels[:, top:bottom, left:right] = pixels[:, top:bottom, left:right] * 0.5 + patch[0]
        return self._picture(pixels.clamp(0, 255).to(torch.uint8).permute(1, 2, 0), blended=True)

    def mask(self, index: int, inside: int, outside: int, border: Optional[int], mode: str = "L") -> Any:
        width, height = self.canvas
        left, top, right, bottom = self.place(index)
        values = torch.full((height, width), outside, dtype=torch.int32 if mode == "I" else torch.uint8)
        if border is not None:
            values[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = border
        values[top:bottom, left:right] = inside
        picture = self._picture(values, blended=False)
        if mode == "P":
            picture.putpalette([channel for number in range(256) for channel in (number, number * 5 % 256, 128)])
        return picture

    def _picture(self, values: torch.Tensor, blended: bool) -> Any:
        from PIL import Image

        size = (self.kind.width, self.kind.height)
        picture = Image.fromarray(values.contiguous().numpy())
        return picture.resize(size, Image.Resampling.BILINEAR if blended else Image.Resampling.NEAREST)


# -- targets -----------------------------------------------------------------------------------------------------------


def _one_or_all(targets: List[Any]) -> Any:
    return tuple(targets) if len(targets) != 1 else targets[0]


def _label(_dataset: Any, pictures: Pictures, index: int) -> Any:
    return pictures.labels[index]


def _outline(dataset: Any, pictures: Pictures, index: int) -> Any:
    left, top, right, bottom = (float(each * GRAIN) for each in pictures.place(index))
    corners = torch.tensor([[left, right, right, left], [top, top, bottom, bottom]], dtype=torch.float64).numpy()
    wanted = {"category": pictures.labels[index], "annotation": corners}
    return _one_or_all([wanted[each] for each in dataset.target_type])


def _pet(dataset: Any, pictures: Pictures, index: int) -> Any:
    label = pictures.labels[index]
    makers: Dict[str, Callable[[], Any]] = {
        "category": lambda: label,
        "binary-category": lambda: int(label >= PETS_OF_CATS),
        "segmentation": lambda: pictures.mask(index, 1, 2, 3),
    }
    targets = [makers[each]() for each in dataset._target_types]
    return _one_or_all(targets) if targets else None


def _voc(_dataset: Any, pictures: Pictures, index: int) -> Any:
    return pictures.mask(index, pictures.labels[index] + 1, 0, 255, "P")


def _city(dataset: Any, pictures: Pictures, index: int) -> Any:
    known = [each for each in type(dataset).classes if 0 <= each.train_id < 255]
    shown, ground = known[pictures.labels[index]], known[0]

    def colour() -> Any:
        from PIL import Image

        picture = Image.new("RGBA", (pictures.kind.width, pictures.kind.height), (*ground.color, 255))
        left, top, right, bottom = (each * GRAIN for each in pictures.place(index))
        picture.paste((*shown.color, 255), (left, top, right, bottom))
        return picture

    def polygon() -> Any:
        left, top, right, bottom = (each * GRAIN for each in pictures.place(index))
        corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
        size = {"imgHeight": pictures.kind.height, "imgWidth": pictures.kind.width}
        return {**size, "objects": [{"label": shown.name, "polygon": corners}]}

    several = shown.id * 1000 if shown.has_instances else shown.id
    makers: Dict[str, Callable[[], Any]] = {
        "semantic": lambda: pictures.mask(index, shown.id, ground.id, None),
        "instance": lambda: pictures.mask(index, several, ground.id, None, "I"),
        "color": colour,
        "polygon": polygon,
    }
    return _one_or_all([makers[each]() for each in dataset.target_type])


def _person(dataset: Any, pictures: Pictures, index: int) -> Any:
    left, top, right, bottom = (each * GRAIN for each in pictures.place(index))
    points = [left, top, right, top, (left + right) // 2, (top + bottom) // 2, left, bottom, right, bottom]
    wanted = {
        "attr": pictures.attributes[pictures.labels[index]],
        "identity": torch.tensor(pictures.labels[index] + 1),
        "bbox": torch.tensor([left, top, right - left, bottom - top]),
        "landmarks": torch.tensor(points),
    }
    return _one_or_all([wanted[each] for each in dataset.target_type]) if dataset.target_type else None


_TARGETS: Dict[str, Callable[[Any, Pictures, int], Any]] = {
    "Caltech101": _outline,
    "OxfordIIITPet": _pet,
    "VOCSegmentation": _voc,
    "Cityscapes": _city,
    "CelebA": _person,
}


# -- in the classes of torchvision -------------------------------------------------------------------------------------


def install(recorder: Recorder, datasets: Any) -> None:
    """Let the classes fall back on drawn pictures, for as many of them as this torchvision has."""
    for name in KINDS_OF:
        kind = getattr(datasets, name, None)
        if kind is not None:
            _patch(recorder, name, kind)


def _patch(recorder: Recorder, name: str, kind: Any) -> None:
    init, item, length = kind.__init__, kind.__getitem__, kind.__len__
    signature = inspect.signature(init)

    @functools.wraps(init)
    def begin(self: Any, *arguments: Any, **options: Any) -> None:
        given = signature.bind(self, *arguments, **options)
        given.apply_defaults()
        if "download" in given.arguments:
            given.arguments["download"] = False  # without a network it could only fail
        try:
            init(*given.args, **given.kwargs)
        except ABSENT:
            wanted = KINDS_OF[name]
            split = str(given.arguments[wanted.split]).lower() if wanted.split else ""
            if split not in wanted.counts:
                raise
            recorder.replace("{} -> learnable stand-in (its data is not on this machine)".format(name))
            if not hasattr(self, "transforms"):  # it looked for its files first
                visual = next(one for one in kind.__mro__ if one.__name__ == "VisionDataset")
                own = {each: given.arguments[each] for each in ("transform", "target_transform")}
                visual.__init__(self, given.arguments["root"], **own)
            self._fixer_pictures = Pictures(name, split)
            _describe(self, self._fixer_pictures)

    @functools.wraps(item)
    def read(self: Any, index: int) -> Any:
        pictures = getattr(self, "_fixer_pictures", None)
        if pictures is None:
            return item(self, index)
        number = range(len(pictures.labels))[int(index)]
        image, target = pictures.image(number), _TARGETS.get(name, _label)(self, pictures, number)
        if pictures.kind.joint:
            return (image, target) if self.transforms is None else self.transforms(image, target)
        image = image if self.transform is None else self.transform(image)
        return image, target if self.target_transform is None else self.target_transform(target)

    @functools.wraps(length)
    def count(self: Any) -> int:
        pictures = getattr(self, "_fixer_pictures", None)
        return length(self) if pictures is None else len(pictures.labels)

    kind.__init__, kind.__getitem__, kind.__len__ = begin, read, count


def _describe(dataset: Any, pictures: Pictures) -> None:
    """The attributes that scripts read, as far as the class has not set them before it missed its files."""
    names = ["class {}".format(number) for number in range(pictures.kind.classes)]
    files = ["{}.jpg".format(number) for number in range(len(pictures.labels))]
    found: Dict[str, Any] = {
        "class_to_idx": {label: number for number, label in enumerate(names)},
        "targets": pictures.labels,
        "_labels": pictures.labels,
    }
    if not hasattr(type(dataset), "classes"):
        found["classes"] = names
    if pictures.name == "Caltech101":
        found.update(categories=names, y=pictures.labels, index=list(range(len(files))))
    elif pictures.name in ("VOCSegmentation", "Cityscapes"):
        found.update(images=files, targets=[name.replace("jpg", "png") for name in files])
    elif pictures.name == "CelebA":
        found.update(
            attr=pictures.attributes[torch.tensor(pictures.labels)],
            identity=torch.tensor(pictures.labels).unsqueeze(1) + 1,
            attr_names=["attribute {}".format(number) for number in range(ATTRIBUTES)],
            filename=files,
        )
    elif pictures.name == "OxfordIIITPet":
        found.update(_bin_labels=[int(label >= PETS_OF_CATS) for label in pictures.labels], bin_classes=["Cat", "Dog"])
    for name, value in found.items():
        if not isinstance(getattr(type(dataset), name, None), property):
            setattr(dataset, name, value)
