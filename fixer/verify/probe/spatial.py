"""Image and mask of one sample, read several times: whether what moves the one moves the other too."""

from __future__ import annotations

import re
import sys
import time
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

import torch
from torch.utils.data import IterableDataset

from .record import Recorder

CHECK_SECONDS = 2.0
SAMPLES, READINGS = 6, 8
LEAST_SIZE, LARGEST = 6, 96
MOST_LABELS = 32
"""A mask has few different values; an image has many more."""
LIKENESS, AHEAD = 0.75, 0.1
"""How well a movement must explain what became of the image, and how much better than any other."""
SAME = 0.93
POINTS = re.compile(r"box|keypoint|landmark")
Movement = Tuple[int, bool]
"""Quarter turns, and whether it is mirrored before."""


class Spatial:
    """Looks at the samples that were trained on, when the run is over."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.checked = self.shown = 0
        recorder.last_checks.append(self.examine)

    def examine(self) -> None:
        trained = {id(run.loader.dataset): run.loader.dataset for run in self.recorder.loaders.passes if run.trained}
        until = time.monotonic() + CHECK_SECONDS
        for dataset in trained.values():
            if isinstance(dataset, IterableDataset) or not hasattr(dataset, "__len__"):
                continue
            self.checked = self.shown = 0
            try:
                self._dataset(dataset, until)
            except Exception as error:
                self.recorder.note("samples could not be read again: {}: {}".format(type(error).__name__, error))
            self._conclude(type(dataset).__name__)

    def _dataset(self, dataset: Any, until: float) -> None:
        length = len(dataset)
        count = min(SAMPLES, length)
        indices = [number * length // count for number in range(count)]
        masks: Set[bytes] = set()
        pending: List[bool] = []
        for index in indices:
            readings: List[Reading] = []
            for _ in range(READINGS):
                reading = Reading.of(dataset[index])
                if reading is None or time.monotonic() > until:
                    break
                readings.append(reading)
            if len(readings) < 2:
                break
            masks.add(readings[0].name)
            pending += [agrees for agrees in map(readings[0].moved_alike, readings[1:]) if agrees is not None]
        if len(masks) > 1 or count == 1:  # one mask for all images has nothing to do with what is in them
            self.checked += len(pending)
            self.shown += pending.count(False)

    def _conclude(self, name: str) -> None:
        if not self.checked:
            return
        tally = self.recorder.tally("unpaired-target")
        tally.checked += self.checked
        if self.shown >= max(2, self.checked // 20):
            tally.shown += self.shown
            tally.first_step = 1
            tally.detail = "In {} of {} readings of {} the image was moved otherwise than its mask or boxes.".format(
                self.shown, self.checked, name
            )


class Reading:
    """One reading of a sample: its image, and its mask, or the points that belong to it."""

    def __init__(self, image: torch.Tensor, mask: Optional[torch.Tensor], points: Optional[torch.Tensor]) -> None:
        self.image, self.mask, self.points = image, mask, points

    @classmethod
    def of(cls, sample: Any) -> Optional["Reading"]:
        found = list(_arrays(sample, ""))
        flat = [(key, plane) for key, array in found if (plane := _plane(array)) is not None]
        if not flat:
            return None
        image = next((plane for _, plane in flat if _count(plane) > MOST_LABELS), None)
        if image is None:
            return None
        mask = next((plane for _, plane in flat if plane is not image and _is_mask(plane, image)), None)
        points = next((array.float() for key, array in found if POINTS.search(key.lower()) and array.numel()), None)
        return cls(image, mask, points) if mask is not None or points is not None else None

    @property
    def name(self) -> bytes:
        kept = self.mask if self.mask is not None else self.points
        return repr(kept.flatten().tolist()).encode() if kept is not None else b""

    def moved_alike(self, other: "Reading") -> Optional[bool]:
        """Whether image and mask went the same way from this reading to the other. None: nobody can tell."""
        if self.image.shape != other.image.shape:
            return None
        moved = _movement(self.image, other.image)
        if moved is None:
            return None
        if self.mask is None or other.mask is None or self.mask.shape != other.mask.shape:
            return self._points_alike(other, moved)
        fits = {each: _agreement(_move(self.mask, each), other.mask) for each in _movements(self.mask)}
        alike = {each for each, agreement in fits.items() if agreement >= SAME}
        if not alike or len(alike) == len(fits):
            return None  # it was changed in some other way, or looks the same from all sides
        if moved in alike:
            return True
        return False if fits[moved] < SAME - 0.1 else None

    def _points_alike(self, other: "Reading", moved: Movement) -> Optional[bool]:
        if self.points is None or other.points is None or moved == (0, False):
            return None
        same = self.points.shape == other.points.shape and torch.allclose(self.points, other.points)
        return not same


def _arrays(value: Any, key: str) -> Iterator[Tuple[str, torch.Tensor]]:
    if isinstance(value, torch.Tensor):
        named = key or type(value).__name__
        yield named, value.detach().as_subclass(torch.Tensor).cpu()
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _arrays(inner, str(name))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _arrays(inner, key)
    elif type(value).__name__ == "ndarray" and value.dtype.kind in "fiub":
        yield key, torch.from_numpy(value.copy())
    elif "numpy" in sys.modules and hasattr(value, "getbands"):  # an image of PIL
        yield key, torch.from_numpy(sys.modules["numpy"].array(value))


def _plane(array: torch.Tensor) -> Optional[torch.Tensor]:
    """The picture in an array as (H, W): the mean of its channels, wherever these stand."""
    plane = array.float()
    if plane.dim() == 3 and plane.shape[-1] <= 4 < min(plane.shape[:2]):
        plane = plane.mean(-1)
    elif plane.dim() == 3:
        plane = plane.mean(0)
    if plane.dim() != 2 or min(plane.shape) < LEAST_SIZE or not bool(torch.isfinite(plane).all()):
        return None
    step = max(1, -(-max(plane.shape) // LARGEST))
    return plane[::step, ::step]


def _is_mask(plane: torch.Tensor, image: torch.Tensor) -> bool:
    values = _count(plane)
    return plane.shape == image.shape and 2 <= values <= MOST_LABELS and values * 2 <= _count(image)


def _count(plane: torch.Tensor) -> int:
    return len(set(plane.flatten().tolist()))


def _movements(plane: torch.Tensor) -> List[Movement]:
    turns = range(4) if plane.shape[0] == plane.shape[1] else (0, 2)
    return [(turn, mirrored) for turn in turns for mirrored in (False, True)]


def _move(plane: torch.Tensor, movement: Movement) -> torch.Tensor:
    turn, mirrored = movement
    return torch.rot90(plane.flip(-1) if mirrored else plane, turn, (-2, -1))


def _movement(before: torch.Tensor, after: torch.Tensor) -> Optional[Movement]:
    """The flip or quarter turn that best explains how one reading became the other, whatever its colours did."""
    target = _standard(after)
    likeness: Dict[Movement, float] = {
        each: float((_standard(_move(before, each)) * target).mean()) for each in _movements(before)
    }
    best = max(likeness, key=lambda each: likeness[each])
    second = max(value for each, value in likeness.items() if each != best)
    return best if likeness[best] >= LIKENESS and likeness[best] - second >= AHEAD else None


def _standard(plane: torch.Tensor) -> torch.Tensor:
    return (plane - plane.mean()) / (plane.std() + 1e-12)


def _agreement(one: torch.Tensor, other: torch.Tensor) -> float:
    """The part of the pixels outside the background on which two masks agree."""
    background = one.flatten().mode().values
    marked = (one != background) | (other != background)
    return float(((one == other) & marked).sum()) / max(1, int(marked.sum()))


def install(recorder: Recorder) -> None:
    """Look at the samples once more when all is over; nothing is touched before."""
    Spatial(recorder)
