"""How the runs of a version came to their end: the first witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from fixer.verify.environment import mentions_cuda
from fixer.verify.trace import Crash, Outcome, Trace

UNSEEN = "what the processes that the script starts may train is not recorded"


class Ending(StrEnum):
    TRAINS = "trains"
    IDLE = "never trains"
    CRASHES = "crashes"
    MEMORY = "runs out of memory"
    HANGS = "hangs"
    """Out of time before anything was trained."""
    KILLED = "was stopped"
    MIXED = "depends on the seed"

    @property
    def fails(self) -> bool:
        return self in (Ending.CRASHES, Ending.MEMORY)


@dataclass(frozen=True)
class Side:
    """How one version ended, over all its runs, with one run as the example."""

    ending: Ending
    text: str
    steps: int = 0
    crash: Crash | None = None
    failures: int = 0
    """Runs that crashed or ran out of memory."""
    runs: int = 0
    unseen: bool = False
    """It starts processes, and nothing trains in its own."""


def ending_of(trace: Trace) -> Ending:
    """What became of one run. A crash after plausible losses is a crash."""
    ends = {Outcome.CRASHED: Ending.CRASHES, Outcome.MEMORY: Ending.MEMORY, Outcome.KILLED: Ending.KILLED}
    if trace.outcome in ends:
        return ends[trace.outcome]
    if trace.trains:
        return Ending.TRAINS
    return Ending.HANGS if trace.outcome is Outcome.TIMEOUT else Ending.IDLE


def side_of(traces: Sequence[Trace]) -> Side:
    """The common ending of these runs."""
    endings = [ending_of(trace) for trace in traces]
    failures = sum(ending.fails for ending in endings)
    worst = next((trace for trace, ending in zip(traces, endings, strict=True) if ending.fails), traces[0])
    steps = min(trace.steps or trace.backwards for trace in traces)
    if len(set(endings)) > 1:
        told = ", ".join(f"{endings.count(each)} of {len(endings)} runs: {each}" for each in dict.fromkeys(endings))
        return Side(Ending.MIXED, told, steps, worst.crash, failures, len(traces))
    unseen = any(UNSEEN in trace.notes for trace in traces)
    return Side(endings[0], describe(worst), steps, worst.crash, failures, len(traces), unseen)


def describe(trace: Trace) -> str:
    """One run's ending in words."""
    ending = ending_of(trace)
    amount = f"{trace.steps} steps" if trace.steps else f"{trace.backwards} backward passes without an optimizer"
    if ending is Ending.TRAINS:
        limits = {Outcome.BUDGET: ", stopped at the limit", Outcome.TIMEOUT: ", stopped at the time limit"}
        return f"trains, {amount}{limits.get(trace.outcome, ' to its end')}"
    if ending is Ending.CRASHES and trace.crash:
        return f"crashes{after_steps(trace)}: {describe_crash(trace.crash)}"
    if ending is Ending.HANGS:
        return f"nothing trained within {trace.seconds:.0f} s"
    if ending is Ending.IDLE:
        return "comes to its end without training"
    why = f" ({trace.notes[-1]})" if ending is Ending.KILLED and trace.notes else ""
    return f"{ending}{after_steps(trace)}{why}"


def after_steps(trace: Trace) -> str:
    return f" after {trace.steps} steps" if trace.steps else ""


def describe_crash(crash: Crash) -> str:
    """`ValueError: ... (train.py:12 in main)`, the message cut to one line."""
    message = " ".join(crash.message.split())
    told = f"{crash.type}: {message[:157]}..." if len(message) > 160 else f"{crash.type}: {message}".rstrip(": ")
    if crash.file is None:
        return told
    function = f" in {crash.function}" if crash.function and crash.function != "<module>" else ""
    return f"{told} ({PurePath(crash.file).name}:{crash.line}{function})"


def same_crash(left: Crash | None, right: Crash | None) -> bool:
    """Whether both are one defect: the lines may have moved between the versions."""
    if left is None or right is None:
        return left is right
    return (left.type, left.message, left.function) == (right.type, right.message, right.function)


def advice(side: Side) -> str:
    """What to do about a version that cannot be judged."""
    crash = side.crash
    if side.unseen:
        return f"{UNSEEN}: pass the arguments with which it trains in its own process"
    if side.ending is Ending.HANGS:
        return "give it more time with --seconds, or less to do by arguments after --"
    if side.ending is Ending.MEMORY:
        return "give it less to do by arguments after --"
    if crash is None:
        return "verify the script that runs the training loop, and pass the arguments it needs after --"
    if crash.type == "SystemExit":
        return "pass the arguments that the script needs after --"
    if crash.type in ("ModuleNotFoundError", "ImportError"):
        return "name the interpreter that has it with --python"
    if crash.type in ("FileNotFoundError", "NotADirectoryError"):
        return "put the data where the script looks for it, or pass its place after --"
    if crash.type == "EOFError":
        return "the script asks for input, which a verified run cannot give: pass it by arguments after --"
    if mentions_cuda(crash.message or crash.user_frame_source or ""):
        return "it looks for a GPU: run it where there is one with --device cuda, or pass the arguments that do without"
    return "mend the crash first, or pass the arguments that avoid it after --"
