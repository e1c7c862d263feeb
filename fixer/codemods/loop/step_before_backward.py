"""step-before-backward."""

import re
from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, move_after, move_before, rule
from fixer.facts.loops.late_backward import LateBackward, late_backwards
from fixer.facts.loops.updates import describe
from fixer.facts.script import Script

_PREPARES = re.compile(r"\bclip|\.unscale_\(")
_FOLLOWS = re.compile(r"\w*sched\w*\.step\(|scaler\w*\.update\(")


@rule(
    "step-before-backward",
    needs=("backward", "step", "zero_grad"),
    safety=Safety.SAFE,
    symptom="gradient-of-earlier-step",
    loss=LossEffect.EITHER,
)
def step_before_backward(script: Script) -> Iterator[Finding]:
    """The optimizer steps before the backward call of the same loss, so the step never uses its gradients.

    ## What it does
    Looks for a loop in which a loss is computed, the optimizer steps, and then that loss goes backward, while no other
    backward call feeds the step.

    ## Why is this bad?
    A step uses the gradients that are there. Before `backward()` there are none, if they were cleared, and the model
    never learns; or they are those of the batch before, computed for other weights. Networks of several layers then
    stop with an error, because the step has changed weights that the backward call still needs.

    ## What is left alone
    Loops that begin with the step of the round before and compute the next loss behind it, updates of several
    optimizers that take turns, steps under a condition of their own, steps with a closure, gradients that are changed
    by hand, and rounds in which code out of sight may go backward.

    ## Fix
    The step moves to directly behind the backward call. Where a schedule or a gradient scaler follows the step, the
    backward call moves before it instead; where clipping stands between the two, they change places.

    ## References
    - [Optimizing model parameters](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
    """
    for found in late_backwards(script):
        yield Finding(
            found.step,
            f"`{describe(found.update)}` steps before the loss goes backward: the step does not use its gradients",
            _mend(script, found),
        )


def _mend(script: Script, found: LateBackward) -> Fix | None:
    texts = [script.source(each) for each in found.between]
    clears = any("zero_grad" in each for each in texts)
    prepares = any(map(_PREPARES.search, texts))
    follows = any(map(_FOLLOWS.search, texts))
    if not prepares and not follows:
        return Fix("Step after backward", (move_after(found.step, found.backward),))
    if follows and not clears and not prepares:
        return Fix("Go backward before the step", (move_before(found.backward, found.step),))
    if prepares and not clears and not follows:
        edits = move_before(found.backward, found.between[0]), move_after(found.step, found.between[-1])
        return Fix("Go backward, then clip, then step", edits)
    return None
