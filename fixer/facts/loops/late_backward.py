"""Steps that are taken before the backward call of the same round, whose gradients they should use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.loops.gradient_uses import may_be, needs_closure, objects, read_in, same_objects
from fixer.facts.loops.relations import may_act_on
from fixer.facts.loops.updates import Update, by_step
from fixer.facts.program.training import Event, EventKind, Loop, events
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_ORDERED = (EventKind.BACKWARD, EventKind.CLEAR, EventKind.STEP)
_MAY_GO_BACKWARD = re.compile(r"backward|accumul|train|fit|learn|step", re.IGNORECASE)


@dataclass(eq=False)
class LateBackward:
    """In every round a loss is computed, the optimizer steps, and only then that loss goes backward."""

    update: Update
    step: ast.stmt
    backward: ast.stmt
    between: list[ast.stmt]
    """The statements from the step to the backward call; all stand in one block."""


def late_backwards(script: Script) -> Iterator[LateBackward]:
    """For each step that comes too early wherever the program takes it, the first occurrence."""
    if not script.run.complete or script.run.hidden_clears:
        return
    for _, occurrences in by_step(script.updates):
        found = [_late(script, each) for each in occurrences]
        if found[0] is not None and None not in found:
            yield found[0]


def _late(script: Script, update: Update) -> LateBackward | None:
    loop, step = update.loop, update.step.statement
    if loop is None or not isinstance(step, ast.Expr) or any(map(needs_closure, objects(update.optimizer))):
        return None
    order = list(events(loop.body, *_ORDERED))
    backward = _fed_too_late(update, order)
    late = backward.statement if backward is not None else None
    if backward is None or not isinstance(late, ast.Expr) or backward.parent is not update.step.parent:
        return None
    block = script.block_of(step)
    if late not in block or not block.index(step) < block.index(late):
        return None
    between = block[block.index(step) + 1 : block.index(late)]
    if not _computed_before(late, block[: block.index(step)], between) or any(map(_may_leave, between)):
        return None
    if read_in(loop) or _backward_out_of_sight(update, loop):
        return None
    return LateBackward(update, step, late, between)


def _fed_too_late(update: Update, order: list[Event]) -> Event | None:
    """The one backward call behind the step, if none before it in the round can have fed the step."""
    place = order.index(update.step)
    before, behind = order[:place], order[place + 1 :]
    if any(
        each.kind is EventKind.STEP and may_be(each.subject or update.optimizer, update.optimizer)
        for each in [*before, *behind]
    ):
        return None
    own = [each for each in before if each.kind is EventKind.CLEAR and same_objects(each.subject, update.optimizer)]
    since = before[before.index(own[-1]) + 1 :] if own else before
    cleared = bool(own) and own[-1].parent is update.step.parent
    if any(each.kind is EventKind.BACKWARD for each in (since if cleared else before)):
        return None
    rest = [each for each in behind if each.kind is not EventKind.CLEAR or each is not behind[0]]
    backward = next((each for each in behind if each.kind is EventKind.BACKWARD), None)
    first = next(iter(rest), None)
    if backward is None or first is not backward:
        return None
    follows = next((each for each in [*behind[behind.index(backward) + 1 :], *order[: place + 1]]), None)
    used = follows is not None and follows.kind is EventKind.STEP and follows is not update.step
    return None if used else backward


def _computed_before(late: ast.Expr, before: list[ast.stmt], between: list[ast.stmt]) -> bool:
    """Whether the loss that goes backward is made by a statement before the step, and not touched behind it."""
    match late.value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="backward"), args=[]):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Call(args=[ast.Name(id=name)]), attr="backward")):
            pass
        case ast.Call(func=ast.Attribute(attr="backward" | "manual_backward"), args=[ast.Name(id=name)]):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="backward")):
            pass
        case _:
            return False
    return any(_binds(each, name) for each in before) and not any(_binds(each, name) for each in between)


def _binds(statement: ast.stmt, name: str) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store) for each in walk(statement)
    )


def _may_leave(statement: ast.stmt) -> bool:
    return any(isinstance(each, ast.Break | ast.Continue | ast.Return | ast.Raise) for each in walk(statement))


def _backward_out_of_sight(update: Update, loop: Loop) -> bool:
    """Whether code out of sight may compute gradients before the step."""
    for event in events(loop.body, EventKind.ESCAPE, EventKind.CALL, EventKind.STEP):
        if event is update.step:
            return False
        if event.kind is EventKind.ESCAPE and may_act_on(event, update.optimizer):
            return True
        if event.kind is EventKind.ESCAPE and _MAY_GO_BACKWARD.search(event.detail):
            return True
    return False
