"""The same program written otherwise: what is found in it, and whether it can be mended, must not depend on that.

Each variant is a new text and the line that every old line has become.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable
from dataclasses import dataclass

_FUTURE = re.compile(r"from __future__ import .*\n")


@dataclass(frozen=True)
class Variant:
    text: str
    lines: dict[int, int]
    """Old line to new line, from 1."""


def crlf(text: str) -> Variant | None:
    return Variant(text.replace("\n", "\r\n"), _same(text))


def tabs(text: str) -> Variant | None:
    """Indented by tabs, where statements start at multiples of four spaces."""
    lines = text.splitlines(keepends=True)
    for number in _statement_lines(text):
        line = lines[number - 1]
        width = len(line) - len(line.lstrip(" "))
        if width % 4:
            return None
        lines[number - 1] = "\t" * (width // 4) + line[width:]
    return Variant(_still_parses("".join(lines)), _same(text))


def remarks(text: str) -> Variant | None:
    """A comment and a blank line above every statement."""
    starts = _statement_lines(text)
    out: list[str] = []
    moved: dict[int, int] = {}
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if number in starts:
            indent = line[: len(line) - len(line.lstrip())]
            out += [f"{indent}# a remark\n", "\n"]
        out.append(line)
        moved[number] = len(out)
    return Variant(_still_parses("".join(out)), moved)


def in_function(text: str) -> Variant | None:
    """The whole program as the body of one function, called at the end."""
    if re.search(r"^\s*(global|nonlocal) |import \*", text, re.MULTILINE) or not text.endswith("\n"):
        return None
    inside = _inside_strings(text)
    future = {n for n, line in enumerate(text.splitlines(keepends=True), 1) if _FUTURE.fullmatch(line)}
    out = [line for n, line in enumerate(text.splitlines(keepends=True), 1) if n in future]
    moved = {n: position for position, n in enumerate(sorted(future), 1)}
    out.append("def program():\n")
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if number in future:
            continue
        out.append(line if number in inside or not line.strip() else "    " + line)
        moved[number] = len(out)
    return Variant(_still_parses("".join(out) + "\n\nprogram()\n"), moved)


def renamed(text: str) -> Variant | None:
    """Variables that are nothing but variables get another name; the words in it stay, as they may carry meaning."""
    tree = ast.parse(text)
    simple = _variables(tree)
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in simple]
    if not uses:
        return None
    for node in sorted(uses, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line, start = lines[node.lineno - 1], node.col_offset
        end = start + len(node.id.encode())
        lines[node.lineno - 1] = line[:start] + f"{node.id}_7".encode() + line[end:]
    return Variant(_still_parses(b"".join(lines).decode()), _same(text))


VARIANTS: dict[str, Callable[[str], Variant | None]] = {
    "crlf": crlf,
    "tabs": tabs,
    "remarks": remarks,
    "in-function": in_function,
    "renamed": renamed,
}


def _same(text: str) -> dict[int, int]:
    return {number: number for number in range(1, text.count("\n") + 2)}


def _still_parses(text: str) -> str:
    ast.parse(text)
    return text


def _statement_lines(text: str) -> set[int]:
    """The lines on which a logical line begins."""
    starts, fresh = set(), True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NEWLINE:
            fresh = True
        elif fresh and token.type not in {
            tokenize.INDENT,
            tokenize.DEDENT,
            tokenize.NL,
            tokenize.COMMENT,
            tokenize.ENDMARKER,
        }:
            starts.add(token.start[0])
            fresh = False
    return starts


def _inside_strings(text: str) -> set[int]:
    """The lines that begin inside a string literal: white space there is content."""
    return {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def _variables(tree: ast.Module) -> set[str]:
    """Names that are only ever assigned and read: no parameter, keyword, import, definition, or part of an f-string."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    other: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                other.add(name)
            case ast.FunctionDef(name=name) | ast.ExceptHandler(name=str(name)):
                other.add(name)
            case ast.alias(name=name, asname=asname):
                other.add(asname or name.partition(".")[0])
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                other.update(names)
            # before Python 3.12 places inside f-strings are not those of the text
            case ast.JoinedStr():
                other.update(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
            # class attributes are reached as attributes
            case ast.ClassDef(name=name, body=body):
                other.add(name)
                other.update(_targets(body))
    return stored - other


def _targets(body: list[ast.stmt]) -> set[str]:
    return {
        node.id
        for statement in body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
