"""JSON and JSON lines: ruff's object, which editors and CI scripts read already, with ours under one key more."""

from __future__ import annotations

import json as encoder
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fixer.reports.style import Style
from fixer.results import Diagnostic, Failed, Found, Position, ProposedFix, Result


def json(results: Iterable[Result], _style: Style) -> Iterator[str]:
    """One array of all findings."""
    yield encoder.dumps([item for result in results for item in objects(result)], indent=2) + "\n"


def json_lines(results: Iterable[Result], _style: Style) -> Iterator[str]:
    """One object a line."""
    for result in results:
        for item in objects(result):
            yield encoder.dumps(item) + "\n"


def objects(result: Result) -> Iterator[dict[str, Any]]:
    """The findings of one file; a file that could not be done is one object without a code."""
    if isinstance(result, Found):
        for diagnostic in result.diagnostics:
            yield _finding(result.path, diagnostic)
    elif isinstance(result, Failed):
        yield _failure(result)


def _finding(path: str, diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "filename": absolute(path),
        "code": diagnostic.rule,
        "name": diagnostic.rule,
        "message": diagnostic.message,
        "severity": "error",
        "url": None,
        "location": _place(diagnostic.start),
        "end_location": _place(diagnostic.end),
        "cell": None,
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
        "fixer": {"symptom": diagnostic.symptom, "alternatives": [_fix(fix) for fix in diagnostic.alternatives]},
    }


def _failure(failed: Failed) -> dict[str, Any]:
    place = _place(Position(failed.line or 1, failed.column or 1))
    return {
        "filename": absolute(failed.path),
        "code": None,
        "name": "not-done",
        "message": failed.error,
        "severity": "error",
        "url": None,
        "location": place,
        "end_location": place,
        "cell": None,
        "fix": None,
        "fixer": {"symptom": None, "alternatives": []},
    }


def absolute(path: str) -> str:
    return path if path.startswith("<") else Path(path).absolute().as_posix()


def _place(position: Position) -> dict[str, int]:
    return {"row": position.line, "column": position.column}


_APPLICABILITY = {"safe": "safe", "unsafe": "unsafe", "suggestion": "display"}


def _fix(fix: ProposedFix) -> dict[str, Any]:
    return {
        "applicability": _APPLICABILITY[fix.safety],
        "message": fix.title,
        "edits": [
            {"content": edit.content, "location": _place(edit.start), "end_location": _place(edit.end)}
            for edit in fix.edits
        ],
    }
