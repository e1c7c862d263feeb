"""How commands reach the proof. Nothing else of the command line runs anybody's program."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixer.commands.console import Console
from fixer.commands.session import Session, UsageError
from fixer.files.scan import Done, Job, check_bytes, fix_bytes
from fixer.results import Diagnostic, Fixed, Found

if TYPE_CHECKING:
    from fixer.verify import Confirmation, Expectation, Verdict


@dataclass(frozen=True)
class Limits:
    """What `--seeds`, `--steps`, ... say; None: what the settings say, else what the proof takes by itself."""

    seeds: int | None = None
    steps: int | None = None
    seconds: float | None = None
    device: str | None = None
    python: str | None = None

    def over(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in vars(self).items() if value is not None}
        return {**settings, **given}


class Judge:
    """Runs versions of one program and says which is better."""

    def __init__(
        self,
        session: Session,
        path: Path,
        program: Sequence[str] = (),
        limits: Limits | None = None,
        *,
        cached: bool = True,
    ) -> None:
        require("scipy", "platformdirs")
        from fixer.verify import Budget, Store

        options = (limits or Limits()).over(session.configuration.of_folder(path.parent).verify)
        self._console = session.console
        self._path = path
        self._program = tuple(program)
        self._seeds: int | None = options.pop("seeds", None)
        self._python: str | None = options.pop("python", None)
        self._budget = Budget(**options)
        self._runs: dict[str, Any] = {}
        self._store = Store() if cached else None
        self._rules = {rule.name: rule for rule in session.rules}

    def announce(self, what: str) -> None:
        """Say what is about to be executed: from here on the user's program runs."""
        arguments = "".join(f" {argument}" for argument in self._program)
        self._console.note(
            f"running {self._path.name}{arguments} in {self._path.parent} ({what}; "
            f"at most {self._budget.steps} optimizer steps and {self._budget.seconds:g} s a run)"
        )

    def verdict(self, before: bytes, after: bytes, expected: Expectation | None, command: str | None = None) -> Verdict:
        from fixer.verify import verify
        from fixer.verify.compare import LOOKS

        with _progress(self._console) as progress:
            return verify(
                before,
                after,
                path=self._path,
                args=self._program,
                python=self._python,
                budget=self._budget,
                expected=expected,
                progress=progress,
                cache=self._runs,
                store=self._store,
                command=command,
                seeds=self._seeds or LOOKS[-1],
            )

    def expectation(self, applied: Sequence[Diagnostic]) -> Expectation:
        """What the rules behind these fixes declare that a run will show."""
        from fixer.verify.confirm import combine

        return combine([self.expected_of(diagnostic) for diagnostic in applied])

    def expected_of(self, diagnostic: Diagnostic) -> Expectation:
        from fixer.verify import Expectation

        rule = self._rules.get(diagnostic.rule)
        symptoms = (diagnostic.symptom,) if diagnostic.symptom else ()
        return Expectation(symptoms, str(rule.loss) if rule else None)


class Prover:
    """`fixer fix --verify`: keeps the fixes of each file that a run of it confirms."""

    def __init__(self, session: Session, program: Sequence[str] = (), *, cached: bool = True) -> None:
        require("scipy", "platformdirs")
        self._session = session
        self._program = program
        self._cached = cached

    def fix(self, data: bytes, job: Job) -> Done:
        found = check_bytes(data, job)
        fixes = (
            [diagnostic for diagnostic in found.diagnostics if _may_qualify(diagnostic)]
            if isinstance(found, Found)
            else []
        )
        if not fixes:
            return Done(job, found)
        judge = Judge(self._session, job.path, self._program, cached=self._cached)
        judge.announce(f"as it stands and with {len(fixes)} {'fixes' if len(fixes) > 1 else 'fix'}")
        job = replace(job, unsafe=True)
        confirmation = self._confirm(judge, data, job, fixes)
        for settled in confirmation.settled:
            word = "kept" if settled.kept else "dropped"
            where = f"{job.name}:{settled.fix.start.line}"
            self._session.console.note(f"{word} {settled.fix.rule} ({where}): {settled.reason}")
        done = _with(data, job, fixes, confirmation.kept)
        known = {_key(diagnostic) for diagnostic in fixes}
        for applied in done.result.applied if isinstance(done.result, Fixed) else ():
            if _key(applied) not in known:
                # without a line: it may stand in text that one of those has inserted
                self._session.console.note(
                    f"kept {applied.rule} in {job.name}: came to light behind those, ran with them"
                )
        return done

    def _confirm(self, judge: Judge, data: bytes, job: Job, fixes: Sequence[Diagnostic]) -> Confirmation[Diagnostic]:
        from fixer.verify import confirm

        def apply(chosen: Sequence[Diagnostic]) -> bytes:
            return _with(data, job, fixes, chosen).after or data

        def prove(before: str | bytes, after: str | bytes, expected: Expectation) -> Verdict:
            return judge.verdict(_bytes(before), _bytes(after), expected)

        return confirm(
            data,
            fixes,
            apply=apply,
            prove=prove,
            expect=judge.expected_of,
            must_improve=lambda diagnostic: diagnostic.fix is not None and diagnostic.fix.safety == "unsafe",
        )


def _may_qualify(diagnostic: Diagnostic) -> bool:
    return diagnostic.fix is not None and diagnostic.fix.safety in ("safe", "unsafe")


def _with(data: bytes, job: Job, fixes: Sequence[Diagnostic], chosen: Sequence[Diagnostic]) -> Done:
    """The file with the chosen ones of its fixes, and with what only comes to light once they are done."""
    rejected = {_key(diagnostic) for diagnostic in fixes} - {_key(diagnostic) for diagnostic in chosen}
    done = fix_bytes(data, job, lambda diagnostic: bool(chosen) and _key(diagnostic) not in rejected)
    return done if isinstance(done.result, Fixed) else Done(job, check_bytes(data, job))


def _key(diagnostic: Diagnostic) -> object:
    return diagnostic.rule, diagnostic.start


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def require(*modules: str) -> None:
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        raise UsageError(
            f"the proof needs {' and '.join(missing)}: pip install 'fixer[verify]' "
            "(`fixer check` and `fixer fix` work without)"
        )


@contextmanager
def _progress(console: Console) -> Iterator[Any]:
    """A line on stderr that follows the runs, where a person watches."""
    if console.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console as Terminal
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=Terminal(stderr=True), transient=True) as bar:
        task = bar.add_task("running", total=None)
        yield lambda done, planned, text: bar.update(task, completed=done, total=planned, description=text)
