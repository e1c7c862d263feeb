"""One source text in, a result out: what the rules find, and the text with the fixes in it. No files, no printing."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from fixer import suppress
from fixer.differences import Change, changes, origin, text_edits
from fixer.results import Clean, Diagnostic, Failed, Fixed, Found, Position, ProposedFix, Result, Skipped
from fixer.rule import Finding, Fix, Rule, Safety
from fixer.source import Lines, NotText, SourceFile, decode

if TYPE_CHECKING:
    from fixer.rewrite import Rewriter

ROUNDS = 10
LARGEST = 2_000_000
"""Bytes. Nobody writes a training script of this size; parsing data of that size takes minutes and gigabytes."""

Accept = Callable[[Diagnostic], bool]


def check_source(source: str | bytes, *, path: str = "<string>", rules: Sequence[Rule] | None = None) -> Result:
    """What the rules find in a source text: Clean, Found, Skipped or Failed. Bytes are decoded as Python does it.

    A file that holds none of the words that the rules need is Clean without being parsed.
    """
    try:
        job = _Job.of(source, path, rules)
        diagnostics = job.examine(job.file.text).diagnostics if job.due else ()
    except _Stop as stop:
        return stop.result(path)
    return Found(path, job.file.text, diagnostics) if diagnostics else Clean(path)


def fix_source(
    source: str | bytes,
    *,
    path: str = "<string>",
    rules: Sequence[Rule] | None = None,
    unsafe: bool = False,
    accept: Accept | None = None,
) -> Result:
    """The text with the safe fixes in it: Clean, Found (nothing to apply), Fixed, Skipped or Failed.

    Fixes that exclude each other are made one after the other, each on the text that the one before it left; so are
    those that a fix makes possible. `accept` is asked once for each fix before it is made.

    Args:
        unsafe: apply fixes that may change what the program means, too.
        accept: say whether this finding's fix is to be made. Its place refers to `source`, the edits of its fix to
            the text of the round, which is `source` in the first.
    """
    try:
        job = _Job.of(source, path, rules)
        if not job.due:
            return Clean(path)
        fixing = _Fixing(job, unsafe, accept)
        last = fixing.settle()
    except _Stop as stop:
        return stop.result(path)
    if fixing.applied:
        return Fixed(path, job.file.text, last.text, tuple(fixing.applied), last.diagnostics)
    return Found(path, job.file.text, last.diagnostics) if last.diagnostics else Clean(path)


def unused_suppressions(text: str, found: Iterable[Diagnostic], rules: Sequence[Rule]) -> tuple[Diagnostic, ...]:
    """The `# fixer: ignore` comments of `text` that silence none of `found`, the findings of `rules`."""
    comments = suppress.suppressions(text)
    suppress.keep(found, comments)
    return tuple(_unused(comments, rules))


def _unused(comments: Sequence[suppress.Suppression], rules: Sequence[Rule]) -> list[Diagnostic]:
    if not comments:
        return []
    from fixer import registry

    active = {rule.name for rule in rules}
    return list(suppress.unused(comments, active, active | {rule.name for rule in registry.rules()}))


class _Stop(Exception):
    """This file cannot be done."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None, skip: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column, self.skip = reason, line, column, skip

    def result(self, path: str) -> Result:
        return Skipped(path, self.reason) if self.skip else Failed(path, self.reason, self.line, self.column)


@dataclass(frozen=True)
class _Candidate:
    """A finding that no comment silences, with its diagnostic on the text of the round."""

    rule: Rule
    finding: Finding
    diagnostic: Diagnostic


