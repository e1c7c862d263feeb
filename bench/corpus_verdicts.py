"""Run `fixer verify` on every corpus case and compare its verdict with the declared one.

python bench/corpus_verdicts.py [RULE ...] [--jobs N] [--verify-args ...]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests import corpus


@dataclass(frozen=True)
class Row:
    case: corpus.Case
    verdict: str
    reason: str
    seconds: float

    @property
    def agrees(self) -> bool:
        return self.verdict == self.case.verdict


def prove(case: corpus.Case, options: list[str]) -> Row:
    """The verdict on one case; what went wrong in place of it where there is none."""
    command = [sys.executable, "-m", "fixer", "verify", "before.py", "after.py", "--format", "json", *options]
    start = time.perf_counter()
    try:
        run = subprocess.run(
            [*command, "--", *case.args], cwd=case.folder, capture_output=True, text=True, timeout=600, check=False
        )
    except subprocess.TimeoutExpired:
        return Row(case, "none", "still running after 600 s", time.perf_counter() - start)
    seconds = time.perf_counter() - start
    try:
        said = json.loads(run.stdout)
    except json.JSONDecodeError:
        last = (run.stderr.strip().splitlines() or ["no output"])[-1]
        return Row(case, "none", f"exit {run.returncode}: {last}", seconds)
    return Row(case, said["verdict"], str(said.get("reason", "")), seconds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", help="only these rules, or rule/case")
    parser.add_argument("--jobs", type=int, default=1, help="cases at a time (verify itself uses the cores there are)")
    parser.add_argument("--verify-args", nargs=argparse.REMAINDER, default=[], help="passed on to fixer verify")
    args = parser.parse_args()

    chosen = [case for case in corpus.cases() if not args.rules or {case.rule, case.id} & set(args.rules)]
    width = max((len(case.id) for case in chosen), default=4)
    print(f"{'case':{width}}  {'declared':12}  {'obtained':12}  seconds")
    rows = []
    with ThreadPoolExecutor(args.jobs) as pool:
        for row in pool.map(lambda case: prove(case, args.verify_args), chosen):
            rows.append(row)
            note = "" if row.agrees else f"  <-- {row.reason}"
            print(
                f"{row.case.id:{width}}  {row.case.verdict:12}  {row.verdict:12}  {row.seconds:7.1f}{note}", flush=True
            )
    right = sum(row.agrees for row in rows)
    print(f"{right} of {len(rows)} as declared, {sum(row.seconds for row in rows):.0f} s")
    return 0 if right == len(rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
