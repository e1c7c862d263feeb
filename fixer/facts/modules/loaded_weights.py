"""Whether the weights that a program initialises are replaced by others, which are loaded or assigned."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixer.facts.modules.initialisation import Filling
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_OTHER_WAYS = ("from_pretrained", "requires_grad_(False", "requires_grad = False")
# To a layer of something, or what another layer has: `l2.weight.data = l1.weight.data`.
_ASSIGNED = re.compile(r"\w\.\w+\.weight(\.data)?\s*=[^=]|\.weight(\.data)?(\s*=|\.copy_\()[^=\n]*\w\.weight\b")
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_DEEPEST = 4
"""Helpers that call helpers."""


def set_otherwise(script: Script) -> bool:
    """Whether weights are loaded or assigned, or layers kept from training, somewhere in the file."""
    text = script.text
    if any(each in text for each in _OTHER_WAYS) or _ASSIGNED.search(text):
        return True
    return "load_state_dict" in text and not all(_harmless(script, call) for call in _loads(script))


def surely_loaded(script: Script, filling: Filling) -> bool:
    """Whether other weights are loaded before the training, in any case: not only where a run is resumed."""
    return any(
        not _harmless(script, call) and not _optional(script, call) and not _of_another_class(script, call, filling)
        for call in _loads(script)
    )


def _optional(script: Script, load: ast.Call) -> bool:
    """Whether a load is made under a test, or in a helper that the file calls under tests, or leaves to others."""
    if any(map(_decides, _around(script, load))):
        return True
    function = script.function_of(load)
    if function is None or function.name.startswith("__"):
        return False
    holder = load.func.value if isinstance(load.func, ast.Attribute) else load.func
    while isinstance(holder, ast.Attribute):
        holder = holder.value
    given = isinstance(holder, ast.Name) and holder.id in {each.arg for each in function.args.args}
    return _called_under_tests(script, function, _DEEPEST) or (given and function.name not in script.names.mentioned)


def _called_under_tests(script: Script, function: _Function, depth: int) -> bool:
    """Whether the file calls a function, and whenever it does, a test decides if that is done."""
    calls = [each for each in script.parents if isinstance(each, ast.Call) and _name(each.func) == function.name]
    return bool(calls) and all(_under_test(script, each, depth) for each in calls)


def _under_test(script: Script, call: ast.Call, depth: int) -> bool:
    if any(map(_decides, _around(script, call))):
        return True
    caller = script.function_of(call)
    return (
        caller is not None
        and depth > 0
        and not caller.name.startswith("__")
        and _called_under_tests(script, caller, depth - 1)
    )


def _name(callee: ast.expr) -> str:
    return callee.attr if isinstance(callee, ast.Attribute) else callee.id if isinstance(callee, ast.Name) else ""


def _of_another_class(script: Script, load: ast.Call, filling: Filling) -> bool:
    """Whether a module loads its own weights, and has nothing to do with the class that initialises those of others."""
    match load.func:
        case ast.Attribute(value=ast.Name(id="self")):
            loads, fills = script.class_of(load), script.class_of(filling.call.node)
            if loads is None or fills is None or loads is fills:
                return False
            named = {each.id for each in walk(loads) if isinstance(each, ast.Name)}
            return fills.name not in named
    return False


def _around(script: Script, node: ast.AST) -> Iterator[ast.AST]:
    """What the node stands in, as far as its function."""
    while not isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node
        node = script.parents[node]


def _decides(node: ast.AST) -> bool:
    """Whether it is a test, other than the one for being the program that is run."""
    return isinstance(node, ast.If) and "__name__" not in ast.unparse(node.test)


def _loads(script: Script) -> Iterator[ast.Call]:
    for node in script.parents:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "load_state_dict":
            yield node


def _harmless(script: Script, load: ast.Call) -> bool:
    """Whether a load only copies a model of the program to another one, or comes after the training."""
    match load.args[:1]:
        case [ast.Call(func=ast.Attribute(attr="state_dict"))]:
            return True
    order = [each.node for each in script.run.calls]
    loaded = [index for index, node in enumerate(order) if node is load]
    steps = {update.step.node for update in script.updates}
    trained = next((index for index, node in enumerate(order) if node in steps), len(order))
    return bool(loaded) and loaded[0] > trained
