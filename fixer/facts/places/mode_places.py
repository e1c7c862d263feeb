"""Where `model.train()` and `model.eval()` go: at the top of the function that trains or evaluates, else before it."""

from __future__ import annotations

import ast

from fixer.facts.places.reach import binders
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_WITHOUT_GRAD = ("no_grad", "inference_mode", "set_grad_enabled")


def text_of_model(script: Script, written: ast.expr, place: ast.AST) -> str | None:
    """How the model that a call names `written` is written at `place`; None where that is not the same thing."""
    root = written
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return None
    here, there = script.function_of(written), script.function_of(place)
    if here is not there:
        shared = root.id == "self" and here and there and script.parents[here] is script.parents[there]
        everywhere = script.home(written) is script.home(place) and _outside(script, root.id, written, place)
        if not shared and not everywhere:
            return None
    return script.source(written)


def _outside(script: Script, name: str, *places: ast.AST) -> bool:
    """Whether `name` is one of the module's at all of these places."""
    module = binders(script, name, script.tree)
    return bool(module) and all(binders(script, name, each) == module for each in places)


def top_of_function(script: Script, node: ast.AST, name: str) -> ast.stmt | None:
    """The first statement of the function around `node`, where the model `name` is known from the beginning."""
    function = script.function_of(node)
    if function is None:
        return None
    root = name.partition(".")[0]
    own = [each for each in binders(script, root, node) if script.function_of(each) is function]
    if any(not isinstance(each, ast.arg) for each in own) or _rebinds(function, name):
        return None
    body = [each for each in function.body if not _is_preface(each)]
    return body[0] if body else None


def _rebinds(function: ast.AST, name: str) -> bool:
    """`self.model = ...`"""
    stores = (each for each in walk(function) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store))
    return any(name == ast.unparse(each) or name.startswith(f"{ast.unparse(each)}.") for each in stores)


def _is_preface(statement: ast.stmt) -> bool:
    """A docstring or a declaration of names."""
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return docstring or isinstance(statement, ast.Global | ast.Nonlocal)


def whole_evaluation(script: Script, loop: ast.AST) -> ast.stmt:
    """The statement that holds an evaluation loop, with the `with torch.no_grad():` around it."""
    statement = script.statement_of(loop)
    parent = script.parents[statement]
    while isinstance(parent, ast.With) and _without_grad(parent):
        statement, parent = parent, script.parents[parent]
    return statement


def _without_grad(node: ast.With) -> bool:
    calls = [each.context_expr for each in node.items]
    return any(
        isinstance(x, ast.Attribute | ast.Name) and ast.unparse(x).endswith(_WITHOUT_GRAD)
        for c in calls
        for x in walk(c)
    )


def start_of_part(script: Script, node: ast.AST, other: ast.AST, loop: ast.AST) -> ast.stmt | None:
    """Where the part of a loop's body that holds `node` begins; it goes in turn with `other`."""
    part = _apart_from(script, node, other, loop)
    body = getattr(loop, "body", None)
    if part is None or not isinstance(body, list) or part not in body or isinstance(part, ast.For | ast.While):
        return part
    before = body[: body.index(part) + 1]
    return part if any(each is other for statement in before for each in walk(statement)) else before[0]


def start_of_other_arm(script: Script, switch: ast.AST) -> ast.stmt | None:
    """The first statement of the arm of an `if` whose other arm switches to evaluation."""
    statement = script.statement_of(switch)
    test = script.parents[statement]
    if not isinstance(test, ast.If) or not test.orelse:
        return None
    return test.orelse[0] if statement in test.body else test.body[0]


def _apart_from(script: Script, node: ast.AST, other: ast.AST, within: ast.AST) -> ast.stmt | None:
    """The outermost statement below `within` that holds `node` and not `other`."""
    chain: list[ast.stmt] = []
    each: ast.AST | None = node
    while each is not None and each is not within:
        if isinstance(each, ast.stmt):
            chain.append(each)
        each = script.parents.get(each)
    if each is None:
        return None
    return next((x for x in reversed(chain) if not any(one is other for one in walk(x))), None)


def trains_within(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr in ("backward", "step") for each in walk(node))
