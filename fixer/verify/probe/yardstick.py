"""One measure for both versions, whatever their loss functions: how well the outputs fit the targets.

Where a mend changes the loss function itself, its values cannot be compared. What it was given can: each batch that is
trained on is scored before the step on it, by a measure that the change does not touch. The class with the highest
score is the same before and behind a softmax, the order of scores is the same before and behind a sigmoid, and squared
differences are taken pair by pair, so that broadcasting is not rewarded.
"""

from __future__ import annotations

import functools
import math
import sys
from typing import Any, Callable, Dict, List, Optional, Tuple

import torch

from .fingerprint import fingerprint
from .record import Recorder, site

ERRORS, RANKING = "error rate", "wrongly ranked pairs"
MEASURES = {
    "cross_entropy": ERRORS,
    "nll_loss": ERRORS,
    "multi_margin_loss": ERRORS,
    "binary_cross_entropy": RANKING,
    "binary_cross_entropy_with_logits": RANKING,
    "mse_loss": "squared error",
    "l1_loss": "absolute error",
    "smooth_l1_loss": "absolute error",
    "huber_loss": "absolute error",
}
MOST_PLACES, MOST_LOOKS = 8, 5000
MANY = 1 << 18
"""Of larger outputs, places evenly spread are looked at."""
RANKED = 4096
NAMED, NAMED_VALUES = 5, 4096
IGNORED = -100
"""The class that cross_entropy and nll_loss pass over by default."""
Score = Optional[Tuple[float, int]]
"""The mean over what was judged, and how much that was; None where nothing can be judged."""


class Look:
    """What the measure said of one batch."""

    def __init__(self, value: float, count: int, fresh: bool, name: str) -> None:
        self.name = name
        """Of the outputs and targets; only the first ones have one."""
        self.value = value
        self.count = count
        self.fresh = fresh
        """The batch had not been trained on before."""
        self.used = False
        """It was trained on: a backward pass went through this very loss."""


class Yardstick:
    """The looks at each place of the script where a loss is called."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.places: Dict[Any, List[Look]] = {}

    def called(self, function: str, given: Any, target: Any, ignored: int, result: Any) -> None:
        place = (function, site())
        looks = self.places.get(place)
        if looks is None:
            if len(self.places) >= MOST_PLACES:
                return
            looks = self.places[place] = []
        if len(looks) >= MOST_LOOKS:
            return
        with self.recorder.unwatched():
            score = self._score(function, given, target, ignored)
            name = fingerprint([given, target], NAMED_VALUES) if len(looks) < NAMED else ""
        if score is None or result.grad_fn is None:
            return
        feed = self.recorder.feeds.latest
        look = Look(score[0], score[1], feed is not None and feed.fresh, name)
        looks.append(look)

        def met(_gradients: Any) -> None:
            look.used = True

        result.grad_fn.register_prehook(met)

    def _score(self, name: str, given: Any, target: Any, ignored: int) -> Score:
        with torch.no_grad():
            try:
                return measure(name, given.detach(), target.detach(), ignored)
            except Exception as error:  # what the loss function accepts, the program may give; it must not notice us
                self.recorder.note("what {} was given could not be scored: {}".format(name, error))
                return None

    def told(self) -> List[Dict[str, Any]]:
        found = []
        for (function, _), looks in self.places.items():
            used = [look for look in looks if look.used]
            if used:
                found.append(
                    {
                        "function": function,
                        "measure": MEASURES[function],
                        "first": used[0].name,
                        "values": [look.value for look in used],
                        "counts": [look.count for look in used],
                        "fresh": [look.fresh for look in used],
                    }
                )
        return found


def measure(name: str, given: Any, target: Any, ignored: int = IGNORED) -> Score:
    """Score one batch: 0 is perfect."""
    if not given.numel() or given.is_complex():
        return None
    kind = MEASURES[name]
    if kind == ERRORS:
        return error_rate(given, target, ignored)
    if kind == RANKING:
        return wrongly_ranked(given, target)
    return distance(given, target, squared=kind.startswith("squared"))


def error_rate(given: Any, target: Any, ignored: int) -> Score:
    """How often the highest score is not the target's class."""
    classes = min(1, given.dim() - 1)
    if given.shape[classes] < 2:
        return None
    if given.numel() > MANY:
        given, target = thinned(given, target)
    if target.is_floating_point():
        if target.shape != given.shape:
            return None
        target = target.argmax(classes)
    predicted = given.argmax(classes)
    if predicted.shape != target.shape:
        return None
    judged = target != ignored
    count = int(judged.sum())
    return (int(((predicted != target) & judged).sum()) / count, count) if count else None


def thinned(given: Any, target: Any) -> Any:
    """The same places of both: some of those behind the classes, or of the samples where there are none."""
    behind = given.dim() - 2
    if behind < 1:
        step = -(-given.numel() // MANY)
        return given[::step], target[::step]
    step = math.ceil((given.numel() / MANY) ** (1 / behind))
    spread = (slice(None, None, step),) * behind
    whole = (slice(None),) * (target.dim() - behind)
    return given[(slice(None), slice(None), *spread)], target[(*whole, *spread)]


def wrongly_ranked(given: Any, target: Any) -> Score:
    """How many of the pairs of a positive and a negative have the negative scored higher; equal scores count half."""
    given, target = aligned(given, target)
    if given is None or not bool(torch.isfinite(given).all()):
        return None
    given, wanted = given.reshape(-1), target.reshape(-1) > 0.5
    step = -(-given.numel() // RANKED)
    given, wanted = given[::step].float(), wanted[::step]
    positive, negative = given[wanted], given[~wanted].sort()[0]
    pairs = positive.numel() * negative.numel()
    if not pairs:
        return None
    above = negative.numel() - torch.searchsorted(negative, positive, right=True)
    equal = torch.searchsorted(negative, positive, right=True) - torch.searchsorted(negative, positive)
    return (float(above.sum()) + float(equal.sum()) / 2) / pairs, given.numel()


def distance(given: Any, target: Any, squared: bool) -> Score:
    """The mean distance of each output from its own target."""
    given, target = aligned(given, target)
    if given is None:
        return None
    apart = given - target.to(given.dtype)
    return float((apart * apart if squared else apart.abs()).mean()), given.numel()


def aligned(given: Any, target: Any) -> Any:
    """Both in one shape; nothing where they differ in more than dimensions of one."""
    if given.shape == target.shape:
        return given, target
    sizes = [[size for size in tensor.shape if size != 1] for tensor in (given, target)]
    return (given, target.reshape(given.shape)) if sizes[0] == sizes[1] else (None, None)


def install(recorder: Recorder, source: bytes) -> None:
    """Wrap the loss functions; not where TorchScript compiles them from their source."""
    if b"torch.jit" in source or b"import jit" in source:
        return
    yardstick = recorder.yardstick = Yardstick(recorder)
    functional = sys.modules["torch.nn.functional"]

    def hooked(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def loss(*arguments: Any, **options: Any) -> Any:
            result = original(*arguments, **options)
            if recorder.active and isinstance(result, torch.Tensor) and result.requires_grad:
                given = arguments[0] if arguments else options.get("input")
                target = arguments[1] if len(arguments) > 1 else options.get("target")
                ignored = arguments[4] if len(arguments) > 4 else options.get("ignore_index", IGNORED)
                if isinstance(given, torch.Tensor) and isinstance(target, torch.Tensor) and given.dim():
                    yardstick.called(name, given, target, ignored if isinstance(ignored, int) else IGNORED, result)
            return result

        return loss

    for name in MEASURES:
        setattr(functional, name, hooked(name, getattr(functional, name)))
