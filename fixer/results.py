"""What came of one file: frozen values, one type an outcome."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Position:
    """A place in a text: line and column from 1, columns in code points."""

    line: int
    column: int


@dataclass(frozen=True)
class TextEdit:
    """Replace the text between `start` and `end` (exclusive) of the original source by `content`."""

    start: Position
    end: Position
    content: str


@dataclass(frozen=True)
class ProposedFix:
    """A fix as text edits on the source that was checked; `safety` is "safe", "unsafe" or "suggestion"."""

    title: str
    safety: str
    edits: tuple[TextEdit, ...]


@dataclass(frozen=True)
class Diagnostic:
    """One finding, without reference to any tree: what the printers, the editor and library users see."""

    rule: str
    message: str
    start: Position
    end: Position
    symptom: str | None
    fix: ProposedFix | None
    alternatives: tuple[ProposedFix, ...] = ()


@dataclass(frozen=True)
class Clean:
    """Nothing found."""

    path: str


@dataclass(frozen=True)
class Found:
    """Findings, sorted by place. `source` is the text they refer to."""

    path: str
    source: str
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Fixed:
    """`fixed` is `source` with the fixes of `applied` in it; `remaining` is what the new text still shows."""

    path: str
    source: str
    fixed: str
    applied: tuple[Diagnostic, ...]
    remaining: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Skipped:
    path: str
    reason: str


@dataclass(frozen=True)
class Failed:
    """The file could not be done. `line` and `column` (from 1) where the reason has a place."""

    path: str
    error: str
    line: int | None = None
    column: int | None = None


Result = Clean | Found | Fixed | Skipped | Failed
