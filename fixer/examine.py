"""What one text shows: the rules run on it, silenced findings taken out, their fixes worked out on demand."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from fixer import suppress
from fixer.differences import text_edits
from fixer.remarks import deliberate
from fixer.results import Diagnostic, Failed, Position, ProposedFix, Result, Skipped
from fixer.rule import Finding, Fix, Rule, Safety, concerned
from fixer.source import Lines, NotText, SourceFile, decode

if TYPE_CHECKING:
    from fixer.facts.program.siblings import Siblings
    from fixer.facts.script import Script
    from fixer.rewrite import Rewriter

LARGEST = 2_000_000
"""Bytes. Nobody writes a training script of this size; parsing data of that size takes minutes and gigabytes."""


def unused(comments: Sequence[suppress.Suppression], rules: Sequence[Rule]) -> list[Diagnostic]:
    """Findings about comments that silence nothing, after all findings of `rules` have met them."""
    if not comments:
        return []
    from fixer import registry

    active = {rule.name for rule in rules}
    return list(suppress.unused(comments, active, active | {rule.name for rule in registry.rules()}))


class Stop(Exception):
    """This file cannot be done."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None, skip: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column, self.skip = reason, line, column, skip

    def result(self, path: str) -> Result:
        return Skipped(path, self.reason) if self.skip else Failed(path, self.reason, self.line, self.column)


@dataclass(frozen=True)
class Candidate:
    """A finding that no comment silences, with its diagnostic on the text of the round."""

    rule: Rule
    finding: Finding
    diagnostic: Diagnostic


