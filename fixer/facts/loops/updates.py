"""Updates: the steps of optimizers inside loops, the backward calls that feed them, and what clears their gradients."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.loops.relations import may_act_on, may_clear, share_parameters, steps_like_a_wrapper, trained
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Run
from fixer.facts.program.training import (
    Block,
    Branch,
    Event,
    EventKind,
    Inlined,
    Loop,
    ancestors,
    events,
    nodes,
    within,
)
from fixer.facts.program.values import Function, Made, Value, options, roots
from fixer.facts.program.walk import walk

_OPTIONS = re.compile(
    r"(^|[._])(args?|opts?|options|cfg|conf|config|hparams|params|flags|settings)(_?\d+)?(\.\w+){0,2}$", re.IGNORECASE
)
"""What the user has chosen before the program runs, `args.fp16`, or what holds it, `self.config`."""


@dataclass(eq=False)
class Update:
    """One step of one optimizer, as it happens on one way through the calls of the file."""

    step: Event
    optimizer: Value
    window: list[Event]
    """The backward calls whose gradients the step uses: those since the step of any optimizer before it."""
    loop: Loop | None
    """The innermost loop that repeats both the step and a backward call."""

    @property
    def clears(self) -> list[Event]:
        """What may clear this optimizer's gradients within one round of the loop."""
        if self.loop is None:
            return []
        found = [each for each in events(self.loop.body, EventKind.CLEAR) if may_clear(each, self.optimizer)]
        return [each for each in found if not never_together(each, self.step, self.loop)]

    @property
    def may_be_cleared(self) -> bool:
        """Whether on any path, in sight or out of it, gradients may be cleared between this step and the next."""
        return bool(self.clears) or self.may_be_cleared_out_of_sight

    @property
    def may_be_cleared_out_of_sight(self) -> bool:
        """Whether it may be cleared by other things than the clears in the loop."""
        assert self.loop is not None
        if any(steps_like_a_wrapper(one) for one in options(self.optimizer)):
            return True
        if any(may_act_on(each, self.optimizer) for each in events(self.loop.body, EventKind.ESCAPE)):
            return True
        # an optimizer or a model that each round makes anew starts without gradients
        subjects = {id(each) for one in options(self.optimizer) for each in [*roots(one), *trained(one)]}
        made = events(self.loop.body, EventKind.MAKE, EventKind.CALL)
        return any(
            id(one) in subjects and one.node is event.node
            for event in made
            for one in options(event.subject or Value())
        )

    @property
    def leaves_a_part(self) -> bool:
        """Whether all that is cleared are models, and certainly none of them is one of those that the optimizer trains.

        Such a model is made by the program, shares nothing with those that are cleared, and runs in the loop.
        """
        assert self.loop is not None
        cleared = [event.subject for event in self.clears if event.subject is not None]
        if len(cleared) < len(self.clears) or not all(kind(each) is Kind.MODULE for each in cleared):
            return False
        runs = [event.subject for event in events(self.loop.body, EventKind.FORWARD) if event.subject is not None]
        return any(
            isinstance(model, Made)
            and any(share_parameters([model], [each]) for each in runs)
            and not any(share_parameters([model], [each]) for each in cleared)
            for model in trained(self.optimizer)
        )

    def between(self, first: Event, kinds: tuple[EventKind, ...]) -> Iterator[Event]:
        """Events of these kinds from `first` to the step, in the order of the text."""
        root = next((node for node in ancestors(self.step) if within(first, node)), None)
        started = False
        for event in events(root, *kinds, first.kind, EventKind.STEP) if root else ():
            if event is self.step:
                return
            if started and event.kind in kinds:
                yield event
            started = started or event is first


def updates(run: Run) -> list[Update]:
    """Every step of an optimizer (without a closure, which may do anything)."""
    if not run.complete:
        return []
    found = []
    for root in run.roots:
        for step in events(root, EventKind.STEP):
            if step.subject is not None and step.detail != "closure":
                loop = _repeating_loop(step)
                found.append(Update(step, step.subject, _window(step, loop or root), loop))
    return found


def trains(run: Run, update: Update) -> bool:
    """Whether the step is one of many: in a loop, or in a function whose callers are out of sight.

    One that is handed to an engine, `Engine(train_step)`, is called from there, even if the file tries it once itself.
    """
    if update.loop is not None or not within(update.step, run.roots[0]):
        return True
    around = {id(each.function.function) for each in ancestors(update.step) if isinstance(each, Inlined)}
    return any(
        isinstance(event.subject, Function) and id(event.subject.function) in around
        for root in run.roots
        for event in events(root, EventKind.ESCAPE)
    )


