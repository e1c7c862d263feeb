"""How often does the proof see a difference where there is none, and what does it cost?

    python bench/verify_aa.py [--only TEXT] [--json FILE]

Runs `verify` on pairs of equal programs: the same text with another comment, neutral rewrites, and edits that only
shift the random stream. `improved` and `regressed` are false here. Exits with 1 when more than 5 % are. Some are judged
by their losses, some by the yardstick that takes the place of losses that cannot be compared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from aa_programs import Case, cases

from fixer.verify import Verdict, VerdictKind, verify
from fixer.verify.trial import Trials

FALSE = (VerdictKind.IMPROVED, VerdictKind.REGRESSED, VerdictKind.CRASH_FIXED)
BROKEN = (VerdictKind.NOT_RUN,)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--json", type=Path, help="write every case with its verdict there")
    options = parser.parse_args()
    chosen = [case for case in cases() if options.only in case.name]
    results = []
    with tempfile.TemporaryDirectory() as folder, Trials(Path(sys.executable)) as trials:
        path = Path(folder) / "train.py"
        for number, case in enumerate(chosen, 1):
            started = time.perf_counter()
            verdict = verify(case.before, case.after, path=path, trials=trials, expected=case.expected)
            results.append((case, verdict, time.perf_counter() - started))
            print(f"{number}/{len(chosen)} {case.name}: {verdict.verdict}", file=sys.stderr, flush=True)
        if options.json:
            options.json.write_text(json.dumps([told(*each) for each in results], indent=1) + "\n")
        code = report(results)
        print(f"one by itself takes {cost(path, chosen[0])}")
    return code


def told(case: Case, verdict: Verdict, seconds: float) -> dict[str, object]:
    return {
        "case": case.name,
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "pairs": len(verdict.seeds),
        "seconds": round(seconds, 2),
    }


def cost(path: Path, case: Case) -> str:
    """The time of a verdict against that of its pairs run bare, one after the other, each with its own interpreter."""
    started = time.perf_counter()
    pairs = len(verify(case.before, case.after, path=path, python=sys.executable).seeds)
    seconds = time.perf_counter() - started
    path.write_text(case.before)
    started = time.perf_counter()
    subprocess.run([sys.executable, str(path)], check=True, stdout=subprocess.DEVNULL)
    bare = (time.perf_counter() - started) * 2 * pairs
    return f"{seconds:.1f} s for {pairs} pairs that take {bare:.1f} s bare ({seconds / bare:.2f} x)"


def report(results: list[tuple[Case, Verdict, float]]) -> int:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for case, verdict, _ in results:
        table[case.kind][verdict.verdict] += 1
    kinds = ["equivalent", "inconclusive", "improved", "regressed", "not-run"]
    print(f"{'edit':<34}" + "".join(f"{kind:>14}" for kind in kinds))
    for edit, counts in table.items():
        print(f"{edit:<34}" + "".join(f"{counts[kind]:>14}" for kind in kinds))
    wrong = [(case, verdict) for case, verdict, _ in results if verdict.verdict in FALSE]
    broken = [(case, verdict) for case, verdict, _ in results if verdict.verdict in BROKEN]
    for case, verdict in [*wrong, *broken]:
        print(f"WRONG {case.name}: {verdict.verdict}: {verdict.reason}")
    seconds = sorted(each for _, _, each in results)
    print(f"{len(results)} pairs; false improved + regressed: {len(wrong)} ({len(wrong) / len(results):.1%})")
    middle, most = seconds[len(seconds) // 2], seconds[-1]
    print(f"a verdict takes {middle:.1f} s in the middle, {most:.1f} s at most, torch being imported once")
    return 1 if broken or len(wrong) > 0.05 * len(results) else 0


if __name__ == "__main__":
    sys.exit(main())
