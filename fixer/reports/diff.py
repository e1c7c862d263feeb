"""Unified diffs that `git apply` and `patch -p1` take as they are."""

from __future__ import annotations

import difflib
import re

from fixer.reports.style import Style

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_SPECIAL = dict(zip(b'\a\b\t\n\v\f\r"\\', (rb"\a \b \t \n \v \f \r \" \\").split(), strict=True))
_UNTERMINATED = b"\n\\ No newline at end of file\n"


def unified(before: bytes, after: bytes, name: str) -> bytes:
    """The difference of two files, in bytes: a patch must match the file whatever its encoding and line ends."""
    rows = difflib.diff_bytes(
        difflib.unified_diff,
        _LINE.findall(before),
        _LINE.findall(after),
        _header(b"a/", name),
        _header(b"b/", name),
        lineterm=b"\n",
    )
    return b"".join(row if row.endswith(b"\n") else row + _UNTERMINATED for row in rows)


def _header(side: bytes, name: str) -> bytes:
    raw = side + name.removeprefix("/").encode("utf-8", "surrogateescape")
    if any(byte < 0x20 or byte in b'"\\\x7f' for byte in raw):
        return b'"' + b"".join(_SPECIAL.get(byte) or _octal(byte) for byte in raw) + b'"'
    # without the tab, patch(1) takes a name to end at its first blank
    return raw + b"\t" if b" " in raw else raw


def _octal(byte: int) -> bytes:
    return bytes([byte]) if 0x20 <= byte < 0x7F else b"\\%03o" % byte


def painted(diff: bytes, style: Style) -> str:
    """The diff for a terminal; what is not text is shown as such, and control characters do nothing."""
    rows = diff.decode("utf-8", "replace").split("\n")
    return "\n".join(_paint(_harmless(row), style) for row in rows)


def _harmless(row: str) -> str:
    row = row.removesuffix("\r")
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in row)


def _paint(row: str, style: Style) -> str:
    if row.startswith(("--- ", "+++ ")):
        return style.bold(row)
    if row.startswith("@@"):
        return style.cyan(row)
    if row.startswith("+"):
        return style.green(row)
    return style.red(row) if row.startswith("-") else row
