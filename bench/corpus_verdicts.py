"""Run `fixer verify` on every corpus case and compare its verdict with the declared one.

python bench/corpus_verdicts.py [RULE ...] [--jobs N] [--save] [--verify-args ...]

--save keeps the verdicts in corpus/RULE/verdicts.json, from where `make docs` takes them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
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


def save(rows: Iterable[Row]) -> None:
    """Write the verdicts into the rules' folders; what was measured of other cases stays."""
    for rule, cases in groupby(rows, lambda row: row.case.rule):
        path = corpus.ROOT / rule / "verdicts.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        known |= {row.case.name: {"form": row.case.form, "verdict": row.verdict, "reason": row.reason} for row in cases}
        kept = {name: said for name, said in sorted(known.items()) if (path.parent / name).is_dir()}
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", help="only these rules, or rule/case")
    parser.add_argument("--jobs", type=int, default=1, help="cases at a time (verify itself uses the cores there are)")
    parser.add_argument("--save", action="store_true", help="keep the verdicts beside the cases")
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
    if args.save:
        save(rows)
    right = sum(row.agrees for row in rows)
    print(f"{right} of {len(rows)} as declared, {sum(row.seconds for row in rows):.0f} s")
    return 0 if right == len(rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
