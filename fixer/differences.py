"""What changed between two texts, as small edits, and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from fixer.results import TextEdit
from fixer.source import Lines, split_lines

Change = tuple[int, int, int, int]
"""Offsets: before[start:end] became after[start:end]."""

_TOKEN = re.compile(r"\r\n|\w+|[^\S\r\n]+|.", re.DOTALL)
_REFINE_AT_MOST = 2_000


def changes(before: str, after: str) -> list[Change]:
    """The changed stretches in order, as small as whole words allow. They neither touch nor overlap."""
    found: list[Change] = []
    for b0, b1, a0, a1 in _unequal(split_lines(before), split_lines(after), 0, 0):
        old, new = _TOKEN.findall(before[b0:b1]), _TOKEN.findall(after[a0:a1])
        if old and new and len(old) + len(new) <= _REFINE_AT_MOST:
            found += _unequal(old, new, b0, a0)
        else:
            found.append((b0, b1, a0, a1))
    return found


def _unequal(old: Sequence[str], new: Sequence[str], b: int, a: int) -> Iterator[Change]:
    """The unequal stretches of two sequences of pieces; `b` and `a` are the offsets of their first pieces."""
    head = next((i for i, (x, y) in enumerate(zip(old, new, strict=False)) if x != y), min(len(old), len(new)))
    limit = min(len(old), len(new)) - head
    tail = next((i for i in range(limit) if old[-1 - i] != new[-1 - i]), limit)
    start = sum(map(len, old[:head]))
    b, a = b + start, a + start
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    for tag, i, j, k, m in SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes():
        removed, added = sum(map(len, middle_old[i:j])), sum(map(len, middle_new[k:m]))
        if tag != "equal":
            yield b, b + removed, a, a + added
        b, a = b + removed, a + added


def text_edits(before: str, after: str) -> tuple[TextEdit, ...]:
    """The edits that turn `before` into `after`, in order, not overlapping."""
    lines = Lines(before)
    return tuple(
        TextEdit(lines.position(b0), lines.position(b1), after[a0:a1]) for b0, b1, a0, a1 in changes(before, after)
    )


def apply_text_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """The text with the edits in it. All places refer to `text` as it is given."""
    lines = Lines(text)
    pieces, done = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        start = lines.offset(edit.start)
        pieces += [text[done:start], edit.content]
        done = lines.offset(edit.end)
    return "".join([*pieces, text[done:]])


def origin(found: Iterable[Change], offset: int) -> int:
    """Where a place of the text after the changes was before them; inside new text, where that was put."""
    shift = 0
    for b0, b1, a0, a1 in found:
        if offset < a0:
            break
        if offset < a1:
            return b0
        shift = b1 - a1
    return offset + shift