@dataclass(frozen=True)
class _Examined:
    """What one text shows."""

    text: str
    candidates: tuple[_Candidate, ...]
    unused: tuple[Diagnostic, ...]
    rendered: _Rendered

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings by place, their fixes worked out."""
        found = [self.rendered.diagnostic(candidate) for candidate in self.candidates]
        return tuple(sorted([*found, *self.unused], key=_by_place))


def _by_place(diagnostic: Diagnostic) -> tuple[Position, str, str]:
    return diagnostic.start, diagnostic.rule, diagnostic.message


@dataclass(frozen=True)
class _Job:
    """A file, and the rules that it concerns."""

    path: str
    file: SourceFile
    rules: tuple[Rule, ...]
    due: bool

    @classmethod
    def of(cls, source: str | bytes, path: str, rules: Sequence[Rule] | None) -> _Job:
        if rules is None:
            from fixer import registry

            rules = registry.rules()
        data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
        due = suppress.MARKER in data or any(rule.concerns(data) for rule in rules)
        if due and len(data) > LARGEST:
            raise _Stop(f"larger than {LARGEST // 1_000_000} MB: taken for data, not for a program", skip=True)
        if not due:
            return cls(path, SourceFile(""), tuple(rules), due=False)
        try:
            # a text that begins with a byte order mark was read without regard to it
            file = SourceFile(source.removeprefix("\ufeff")) if isinstance(source, str) else decode(source)
        except NotText as error:
            raise _Stop(str(error), error.line) from error
        return cls(path, file, tuple(rules), due=True)

    def examine(self, text: str) -> _Examined:
        data = text.encode("utf-8", "surrogatepass")
        concerned = [rule for rule in self.rules if rule.concerns(data)]
        comments = suppress.suppressions(text)
        lines = Lines(text)
        found = self._run(text, concerned, lines) if concerned else []
        kept = set(map(id, suppress.keep([candidate.diagnostic for candidate in found], comments)))
        candidates = tuple(candidate for candidate in found if id(candidate.diagnostic) in kept)
        return _Examined(text, candidates, tuple(_unused(comments, self.rules)), _Rendered(text))

    def _run(self, text: str, rules: Sequence[Rule], lines: Lines) -> list[_Candidate]:
        from fixer.facts.script import Script

        script = Script(text, _parse(text))
        found: dict[Diagnostic, _Candidate] = {}
        for rule in rules:
            try:
                for finding in rule.check(script):
                    start, end = _extent(finding.node, lines)
                    diagnostic = Diagnostic(rule.name, finding.message, start, end, rule.symptom, None)
                    found.setdefault(diagnostic, _Candidate(rule, finding, diagnostic))
            except Exception as error:  # the one place where a rule's own bugs are caught
                raise _Stop(f"rule {rule.name} failed: {_because(error)}") from error
        return sorted(found.values(), key=lambda candidate: _by_place(candidate.diagnostic))


def _because(error: Exception) -> str:
    """The error, and the line of code that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""
    return f"{type(error).__name__}: {error}{where}"


def _parse(text: str) -> ast.Module:
    if "\0" in text:
        place = Lines(text).position(text.index("\0"))
        raise _Stop("does not parse: it holds a null byte", place.line, place.column)
    try:
        with warnings.catch_warnings():
            # invalid escapes are the user's own business
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise _Stop(f"does not parse: {error.msg}", error.lineno, error.offset) from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise _Stop(f"does not parse: nested too deeply ({error or type(error).__name__})", 1, 1) from error


def _extent(node: ast.AST, lines: Lines) -> tuple[Position, Position]:
    """Where a finding stands. Of a statement with a body, its first line: nobody wants a whole loop underlined."""
    if not isinstance(node, ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias | ast.excepthandler):
        return Position(1, 1), Position(1, 1)
    start, end = lines.of_ast(node.lineno, node.col_offset), None
    if node.end_lineno is not None and node.end_col_offset is not None:
        end = lines.of_ast(node.end_lineno, node.end_col_offset)
    if end is None or (hasattr(node, "body") and isinstance(node, ast.stmt) and end.line > start.line):
        end = Position(start.line, len(lines.line(start.line).split("#")[0].rstrip()) + 1)
    return start, max(start, end)


