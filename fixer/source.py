"""A source file's bytes and its text: encodings, line ends and places, without losing a byte."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from fixer.results import Position

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(r"\r\n|\n|\r")


class NotText(ValueError):
    """The bytes are no Python text. `line` says where, as far as it is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class SourceFile:
    """A file's text with its own line ends, and what is needed to write it back byte for byte."""

    text: str
    encoding: str = "utf-8"
    bom: bool = False


def decode(data: bytes) -> SourceFile:
    """Read Python source as Python does: a byte order mark, a coding line, or UTF-8.

    Raises:
        NotText: the encoding is unknown, or the bytes do not follow it.
    """
    bom = data.startswith(_BOM)
    # detect_encoding splits at \n only; the first two lines decide, whatever ends them
    head = b"\n".join(re.split(rb"\r\n|\n|\r", data[:4096])[:2]) + b"\n"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(head).readline)
    except SyntaxError as error:
        if "unknown" in str(error) or bom:
            raise NotText(f"{error}; see the coding line", 1) from error
        encoding = "utf-8"
    encoding = "utf-8" if bom else encoding
    body = data[len(_BOM) :] if bom else data
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\n|\r", body[: error.start])) + 1
        raise NotText(f"not {encoding} text: {error.reason} at byte {error.start}", line) from error
    except (LookupError, ValueError) as error:
        raise NotText(f"cannot be read as {encoding}: {error}", 1) from error
    return SourceFile(text, encoding, bom)


def encode(text: str, like: SourceFile) -> bytes:
    """`text` as bytes, in the encoding of the file that it came from.

    Raises:
        NotText: the text holds a character that the encoding does not have.
    """
    try:
        return (_BOM if like.bom else b"") + text.encode(like.encoding)
    except UnicodeEncodeError as error:
        line = len(_LINE_END.findall(text[: error.start])) + 1
        raise NotText(f"{text[error.start]!r} cannot be written in {like.encoding}", line) from error


def split_lines(text: str) -> list[str]:
    """The lines with their ends. Only \\n, \\r\\n and \\r end a line, as for Python's own parser."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    ends = [*starts[1:], len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True) if end > start]


class Lines:
    """Converts between offsets in a text, places for people, and places of the `ast` module."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def offset(self, position: Position) -> int:
        return self._starts[position.line - 1] + position.column - 1

    def line(self, number: int) -> str:
        """Line `number` (from 1), without its end; empty beyond the text."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")

    def of_ast(self, line: int, utf8_column: int) -> Position:
        """A place of the `ast` module, whose columns count UTF-8 bytes from 0."""
        text = self.line(line)
        if text.isascii():
            return Position(line, utf8_column + 1)
        return Position(line, len(text.encode("utf-8", "surrogatepass")[:utf8_column].decode("utf-8", "replace")) + 1)

    def start(self, node: ast.expr | ast.stmt) -> Position:
        return self.of_ast(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt) -> Position:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.of_ast(node.end_lineno, node.end_col_offset)
