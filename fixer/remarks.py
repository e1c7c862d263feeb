"""What a program says of its own lines: a mistake that a remark calls deliberate is shown, not made."""

from __future__ import annotations

import re

from fixer.source import Lines

_DELIBERATE = re.compile(
    r"\b(?:intentional|deliberate|purposeful)(?:ly)?\b|\b(?:on|by) purpose\b|\bpurposely\b|"
    r"\b(?:no|not|without|never|n't|forg[eo]t\w*|omit\w*|skip\w*|missing)\b(?:\W+\w+){0,4}\W+zero_?grad|"
    r"故意|有意|特意|absichtlich|intencional|à dessein|намеренно",
    re.IGNORECASE,
)
_ABOVE = 4
"""Lines above a finding in which a remark may stand."""


def deliberate(lines: Lines, line: int) -> bool:
    """Whether a remark at `line` (from 1), or just above it, says that what stands there is meant so."""
    remarks = (lines.line(each).partition("#")[2] for each in range(max(1, line - _ABOVE), line + 1))
    return any(_DELIBERATE.search(each) for each in remarks)
