"""Plant bugs into real files, one at a time, and see whether the rule speaks, and whether its mend undoes them."""

from __future__ import annotations

import ast
import random
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from findings import excerpt
from misses import Miss, judged, reason
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
    code: str
    """The first line of the statement that was changed, as it was."""
    mend: str = ""
    """What `fixer fix --unsafe` makes of it: the program as it was, another one without the finding, or none."""
    miss: str = ""
    """The class of a miss, as far as a program can tell."""


def plant(trees: Sequence[Path], chosen: Sequence[str], cap: int, seed: int, jobs: int) -> list[Planted]:
    """At most `cap` bugs of each rule, in files drawn at random; files that show the defect as they are stay out."""
    # by the path inside the checkout, so that the draw is the same wherever the checkouts lie
    names = {
        path.resolve(): f"{tree.resolve().name}/{path.relative_to(tree)}" for tree in trees for path in _files(tree)
    }
    files = sorted(names, key=names.__getitem__)
    random.Random(seed).shuffle(files)
    counts: Counter[str] = Counter()
    planted: list[Planted] = []
    with ProcessPoolExecutor(jobs) as pool:
        # files in slices, so that rules with many places are not asked any further
        for first in range(0, len(files), 200):
            wanted = tuple(rule for rule in chosen if counts[rule] < cap)
            part = [(path, f"{seed} {names[path]}", wanted) for path in files[first : first + 200]]
            for done in pool.map(plant_in, part, chunksize=10):
                for one in done:
                    if counts[one.rule] < cap:
                        counts[one.rule] += 1
                        planted.append(one)
    return planted


def plant_in(job: tuple[Path, str, tuple[str, ...]]) -> list[Planted]:
    """Every bug that these rules' planters can put into one file, at most 8 of a kind."""
    path, draw, chosen = job
    warnings.simplefilter("ignore", SyntaxWarning)  # other people's code has its own
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
            few = random.Random(f"{draw} {rule}").sample(mutants, min(8, len(mutants)))
            done += [_try(source, path, rule, *each) for each in sorted(few)]
    return done


def report(planted: list[Planted], misses: Path | None) -> None:
    """The table, a line for each rule, and the misses by class.

    Recall is counted over the bugs that a reader of the one file would see: all that were found, and the misses but
    those judged invisible. A miss that nobody has read counts as visible.
    """
    by_rule: dict[str, list[Planted]] = defaultdict(list)
    said: dict[Planted, Miss] = {}
    for one in planted:
        by_rule[one.rule].append(one)
        if not one.found and (miss := judged(one.rule, one.path, one.line, one.code)):
            said[one] = miss
    print(
        f"{'rule':28} {'planted':>7} {'found':>6} {'hidden':>7} {'missed':>7} {'unread':>7} {'recall':>7}"
        f" {'restored':>9} {'mended':>7} {'no mend':>8}"
    )
    for rule in sorted(by_rule):
        own = by_rule[rule]
        hits = [one for one in own if one.found]
        hidden = sum(1 for one in own if one in said and not said[one].visible)
        unread = sum(1 for one in own if not one.found and one not in said)
        seen = len(own) - hidden
        recall = f"{len(hits) / seen:7.1%}" if seen else "      -"
        mends = Counter(one.mend for one in hits)
        print(
            f"{rule:28} {len(own):7} {len(hits):6} {hidden:7} {seen - len(hits) - unread:7} {unread:7} {recall}"
            f" {mends['restored']:9} {mends['mended']:7} {mends['none']:8}"
        )
    print("\nmisses by class")
    for rule, own in sorted(by_rule.items()):
        classes = Counter(_class(one, said.get(one)) for one in own if not one.found)
        for why, count in classes.most_common():
            print(f"{rule:28} {count:5}  {why}")
    if misses:
        missed = [one for one in planted if not one.found]
        misses.write_text("\n".join(_shown(one, said.get(one)) for one in missed), encoding="utf-8")


def _class(one: Planted, miss: Miss | None) -> str:
    if miss is None:
        return f"unread: {one.miss}"
    return f"{'missed' if miss.visible else 'hidden'}: {miss.why}"


def _try(source: Source, path: Path, rule: str, number: int, line: int, mutant: str, code: str) -> Planted:
    found = _found(mutant, path, rule)
    if not found:
        return Planted(rule, path, line, number, False, code, miss=reason(mutant, path, line))
    return Planted(rule, path, line, number, True, code, mend=_mend(source, mutant, path, rule))


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


def _shown(one: Planted, miss: Miss | None) -> str:
    head = f"== {one.rule} {one.path}:{one.line} (place {one.number})  [{_class(one, miss)}]"
    return f"{head}\n   {one.code}\n{excerpt(one.path, one.line, 14)}\n"
