"""What a program says of its own lines: a mistake that a remark calls deliberate is shown, not made."""

from __future__ import annotations

import re

from fixer.source import Lines

_DELIBERATE = re.compile(
    r"\b(?:intentional|deliberate|purposeful)(?:ly)?\b|\b(?:on|by) purpose\b|\bpurposely\b|"
    r"\b(?:no|not|without|never|n't|omit\w*|skip\w*)\b(?!\W+forget)(?:\W+\w+){0,4}\W+zero_?grad|"
    r"故意|有意|特意|absichtlich|intencional|à dessein|намеренно",
    re.IGNORECASE,
)
# What lessons write: `# BAD: keeps the graph`, `bad_losses.append(loss)`, `model_buggy`.
_BAD_EXAMPLE = re.compile(r"\b(?:BAD|WRONG|BUGGY|BROKEN)\b|❌")
_CALLED_BAD = re.compile(r"\b(?:bad|buggy|broken|leaky)_\w+|\b\w+_(?:bad|buggy|broken|leaky)\b")
_ABOVE = 2
"""Lines of code above a finding above which a remark may stand."""
_FARTHEST = 12


def deliberate(lines: Lines, line: int) -> bool:
    """Whether a remark at `line` (from 1), or just above it, says that what stands there is meant so, or shown as a bad
    example; or the line itself calls something bad by name."""
    code = 0
    for each in range(line, max(0, line - _FARTHEST), -1):
        written, _, remark = lines.line(each).partition("#")
        if _DELIBERATE.search(remark) or _BAD_EXAMPLE.search(remark):
            return True
        code += bool(written.strip())
        if code > _ABOVE:
            break
    return _CALLED_BAD.search(lines.line(line).partition("#")[0]) is not None
