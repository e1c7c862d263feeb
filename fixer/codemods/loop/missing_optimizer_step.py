"""missing-optimizer-step."""

from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, insert_after, insert_before, rule
from fixer.facts.loops.unused_gradients import unused_gradients
from fixer.facts.places.step_places import place_for_step
from fixer.facts.script import Script


@rule(
    "missing-optimizer-step",
    needs=("backward", "zero_grad"),
    safety=Safety.SAFE,
    symptom="parameters-frozen",
    loss=LossEffect.LOWER,
)
def missing_optimizer_step(script: Script) -> Iterator[Finding]:
    """Gradients are computed and cleared again, but the optimizer never steps: the model never learns.

    ## What it does
    Looks for a backward call whose gradients an optimizer clears in the next round, while nothing between the two uses
    them: no step of this optimizer, no code that reads `.grad`, no call out of sight that could do either.

    ## Why is this bad?
    `backward()` only computes gradients; `step()` is what changes the parameters. Without it every epoch runs on the
    same weights. Nothing fails, and the loss even moves a little from batch to batch.

    ## What is left alone
    Gradients that are looked at or applied by hand, steps with a closure, in a helper, in a callback or behind the
    loop, engines and wrappers that step by themselves, optimizers that are handed to code out of sight, functions that
    compute gradients for their caller, and one optimizer of several that clears what another one steps with.

    ## Fix
    `step()` goes behind the last backward call and behind what clips or unscales its gradients; where the clear closes
    the round (accumulation), directly before the clear. Where the loss was scaled, it is the gradient scaler's step.

    ## References
    - [Optimizing model parameters](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
    """
    for found in unused_gradients(script):
        place = place_for_step(script, found)
        fix = None
        if place is not None:
            insert = insert_after if place.after else insert_before
            fix = Fix(f"Insert `{place.code.strip()}`", (insert(place.anchor, place.code),))
        yield Finding(
            found.last.node if script.home(found.last.node) is None else found.clear.node,
            "the gradients computed here are cleared again before any optimizer steps: nothing is learned from them",
            fix,
        )
