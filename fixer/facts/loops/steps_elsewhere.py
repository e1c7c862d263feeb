"""Steps that happen elsewhere than where the file trains, or may: by an engine, a lambda, a function handed over."""

from __future__ import annotations

import ast

from fixer.facts.program.training import Inlined
from fixer.facts.program.values import Function
from fixer.facts.program.walk import walk
from fixer.facts.script import Script


def is_handler(script: Script, function: Inlined) -> bool:
    """Whether a function is the update of an engine, `Engine(train_step)`, which calls it and does nothing else."""
    wanted = function.function.function
    return any(
        isinstance(given, Function) and given.function is wanted
        for call in script.run.calls
        if (call.dotted or "").startswith("ignite.") and (call.dotted or "").endswith(".Engine")
        for given in call.arguments.all()
    )


def step_out_of_sight(script: Script) -> bool:
    """Whether the file mentions a `step` that was not seen to happen: in a lambda, or handed over as a function."""
    seen = {id(call.node.func) for call in script.run.calls}
    for node in walk(script.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr="step") if id(node) not in seen:
                if name != "self" and not _never_reached(script, node, seen):
                    return True
            case ast.Attribute(value=ast.Subscript(), attr="step") if id(node) not in seen:
                return True
    return False


def _never_reached(script: Script, node: ast.AST, seen: set[int]) -> bool:
    """Whether it stands in the arm of a test that the program's own settings never take: the other arm was run."""
    inner, outer = node, script.parents.get(node)
    while outer is not None and not isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        if isinstance(outer, ast.If) and outer.orelse and isinstance(inner, ast.stmt):
            arms = (outer.body, outer.orelse) if inner in outer.body else (outer.orelse, outer.body)
            own, other = (any(id(x) in seen for each in arm for x in walk(each)) for arm in arms)
            return other and not own
        inner, outer = outer, script.parents.get(outer)
    return False
