"""Plant the bug in real code and count how often `check` finds it.

    python bench/plant.py missing|misplaced|harmless TREES... [--misses FILE] [--jobs N]

missing: each statement that clears gradients is taken out, one at a time, in files that train (backward and step are
called in them) and in which the rule finds nothing as they are. misplaced: a clear that stands in one block with a
step of the same object is moved to directly before that step, where a backward lies between the two. harmless: the
same clear is moved to directly after the step, which is another good place for it; here every finding is to be read.
Not every such change makes a bug (a clear before the loop is often one too many), so the misses are listed to be read.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fixer.engine import check_source
from fixer.results import Failed, Found

RULES = {
    "missing": {"missing-zero-grad"},
    "misplaced": {"misplaced-zero-grad"},
    "harmless": {"missing-zero-grad", "misplaced-zero-grad"},
}
BACKWARD = (".backward(", "manual_backward(")


@dataclass(frozen=True)
class Planted:
    path: str
    line: int
    code: str
    in_loop: bool
    """Whether a loop around it stands in the same function; else it is a matter of who calls that function."""
    found: tuple[int, ...]
    error: str = ""


@dataclass(frozen=True)
class Tried:
    """One file: `skipped` says why nothing was planted in it."""

    planted: tuple[Planted, ...] = ()
    skipped: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=sorted(RULES))
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--misses", type=Path, help="write the misses here, with the code around them")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()

    files = sorted(path for tree in args.trees for path in tree.rglob("*.py") if b"zero_grad" in path.read_bytes())
    planted: list[Planted] = []
    skipped: dict[str, int] = {}
    with ProcessPoolExecutor(args.jobs) as pool:
        for tried in pool.map(plant_in, [(path, args.kind) for path in files], chunksize=8):
            planted += tried.planted
            if tried.skipped:
                skipped[tried.skipped] = skipped.get(tried.skipped, 0) + 1
    harmless = args.kind == "harmless"
    misses = [one for one in planted if bool(one.found) == harmless]
    for one in misses:
        print(f"{'found' if harmless else 'miss'} {one.path}:{one.line}: {one.code}  {one.error}".rstrip())
    if args.misses:
        args.misses.write_text("\n".join(_excerpt(one) for one in misses), encoding="utf-8")
    looped = [one for one in planted if one.in_loop]
    with_plants = len({one.path for one in planted})
    with_hits = len({one.path for one in planted if one.found})
    print(f"{len(files)} files name zero_grad; left out: {skipped}")
    if harmless:
        print(f"harmless: {len(misses)} findings after {len(planted)} changes that leave the program right")
        return 0
    print(f"{args.kind}: found {len(planted) - len(misses)} of {len(planted)} planted", end="; ")
    print(
        f"{sum(1 for one in looped if one.found)} of {len(looped)} where a loop stands in the same function", end="; "
    )
    print(f"in {with_hits} of {with_plants} files at least one")
    return 0


def plant_in(job: tuple[Path, str]) -> Tried:
    """Every planted bug of one file, and whether it was found."""
    path, kind = job
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return Tried(skipped="does not parse")
    if not any(word in text for word in BACKWARD) or ".step(" not in text:
        return Tried(skipped="no backward or no step")
    if _reported(text, str(path), kind):
        return Tried(skipped="reported as it is")
    variants = _without_clear(text, tree) if kind == "missing" else _moved_clear(text, tree, after=kind == "harmless")
    looped = _in_loops(tree)
    return Tried(tuple(_try(path, node, node in looped, variant, kind) for node, variant in variants))


def _try(path: Path, node: ast.stmt, in_loop: bool, variant: str, kind: str) -> Planted:
    code = ast.unparse(node)
    try:
        return Planted(str(path), node.lineno, code, in_loop, _reported(variant, str(path), kind))
    except RuntimeError as error:
        return Planted(str(path), node.lineno, code, in_loop, (), str(error))


def _in_loops(node: ast.AST, looped: bool = False) -> set[ast.AST]:
    """The nodes that a loop of their own function goes round."""
    here = {node} if looped else set()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
        looped = False
    elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
        looped = True
    return here.union(*(_in_loops(child, looped) for child in ast.iter_child_nodes(node)))


def _reported(text: str, path: str, kind: str) -> tuple[int, ...]:
    result = check_source(text.encode(), path=path)
    if isinstance(result, Failed):
        raise RuntimeError(result.error)
    if not isinstance(result, Found):
        return ()
    return tuple(d.start.line for d in result.diagnostics if d.rule in RULES[kind])


def _without_clear(text: str, tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    lines = text.splitlines(keepends=True)
    for node in ast.walk(tree):
        if _is_call(node, "zero_grad") and isinstance(node, ast.Expr) and node.lineno == node.end_lineno:
            line = lines[node.lineno - 1]
            # a pass keeps the block valid and every line where it is
            end = node.end_col_offset or 0
            rest = line.encode()[end:].decode()
            changed = line.encode()[: node.col_offset].decode() + "pass" + rest
            yield node, "".join([*lines[: node.lineno - 1], changed, *lines[node.lineno :]])


def _moved_clear(text: str, tree: ast.Module, *, after: bool) -> Iterator[tuple[ast.stmt, str]]:
    lines = text.splitlines(keepends=True)
    for block in _blocks(tree):
        for index, node in enumerate(block):
            if not _is_call(node, "zero_grad") or node.lineno != node.end_lineno:
                continue
            later = block[index + 1 :]
            step = next((other for other in later if _steps(other, _receiver(node))), None)
            if step is None or step.lineno != step.end_lineno:
                continue
            between = later[: later.index(step)]
            if not any(word in (ast.get_source_segment(text, other) or "") for other in between for word in BACKWARD):
                continue
            clear = lines[node.lineno - 1]
            place = step.lineno if after else step.lineno - 1
            kept = [*lines[: node.lineno - 1], *lines[node.lineno : place], clear, *lines[place:]]
            if lines[step.lineno - 1].strip().endswith(("\\", ";")) or ";" in clear:
                continue
            yield node, "".join(kept)


def _blocks(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                yield block


def _is_call(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr))):
            return attr == name
    return False


def _receiver(node: ast.stmt) -> str:
    assert isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return ast.unparse(node.value.func.value)  # type: ignore[attr-defined]


def _steps(node: ast.stmt, receiver: str) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    func, arguments = node.value.func, node.value.args
    if not isinstance(func, ast.Attribute) or func.attr != "step":
        return False
    return ast.unparse(func.value) == receiver or any(ast.unparse(argument) == receiver for argument in arguments)


def _excerpt(one: Planted) -> str:
    lines = Path(one.path).read_text(encoding="utf-8", errors="replace").splitlines()
    first, last = max(0, one.line - 16), min(len(lines), one.line + 24)
    body = "\n".join(f"{'>' if n == one.line else ' '} {n:5} {lines[n - 1]}" for n in range(first + 1, last + 1))
    return f"== {one.path}:{one.line}  {one.error}\n{body}\n"


if __name__ == "__main__":
    sys.exit(main())
