"""The parts of a sample: what happens to each of them, and which say something of places in the picture."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from fixer.facts.program.values import Items, Literal
from fixer.facts.transforms.pipelines import Pipeline
from fixer.facts.transforms.transforms import GEOMETRIC, TO_TENSOR, Step

_PLACES = re.compile(
    r"(^|_)(masks?|seg|segm|segs|segmentations?|label_?maps?|trimaps?|bbox(es)?|box(es)?|keypoints?|kpts|landmarks?|"
    r"heat_?maps?|depth_?maps?|polygons?|matte|contours?)(_|\d|$)"
)
_POINTS = re.compile(r"box|keypoint|kpts|landmark|polygon|contour")
_OTHER_MASKS = re.compile(r"att(n|ention)|pad|causal|loss|valid|token|prompt|input_mask|mask_ratio|generator")
_FILES = re.compile(r"path|file|dir(_|$)|url|(^|_)names?$")
_FLIPS = frozenset({"RandomHorizontalFlip", "RandomVerticalFlip"})
_FOR_PICTURES = frozenset({"Resize", "CenterCrop", "Pad", *TO_TENSOR})
_TARGETS = re.compile(r"(^|_)(targets?|labels?|gts?|ground_?truth|truth|annotations?|annot|anno|y)(_|\d|$)")


@dataclass(eq=False)
class Change:
    """A step on the way of one part of the sample. `call` is the expression that changes it."""

    statement: ast.stmt
    call: ast.expr
    subject: str
    """The variable that is changed, as it is called before."""
    pipeline: Pipeline | None = None
    moves: bool = False
    """It is moved at random."""
    known: bool = True
    draw: object = None
    """What decides: the `if` around it, the names of numbers drawn before, or (own) the call itself."""

    @property
    def name(self) -> str:
        if self.pipeline is not None:
            return next((step.name for step in self.pipeline.steps if moves(step)), "the transform")
        func = self.call.func if isinstance(self.call, ast.Call) else None
        return getattr(func, "attr", getattr(func, "id", "the change"))


@dataclass(eq=False)
class Part:
    """One part of a sample: what happens to it from where it is read to where it is returned."""

    names: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    words: tuple[str, ...] = ()
    """What the program calls it, and what it is read from."""

    @property
    def spatial(self) -> bool:
        """Whether it says something of places in the picture."""
        if any(_OTHER_MASKS.search(each.lower()) for each in self.words):
            return False
        if self.names and _FILES.search(self.names[-1].lower()):
            return False  # only says where the mask lies
        if any(_PLACES.search(_snake(each)) for each in self.words):
            return True
        # a target that goes through a pipeline for pictures is a picture
        steps = [step for each in self.changes if each.pipeline is not None for step in each.pipeline.steps]
        pictured = any(step.name in _FOR_PICTURES or moves(step) for step in steps)
        return pictured and any(_TARGETS.search(_snake(each)) for each in self.words)

    @property
    def points(self) -> bool:
        """Whether it holds coordinates, which other operations move than pixels."""
        return any(_POINTS.search(each.lower()) for each in self.words)

    @property
    def moved(self) -> list[Change]:
        return [each for each in self.changes if each.moves]

    @property
    def unsure(self) -> bool:
        return any(not each.known for each in self.changes)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def moves(step: Step) -> bool:
    """Whether a transform moves what is in the picture, at random: not where its chance is none, or a certainty."""
    if step.name not in GEOMETRIC:
        return any(map(moves, step.inner))
    return not turns_over(step) and not _without_choice(step)


def turns_over(step: Step) -> bool:
    """Whether it is a flip that is certain: `RandomHorizontalFlip(p=1)`, which people call under an `if`."""
    return step.name in _FLIPS and _chance(step, 0) in (1, 1.0)


def _chance(step: Step, position: int | None) -> object:
    given = step.made.arguments.get(position, "p") if step.made else None
    return given.value if isinstance(given, Literal) else None


def _without_choice(step: Step) -> bool:
    """A chance of zero, or an angle between one number and the same."""
    if _chance(step, 0 if step.name in _FLIPS else None) in (0, 0.0):
        return True
    angles = step.made.arguments.get(0, "degrees") if step.made and step.name == "RandomRotation" else None
    if not isinstance(angles, Items) or len(angles.items) != 2:
        return isinstance(angles, Literal) and angles.value in (0, 0.0)
    low, high = angles.items
    return low is high or (isinstance(low, Literal) and isinstance(high, Literal) and bool(low.value == high.value))
