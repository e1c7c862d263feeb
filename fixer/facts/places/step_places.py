"""Where a step that is missing goes, and how the file writes it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from fixer.facts.loops.gradient_uses import AVERAGES
from fixer.facts.loops.unused_gradients import Unused
from fixer.facts.loops.updates import Update
from fixer.facts.places.mode_places import text_of_model
from fixer.facts.places.placement import Place, loop_over
from fixer.facts.program.expressions import GRADIENTS
from fixer.facts.program.training import Block, Branch, Event, EventKind, Inlined, Loop, ancestors, events, within
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_PREPARES = re.compile(r"clip|unscale_", re.IGNORECASE)
"""Calls that change the gradients before the step uses them."""


def place_for_step(script: Script, found: Unused) -> Place | None:
    """Behind the last backward call and what prepares its gradients; None: no place is certain."""
    name = _optimizer_name(found.clear)
    code = _step_code(script, found, name) if name is not None else None
    if name is None or code is None:
        return None
    before = _before_clear(script, found)
    anchor = before or _behind_backward(script, found)
    clear = found.clear.statement
    if anchor is None or clear is None or not _same_name(script, name, anchor, clear):
        return None
    header = loop_over(script, name, anchor, found.clear, found.region)
    if header:
        code = f"{header}\n    " + code.replace("\n", "\n    ")
    return Place(anchor, before is None, code)


@dataclass(frozen=True)
class WrapperCall:
    """`scheduled.step()`, where a class of another file holds the optimizer and steps with it."""

    node: ast.Call
    statement: ast.stmt
    receiver: ast.expr
    clears: bool
    """Whether the class has a `zero_grad` of its own."""


def call_of_wrapper(script: Script, update: Update) -> WrapperCall | None:
    """The call in this file, inside the loop, that leads to a step in another file."""
    for each in ancestors(update.step):
        if each is update.loop:
            return None
        if isinstance(each, Inlined) and script.home(each.call) is None:
            match each.call:
                case ast.Call(func=ast.Attribute(value=receiver, attr="step")) as call:
                    statement, cls = script.statement_of(call), each.function.definer
                    clears = cls is not None and cls.find("zero_grad") is not None and isinstance(statement, ast.Expr)
                    return WrapperCall(call, statement, receiver, clears)
            return None
    return None


def _same_name(script: Script, name: ast.expr, anchor: ast.stmt, clear: ast.stmt) -> bool:
    """Whether the optimizer is called the same at `anchor` and where it is cleared: `self.optimizer` in two methods."""
    if script.function_of(anchor) is script.function_of(clear):
        return True
    return isinstance(name, ast.Attribute) and text_of_model(script, name, anchor) is not None


def _optimizer_name(clear: Event) -> ast.expr | None:
    match clear.node:
        case ast.Call(func=ast.Attribute(value=value)):
            return value
    return None


def _step_code(script: Script, found: Unused, name: ast.expr) -> str | None:
    """`optimizer.step()`, or the gradient scaler's step where the loss was scaled."""
    text = script.source(name)
    scalers = {_scaler(script, each) for each in found.backwards}
    if len(scalers) > 1:
        return None
    scaler = scalers.pop()
    if scaler is None:
        return f"{text}.step()"
    updated = any(events(found.region, EventKind.UPDATE_SCALE))
    return f"{scaler}.step({text})" + ("" if updated else f"\n{scaler}.update()")


def _scaler(script: Script, backward: Event) -> str | None:
    """The gradient scaler in `scaler.scale(loss).backward()`."""
    match backward.node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Attribute(value=scaler, attr="scale")))):
            return script.source(scaler)
    return None


def _before_clear(script: Script, found: Unused) -> ast.stmt | None:
    """The statement that clears, where the clear closes the round: the step goes before it."""
    order = list(events(found.region, EventKind.BACKWARD, EventKind.CLEAR))
    if order.index(found.clear) < order.index(found.backwards[0]):
        return None
    statement = found.clear.statement
    if not isinstance(statement, ast.Expr):
        return None
    parent = script.parents[statement]
    return parent if isinstance(parent, ast.For) and parent.body == [statement] and not parent.orelse else statement


def _behind_backward(script: Script, found: Unused) -> ast.stmt | None:
    anchor = _outward(found)
    behind = found.order[found.order.index(found.last) + 1 :]
    if anchor is None or (behind and behind[0].kind is EventKind.BACKWARD):
        return None  # the step may use what the next one computes, too
    parent = script.parents.get(anchor)
    while isinstance(parent, ast.With) and not _inside(found.clear, parent):
        anchor, parent = parent, script.parents.get(parent)
    block = script.block_of(anchor)
    for later in block[block.index(anchor) + 1 :]:
        names = [_word(node) for node in walk(later)]
        if "backward" in names or "zero_grad" in names:
            break
        if any(_PREPARES.search(each) or AVERAGES.search(each) or each in GRADIENTS for each in names):
            anchor = later
    return anchor


def _outward(found: Unused) -> ast.stmt | None:
    """The outermost statement around the last backward call that the clear does not stand in.

    A branch that holds all of the backward calls holds the step, too.
    """
    last = found.last
    statement = last.statement
    for node in ancestors(last):
        if within(found.clear, node):
            return statement
        if isinstance(node, Block) and isinstance(node.parent, Branch):
            if all(within(each, node) for each in found.backwards):
                return statement
        elif isinstance(node, Branch | Loop | Inlined):
            statement = node.statement
    return None


def _inside(event: Event, node: ast.AST) -> bool:
    return any(each is event.statement for each in walk(node))


def _word(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
