"""Runs of programs in the user's interpreter: one run of one version gives one Trace."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from fixer.verify.endings import trace_of
from fixer.verify.environment import CUDA, DEVICES, NO_GPU, TORCHRUN, environment, missed_by
from fixer.verify.interpreter import TrialError, find_interpreter, unsuited
from fixer.verify.trace import Trace

__all__ = ["Budget", "Program", "Run", "TrialError", "Trials", "find_interpreter", "run"]

_ZYGOTE = Path(__file__).parent / "probe" / "zygote.py"
_OVERTIME = 30.0
"""Every run is ended at its limit; when nothing has ended for so many seconds more, something is broken."""
_ON_ONE_GPU = 4
"""Runs at a time, each of which takes some hundred megabytes of it for itself."""
_SLOW_IMPORTS = ("torchvision", "torchvision.transforms.v2", "pandas", "matplotlib.pyplot", "sklearn")


@dataclass(frozen=True)
class Program:
    """One version of a script. `path` is where it lives for itself; `source` is its text, which need not be there."""

    path: Path
    source: bytes
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Budget:
    """How far a run may go."""

    steps: int = 200
    """Optimizer steps."""
    seconds: float = 60.0
    memory_mb: int = 4096
    """Beyond what torch itself takes."""
    output_mb: int = 32
    evaluation_batches: int = 50
    """Batches of one evaluation pass."""
    scratch_mb: int = 1024
    """What the script may write; it is kept in memory."""
    device: str = "cpu"
    """What `verify` starts the interpreter for: "cpu", "cuda", or "auto" for CUDA where there is a device."""


@dataclass(frozen=True)
class Run:
    """What to run: a version ("before" or "after") under a seed. Seed 0 leaves the script's own seeds as they are."""

    program: Program
    version: str
    seed: int
    budget: Budget = Budget()


