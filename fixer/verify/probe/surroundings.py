"""What the script finds around it: random streams, devices, input, warnings. The same for both versions."""

from __future__ import annotations

import builtins
import functools
import random
import sys
import warnings
from typing import Any, Callable, Dict, Optional

import torch

from . import stand_ins
from .record import Recorder

SHIFT = 1_000_003
"""Seeds of the script are moved by this much for each run seed; run 0 is the script as it is."""
LIMIT = 1 << 32
WARNINGS_KEPT = 50


def install(recorder: Recorder, request: Dict[str, Any]) -> None:
    """Prepare everything that does not observe."""
    _seed(request["seed"])
    _warnings(recorder)
    _no_input()
    _no_compiler(recorder)
    _one_thread(recorder)
    stand_ins.install(recorder)
    if request["rebind"] and not torch.cuda.is_available():
        from . import devices

        devices.install(recorder)


def _seed(seed: int) -> None:
    random.seed(seed)
    torch.manual_seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)
    _shift(random, "seed", seed)
    _shift(torch, "manual_seed", seed)
    _shift(torch.random, "manual_seed", seed)
    if numpy is not None:
        for name in ("seed", "default_rng"):
            _shift(numpy.random, name, seed)
    # torch.seed() would ask the system for entropy: two runs must not differ by it.
    torch.seed = lambda: torch.manual_seed(0).initial_seed()


def _shift(module: Any, name: str, seed: int) -> None:
    original: Callable[..., Any] = getattr(module, name)

    @functools.wraps(original)
    def seeding(value: Any = None, *arguments: Any, **options: Any) -> Any:
        if value is None:
            value = 0
        if isinstance(value, int) or (type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0):
            value = (int(value) + seed * SHIFT) % LIMIT if seed else int(value)
        return original(value, *arguments, **options)

    setattr(module, name, seeding)


def _warnings(recorder: Recorder) -> None:
    original = warnings.showwarning

    def show(
        message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Optional[str] = None
    ) -> None:
        text = "{}: {}".format(category.__name__, message)
        if text not in recorder.warnings and len(recorder.warnings) < WARNINGS_KEPT:
            recorder.warnings.append(text)
        original(message, category, filename, lineno, file, line)

    warnings.showwarning = show


def _no_input() -> None:
    def ask(prompt: object = "") -> str:
        raise EOFError("the script asks for input ({!r}), and in a trial nobody answers".format(str(prompt)))

    builtins.input = ask


def _no_compiler(recorder: Recorder) -> None:
    def compile(model: Any = None, *_arguments: Any, **_options: Any) -> Any:
        recorder.replace("torch.compile -> eager")
        return (lambda later: later) if model is None else model

    torch.compile = compile
    if hasattr(torch.nn.Module, "compile"):
        torch.nn.Module.compile = lambda *_arguments, **_options: recorder.replace("torch.compile -> eager")  # type: ignore[method-assign]


def _one_thread(recorder: Recorder) -> None:
    torch.set_num_threads(1)

    def ignore(_number: int) -> None:
        recorder.replace("torch.set_num_threads -> one thread")

    torch.set_num_threads = ignore  # type: ignore[assignment]
