"""How a run ended, from what the script reported and what its supervisor saw."""

from __future__ import annotations

import os
import signal
from typing import Any

from fixer.verify.trace import Outcome, Trace


def trace_of(result: dict[str, Any], version: str, seed: int, versions: dict[str, str]) -> Trace:
    """The trace of a run, from what its supervisor left: the last frame of the probe, and how the process ended."""
    frame: dict[str, Any] = result["frame"] or {}
    outcome, crash, notes = _outcome(result, frame)
    frame |= {"outcome": outcome, "crash": crash, "notes": [*frame.get("notes", ()), *notes]}
    if outcome is Outcome.CRASHED and crash is not None:
        shown = {"name": "crash", "shown": 1, "checked": 1, "first_step": frame.get("steps", 0) + 1}
        frame.setdefault("symptoms", {})["crash"] = shown | {"detail": f"{crash['type']}: {crash['message']}"[:300]}
    return Trace.from_dict(
        frame
        | {
            "version": version,
            "seed": seed,
            "versions": versions,
            "seconds": result["seconds"],
            "stdout_tail": result["stdout"],
            "stderr_tail": result["stderr"],
        }
    )


def _outcome(result: dict[str, Any], frame: dict[str, Any]) -> tuple[Outcome, dict[str, Any] | None, list[str]]:
    """What the script itself reported, else what its supervisor saw."""
    crash = frame.get("crash")
    if frame.get("outcome") is not None:
        if crash and crash["type"] == "SystemExit" and crash["message"].startswith("the script left with"):
            lines = result["stderr"].strip().splitlines()
            crash = crash | {"message": ": ".join([crash["message"], *lines[-1:]])}
        return Outcome(frame["outcome"]), crash, []
    if result["reason"] == "timeout":
        return Outcome.TIMEOUT, None, []
    if result["reason"] == "output":
        return Outcome.KILLED, None, ["it was stopped because it printed too much"]
    status = result["status"]
    if status is None:
        return Outcome.KILLED, None, ["its world could not be set up, or it was stopped from outside"]
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL or "bad_alloc" in result["stderr"]:
            return Outcome.MEMORY, None, ["the system stopped it, which it does when memory runs out"]
        if number == signal.SIGXCPU:
            return Outcome.TIMEOUT, None, []
        name = signal.Signals(number).name
        return Outcome.CRASHED, {"type": name, "message": f"the interpreter was stopped by {name}"}, []
    code = os.WEXITSTATUS(status)
    if code == 0:
        return Outcome.FINISHED, None, ["it left by os._exit"]
    return Outcome.CRASHED, {"type": "SystemExit", "message": f"the script left by os._exit({code})"}, []
