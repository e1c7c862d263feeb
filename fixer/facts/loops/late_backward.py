"""Steps that are taken before the backward call of the same round, whose gradients they should use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.loops.gradient_uses import (
    changes_gradients,
    disjoint,
    known_to_share,
    may_be,
    needs_closure,
    objects,
    other_objects,
    read_in,
    reads_gradients,
    same_objects,
    steps_otherwise,
)
from fixer.facts.loops.relations import may_act_on
from fixer.facts.loops.updates import Update, by_step, unconditional
from fixer.facts.program.training import Event, EventKind, Inlined, Loop, ancestors, events, exclusive, nodes, within
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_ORDERED = (EventKind.BACKWARD, EventKind.CLEAR, EventKind.STEP)
_ROUNDS = (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
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
    if not script.run.complete:
        return
    for _, occurrences in by_step(script.updates):
        found = [_late(script, each) for each in occurrences]
        if found[0] is not None and None not in found:
            yield found[0]


def _late(script: Script, update: Update) -> LateBackward | None:
    if not isinstance(update.step.statement, ast.Expr) or any(map(needs_closure, objects(update.optimizer))):
        return None
    return next((found for each in _regions(update) if (found := _late_in(script, update, each))), None)


def _regions(update: Update) -> Iterator[Loop | Inlined]:
    """The loop of the updates; and the function of the step, which may be called by code out of sight."""
    if update.loop is not None:
        yield update.loop
    function = next((each for each in ancestors(update.step) if isinstance(each, Inlined)), None)
    if function is not None:
        yield function


def _late_in(script: Script, update: Update, region: Loop | Inlined) -> LateBackward | None:
    step = update.step.statement
    assert isinstance(step, ast.Expr)
    order = [each for each in events(region.body, *_ORDERED) if not exclusive(each, update.step)]
    clear = _cleared_before(update, order)
    # without a clear before it, what the step uses may have been computed by the callers
    told = clear is not None or (isinstance(region, Loop) and not script.run.hidden_clears)
    backward = _fed_too_late(update, order, clear) if told else None
    for_nothing = _fed_for_nothing(script, update, region) if backward is None else None
    backward = backward or for_nothing
    late = backward.statement if backward is not None else None
    if backward is None or not isinstance(late, ast.Expr) or backward.parent is not update.step.parent:
        return None
    block = script.block_of(step)
    if late not in block or not block.index(step) < block.index(late):
        return None
    between = block[block.index(step) + 1 : block.index(late)]
    # a step right behind a clear has nothing to use
    wasted = for_nothing is None and clear is not None and clear.statement in block
    if not (wasted or _computed_before(late, _before(script, step), between)) or any(map(_may_leave, between)):
        return None
    if _written_by_hand(region, block, clear, step) or _backward_out_of_sight(update, region, clear):
        return None
    return LateBackward(update, step, late, between)


def _cleared_before(update: Update, order: list[Event]) -> Event | None:
    """The last clear of the same optimizer before its step, if it always comes before it."""
    before = order[: order.index(update.step)]
    own = [each for each in before if each.kind is EventKind.CLEAR and same_objects(each.subject, update.optimizer)]
    if not own or not unconditional(own[-1], update.step):
        return None
    loops = (each for each in ancestors(own[-1]) if isinstance(each, Loop))
    return own[-1] if all(within(update.step, each) for each in loops) else None


def _written_by_hand(region: Loop | Inlined, block: list[ast.stmt], clear: Event | None, step: ast.stmt) -> bool:
    """Whether code in sight reads or writes gradients where the step might use them."""
    if clear is None or clear.statement not in block:
        return read_in(region, changes_gradients)
    since = block[block.index(clear.statement) : block.index(step)]
    inside = {id(node) for each in since for node in walk(each)}
    called = (each for each in nodes(region) if isinstance(each, Inlined) and id(each.call) in inside)
    return any(map(changes_gradients, since)) or any(read_in(each, changes_gradients) for each in called)


def _fed_too_late(update: Update, order: list[Event], clear: Event | None) -> Event | None:
    """The one backward call behind the step, if none before it in the round can have fed the step."""
    place = order.index(update.step)
    before, behind = order[:place], order[place + 1 :]
    if any(
        each.kind is EventKind.STEP and may_be(each.subject or update.optimizer, update.optimizer)
        for each in [*before, *behind]
    ):
        return None
    since = before[before.index(clear) + 1 :] if clear is not None else before
    if any(each.kind is EventKind.BACKWARD for each in since):
        return None
    rest = [each for each in behind if each.kind is not EventKind.CLEAR or each is not behind[0]]
    backward = next((each for each in behind if each.kind is EventKind.BACKWARD), None)
    first = next(iter(rest), None)
    if backward is None or first is not backward:
        return None
    follows = next((each for each in [*behind[behind.index(backward) + 1 :], *order[: place + 1]]), None)
    used = follows is not None and follows.kind is EventKind.STEP and follows is not update.step
    return None if used else backward


def _fed_for_nothing(script: Script, update: Update, region: Loop | Inlined) -> Event | None:
    """The next backward call behind the step, if every step is cleared of its gradients before it could use them."""
    if script.run.hidden_clears and ("hook" in script.text or reads_gradients(script.tree)):
        return None
    if isinstance(region, Inlined) and _stepped_elsewhere(script, update, region):
        return None
    order = list(events(region.body, *_ORDERED))
    place = order.index(update.step)
    backward = order[place + 1] if place + 1 < len(order) else update.step
    rest = order[place + 2 :] + order[: place + 1]
    steps = [each for each in rest if each.kind is EventKind.STEP]
    if backward.kind is not EventKind.BACKWARD or any(each.subject is None for each in steps):
        return None
    waiting = [each for each in steps if not _emptied(each, rest)]
    return backward if not waiting or _of_others(update, waiting, rest) else None


def _stepped_elsewhere(script: Script, update: Update, function: Inlined) -> bool:
    """Whether a step in another function may use what this function has computed."""
    inside = {id(node) for node in walk(function.function.function or function.call)}
    others = [each.optimizer for each in script.updates if id(each.step.node) not in inside]
    return any(not other_objects(each, update.optimizer) or known_to_share(each, update.optimizer) for each in others)


def _of_others(update: Update, steps: list[Event], rest: list[Event]) -> bool:
    """Whether steps that are not cleared of the late gradients train other parameters, each with a backward call of its

    own, and those of this update have none.
    """
    before: EventKind | None = None
    for event in rest:
        if event is update.step:
            return before is not EventKind.BACKWARD and event not in steps
        if event in steps and (before is not EventKind.BACKWARD or not _disjoint(event, update)):
            return False
        if event.kind is not EventKind.CLEAR:
            before = event.kind
    return False


def _disjoint(step: Event, update: Update) -> bool:
    return step.subject is not None and disjoint(step.subject, update.optimizer)


def _emptied(step: Event, rest: list[Event]) -> bool:
    """Whether the gradients that a step uses are cleared on the way to it, each time."""
    assert step.subject is not None
    clears = [each for each in rest[: rest.index(step)] if each.kind is EventKind.CLEAR]
    return any(
        same_objects(each.subject, step.subject) and unconditional(each, step) and _in_its_loops(each, step)
        for each in clears
    )


def _in_its_loops(clear: Event, step: Event) -> bool:
    """Whether a clear stands in no loop that the step is not in, which might not be gone through."""
    return all(within(step, each) for each in ancestors(clear) if isinstance(each, Loop))


def _before(script: Script, step: ast.stmt) -> list[ast.stmt]:
    """The statements before a step in its block and in those around it, as far as the next loop or function."""
    found: list[ast.stmt] = []
    inner: ast.AST = step
    while isinstance(inner, ast.stmt) and not isinstance(inner, _ROUNDS):
        block = script.block_of(inner)
        found += block[: block.index(inner)]
        inner = script.parents[inner]
    return found


def _computed_before(late: ast.Expr, before: list[ast.stmt], between: list[ast.stmt]) -> bool:
    """Whether the loss that goes backward is made by a statement before the step, and not touched behind it."""
    match late.value:
        case ast.Call(func=ast.Attribute(value=ast.Call(args=[each]), attr="backward")):
            loss = each
        case ast.Call(func=ast.Attribute(attr="manual_backward"), args=[each, *_]):
            loss = each
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as each, attr="backward"), args=[given]):
            loss = each if any(_binds(one, name) for one in before) else given  # `fabric.backward(loss)`
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=name), attr="backward"), args=[given]):
            if "loss" in name.lower():
                return False  # what it is given are gradients
            loss = given  # `self.fabric.backward(loss)`
        case ast.Call(func=ast.Attribute(value=each, attr="backward")):
            loss = each
        case _:
            return False
    names = set(_terms(loss))
    return bool(names) and all(
        any(_binds(each, name) for each in before) and not any(_binds(each, name) for each in between) for name in names
    )


def _terms(loss: ast.expr) -> Iterator[str]:
    """The names in `loss`, `loss.mean()`, `first + 0.5 * second`; an empty one for all else that may be in it."""
    match loss:
        case ast.Name(id=name):
            yield name
        case ast.Constant():
            pass
        case ast.BinOp(left=left, right=right):
            yield from _terms(left)
            yield from _terms(right)
        case ast.Call(func=ast.Attribute(value=value), args=[]):
            yield from _terms(value)
        case _:
            yield ""


def _binds(statement: ast.stmt, name: str) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store) for each in walk(statement)
    )


def _may_leave(statement: ast.stmt) -> bool:
    return any(isinstance(each, ast.Break | ast.Continue | ast.Return | ast.Raise) for each in walk(statement))


def _backward_out_of_sight(update: Update, region: Loop | Inlined, clear: Event | None) -> bool:
    """Whether code out of sight may compute gradients before the step, behind the clear."""
    cleared = clear is None
    for event in events(region.body, EventKind.ESCAPE, EventKind.CALL, EventKind.STEP, EventKind.CLEAR):
        if event is update.step:
            return False
        cleared = cleared or event is clear
        if event.kind is not EventKind.ESCAPE or not cleared:
            continue
        if may_act_on(event, update.optimizer):
            return True
        if isinstance(event.statement, ast.With):
            continue  # `with accelerator.accumulate(model):` says when to clear and step, and does neither
        if _MAY_GO_BACKWARD.search(event.detail) and not (event.detail == "step" and steps_otherwise(event.node)):
            return True
    return False
