"""How often does a verdict change when it is given again?

    python bench/verdict_stability.py [RULE ...] [--times 10] [--json FILE]

Proves one case of each rule `--times` times, each time anew: nothing is taken from earlier runs. Exits with 1 when a
verdict changed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fixer.registry import rules
from fixer.verify import Expectation, verify
from fixer.verify.trial import Trials
from tests import corpus


@dataclass(frozen=True)
class Row:
    case: str
    verdicts: tuple[str, ...]
    symptoms: tuple[str, ...]
    """What was gone, each time."""
    seconds: tuple[float, ...]

    @property
    def changed(self) -> int:
        """How many verdicts differ from the one that was given most often."""
        return len(self.verdicts) - Counter(self.verdicts).most_common(1)[0][1]


def prove(case: corpus.Case, expected: Expectation, times: int, trials: Trials) -> Row:
    """One case, so many times, in one interpreter that has torch imported; the first time bears that import."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        verdict = verify(
            case.before,
            case.after,
            path=case.folder / "before.py",
            args=case.args,
            expected=expected,
            trials=trials,
        )
        gone = " ".join(sorted(each.name for each in verdict.symptoms if each.gone))
        found.append((str(verdict.verdict), gone, time.perf_counter() - started))
    verdicts, symptoms, seconds = zip(*found, strict=True)
    return Row(case.id, verdicts, symptoms, seconds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", help="only these rules, or rule/case; one case of each rule by default")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--json", type=Path, help="write every verdict there")
    options = parser.parse_args()
    rows = []
    print(f"{'case':<55} {'verdict':<14} {'changed':>8} {'symptoms':>9} {'seconds':>8} {'at most':>8}")
    with Trials(Path(sys.executable)) as trials:
        for case in chosen(options.rules):
            rows.append(row := prove(case, expectation(case.rule), options.times, trials))
            usual = Counter(row.verdicts).most_common(1)[0][0]
            kinds = len(set(row.symptoms))
            middle, most = statistics.median(row.seconds), max(row.seconds)
            print(
                f"{row.case:<55} {usual:<14} {f'{row.changed}/{options.times}':>8} "
                f"{'alike' if kinds == 1 else kinds:>9} {middle:>8.1f} {most:>8.1f}",
                flush=True,
            )
    changed = sum(row.changed for row in rows)
    print(f"{changed} of {len(rows) * options.times} verdicts differed from the usual one of their case")
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    return 1 if changed else 0


def chosen(wanted: list[str]) -> list[corpus.Case]:
    """The cases that are named; else the first of each rule."""
    if any("/" in name for name in wanted):
        return [case for case in corpus.cases() if case.id in wanted]
    first = {}
    for case in corpus.cases():
        if not wanted or case.rule in wanted:
            first.setdefault(case.rule, case)
    return list(first.values())


def expectation(name: str) -> Expectation:
    """What the rule declares, as `fixer verify` would hand it on."""
    rule = next(rule for rule in rules() if rule.name == name)
    return Expectation((rule.symptom,) if rule.symptom else (), str(rule.loss))


if __name__ == "__main__":
    sys.exit(main())
