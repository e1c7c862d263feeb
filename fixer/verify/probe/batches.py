"""Batches as the loaders hand them out: the order of epochs, and random transforms of whole batches."""

from __future__ import annotations

import functools
import threading
from typing import Any, Dict, List, Optional

import torch
from torch import nn
from torch.utils.data import BatchSampler, IterableDataset, RandomSampler, SequentialSampler, SubsetRandomSampler

from .data import Pass, random_state, tensors_of
from .fingerprint import fingerprint
from .record import Recorder

FEW_VALUES = 256
MOST_NAMES, MOST_EPOCHS = 10, 500
LEAST_BATCHES = 3
"""In an epoch of fewer batches the order hardly matters."""
LEAST_EPOCHS = 3
"""Two passes in one order may have two purposes."""
LEAST_SHARED = 3
PLAIN_SAMPLERS = (SequentialSampler, RandomSampler, SubsetRandomSampler)
RECURRENT = (nn.RNNBase, nn.RNNCellBase)
RANDOM = {"ColorJitter", "AutoAugment", "RandAugment", "TrivialAugmentWide", "AugMix", "ElasticTransform"}
SHARED_ON_PURPOSE = {"RandomResize", "RandomShortestSize"}
"""The samples of a batch must be of one size."""


class Epoch:
    """One pass over a loader, with names for its batches in their order."""

    def __init__(self, run: Pass) -> None:
        self.run = run
        self.names: List[str] = []


class Batches:
    """Every pass, and what happened to the latest batch."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.epochs: List[Epoch] = []
        self.latest: Optional[Epoch] = None
        self.recurrent = False
        self.thread = threading.get_ident()
        self.fetching = 0
        self.shapes: List[Any] = []
        self.fresh = False
        """The latest batch has not been trained on yet."""
        self.shared = ""
        """The random transform that changed the latest batch as a whole."""
        self.inside: Any = None
        self.trained = self.with_shared = 0
        self.first_step: Optional[int] = None
        self.transform = ""
        recorder.on_backward.append(self.backward)
        recorder.last_checks.append(self.conclude)

    def fetched(self, run: Optional[Pass], batch: Any) -> None:
        tensors = tensors_of(batch)
        several = run is not None and (run.loader.batch_size or 0) > 1
        self.shapes = [tensor.shape for tensor in tensors if several and tensor.dim() > 1 and tensor.shape[0] > 1]
        self.fresh, self.shared, self.inside = bool(self.shapes), "", None
        if run is None or not tensors:
            return
        if self.latest is None or self.latest.run is not run:
            self.latest = Epoch(run)
            if len(self.epochs) < MOST_EPOCHS:
                self.epochs.append(self.latest)
        if len(self.latest.names) < MOST_NAMES:
            self.latest.names.append(fingerprint(tensors[0], FEW_VALUES))

    def backward(self) -> None:
        if not self.fresh:
            return
        self.fresh = False
        self.trained += 1
        if self.shared:
            self.with_shared += 1
            self.transform = self.shared
            if self.first_step is None:
                self.first_step = self.recorder.steps + 1

    def before_transform(self, module: Any, inputs: Any) -> None:
        if self.fetching or not self.fresh or self.inside is not None or threading.get_ident() != self.thread:
            return
        if any(self._is_batch(tensor.shape) for tensor in tensors_of(inputs)):
            self.inside = (module, random_state())

    def _is_batch(self, shape: Any) -> bool:
        return len(shape) >= 4 and any(
            shape[0] == whole[0] and (len(shape) == len(whole) or shape.numel() == whole.numel())
            for whole in self.shapes
        )

    def after_transform(self, module: Any) -> None:
        if self.inside is not None and self.inside[0] is module:
            if random_state() != self.inside[1]:
                self.shared = type(module).__name__
            self.inside = None

    def conclude(self) -> None:
        if self.trained >= LEAST_SHARED and (self.with_shared == 0 or self.with_shared >= LEAST_SHARED):
            tally = self.recorder.tally("batch-shares-draw")
            tally.checked, tally.shown, tally.first_step = self.trained, self.with_shared, self.first_step
            if self.with_shared:
                tally.detail = "{} drew once for a whole batch, before {} of {} training passes.".format(
                    self.transform, self.with_shared, self.trained
                )
        ours = any("standard loop" in text for text in self.recorder.replaced)
        if not ours and not self.recurrent:
            self._orders()

    def _orders(self) -> None:
        epochs: Dict[Any, List[Epoch]] = {}
        for epoch in self.epochs:
            if epoch.run.trained and len(epoch.names) >= LEAST_BATCHES and has_free_order(epoch.run.loader):
                epochs.setdefault((id(epoch.run.loader.dataset), epoch.run.loader.batch_size), []).append(epoch)
        for found in epochs.values():
            compared = [same_order(one, other) for one, other in zip(found, found[1:])]
            compared = [same for same in compared if same is not None]
            if len(compared) + 1 < LEAST_EPOCHS:
                continue
            tally = self.recorder.tally("repeated-epoch-order")
            tally.checked += len(compared)
            if all(compared):
                tally.shown += len(compared)
                tally.first_step = 1
                tally.detail = "{} epochs over {} trained on the same batches in the same order.".format(
                    len(compared) + 1, type(found[0].run.loader.dataset).__name__
                )


def has_free_order(loader: Any) -> bool:
    """Whether the order of the samples is nobody's design: a sampler of one's own has a reason."""
    if isinstance(loader.dataset, IterableDataset) or loader.batch_size is None:
        return False
    return type(loader.sampler) in PLAIN_SAMPLERS and type(loader.batch_sampler) is BatchSampler


def same_order(one: Epoch, other: Epoch) -> Optional[bool]:
    length = min(len(one.names), len(other.names))
    first = one.names[:length]
    if length < LEAST_BATCHES or len(set(first)) < LEAST_BATCHES:
        return None
    return first == other.names[:length]


def install(recorder: Recorder) -> Batches:
    """Follow what loaders hand out, around what follows their passes."""
    from torch.utils.data import dataloader

    batches = Batches(recorder)
    iterator = dataloader._BaseDataLoaderIter
    original = iterator.__next__

    @functools.wraps(original)
    def step(self: Any) -> Any:
        if not recorder.active:
            return original(self)
        batches.fetching += 1
        try:
            batch = original(self)
        finally:
            batches.fetching -= 1
        batches.fetched(getattr(self, "_fixer_pass", None), batch)
        return batch

    iterator.__next__ = step  # type: ignore[method-assign]
    _hook_modules(recorder, batches)
    return batches


def _hook_modules(recorder: Recorder, batches: Batches) -> None:
    judged: Dict[type, bool] = {}

    def draws(module: Any) -> bool:
        kind = type(module)
        if kind not in judged:
            name = kind.__name__
            judged[kind] = kind.__module__.startswith("torchvision.transforms") and (
                (name.startswith("Random") and name not in SHARED_ON_PURPOSE) or name in RANDOM
            )
        return judged[kind]

    def before(module: Any, inputs: Any) -> None:
        if recorder.active and draws(module):
            batches.before_transform(module, inputs)

    def after(module: Any, _inputs: Any, _output: Any) -> None:
        if batches.inside is not None:
            batches.after_transform(module)

    def registered(module: Any, _name: str, _parameter: Any) -> None:
        batches.recurrent = batches.recurrent or isinstance(module, RECURRENT)

    torch.nn.modules.module.register_module_forward_pre_hook(before)
    torch.nn.modules.module.register_module_forward_hook(after)
    torch.nn.modules.module.register_module_parameter_registration_hook(registered)
