"""Time `fixer check`, TorchFix and `ruff check --select ALL` on the same tree, in one run, by turns.

    python bench/speed.py TREE [--repeats 5] [--torchfix PATH]

TorchFix pins an older LibCST, so it gets a virtual environment of its own, made on first use.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

BIN = Path(sys.executable).parent


def torchfix(given: str | None) -> Path:
    """The torchfix command: the one given, or one in a virtual environment under the temporary folder."""
    if given:
        return Path(given)
    home = Path(tempfile.gettempdir()) / "fixer-bench-torchfix"
    command = home / "bin" / "torchfix"
    if not command.exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", "torchfix==0.7.0"], check=True)
    return command


def commands(tree: Path, torchfix_command: Path) -> dict[str, list[str]]:
    ruff = shutil.which("ruff", path=f"{BIN}{os.pathsep}{os.environ['PATH']}") or "ruff"
    fixer = [sys.executable, "-m", "fixer", "check", "-q"]
    return {
        "fixer check": [*fixer, str(tree)],
        "fixer check, one process": [*fixer, "-j", "1", str(tree)],
        "torchfix --select=ALL": [str(torchfix_command), "--select=ALL", str(tree)],
        "ruff check --select ALL": [ruff, "check", "--select", "ALL", "--no-cache", "--isolated", "-q", str(tree)],
    }


def timed(command: list[str]) -> tuple[float, float]:
    """Wall and processor seconds, all child processes included."""
    start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    seconds, now = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode not in {0, 1}:
        print(f"note: {command[0]} ended with {run.returncode}: {run.stderr.strip()[-300:]}", file=sys.stderr)
    return seconds, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--torchfix", help="the torchfix command, where there is one already")
    args = parser.parse_args()

    files = [path for path in args.tree.rglob("*.py") if path.is_file()]
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    tools = commands(args.tree, torchfix(args.torchfix))
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in tools}
    # the machine is not always equally busy, so the tools take turns
    for _ in range(args.repeats):
        for name, command in tools.items():
            times[name].append(timed(command))

    print(f"{args.tree}: {len(files)} files, {lines} lines; {os.cpu_count()} cores, Python {platform.python_version()}")
    own = [min(column) for column in zip(*times["fixer check"], strict=True)]
    print(f"{'tool':26} {'median s':>9} {'min s':>8} {'max s':>8} {'min cpu s':>10} {'x wall':>7} {'x cpu':>7}")
    for name, measured in times.items():
        wall, used = zip(*measured, strict=True)
        print(f"{name:26} {statistics.median(wall):9.3f} {min(wall):8.3f} {max(wall):8.3f} {min(used):10.3f}", end=" ")
        print(f"{min(wall) / own[0]:7.1f} {min(used) / own[1]:7.1f}")
    print("x: of fixer check, by the minimum, which a busy machine disturbs least")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
