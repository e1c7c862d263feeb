"""Put every Python file of some trees through check and fix, as it is and changed at random, and say what breaks.

    python bench/robustness.py [TREES...] [--mutants N] [--forced N] [--fuzz SECONDS] [--jobs 2] [--limit 40]

Every file: all rules, those included whose words are not in it; no internal error; the fixes, unsafe ones too, parse,
are idempotent and leave the lines alone that no edit names; at most 5 seconds for a check as a user gets it.
--mutants: so many random changes of each file that trains or loads, judged alike. --forced: so many random edits of
each file, judged by the syntax tree. --fuzz: programs of the corpus, changed at random, for that long.
"""

from __future__ import annotations

import argparse
import ast
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fixer import edits, registry
from fixer.edits import Edit
from fixer.engine import check_source
from fixer.files.siblings import Neighbours
from fixer.results import Failed, Found
from fixer.rewrite import RewriteError, Unreadable, rewriter
from fixer.rule import Rule
from fixer.source import NotText, decode
from tests import corpus
from tests.invariants import as_bytes, broken, disturbed
from tests.mutations import mutated, parses

SLOW = 5.0
Job = tuple[Path, int, int, int]


@dataclass
class Report:
    """What came of one file."""

    path: str
    seconds: float = 0.0
    size: int = 0
    findings: int = 0
    mutants: int = 0
    mutant_findings: int = 0
    forced: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@cache
def every_rule() -> tuple[Rule, ...]:
    """All rules, each of them on every text, whatever words are in it."""
    return tuple(replace(rule, needs=("",)) for rule in registry.rules())


