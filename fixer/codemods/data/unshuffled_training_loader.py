"""unshuffled-training-loader: every epoch trains on the same batches in the same order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer import Finding, Fix, Safety, rule, set_keyword
from fixer.facts.data.loaders import Draws, argument, plain, whole
from fixer.facts.data.sample_order import Order, order_is_meant, samples
from fixer.facts.script import Script


@rule(
    "unshuffled-training-loader",
    needs=("DataLoader", "backward", "step"),
    safety=Safety.SAFE,
    symptom="repeated-epoch-order",
)
def unshuffled_training_loader(script: Script) -> Iterator[Finding]:
    """Every epoch trains on the same batches in the same order.

    ## What it does
    Finds the loaders whose batches a loop of epochs trains on (backward and an optimizer's step for each batch) and
    that were given neither `shuffle` nor a sampler, over a dataset whose samples come in an order of their own:
    torchvision's datasets; tensors that are sorted, counted up, or joined from one part after the other; a `Dataset` of
    the file, or a `TensorDataset`, over such data or over data read from files; several datasets joined.

    ## Why is this bad?
    Data are often stored by class, by source or by size. Then a batch holds one class only, each step undoes the one
    before, and the last batches of an epoch weigh most. Even in a mixed order the same batches come again and again, so
    that the errors of their gradients never cancel out. Nothing fails, and the training loss may even look better.

    ## What is left alone
    Loaders that say `shuffle=False`, that have a sampler, that get `**options` which the file does not write out, that
    are handed to code out of sight, or whose batch is the whole dataset; data drawn at random or shuffled by the
    program itself (a second permutation each epoch gains little then); `IterableDataset`; evaluation and feature
    extraction; a single epoch; loops that find something by the number of the batch; programs that speak of replay,
    curricula or continual learning, and of time series, sequences, windows or recurrent networks where the data are not
    torchvision's images.

    ## Fix
    The loader gets `shuffle=True`.

    ## References
    - [torch.utils.data.DataLoader](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader)
    """
    draws = Draws(script)
    reported: set[ast.AST] = set()
    for training in draws.training:
        loader = training.loader
        node = loader.call.node
        if node in reported or not plain(loader, script) or argument(loader, "shuffle") is not None or whole(loader):
            continue
        if samples(loader.dataset) is not Order.OWN or order_is_meant(script, loader.dataset):
            continue
        if not draws.serves_only_training(loader):
            continue
        reported.add(node)
        message = "every epoch trains on the same batches in the same order: this loader does not shuffle"
        yield Finding(node, message, Fix("Shuffle the training data", (set_keyword(node, "shuffle", "True"),)))
