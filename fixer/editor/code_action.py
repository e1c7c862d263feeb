"""Findings as LSP code actions: a quick fix for each mend at a place, and one action for all safe mends of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fixer.editor.positions import Encoding, Positions
from fixer.results import Diagnostic, Position, ProposedFix, TextEdit

FIX_ALL = "source.fixAll.fixer"
SOURCE = "fixer"
_WARNING = 2


@dataclass(frozen=True)
class Document:
    """A text as the editor holds it: its name, its version (None: what the disk has), and how positions are counted."""

    uri: str
    source: str
    version: int | None = None
    encoding: Encoding = "utf-16"


def code_actions(
    document: Document,
    diagnostics: Iterable[Diagnostic],
    start: Position,
    end: Position,
    fix_all: tuple[TextEdit, ...] = (),
) -> list[dict[str, Any]]:
    """The code actions for a range (a place where both are the same); `fix_all`: the edits of all safe fixes."""
    positions = Positions(document.source, document.encoding)
    actions: list[dict[str, Any]] = []
    for diagnostic in diagnostics:
        if diagnostic.start <= end and start <= diagnostic.end:
            actions += _quick_fixes(document, positions, diagnostic)
    if fix_all:
        actions.append(
            {
                "title": "fixer: apply all safe fixes",
                "kind": FIX_ALL,
                "edit": _workspace_edit(document, positions, fix_all),
            }
        )
    return actions


def _quick_fixes(document: Document, positions: Positions, diagnostic: Diagnostic) -> Iterator[dict[str, Any]]:
    shown = lsp_diagnostic(positions, diagnostic)
    fixes: tuple[ProposedFix | None, ...] = (diagnostic.fix, *diagnostic.alternatives)
    for fix in fixes:
        if fix and fix.edits:
            yield {
                "title": f"fixer ({diagnostic.rule}): {fix.title}",
                "kind": "quickfix",
                "diagnostics": [shown],
                # only the fix proper: of several alternatives no more than one may be the preferred one
                "isPreferred": fix is diagnostic.fix and fix.safety == "safe",
                "edit": _workspace_edit(document, positions, fix.edits),
            }


def lsp_diagnostic(positions: Positions, diagnostic: Diagnostic) -> dict[str, Any]:
    """A finding as an LSP Diagnostic."""
    return {
        "range": positions.range(diagnostic.start, diagnostic.end),
        "severity": _WARNING,
        "code": diagnostic.rule,
        "source": SOURCE,
        "message": diagnostic.message,
    }


def _workspace_edit(document: Document, positions: Positions, edits: Iterable[TextEdit]) -> dict[str, Any]:
    changes = [{"range": positions.range(edit.start, edit.end), "newText": edit.content} for edit in edits]
    identifier = {"uri": document.uri, "version": document.version}
    return {"documentChanges": [{"textDocument": identifier, "edits": changes}]}
