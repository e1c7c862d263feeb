"""What must hold of `check` and `fix` on any text whatever: the fuzz and bench/robustness.py ask it of thousands."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from fixer import edits
from fixer.differences import apply_text_edits
from fixer.edits import Edit
from fixer.engine import check_source, fix_source
from fixer.examine import Candidate, Examined, Job, Stop
from fixer.files.siblings import Neighbours
from fixer.results import Failed, Fixed, Found
from fixer.rule import Rule
from fixer.source import SourceFile, decode, encode, split_lines

EXCUSES = re.compile(r"does not parse|cannot be rewritten: |not [\w-]+ text: |cannot be read as |unknown encoding")
"""Failures that tell of the file, not of fixer."""


def broken(data: bytes, path: Path, rules: Sequence[Rule]) -> list[str]:
    """What is wrong with what `check` and `fix` do to this file, in words; empty where all is well."""
    near = Neighbours(path)
    found = check_source(data, path=str(path), rules=rules, siblings=near)
    if isinstance(found, Failed):
        return [] if EXCUSES.match(found.error) else [f"check: {found.error}"]
    wrong: list[str] = []
    if isinstance(found, Found) and any(each.fix for each in found.diagnostics):
        wrong += _one_by_one(data, path, rules)
        for each in found.diagnostics:
            if each.fix and each.fix.edits:
                wrong += unreadable(apply_text_edits(found.source, each.fix.edits), f"the edits of {each.rule}")
    for unsafe in (False, True) if isinstance(found, Found) else ():
        wrong += _fixed(data, path, rules, near, unsafe)
    return wrong


def _fixed(data: bytes, path: Path, rules: Sequence[Rule], near: Neighbours, unsafe: bool) -> list[str]:
    result = fix_source(data, path=str(path), rules=rules, unsafe=unsafe, siblings=near)
    if isinstance(result, Failed):
        return [] if EXCUSES.match(result.error) else [f"fix (unsafe {unsafe}): {result.error}"]
    if not isinstance(result, Fixed):
        return []
    after = encode(result.fixed, decode(data))
    again = fix_source(after, path=str(path), rules=rules, unsafe=unsafe, siblings=near)
    names = ", ".join(sorted({each.rule for each in result.applied}))
    if isinstance(again, Fixed):
        return [f"fix is not idempotent: {names}, then {', '.join(each.rule for each in again.applied)}"]
    return unreadable(result.fixed, f"fix ({names})")


def _one_by_one(data: bytes, path: Path, rules: Sequence[Rule]) -> Iterator[str]:
    """Each fix and each alternative by itself leaves the lines alone that none of its edits names."""
    job = Job.of(data, str(path), rules, True, Neighbours(path))
    text = job.file.text
    examined = job.examine(text)
    for candidate in examined.candidates:
        finding = candidate.finding
        for fix in (finding.fix, *finding.alternatives):
            after = fix and _rewritten(examined, candidate, fix)
            if fix and isinstance(after, str):
                yield from disturbed(text, after, fix.edits, f"{candidate.rule.name} at {candidate.diagnostic.start}")


def _rewritten(examined: Examined, candidate: Candidate, fix: object) -> str | None:
    from fixer.rewrite import Unreachable, Unreadable
    from fixer.rule import Fix

    assert isinstance(fix, Fix)
    try:
        return examined.rendered.rewritten([(candidate.rule, fix)])
    except Stop as stop:
        if isinstance(stop.__cause__, Unreachable | Unreadable):
            return None
        raise
    except Unreadable:
        return None


def unreadable(text: str, what: str) -> list[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError) as error:
        return [f"{what} left a program that does not parse: {error}"]
    return []


def disturbed(before: str, after: str, made: Sequence[Edit], what: str) -> Iterator[str]:
    """The first line that no edit names and that is not there any more, or no longer in its order."""
    touched = {line for edit in made for line in reach(before, edit)}
    lines = split_lines(before)
    left = iter(enumerate(rest := split_lines(after), 1))
    for number, line in enumerate(lines, 1):
        if number in touched:
            continue
        # a file without a last line end gets one where something is added behind it, and keeps none where that goes
        if not any(
            other == line
            or ((number == len(lines) or place == len(rest)) and other.rstrip("\r\n") == line.rstrip("\r\n"))
            for place, other in left
        ):
            yield f"{what}: line {number} is no longer as it was: {line!r}"
            return


def reach(text: str, edit: Edit) -> set[int]:
    """The lines that an edit may change; those that are only added have no number."""
    match edit:
        case edits.InsertBefore(anchor) | edits.InsertAfter(anchor):
            return _of(anchor) if _shares_a_line(text, anchor) else set()
        case edits.Move(node, anchor):
            beside = _of(anchor) if _shares_a_line(text, anchor) else set()
            return _with_comments(text, node) | beside
        case edits.Remove(node):
            # the blank lines below the first statement of a block go with it
            return _with_comments(text, node) | _blank(text, (node.end_lineno or 0) + 1, 1, comments=False)
        case edits.Guard(statements):
            # comments below the last statement may be indented with it
            last = max(each.end_lineno or 0 for each in statements)
            return set().union(*(_with_comments(text, each) for each in statements)) | _blank(text, last + 1, 1)
        case edits.AddImport():
            return {n for n, line in enumerate(split_lines(text), 1) if re.match(r"\s*(from|import)\b.*", line)}
        case edits.AddParameter(function):
            return set(range(function.lineno, function.body[0].lineno + 1))
        case edits.RemoveElement(sequence) | edits.InsertElement(sequence):
            return _of(sequence)
        case edits.SetKeyword(call) | edits.RemoveKeyword(call):
            return _of(call)
        case edits.Replace(node) | edits.Wrap(node):
            return _of(node)


def _of(node: ast.stmt | ast.expr) -> set[int]:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return set(range(first, (node.end_lineno or first) + 1))


def _shares_a_line(text: str, node: ast.stmt) -> bool:
    """Whether something else stands on the lines of a statement: `a; b`, `if x: a`, an elif."""
    lines = split_lines(text)
    head = lines[min(_of(node)) - 1].encode()[: 0 if getattr(node, "decorator_list", ()) else node.col_offset]
    tail = lines[(node.end_lineno or 1) - 1].encode()[node.end_col_offset :].decode(errors="replace").strip()
    return bool(head.strip()) or not (not tail or tail.startswith("#")) or head.endswith(b"\\") or _is_elif(lines, node)


def _is_elif(lines: Sequence[str], node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and lines[node.lineno - 1].lstrip().startswith("elif")


def _with_comments(text: str, node: ast.stmt) -> set[int]:
    return _of(node) | _blank(text, min(_of(node)) - 1, -1)


def _blank(text: str, line: int, step: int, *, comments: bool = True) -> set[int]:
    """The blank lines, and perhaps comments, from `line` on."""
    lines, found = split_lines(text), set()
    while 1 <= line <= len(lines) and re.match(r"\s*(#|$)" if comments else r"\s*$", lines[line - 1]):
        found.add(line)
        line += step
    return found


def as_bytes(text: str) -> bytes:
    return encode(text, SourceFile(text))
