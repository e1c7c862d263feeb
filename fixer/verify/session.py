"""From two texts to a verdict: what `fixer.verify.verify` does."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from fixer.verify.compare import LOOKS
from fixer.verify.interpreter import TrialError, find_interpreter
from fixer.verify.prove import Progress, Request, prove
from fixer.verify.store import Fingerprints, Store
from fixer.verify.symptoms import Expectation
from fixer.verify.trace import Trace
from fixer.verify.trial import Budget, Program, Run, Trials
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
    store: Store | None = None,
    command: str | None = None,
    trials: Trials | None = None,
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
        seeds: the most pairs of runs; fewer are run where the verdict is certain earlier, and three more where it would
            rest on the loss alone.
        progress: called as `progress(done, planned, text)` whenever a run has finished.
        cache: finished runs, kept by the caller for further verdicts about the same program.
        store: finished runs of earlier calls; None neither looks for any nor keeps any.
        command: what a reader types to repeat this, for the report.
        trials: where the programs run, entered by the caller; for many verdicts, so that torch is imported only once.
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
    cache = {} if cache is None else cache
    runs: _Runs | None = None
    try:
        with ExitStack() as opened:
            interpreter = trials.python if trials else find_interpreter(path, Path(python) if python else None)
            made = trials or Trials(interpreter, device=budget.device)
            runs = _Runs(programs, budget, made, cache, store, lambda: None if trials else opened.enter_context(made))
            verdict = prove(runs, expected or Expectation(), seeds=seeds, progress=progress)
            verdict = replace(verdict, device=made.device, notes=(*verdict.notes, *runs.notes()))
    except TrialError as error:
        verdict = Verdict(VerdictKind.NOT_RUN, str(error))
    return replace(verdict, command=command, path=str(path))


class _Runs:
    """Gives traces, from the caches where they have them. The interpreter starts when the first run needs it."""

    def __init__(
        self,
        programs: Mapping[str, Program],
        budget: Budget,
        trials: Trials,
        cache: Cache,
        store: Store | None,
        start: Callable[[], object],
    ) -> None:
        self._programs, self._budget, self._trials, self._cache = programs, budget, trials, cache
        self._store, self._start = store, start
        self._started = False
        self._asked = self._kept = 0
        if trials.device == "auto":
            self._begin()  # only the interpreter knows which device that is
        self._names = Fingerprints(trials.python, trials.device, trials.isolation) if store else None

    def __call__(self, wanted: Sequence[Request]) -> Iterator[tuple[Request, Trace]]:
        fresh = {}
        self._asked += len(wanted)
        for request in wanted:
            known = self._known(request)
            if known is None:
                fresh[request.version, request.seed] = request
            else:
                yield request, replace(known, version=request.version)
        if not fresh:
            return
        self._begin()
        runs = [Run(self._programs[each.version], each.version, each.seed, self._budget) for each in fresh.values()]
        for trace in self._trials.run_many(runs):
            request = fresh[trace.version, trace.seed]
            self._cache[self._key(request)] = trace
            name = self._name(request)
            if self._store is not None and name is not None:
                self._store.put(name, trace)
            yield request, trace

    def notes(self) -> list[str]:
        """What a reader must know about where the runs come from."""
        if not self._kept:
            return []
        return [f"runs: {self._kept} of {self._asked} from cache (--no-cache runs them again)"]

    def _begin(self) -> None:
        if not self._started:
            self._start()
            self._started = True

    def _known(self, request: Request) -> Trace | None:
        name = self._name(request)
        known = self._cache.get(self._key(request))
        if known is None and self._store is not None and name is not None:
            known = self._store.get(name)
            if known is not None:
                self._cache[self._key(request)] = known
        self._kept += known is not None and self._store is not None and name in self._store.served
        return known

    def _name(self, request: Request) -> str | None:
        if self._names is None:
            return None
        return self._names.key(self._programs[request.version], self._budget, request.seed, request.repeat)

    def _key(self, request: Request) -> str:
        """Everything that differs between runs while a caller keeps them; the version's name is no part of it."""
        program = self._programs[request.version]
        parts = [str(self._trials.python), str(program.path), program.args, request.seed, request.repeat]
        told = json.dumps([*parts, self._trials.device, asdict(self._budget)], default=str)
        return hashlib.sha256(program.source + b"\0" + told.encode()).hexdigest()


def _encoded(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _command(path: Path, args: Sequence[str]) -> str:
    return shlex.join(["fixer", "verify", str(path), *(["--", *args] if args else [])])
