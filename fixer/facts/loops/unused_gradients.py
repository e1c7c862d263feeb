"""Backward calls whose gradients an optimizer clears again before anybody has used them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.loops.gradient_uses import (
    certain_objects,
    disjoint,
    escapes_anywhere,
    known_to_share,
    may_be,
    objects,
    other_objects,
    plainly_used,
    read_in,
    reads_gradients,
    same_objects,
    takes_gradients,
    used_out_of_sight,
)
from fixer.facts.loops.relations import of_lightning
from fixer.facts.loops.steps_elsewhere import is_handler, step_out_of_sight
from fixer.facts.loops.updates import never_together, unconditional
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.training import Block, Event, EventKind, Inlined, Loop, ancestors, events, exclusive, within
from fixer.facts.program.values import Part, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

# Functions of these names compute gradients for somebody else, or look at what a step costs.
_FOR_OTHERS = re.compile(r"grad|backward|accum|loss|closure|test", re.IGNORECASE)


_MEASURES = re.compile(r"bench|profil|timing|time_|speed|measure|memory|warm|batch_?size|oom", re.IGNORECASE)
"""Functions of these names do what a training step costs, and need not train."""
_WARMS_UP = re.compile(r"warm.?up|benchmark|profil", re.IGNORECASE)
"""Remarks that say so; what they measure else is the loss."""


@dataclass(eq=False)
class Unused:
    """`backward` computes gradients of what `optimizer` trains, `clear` throws them away, no step comes between."""

    optimizer: Value
    clear: Event
    backwards: list[Event]
    """The backward calls between one clear and the next."""
    region: Loop | Inlined
    """The loop that repeats both, or the function that holds both."""
    order: list[Event]
    """The events of one round of it, on the way on which the backward calls happen."""

    @property
    def last(self) -> Event:
        return self.backwards[-1]


def unused_gradients(script: Script) -> Iterator[Unused]:
    """For each backward call that is wasted wherever the program makes it, the first clear that wastes it."""
    run = script.run
    if not run.complete or "post_accumulate" in script.text:
        return
    wasted: dict[ast.AST, list[Unused]] = {}
    for occurrences in _by_clear(script).values():
        found = [(each, _unused(script, each)) for each in occurrences]
        others = [clear for clear, unused in found if unused is None]
        for unused in (each for _, each in found if each is not None):
            if not any(_may_keep(clear, unused) for clear in others):
                wasted.setdefault(unused.last.node, []).append(unused)
    if not wasted or step_out_of_sight(script):
        return
    for several in wasted.values():
        # where one function clears for several optimizers, it is the one that never steps there
        yield min(several, key=lambda each: any(may_be(_subject(x), each.optimizer) for x in _steps_in(each.region)))


def _may_keep(clear: Event, unused: Unused) -> bool:
    """Whether the clear, on another way through the program, comes after the same backward call and wastes nothing."""
    region = _region(clear)
    if region is None:
        return True
    for order in _orders(region):
        backwards = _window(clear, order)[0] if clear in order else []
        if region is not unused.region:
            backwards = [*backwards, *(_just_before(clear, order, region) if clear in order else [])]
        if any(each.node is unused.last.node for each in backwards):
            return True
    return False


def _steps_in(region: Loop | Inlined) -> list[Event]:
    return [each for each in events(region, EventKind.STEP) if each.subject is not None]


def _by_clear(script: Script) -> dict[ast.AST, list[Event]]:
    groups: dict[ast.AST, list[Event]] = {}
    for root in script.run.roots:
        for clear in events(root, EventKind.CLEAR):
            if clear.subject is not None and kind(clear.subject) is Kind.OPTIMIZER:
                groups.setdefault(clear.node, []).append(clear)
    return groups


def _unused(script: Script, clear: Event) -> Unused | None:
    region = _region(clear)
    optimizer = clear.subject
    if region is None or optimizer is None or not plainly_used(optimizer):
        return None
    if any(each.subject is None for each in events(region, EventKind.CLEAR)):
        return None  # gradients are changed by hand
    found = next(filter(None, (_unused_in(script, clear, region, order) for order in _orders(region))), None)
    if found is None or _measured(script, region) or used_out_of_sight(script, region, found.backwards[0], clear):
        return None
    lasting = isinstance(region, Loop) or of_lightning(optimizer) is not None
    shown_only = lasting and _never(found, _steps_on_the_way(script, found))
    return None if read_in(region, takes_gradients if shown_only else reads_gradients) else found


def _orders(region: Loop | Inlined) -> Iterator[list[Event]]:
    """What happens in a round: where a backward call stands in an arm of an `if`, without the other arm; and all."""
    order = list(events(region, EventKind.BACKWARD, EventKind.STEP, EventKind.CLEAR))
    for backward in order:
        if backward.kind is EventKind.BACKWARD:
            own = [each for each in order if not exclusive(each, backward) and not _apart(each, backward, region)]
            if len(own) < len(order):
                yield own
    yield order


def _apart(step: Event, backward: Event, region: Loop | Inlined) -> bool:
    """Whether options decide which of the two happens, in all rounds of a loop."""
    return isinstance(region, Loop) and within(step, region) and never_together(step, backward, region)


def _unused_in(script: Script, clear: Event, region: Loop | Inlined, order: list[Event]) -> Unused | None:
    backwards, behind = _window(clear, order) if clear in order else ([], None)
    if not backwards or clear.subject is None:
        return None
    alone = behind is None or behind.kind is EventKind.CLEAR
    if not alone:  # another optimizer steps with those; what this clear follows is more likely to be its own
        backwards = _just_before(clear, order, region) or backwards[:-1] or backwards
    found = Unused(clear.subject, clear, backwards, region, order)
    return found if _never_stepped(script, found, alone) else None


def _just_before(clear: Event, order: list[Event], region: Loop | Inlined) -> list[Event]:
    """The backward calls that a clear follows, perhaps at the end of the round before, with only clears between."""
    found: list[Event] = []
    place = order.index(clear)
    before = order[place + 1 :] + order[:place] if isinstance(region, Loop) else order[:place]
    for event in reversed(before):
        if event.kind is EventKind.BACKWARD:
            found.insert(0, event)
        elif event.kind is not EventKind.CLEAR or found:
            break
    return found


def _region(clear: Event) -> Loop | Inlined | None:
    """The innermost loop that repeats the clear and a backward call; without one, the function that holds both."""
    around = [each for each in ancestors(clear) if isinstance(each, Loop | Inlined)]
    holding = [each for each in around if any(events(each.body, EventKind.BACKWARD))]
    loops = [each for each in holding if isinstance(each, Loop) and each.repeats]
    return next(iter(loops), None) or next((each for each in holding if isinstance(each, Inlined)), None)


def _window(clear: Event, order: list[Event]) -> tuple[list[Event], Event | None]:
    """The backward calls behind a clear, around the loop, and the clear or step that follows them.

    In a function those before the clear, too: it empties them, whoever calls it.
    """
    place = order.index(clear)
    order = order[place + 1 :] + order[: place + 1]
    found: list[Event] = []
    for event in order:
        if event.kind is EventKind.BACKWARD:
            found.append(event)
        elif found:
            return found, event
        elif event.kind is EventKind.STEP or event is clear:
            return [], event
    return found, None


def _never_stepped(script: Script, found: Unused, alone: bool) -> bool:
    """Whether no step uses the gradients: none in the region, none behind it before they are cleared.

    Where other optimizers step with what the same backward call computed (`alone` is False), or where callers out of
    sight may step, nobody must do so with this one anywhere.
    """
    optimizer = found.optimizer
    steps = _steps_on_the_way(script, found)
    inside = [each for each in steps if within(each, found.region)]
    if any(_may_use(found, each) for each in inside):
        return False
    never = _never(found, steps)
    if script.run.hidden_clears and not (never and not reads_gradients(script.tree)):
        return False
    if isinstance(found.region, Loop) and alone:
        return not _stepped_behind(found)
    if isinstance(found.region, Inlined) and not inside and _thrown_away(found):
        return _is_update(found, found.region)
    handler = isinstance(found.region, Inlined) and is_handler(script, found.region)
    if not never or not (certain_objects(optimizer) or handler):
        return False
    if not alone and not all(disjoint(_subject(each), optimizer) for each in inside):
        return False
    if isinstance(found.region, Inlined) and not _is_update(found, found.region):
        return False
    return handler or not escapes_anywhere(script.run.roots, optimizer)


def _thrown_away(found: Unused) -> bool:
    """Whether the clear comes right behind the backward call, in the same block: nobody can use what is computed."""
    place = found.order.index(found.last)
    return found.order[place + 1 : place + 2] == [found.clear] and found.clear.parent is found.last.parent


def _steps_on_the_way(script: Script, found: Unused) -> list[Event]:
    """All steps of the program but those that its options choose in the place of the backward calls."""
    every = (each for root in script.run.roots for each in events(root, EventKind.STEP) if each.subject is not None)
    return [each for each in every if not _apart(each, found.last, found.region)]


def _never(found: Unused, steps: list[Event]) -> bool:
    return not any(may_be(_subject(each), found.optimizer) for each in steps)


def _may_use(found: Unused, step: Event) -> bool:
    """Whether a step of the region may use the gradients: of the same parameters, and not cleared before it anew."""
    other = _subject(step)
    if not may_be(other, found.optimizer) and not known_to_share(other, found.optimizer):
        return False
    place = found.order.index(found.last)
    for event in [*found.order[place + 1 :], *found.order[:place]]:
        if event is step:
            return True
        if event.kind is not EventKind.CLEAR or exclusive(event, step):
            continue
        if same_objects(event.subject, other) and unconditional(event, step):
            return False
    return True


def _measured(script: Script, region: Loop | Inlined) -> bool:
    """Whether the function's name, or a remark at the loop, says that a training step is only measured or warmed up."""
    functions = [each.function.function for each in [region, *ancestors(region)] if isinstance(each, Inlined)]
    if any(_MEASURES.search(getattr(each, "name", "")) for each in functions):
        return True
    first, last = getattr(region.statement, "lineno", 0), getattr(region.statement, "end_lineno", None) or 0
    lines = script.text.splitlines()[max(0, first - 3) : last] if script.home(_node_of(region)) is None else []
    return any(_WARMS_UP.search(each.partition("#")[2]) for each in lines)


