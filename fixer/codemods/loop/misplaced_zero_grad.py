"""misplaced-zero-grad."""

import ast
from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, insert_before, move_after, move_before, remove, rule
from fixer.facts.loops.late_backward import late_backwards
from fixer.facts.loops.updates import Update, by_step, describe, lost_clear, trains
from fixer.facts.places.placement import Place, cleared_before, place_for_misplaced
from fixer.facts.places.reach import called_here
from fixer.facts.program.training import Event
from fixer.facts.script import Script


@rule(
    "misplaced-zero-grad",
    needs=("backward", "step", "grad"),
    safety=Safety.SAFE,
    symptom="gradient-missing-at-step",
    loss=LossEffect.LOWER,
)
def misplaced_zero_grad(script: Script) -> Iterator[Finding]:
    """Gradients are cleared between backward and step, so the step does nothing.

    ## What it does
    Looks for a `zero_grad()` that always runs after the last backward call and before the step that should use its
    gradients.

    ## Why is this bad?
    `backward()` computes the gradients, `zero_grad()` throws them away, `step()` finds none: the model never learns.

    ## What is left alone
    Clearing after the step, clearing between two backward calls, gradients written by hand, steps with a closure, and
    a step that the file takes only once, outside of any loop (which makes the optimizer's state).

    ## Fix
    The statement moves to directly before the first backward call that feeds the step. Where the gradients are cleared
    there already, it is removed.

    ## References
    - [Optimizing model parameters](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
    """
    late = {each.update.step.node for each in late_backwards(script)}
    for step, occurrences in by_step(script.updates):
        if step in late or not any(trains(script.run, each) for each in occurrences):
            continue
        clears = [lost_clear(each) for each in occurrences]
        clear = clears[0]
        if clear is None or any(each is None or each.node is not clear.node for each in clears):
            continue
        name = describe(occurrences[0])
        message = f"gradients are cleared after backward and before `{name}` steps: the step does nothing"
        if script.home(clear.node) is not None:  # an optimizer of the project's own, in another file
            calls = dict.fromkeys(call for each in clears if each and (call := called_here(script, each)) is not None)
            yield from (Finding(call, message) for call in calls)
            continue
        found = place_for_misplaced(script, occurrences[0], clear)
        fix = _mend(script, occurrences[0], clear, *found) if found else None
        yield Finding(clear.statement or clear.node, message, fix)


def _mend(script: Script, update: Update, clear: Event, statement: ast.stmt, place: Place) -> Fix:
    if cleared_before(update, clear):
        return Fix("Remove the `zero_grad()` between backward and step", (remove(statement),))
    if place.code != script.source(statement):
        edits = insert_before(place.anchor, place.code), remove(statement)
        return Fix("Clear the gradients in a loop of their own before backward", edits)
    if place.after:
        return Fix("Clear the gradients after the step", (move_after(statement, place.anchor),))
    return Fix("Clear the gradients before backward", (move_before(statement, place.anchor),))
