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


class Losses:
    """Gathers losses computed without gradient into passes: a pass ends with the next backward."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.open: Dict[Any, List[float]] = {}
        recorder.on_backward.append(self.close)
        recorder.last_checks.append(self.close)

    def called(self, result: Any) -> None:
        self.recorder.expecting_input = True
        if isinstance(result, torch.Tensor) and result.numel() == 1 and not result.requires_grad:
            self.open.setdefault(site(), []).append(float(result.detach()))

    def close(self) -> None:
        for place, values in self.open.items():
            self.recorder.evaluation.setdefault(place, []).append(sum(values) / len(values))
        self.open.clear()


def install(recorder: Recorder, source: bytes) -> None:
    """Wrap the loss functions. TorchScript compiles them from their source, so then they are left alone."""
    if b"torch.jit" in source or b"import jit" in source:
        recorder.note("the script uses TorchScript: losses of evaluation are not recorded")
        return
    losses = Losses(recorder)
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
