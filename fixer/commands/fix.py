"""`fixer fix`: show the fixes as a diff, or write them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fixer.commands.session import Session, UsageError, from_stdin, read_stdin
from fixer.files.scan import Done, Job, fix_bytes, read, scan
from fixer.files.write import write
from fixer.reports.diff import painted, unified
from fixer.reports.text import Tally, count, problem
from fixer.results import Failed, Fixed, Result, Skipped

Chooser = Callable[[bytes, Job], Done]
"""Fixes one file's bytes with the fixes that a person or a run has chosen."""


@dataclass(frozen=True)
class Mode:
    apply: bool = False
    check: bool = False
    verify: bool = False
    interactive: bool = False
    program: tuple[str, ...] = ()
    """With `verify`: the arguments of the program that is run."""
    cached: bool = True
    """With `verify`: whether finished runs of earlier calls count."""


def fix(session: Session, paths: list[str], mode: Mode) -> int:
    choose = _chooser(session, paths, mode)
    tally = Tally()
    try:
        if from_stdin(paths):
            _from_stdin(session, mode, choose, tally)
        else:
            for done in _outcomes(session, paths, choose):
                _finish(session, done, mode, tally)
    except KeyboardInterrupt:
        if mode.apply and tally.files_fixed:
            session.console.error(f"interrupted after {count(tally.files_fixed, 'file')}; each is whole")
        raise
    session.console.note(tally.of_fix(applied=mode.apply) if tally.files else "no Python files found")
    return 2 if tally.failed else 1 if mode.check and tally.fixed else 0


def _chooser(session: Session, paths: list[str], mode: Mode) -> Chooser | None:
    """Who decides which fixes are done; None: all that the options allow."""
    if mode.apply and mode.check:
        raise UsageError("--check writes nothing, --apply and --interactive do: give one of them")
    if mode.verify and mode.interactive:
        raise UsageError("--verify lets a run decide, --interactive a person: give one of them")
    if mode.verify:
        from fixer.commands.prove import Prover

        return Prover(session, mode.program, cached=mode.cached).fix
    if mode.interactive:
        from fixer.commands.ask import Asker

        if paths == ["-"] or not sys.stdin.isatty():
            raise UsageError("--interactive asks questions and needs a terminal on standard input")
        return Asker(session.console).fix
    return None


def _outcomes(session: Session, paths: list[str], choose: Chooser | None) -> Iterator[Done | Failed]:
    if choose is None:
        yield from scan(session.files(paths), fix=True, processes=session.options.jobs)
        return
    for job in session.files(paths):
        if isinstance(job, Failed):
            yield job
        else:
            data = read(job.path, job.name)
            yield data if isinstance(data, Failed) else choose(data, job)


def _from_stdin(session: Session, mode: Mode, choose: Chooser | None, tally: Tally) -> None:
    data = read_stdin()
    job = session.stdin()
    done = choose(data, job) if choose else fix_bytes(data, job)
    if mode.apply:
        # editors replace their buffer by what they read here: on an error it must be what they sent
        session.console.raw(done.after if isinstance(done.result, Fixed) else data)
        _count(session, done.result, tally)
    else:
        _finish(session, done, mode, tally)


def _finish(session: Session, done: Done | Failed, mode: Mode, tally: Tally) -> None:
    if isinstance(done, Failed) or not isinstance(done.result, Fixed):
        _count(session, done if isinstance(done, Failed) else done.result, tally)
        return
    if not mode.apply:
        diff = unified(done.before, done.after, done.job.name)
        # FORCE_COLOR alone must not break what goes through a pipe into `git apply`
        if session.console.terminal or session.options.color == "always":
            session.console.product([painted(diff, session.console.out)])
        else:
            session.console.raw(diff)
    else:
        try:
            write(done.job.path, done.after, expected=done.before)
        except OSError as error:
            _count(session, Failed(done.job.name, f"cannot be written: {error.strerror}"), tally)
            return
        session.console.note(f"fixed {done.job.name}: {_what(done.result)}")
    tally.add(done.result)


def _count(session: Session, result: Result, tally: Tally) -> None:
    console = session.console
    tally.add(result)
    if isinstance(result, Failed):
        console.error(problem(result, console.err))
    elif isinstance(result, Skipped):
        console.note(problem(result, console.err))


def _what(fixed: Fixed) -> str:
    places: dict[str, list[int]] = {}
    for diagnostic in fixed.applied:
        places.setdefault(diagnostic.rule, []).append(diagnostic.start.line)
    return ", ".join(
        f"{rule} (line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))})" for rule, lines in places.items()
    )
