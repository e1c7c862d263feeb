"""Our positions (line and column from 1, code points) as an editor's (from 0, in the unit that it counts in)."""

from __future__ import annotations

from typing import Any, Literal

from fixer.results import Position
from fixer.source import Lines

Encoding = Literal["utf-16", "utf-8", "utf-32"]


class Positions:
    """Converts the places of one text."""

    def __init__(self, source: str, encoding: Encoding = "utf-16") -> None:
        self._lines = Lines(source)
        self._encoding = encoding

    def position(self, place: Position) -> dict[str, int]:
        before = self._lines.line(place.line)[: place.column - 1]
        return {"line": place.line - 1, "character": self._units(before)}

    def range(self, start: Position, end: Position) -> dict[str, Any]:
        return {"start": self.position(start), "end": self.position(end)}

    def _units(self, text: str) -> int:
        if text.isascii() or self._encoding == "utf-32":
            return len(text)
        if self._encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
