"""Where a command writes: the product to stdout, all else to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from fixer.reports.style import Style, style_for


class Console:
    def __init__(self, color: str = "auto", *, quiet: bool = False) -> None:
        self.out: Style = style_for(sys.stdout, color)
        self.err: Style = style_for(sys.stderr, color)
        self.quiet = quiet

    @property
    def terminal(self) -> bool:
        """Whether a person sees stdout, so that control characters must not get there."""
        return sys.stdout.isatty()

    def product(self, pieces: Iterable[str]) -> None:
        """Write text to stdout, each piece as soon as it is there."""
        for piece in pieces:
            self.raw(piece.encode("utf-8", "surrogateescape"))

    def raw(self, data: bytes) -> None:
        """Write bytes to stdout as they are."""
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def note(self, text: str) -> None:
        """Say something on stderr, unless `--quiet`."""
        if not self.quiet:
            self.error(text)

    def error(self, text: str) -> None:
        """Say on stderr why something could not be done."""
        print(text, file=sys.stderr, flush=True)
