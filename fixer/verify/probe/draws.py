"""Which samples of which dataset the batches of loaders hold: inputs and targets of two loaders can be compared.

A batch is known as rows of its dataset in an order of its own, named after the numbers of its samples; what is made of
it row by row inherits that (`pairs.py`).
"""

from __future__ import annotations

import functools
import hashlib
from collections import deque
from typing import Any, Dict, List, Tuple

import torch

from .record import Recorder

PREFIX = "drawn "
MOST_RECENT = 16


class Draws:
    """Compares the batch that a model was fed with the batch that its output is compared with."""

    def __init__(self, recorder: Recorder, sources: Any) -> None:
        self.sources = sources
        self.recent: List[Any] = []
        """What models were fed since the last backward pass."""
        self.aligned: Dict[Tuple[int, int], bool] = {}
        """For two datasets of equal length, whether the samples that met had equal numbers so far."""
        self.together = False
        """Inputs and targets came from one loader."""
        recorder.on_backward.append(self.recent.clear)

    def drawn(self, batch: Any, dataset: Any, numbers: Any, make: Any) -> None:
        """Remember the tensors of a batch as the rows of `dataset` with these numbers."""
        if not isinstance(numbers, (list, tuple)) or not all(isinstance(each, int) for each in numbers):
            return
        try:
            source, total = self.sources.number(dataset), len(dataset)
        except (TypeError, NotImplementedError):
            return
        name = PREFIX + hashlib.blake2b(repr(numbers).encode(), digest_size=8).hexdigest()
        for tensor in tensors_in(batch):
            if tensor.dim() and tensor.shape[0] == len(numbers):
                self.sources.remember(tensor, make(source, total, 0, len(numbers), name))

    def fed(self, rows: Any) -> None:
        if is_drawn(rows) and torch.is_grad_enabled() and len(self.recent) < MOST_RECENT:
            self.recent.append(rows)

    def compare(self, target: Any) -> None:
        """A loss that is trained on compares an output with these rows."""
        if not torch.is_grad_enabled() or not self.recent:
            return
        if any(each.source == target.source for each in self.recent):
            self.together = True  # other inputs of this step may come from elsewhere: other domains, other tasks
            return
        for each in self.recent:
            if (each.total, each.length) == (target.total, target.length):
                key = (each.source, target.source)
                self.aligned[key] = self.aligned.get(key, True) and each.order == target.order


def is_drawn(rows: Any) -> bool:
    return rows is not None and rows.order is not None and rows.order.startswith(PREFIX)


def tensors_in(batch: Any, depth: int = 3) -> List[torch.Tensor]:
    if isinstance(batch, torch.Tensor):
        return [batch]
    parts = batch.values() if isinstance(batch, dict) else batch if isinstance(batch, (list, tuple)) else ()
    return [tensor for part in parts for tensor in tensors_in(part, depth - 1)] if depth else []


def install(recorder: Recorder, draws: Draws, make: Any) -> None:
    """Note which numbers a loader asks its dataset for, and hand them on with the batch."""
    from torch.utils.data import dataloader

    iterator = dataloader._BaseDataLoaderIter
    original_index: Any = iterator._next_index
    original_next = iterator.__next__

    @functools.wraps(original_index)
    def next_index(self: Any) -> Any:
        numbers = original_index(self)
        if recorder.active:
            self.__dict__.setdefault("_fixer_numbers", deque()).append(numbers)
        return numbers

    @functools.wraps(original_next)
    def step(self: Any) -> Any:
        batch = original_next(self)
        waiting = self.__dict__.get("_fixer_numbers")
        if recorder.active and waiting:
            draws.drawn(batch, self._dataset, waiting.popleft(), make)
        return batch

    iterator._next_index = next_index  # type: ignore[method-assign]
    iterator.__next__ = step  # type: ignore[method-assign]
