"""retained-loss-graph."""

import ast
from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, rule, wrap
from fixer.facts.loops.kept_graphs import kept_graphs
from fixer.facts.script import Script


@rule(
    "retained-loss-graph",
    needs=("backward", "for |while ", "+=|append|+"),
    safety=Safety.SAFE,
    symptom="graph-growth",
    loss=LossEffect.SAME,
)
def retained_loss_graph(script: Script) -> Iterator[Finding]:
    """A running total keeps the graph of every loss that was added to it.

    ## What it does
    Looks for totals, and for lists, that outlive the rounds of a training loop and get the loss tensor itself, which
    the same loop back-propagates.

    ## Why is this bad?
    A tensor that needs gradients remembers how it was computed. The total remembers all losses, and with them the
    graphs of all batches since it was last set: memory grows with every step, and a long epoch ends out of memory.

    ## What is left alone
    Sums that are back-propagated themselves, backward calls that keep their graph, totals that start anew in each
    round, sums under `no_grad`, losses that are detached before they are added, loops of a few rounds, and lists that
    are emptied on the way.

    ## Fix
    `.item()` where the total is read as a number: printed, compared, divided. `.detach()` where something may want a
    tensor.

    ## References
    - [PyTorch FAQ: my model reports out of memory](https://docs.pytorch.org/docs/stable/notes/faq.html)
    """
    for kept in kept_graphs(script):
        method = "item" if kept.number else "detach"
        fix = Fix(f"Add `.{method}()`", tuple(wrap(each, f"{{}}.{method}()") for each in kept.losses))
        what = "holds" if kept.in_list else "adds up"
        name = ast.unparse(kept.target)
        yield Finding(kept.losses[0], f"`{name}` {what} losses with their graphs, which stay in memory", fix)
