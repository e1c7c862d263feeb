"""Layers that cannot learn what they should: units that are all the same, layers that hardly any gradient reaches."""

from __future__ import annotations

import collections
import functools
import math
import statistics
import weakref
from typing import Any, Deque, Dict, List, Optional, Tuple

import torch
from torch import nn

from .record import Recorder, site

KINDS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
MOST_LAYERS = 500
STEPS = 10
"""Units that are still the same after so many steps stay so."""
STUCK_LAYERS = 2
LOOKS, ENOUGH, BEGINNING = 5, 3, 100
"""How many backward passes are looked at for vanishing gradients: the first ones. Later, what the last layers have
learnt makes their gradients small too, and the comparison says little. After `BEGINNING` passes nothing is looked at.
"""
NODES = 4000
"""Larger graphs are not walked."""
HIDDEN_SIGMOIDS = 2
VANISHED = 0.003
"""The part of the last layers' gradient, root mean square, below which hardly any has reached the first."""


class Layers:
    """Linear and convolutional layers whose units were equal when training began."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.known: List[Any] = []
        self.examined = False
        self.different = 0
        self.equal: List[Tuple[Any, torch.Tensor]] = []
        """Layers of equal units, with the weights of one unit as they were."""
        recorder.last_checks.append(self.conclude)

    def registered(self, module: Any, name: str, _parameter: Any) -> None:
        if name == "weight" and isinstance(module, KINDS) and len(self.known) < MOST_LAYERS:
            self.known.append(weakref.ref(module))

    def before_step(self, _optimizer: Any, _arguments: Any, _options: Any) -> None:
        if self.examined or not self.recorder.active:
            return
        self.examined = True
        with torch.no_grad():
            for reference in self.known:
                module = reference()
                weight = getattr(module, "weight", None)
                if isinstance(weight, nn.Parameter) and weight.grad is not None and weight.shape[0] > 1:
                    if alike(weight, 0.0) and (module.bias is None or alike(module.bias, 0.0)):
                        self.equal.append((reference, weight[0].clone()))
                    else:
                        self.different += 1

    def conclude(self) -> None:
        if self.recorder.steps < STEPS or not (self.different or self.equal):
            return
        same = stuck = parted = 0
        with torch.no_grad():
            for reference, first in self.equal:
                weight = getattr(reference(), "weight", None)
                if weight is None:
                    continue
                moved = not torch.equal(weight[0], first)
                if not alike(weight, 1e-4):
                    parted += 1
                elif moved:
                    same += 1
                elif not bool(weight.any()):
                    stuck += 1
        # One layer that starts at zero and is not used yet may be meant so.
        same += stuck if stuck >= STUCK_LAYERS else 0
        if same + parted + self.different == 0:
            return
        tally = self.recorder.tally("symmetric-units")
        tally.checked, tally.shown = self.different + parted + same, same
        if same:
            tally.first_step = 1
            tally.detail = (
                "In {} of {} layers all units began with the same weights and had the same after {} steps.".format(
                    same, tally.checked, self.recorder.steps
                )
            )


def alike(weight: Any, tolerance: float) -> bool:
    """Whether all units have the same weights."""
    size = float(weight.abs().max()) * tolerance
    return all(
        bool(((rows - weight[:1]).abs() <= size).all()) for rows in (weight[1:2], weight)
    )  # the second unit first: it tells nearly always


class Gradients:
    """How much of the gradient comes through the hidden sigmoids."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.calls: Dict[Any, int] = {}
        self.looks: Dict[Any, List[Optional[float]]] = {}
        """By place: the gradient of the first layers as part of that of the last; None with no sigmoids between."""
        self.unclear: Dict[Any, int] = {}
        recorder.last_checks.append(self.conclude)

    def due(self, place: Any) -> bool:
        number = self.calls[place] = self.calls.get(place, 0) + 1
        return number <= LOOKS

    def measure(self, place: Any, depths: Dict[int, Tuple[Any, int]]) -> None:
        """`depths`: the weights that a loss hangs on, each with the sigmoids that every way to it passes."""
        found = self.looks.setdefault(place, [])
        nearest = min(depth for _, depth in depths.values())
        farthest = max(depth for _, depth in depths.values())
        if farthest - nearest < HIDDEN_SIGMOIDS:
            found.append(None)
            return
        last = [strength(weight) for weight, depth in depths.values() if depth == nearest]
        first = [strength(weight) for weight, depth in depths.values() if depth == farthest]
        if min(last) > 0 and max(first) / min(last) < VANISHED:
            found.append(max(first) / min(last))
        else:
            self.unclear[place] = self.unclear.get(place, 0) + 1

    def conclude(self) -> None:
        for place, found in self.looks.items():
            ratios = [ratio for ratio in found if ratio is not None]
            clear = len(ratios) in (0, len(found)) and not self.unclear.get(place)
            if len(found) < ENOUGH or not clear:
                continue
            tally = self.recorder.tally("vanishing-gradients")
            tally.checked += len(found)
            tally.shown += len(ratios)
            tally.values += ratios
            if ratios:
                tally.first_step = 1
                tally.detail = (
                    "Behind {} or more hidden sigmoids the first layers got {:.1e} of the gradient of the last ones."
                ).format(HIDDEN_SIGMOIDS, statistics.median(ratios))


def strength(weight: Any) -> float:
    """The root mean square of a gradient."""
    gradient = weight.grad
    if gradient is None or gradient.is_sparse:
        return 0.0
    return float(torch.linalg.vector_norm(gradient.float())) / math.sqrt(max(1, gradient.numel()))


def depths_below(root: Any) -> Optional[Dict[int, Tuple[Any, int]]]:
    """The weights that a loss hangs on, and how many sigmoids lie on the way to each that has the fewest."""
    if root.grad_fn is None:
        return None
    fewest: Dict[Any, int] = {}
    waiting: Deque[Tuple[Any, int]] = collections.deque([(root.grad_fn, 0)])
    weights: Dict[int, Tuple[Any, int]] = {}
    while waiting:
        node, depth = waiting.popleft()
        if node in fewest:
            continue
        fewest[node] = depth
        if len(fewest) > NODES:
            return None
        name = node.name()
        for child, _ in node.next_functions:
            if child is None or child in fewest:
                continue
            weight = getattr(child, "variable", None)
            if weight is None:
                through = name.startswith("SigmoidBackward")
                waiting.append((child, depth + 1)) if through else waiting.appendleft((child, depth))
            elif weight.dim() > 1 and not name.startswith("Embedding"):
                known = weights.get(id(weight))
                weights[id(weight)] = (weight, depth if known is None else min(depth, known[1]))
    return weights if len(weights) > 1 else None


def install(recorder: Recorder) -> None:
    """Follow layers from their making to the end, and look through some of the graphs."""
    from torch.optim.optimizer import register_optimizer_step_pre_hook

    layers, gradients = Layers(recorder), Gradients(recorder)
    nn.modules.module.register_module_parameter_registration_hook(layers.registered)
    register_optimizer_step_pre_hook(layers.before_step)
    original = torch.autograd.backward

    @functools.wraps(original)
    def backward(tensors: Any, *arguments: Any, **options: Any) -> Any:
        depths, place = None, None
        beginning = recorder.backwards <= BEGINNING
        if beginning and recorder.active and isinstance(tensors, torch.Tensor) and tensors.numel() == 1:
            place = site()
            depths = depths_below(tensors) if gradients.due(place) else None
        result = original(tensors, *arguments, **options)
        if depths:
            with torch.no_grad():
                gradients.measure(place, depths)
        return result

    torch.autograd.backward = backward
