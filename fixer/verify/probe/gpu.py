"""What a script hears that asks about a GPU, or gives it orders, where the processor stands in for one."""

from __future__ import annotations

import collections
import contextlib
import os
import sys
import types
from typing import Any, Dict

import torch

from .record import TORCH

TYPES = ("Float", "Double", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool")
NOTHING = (
    "synchronize", "set_device", "empty_cache", "init", "set_stream", "ipc_collect", "seed", "seed_all", "manual_seed",
    "manual_seed_all", "set_per_process_memory_fraction", "set_sync_debug_mode", "reset_peak_memory_stats",
    "reset_max_memory_allocated", "reset_max_memory_cached", "reset_accumulated_memory_stats",
)  # fmt: skip
ZERO = (
    "current_device", "memory_allocated", "max_memory_allocated", "memory_reserved", "max_memory_reserved",
    "memory_cached", "max_memory_cached", "utilization", "temperature", "power_draw", "clock_rate", "memory_usage",
    "get_sync_debug_mode",
)  # fmt: skip
MEMORY = 8 << 30
CAPABILITY = (7, 0)
"""Of a device without bfloat16, TF32 and flash attention."""


class Event:
    """Measures nothing: whatever it waits for is done."""

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        pass

    def record(self, *_arguments: Any) -> None:
        pass

    def wait(self, *_arguments: Any) -> None:
        pass

    def synchronize(self) -> None:
        pass

    def query(self) -> bool:
        return True

    def elapsed_time(self, _other: Any) -> float:
        return 0.0


class Stream(Event):
    """There is one queue of work, and it is always done."""

    device, cuda_stream, priority = torch.device("cpu"), 0, 0

    def wait_event(self, _event: Any) -> None:
        pass

    def wait_stream(self, _stream: Any) -> None:
        pass

    def record_event(self, event: Any = None) -> Any:
        return event or Event()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_reason: Any) -> None:
        pass


def by_script() -> bool:
    """Whether a function of ours was called by the script, or by a module of its author's: torch itself and other
    packages hear the truth, so that they do not try to reach what is not there."""
    name = sys._getframe(2).f_code.co_filename
    return not name.startswith(TORCH) and "site-packages" not in name and "dist-packages" not in name


def is_available() -> bool:
    return by_script()


def device_count() -> int:
    return int(by_script())


def properties(*_arguments: Any) -> Any:
    return types.SimpleNamespace(
        name="cpu",
        major=CAPABILITY[0],
        minor=CAPABILITY[1],
        total_memory=MEMORY,
        multi_processor_count=os.cpu_count() or 1,
        warp_size=32,
        is_integrated=0,
        is_multi_gpu_board=0,
    )


def install() -> None:
    """Answer from here on, for good."""
    answers: Dict[str, Any] = {
        "is_available": is_available,
        "device_count": device_count,
        "get_device_name": lambda *_a, **_k: "cpu",
        "get_device_properties": properties,
        "get_device_capability": lambda *_a, **_k: CAPABILITY,
        "is_bf16_supported": lambda *_a, **_k: False,
        "mem_get_info": lambda *_a, **_k: (MEMORY, MEMORY),
        "memory_summary": lambda *_a, **_k: "",
        "memory_stats": lambda *_a, **_k: collections.defaultdict(int),
        "memory_snapshot": lambda *_a, **_k: [],
        "device": lambda *_a, **_k: contextlib.nullcontext(),
        "device_of": lambda *_a, **_k: contextlib.nullcontext(),
        "stream": lambda *_a, **_k: contextlib.nullcontext(),
        "current_stream": lambda *_a, **_k: Stream(),
        "default_stream": lambda *_a, **_k: Stream(),
        "Stream": Stream,
        "Event": Event,
        "initial_seed": lambda: torch.initial_seed(),
        "get_rng_state": lambda *_a, **_k: torch.get_rng_state(),
        "get_rng_state_all": lambda: [torch.get_rng_state()],
        "set_rng_state": lambda state, *_a, **_k: torch.set_rng_state(state),
        "set_rng_state_all": lambda states: torch.set_rng_state(states[0]),
        **{name: lambda *_a, **_k: None for name in NOTHING},
        **{name: lambda *_a, **_k: 0 for name in ZERO},
    }
    for name, answer in answers.items():
        if hasattr(torch.cuda, name):
            setattr(torch.cuda, name, answer)
    for name in ("manual_seed", "manual_seed_all", "get_rng_state", "set_rng_state"):
        if hasattr(torch.cuda.random, name):
            setattr(torch.cuda.random, name, answers[name])
    torch.Tensor.record_stream = lambda *_a: None  # type: ignore[method-assign]
    markers = {name: lambda *_a, **_k: 0 for name in ("range_push", "range_pop", "mark", "range_start", "range_end")}
    for name, marker in {**markers, "range": lambda *_a, **_k: contextlib.nullcontext()}.items():
        setattr(torch.cuda.nvtx, name, marker)
