"""What loss functions are given: probabilities for logits, scores for log-probabilities, shapes that do not match."""

from __future__ import annotations

import functools
import itertools
import re
import sys
from typing import Any, Callable, Dict, Optional

import torch

from .losses import NAMES
from .record import Recorder, site

ELEMENTWISE = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss", "soft_margin_loss")
NEVER_NEGATIVE = ("cross_entropy", "binary_cross_entropy", "binary_cross_entropy_with_logits")
WEIGHTED = ("nll_loss", *NEVER_NEGATIVE)
"""The third argument of these is a weight."""
FIRST_CALLS, LATER = 30, 7
"""Each of the first calls of a function is looked at, then one in so many: looks take time."""
ROWS, PLACES = 16, 4
"""So many samples are looked at, and so many places along each dimension behind the classes."""
ENOUGH = 3
DEAD_FOR = 15
"""An output that is zero on so many looks on end will not come back."""
PASSING = {
    "View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "Expand", "Select", "Slice", "T", "Transpose",
    "Permute", "Clone", "ToCopy", "Alias", "AsStrided",
}  # fmt: skip
IN_UNIT_RANGE = {"Sigmoid", "Softmax", "Hardsigmoid"}


class Place:
    """What was seen where a loss is called in the script."""

    def __init__(self) -> None:
        self.looked: Dict[str, int] = {}
        self.wrong: Dict[str, int] = {}
        self.unclear: Dict[str, int] = {}
        self.first: Dict[str, int] = {}
        self.detail: Dict[str, str] = {}
        self.dead = 0
        """On how many looks in a row, up to the last, the output was a ReLU's and all zeros."""

    def count(self, name: str, wrong: Optional[bool], step: int) -> None:
        self.looked[name] = self.looked.get(name, 0) + 1
        if wrong is None:
            self.unclear[name] = self.unclear.get(name, 0) + 1
        elif wrong:
            self.wrong[name] = self.wrong.get(name, 0) + 1
            self.first.setdefault(name, step)