def examine(job: Job) -> Report:
    path, mutants, forced, seed = job
    report = Report(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        report.refused[f"cannot be read: {error.strerror}"] += 1
        return report
    report.size = len(data)
    start = time.process_time()  # others may be at work on the machine
    found = check_source(data, path=str(path), rules=registry.rules(), siblings=Neighbours(path))
    report.seconds = time.process_time() - start
    if report.seconds > SLOW:
        report.wrong.append(f"check takes {report.seconds:.1f} s")
    if isinstance(found, Failed):
        report.refused[found.error.partition(":")[0]] += 1
    report.findings = len(found.diagnostics) if isinstance(found, Found) else 0
    try:
        text = decode(data).text
    except NotText:
        return report
    random = Random(zlib.crc32(str(path).encode()) + seed)
    _whole(report, data, path)
    if mutants and parses(text) and (b"DataLoader" in data or b"backward" in data):
        for _ in range(mutants):
            changed = mutated(text, random, random.randint(1, 10))
            report.mutants += 1
            report.mutant_findings += _whole(report, as_bytes(changed), path, changed)
    if forced and parses(text):
        _force(report, text, random, forced)
    return report


def _whole(report: Report, data: bytes, path: Path, changed: str = "") -> int:
    """Judge one text; how many findings it has."""
    try:
        wrong = broken(data, path, every_rule())
    except Exception:
        wrong = [traceback.format_exc(limit=-3)]
    report.wrong += [each + (f"\n{changed}" if changed and ARGS_SHOW else "") for each in wrong]
    result = check_source(data, path=str(path), edits=False, siblings=Neighbours(path))
    return len(result.diagnostics) if isinstance(result, Found) else 0


ARGS_SHOW = False


def _force(report: Report, text: str, random: Random, times: int) -> None:
    """Random edits of a real file: what the tree says of each, and no other line is changed."""
    try:
        ready = rewriter(text)
    except Unreadable as error:
        report.refused[f"cannot be rewritten: {str(error)[:60]}"] += 1
        return
    for _ in range(times):
        # the expected tree is made of the same nodes
        tree = ast.parse(text)
        edit, what = _edit(tree, random)
        if edit is None:
            continue
        try:
            after = ready.apply([edit])
        except RewriteError as error:
            report.refused[f"{type(edit).__name__}: {str(error)[:60]}"] += 1
            continue
        except Exception:
            report.wrong.append(f"{what}: {traceback.format_exc(limit=-3)}")
            continue
        report.forced += 1
        report.wrong += list(disturbed(text, after, [edit], what))
        if not parses(after):
            report.wrong.append(f"{what}: the text no longer parses")
        elif not _as_wanted(tree, edit, after):
            report.wrong.append(f"{what}: the tree is not the one that was asked for")


def _edit(tree: ast.Module, random: Random) -> tuple[Edit | None, str]:
    blocks = [block for node in ast.walk(tree) for block in _blocks(node)]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    if not blocks:
        return None, ""
    block = random.choice(blocks)
    node = random.choice(block)
    where = f"line {node.lineno}"
    kind = random.choice(("before", "after", "remove", "guard", "wrap", "keyword", "parameter", "import"))
    call = random.choice(calls) if calls else None
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    edit: Edit | None = None
    match kind:
        case "before":
            edit = edits.insert_before(node, "new.statement()")
        case "after":
            edit = edits.insert_after(node, "new.statement()")
        case "remove":
            edit = edits.remove(node)
        case "guard":
            edit = edits.guard((node,), "if self.train:")
        case "import":
            edit = edits.add_import("some_module", alias="some_alias")
        case "parameter" if functions:
            function = random.choice(functions)
            edit, where = edits.add_parameter(function, "new_one=None"), f"line {function.lineno}"
        case "wrap" if call:
            edit, where = edits.wrap(call, "wrap({})"), f"line {call.lineno}"
        case "keyword" if call:
            edit, where = edits.set_keyword(call, "new_one", "1"), f"line {call.lineno}"
    return edit, f"{kind} at {where}"


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block


def _as_wanted(tree: ast.Module, edit: Edit, after: str) -> bool:
    """Whether the text's tree is the old one with the edit in it: counted, which is enough beside `disturbed`."""
    old, new = Counter(map(_label, ast.walk(tree))), Counter(map(_label, ast.walk(ast.parse(after))))
    match edit:
        case edits.Remove(node):
            gone = Counter(map(_label, ast.walk(node)))
            return new - (old - gone) in (Counter(), Counter({_label(ast.Pass()): 1})) and not (old - gone) - new
        case edits.Wrap():
            wanted = Counter(map(_label, ast.walk(ast.parse("wrap()", mode="eval").body)))
        case edits.SetKeyword():
            wanted = Counter(map(_label, ast.walk(ast.parse("f(new_one=1)", mode="eval").body.keywords[0])))  # type: ignore[attr-defined]
        case edits.Guard(_, header):
            wanted = Counter(map(_label, ast.walk(ast.parse(f"{header} ...").body[0].test)))  # type: ignore[attr-defined]
            wanted[_label(ast.parse(f"{header} ...").body[0])] += 1
        case edits.AddParameter():
            wanted = Counter([_label(ast.arg("new_one")), _label(ast.Constant(None))])
        case edits.InsertBefore(_, code) | edits.InsertAfter(_, code):
            wanted = Counter(map(_label, ast.walk(ast.parse(code).body[0])))
        case _:
            return not old - new
    # contexts (Load) are single objects that a walk meets once a use
    return new - old == wanted and not old - new


def _label(node: ast.AST) -> str:
    names = {key: value for key, value in ast.iter_fields(node) if not isinstance(value, ast.AST | list)}
    return f"{type(node).__name__}{names}"


def fuzz(job: tuple[int, float, int]) -> Report:
    """Programs of the corpus changed at random, until the time is up."""
    seed, seconds, longest = job
    random, report, end = Random(seed), Report(f"fuzz {seed}"), time.monotonic() + seconds
    faulty = [case.before for case in corpus.cases()]
    seeds = [*faulty, *(path.read_text(encoding="utf-8") for path in corpus.clean())]
    while time.monotonic() < end:
        text = random.choice(seeds)
        if random.random() < 0.1:  # a program out of two
            text += random.choice(seeds)
        text = mutated(text, random, random.randint(1, longest))
        report.mutants += 1
        report.mutant_findings += _whole(report, as_bytes(text), Path("/nowhere/program.py"), text)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", type=Path)
    parser.add_argument("--mutants", type=int, default=0)
    parser.add_argument("--forced", type=int, default=0)
    parser.add_argument("--fuzz", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--longest", type=int, default=15, help="so many random changes of one program at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=int, default=40, help="show so many of the things that are wrong")
    parser.add_argument("--show", action="store_true", help="with the texts that break")
    args = parser.parse_args()
    global ARGS_SHOW
    ARGS_SHOW = args.show

    files = sorted({path.resolve() for tree in args.trees for path in tree.rglob("*.py") if path.is_file()})
    with ProcessPoolExecutor(args.jobs) as pool:
        jobs = [(path, args.mutants, args.forced, args.seed) for path in files]
        reports = told(pool.map(examine, jobs, chunksize=4), args.limit)
        if args.fuzz:
            share = [(args.seed + index, args.fuzz, args.longest) for index in range(args.jobs)]
            reports += told(pool.map(fuzz, share), args.limit)
    return tell(reports)


def told(reports: Iterable[Report], limit: int) -> list[Report]:
    """The reports, what is wrong in them printed as it comes."""
    kept = []
    for report in reports:
        for problem in report.wrong[: max(0, limit)]:
            print(f"{report.path}: {problem}", flush=True)
        limit -= len(report.wrong)
        kept.append(report)
    return kept


def tell(reports: list[Report]) -> int:
    wrong = [problem for each in reports for problem in each.wrong]
    print("slowest checks:")
    for each in sorted(reports, key=lambda each: -each.seconds)[:10]:
        print(f"  {each.seconds:6.2f} s  {each.size / 1000:7.0f} kB  {each.path}")
    refused: Counter[str] = sum((each.refused for each in reports), Counter())
    print(f"not done: {dict(refused.most_common(12))}")
    print(f"{len(reports)} files with {sum(each.findings for each in reports)} findings", end="; ")
    mutants, found = (sum(getattr(each, name) for each in reports) for name in ("mutants", "mutant_findings"))
    print(f"{mutants} mutants with {found} findings; {sum(each.forced for each in reports)} forced edits", end="; ")
    print(f"{len(wrong)} things wrong")
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
