"""Every way to run backward: the loss series, and what the graph of each loss is."""

from __future__ import annotations

import functools
import math
from typing import Any, Callable, Dict

import torch

from .record import Recorder, site

CUT_OFF = "does not require grad and does not have a grad_fn"


class Backward:
    """Sees each outermost call of backward."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.depth = 0
        self.scaled: Dict[int, Any] = {}
        """What came out of a gradient scaler, with the loss that went in."""

    def starts(self, tensors: Any, arguments: Any, options: Dict[str, Any]) -> None:
        recorder = self.recorder
        roots = [tensors] if isinstance(tensors, torch.Tensor) else list(tensors)
        roots = [root for root in roots if isinstance(root, torch.Tensor)]
        keeps = any(arguments[1:3]) or bool(options.get("retain_graph") or options.get("create_graph"))
        values = [self.value_of(root) for root in roots if root.numel() == 1]
        self.scaled.clear()
        if values:
            recorder.loss(site(), math.fsum(values) if all(map(math.isfinite, values)) else sum(values))
        else:
            recorder.backwards += 1
            recorder.note("backward was called on something other than a single number; its loss is not recorded")
        for root in roots:
            for listener in recorder.on_root:
                listener(root, keeps)

    def value_of(self, tensor: Any) -> float:
        original, value = self.scaled.pop(id(tensor), (None, 0.0))
        return value if original is tensor else float(tensor.detach())

    def hook(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def backward(tensors: Any, *arguments: Any, **options: Any) -> Any:
            if self.recorder.active and self.depth == 0:
                self.starts(tensors, arguments, options)
            self.depth += 1
            try:
                return original(tensors, *arguments, **options)
            except RuntimeError as error:
                if self.recorder.active and self.depth == 1 and CUT_OFF in str(error):
                    tally = self.recorder.check("no-gradient", True)
                    tally.detail = "backward was called on a loss that is cut off from all parameters."
                raise
            finally:
                self.depth -= 1

        return backward


def install(recorder: Recorder) -> None:
    """Hook both functions, and the gradient scaler's, which hides the loss behind a factor."""
    watch = Backward(recorder)
    torch.Tensor.backward = watch.hook(torch.Tensor.backward)  # type: ignore[method-assign]
    torch.autograd.backward = watch.hook(torch.autograd.backward)
    scaler = getattr(torch.amp, "GradScaler", None) or torch.cuda.amp.GradScaler
    original_scale = scaler.scale

    @functools.wraps(original_scale)
    def scale(self: Any, outputs: Any) -> Any:
        result = original_scale(self, outputs)
        if recorder.active and isinstance(outputs, torch.Tensor) and outputs.numel() == 1:
            watch.scaled[id(result)] = (result, float(outputs.detach()))
        return result

    scaler.scale = scale  # type: ignore[method-assign]
