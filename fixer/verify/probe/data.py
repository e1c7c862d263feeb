"""Loaders, datasets, transforms and what goes into the model: which passes are evaluation, and whether they repeat."""

from __future__ import annotations

import functools
import random
import re
import sys
import time
from typing import Any, Dict, List, Optional, Set

import torch
from torch.utils.data import DataLoader, IterableDataset

from .fingerprint import fingerprint
from .record import Recorder

CHECK_SECONDS = 1.5
SAMPLES = 8
FETCHES = 4
EVALUATION_NAME = re.compile(r"(^|_)(test|val|valid|validation|eval|evaluation|dev)", re.IGNORECASE)
NOT_MODELS = ("torchvision.transforms", "torch.nn.modules.loss", "kornia.augmentation")
PASSES_THROUGH = {"Compose", "RandomApply", "RandomChoice", "RandomOrder", "Identity", "Lambda"}


class Pass:
    """One iteration over a loader."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader
        self.fetched = 0
        self.backwards = 0
        """How many backward passes there had been at the last fetch."""
        self.trained = False
        self.ended = False
        self.evaluates = False
        """The model was called without gradients, or in evaluation mode."""
        self.forwards = 0
        self.batch: Any = None
        self.random: Any = None

    @property
    def is_evaluation(self) -> bool:
        if self.trained or not self.forwards:
            return False
        return (self.evaluates and (self.ended or self.fetched > 1)) or self.ended


class Loaders:
    """Every loader that was built, every pass that was made."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.loaders: List[Any] = []
        self.passes: List[Pass] = []
        self.current: Optional[Pass] = None
        self.in_loop = 0
        recorder.loaders = self
        recorder.can_drain = self.in_training_pass
        recorder.last_checks[:0] = [self.examine]

    def in_training_pass(self) -> bool:
        """Whether a loader's loop is being trained in, so that cutting it short leads on to evaluation."""
        current = self.current
        return current is not None and not current.ended and current.backwards < self.recorder.backwards

    def begin(self, loader: Any) -> Pass:
        started = Pass(loader)
        if len(self.passes) < 2000:
            self.passes.append(started)
        return started

    def settle(self, running: Pass) -> None:
        if running.fetched and self.recorder.backwards > running.backwards:
            running.trained = True

    def is_over(self, running: Pass) -> bool:
        """Whether this pass must not go on: the step cap is reached, or an evaluation has been long enough."""
        self.settle(running)
        if self.recorder.draining and running.trained:
            return True
        limit = self.recorder.request["evaluation_batches"]
        if running.fetched >= limit and not running.trained and running.evaluates and running.forwards:
            self.recorder.note("evaluation passes were cut after {} batches".format(limit))
            return True
        return False

    def fetched(self, running: Pass, batch: Any) -> None:
        running.fetched += 1
        running.backwards = self.recorder.backwards
        self.current = running
        self.recorder.expecting_input = True
        if not running.trained and (self.recorder.steps or not torch.is_grad_enabled()):
            running.batch, running.random = batch, random_state()

    def model_called(self, module: Any, inputs: Any) -> None:
        """The outermost module of a forward pass is called."""
        self.recorder.forwards += 1
        tensor = next((value for value in inputs if isinstance(value, torch.Tensor)), None)
        learns = torch.is_grad_enabled() and module.training
        self.recorder.pairs.model_input(tensor)
        self.recorder.feeds.model_called(module, tensor)
        for listener in self.recorder.on_model:
            listener(module)
        running = self.current
        if running is None or running.ended:
            return
        running.forwards += 1
        running.evaluates = running.evaluates or not learns
        if running.batch is not None and not learns and not running.trained:
            self._changed_in_loop(running, tensor)
        running.batch = running.random = None

    def _changed_in_loop(self, running: Pass, tensor: Any) -> None:
        if tensor is None or random_state() == running.random:
            return
        names = {fingerprint(part) for part in tensors_of(running.batch)}
        if fingerprint(tensor) not in names:
            self.in_loop += 1

    def examine(self) -> None:
        """At the end of the run: fetch samples again and look at them."""
        evaluated, trained = self._roles()
        seen: Dict[int, Any] = {}
        for loader in self.loaders:
            seen.setdefault(id(loader.dataset), loader.dataset)
        for dataset in seen.values():
            self.recorder.pairs.dataset(dataset)
        for key, dataset in seen.items():
            if isinstance(dataset, IterableDataset):
                continue
            if key in evaluated and key not in trained:
                self._repeat(dataset)
            else:
                self._touch(dataset)
        tally = self.recorder.tallies.get("evaluation-not-repeatable")
        if self.in_loop:
            tally = self.recorder.tally("evaluation-not-repeatable")
            tally.checked += self.in_loop
            tally.shown += self.in_loop
            tally.detail += " In {} evaluation batches random numbers changed the data before the model saw it.".format(
                self.in_loop
            )

    def _roles(self) -> Any:
        evaluated: Set[int] = {id(run.loader.dataset) for run in self.passes if run.is_evaluation}
        trained: Set[int] = {id(run.loader.dataset) for run in self.passes if run.trained}
        if not self.recorder.backwards and not evaluated:
            # Nothing trains in a fragment: what its author calls test data is test data.
            for name, value in vars(sys.modules["__main__"]).items():
                if isinstance(value, DataLoader) and EVALUATION_NAME.search(name):
                    evaluated.add(id(value.dataset))
        return evaluated, trained

    def _repeat(self, dataset: Any) -> None:
        until = time.monotonic() + CHECK_SECONDS
        different = looked = 0
        length = len(dataset)
        for number in range(min(SAMPLES, length)):
            index = number * length // min(SAMPLES, length)
            names = set()
            for _ in range(FETCHES):
                names.add(fingerprint(dataset[index]))
                if len(names) > 1 or time.monotonic() > until:
                    break
            looked += 1
            different += len(names) > 1
            if time.monotonic() > until:
                break
        tally = self.recorder.check("evaluation-not-repeatable", different > 0)
        if different:
            tally.detail = "Of {} evaluation samples of {}, {} differed when they were fetched again.".format(
                looked, type(dataset).__name__, different
            )

    def _touch(self, dataset: Any) -> None:
        """Fetch one sample here: what happens to it in worker processes is out of sight."""
        try:
            dataset[0]
        except Exception:
            return


