"""What the pages of CI services show: GitHub annotations, GitLab code quality, JUnit."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from fixer.reports.style import Style
from fixer.results import Diagnostic, Failed, Found, Result
from fixer.source import Lines

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def github(results: Iterable[Result], _style: Style) -> Iterator[str]:
    """Workflow commands that GitHub Actions turns into annotations of the changed files."""
    for result in results:
        if isinstance(result, Found):
            for diagnostic in result.diagnostics:
                yield _annotation(result.path, diagnostic)
        elif isinstance(result, Failed):
            properties = f"title=fixer,file={_property(result.path)},line={result.line or 1}"
            yield f"::error {properties}::{_data(f'{result.path}: {result.error}')}\n"


def _annotation(path: str, diagnostic: Diagnostic) -> str:
    start, end = diagnostic.start, diagnostic.end
    properties = [f"title={_property(f'fixer ({diagnostic.rule})')}", f"file={_property(path)}", f"line={start.line}"]
    if start.line == end.line:  # columns are only understood within one line
        properties += [f"col={start.column}", f"endLine={end.line}", f"endColumn={end.column}"]
    else:
        properties.append(f"endLine={end.line}")
    text = f"{path}:{start.line}:{start.column}: {diagnostic.rule} {diagnostic.message}"
    return f"::error {','.join(properties)}::{_data(text)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(results: Iterable[Result], _style: Style) -> Iterator[str]:
    """GitLab's code quality report. Fingerprints do not change when lines above a finding do."""
    items = []
    seen: Counter[str] = Counter()
    for result in results:
        if isinstance(result, Failed):
            items.append(_quality("not-done", result.error, "critical", result.path, result.line or 1, "", seen))
        elif isinstance(result, Found):
            lines = Lines(result.source)
            for found in result.diagnostics:
                text = lines.line(found.start.line).strip()
                items.append(_quality(found.rule, found.message, "major", result.path, found.start.line, text, seen))
    yield json.dumps(items, indent=2) + "\n"


def _quality(
    rule: str, message: str, severity: str, path: str, line: int, text: str, seen: Counter[str]
) -> dict[str, object]:
    key = "\0".join((rule, path, text))
    seen[key] += 1
    return {
        "check_name": rule,
        "description": message,
        "severity": severity,
        "fingerprint": hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "surrogateescape")).hexdigest(),
        "location": {"path": path, "lines": {"begin": line}},
    }


def junit(results: Iterable[Result], _style: Style) -> Iterator[str]:
    """JUnit XML: one suite a file with findings, one failed case a finding."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="fixer">\n'
    for result in results:
        if isinstance(result, Found):
            yield _suite(result.path, [_case(found) for found in result.diagnostics], failures=len(result.diagnostics))
        elif isinstance(result, Failed):
            line = result.line or 1
            case = f'    <testcase name="not-done" line="{line}">\n      <error message={_attribute(result.error)}/>\n'
            yield _suite(result.path, [case + "    </testcase>\n"], errors=1)
    yield "</testsuites>\n"


def _suite(path: str, cases: list[str], *, failures: int = 0, errors: int = 0) -> str:
    head = f'name={_attribute(path)} tests="{len(cases)}" failures="{failures}" errors="{errors}"'
    return f"  <testsuite {head}>\n{''.join(cases)}  </testsuite>\n"


def _case(found: Diagnostic) -> str:
    place = f'line="{found.start.line}" column="{found.start.column}"'
    failure = f"<failure message={_attribute(found.message)}>line {found.start.line}: {_text(found.message)}</failure>"
    return f"    <testcase name={_attribute(found.rule)} {place}>\n      {failure}\n    </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_allowed(text))


def _text(text: str) -> str:
    return escape(_allowed(text))


def _allowed(text: str) -> str:
    # XML has no way to write most control characters, nor half of a surrogate pair
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
