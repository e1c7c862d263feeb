"""A script that insists on CUDA, on a machine without it: its requests for a device are answered with the CPU."""

from __future__ import annotations

import contextlib
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from .record import Recorder

NOTHING = (
    "synchronize", "set_device", "empty_cache", "reset_peak_memory_stats", "reset_max_memory_allocated", "init",
    "reset_accumulated_memory_stats", "set_stream", "ipc_collect",
)  # fmt: skip
ZERO = (
    "current_device", "memory_allocated", "max_memory_allocated", "memory_reserved", "max_memory_reserved",
)  # fmt: skip
TYPES = ("Float", "Double", "Half", "Long", "Int", "Short", "Byte", "Bool")


def on_cpu(value: Any) -> Any:
    """`value`, with a request for CUDA turned into one for the CPU."""
    if isinstance(value, torch.device) and value.type == "cuda":
        return torch.device("cpu")
    if isinstance(value, str) and (value == "cuda" or value.startswith("cuda:")):
        return "cpu"
    if isinstance(value, str) and value.startswith("torch.cuda."):
        return value.replace("torch.cuda.", "torch.")
    return value


class Rebound(TorchFunctionMode):
    """Rewrites device arguments of every torch function."""

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        options = {name: on_cpu(value) for name, value in (kwargs or {}).items()}
        return function(*[on_cpu(value) for value in args], **options)


class Event:
    """Measures nothing."""

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        pass

    def record(self, *_arguments: Any) -> None:
        pass

    def synchronize(self) -> None:
        pass

    def elapsed_time(self, _other: Any) -> float:
        return 0.0


def install(recorder: Recorder) -> None:
    """Answer with the CPU from here on, for good."""
    recorder.replace("cuda -> cpu")
    Rebound().__enter__()  # type: ignore[no-untyped-call]
    # A copy, as a transfer makes one: the result is no leaf, and writing to it leaves the source alone.
    torch.Tensor.cuda = lambda self, *_a, **_k: self.clone() if not self.is_leaf or self.requires_grad else self  # type: ignore[method-assign]
    torch.Tensor.pin_memory = lambda self, *_a, **_k: self  # type: ignore[method-assign]
    torch.nn.Module.cuda = lambda self, *_a, **_k: self  # type: ignore[method-assign]
    for name in NOTHING:
        setattr(torch.cuda, name, lambda *_a, **_k: None)
    for name in ZERO:
        setattr(torch.cuda, name, lambda *_a, **_k: 0)
    torch.cuda.get_device_name = lambda *_a, **_k: "cpu"
    torch.cuda.device = lambda *_a, **_k: contextlib.nullcontext()  # type: ignore[misc,assignment]
    torch.cuda.Event = Event  # type: ignore[misc,assignment]
    for name in TYPES:
        setattr(torch.cuda, name + "Tensor", getattr(torch, name + "Tensor"))
    for name in ("set_default_device", "set_default_tensor_type", "load"):
        _redirect(name)


def _redirect(name: str) -> None:
    original = getattr(torch, name)

    def function(*arguments: Any, **options: Any) -> Any:
        return original(
            *[on_cpu(value) for value in arguments], **{key: on_cpu(value) for key, value in options.items()}
        )

    setattr(torch, name, function)