def _repeating_loop(step: Event) -> Loop | None:
    for node in ancestors(step):
        if isinstance(node, Loop) and node.repeats and any(events(node.body, EventKind.BACKWARD)):
            return node
    return None


def _window(step: Event, region: Loop | Block) -> list[Event]:
    """The backward calls before the step, back to the step of any optimizer before them; steps in a row share them."""
    found: list[Event] = []
    for event in events(region, EventKind.BACKWARD, EventKind.STEP):
        if event is step:
            return found
        if event.kind is EventKind.BACKWARD:
            found.append(event)
        elif found and _more_backward_before(event, step, region):
            found = []
    return found


def _more_backward_before(earlier: Event, step: Event, region: Loop | Block) -> bool:
    """Whether another backward call follows `earlier` before `step`."""
    started = False
    for event in events(region, EventKind.BACKWARD, EventKind.STEP):
        if event is step:
            return False
        if started and event.kind is EventKind.BACKWARD:
            return True
        started = started or event is earlier
    return False


def receiver(step: Event) -> ast.expr | None:
    """The expression that names the optimizer in `optimizer.step()`, `scaler.step(optimizer)`."""
    match step.node:
        case ast.Call(func=ast.Attribute(attr="step", value=value), args=[]):
            return value
        case ast.Call(args=[first, *_]):
            return first
    return None


def by_step(found: list[Update]) -> list[tuple[ast.AST, list[Update]]]:
    """Updates grouped by the step's place in the text: a function called twice steps twice."""
    groups: dict[ast.AST, list[Update]] = {}
    for update in found:
        groups.setdefault(update.step.node, []).append(update)
    return list(groups.items())


def never_together(left: Event, right: Event, loop: Loop) -> bool:
    """Whether the two stand on different sides of one condition, which no round of the loop changes."""
    first, second = dict(conditions(left, loop)), dict(conditions(right, loop))
    return any(
        second.get(test, arm) != arm and _lasts(ast.parse(test, mode="eval").body, loop) for test, arm in first.items()
    )


def conditions(event: Event, loop: Loop) -> Iterator[tuple[str, int]]:
    """The tests of the `if`s around an event in a loop, and whether it stands in the first arm or in the second."""
    for node in ancestors(event):
        if node is loop:
            return
        around = node.parent
        if isinstance(node, Block) and isinstance(around, Branch) and isinstance(around.node, ast.If):
            yield ast.unparse(around.node.test), next(i for i, arm in enumerate(around.arms) if arm is node)


def _lasts(test: ast.expr, loop: Loop) -> bool:
    """Whether a test gives the same in each round: of options and of variables that nothing in the loop binds."""
    names = {each.id for each in walk(test) if isinstance(each, ast.Name)}
    read = [each for each in walk(test) if isinstance(each, ast.Attribute)]
    names |= {each.attr for each in read}
    if not names or any(isinstance(each, ast.Call | ast.Subscript | ast.Await) for each in walk(test)):
        return False
    if any(not _OPTIONS.search(ast.unparse(each)) for each in read):
        return False
    trees = [loop.node, *(each.function.function for each in nodes(loop) if isinstance(each, Inlined))]
    for node in (each for tree in trees if tree is not None for each in walk(tree)):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                if name in names:
                    return False
    return True


def lost_clear(update: Update) -> Event | None:
    """The clear that always runs between the window's last backward call and the step, and so empties the step."""
    if not update.window:
        return None
    lost = None
    last = update.window[-1]
    for event in update.between(last, (EventKind.CLEAR, EventKind.ESCAPE, EventKind.STEP)):
        match event.kind:
            case EventKind.CLEAR if _clears_all(event, update) and unconditional(event, update.step):
                lost = lost or event
            case EventKind.CLEAR if event.subject is None:
                return None
            case EventKind.ESCAPE if may_act_on(event, update.optimizer):
                return None
    return lost


def unconditional(event: Event, step: Event) -> bool:
    """Whether `event` happens whenever `step` does: no branch around it that is not around the step, too."""
    return not any(isinstance(node, Branch) and not within(step, node) for node in ancestors(event))


def _clears_all(event: Event, update: Update) -> bool:
    """Whether a clear is certain to empty every gradient that the optimizer uses."""
    if event.subject is None:
        return False
    subjects = {id(each) for each in options(event.subject)}
    return subjects == {id(each) for each in options(update.optimizer)} or (
        len(subjects) == 1 and {id(each) for one in options(update.optimizer) for each in trained(one)} == subjects
    )


def describe(update: Update) -> str:
    """The optimizer as the program writes it."""
    name = receiver(update.step)
    return ast.unparse(name) if name is not None else "the optimizer"
