"""Samples that serve training and evaluation alike, though the two are different sets."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Set, Tuple

import torch
from torch.utils.data import Subset, SubsetRandomSampler

from .batches import Batches
from .record import Recorder

MOST_ROWS, MOST_VALUES = 50_000, 16_000_000
LEAST_VALUES = 4
"""Rows of fewer numbers may be equal by chance."""
LEAST_EQUAL = 3


class Splits:
    """Compares the data that was trained on with each set that was evaluated."""

    def __init__(self, recorder: Recorder, batches: Batches) -> None:
        self.recorder = recorder
        self.batches = batches
        recorder.last_checks.append(self.conclude)

    def conclude(self) -> None:
        trained: Dict[Any, Any] = {}
        evaluated: Dict[Any, Any] = {}
        for epoch in self.batches.epochs:
            loader = epoch.run.loader
            if epoch.run.trained:
                trained[key(loader)] = loader
            elif epoch.run.is_evaluation:
                evaluated[key(loader)] = loader
        # With folds, rounds or domains, what one round evaluates another may train on.
        if len(trained) != 1:
            return
        training = next(iter(trained.values()))
        for name, loader in evaluated.items():
            if name in trained:
                continue
            shared = self.shared(training, loader)
            if shared is None:
                continue
            tally = self.recorder.check("split-overlap", shared > 0, step=1)
            if shared:
                tally.detail = "{} of {} evaluation samples are training samples too.".format(shared, length(loader))

    def shared(self, training: Any, evaluation: Any) -> Optional[int]:
        """How many samples both have; None where that proves nothing, or cannot be told.

        A set that holds all of the other one may be meant so, to see the error on training data.
        """
        (base, chosen), (other, others) = members(training), members(evaluation)
        if base is other:
            if chosen is None or others is None:
                return None
            return partial(len(chosen & others), len(chosen), len(others))
        if chosen is not None or others is not None:
            return None
        mine, theirs = columns(base), columns(other)
        if not mine or set(mine) != set(theirs):
            return None
        found = [self.common_rows(column, theirs[name]) for name, column in mine.items()]
        known = [count for count in found if count is not None]
        if known:
            return partial(int(min(known)), len(base), len(other))
        equal = [equal_rows(column, theirs[name]) for name, column in mine.items()]
        told = [count for count in equal if count is not None]
        if not told or 0 < min(told) < LEAST_EQUAL:
            return None
        return partial(min(told), len(base), len(other))

    def common_rows(self, one: Any, other: Any) -> Optional[int]:
        """How many rows of their common source both are cut from."""
        sources = self.recorder.pairs.sources
        first, second = sources.rows(one), sources.rows(other)
        if first is None or second is None or first.source != second.source or first.order != second.order:
            return None
        end = min(first.start + first.length, second.start + second.length)
        return max(0, int(end - max(first.start, second.start)))


def partial(shared: int, first: int, second: int) -> Optional[int]:
    return None if shared and shared >= min(first, second) else shared


def key(loader: Any) -> Any:
    sampler = loader.sampler
    return id(loader.dataset), id(sampler.indices) if isinstance(sampler, SubsetRandomSampler) else 0


def length(loader: Any) -> int:
    return len(loader.sampler) if isinstance(loader.sampler, SubsetRandomSampler) else len(loader.dataset)


def members(loader: Any) -> Tuple[Any, Optional[Set[int]]]:
    """The dataset that samples come from, and the indices of them; None for all."""
    dataset, sampler = loader.dataset, loader.sampler
    chosen: Optional[List[int]] = None
    if isinstance(sampler, SubsetRandomSampler):
        chosen = [int(index) for index in sampler.indices]
    while type(dataset) is Subset:
        indices = dataset.indices
        chosen = [int(indices[index]) for index in (range(len(indices)) if chosen is None else chosen)]
        dataset = dataset.dataset
    return dataset, None if chosen is None else set(chosen)


def columns(dataset: Any) -> Dict[Any, Any]:
    """The tensors and arrays of a dataset that have one row for each sample."""
    try:
        rows = len(dataset)
        parts = {**dict(enumerate(getattr(dataset, "tensors", ()))), **vars(dataset)}
    except (TypeError, NotImplementedError):
        return {}
    return {
        name: value
        for name, value in parts.items()
        if (isinstance(value, torch.Tensor) or type(value).__name__ == "ndarray")
        and value.ndim
        and value.shape[0] == rows
    }


def equal_rows(one: Any, other: Any) -> Optional[int]:
    """How many rows of continuous data are the same, to the bit; None where rows repeat, or are not continuous."""
    named = [names_of_rows(column) for column in (one, other)]
    first, second = named
    return None if first is None or second is None else len(first & second)


def names_of_rows(column: Any) -> Optional[Set[bytes]]:
    tensor = column if isinstance(column, torch.Tensor) else torch.as_tensor(column)
    if (
        not tensor.is_floating_point()
        or tensor.is_sparse
        or tensor.shape[0] > MOST_ROWS
        or tensor.numel() > MOST_VALUES
    ):
        return None
    rows = tensor.detach().cpu().reshape(tensor.shape[0], -1)
    if rows.shape[1] < LEAST_VALUES or bool((rows == rows.round()).float().mean() > 0.5):
        return None
    content = rows.contiguous().numpy()
    names = {row.tobytes() for row in content}
    return names if len(names) == rows.shape[0] else None


def install(recorder: Recorder, batches: Batches) -> None:
    Splits(recorder, batches)
