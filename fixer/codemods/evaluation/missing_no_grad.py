"""missing-no-grad."""

from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, add_import, guard, rule
from fixer.facts.loops.graphs_in_evaluation import graphs_in_evaluation
from fixer.facts.script import Script


@rule(
    "missing-no-grad",
    needs=("torch", "backward", "for "),
    safety=Safety.SAFE,
    symptom="graph-in-evaluation",
    loss=LossEffect.SAME,
)
def missing_no_grad(script: Script) -> Iterator[Finding]:
    """An evaluation loop records graphs that nothing uses.

    ## What it does
    Looks for loops over test or validation data (by their name, by the name of the function, or by the mode that the
    model was switched to) that call a model which the program trains, while gradients are on.

    ## Why is this bad?
    Each forward pass keeps every intermediate result for a backward pass that never comes: evaluation takes several
    times the memory and more time, and batches that fit otherwise do not.

    ## What is left alone
    Loops that compute gradients or hand the model to code out of sight, results that are back-propagated later, files
    that work with gradients in other ways (attacks, saliency, second derivatives), functions whose callers are in
    another file and may have switched gradients off.

    ## Fix
    `with torch.no_grad():` around the loop.

    ## References
    - [torch.no_grad](https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html)
    - [Locally disabling gradient computation](https://docs.pytorch.org/docs/stable/notes/autograd.html#locally-disabling-gradient-computation)
    """
    for found in graphs_in_evaluation(script):
        spelled = script.names.spelling("torch.no_grad")
        imports = [] if spelled else [add_import("torch")]
        fix = Fix(
            "Evaluate without gradients", (*imports, guard((found.loop,), f"with {spelled or 'torch.no_grad'}():"))
        )
        yield Finding(
            found.loop.iter, "this loop evaluates with gradients on, and records a graph that nothing uses", fix
        )
