"""Formats that other tools take: SARIF 2.1.0 (code scanning, viewers), reviewdog's rdjson (comments)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from fixer import __version__
from fixer.reports.style import Style
from fixer.results import Diagnostic, Failed, Found, Position, ProposedFix, Result
from fixer.source import Lines

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(results: Iterable[Result], _style: Style) -> Iterator[str]:
    """SARIF with the fixes. Paths are relative to %SRCROOT%, columns count code points."""
    from fixer.registry import rules

    summaries = {rule.name: rule.summary for rule in rules()}
    found: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for result in results:
        if isinstance(result, Found):
            found += [_sarif_result(result.path, diagnostic) for diagnostic in result.diagnostics]
        elif isinstance(result, Failed):
            notes.append(_notification(result))
    names = sorted({item["ruleId"] for item in found})
    for item in found:
        item["ruleIndex"] = names.index(item["ruleId"])
    driver = {
        "name": "fixer",
        "version": __version__,
        "rules": [{"id": name, "shortDescription": {"text": summaries.get(name) or name}} for name in names],
    }
    invocation: dict[str, Any] = {"executionSuccessful": not notes, "toolExecutionNotifications": notes}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the folder that fixer was run in"}}},
        "invocations": [invocation],
        "results": found,
    }
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _sarif_result(path: str, found: Diagnostic) -> dict[str, Any]:
    fixes = [fix for fix in (found.fix, *found.alternatives) if fix and fix.edits]
    item: dict[str, Any] = {
        "ruleId": found.rule,
        "level": "error",
        "message": {"text": found.message},
        "locations": [_location(path, _region(found.start, found.end))],
        "properties": {"symptom": found.symptom},
    }
    if fixes:
        item["fixes"] = [_sarif_fix(path, fix) for fix in fixes]
    return item


def _sarif_fix(path: str, fix: ProposedFix) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.start, edit.end)}
        | ({"insertedContent": {"text": edit.content}} if edit.content else {})
        for edit in fix.edits
    ]
    return {
        "description": {"text": fix.title},
        "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": replacements}],
    }


def _notification(failed: Failed) -> dict[str, Any]:
    place = Position(failed.line or 1, failed.column or 1)
    return {
        "level": "error",
        "message": {"text": failed.error},
        "locations": [_location(failed.path, _region(place, place))],
    }


def _location(path: str, region: dict[str, int]) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": region}}


def _artifact(path: str) -> dict[str, str]:
    uri = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _region(start: Position, end: Position) -> dict[str, int]:
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def rdjson(results: Iterable[Result], _style: Style) -> Iterator[str]:
    """reviewdog's format. Its columns count UTF-8 bytes."""
    items: list[dict[str, Any]] = []
    for result in results:
        if isinstance(result, Found):
            lines = Lines(result.source)
            items += [_rd_item(result.path, lines, found) for found in result.diagnostics]
        elif isinstance(result, Failed):
            start = {"line": result.line or 1, "column": result.column or 1}
            items.append(
                {
                    "message": result.error,
                    "location": {"path": result.path, "range": {"start": start}},
                    "severity": "ERROR",
                }
            )
    yield json.dumps({"source": {"name": "fixer"}, "severity": "ERROR", "diagnostics": items}, indent=2) + "\n"


def _rd_item(path: str, lines: Lines, found: Diagnostic) -> dict[str, Any]:
    item: dict[str, Any] = {
        "message": found.message,
        "location": {"path": path, "range": _rd_range(lines, found.start, found.end)},
        "severity": "ERROR",
        "code": {"value": found.rule},
    }
    if found.fix:
        item["suggestions"] = [
            {"range": _rd_range(lines, edit.start, edit.end), "text": edit.content} for edit in found.fix.edits
        ]
    return item


def _rd_range(lines: Lines, start: Position, end: Position) -> dict[str, Any]:
    return {"start": _rd_place(lines, start), "end": _rd_place(lines, end)}


def _rd_place(lines: Lines, place: Position) -> dict[str, int]:
    before = lines.line(place.line)[: place.column - 1]
    return {"line": place.line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
