"""missing-eval-mode."""

import ast
from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, insert_after, insert_before, rule
from fixer.edits import Edit
from fixer.facts.loops.mode_gaps import Look, mode_gaps
from fixer.facts.places.mode_places import text_of_model, top_of_function, trains_within, whole_evaluation
from fixer.facts.program.walk import walk
from fixer.facts.script import Script


@rule(
    "missing-eval-mode",
    needs=("torch", "oader|no_grad|inference_mode|grad_enabled|backward", "test|val|dev|Test|Val"),
    safety=Safety.SAFE,
    symptom="train-mode-in-evaluation",
    loss=LossEffect.SAME,
)
def missing_eval_mode(script: Script) -> Iterator[Finding]:
    """A model with dropout or batch norm is evaluated in training mode.

    ## What it does
    Follows the mode of every model through the program. Reports loops over test or validation data that call a model
    and never train it, where the model is in training mode on every path, and has layers that mind it; of a model whose
    layers are out of sight, where the epochs call its `train()`.

    ## Why is this bad?
    Dropout goes on dropping and batch norm normalises by the batch at hand, so the result is noisy, too low, and
    depends on the batch size and on what else is in the batch. In training mode batch norm also takes the test data
    into its running averages, which is a leak.

    ## What is left alone
    Monte Carlo dropout, new estimates of batch norm's averages, generators whose noise is their dropout, models
    without such layers, models out of sight that nobody calls `train()` for, models that the caller or code out of
    sight may have switched, accuracy on the training data.

    ## Fix
    `model.eval()` goes to the top of the function that evaluates, else before the loop and its
    `with torch.no_grad():`. Where training would go on in evaluation mode, `model.train()` follows behind the loop.

    ## References
    - [Saving and loading models](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html): call
      `eval()` before inference
    """
    for look in mode_gaps(script).looks():
        names = ", ".join(f"`{script.source(each.written)}`" for each in look.models)
        known = "" if all(each.minds for each in look.models) else ", if it has any,"
        message = f"{names} is evaluated in training mode: dropout and batch norm{known} work as in training"
        yield Finding(look.loop.node, message, _mend(script, look))


def _mend(script: Script, look: Look) -> Fix | None:
    if look.mixed:
        return None  # only the author knows by what the two ways are told apart
    whole = whole_evaluation(script, look.loop.node)
    edits: list[Edit] = []
    for each in look.models:
        name = text_of_model(script, each.written, whole)
        if name is None:
            return None
        function = script.function_of(whole)
        top = top_of_function(script, whole, name) if function is not None and not trains_within(function) else None
        edits.append(insert_before(top or whole, f"{name}.eval()"))
        if each.goes_on:
            if any(isinstance(one, ast.Return) for one in walk(whole)):
                return None
            edits.append(insert_after(whole, f"{name}.train()"))
    return Fix("Switch to evaluation mode before evaluating", tuple(edits))
