"""The record of a run, and its way out: frames on a pipe, the last of which counts."""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import threading
import time
from typing import Any, Callable, Dict, Iterator, List, NoReturn, Optional, Tuple

import torch

VALUES_KEPT = 1000
EVERY_SECONDS = 1.0
TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
PROBE = os.path.dirname(os.path.abspath(__file__))


class Tally:
    """A symptom in the making."""

    def __init__(self) -> None:
        self.shown = 0
        self.checked = 0
        self.first_step: Optional[int] = None
        self.detail = ""
        self.values: List[float] = []


class Recorder:
    """What has happened so far. `active` is off in child processes and while the record is closed."""

    def __init__(self, request: Dict[str, Any], frames: int, isolation: List[str], started: float) -> None:
        self.request = request
        self.frames = frames
        self.isolation = isolation
        self.started = started
        self.active = True
        self.steps = 0
        self.backwards = 0
        self.optimizers = 0
        self.forwards = 0
        self.series: Dict[Any, List[float]] = {}
        self.losses: Any = None
        self.tallies: Dict[str, Tally] = {}
        self.batches: List[List[Any]] = []
        """Of each step, what went into the model before it."""
        self.learning_rates: List[float] = []
        self.gradient_norms: List[float] = []
        self.update_norms: List[float] = []
        self.non_finite = False
        self.warnings: List[str] = []
        self.replaced: List[str] = []
        self.notes: List[str] = []
        self.on_backward: List[Callable[[], None]] = []
        self.on_target: List[Callable[[Any], None]] = []
        """Called with the target of each loss."""
        self.pairs: Any = None
        self.training: Any = None
        self.loaders: Any = None
        self.feeds: Any = None
        self.yardstick: Any = None
        self.on_model: List[Callable[[Any], None]] = []
        """Called with the outermost module of each forward pass, before it runs."""
        self.on_root: List[Callable[[Any, bool], None]] = []
        """Called with each tensor that backward starts from, and whether its graph is kept."""
        self.clock = 0
        """Counts what happens, so that one can tell what came first."""
        self.last_checks: List[Callable[[], None]] = []
        self.fed: List[Any] = []
        """What went into the model since the last step."""
        self.expecting_input = True
        """The next module that is called is the outermost one of a forward pass."""
        self.outcome = ""
        """How it ended, for the last checks."""
        self.draining = False
        """The step cap is reached; the epoch is cut short so that its evaluation is still seen."""
        self.can_drain: Callable[[], bool] = lambda: False
        self._written = time.monotonic()
        os.register_at_fork(after_in_child=self._asleep)

    def _asleep(self) -> None:
        self.active = False

    @contextlib.contextmanager
    def unwatched(self) -> Iterator[None]:
        """For what the probe computes itself, which would be followed as if the script did it."""
        was, self.active = self.active, False
        try:
            yield
        finally:
            self.active = was

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    def tally(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())

    def check(self, name: str, shown: bool, value: Optional[float] = None, step: Optional[int] = None) -> Tally:
        """Count one look for a symptom."""
        tally = self.tally(name)
        tally.checked += 1
        if shown:
            tally.shown += 1
            if tally.first_step is None:
                tally.first_step = self.steps + 1 if step is None else step
        if value is not None and len(tally.values) < VALUES_KEPT:
            tally.values.append(value)
        return tally

    def note(self, text: str) -> None:
        if text not in self.notes and len(self.notes) < 50:
            self.notes.append(text)

    def replace(self, text: str) -> None:
        if text not in self.replaced:
            self.replaced.append(text)

    def loss(self, site: Any, value: float) -> None:
        """A loss is about to be back-propagated."""
        self.backwards += 1
        self.series.setdefault(site, []).append(value)
        bad = not math.isfinite(value)
        self.non_finite = self.non_finite or bad
        self.check("non-finite", bad)
        self.expecting_input = True
        if self.draining:
            self.finish("budget")
        for listener in self.on_backward:
            listener()
        loops_by_hand = self.steps == 0 and self.backwards >= self.request["steps"] * (20 if self.optimizers else 1)
        if loops_by_hand:
            self.finish("budget")

    def stepped(self) -> None:
        """An optimizer has stepped: write the record now and then, and stop at the limits."""
        if self.draining:
            self.finish("budget")
        self.steps += 1
        self.batches.append(self.fed)
        self.fed = []
        now = time.monotonic()
        if self.steps >= self.request["steps"]:
            if not self.can_drain():
                self.finish("budget")
            self.draining = True
            self._write(self._frame("budget", None))
        elif now - self.started >= self.request["seconds"]:
            self.note("stopped after {} steps, when the time was up".format(self.steps))
            self.finish("budget")
        elif now - self._written > EVERY_SECONDS:
            self._written = now
            self._write(self._frame(None, None))

    def finish(self, outcome: str, crash: Optional[Dict[str, Any]] = None) -> NoReturn:
        """Make the last checks, hand the record out and end the process, whatever the script would catch."""
        if not self.active:
            os._exit(0)
        self.active = False
        self.outcome = outcome
        watchdog = threading.Timer(self.request["check_seconds"], self._leave, (outcome, crash))
        watchdog.daemon = True
        watchdog.start()
        for check in self.last_checks:
            try:
                check()
            except Exception as error:
                self.note("a last check could not be made: {}: {}".format(type(error).__name__, error))
        watchdog.cancel()
        self._leave(outcome, crash)

    def _leave(self, outcome: str, crash: Optional[Dict[str, Any]]) -> NoReturn:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        self._write(self._frame(outcome, crash))
        os._exit(0)

    def _write(self, frame: Dict[str, Any]) -> None:
        content = json.dumps(frame).encode() + b"\n"
        while content:
            content = content[os.write(self.frames, content) :]

    def _frame(self, outcome: Optional[str], crash: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        import resource

        scale = 1024 if sys.platform == "linux" else 1 << 20
        if outcome == "crashed":
            self.check("crash", True).detail = "{}: {}".format(crash["type"], crash["message"])[:300] if crash else ""
        return {
            "outcome": outcome,
            "crash": crash,
            "steps": self.steps,
            "backwards": self.backwards,
            "series": _numbered("loss", self.series),
            "evaluation": _numbered("evaluation", self.losses.evaluation() if self.losses else {}),
            "symptoms": {name: dict(vars(tally), name=name) for name, tally in self.tallies.items()},
            "batches": [self.feeds.trained_on(fed) for fed in self.batches] if self.feeds else [],
            "yardstick": self.yardstick.told() if self.yardstick else [],
            "learning_rates": self.learning_rates,
            "gradient_norms": self.gradient_norms,
            "update_norms": self.update_norms,
            "non_finite": self.non_finite,
            "warnings": self.warnings,
            "replaced": self.replaced,
            "notes": self.notes,
            "isolation": self.isolation,
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale,
        }


def _numbered(name: str, series: Dict[Any, List[float]]) -> Dict[str, List[float]]:
    return {"{} {}".format(name, number): values for number, values in enumerate(series.values(), 1)}


def site() -> Tuple[str, str, int]:
    """The place in the program that called: the nearest frame that is neither torch's nor ours."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((TORCH, PROBE)):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_code.co_name, frame.f_lineno
