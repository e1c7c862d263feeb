"""From two texts to a verdict: what `fixer.verify.verify` does."""

from __future__ import annotations

import hashlib
import json
import shlex
import sys
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from fixer.verify.compare import LOOKS
from fixer.verify.prove import Progress, Request, Runner, prove
from fixer.verify.symptoms import Expectation
from fixer.verify.trace import Trace
from fixer.verify.trial import Budget, Program, find_interpreter, run_many
from fixer.verify.verdict import Verdict, VerdictKind

Cache = MutableMapping[str, Trace]


def verify(
    before: str | bytes,
    after: str | bytes,
    *,
    path: str | Path,
    args: Sequence[str] = (),
    python: str | Path | None = None,
    budget: Budget | None = None,
    expected: Expectation | None = None,
    seeds: int = LOOKS[-1],
    progress: Progress | None = None,
    cache: Cache | None = None,
    command: str | None = None,
) -> Verdict:
    """Run two versions of a program on equal seeds and say what changed in the way it trains.

    This executes the program. Both versions run as if they stood at `path`, in its folder; the file there is neither
    read nor written.

    Args:
        path: where the program lives: its folder is the working directory and the first place of imports.
        args: the program's own arguments.
        python: the interpreter; None finds the project's.
        budget: limits of one run.
        expected: what the applied mends declare; None for two arbitrary versions.
        seeds: the most pairs of runs; fewer are run where the verdict is certain earlier.
        progress: called as `progress(done, planned, text)` whenever a run has finished.
        cache: finished runs, kept by the caller for further verdicts about the same program.
        command: what a reader types to repeat this, for the report.
    """
    path, budget = Path(path), budget or Budget()
    texts = {"before": _encoded(before), "after": _encoded(after)}
    command = command or _command(path, args)
    if texts["before"] == texts["after"]:
        verdict = Verdict(VerdictKind.EQUIVALENT, "both versions are the same text; nothing was run")
        return replace(verdict, command=command, path=str(path))
    if seeds < 1:
        raise ValueError("at least one pair of runs is needed")
    programs = {version: Program(path, text, tuple(args)) for version, text in texts.items()}
    runner = _runner(programs, budget, find_interpreter(path, python), cache)
    verdict = prove(runner, expected or Expectation(), seeds=seeds, progress=progress)
    return replace(verdict, command=command, path=str(path))


def _encoded(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _command(path: Path, args: Sequence[str]) -> str:
    return shlex.join(["fixer", "verify", str(path), *(["--", *args] if args else [])])
