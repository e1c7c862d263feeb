"""Time `fixer check`, TorchFix, ruff, Fixit and dslinter on the same trees, in one run, by turns.

    python bench/speed.py TREE [TREE ...] [--repeats 5]

Whole processes are timed, start-up and children included. TorchFix, Fixit and dslinter get virtual environments of
their own (their dependencies exclude each other), made on first use; one that does not install is said and left out.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass, field
from pathlib import Path

import generated

BIN = Path(sys.executable).parent
PEERS = {"torchfix": "torchfix==0.7.0", "fixit": "fixit==2.2.1", "pylint": "dslinter==2.0.9"}
"""Command -> what to install for it."""
DSLINTER = "import,controlling-randomness,gradient-clear-pytorch,nan,data-leakage"
FIXER = [sys.executable, "-m", "fixer"]


@dataclass
class Tool:
    """A command line to time; `cache`: a cache folder that it may fill in its first run."""

    name: str
    command: list[str]
    cache: str | None = None
    times: list[Usage] = field(default_factory=list)


@dataclass(frozen=True)
class Usage:
    wall: float
    cpu: float
    """Seconds of all processes together."""
    memory: float
    """MB, of the largest process."""


def peer(command: str) -> str | None:
    """The command in a virtual environment under the temporary folder; None where it does not install."""
    home = Path(tempfile.gettempdir()) / f"fixer-bench-{command}"
    path = home / "bin" / command
    if not path.exists():
        venv.create(home, with_pip=True, clear=True)
        wanted = [home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", PEERS[command]]
        if subprocess.run(wanted, capture_output=True, check=False).returncode:
            print(f"note: {PEERS[command]} does not install beside Python {platform.python_version()}")
            shutil.rmtree(home)
            return None
    return str(path)


def tools(tree: Path, peers: dict[str, str | None]) -> list[Tool]:
    ruff = shutil.which("ruff", path=f"{BIN}{os.pathsep}{os.environ['PATH']}") or "ruff"
    warm = tempfile.mkdtemp(prefix="fixer-bench-cache-")
    found = [
        Tool("fixer check, cold", [*FIXER, "check", "-q", "--no-cache", str(tree)]),
        Tool("fixer check, cold, one process", [*FIXER, "check", "-q", "--no-cache", "-j", "1", str(tree)]),
        Tool("fixer check, warm", [*FIXER, "check", "-q", str(tree)], cache=warm),
        Tool(
            "ruff check --select ALL", [ruff, "check", "--select", "ALL", "--no-cache", "--isolated", "-q", str(tree)]
        ),
    ]
    commands = {
        "torchfix": ["--select=ALL", str(tree)],
        "fixit": ["--quiet", "lint", str(tree)],
        "pylint": ["--load-plugins=dslinter", "--disable=all", f"--enable={DSLINTER}", "--recursive=y", str(tree)],
    }
    for name, arguments in commands.items():
        path = peers[name]
        if path is not None:
            label = "torchfix --select=ALL" if name == "torchfix" else "dslinter" if name == "pylint" else "fixit lint"
            found.append(Tool(label, [path, *arguments]))
    return found


def timed(tool: Tool) -> Usage:
    environment = {**os.environ, **({"XDG_CACHE_HOME": tool.cache} if tool.cache else {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody's tools are compiled anew at each start
    start = time.perf_counter()
    process = subprocess.Popen(tool.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, _, used = os.wait4(process.pid, 0)
    return Usage(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measure(all_tools: list[Tool], repeats: int) -> None:
    for tool in all_tools:
        if tool.cache or tool.command[:3] == FIXER:
            timed(tool)
    # the machine is not always equally busy, so the tools take turns; what takes minutes is not run five times
    for turn in range(repeats):
        for tool in all_tools:
            if turn == 0 or tool.times[0].wall < 30:
                tool.times.append(timed(tool))


def report(all_tools: list[Tool]) -> None:
    own = min(each.wall for each in all_tools[0].times)
    print(f"{'tool':32} {'median s':>9} {'min s':>8} {'max s':>8} {'min cpu s':>10} {'peak MB':>8} {'x cold':>7}")
    for tool in all_tools:
        wall = [each.wall for each in tool.times]
        cpu, memory = min(each.cpu for each in tool.times), max(each.memory for each in tool.times)
        print(f"{tool.name:32} {statistics.median(wall):9.3f} {min(wall):8.3f} {max(wall):8.3f}", end=" ")
        print(f"{cpu:10.3f} {memory:8.0f} {min(wall) / own:7.1f}")


def start_up(repeats: int) -> None:
    """What an editor waits for."""
    with tempfile.TemporaryDirectory() as folder:
        generated.tree(Path(folder), 1)  # one file
        one = next(Path(folder).rglob("*.py"))
        lines = one.read_text(encoding="utf-8").count("\n")
        told = [
            Tool("fixer --version", [*FIXER, "--version"]),
            Tool(f"fixer check, one of {lines} lines", [*FIXER, "check", "-q", "--no-cache", str(one)]),
            Tool("python -c pass", [sys.executable, "-c", "pass"]),
        ]
        measure(told, max(repeats, 9))
    report(told)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path, nargs="+")
    parser.add_argument("--repeats", type=int, default=5)
    args = parser.parse_args()

    peers = {name: peer(name) for name in PEERS}
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}; x: wall time, by the minimum")
    start_up(args.repeats)
    for tree in args.trees:
        files = [path for path in tree.rglob("*.py") if path.is_file()]
        lines = sum(path.read_bytes().count(b"\n") for path in files)
        print(f"\n{tree}: {len(files)} files, {lines} lines")
        chosen = tools(tree, peers)
        measure(chosen, args.repeats)
        report(chosen)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
