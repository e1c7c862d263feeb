"""Read many files and ask the engine about each, in several processes where that pays."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

import fixer.engine as engine
from fixer import registry
from fixer.files.cache import Cache
from fixer.files.cache import key as cache_key
from fixer.files.siblings import Neighbours
from fixer.results import Clean, Diagnostic, Failed, Fixed, Found, Result, Skipped
from fixer.rule import Rule, concerned
from fixer.source import NotText, decode, encode

_PAYS = 150_000
"""Bytes to analyse (about a second's work) from which starting processes costs less than it saves."""


_GARBAGE = 4_000_000
"""Objects that all processes together may leave lying before they look for garbage, about 500 MB."""


@dataclass(frozen=True)
class Job:
    """One file: where it is, what people call it, and by the names of which rules it is judged."""

    path: Path
    name: str
    rules: tuple[str, ...]
    unsafe: bool = False
    named: bool = True
    """Asked for by name: then it is parsed in any case. A file met in a folder only if a rule concerns it."""
    edits: bool = True
    """Whether the text edits of the fixes are wanted, too."""


@dataclass(frozen=True)
class Done:
    """What came of a job. `before` and `after` are there when it was fixed."""

    job: Job
    result: Result
    before: bytes = b""
    after: bytes = b""
    key: str | None = None
    """The name under which the cache is to keep what was found; None where it must not, or does already."""
    read: Mapping[str, str] = field(default_factory=dict)
    """Other files that were read for it, and their states."""


Work = Callable[[Job | Failed], Done | Failed]


def scan(
    jobs: Iterable[Job | Failed], *, fix: bool, processes: int = 0, cache: Cache | None = None
) -> Iterator[Done | Failed]:
    """The outcome of every job, in their order. `processes` 0: as many as there are cores, if that pays.

    `cache`: findings of earlier calls are used again, and those of this one are kept there.
    """
    global _cache
    if fix or cache is None:
        yield from _scan(jobs, _fix if fix else _check, processes)
        return
    _cache = cache
    try:
        for done in _scan(jobs, _check, processes):
            if isinstance(done, Done) and done.key is not None:
                cache.put(done.key, done.result.diagnostics if isinstance(done.result, Found) else (), done.read)
            yield done
    finally:
        _cache = None
        cache.save()


_cache: Cache | None = None
"""Of the scan that is going on; worker processes have their own."""


def _scan(jobs: Iterable[Job | Failed], work: Work, processes: int) -> Iterator[Done | Failed]:
    pending = iter(jobs)
    limit = processes or _cores()
    head: list[Job | Failed] = []
    weight = 0
    for job in pending if limit > 1 else ():
        head.append(job)
        # an explicit -j is an order; else let the bytes decide that the rules have to look at
        weight += _weight(job) if not processes else _PAYS * (len(head) > 1)
        if weight >= _PAYS:
            yield from _in_processes(work, chain(head, pending), limit)
            return
    yield from map(work, chain(head, pending))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _weight(job: Job | Failed) -> int:
    """How many bytes the rules must look at: files that none concerns, or that are known, cost next to nothing."""
    if isinstance(job, Failed):
        return 0
    try:
        data = job.path.read_bytes()
    except OSError:
        return 0
    if _cache is not None and _key(data, job) in _cache:
        return 0
    return len(data) if concerned(_rules(job.rules), data) else 0


def _in_processes(work: Work, jobs: Iterable[Job | Failed], processes: int) -> Iterator[Done | Failed]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # fork shares what is imported already; it is not safe on macOS and not there on Windows
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    known = _cache.path if _cache is not None else None
    executor = ProcessPoolExecutor(
        processes, mp_context=context, initializer=_prepare_worker, initargs=(processes, known)
    )
    try:
        yield from executor.map(work, jobs, chunksize=4)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _prepare_worker(processes: int, cache: Path | None) -> None:
    import threading

    global _cache
    if _cache is None and cache is not None:  # not forked from the process that has it
        _cache = Cache(cache)
    gc.set_threshold(max(_GARBAGE // processes, 100_000))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing.connection

    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


@lru_cache
def _rules(names: tuple[str, ...]) -> tuple[Rule, ...]:
    # jobs carry names: a rule is a decorated function, which cannot be sent to another process
    return tuple(rule for rule in registry.rules() if rule.name in names)


def read(path: Path, name: str) -> bytes | Failed:
    """The bytes of a file, or why there are none."""
    try:
        return path.read_bytes()
    except OSError as error:
        return Failed(name, f"cannot be read: {error.strerror}")


def _check(job: Job | Failed) -> Done | Failed:
    if isinstance(job, Failed):
        return job
    data = read(job.path, job.name)
    if isinstance(data, Failed):
        return data
    if _cache is None:
        return Done(job, check_bytes(data, job))
    key = _key(data, job)
    known = _cache.get(key)
    if known is not None:
        found = Found(job.name, decode(data).text, known) if known else Clean(job.name)
        return Done(job, found)
    near = Neighbours(job.path)
    result = check_bytes(data, job, near)
    return Done(job, result, key=key if isinstance(result, Clean | Found) else None, read=near.read)


def _key(data: bytes, job: Job) -> str:
    return cache_key(data, job.path.parent, job.rules, job.edits, job.named)


def _fix(job: Job | Failed) -> Done | Failed:
    if isinstance(job, Failed):
        return job
    data = read(job.path, job.name)
    return data if isinstance(data, Failed) else fix_bytes(data, job)


def check_bytes(data: bytes, job: Job, near: Neighbours | None = None) -> Result:
    """The findings in a file's bytes. `near` finds what it imports, and tells afterwards what was read."""
    return _notebook(job) or engine.check_source(
        data,
        path=job.name,
        rules=_rules(job.rules),
        always_parse=job.named,
        edits=job.edits,
        siblings=near or Neighbours(job.path),
    )


def fix_bytes(data: bytes, job: Job, accept: Callable[[Diagnostic], bool] | None = None) -> Done:
    """A file's bytes with the fixes in them; `accept` may turn single fixes down."""
    result = _notebook(job) or engine.fix_source(
        data,
        path=job.name,
        rules=_rules(job.rules),
        unsafe=job.unsafe,
        accept=accept,
        always_parse=job.named,
        siblings=Neighbours(job.path),
    )
    if not isinstance(result, Fixed):
        return Done(job, result)
    try:
        return Done(job, result, data, encode(result.fixed, decode(data)))
    except NotText as error:
        return Done(job, Failed(job.name, f"the fix cannot be written: {error}", error.line))


def _notebook(job: Job) -> Skipped | None:
    # its JSON happens to be a Python expression, and would pass for a clean program
    return Skipped(job.name, "notebooks are not read yet") if job.path.suffix == ".ipynb" else None
