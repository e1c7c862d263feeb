"""What the script finds around it: random streams, devices, input, warnings. The same for both versions."""

from __future__ import annotations

import builtins
import warnings
from typing import Any, Dict, Optional

import torch

from . import children, stand_ins, streams
from .record import Recorder

WARNINGS_KEPT = 50


def install(recorder: Recorder, request: Dict[str, Any]) -> None:
    """Prepare everything that does not observe."""
    streams.install(request["seed"], request["anchored"], recorder.note)
    _warnings(recorder)
    _no_input()
    _no_compiler(recorder)
    _one_thread(recorder)
    if request["device"] == "cuda":
        torch.use_deterministic_algorithms(True, warn_only=True)
        _one_algorithm(recorder)
    stand_ins.install(recorder)
    children.install(recorder, request["launch"])
    if request["rebind"] and not torch.cuda.is_available():
        from . import devices

        devices.install(recorder)


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


def _one_algorithm(recorder: Recorder) -> None:
    """cuDNN takes the same algorithm each time. Scripts often let it choose the fastest, which may change."""
    cudnn = torch.backends.cudnn
    cudnn.benchmark, cudnn.deterministic = False, True

    def fixed(value: bool) -> property:
        def ignore(_module: Any, wanted: bool) -> None:
            if wanted != value:
                recorder.replace("torch.backends.cudnn.benchmark -> deterministic algorithms")

        return property(lambda _module: value, ignore)

    kind: Any = type(cudnn)
    kind.benchmark, kind.deterministic = fixed(False), fixed(True)


def _one_thread(recorder: Recorder) -> None:
    torch.set_num_threads(1)

    def ignore(_number: int) -> None:
        recorder.replace("torch.set_num_threads -> one thread")

    torch.set_num_threads = ignore  # type: ignore[assignment]
