"""Where a program uses a batch: whether the last, smaller one comes there, and which variable holds it."""

from __future__ import annotations

import ast

from fixer.facts.data.drawn_rows import KEEPS_ROWS, RESHAPES
from fixer.facts.data.origins import reads_alike
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_LONGEST = 4
"""Names between a prediction and the batch: `fed = real.view(n, -1)`."""
_SIZE_WORDS = frozenset({"size", "shape", "len", "numel"})


def looks_at_sizes(script: Script, node: ast.AST) -> bool:
    """Whether the loop or function around `node` tests a size, or leaves early: then the small batch may not come.

    Nor does it where a test asks for the number of the batch: `if step == 0:`, `if step % 100 == 0:`.
    """
    tested: set[str] = set()
    around: ast.AST | None = node
    while around is not None:
        if isinstance(around, ast.If | ast.IfExp):
            tested |= {each.id for each in walk(around.test) if isinstance(each, ast.Name)}
        if isinstance(around, ast.For | ast.FunctionDef):
            loops = [each for each in walk(around) if isinstance(each, ast.For)]
            drawn = {each.id for loop in loops for each in walk(loop.iter) if isinstance(each, ast.Name)}
            return bool(tested & _counters(around)) or any(_decides(each, drawn) for each in walk(around))
        around = script.parents.get(around)
    return False


def _counters(loop: ast.For | ast.FunctionDef) -> set[str]:
    """The names that count the rounds: `step` of `for step, batch in enumerate(loader)`, or of `step += 1`."""
    added = [each.target for each in walk(loop) if isinstance(each, ast.AugAssign)]
    found = {each.id for each in added if isinstance(each, ast.Name)}
    match loop:
        case ast.For(target=ast.Tuple(elts=[ast.Name(id=name), *_]), iter=drawn):
            if any(isinstance(each, ast.Name) and each.id == "enumerate" for each in walk(drawn)):
                found.add(name)
    return found


def _decides(node: ast.AST, drawn: set[str]) -> bool:
    """Whether a test asks for a size; that of what a loop draws from, `len(loader)`, is a number of batches."""
    if isinstance(node, ast.Break):
        return True
    if not isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
        return False
    nodes = walk(node.test)
    words = [getattr(each, "attr", getattr(each, "id", "")) for each in nodes]
    counts = sum(isinstance(each, ast.Call) and _counts_batches(each, drawn) for each in nodes)
    return sum(word in _SIZE_WORDS for word in words) > counts


def _counts_batches(call: ast.Call, drawn: set[str]) -> bool:
    match call:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return name in drawn
    return False


def bound_name(script: Script, made: ast.AST | None, place: ast.expr) -> ast.Name | None:
    """A variable that holds the batch at `place` already, from which `made` was computed: `real` of `D(fed)`.

    `fed` may be bound behind `place`, by `fed = real.view(n, -1).to(device)`.
    """
    for _ in range(_LONGEST):
        rows = drawn_name(made)
        if rows is None or _bound_before(script, rows, place):
            return rows
        made = _bound_to(script, rows)
    return None


def drawn_name(node: ast.AST | None, depth: int = 8) -> ast.Name | None:
    """The variable from which a batch was made: `real` in `D(real.view(n, -1))`."""
    while depth:
        depth -= 1
        match node:
            case ast.Name():
                return node
            case ast.Call(func=ast.Attribute(value=inner), args=[]):
                node = inner
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in RESHAPES | KEEPS_ROWS:
                node = inner
            case ast.Call(args=[inner, *_]):
                node = inner
            case _:
                return None
    return None


def _bound_to(script: Script, name: ast.Name) -> ast.expr | None:
    """What the function or module around a variable binds it to, where that is one thing."""
    scope = script.function_of(name) or script.tree
    stores = [each for each in walk(scope) if isinstance(each, ast.Name) and each.id == name.id]
    stores = [each for each in stores if isinstance(each.ctx, ast.Store)]
    statement = script.parents.get(stores[0]) if len(stores) == 1 else None
    return statement.value if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None


def _bound_before(script: Script, rows: ast.Name, place: ast.expr) -> bool:
    """Whether `rows` holds the batch at `place` already, and not something else before it is used.

    A loop around both draws it, or a statement among those around `place`, in the same round, binds it.
    """
    around: ast.AST | None = script.parents.get(place)
    blocks: list[ast.stmt] = []
    while around is not None and not isinstance(around, ast.FunctionDef):
        if isinstance(around, ast.stmt):
            blocks.append(around)
        if isinstance(around, ast.For):
            drawn = {each.id for each in walk(around.target) if isinstance(each, ast.Name)}
            if rows.id in drawn or _bound_among(script, rows.id, around, blocks[:-1]):
                return reads_alike(script, rows, place)
        around = script.parents.get(around)
    return False


def _bound_among(script: Script, name: str, loop: ast.For, places: list[ast.stmt]) -> bool:
    """Whether a loop binds a name once, before one of these statements and in the same block."""
    stores = [each for each in walk(loop) if isinstance(each, ast.Name) and each.id == name]
    stores = [each for each in stores if isinstance(each.ctx, ast.Store)]
    if len(stores) != 1:
        return False
    bound = script.statement_of(stores[0])
    return any(bound in script.block_of(each) and bound.lineno < each.lineno for each in places)
