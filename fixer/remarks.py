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
# What lessons write: `# BAD: keeps the graph`, `bad_losses.append(loss)`, `model_buggy`.
_BAD_EXAMPLE = re.compile(r"\b(?:BAD|WRONG|BUGGY|BROKEN)\b|❌")
_CALLED_BAD = re.compile(r"\b(?:bad|buggy|broken|leaky)_\w+|\b\w+_(?:bad|buggy|broken|leaky)\b")
_ABOVE = 4
"""Lines above a finding in which a remark may stand."""


def deliberate(lines: Lines, line: int) -> bool:
    """Whether a remark at `line` (from 1), or just above it, says that what stands there is meant so, or shown as a bad
    example; or the line itself calls something bad by name."""
    remarks = [lines.line(each).partition("#")[2] for each in range(max(1, line - _ABOVE), line + 1)]
    if any(_DELIBERATE.search(each) or _BAD_EXAMPLE.search(each) for each in remarks):
        return True
    return _CALLED_BAD.search(lines.line(line).partition("#")[0]) is not None
