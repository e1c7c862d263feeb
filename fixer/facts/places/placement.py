"""Where a statement that concerns an update can go: before the window's first backward call, or behind the step."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from fixer.facts.loops.updates import Update, receiver
from fixer.facts.program.training import Block, Branch, Event, EventKind, Inlined, Loop, Node, ancestors, events, within
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

# Names in the condition of a step that say: it depends on the loss, the gradients or the mode. Any other condition may
# count rounds, and then gradients are meant to add up until the step.
_SKIPS = re.compile(r"nan|finite|inf|loss|grad|norm|train|phase|mode|optim|overflow|skip|valid", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    anchor: ast.stmt
    after: bool
    code: str


def place_for_clear(script: Script, update: Update) -> Place | None:
    """Where the optimizer's gradients are to be cleared, and the text that does it. None: no place is certain."""
    name = receiver(update.step)
    step = update.step.statement
    if name is None or step is None:
        return None
    text = script.source(name)
    behind = Place(step, True, f"{text}.zero_grad()") if isinstance(step, ast.Expr) else None
    if not update.window or _accumulates(update):
        return behind
    before = before_window(script, update)
    if before is None:
        return behind
    header = loop_over(script, name, before, update.step, update.loop)
    if header:
        return Place(before, False, f"{header}\n    {text}.zero_grad()")
    return Place(before, False, f"{text}.zero_grad()") if _in_scope(script, name, before, update) else behind


def place_for_misplaced(script: Script, update: Update, clear: Event) -> tuple[ast.stmt, Place] | None:
    """The statement that clears too early, and where it has to go. None: no place is certain."""
    statement = _whole_loop(script, clear.statement)
    step = update.step.statement
    if statement is None or step is None or script.function_of(statement) is not script.function_of(step):
        return None
    text = script.source(statement)
    if _accumulates(update):
        return statement, Place(step, True, text)
    before = before_window(script, update)
    if before is None or before is statement:
        return None
    name = (
        clear.node.func.value
        if isinstance(clear.node, ast.Call) and isinstance(clear.node.func, ast.Attribute)
        else None
    )
    header = (
        loop_over(script, name, before, update.step, update.loop)
        if name is not None and statement is clear.statement
        else None
    )
    return statement, Place(before, False, f"{header}\n    {text}" if header else text)


def _whole_loop(script: Script, statement: ast.stmt | None) -> ast.stmt | None:
    """`for o in optimizers: o.zero_grad()` moves as one; other statements on their own."""
    if not isinstance(statement, ast.Expr):
        return None
    parent = script.parents[statement]
    return parent if isinstance(parent, ast.For) and parent.body == [statement] and not parent.orelse else statement


def cleared_before(update: Update, clear: Event) -> bool:
    """Whether another clear already stands before the window's first backward call, so that `clear` is not needed."""
    return update.loop is not None and any(each is not clear and _leads(each, update) for each in update.clears)


def _leads(clear: Event, update: Update) -> bool:
    """Whether a clear stands before the window's first backward call, in the same sequence of statements."""
    block = _common_block([*update.window, update.step])
    if clear.subject is not update.optimizer or block is None or clear.parent is not block:
        return False
    return block.items.index(clear) < next(i for i, item in enumerate(block.items) if _covers(item, update.window[0]))


def before_window(script: Script, update: Update) -> ast.stmt | None:
    """The statement before which everything happens ahead of the window's first backward call."""
    if not update.window:
        return None
    block = _common_block([*update.window, update.step])
    if block is None:
        return None
    first = next((item for item in block.items if _covers(item, update.window[0])), None)
    statement = _statement(first)
    if statement is None or statement is update.step.statement:
        return None
    if script.function_of(statement) is not script.function_of(update.step.statement or statement):
        return None
    top = _top_of_body(script, update, block)
    return top or statement


def _common_block(items: list[Event]) -> Block | None:
    """The innermost sequence of statements that holds all of `items`."""
    for node in ancestors(items[-1]):
        if isinstance(node, Block) and all(within(each, node) for each in items):
            return node
    return None


def _covers(item: Event | Node, event: Event) -> bool:
    return item is event or (not isinstance(item, Event) and within(event, item))


def _statement(item: Event | Node | None) -> ast.stmt | None:
    match item:
        case Event() | Inlined() | Branch() | Loop():
            return item.statement
    return None


def _accumulates(update: Update) -> bool:
    """Whether the step is left out in some rounds that call backward, for another reason than a bad gradient."""
    block = _common_block([*update.window, update.step])
    for node in ancestors(update.step):
        if node is block:
            break
        if isinstance(node, Branch) and isinstance(node.node, ast.If) and _counts(node.node.test):
            return True
    started = False
    for item in block.items if block else ():
        if _covers(item, update.step):
            return False
        if started and _passes_over(item):
            return True
        started = started or _covers(item, update.window[-1])
    return False


def _passes_over(item: Event | Node) -> bool:
    """`if i % 4: continue`"""
    if not isinstance(item, Branch) or not isinstance(item.node, ast.If) or not _counts(item.node.test):
        return False
    return any(each.detail == "continue" for each in events(item, EventKind.JUMP))


def _counts(test: ast.expr) -> bool:
    """Whether a condition may count rounds: a remainder, or nothing that has to do with loss, gradients or mode."""
    nodes = list(walk(test))
    return any(isinstance(each, ast.Mod) for each in nodes) or not any(_SKIPS.search(_word(each)) for each in nodes)


def _word(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _top_of_body(script: Script, update: Update, block: Block) -> ast.stmt | None:
    """The loop body's first statement, if its first backward is the window's and the file's other loops clear there."""
    if update.loop is None or block is not update.loop.body or not isinstance(update.loop.node, ast.For | ast.While):
        return None
    if next(events(block, EventKind.BACKWARD, EventKind.STEP), None) is not update.window[0]:
        return None
    habits = []
    for other in script.updates:
        body = other.loop.node.body if other.loop and isinstance(other.loop.node, ast.For | ast.While) else []
        habits += [body[0] is each.statement for each in other.clears if each.statement in body]
    return update.loop.node.body[0] if habits and all(habits) else None


def loop_over(
    script: Script, name: ast.expr, place: ast.stmt, event: Event, around: Loop | Inlined | None
) -> str | None:
    """The header of the loop, inside of `around`, that binds the optimizer's name for `event` and not for `place`."""
    root = _root(name)
    for node in ancestors(event):
        if isinstance(node, Loop) and node is not around and isinstance(node.node, ast.For):
            targets = {each.id for each in walk(node.node.target) if isinstance(each, ast.Name)}
            if root in targets and (node.node is place or not any(each is place for each in walk(node.node))):
                return f"for {script.source(node.node.target)} in {script.source(node.node.iter)}:"
    return None


def _in_scope(script: Script, name: ast.expr, before: ast.stmt, update: Update) -> bool:
    """Whether the optimizer's name means at `before` what it means at the step: nothing between them binds it."""
    root = _root(name)
    if root is None:
        return False
    start, end = before.lineno, update.step.node.lineno  # type: ignore[attr-defined]
    scope = script.function_of(before) or script.tree
    return not any(
        isinstance(each, ast.Name)
        and each.id == root
        and isinstance(each.ctx, ast.Store)
        and start <= each.lineno <= end
        for each in walk(scope)
    )


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
