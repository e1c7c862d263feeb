"""Trees of any size, made of the corpus: what is measured on them needs no checkout."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus"
LINES = 300
"""Of one file, about."""


def programs() -> list[str]:
    """The look-alikes and the mended programs, each as the body of a function."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.rglob("*.py")) if path.name != "before.py"]
    # these may only stand at the top of a module
    return [text for text in texts if "from __future__" not in text and "import *" not in text and '"""' not in text]


def tree(folder: Path, lines: int) -> int:
    """Fill `folder` with files of about 300 lines, every one of them another, until there are so many lines."""
    written = number = 0
    source = cycle(programs())
    while written < lines:
        parts: list[str] = []
        size = 0
        while size < LINES:
            text = next(source)
            indented = "\n".join(f"    {line}" if line else "" for line in text.splitlines())
            parts.append(f"def main_{number}_{len(parts)}():\n{indented}\n\n")
            size += parts[-1].count("\n")
        path = folder / f"part_{number // 1000}" / f"train_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(parts), encoding="utf-8")
        written += "\n".join(parts).count("\n")
        number += 1
    return written
