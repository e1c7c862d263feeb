"""`# fixer: ignore[rule]` for a line, `# fixer: ignore-file[rule]` for a file. Without brackets: all rules."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fixer.results import Diagnostic, Position

UNUSED = "unused-suppression"
MARKER = b"fixer:"
_COMMENT = re.compile(r"#\s*fixer:\s*ignore(?P<file>-file)?(?:\s*\[(?P<rules>[^\]]*)\])?(?=\s|$|#)")
_LAYOUT = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE}


@dataclass
class Suppression:
    """One comment. `lines` are those it holds for, None for the whole file; `rules` is empty where it names none."""

    lines: range | None
    rules: tuple[str, ...]
    start: Position
    end: Position
    used: set[str] = field(default_factory=set)

    def covers(self, diagnostic: Diagnostic) -> bool:
        """Whether the comment silences the finding."""
        if self.rules and diagnostic.rule not in self.rules:
            return False
        found = range(diagnostic.start.line, diagnostic.end.line + 1)
        return self.lines is None or max(found.start, self.lines.start) < min(found.stop, self.lines.stop)


def suppressions(text: str) -> list[Suppression]:
    """The comments of `text` that silence rules. A text that is no Python has none."""
    if "fixer:" not in text:
        return []
    try:
        return list(_read(text))
    except (tokenize.TokenError, SyntaxError):
        return []


def _read(text: str) -> Iterator[Suppression]:
    """A comment holds for the statement that it stands in, or that it stands above on a line of its own."""
    waiting: list[tuple[re.Match[str], int, int]] = []
    first = 0
    plain = re.sub(r"\r\n?", "\n", text)
    for token in tokenize.generate_tokens(io.StringIO(plain).readline):
        if token.type == tokenize.COMMENT:
            if match := _COMMENT.search(token.string):
                waiting.append((match, *token.start))
        elif token.type not in _LAYOUT and not first:
            first = token.start[0]
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            statement = range(first, token.start[0] + 1)
            yield from (_suppression(match, line, column, statement) for match, line, column in waiting)
            waiting, first = [], 0


def _suppression(match: re.Match[str], line: int, column: int, statement: range) -> Suppression:
    start = Position(line, column + match.start() + 1)
    end = Position(line, column + match.end() + 1)
    rules = tuple(name for name in re.split(r"[\s,]+", match["rules"] or "") if name)
    return Suppression(None if match["file"] else statement, rules, start, end)


def keep(found: Iterable[Diagnostic], comments: Sequence[Suppression]) -> list[Diagnostic]:
    """The findings that no comment silences. Marks the comments that silence one."""
    kept = []
    for diagnostic in found:
        covering = [comment for comment in comments if comment.covers(diagnostic)]
        for comment in covering:
            comment.used.add(diagnostic.rule)
        if not covering:
            kept.append(diagnostic)
    return kept


def unused(comments: Iterable[Suppression], active: Iterable[str], known: Iterable[str]) -> Iterator[Diagnostic]:
    """A finding for each name that silences nothing: of the rules that ran, and of none that there is."""
    ran, there = set(active), set(known)
    for comment in comments:
        if not comment.rules and not comment.used and ran >= there:
            yield _diagnostic(comment, "no rule has anything to ignore here")
        for name in comment.rules:
            if name not in there:
                yield _diagnostic(comment, f"there is no rule called {name}")
            elif name in ran and name not in comment.used:
                yield _diagnostic(comment, f"{name} has nothing to ignore here")


def _diagnostic(comment: Suppression, message: str) -> Diagnostic:
    return Diagnostic(UNUSED, message, comment.start, comment.end, None, None)
