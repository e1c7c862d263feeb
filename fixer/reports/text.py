"""The formats for people: `full` shows the line and the cure, `concise` is one line a finding, as editors read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fixer.reports.style import Style, printable, width
from fixer.results import Clean, Diagnostic, Failed, Fixed, Found, ProposedFix, Result, Skipped
from fixer.source import Lines

_WIDEST = 140
"""Columns of source shown; a longer line is cut around the finding."""


def full(results: Iterable[Result], style: Style) -> Iterator[str]:
    first = True
    for result in results:
        if isinstance(result, Found):
            lines = Lines(result.source)
            for diagnostic in result.diagnostics:
                yield ("" if first else "\n") + finding(result.path, lines, diagnostic, style)
                first = False


def concise(results: Iterable[Result], style: Style) -> Iterator[str]:
    for result in results:
        if isinstance(result, Found):
            for diagnostic in result.diagnostics:
                yield f"{_place(result.path, diagnostic, style)}: {style.red(diagnostic.rule)} {diagnostic.message}\n"


def finding(path: str, lines: Lines, diagnostic: Diagnostic, style: Style) -> str:
    """One finding with its line, a mark below it, and what would mend it."""
    start, end = diagnostic.start, diagnostic.end
    number = str(start.line)
    margin = " " * len(number)
    line = lines.line(start.line)
    last = end.column - 1 if end.line == start.line else len(line.rstrip())
    before, marked, after = _window(line, start.column - 1, max(last, start.column))
    bar = style.dim("|")
    rows = [
        f"{_place(path, diagnostic, style)}: {style.bold(style.red(diagnostic.rule))}: {diagnostic.message}",
        f"{margin} {bar}",
        f"{style.dim(number)} {bar} {(before + marked + after).rstrip()}",
        f"{margin} {bar} {' ' * width(before)}{style.red('^' * max(width(marked), 1))}",
        *(f"{margin} {style.dim('=')} {note}" for note in _notes(diagnostic, style)),
    ]
    return "\n".join(rows) + "\n"


def _place(path: str, diagnostic: Diagnostic, style: Style) -> str:
    return f"{style.bold(printable(path))}:{diagnostic.start.line}:{diagnostic.start.column}"


def _window(line: str, start: int, end: int) -> tuple[str, str, str]:
    before, marked, after = line[:start], line[start:end], line[end:]
    if len(before) > _WIDEST // 2:
        before = "…" + before[-_WIDEST // 2 :]
    room = max(_WIDEST - len(before), _WIDEST // 4)
    if len(marked) > room:
        marked, after = marked[: room - 1] + "…", ""
    elif len(marked) + len(after) > room:
        after = after[: room - len(marked)] + "…"
    return printable(before), printable(marked), printable(after)


_HOW = {
    "safe": "`fixer fix` does it",
    "unsafe": "may change what you meant: `fixer fix --unsafe`, or `--verify` to let a run decide",
    "suggestion": "one of several ways: pick it in the editor",
}


def _notes(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    fixes: list[ProposedFix] = [diagnostic.fix] if diagnostic.fix else []
    for fix in (*fixes, *diagnostic.alternatives):
        yield f"{style.cyan('help')}: {fix.title} ({_HOW[fix.safety]})"


def problem(result: Failed | Skipped, style: Style) -> str:
    """A file that could not be done, as one line for stderr."""
    if isinstance(result, Skipped):
        return f"{style.bold('skipped')}: {printable(result.path)}: {result.reason}"
    place = "".join(f":{number}" for number in (result.line, result.column) if number is not None)
    return f"{style.bold(style.red('error'))}: {printable(result.path)}{place}: {result.error}"


def count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@dataclass
class Tally:
    """What a run came to, for the summary line."""

    files: int = 0
    findings: int = 0
    files_with_findings: int = 0
    safe: int = 0
    unsafe: int = 0
    failed: int = 0
    skipped: int = 0
    fixed: int = 0
    files_fixed: int = 0

    def add(self, result: Result) -> None:
        self.files += 1
        match result:
            case Found(diagnostics=found):
                self._findings(found)
            case Fixed(applied=applied, remaining=remaining):
                self.fixed += len(applied)
                self.files_fixed += 1
                self._findings(remaining)
            case Failed():
                self.failed += 1
            case Skipped():
                self.skipped += 1
            case Clean():
                pass

    def _findings(self, found: tuple[Diagnostic, ...]) -> None:
        self.findings += len(found)
        self.files_with_findings += bool(found)
        safeties = [diagnostic.fix.safety for diagnostic in found if diagnostic.fix]
        self.safe += safeties.count("safe")
        self.unsafe += safeties.count("unsafe")

    @property
    def exit_code(self) -> int:
        return 2 if self.failed else 1 if self.findings else 0

    def of_check(self) -> str:
        """The last line of `fixer check`."""
        tail = self._tail()
        if not self.findings:
            done = self.files - self.failed - self.skipped
            return f"no findings in {count(done, 'file')}{tail}" if done else tail.removeprefix("; ") or "nothing done"
        parts = [f"{count(self.findings, 'finding')} in {count(self.files_with_findings, 'file')}"]
        if self.safe:
            parts.append(f"{self.safe} fixable with `fixer fix`")
        if self.unsafe:
            parts.append(f"{self.unsafe} with `fixer fix --unsafe` or `--verify`")
        return ", ".join(parts) + tail

    def of_fix(self, *, applied: bool) -> str:
        """The last line of `fixer fix`."""
        if not self.fixed:
            done = "nothing to fix" if not self.failed else "nothing fixed"
        elif applied:
            done = f"fixed {count(self.fixed, 'finding')} in {count(self.files_fixed, 'file')}"
        else:
            done = f"would fix {count(self.fixed, 'finding')} in {count(self.files_fixed, 'file')}"
        return done + self._left() + self._tail()

    def _tail(self) -> str:
        return f"; {count(self.failed, 'file')} could not be done" if self.failed else ""

    def _left(self) -> str:
        rest = self.findings - self.unsafe
        parts = [f"{self.unsafe} more with --unsafe or --verify"] if self.unsafe else []
        if rest:
            parts.append(f"{count(rest, 'finding')} to mend by hand, see `fixer check`")
        return f" ({', '.join(parts)})" if parts else ""
