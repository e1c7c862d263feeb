"""`fixer check`: list findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fixer.commands.session import Session, from_stdin, read_stdin
from fixer.files.cache import Cache
from fixer.files.scan import Done, check_bytes, scan
from fixer.reports import FOR_PEOPLE, Format, printer
from fixer.reports.text import Tally, problem
from fixer.results import Failed, Result, Skipped


def check(session: Session, paths: list[str], form: Format, *, cached: bool = True) -> int:
    console = session.console
    tally = Tally()
    session.edits = form not in FOR_PEOPLE
    results = _results(session, paths, Cache.of(session.rules) if cached else None)
    console.product(printer(form)(_told(session, results, tally, form), console.out))
    if form in FOR_PEOPLE:
        console.note(tally.of_check() if tally.files else "no Python files found")
    return tally.exit_code


def _results(session: Session, paths: list[str], cache: Cache | None) -> Iterator[Result]:
    if from_stdin(paths):
        yield check_bytes(read_stdin(), session.stdin())
        return
    for done in scan(session.files(paths), fix=False, processes=session.options.jobs, cache=cache):
        yield done.result if isinstance(done, Done) else done


def _told(session: Session, results: Iterable[Result], tally: Tally, form: Format) -> Iterator[Result]:
    """Count the results on their way to the printer, and say on stderr what could not be done."""
    console = session.console
    for result in results:
        tally.add(result)
        if isinstance(result, Failed):
            console.error(problem(result, console.err))
        elif isinstance(result, Skipped) and form in FOR_PEOPLE:
            console.note(problem(result, console.err))
        yield result
