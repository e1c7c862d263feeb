"""Print what `fixer check` finds in real code, each finding with the lines around it, for reading.

python bench/real_code.py PATHS... [--context 6] [--json]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path


def check(paths: list[str]) -> tuple[list[dict[str, object]], str, int]:
    """Findings, what went to stderr, and the exit code."""
    command = [sys.executable, "-m", "fixer", "check", "--format", "json", *paths]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(run.stdout), run.stderr, run.returncode
    except json.JSONDecodeError:
        raise SystemExit(f"fixer check gave no JSON (exit {run.returncode}):\n{run.stderr}") from None


def excerpt(filename: str, row: int, context: int) -> str:
    lines = Path(filename).read_text(encoding="utf-8", errors="replace").splitlines()
    first, last = max(0, row - 1 - context), min(len(lines), row + context // 2)
    return "\n".join(f"{'>' if n == row else ' '} {n:5} {lines[n - 1]}" for n in range(first + 1, last + 1))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--context", type=int, default=14, help="lines shown above a finding; half as many below")
    args = parser.parse_args()

    start = time.perf_counter()
    findings, errors, _ = check(args.paths)
    seconds = time.perf_counter() - start
    findings = [finding for finding in findings if finding["code"]]  # files that do not parse are told on stderr
    for finding in findings:
        name, row = str(finding["filename"]), int(finding["location"]["row"])  # type: ignore[index]
        print(f"\n== {name}:{row}  {finding['code']}\n   {finding['message']}")
        print(excerpt(name, row, args.context))
    if errors.strip():
        print(f"\n-- stderr --\n{errors.rstrip()}")
    print(f"\n{len(findings)} findings in {seconds:.1f} s: {dict(Counter(str(f['code']) for f in findings))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