@dataclass(frozen=True)
class Examined:
    """What one text shows."""

    text: str
    candidates: tuple[Candidate, ...]
    unused: tuple[Diagnostic, ...]
    rendered: Rendered

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings by place, their fixes worked out."""
        found = [self.rendered.diagnostic(candidate) for candidate in self.candidates]
        return tuple(sorted([*found, *self.unused], key=_by_place))

    @property
    def sketched(self) -> tuple[Diagnostic, ...]:
        """All findings by place, their fixes named but not worked out: that would load LibCST."""
        found = [_sketch(candidate) for candidate in self.candidates]
        return tuple(sorted([*found, *self.unused], key=_by_place))


def _sketch(candidate: Candidate) -> Diagnostic:
    fix = candidate.finding.fix
    named = ProposedFix(fix.title, safety_of(fix, candidate.rule).value, ()) if fix else None
    return replace(candidate.diagnostic, fix=named)


def _by_place(diagnostic: Diagnostic) -> tuple[Position, str, str]:
    return diagnostic.start, diagnostic.rule, diagnostic.message


@dataclass(frozen=True)
class Job:
    """A file, and the rules that it concerns."""

    path: str
    file: SourceFile
    rules: tuple[Rule, ...]
    due: bool
    siblings: Siblings | None = None

    @classmethod
    def of(
        cls,
        source: str | bytes,
        path: str,
        rules: Sequence[Rule] | None,
        always: bool,
        siblings: Siblings | None = None,
    ) -> Job:
        if rules is None:
            from fixer import registry

            rules = registry.rules()
        data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
        due = suppress.MARKER in data or bool(concerned(rules, data))
        if due and len(data) > LARGEST:
            raise Stop(f"larger than {LARGEST // 1_000_000} MB: taken for data, not for a program", skip=True)
        if not due and not (always and len(data) <= LARGEST):
            return cls(path, SourceFile(""), tuple(rules), due=False)
        try:
            # a text that begins with a byte order mark was read without regard to it
            file = SourceFile(source.removeprefix("\ufeff")) if isinstance(source, str) else decode(source)
        except NotText as error:
            raise Stop(str(error), error.line) from error
        # whatever follows imports takes longer: only where something is trained or loaded
        near = siblings if b"DataLoader(" in data or (b".backward(" in data and b"step(" in data) else None
        return cls(path, file, tuple(rules), due=True, siblings=near)

    def examine(self, text: str) -> Examined:
        data = text.encode("utf-8", "surrogatepass")
        due = concerned(self.rules, data)
        comments = suppress.suppressions(text)
        lines = Lines(text)
        found = self._run(text, due, lines) if due else _nothing(text)
        kept = set(map(id, suppress.keep([candidate.diagnostic for candidate in found], comments)))
        candidates = tuple(candidate for candidate in found if id(candidate.diagnostic) in kept)
        return Examined(text, candidates, tuple(unused(comments, self.rules)), Rendered(text))

    def _run(self, text: str, rules: Sequence[Rule], lines: Lines) -> list[Candidate]:
        from fixer.facts.script import Script

        script = Script(text, _parse(text), self.siblings)
        found: dict[tuple[str, Position, Position], Candidate] = {}
        for rule in rules:
            try:
                for finding in filter(None, (_here(script, each) for each in rule.check(script))):
                    start, end = _extent(finding.node, lines)
                    if deliberate(lines, start.line):
                        continue
                    diagnostic = Diagnostic(rule.name, finding.message, start, end, rule.symptom, None)
                    place = rule.name, start, end
                    found[place] = _once(found.get(place), Candidate(rule, finding, diagnostic))
            except Exception as error:  # the one place where a rule's own bugs are caught
                raise Stop(f"rule {rule.name} failed: {_because(error)}") from error
        return sorted(found.values(), key=lambda candidate: _by_place(candidate.diagnostic))


def _once(known: Candidate | None, found: Candidate) -> Candidate:
    """One finding for what a rule says of one place, the first; where it says several things, nobody mends it alike."""
    if known is None:
        return found
    if known.finding.message == found.finding.message:
        return known
    return replace(known, finding=replace(known.finding, fix=None, alternatives=()))


def _here(script: Script, finding: Finding) -> Finding | None:
    """The finding as far as it concerns this file: another file is judged, and changed, by itself."""
    if script.home(finding.node) is not None:
        return None
    fix = finding.fix if finding.fix is not None and _is_here(script, finding.fix) else None
    alternatives = tuple(each for each in finding.alternatives if _is_here(script, each))
    return replace(finding, fix=fix, alternatives=alternatives)


def _is_here(script: Script, fix: Fix) -> bool:
    nodes = [value for edit in fix.edits for value in vars(edit).values() if isinstance(value, ast.AST)]
    return all(script.home(each) is None for each in nodes)


def _nothing(text: str) -> list[Candidate]:
    """A text that no rule concerns still has to be Python."""
    _parse(text)
    return []


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
        raise Stop("does not parse: it holds a null byte", place.line, place.column)
    try:
        with warnings.catch_warnings():
            # invalid escapes are the user's own business
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise Stop(f"does not parse: {error.msg}", error.lineno, error.offset) from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise Stop(f"does not parse: nested too deeply ({error or type(error).__name__})", 1, 1) from error


def _extent(node: ast.AST, lines: Lines) -> tuple[Position, Position]:
    """Where a finding stands. Of a statement with a body, its first line: nobody wants a whole loop underlined."""
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
    if line is None or column is None:
        return Position(1, 1), Position(1, 1)
    start, end = lines.of_ast(line, column), None
    last, behind = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    if last is not None and behind is not None:
        end = lines.of_ast(last, behind)
    if end is None or (hasattr(node, "body") and isinstance(node, ast.stmt) and end.line > start.line):
        end = Position(start.line, len(lines.line(start.line).split("#")[0].rstrip()) + 1)
    return start, max(start, end)


class Rendered:
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
            raise Stop(f"cannot be rewritten: {error}") from error

    def diagnostic(self, candidate: Candidate) -> Diagnostic:
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
        except Stop as stop:
            if isinstance(stop.__cause__, Unreachable | Unreadable):
                return None
            raise
        return ProposedFix(fix.title, safety_of(fix, rule).value, text_edits(self._text, after))

    def rewritten(self, fixes: Sequence[tuple[Rule, Fix]]) -> str:
        """The text with all of `fixes` in it."""
        from fixer.rewrite import RewriteError

        names = names_of(rule for rule, _ in fixes)
        try:
            after = self.rewriter.apply([edit for _, fix in fixes for edit in fix.edits])
        except RewriteError as error:
            raise Stop(f"the fix of {names} cannot be made: {error}") from error
        try:
            _parse(after)
        except Stop as stop:
            raise Stop(f"the fix of {names} would leave a program that {stop.reason} at line {stop.line}") from stop
        return after


def safety_of(fix: Fix, rule: Rule) -> Safety:
    return fix.safety or rule.safety


def names_of(rules: Iterable[Rule]) -> str:
    return ", ".join(sorted({rule.name for rule in rules}))
