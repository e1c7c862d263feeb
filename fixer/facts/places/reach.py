"""Where in the text an expression can be evaluated: which names are bound there already, to what they hold later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer.facts.program.training import Event, Inlined, ancestors
from fixer.facts.program.walk import walk
from fixer.facts.script import Script


def loaded_names(node: ast.expr) -> Iterator[str]:
    """The names that an expression reads, those that it binds itself (parameters of a lambda, ...) aside."""
    own = {each.arg for each in walk(node) if isinstance(each, ast.arg)}
    own |= {each.id for each in walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    for each in walk(node):
        if isinstance(each, ast.Name) and each.id not in own:
            yield each.id


def called_here(script: Script, event: Event) -> ast.Call | None:
    """The call in this file by which something happens in another one."""
    for node in ancestors(event):
        if isinstance(node, Inlined) and isinstance(node.call, ast.Call) and script.home(node.call) is None:
            return node.call
    return None


def calls_something(node: ast.expr) -> bool:
    """Whether evaluating an expression a second time may give another value: it calls or unpacks something."""
    return any(isinstance(each, ast.Call | ast.Starred) for each in walk(node))


def binders(script: Script, name: str, near: ast.AST) -> list[ast.AST]:
    """What binds `name` for code at `near`: in its function, else in the module."""
    function = script.function_of(near)
    while function is not None:
        found = _bound_in(script, name, function)
        if found:
            return found
        function = script.function_of(function)
    return _bound_in(script, name, script.tree)


def _bound_in(script: Script, name: str, scope: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in walk(scope):
        if node is scope or (script.function_of(node) or script.tree) is not scope:
            continue
        match node:
            case ast.Name(id=other, ctx=ast.Store() | ast.Del()) if other == name:
                found.append(node)
            case ast.arg(arg=other) | ast.FunctionDef(name=other) | ast.ClassDef(name=other) if other == name:
                found.append(node)
            case ast.alias() if (node.asname or node.name.partition(".")[0]) == name:
                found.append(node)
    return found


def evaluable_before(script: Script, node: ast.expr, place: ast.stmt) -> bool:
    """Whether `node`, evaluated directly before `place`, gives what it gives where it stands (in the same function)."""
    if script.function_of(place) is not script.function_of(node) or _reads_objects(script, node):
        return False
    return all(_settled(script, name, node, place) for name in set(loaded_names(node)))


def _settled(script: Script, name: str, node: ast.expr, place: ast.stmt) -> bool:
    found = binders(script, name, node)
    if all(isinstance(each, ast.alias | ast.FunctionDef | ast.ClassDef | ast.arg) for each in found):
        same = [each for each in found if script.function_of(each) is script.function_of(node)]
        return all(each.lineno < place.lineno for each in same if not isinstance(each, ast.arg))  # type: ignore[attr-defined]
    inside = all(script.function_of(each) is script.function_of(node) for each in found)
    if not inside:
        return script.function_of(node) is not None
    return all(each.lineno < place.lineno and _precedes(script, each, place) for each in found)  # type: ignore[attr-defined]


def _precedes(script: Script, binder: ast.AST, place: ast.stmt) -> bool:
    """Whether the binder is not under a branch or loop that `place` is not under."""
    block = script.block_of(script.statement_of(binder))
    return any(each in block for each in [place, *_enclosing(script, place)])


def _enclosing(script: Script, statement: ast.stmt) -> Iterator[ast.stmt]:
    node: ast.AST | None = script.parents.get(statement)
    while node is not None:
        if isinstance(node, ast.stmt):
            yield node
        node = script.parents.get(node)


def _reads_objects(script: Script, node: ast.expr) -> bool:
    """Whether the expression reads attributes of objects, which may change between two places."""
    read = [each for each in walk(node) if isinstance(each, ast.Attribute) and not _in_lambda(script, each, node)]
    return any(script.names.dotted(each) is None and not isinstance(each.value, ast.Call) for each in read)


def _in_lambda(script: Script, node: ast.AST, within: ast.expr) -> bool:
    while node is not within:
        node = script.parents[node]
        if isinstance(node, ast.Lambda):
            return True
    return False


def movable_before(script: Script, name: ast.expr, place: ast.stmt) -> ast.stmt | None:
    """The one assignment that binds `name`, if it stands behind `place` in the same block and can go before it."""
    if not isinstance(name, ast.Name):
        return None
    found = binders(script, name.id, name)
    if len(found) != 1 or not isinstance(found[0], ast.Name):
        return None
    statement = script.statement_of(found[0])
    block = script.block_of(place)
    if not isinstance(statement, ast.Assign) or statement not in block or len(statement.targets) != 1:
        return None
    if block.index(statement) <= block.index(place) or statement.targets[0] is not found[0]:
        return None
    return statement if evaluable_before(script, statement.value, place) else None


def unpacked(script: Script, value: ast.expr) -> list[str]:
    """The keys that `**value` certainly gives to a call: of a dict written there, or of one that is only unpacked."""
    if isinstance(value, ast.Name):
        found = binders(script, value.id, value)
        statement = script.statement_of(found[0]) if len(found) == 1 and isinstance(found[0], ast.Name) else None
        if not isinstance(statement, ast.Assign) or statement.targets != found:
            return []
        uses = [each for each in walk(script.tree) if isinstance(each, ast.Name) and each.id == value.id]
        only = all(each is found[0] or _is_unpacking(script.parents[each]) for each in uses)
        return unpacked(script, statement.value) if only and not isinstance(statement.value, ast.Name) else []
    if isinstance(value, ast.Dict):
        return [str(each.value) for each in value.keys if isinstance(each, ast.Constant)]
    return []


def _is_unpacking(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg is None
