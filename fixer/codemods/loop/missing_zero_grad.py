"""missing-zero-grad."""

import ast
from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, insert_after, insert_before, rule
from fixer.facts.loops.updates import Update, by_step, describe
from fixer.facts.places.placement import place_for_clear
from fixer.facts.places.step_places import call_of_wrapper
from fixer.facts.script import Script

_FREEZES = ("requires_grad", "detach", "no_grad")


@rule(
    "missing-zero-grad",
    needs=("backward", "step"),
    safety=Safety.SAFE,
    symptom="stale-gradients",
    loss=LossEffect.EITHER,
)
def missing_zero_grad(script: Script) -> Iterator[Finding]:
    """Gradients are never cleared, so every step also uses those of all steps before it.

    ## What it does
    Looks for loops in which an optimizer steps while nothing clears its gradients between one step and the next, or
    only those of some of the models that it trains.

    ## Why is this bad?
    `backward()` adds to `.grad`. Without `zero_grad()` the sum grows for as long as the loop runs: old gradients act as
    momentum that is never damped. Training may look faster at first and then oscillates or diverges.

    ## What is left alone
    Accumulation (cleared once per window), `model.zero_grad()`, gradients set to None or zeroed by hand, closures,
    helpers, wrappers and callbacks that clear, loops that make the model or the optimizer anew, and every loop in which
    the optimizer or its model is handed to code out of sight.

    ## Fix
    `zero_grad()` goes directly before the first backward call that feeds the step, or to the top of the loop body where
    the file's other loops have it there. Under a condition that counts rounds (accumulation) it goes behind the step.

    ## References
    - [torch.optim.Optimizer.zero_grad](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html)
    """
    if script.run.hidden_clears:
        return
    for step, occurrences in by_step(script.updates):
        looped = [each for each in occurrences if each.loop is not None]
        if not looped or any(_may_be_cleared(script, each) for each in looped):
            continue
        name = describe(looped[0])
        fix = None
        if script.home(step) is not None:  # a class of another file steps for this one
            call = call_of_wrapper(script, looped[0])
            if call is None:
                continue
            step, name = call.node, script.source(call.receiver)
            if call.clears:
                clear = f"{name}.zero_grad()"
                fix = Fix(f"Insert `{clear}`", (insert_after(call.statement, clear),))
            yield _finding(step, name, fix)
            continue
        place = place_for_clear(script, looped[0])
        if place is not None:
            insert = insert_after if place.after else insert_before
            fix = Fix(f"Insert `{place.code.strip()}`", (insert(place.anchor, place.code),))
        yield _finding(step, name, fix)


def _finding(step: ast.AST, name: str, fix: Fix | None) -> Finding:
    message = f"`{name}` steps in this loop, but its gradients are never cleared: they add up from step to step"
    return Finding(step, message, fix)


def _may_be_cleared(script: Script, update: Update) -> bool:
    """Whether all gradients may be cleared. A model that is frozen needs no clearing."""
    if update.clears and not (update.leaves_a_part and not any(word in script.text for word in _FREEZES)):
        return True
    return update.may_be_cleared_out_of_sight
