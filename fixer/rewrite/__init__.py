"""From edits to new source. `Rewriter` applies them with LibCST, which is loaded when the first one is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fixer.edits import Edit
from fixer.rewrite.conflicts import conflict
from fixer.rewrite.errors import RewriteError, Unreachable, Unreadable

__all__ = ["RewriteError", "Rewriter", "Unreachable", "Unreadable", "conflict", "rewriter"]


class Rewriter(Protocol):
    """One source text, ready to be rewritten any number of times."""

    def apply(self, edits: Sequence[Edit]) -> str:
        """The text with all of `edits` in it; everything else is the same byte for byte.

        Raises:
            Unreachable: a node that an edit names has no place of its own in the text (inside an old f-string, say).
            RewriteError: an edit is malformed, or edits exclude each other; the message says which.
        """


def rewriter(text: str) -> Rewriter:
    """Raises Unreadable where LibCST does not give the text back as it is."""
    from fixer.rewrite.tree import SourceTree

    return SourceTree(text)