def _node_of(region: Loop | Inlined) -> ast.AST:
    return region.node if isinstance(region, Loop) else region.call


def _subject(step: Event) -> Value:
    assert step.subject is not None
    return step.subject


def _stepped_behind(found: Unused) -> bool:
    """Whether a step behind the loop comes before the next clear, and so uses what the loop's last round left."""
    for outer in ancestors(found.region):
        if isinstance(outer, Block) and outer.parent is not None:
            continue
        order = list(events(outer, EventKind.BACKWARD, EventKind.STEP, EventKind.CLEAR))
        inside = [index for index, each in enumerate(order) if within(each, found.region)]
        behind = order[inside[-1] + 1 :] + (order[: inside[0]] if isinstance(outer, Loop) else [])
        for each in behind:
            whose = None if each.kind is EventKind.BACKWARD else each.subject
            if whose is None or not other_objects(whose, found.optimizer):
                return each.kind is EventKind.STEP
    return False


def _is_update(found: Unused, function: Inlined) -> bool:
    """Whether a function that the file does not call in a loop is one update of an optimizer made elsewhere."""
    definition = function.function.function
    if definition is None or _FOR_OTHERS.search(getattr(definition, "name", "")):
        return False
    inside = {id(node) for node in walk(definition)}
    made = (each for each in objects(found.optimizer) if not (isinstance(each, Part) and each.how == "attribute"))
    return not any(id(one.node) in inside and of_lightning(one) is None for one in made)
