"""A script that builds loaders and never uses a model: a small standard training loop is put around what it built."""

from __future__ import annotations

import types
from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset

from .data import EVALUATION_NAME
from .record import Recorder

EPOCHS = 5
MOST_STEPS = 60
EVALUATION_BATCHES = 5
HIDDEN = 32
BATCH = 16


def continue_from(recorder: Recorder, module: types.ModuleType) -> None:
    """Train on the loaders that the script has left, if it has never called a model.

    Raises:
        Exception: whatever the user's data raised when it was fetched.
    """
    if recorder.backwards or recorder.forwards or recorder.optimizers:
        return
    training, evaluation = _loaders(recorder, module)
    if not training:
        return
    recorder.replace("no training -> a small standard loop around the data that the script builds")
    learner: Optional[Learner] = None
    for _ in range(EPOCHS):
        for loader in training:
            for batch in loader:
                learner = learner or Learner.for_batch(batch)
                if learner is None:
                    recorder.note("no loop could be made: the batches hold no tensors")
                    return
                if not learner.learns(recorder, batch):
                    return
                if recorder.steps >= MOST_STEPS:
                    break
        for loader in evaluation:
            for number, batch in enumerate(loader):
                if number == EVALUATION_BATCHES:
                    break
                if learner is not None and not learner.learns(recorder, batch, evaluate=True):
                    return
        if recorder.steps >= MOST_STEPS:
            return


def _loaders(recorder: Recorder, module: types.ModuleType) -> Tuple[List[Any], List[Any]]:
    """Loaders to train with and to evaluate with; datasets stand for themselves where there is no loader."""
    found = {name: value for name, value in vars(module).items() if isinstance(value, DataLoader)}
    if not found:
        found = {
            name: DataLoader(value, batch_size=BATCH)
            for name, value in vars(module).items()
            if isinstance(value, Dataset) and not isinstance(value, IterableDataset) and _collates(recorder, value)
        }
    distinct: Dict[int, Tuple[str, Any]] = {id(value): (name, value) for name, value in found.items()}
    training = [value for name, value in distinct.values() if not EVALUATION_NAME.search(name)]
    evaluation = [value for name, value in distinct.values() if EVALUATION_NAME.search(name)]
    return training, evaluation


def _collates(recorder: Recorder, dataset: Any) -> bool:
    """Whether samples of a dataset without loader make a batch, which nobody promised. What they raise counts."""
    if not hasattr(dataset, "__len__") or not len(dataset):
        return False
    samples = [dataset[number] for number in range(min(2, len(dataset)))]
    try:
        torch.utils.data.default_collate(samples)
    except Exception as error:
        recorder.note("no loop could be made around {}: {}".format(type(dataset).__name__, error))
        return False
    return True


class Learner:
    """A small network that learns the last tensor of a batch from the first, or the first from itself."""

    def __init__(self, inputs: Any, targets: Any) -> None:
        self.classifies = targets is not None and not targets.is_floating_point() and targets.dim() == 1
        self.outputs = int(targets.max()) + 1 if self.classifies else self._wanted(inputs, targets).shape[1]
        self.model = nn.Sequential(
            nn.Flatten(), nn.Linear(inputs[0].numel(), HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, max(self.outputs, 10))
        )
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01)

    @classmethod
    def for_batch(cls, batch: Any) -> Optional["Learner"]:
        inputs, targets = _parts(batch)
        if inputs is None or not inputs.dim() or not inputs.numel():
            return None
        return cls(inputs, targets)

    @staticmethod
    def _wanted(inputs: Any, targets: Any) -> Any:
        wanted = inputs if targets is None else targets
        return wanted.float().reshape(wanted.shape[0], -1)[:, :10]

    def loss(self, batch: Any) -> Any:
        inputs, targets = _parts(batch)
        predicted = self.model(inputs.float().reshape(inputs.shape[0], -1))
        if self.classifies:
            return nn.functional.cross_entropy(predicted, targets.clamp(0, predicted.shape[1] - 1).long())
        wanted = self._wanted(inputs, targets)
        return nn.functional.mse_loss(predicted[:, : wanted.shape[1]], wanted)

    def learns(self, recorder: Recorder, batch: Any, evaluate: bool = False) -> bool:
        """Train on a batch, or evaluate it. False if our loop does not suit this data, which is no fault of it."""
        try:
            self.model.train(not evaluate)
            if evaluate:
                with torch.no_grad():
                    self.loss(batch)
            else:
                self.optimizer.zero_grad()
                self.loss(batch).backward()
                self.optimizer.step()
        except Exception as error:
            recorder.note("the loop around the data could not go on: {}".format(error))
            return False
        return True


def _parts(batch: Any) -> Tuple[Any, Any]:
    """The inputs and the targets of a batch, where there are any."""
    values = list(batch.values()) if isinstance(batch, dict) else batch
    if isinstance(values, torch.Tensor):
        return values, None
    if not isinstance(values, (list, tuple)):
        return None, None
    tensors = [value for value in values if isinstance(value, torch.Tensor)]
    return (tensors[0] if tensors else None), (tensors[-1] if len(tensors) > 1 else None)
