"""Colour, where it is wanted; and text that is safe and aligned on a terminal."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True)
class Style:
    color: bool = False

    def bold(self, text: str) -> str:
        return self._paint("1", text)

    def red(self, text: str) -> str:
        return self._paint("31", text)

    def green(self, text: str) -> str:
        return self._paint("32", text)

    def cyan(self, text: str) -> str:
        return self._paint("36", text)

    def dim(self, text: str) -> str:
        return self._paint("2", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text


def style_for(stream: TextIO, choice: str = "auto", environ: Mapping[str, str] = os.environ) -> Style:
    """Colour by `--color`, else NO_COLOR, else FORCE_COLOR, else by whether the stream is a terminal that can."""
    if choice != "auto":
        return Style(choice == "always")
    if environ.get("NO_COLOR"):
        return Style(False)
    if environ.get("FORCE_COLOR"):
        return Style(True)
    return Style(stream.isatty() and environ.get("TERM") != "dumb")


def printable(text: str) -> str:
    """One line of somebody's file for the terminal: tabs as four blanks, no control characters."""
    text = text.replace("\t", "    ")
    return text if text.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def width(text: str) -> int:
    """How many columns the text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
