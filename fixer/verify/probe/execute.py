"""Run the text of a version as `__main__`, as python itself would, and say how it ended."""

from __future__ import annotations

import base64
import builtins
import gc
import linecache
import os
import sys
import threading
import traceback
import types
from typing import Any, Dict, List, NoReturn, Optional, Tuple

from . import (
    batches,
    data,
    feeds,
    fragment,
    growth,
    layers,
    losses,
    membership,
    modes,
    pairs,
    record,
    scores,
    spatial,
    splits,
    surroundings,
    training,
    updates,
    yardstick,
)

PROBE = os.path.dirname(os.path.abspath(__file__))
OUT_OF_MEMORY = (
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "std::bad_alloc",
    "out of memory",
)


def main(request: Dict[str, Any], frames: int, active: List[str], started: float, covered: bool) -> NoReturn:
    """Prepare the interpreter, execute the script, report, and leave. Never returns."""
    recorder = record.Recorder(request, frames, active, started)
    try:
        source = base64.b64decode(request["source"])
        module = _main_module(request, source, covered)
        surroundings.install(recorder, request)
        if request["observe"]:
            pairs.install(recorder)
            training.install(recorder)
            losses.install(recorder, source)
            data.install(recorder)
            feeds.install(recorder)
            for symptoms in (updates, membership, modes, growth):
                symptoms.install(recorder)
            scores.install(recorder, source)
            yardstick.install(recorder, source)
            layers.install(recorder)
            splits.install(recorder, batches.install(recorder))
            spatial.install(recorder)
        outcome, crash = _execute(request["path"], source, module, recorder)
    except BaseException as error:
        outcome, crash = "crashed", {"type": type(error).__name__, "message": "the probe failed: {}".format(error)}
        traceback.print_exc()
    recorder.finish(outcome, crash)


def _main_module(request: Dict[str, Any], source: bytes, covered: bool) -> types.ModuleType:
    path = request["path"]
    folder = os.path.dirname(path)
    if covered:
        os.chdir(folder)
    sys.argv = [path, *request["args"]]
    sys.path.insert(0, folder)
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=path, __builtins__=builtins, __spec__=None, __cached__=None)
    sys.modules["__main__"] = module
    # The text on disk is another version: tracebacks and inspect read this one.
    text = source.decode("utf-8", "replace")
    linecache.cache[path] = (len(source), None, text.splitlines(True), path)
    return module


def _execute(
    path: str, source: bytes, module: types.ModuleType, recorder: record.Recorder
) -> Tuple[str, Optional[Dict[str, Any]]]:
    gc.collect()
    try:
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
        if recorder.request["observe"]:
            fragment.continue_from(recorder, module)
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()
    except SystemExit as error:
        if error.code in (None, 0):
            return "finished", None
        text = error.code if isinstance(error.code, str) else "the script left with exit code {}".format(error.code)
        return "crashed", {"type": "SystemExit", "message": text, **_place(path, error)}
    except BaseException as error:
        _print(error)
        text = str(error)
        if recorder.draining and _owing_to_cut(path, error):
            recorder.note("behind the last step, in an epoch cut short: {}: {}".format(_name(error), text))
            return "budget", None
        memory = isinstance(error, MemoryError) or any(sign in text.lower() for sign in OUT_OF_MEMORY)
        return "memory" if memory else "crashed", {"type": _name(error), "message": text, **_place(path, error)}
    return "finished", None


def _owing_to_cut(path: str, error: BaseException) -> bool:
    """Whether an exception after the step cap may come of the epoch that was cut short: the script itself raised it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(PROBE)]
    return isinstance(error, StopIteration) or not frames or users_own(frames[-1].filename, path)


def _name(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__name__ if kind.__module__ in ("builtins", "__main__") else "{}.{}".format(kind.__module__, kind.__name__)
    )


def _print(error: BaseException) -> None:
    """The traceback as python prints it, without our own frames."""
    report = traceback.TracebackException.from_exception(error)
    seen = report
    while seen is not None:
        kept = [frame for frame in seen.stack if not frame.filename.startswith(PROBE)]
        seen.stack = traceback.StackSummary.from_list(kept)
        seen = seen.__cause__ or seen.__context__  # type: ignore[assignment]
    sys.stderr.write("".join(report.format()))


def users_own(filename: str, script: str) -> bool:
    """Whether code is the user's own: the script, or a module in its folder that nobody installed."""
    if filename == script or filename.startswith("<"):  # such as "<frozen os>"
        return filename == script
    folder = os.path.dirname(script) + os.sep
    inner = os.path.abspath(filename)
    return (
        inner.startswith(folder) and "site-packages" not in inner and not inner.startswith((PROBE, sys.prefix + os.sep))
    )


def _place(script: str, error: BaseException) -> Dict[str, Any]:
    if isinstance(error, SyntaxError) and error.filename == script:
        return {"file": script, "line": error.lineno, "user_frame_source": (error.text or "").strip() or None}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if users_own(frame.filename, script):
            return {
                "file": frame.filename,
                "line": frame.lineno,
                "function": frame.name,
                "user_frame_source": (frame.line or "").strip() or None,
            }
    return {}
