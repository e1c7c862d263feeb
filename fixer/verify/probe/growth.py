"""Graphs that stay in memory after their step, and losses that run away."""

from __future__ import annotations

import math
import weakref
from typing import Any, Dict, List, Tuple

from .record import Recorder
from .training import norm, parameters
from .updates import sample

KEY = "_fixer_graph"
NODES = 8
"""So many nodes of a graph, from the loss downward, are marked."""
LOOKS = 150
KEPT = 6
"""Graphs of so many different steps, all in memory: an ordinary program keeps one or two."""
END = 5
VALUES_NEEDED = 20
FACTOR = 100.0
GROWTH = 5.0
WEIGHTS = 8


class Mark:
    """Lies in the metadata of a graph's nodes, and goes when the last of them does."""


class Growth:
    """Counts the graphs that have been back-propagated, are of no more use, and are still there."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.marks: List[Tuple[int, Any]] = []
        """The step that each graph belongs to, and a weak reference to its mark."""
        recorder.on_root.append(self.before_backward)

    def before_backward(self, root: Any, keeps: bool) -> None:
        recorder = self.recorder
        if recorder.backwards > LOOKS:
            return
        self.marks = [(step, mark) for step, mark in self.marks if mark() is not None]
        if recorder.backwards > KEPT:
            kept = len({step for step, _ in self.marks})
            tally = recorder.check("graph-growth", kept >= KEPT, float(kept))
            if kept >= KEPT:
                tally.detail = (
                    "The graphs of {} steps were in memory at once, though all of them had been used.".format(
                        int(max(tally.values))
                    )
                )
        if not keeps and root.grad_fn is not None:
            mark = Mark()
            spread(mark, root.grad_fn)
            self.marks.append((recorder.steps, weakref.ref(mark)))


class Divergence:
    """A program with one loss and one optimizer, whose loss ends far above anything it began with, and whose weights
    have grown with it: a loss may also rise because later batches hold larger numbers."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.sizes: Dict[int, float] = {}
        recorder.on_root.append(self.before_backward)
        recorder.last_checks.append(self.at_end)

    def before_backward(self, _root: Any, _keeps: bool) -> None:
        if self.recorder.backwards == 1:
            self.sizes = {id(optimizer): measure(optimizer) for optimizer in self.recorder.training.kept}

    def at_end(self) -> None:
        recorder = self.recorder
        stepped = [each for each in recorder.training.kept if recorder.training.owner(each).steps]
        if len(recorder.series) != 1 or len(stepped) != 1 or recorder.outcome == "crashed":
            return
        size = self.sizes.get(id(stepped[0]), 0.0)
        (losses,) = recorder.series.values()
        ours = any(text.startswith("no training") for text in recorder.replaced)
        finite = losses[: next((n for n, loss in enumerate(losses) if not math.isfinite(loss)), len(losses))]
        if ours or len(losses) < VALUES_NEEDED or len(finite) <= END or min(finite) <= 0 or not size:
            return
        ratio, growth = min(finite[-END:]) / max(finite[:END]), measure(stepped[0]) / size
        if len(finite) < len(losses):
            ratio = finite[-1] / max(finite[:END])
            if ratio <= FACTOR:
                return  # NaN came out of the blue
        diverged = ratio > FACTOR and finite[-1] > 1 and not growth <= GROWTH
        tally = recorder.check("divergence", diverged, ratio)
        if tally.shown:
            tally.detail = (
                "The last losses are at least {:.3g} times the highest of the first, the weights {:.3g} times.".format(
                    ratio, growth
                )
            )


def measure(optimizer: Any) -> float:
    return norm([sample(p) for p in parameters(optimizer)[:WEIGHTS]])


def spread(mark: Mark, root: Any) -> None:
    """Put the mark on the first nodes of a graph that no other mark is on."""
    waiting = [root]
    marked = 0
    while waiting and marked < NODES:
        node = waiting.pop(0)
        metadata = getattr(node, "metadata", None)
        if metadata is None or KEY in metadata or type(node).__name__ == "AccumulateGrad":
            continue
        metadata[KEY] = mark
        marked += 1
        waiting += [following for following, _ in node.next_functions if following is not None]


def install(recorder: Recorder) -> None:
    """Follow graphs and losses."""
    Growth(recorder)
    Divergence(recorder)