def tensors_of(batch: Any) -> List[torch.Tensor]:
    if isinstance(batch, torch.Tensor):
        return [batch]
    if isinstance(batch, dict):
        batch = list(batch.values())
    if isinstance(batch, (list, tuple)):
        return [tensor for part in batch for tensor in tensors_of(part)]
    return []


def random_state() -> Any:
    """The state of all random streams, read without drawing."""
    numpy = sys.modules.get("numpy")
    state = numpy.random.get_state() if numpy is not None else None
    return (
        torch.get_rng_state().numpy().tobytes() if numpy is not None else torch.get_rng_state().tolist(),
        random.getstate(),
        (state[1].tobytes(), state[2:]) if state is not None else None,
    )


def install(recorder: Recorder) -> None:
    """Follow loaders, outermost modules and torchvision's transforms."""
    loaders = Loaders(recorder)
    _hook_loaders(recorder, loaders)
    not_a_model: Dict[type, bool] = {}

    def before_forward(module: Any, inputs: Any) -> None:
        if not recorder.expecting_input or not recorder.active:
            return
        kind = type(module)
        if kind not in not_a_model:
            not_a_model[kind] = kind.__module__.startswith(NOT_MODELS)
        if not not_a_model[kind]:
            recorder.expecting_input = False
            loaders.model_called(module, inputs)

    torch.nn.modules.module.register_module_forward_pre_hook(before_forward)
    _hook_transforms(recorder)


def _hook_loaders(recorder: Recorder, loaders: Loaders) -> None:
    from torch.utils.data import dataloader

    iterator = dataloader._BaseDataLoaderIter
    original_init, original_iter, original_next = DataLoader.__init__, DataLoader.__iter__, iterator.__next__

    @functools.wraps(original_init)
    def init(self: Any, *arguments: Any, **options: Any) -> None:
        original_init(self, *arguments, **options)
        if recorder.active and len(loaders.loaders) < 50:
            loaders.loaders.append(self)

    @functools.wraps(original_iter)
    def start(self: Any) -> Any:
        running = original_iter(self)
        if recorder.active:
            running._fixer_pass = loaders.begin(self)  # type: ignore[attr-defined]
        return running

    @functools.wraps(original_next)
    def step(self: Any) -> Any:
        running = getattr(self, "_fixer_pass", None)
        if running is None or not recorder.active:
            return original_next(self)
        if loaders.is_over(running):
            running.ended = True
            raise StopIteration
        try:
            batch = original_next(self)
        except StopIteration:
            running.ended = True
            raise
        loaders.fetched(running, batch)
        return batch

    DataLoader.__init__ = init  # type: ignore[method-assign]
    DataLoader.__iter__ = start  # type: ignore[method-assign]
    iterator.__next__ = step  # type: ignore[method-assign]


def _hook_transforms(recorder: Recorder) -> None:
    """Transforms of the second kind pass what they do not know through: an array comes out as it went in."""
    judged: Dict[type, bool] = {}

    def after_forward(module: Any, inputs: Any, output: Any) -> None:
        kind = type(module)
        if kind not in judged:
            judged[kind] = (
                kind.__module__.startswith("torchvision.transforms.v2") and kind.__name__ not in PASSES_THROUGH
            )
        if not judged[kind]:
            return
        arrays = [value for value in inputs if type(value).__name__ == "ndarray" and value.ndim >= 2]
        ignored = bool(arrays) and len(arrays) == len(inputs) and output is inputs[0]
        tally = recorder.check("transform-without-effect", ignored)
        if ignored:
            tally.detail = "{} was given a NumPy array, which it passes through unchanged ({} of {} calls).".format(
                kind.__name__, tally.shown, tally.checked
            )

    torch.nn.modules.module.register_module_forward_hook(after_forward)