class Scores:
    """Looks at losses that are trained on; concludes at the end of the run."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.places: Dict[Any, Place] = {}
        recorder.last_checks.append(self.conclude)

    def called(self, name: str, given: Any, target: Any, weight: Any, result: Any) -> None:
        place = self.places.setdefault((name, site()), Place())
        step = self.recorder.steps + 1
        self._dead(place, given, target, step)
        if name in ELEMENTWISE:
            self._shapes(place, given, target, step)
        if name == "cross_entropy" and given.dim() and given.shape[min(1, given.dim() - 1)] > 1:
            place.count("probabilities-as-logits", are_probabilities(rows_of(given)), step)
        if name == "binary_cross_entropy_with_logits" and given.numel():
            inside = bool((given >= 0).all()) and bool((given <= 1).all())
            # A logit may lie between 0 and 1 by chance; what a sigmoid returned cannot lie elsewhere.
            known = producer(given) in IN_UNIT_RANGE
            place.count("loss-input-range", (True if known else None) if inside else False, step)
        if name in WEIGHTED:
            self._bound(place, name, given, weight, result, step)

    def _bound(self, place: Place, name: str, given: Any, weight: Any, result: Any, step: int) -> None:
        wrong = are_scores(given) if name == "nll_loss" else float(result.min()) < -1e-4
        if wrong and isinstance(weight, torch.Tensor) and bool((weight < 0).any()):
            return
        place.count("unbounded-loss", wrong, step)

    def _shapes(self, place: Place, given: Any, target: Any, step: int) -> None:
        if given.numel() < 2 or target.numel() < 2:
            return
        grows = False
        # Every pair is wanted where both sides were given as many dimensions, or hold different numbers.
        if given.dim() != target.dim() and given.numel() == target.numel():
            grows = any(len(set(sizes)) > 1 for sizes in zip(reversed(given.shape), reversed(target.shape)))
        place.count("broadcast-in-loss", grows, step)
        if grows:
            place.detail["broadcast-in-loss"] = "The loss compared outputs of shape {} with targets of shape {}".format(
                tuple(given.shape), tuple(target.shape)
            )

    def _dead(self, place: Place, given: Any, target: Any, step: int) -> None:
        if producer(given) != "Relu":
            place.dead = 0
            place.count("dead-output", False, step)
        elif bool(given.any()) or not (isinstance(target, torch.Tensor) and bool(target.any())):
            place.dead = 0
            place.count("dead-output", None, step)
        else:
            place.dead += 1
            place.count("dead-output", None, step)
            if place.dead == 1:
                place.first["dead-output"] = step

    def conclude(self) -> None:
        below_zero = any(value < -1e-6 for values in self.recorder.series.values() for value in values)
        for place in self.places.values():
            for name in place.looked:
                self._conclude(place, name, below_zero)

    def _conclude(self, place: Place, name: str, below_zero: bool) -> None:
        looked, wrong, unclear = place.looked[name], place.wrong.get(name, 0), place.unclear.get(name, 0)
        if name == "dead-output":
            shown = place.dead if place.dead >= DEAD_FOR else 0
            judged = shown > 0 or not unclear
        elif name == "loss-input-range":
            shown = wrong if wrong == looked >= ENOUGH else 0
            judged = shown > 0 or wrong + unclear < looked
        elif name == "unbounded-loss":
            shown = wrong if below_zero and looked >= ENOUGH else 0
            judged = shown > 0 or not wrong
        elif name == "probabilities-as-logits":
            shown = wrong if wrong == looked else 0
            judged = looked >= ENOUGH
        else:
            shown, judged = wrong, looked >= ENOUGH
        if not judged:
            return
        tally = self.recorder.tally(name)
        tally.checked += looked
        if shown and judged:
            tally.shown += shown
            first = place.first.get(name)
            tally.first_step = first if tally.first_step is None else min(tally.first_step, first or 1)
            tally.detail = "{} ({} of {} calls looked at).".format(
                place.detail.get(name) or DETAILS[name], shown, looked
            )


DETAILS = {
    "probabilities-as-logits": "Each row given to cross_entropy as logits was non-negative and summed to 1",
    "loss-input-range": "What binary_cross_entropy_with_logits was given as logits came out of a sigmoid or softmax",
    "unbounded-loss": "The loss fell below zero, which log-probabilities and valid targets do not allow",
    "dead-output": "The ReLU behind the last layer returned nothing but zeros, which lets no gradient through",
}


def rows_of(scores: Any) -> Any:
    """Some of the scores, as (sample, class) and what lies behind."""
    scores = scores.detach()
    if scores.dim() < 2:
        return scores.reshape(1, -1)
    scores = scores[:: max(1, -(-scores.shape[0] // ROWS))]
    for dimension in range(2, scores.dim()):
        step = max(1, -(-scores.shape[dimension] // PLACES))
        scores = scores[(slice(None),) * dimension + (slice(None, None, step),)]
    return scores.float()


def are_probabilities(rows: Any) -> bool:
    return bool(rows.numel()) and bool((rows >= 0).all()) and bool(((rows.sum(1) - 1).abs() < 1e-4).all())


def are_scores(given: Any) -> bool:
    """Whether these cannot be log-probabilities, nor a multiple of such: of one sample, some are above and some below
    zero. Or they are the probabilities themselves."""
    rows = rows_of(given)
    if not rows.numel() or rows.shape[1] < 2:
        return False
    if are_probabilities(rows):
        return True
    mixed = (rows.amax(1) > 1e-3) & (rows.amin(1) < -1e-3)
    return float(mixed.float().mean()) >= 0.1


def producer(tensor: Any) -> str:
    """The name of the operation that computed these values, behind any change of shape."""
    node = tensor.grad_fn
    for _ in range(10):
        if node is None:
            return ""
        name = re.sub(r"Backward\d*$", "", node.name())
        if name not in PASSING:
            return name
        node = node.next_functions[0][0] if node.next_functions else None
    return ""


def install(recorder: Recorder, source: bytes) -> None:
    """Wrap the loss functions, around what records their values; not where TorchScript compiles them."""
    if b"torch.jit" in source or b"import jit" in source:
        return
    scores = Scores(recorder)
    functional = sys.modules["torch.nn.functional"]

    def hooked(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        calls = itertools.count(1)

        def due() -> bool:
            number = next(calls)
            return number <= FIRST_CALLS or number % LATER == 0

        @functools.wraps(original)
        def loss(*arguments: Any, **options: Any) -> Any:
            result = original(*arguments, **options)
            if recorder.active and isinstance(result, torch.Tensor) and result.requires_grad and due():
                given = arguments[0] if arguments else options.get("input")
                target = arguments[1] if len(arguments) > 1 else options.get("target")
                weight = arguments[2] if len(arguments) > 2 else options.get("weight")
                if isinstance(given, torch.Tensor) and isinstance(target, torch.Tensor):
                    with torch.no_grad():
                        scores.called(name, given, target, weight, result)
            return result

        return loss

    for name in NAMES:
        setattr(functional, name, hooked(name, getattr(functional, name)))
