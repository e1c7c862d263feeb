"""What goes into the model, and which of it is trained on: a forward pass whose outputs meet no backward is none."""

from __future__ import annotations

from typing import Any, Dict, List, Set

import torch

from .data import tensors_of
from .fingerprint import fingerprint
from .record import Recorder

FEW_VALUES = 4096
ROW_VALUES = 64
"""So many values of each sample are looked at, to know it again."""
MOST_ROWS = 1024
MOST_KNOWN = 1 << 20
FEW_REPEATED = 0.1
"""Samples of few values meet their like by chance."""


class Feed:
    """One forward pass of an outermost module with gradients."""

    def __init__(self, name: str, training: bool, rows: List[int], fresh: bool) -> None:
        self.name = name
        self.training = training
        self.rows = rows
        self.fresh = fresh
        """None of its samples had been trained on before."""
        self.used = False
        """A backward pass has come through its outputs."""


class Feeds:
    """All that was fed to models, until the steps that follow."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.latest: Any = None
        """The feed of the latest forward pass, if gradients can come back through it."""
        self.waiting: Any = None
        """The module whose outputs are awaited."""
        self.known: Set[int] = set()
        """Samples that were trained on."""
        self.repeated: Dict[int, bool] = {}
        """Of passes over a loader: whether its dataset was trained on in an earlier one."""

    def model_called(self, module: Any, tensor: Any) -> None:
        self.latest = self.waiting = None
        if tensor is None or not torch.is_grad_enabled():
            return
        with self.recorder.unwatched():
            rows, name = rows_of(tensor), fingerprint(tensor, FEW_VALUES)
        again = sum(row in self.known for row in rows)
        fresh = again <= FEW_REPEATED * len(rows) and not self._repeats()
        self.latest = Feed(name, module.training, rows, fresh)
        self.waiting = module
        self.recorder.fed.append(self.latest)

    def _repeats(self) -> bool:
        """Whether the data come from a loader in a later epoch: transforms may have made other values of them."""
        running = self.recorder.loaders.current
        if running is None or running.ended:
            return False
        if id(running) not in self.repeated:
            earlier = self.recorder.loaders.passes
            self.repeated[id(running)] = any(
                each is not running and each.trained and each.loader.dataset is running.loader.dataset
                for each in earlier
            )
        return self.repeated[id(running)]

    def returned(self, module: Any, _inputs: Any, output: Any) -> None:
        """Listen for the backward pass that comes through these outputs. The graph holds the listener, not we the
        graph."""
        if module is not self.waiting:
            return
        self.waiting, feed = None, self.latest
        nodes = [tensor.grad_fn for tensor in tensors_of(output) if tensor.grad_fn is not None]
        if not nodes:
            feed.used = feed.training  # frozen, or out of sight; what follows it may learn

        def met(_gradients: Any) -> None:
            if not feed.used and self.recorder.active:
                feed.used = True
                if len(self.known) < MOST_KNOWN:
                    self.known.update(feed.rows)

        for node in nodes:
            node.register_prehook(met)

    @staticmethod
    def trained_on(fed: List[Feed]) -> str:
        """The name of what one step was trained on. Where no backward came, it is what might have been."""
        used = [feed.name for feed in fed if feed.used]
        return "+".join(used or [feed.name for feed in fed if feed.training])


def rows_of(tensor: torch.Tensor) -> List[int]:
    """A number for each sample of a batch, equal for equal samples."""
    if not tensor.dim() or not tensor.numel() or tensor.layout is not torch.strided:
        return []
    rows = tensor.detach().reshape(tensor.shape[0], -1)[:MOST_ROWS]
    rows = rows[:, :: max(1, -(-rows.shape[1] // ROW_VALUES))].cpu().contiguous()
    if rows.dtype is torch.bfloat16 or rows.is_complex():
        return [hash(tuple(row)) for row in rows.tolist()]
    try:
        content = rows.numpy().tobytes()
    except (RuntimeError, TypeError):
        return [hash(tuple(row)) for row in rows.tolist()]
    size = len(content) // rows.shape[0]
    return [hash(content[start : start + size]) for start in range(0, len(content), size)]


def install(recorder: Recorder) -> Feeds:
    """Await the outputs of outermost modules; `data` says when one is called."""
    feeds = recorder.feeds = Feeds(recorder)
    torch.nn.modules.module.register_module_forward_hook(feeds.returned)
    return feeds
