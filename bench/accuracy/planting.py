"""Plant bugs into real files, one at a time, and see whether the rule speaks, and whether its mend undoes them."""

from __future__ import annotations

import ast
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from findings import excerpt
from misses import reason
from planters import PLANTERS
from planters.source import Source

from fixer.engine import check_source, fix_source
from fixer.files.siblings import Neighbours
from fixer.registry import rules
from fixer.results import Failed, Fixed, Found
from fixer.rule import Rule

LARGEST = 400_000
"""Bytes of a file; nobody wrote larger ones by hand."""


@dataclass(frozen=True)
class Planted:
    rule: str
    path: Path
    line: int
    number: int
    """Which of the planter's places of this file."""
    found: bool
    mend: str = ""
    """What `fixer fix --unsafe` makes of it: the program as it was, another one without the finding, or none."""
    miss: str = ""
    """The class of a miss."""
    code: str = ""


def plant(trees: Sequence[Path], chosen: Sequence[str], cap: int, seed: int, jobs: int) -> list[Planted]:
    """At most `cap` bugs of each rule, in files drawn at random; files that show the defect as they are stay out."""
    files = sorted({path.resolve() for tree in trees for path in _files(tree)})
    random.Random(seed).shuffle(files)
    counts: Counter[str] = Counter()
    planted: list[Planted] = []
    work = [(path, tuple(chosen)) for path in files]
    with ProcessPoolExecutor(jobs) as pool:
        # files in slices, so that rules with many places are not asked any further
        for first in range(0, len(work), 200):
            wanted = tuple(rule for rule in chosen if counts[rule] < cap)
            part = [(path, wanted) for path, _ in work[first : first + 200]]
            for done in pool.map(plant_in, part, chunksize=10):
                for one in done:
                    if counts[one.rule] < cap:
                        counts[one.rule] += 1
                        planted.append(one)
    return planted


def plant_in(job: tuple[Path, tuple[str, ...]]) -> list[Planted]:
    """Every bug that these rules' planters can put into one file, at most 8 of a kind."""
    path, chosen = job
    try:
        text = path.read_bytes().decode("utf-8-sig")
        source = Source(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    done: list[Planted] = []
    for rule in chosen:
        places = list(PLANTERS[rule](source))
        mutants = []
        for number, (node, edits) in enumerate(places):
            changed = source.apply(edits)
            if _parses(changed):
                mutants.append((number, node.lineno, changed, source.of(source.statement(node)).partition("\n")[0]))  # type: ignore[attr-defined]
        if mutants and not _found(text, path, rule):
            few = random.Random(str(path) + rule).sample(mutants, min(8, len(mutants)))
            done += [_try(source, path, rule, *each) for each in sorted(few)]
    return done


def report(planted: list[Planted], misses: Path | None) -> None:
    """The table, a line for each rule, and the misses by class."""
    by_rule: dict[str, list[Planted]] = defaultdict(list)
    for one in planted:
        by_rule[one.rule].append(one)
    print(f"{'rule':28} {'planted':>8} {'found':>6} {'recall':>7} {'restored':>9} {'mended':>7} {'no mend':>8}")
    for rule in sorted(PLANTERS):
        own = by_rule[rule]
        hits = [one for one in own if one.found]
        mends = Counter(one.mend for one in hits)
        share = f"{len(hits) / len(own):7.0%}" if own else "      -"
        print(
            f"{rule:28} {len(own):8} {len(hits):6} {share} {mends['restored']:9} {mends['mended']:7} {mends['none']:8}"
        )
    print("\nmisses by class")
    for rule, own in sorted(by_rule.items()):
        for why, count in Counter(one.miss for one in own if not one.found).most_common():
            print(f"{rule:28} {count:5}  {why}")
    if misses:
        missed = [one for one in planted if not one.found]
        misses.write_text("\n".join(_shown(one) for one in missed), encoding="utf-8")


def _try(source: Source, path: Path, rule: str, number: int, line: int, mutant: str, code: str) -> Planted:
    found = _found(mutant, path, rule)
    if not found:
        return Planted(rule, path, line, number, False, miss=reason(mutant, path, line), code=code)
    return Planted(rule, path, line, number, True, mend=_mend(source, mutant, path, rule), code=code)


def _mend(source: Source, mutant: str, path: Path, rule: str) -> str:
    result = fix_source(mutant, path=str(path), rules=[_rule(rule)], unsafe=True, siblings=Neighbours(path))
    if not isinstance(result, Fixed):
        return "none"
    if ast.dump(ast.parse(result.fixed)) == ast.dump(source.tree):
        return "restored"
    return "mended" if not result.remaining and _parses(result.fixed) else "none"


def _found(text: str, path: Path, rule: str) -> bool:
    result = check_source(text, path=str(path), rules=[_rule(rule)], edits=False, siblings=Neighbours(path))
    if isinstance(result, Failed):
        print(f"{path}: {rule}: {result.error}", file=sys.stderr)
    return isinstance(result, Found)


@lru_cache
def _rule(name: str) -> Rule:
    return next(rule for rule in rules() if rule.name == name)


def _parses(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _files(tree: Path) -> Iterator[Path]:
    for path in tree.rglob("*.py") if tree.is_dir() else [tree]:
        if path.is_file() and path.stat().st_size < LARGEST and b"torch" in path.read_bytes():
            yield path


def _shown(one: Planted) -> str:
    head = f"== {one.rule} {one.path}:{one.line} (place {one.number})  [{one.miss}]"
    return f"{head}\n{excerpt(one.path, one.line, 14)}\n"
