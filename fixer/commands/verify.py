"""`fixer verify`: the verdict on one program as it stands against as it would be fixed, or on any two versions."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.commands.prove import Judge, Limits, require
from fixer.commands.session import Session, UsageError
from fixer.files.discover import display
from fixer.files.scan import fix_bytes, read
from fixer.reports.text import count, problem
from fixer.results import Diagnostic, Failed, Fixed, Found, Skipped

if TYPE_CHECKING:
    from fixer.verify import Verdict


@dataclass(frozen=True)
class Request:
    script: str
    after: str | None = None
    program: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    report: Path | None = None
    form: str = "text"
    cached: bool = True


@dataclass(frozen=True)
class Versions:
    before: bytes
    after: bytes
    applied: tuple[Diagnostic, ...] = ()


def verify(session: Session, request: Request) -> int:
    versions = _two_files(session, request) if request.after else _as_fixed(session, request)
    if isinstance(versions, int):
        return versions
    if request.report:
        require("matplotlib", "jinja2")
    judge = Judge(session, Path(request.script).resolve(), request.program, request.limits, cached=request.cached)
    if versions.before != versions.after:
        judge.announce("before and after" if request.after else f"as it stands and with {_fixes(versions.applied)}")
    expected = judge.expectation(versions.applied) if versions.applied else None
    verdict = judge.verdict(versions.before, versions.after, expected, _command(request, session.unsafe))
    return _show(session, request, versions, verdict)


def _two_files(session: Session, request: Request) -> Versions | int:
    texts = [read(Path(name), name) for name in (request.script, request.after or "")]
    for text in texts:
        if isinstance(text, Failed):
            _failed(session, text)
    before, after = texts
    return 2 if isinstance(before, Failed) or isinstance(after, Failed) else Versions(before, after)


def _as_fixed(session: Session, request: Request) -> Versions | int:
    path = Path(request.script)
    if path.is_dir():
        raise UsageError(f"{request.script} is a folder; name the script that trains")
    data = read(path, request.script)
    if isinstance(data, Failed):
        return _failed(session, data)
    path = path.resolve()
    done = fix_bytes(data, session.job(path, display(path)))
    match done.result:
        case Fixed(applied=applied):
            return Versions(data, done.after, applied)
        case Failed() | Skipped() as failed:
            return _failed(session, failed)
        case Found(diagnostics=found):
            unsafe = sum(each.fix is not None and each.fix.safety == "unsafe" for each in found)
            hint = f" (--unsafe would try {unsafe} more)" if unsafe else ""
            session.console.note(
                f"{count(len(found), 'finding')}, but nothing that may be fixed{hint}; nothing was run"
            )
        case _:
            session.console.note("nothing to fix; nothing was run")
    return 0


def _failed(session: Session, result: Failed | Skipped) -> int:
    session.console.error(problem(result, session.console.err))
    return 2


def _fixes(applied: tuple[Diagnostic, ...]) -> str:
    names = dict.fromkeys(diagnostic.rule for diagnostic in applied)
    return f"{'fixes' if len(applied) > 1 else 'the fix'} of {', '.join(names)}"


def _command(request: Request, unsafe: bool) -> str:
    words = ["fixer", "verify", *(["--unsafe"] if unsafe else [])]
    words += [f"--{name}={value}" for name, value in vars(request.limits).items() if value is not None]
    words += [request.script, *([request.after] if request.after else [])]
    return shlex.join([*words, *(["--", *request.program] if request.program else [])])


def _show(session: Session, request: Request, versions: Versions, verdict: Verdict) -> int:
    from fixer.verify import VerdictKind
    from fixer.verify.report import to_json, to_text, write_report

    console = session.console
    text = to_json(verdict) if request.form == "json" else to_text(verdict, color=console.out.color)
    console.product([text.rstrip("\n") + "\n"])
    if request.report:
        page = write_report(verdict, request.report, before=versions.before, after=versions.after)
        console.note(f"report: {page}")
    if verdict.verdict is VerdictKind.NOT_RUN:
        return 2
    return 0 if verdict.good else 1