class _Rendered:
    """The fixes for one text as text edits, worked out one by one and only on demand."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def rewriter(self) -> Rewriter:
        """LibCST is loaded here, for files that have something to be fixed."""
        from fixer.rewrite import rewriter

        return rewriter(self._text)

    def require(self) -> None:
        """Stop where the file cannot be rewritten at all: `fix` must not pass over that."""
        from fixer.rewrite import Unreadable

        try:
            _ = self.rewriter
        except Unreadable as error:
            raise _Stop(f"cannot be rewritten: {error}") from error

    def diagnostic(self, candidate: _Candidate) -> Diagnostic:
        """The candidate's diagnostic with its fix and alternatives, as far as the layout lets them be made."""
        finding, rule = candidate.finding, candidate.rule
        fix = self._proposed(finding.fix, rule) if finding.fix else None
        others = [self._proposed(alternative, rule) for alternative in finding.alternatives]
        alternatives = tuple(other for other in others if other)
        return replace(candidate.diagnostic, fix=fix, alternatives=alternatives)

    def _proposed(self, fix: Fix, rule: Rule) -> ProposedFix | None:
        from fixer.rewrite import Unreachable, Unreadable

        try:
            after = self.rewritten([(rule, fix)])
        except _Stop as stop:
            if isinstance(stop.__cause__, Unreachable | Unreadable):
                return None
            raise
        return ProposedFix(fix.title, _safety(fix, rule).value, text_edits(self._text, after))

    def rewritten(self, fixes: Sequence[tuple[Rule, Fix]]) -> str:
        """The text with all of `fixes` in it."""
        from fixer.rewrite import RewriteError

        names = _names(rule for rule, _ in fixes)
        try:
            after = self.rewriter.apply([edit for _, fix in fixes for edit in fix.edits])
        except RewriteError as error:
            raise _Stop(f"the fix of {names} cannot be made: {error}") from error
        try:
            _parse(after)
        except _Stop as stop:
            raise _Stop(f"the fix of {names} would leave a program that {stop.reason} at line {stop.line}") from stop
        return after


def _safety(fix: Fix, rule: Rule) -> Safety:
    return fix.safety or rule.safety


def _names(rules: Iterable[Rule]) -> str:
    return ", ".join(sorted({rule.name for rule in rules}))


class _Fixing:
    """The rounds of fixes for one file."""

    def __init__(self, job: _Job, unsafe: bool, accept: Accept | None) -> None:
        self.applied: list[Diagnostic] = []
        self._job = job
        self._allowed = {Safety.SAFE, Safety.UNSAFE} if unsafe else {Safety.SAFE}
        self._accept = accept
        self._declined: set[tuple[str, str, Position]] = set()
        self._way_back: list[tuple[str, list[Change], str]] = []

    def settle(self) -> _Examined:
        """Apply fixes until none applies. What the last text shows."""
        text = self._job.file.text
        seen = {text}
        for _ in range(ROUNDS):
            examined = self._job.examine(text)
            chosen = self._choose(examined)
            if not chosen:
                return examined
            fixes = [(candidate.rule, fix) for candidate, _, fix in chosen]
            after = examined.rendered.rewritten(fixes)
            if after in seen:
                names = _names(rule for rule, _ in fixes)
                raise _Stop(f"the fixes of {names} lead back to a text that was there before; nothing is changed")
            self.applied += [diagnostic for _, diagnostic, _ in chosen]
            self._way_back.append((text, changes(text, after), after))
            seen.add(after)
            text = after
        examined = self._job.examine(text)
        if chosen := self._choose(examined):
            names = _names(candidate.rule for candidate, _, _ in chosen)
            raise _Stop(f"the fixes of {names} come to no end after {ROUNDS} rounds; nothing is changed")
        return examined

    def _choose(self, examined: _Examined) -> list[tuple[_Candidate, Diagnostic, Fix]]:
        """The fixes of this round: those allowed and accepted that do not get into the way of an earlier one."""
        chosen: list[tuple[_Candidate, Diagnostic, Fix]] = []
        for candidate in examined.candidates:
            fix = candidate.finding.fix
            if fix is None or _safety(fix, candidate.rule) not in self._allowed:
                continue
            if self._waits(fix, [other for _, _, other in chosen]):
                continue
            examined.rendered.require()
            diagnostic = self._at_source(examined.rendered.diagnostic(candidate))
            if diagnostic.fix is not None and self._accepted(diagnostic):
                chosen.append((candidate, diagnostic, fix))
        return chosen

    def _waits(self, fix: Fix, chosen: Sequence[Fix]) -> bool:
        from fixer.rewrite import conflict

        return any(conflict(other.edits, fix.edits) for other in chosen)

    def _accepted(self, diagnostic: Diagnostic) -> bool:
        if self._accept is None:
            return True
        key = (diagnostic.rule, diagnostic.message, diagnostic.start)
        if key not in self._declined and not self._accept(diagnostic):
            self._declined.add(key)
        return key not in self._declined

    def _at_source(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with its place in the text that fixing began with."""
        return replace(diagnostic, start=self._back(diagnostic.start), end=self._back(diagnostic.end))

    def _back(self, position: Position) -> Position:
        for before, changed, after in reversed(self._way_back):
            position = Lines(before).position(origin(changed, Lines(after).offset(position)))
        return position
