"""Every application of a layer by a program, and which of them are certain to be made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from fixer.facts.data.datasets import guarded
from fixer.facts.modules.fed import fed
from fixer.facts.modules.forwards import LayerCall, Place, applications, is_reached, results_of
from fixer.facts.modules.never_called import never_called
from fixer.facts.program.following import kept
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Branch, Inlined, ancestors
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_SHAPE_WORDS = frozenset({"shape", "dim", "ndim", "dtype", "isinstance", "type", "channels", "in_channels"})


def layer_calls(script: Script) -> list[LayerCall]:
    """Every application of a layer of torch.nn by the program, in order, those in followed `forward`s included.

    A layer that is applied in several places (in the loops of training and evaluation) has a record for each.
    """
    return kept(script, "layer calls", lambda: list(_layer_calls(script)))


def _layer_calls(script: Script) -> Iterator[LayerCall]:
    if not script.run.complete:
        return
    patched = _patched(script)
    applied = set[int]()
    for call in (*script.run.calls, *fed(script)):
        for made in results_of(call) if call.cls is None and call.dotted is None else ():
            shown, idle = _only_printed(call), isinstance(script.parents.get(call.node), ast.Expr)
            awaited = guarded(script, call) and not shown
            certain = shown or not (awaited or made is not call.result or _depends_on_input(call))
            reached = not awaited and is_reached(call, made)
            for record in applications(Place(made, None, certain, awaited=awaited, reached=reached)):
                if idle:
                    record = replace(record, idle=True)
                applied.add(id(record.container or record.layer))
                if record.module is None or not patched & record.module.attributes.keys():
                    yield replace(record, certain=False, shown=record.certain) if shown else record
    for record in never_called(script, applied):
        if record.module is None or not patched & record.module.attributes.keys():
            yield record


def _only_printed(call: Call) -> bool:
    """Whether all that decides on the call is a `try` whose handlers print the error and go on."""
    tests = [node.node for node in ancestors(call.event) if isinstance(node, Branch)]
    return bool(tests) and all(isinstance(test, ast.Try) and all(map(_prints, test.handlers)) for test in tests)


def _prints(handler: ast.ExceptHandler) -> bool:
    calls = [each.value for each in handler.body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)]
    names = {getattr(each.func, "id", "") for each in calls}
    return len(calls) == len(handler.body) and names <= {"print"}


def _patched(script: Script) -> set[str]:
    """Attributes that the program replaces from outside: `model.fc = nn.Linear(512, 10)`."""
    return {
        node.attr
        for node in script.parents
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and not (isinstance(node.value, ast.Name) and node.value.id == "self")
    }


def _depends_on_input(call: Call) -> bool:
    """Whether a test decides if the call is made: any in a `forward`, elsewhere one that looks at shapes or types."""
    around = list(ancestors(call.event))
    inside = max((index for index, node in enumerate(around) if _is_forward(node)), default=-1)
    for index, node in enumerate(around):
        if isinstance(node, Branch):
            asks = not isinstance(node.node, ast.If) or _asks_for_shape(node.node.test)
            if index < inside or asks:
                return True
    return False


def _is_forward(node: object) -> bool:
    return isinstance(node, Inlined) and getattr(node.function.function, "name", "") == "forward"


def _asks_for_shape(test: ast.expr) -> bool:
    words = {getattr(each, "attr", getattr(each, "id", "")) for each in walk(test)}
    if words & _SHAPE_WORDS:
        return True
    # that of a tensor is no number: `memory.size() > 2000` asks a buffer
    sizes = sum(isinstance(each, ast.Attribute) and each.attr == "size" for each in walk(test))
    return sizes > sum(map(_counts, walk(test)))


def _counts(node: ast.AST) -> bool:
    """Whether a comparison asks for more or less than `x.size()`."""
    match node:
        case ast.Compare(left=ast.Call(func=ast.Attribute(attr="size"), args=[], keywords=[]), ops=[op]):
            return isinstance(op, ast.Lt | ast.Gt | ast.LtE | ast.GtE)
    return False
