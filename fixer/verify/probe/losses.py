"""Calls of loss functions: losses of evaluation passes, and what each loss compares."""

from __future__ import annotations

import functools
import sys
from typing import Any, Callable, Dict, List

import torch

from .record import Recorder, site

NAMES = (
    "cross_entropy",
    "nll_loss",
    "mse_loss",
    "l1_loss",
    "smooth_l1_loss",
    "huber_loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "kl_div",
    "poisson_nll_loss",
    "gaussian_nll_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "soft_margin_loss",
    "hinge_embedding_loss",
)

MOST = 20_000


class Loss:
    """One value of a loss function."""

    def __init__(self, value: float, number: int) -> None:
        self.value = value
        self.number = number
        """How many backward passes there had been: a pass of evaluation ends with the next one."""
        self.trained = False
        """A backward pass has come through it."""


class Losses:
    """Losses that nothing was trained on: those of evaluation, with or without gradients."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.places: Dict[Any, List[Loss]] = {}

    def called(self, result: Any) -> None:
        self.recorder.expecting_input = True
        if not isinstance(result, torch.Tensor) or result.numel() != 1:
            return
        values = self.places.setdefault(site(), [])
        if len(values) >= MOST:
            return
        loss = Loss(float(result.detach()), self.recorder.backwards)
        values.append(loss)

        def met(_gradients: Any) -> None:
            loss.trained = True

        if result.requires_grad and result.grad_fn is not None:
            result.grad_fn.register_prehook(met)

    def evaluation(self) -> Dict[Any, List[float]]:
        """The mean of each pass, by place."""
        found: Dict[Any, List[float]] = {}
        for place, values in self.places.items():
            passes: Dict[int, List[float]] = {}
            for loss in values:
                if not loss.trained:
                    passes.setdefault(loss.number, []).append(loss.value)
            if passes:
                found[place] = [sum(values) / len(values) for values in passes.values()]
        return found


def install(recorder: Recorder, source: bytes) -> None:
    """Wrap the loss functions. TorchScript compiles them from their source, so then they are left alone."""
    if b"torch.jit" in source or b"import jit" in source:
        recorder.note("the script uses TorchScript: losses of evaluation are not recorded")
        return
    losses = recorder.losses = Losses(recorder)
    functional = sys.modules["torch.nn.functional"]

    def hooked(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def loss(*arguments: Any, **options: Any) -> Any:
            result = original(*arguments, **options)
            if recorder.active:
                target = arguments[1] if len(arguments) > 1 else options.get("target")
                for listener in recorder.on_target:
                    listener(target)
                losses.called(result)
            return result

        return loss

    for name in NAMES:
        setattr(functional, name, hooked(getattr(functional, name)))
