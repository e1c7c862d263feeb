"""missing-train-mode."""

from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, insert_before, rule
from fixer.facts.loops.mode_gaps import Stuck, mode_gaps
from fixer.facts.places.mode_places import start_of_other_arm, start_of_part, text_of_model, top_of_function
from fixer.facts.script import Script


@rule(
    "missing-train-mode",
    needs=("torch", "backward|step", "eval()"),
    safety=Safety.SAFE,
    symptom="eval-mode-in-training",
    loss=LossEffect.EITHER,
)
def missing_train_mode(script: Script) -> Iterator[Finding]:
    """After the first evaluation, training goes on in evaluation mode.

    ## What it does
    Follows the mode of every model through the program. Reports training in a loop that also calls `model.eval()` to
    evaluate the model, and never `model.train()`.

    ## Why is this bad?
    `eval()` stays in force until `train()`. From the second round on dropout is off and batch norm uses its running
    averages instead of the batch's statistics, and no longer updates them: the model overfits, or stops learning, and
    the loss may even look better than before.

    ## What is left alone
    Training that is in evaluation mode on purpose (frozen feature extractors, frozen batch norm), one evaluation after
    training, models without a layer that minds the mode, models with their own `train` and `eval`, and models that code
    out of sight may have switched back.

    ## Fix
    `model.train()` goes to the start of the training part: the top of the function that trains, else before the loop
    over the batches. Where the rounds of one loop are training and evaluation in turn, it goes to the other arm of the
    test that switches to evaluation.

    ## References
    - [torch.nn.Module.eval](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval)
    """
    for stuck in mode_gaps(script).stuck():
        name = script.source(stuck.written)
        line = getattr(stuck.switch.node, "lineno", 0)
        message = f"`{name}` is trained in evaluation mode after the `eval()` of line {line}, which nothing undoes"
        node = stuck.switch.node if script.home(stuck.switch.node) is None else stuck.forward.node
        yield Finding(node, message, _mend(script, stuck))


def _mend(script: Script, stuck: Stuck) -> Fix | None:
    forward, loop = stuck.forward.node, stuck.loop.node
    if stuck.in_phases:
        anchor = start_of_other_arm(script, stuck.switch.node)
    elif script.function_of(forward) is script.function_of(loop):
        anchor = start_of_part(script, forward, stuck.switch.node, loop)
    else:
        anchor = top_of_function(script, forward, script.source(stuck.written))
    name = text_of_model(script, stuck.written, anchor) if anchor is not None else None
    if anchor is None or name is None:
        return None
    return Fix("Switch to training mode before training", (insert_before(anchor, f"{name}.train()"),))