def _imports(program: Program) -> list[str]:
    """Slow modules that the program mentions, to be imported once for all runs; none that its own folder shadows."""
    folder = program.path.absolute().parent
    mentioned = [name for name in _SLOW_IMPORTS if name.partition(".")[0].encode() in program.source]
    tops = {name.partition(".")[0] for name in mentioned}
    own = {top for top in tops if (folder / top).is_dir() or (folder / f"{top}.py").is_file()}
    return [name for name in mentioned if name.partition(".")[0] not in own]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Trials:
    """Runs programs side by side, each in a process forked from one that has torch imported.

    A context manager: leaving it ends every process that is still running.

    Args:
        python: the interpreter.
        jobs: how many runs at a time; as many as there are processors by default.
        isolation: "auto", or "guards" to do without namespaces.
        anchored: whether the random streams are set anew at each step, so that versions that draw differently stay
            comparable.
        device: "cpu", "cuda", or "auto", which entering turns into the one that there is.

    Raises:
        TrialError: on entering, when the interpreter cannot import torch, or sees no CUDA device and should.
    """

    def __init__(
        self,
        python: Path,
        *,
        jobs: int | None = None,
        isolation: str = "auto",
        anchored: bool = True,
        device: str = "cpu",
    ) -> None:
        if device not in DEVICES:
            raise TrialError(f"there is no device {device!r} to choose; it is one of {', '.join(DEVICES)}")
        self.python = python
        self.device = device
        self.jobs = jobs or (_processors() if device == "cpu" else min(_processors(), _ON_ONE_GPU))
        self.isolation = isolation
        self.anchored = anchored
        self.versions: dict[str, str] = {}
        self._given: dict[Path, set[str]] = {}
        """What programs have looked for and not found: a GPU, or what torchrun tells its processes."""
        self._names = itertools.count()
        self._heard = b""

    def __enter__(self) -> Trials:
        self._folder = Path(tempfile.mkdtemp(prefix="fixer-trial-"))
        self._errors: IO[bytes] = (self._folder / "errors").open("w+b")
        command = [str(self.python), str(_ZYGOTE), str(self._folder), self.device]
        try:
            self._zygote = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment(self.device),
                cwd=self._folder,
                start_new_session=True,
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise TrialError(f"{self.python} cannot be started: {error.strerror}") from error
        try:
            self.versions = self._ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _ready(self) -> dict[str, str]:
        message = self._answer()
        if "ready" in message:
            self._settle(message.get("gpu"))
            return dict(message["ready"])
        raise TrialError(unsuited(self.python, message, self._last_error()))

    def _settle(self, gpu: str | None) -> None:
        if self.device == "cuda" and not gpu:
            raise TrialError(
                f"there is no CUDA device that {self.python} could use; run it with --device cpu, or on another machine"
            )
        self.device = "cuda" if gpu and self.device != "cpu" else "cpu"

    def _answer(self, patience: float | None = None) -> dict[str, Any]:
        """What the zygote says next; empty when it has gone, or is silent for longer than any run may take."""
        assert self._zygote.stdout is not None
        descriptor = self._zygote.stdout.fileno()
        while True:
            while b"\n" not in self._heard:
                ready, _, _ = select.select([descriptor], [], [], patience)
                chunk = os.read(descriptor, 1 << 16) if ready else b""
                if not chunk:
                    return {}
                self._heard += chunk
            line, _, self._heard = self._heard.partition(b"\n")
            with contextlib.suppress(ValueError):  # what the interpreter's own start-up prints is no answer
                message = json.loads(line)
                if isinstance(message, dict):
                    return message

    def _last_error(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended at once"

    def __exit__(self, *_: object) -> None:
        assert self._zygote.stdin is not None and self._zygote.stdout is not None
        try:
            self._zygote.stdin.close()  # the end of requests: it takes its runs down and leaves
            self._zygote.wait(5)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            pass
        finally:
            if self._zygote.poll() is None:
                os.killpg(self._zygote.pid, signal.SIGKILL)
                self._zygote.wait()
            self._zygote.stdout.close()
            self._errors.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def run_many(self, runs: Iterable[Run], *, observe: bool = True) -> Generator[Trace]:
        """Yield the trace of each run as it ends, `jobs` at a time; further runs are asked for only when there is room.

        Closing the generator cancels what is still running, at the latest when the context is left. With
        `observe=False` nothing is watched: only the outcome and the output are recorded.
        """
        waiting = iter(runs)
        running: dict[str, tuple[Run, frozenset[str]]] = {}
        while True:
            for following in itertools.islice(waiting, self.jobs - len(running)):
                running[self._submit(following, observe)] = following, self._given_to(following)
            if not running:
                return
            name = self._next_end(running)
            ended, given = running.pop(name)
            trace = self._trace(name, ended)
            missed = missed_by(trace, self.device)
            if missed is not None and missed not in given:
                # From now on it is given that, in both versions.
                self._given.setdefault(ended.program.path, set()).add(missed)
                running[self._submit(ended, observe)] = ended, self._given_to(ended)
                continue
            if CUDA in given and trace.crash is not None:
                trace = replace(trace, notes=(*trace.notes, NO_GPU))
            yield trace

    def run(
        self, program: Program, version: str, seed: int, budget: Budget = Budget(), *, observe: bool = True
    ) -> Trace:
        """One run."""
        return next(iter(self.run_many([Run(program, version, seed, budget)], observe=observe)))

    def _given_to(self, run: Run) -> frozenset[str]:
        return frozenset(self._given.get(run.program.path, ()))

    def _submit(self, wanted: Run, observe: bool) -> str:
        name = str(next(self._names))
        scratch = self._folder / f"run-{name}"
        scratch.mkdir()
        budget = wanted.budget
        request = {
            "id": name,
            "path": str(wanted.program.path.absolute()),
            "source": base64.b64encode(wanted.program.source).decode(),
            "args": wanted.program.args,
            "seed": wanted.seed,
            "steps": budget.steps,
            "seconds": budget.seconds,
            # CUDA reserves addresses far beyond the memory there is
            "memory_mb": 0 if self.device == "cuda" else budget.memory_mb,
            "output_mb": budget.output_mb,
            "scratch_mb": budget.scratch_mb,
            "evaluation_batches": budget.evaluation_batches,
            "check_seconds": 5.0,
            "isolation": self.isolation,
            "anchored": self.anchored,
            "device": self.device,
            "rebind": CUDA in self._given_to(wanted),
            "launch": TORCHRUN in self._given_to(wanted),
            "observe": observe,
            # whatever touches CUDA before a fork makes it useless behind it
            "preload": [] if self.device == "cuda" else _imports(wanted.program),
            "scratch": str(scratch),
            "result": str(self._folder / f"result-{name}"),
        }
        assert self._zygote.stdin is not None
        try:
            self._zygote.stdin.write(json.dumps(request).encode() + b"\n")
            self._zygote.stdin.flush()
        except BrokenPipeError:
            raise TrialError(f"the process that runs the trials is gone: {self._last_error()}") from None
        return name

    def _next_end(self, running: Mapping[str, tuple[Run, frozenset[str]]]) -> str:
        patience = max(each.budget.seconds for each, _ in running.values()) + _OVERTIME
        while True:
            message = self._answer(patience)
            if not message:
                raise TrialError(f"the process that runs the trials is gone: {self._last_error()}")
            if message.get("ended") in running:
                return str(message["ended"])

    def _trace(self, name: str, ended: Run) -> Trace:
        path = self._folder / f"result-{name}"
        try:
            result = json.loads(path.read_text())
        except (OSError, ValueError):
            raise TrialError(f"a run was lost: {self._last_error()}") from None
        finally:
            path.unlink(missing_ok=True)
            shutil.rmtree(self._folder / f"run-{name}", ignore_errors=True)
        return trace_of(result, ended.version, ended.seed, self.versions)


def run(program: Program, version: str, seed: int, budget: Budget, python: Path) -> Trace:
    """One run with an interpreter of its own; for several, `Trials` imports torch only once.

    Raises:
        TrialError: the interpreter cannot import torch.
    """
    started = time.monotonic()
    with Trials(python, jobs=1) as trials:
        trace = trials.run(program, version, seed, budget)
    return replace(trace, notes=(*trace.notes, f"{time.monotonic() - started:.1f} s with the start of the interpreter"))
