"""One source text in, a result out: what the rules find, and the text with the fixes in it. No files, no printing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fixer import suppress
from fixer.differences import Change, changes, origin
from fixer.examine import Candidate, Examined, Job, Stop, names_of, safety_of, unused
from fixer.results import Clean, Diagnostic, Fixed, Found, Position, Result
from fixer.rule import Fix, Rule, Safety
from fixer.source import Lines

if TYPE_CHECKING:
    from fixer.facts.program.siblings import Siblings

ROUNDS = 10
Accept = Callable[[Diagnostic], bool]


def check_source(
    source: str | bytes,
    *,
    path: str = "<string>",
    rules: Sequence[Rule] | None = None,
    always_parse: bool = True,
    edits: bool = True,
    siblings: Siblings | None = None,
) -> Result:
    """What the rules find in a source text: Clean, Found, Skipped or Failed. Bytes are decoded as Python does it.

    Args:
        always_parse: without it, a text that holds none of the words that the rules need is Clean without being
            parsed, even if it is not Python.
        edits: without it, fixes are named but hold no text edits, which is several times faster.
        siblings: finds the project's other files, so that imported helpers and classes are understood.
    """
    try:
        job = Job.of(source, path, rules, always_parse, siblings)
        examined = job.examine(job.file.text) if job.due else None
        diagnostics = () if examined is None else examined.diagnostics if edits else examined.sketched
    except Stop as stop:
        return stop.result(path)
    return Found(path, job.file.text, diagnostics) if diagnostics else Clean(path)


def fix_source(
    source: str | bytes,
    *,
    path: str = "<string>",
    rules: Sequence[Rule] | None = None,
    unsafe: bool = False,
    accept: Accept | None = None,
    always_parse: bool = True,
    siblings: Siblings | None = None,
) -> Result:
    """The text with the safe fixes in it: Clean, Found (nothing to apply), Fixed, Skipped or Failed.

    Fixes that exclude each other are made one after the other, each on the text that the one before it left; so are
    those that a fix makes possible. `accept` is asked once for each fix before it is made.

    Args:
        unsafe: apply fixes that may change what the program means, too.
        accept: say whether this finding's fix is to be made. Its place refers to `source`, the edits of its fix to
            the text of the round, which is `source` in the first.
        always_parse, siblings: as for `check_source`.
    """
    try:
        job = Job.of(source, path, rules, always_parse, siblings)
        if not job.due:
            return Clean(path)
        fixing = _Fixing(job, unsafe, accept)
        last = fixing.settle()
    except Stop as stop:
        return stop.result(path)
    if fixing.applied:
        return Fixed(path, job.file.text, last.text, tuple(fixing.applied), last.diagnostics)
    return Found(path, job.file.text, last.diagnostics) if last.diagnostics else Clean(path)


def unused_suppressions(text: str, found: Iterable[Diagnostic], rules: Sequence[Rule]) -> tuple[Diagnostic, ...]:
    """The `# fixer: ignore` comments of `text` that silence none of `found`, the findings of `rules`."""
    comments = suppress.suppressions(text)
    suppress.keep(found, comments)
    return tuple(unused(comments, rules))


class _Fixing:
    """The rounds of fixes for one file."""

    def __init__(self, job: Job, unsafe: bool, accept: Accept | None) -> None:
        self.applied: list[Diagnostic] = []
        self._job = job
        self._allowed = {Safety.SAFE, Safety.UNSAFE} if unsafe else {Safety.SAFE}
        self._accept = accept
        self._declined: set[tuple[str, str, Position]] = set()
        self._way_back: list[tuple[str, list[Change], str]] = []

    def settle(self) -> Examined:
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
                names = names_of(rule for rule, _ in fixes)
                raise Stop(f"the fixes of {names} lead back to a text that was there before; nothing is changed")
            self.applied += [diagnostic for _, diagnostic, _ in chosen]
            self._way_back.append((text, changes(text, after), after))
            seen.add(after)
            text = after
        examined = self._job.examine(text)
        if chosen := self._choose(examined):
            names = names_of(candidate.rule for candidate, _, _ in chosen)
            raise Stop(f"the fixes of {names} come to no end after {ROUNDS} rounds; nothing is changed")
        return examined

    def _choose(self, examined: Examined) -> list[tuple[Candidate, Diagnostic, Fix]]:
        """The fixes of this round: those allowed and accepted that do not get into the way of an earlier one."""
        chosen: list[tuple[Candidate, Diagnostic, Fix]] = []
        for candidate in examined.candidates:
            fix = candidate.finding.fix
            if fix is None or safety_of(fix, candidate.rule) not in self._allowed:
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
