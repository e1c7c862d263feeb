"""Time and memory of `fixer check` on generated trees of growing size: linear in lines, and flat.

    python bench/scaling.py 30000 100000 300000 1000000

The trees are made of the corpus (`bench/generated.py`), in a temporary folder. Peak memory is that of the largest
process; CPU is that of all of them.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from generated import tree
from speed import FIXER, Tool, Usage, timed


def main() -> int:
    sizes = [int(size) for size in sys.argv[1:]] or [30_000, 100_000, 300_000]
    print(f"{'lines':>10} {'cold s':>8} {'cpu s':>8} {'us a line':>10} {'peak MB':>8} {'warm s':>8} {'peak MB':>8}")
    for size in sizes:
        folder = Path(tempfile.mkdtemp(prefix="fixer-scaling-"))
        try:
            lines = tree(folder / "tree", size)
            cold, warm = _measured(folder)
        finally:
            shutil.rmtree(folder)
        print(
            f"{lines:10} {cold.wall:8.2f} {cold.cpu:8.2f} {cold.cpu / lines * 1e6:10.1f} {cold.memory:8.0f}"
            f" {warm.wall:8.2f} {warm.memory:8.0f}",
            flush=True,
        )
    return 0


def _measured(folder: Path) -> tuple[Usage, Usage]:
    check = Tool("check", [*FIXER, "check", "-q", str(folder / "tree")], cache=str(folder / "cache"))
    (folder / "cache").mkdir()
    return timed(check), timed(check)


if __name__ == "__main__":
    raise SystemExit(main())
