"""The rule `linear-shape-mismatch`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, Safety, replace, rule
from fixer.facts.modules.flattening import Flattened, channels_flattened, flattened
from fixer.facts.modules.forwards import LayerCall
from fixer.facts.modules.heads import new_heads
from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.modules.layers import Asks, name_of, whole_of
from fixer.facts.modules.misfits import Disagreement, Written, disagreements, product, written
from fixer.facts.program.walk import walk
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.arrays import array

if TYPE_CHECKING:
    from fixer.edits import Edit
    from fixer.facts.script import Script

_KNOWN = ("Linear", "LayerNorm", "RMSNorm", "RNN", "GRU", "LSTM", "RNNCell", "GRUCell", "LSTMCell")


@rule(
    "linear-shape-mismatch",
    needs=("torch", "Linear|LSTM|GRU|RNN|LayerNorm|BatchNorm1d"),
    safety=Safety.UNSAFE,
    symptom="crash",
)
def linear_shape_mismatch(script: Script) -> Iterator[Finding]:
    """A linear or recurrent layer is made for another number of features than it is given.

    ## What it does
    Follows shapes from tensors, data sets, transforms and loaders through the model, and reports a `Linear` whose
    `in_features` (a recurrent layer whose `input_size`, a normalisation whose number of features) is not the size of
    the last dimension of its input. What flattening gives is computed from the sizes of convolutions and pooling. A
    size that is written into `view(-1, 400)` is checked in the same way. Of flattened maps of unknown size it is known
    that their features are a multiple of the channels, and a number that is none is reported. So is a new last layer
    of a torchvision model (`model.fc = nn.Linear(256, 10)`) that is not made for what the model gives.

    ## Why is this bad?
    Torch stops at the first batch: `mat1 and mat2 shapes cannot be multiplied (64x256 and 400x120)`. A wrong size in
    `view(-1, 400)` is worse: where it happens to divide the size of the whole batch, samples are cut to pieces and
    mixed, and the error, if there is one, shows only in the loss.

    ## What is left alone
    Lazy layers; inputs whose size the file does not determine, as behind adaptive pooling to an unknown size or for
    images that are not resized; layers behind a test in `forward`; layers that are given different sizes in different
    places; `view(-1, n)` where n is the size of the last dimension, or of some of the last together, which makes a long
    batch of the others on purpose; images that were not flattened (see `missing-flatten`).

    ## Fix
    The layer that takes the input gets the number, and with it the `view` in front of it where that holds the same
    one. In that way the layers before it, and what the model takes from the data, stay as they are. The other way, a
    `Linear` before it that gives what this layer takes, is offered in the editor. Unsafe, since only the author knows
    which of the two numbers was meant.

    ## References
    - [torch.nn.Linear](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html)
    - [torch.Tensor.view](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html)
    """
    yield from _wrong_views(script)
    yield from _no_multiples(script)
    yield from _heads(script)
    for found in [*disagreements(script, Asks.FEATURES), *_norms(script)]:
        number = written(script, found.layer, found.misfit.parameter) if _concerns(found) else None
        if number is not None:
            fix = _follow(script, found, number)
            yield Finding(number.node, _message(found), fix, tuple(_other_way(script, found)))


def _concerns(found: Disagreement) -> bool:
    """Whether it is a layer of features that is given features, not an image that should have been flattened."""
    if found.kind in _KNOWN:
        shape = found.input.shape
        if shape is None or len(shape) == 2 or found.kind != "Linear":
            return True
        producer = name_of(found.producer) or "" if found.producer else ""
        if producer == "Linear":
            return True
        images = len(shape) > 3 or producer.startswith("Conv")
        return not images and len(shape) == 3 and views.elements(shape[1:]) != found.wanted
    return found.kind == "BatchNorm1d" and len(found.input.shape or ()) == 2


def _norms(script: Script) -> Iterator[Disagreement]:
    """`BatchNorm1d` behind a `Linear`: there the channels are features."""
    return disagreements(script, Asks.CHANNELS)


def _message(found: Disagreement) -> str:
    made = f"this {found.kind} is made for {_features(found.wanted)}"
    producer = found.producer
    if producer is None:
        return f"{made}, the data have {found.got}: the first layer has to take what the data are"
    kind, line = name_of(producer) or (producer.dotted or "").rpartition(".")[2], getattr(producer.node, "lineno", 0)
    if (kind or "").startswith("Conv"):
        return f"{made}, what comes out of the {kind} in line {line} has {found.got} when it is flattened"
    return f"{made}, the {kind} in line {line} gives {found.got}: a layer follows the one before it"


def _follow(script: Script, found: Disagreement, number: Written) -> Fix | None:
    flat = flattened(found.call, layer_calls(script))
    text = str(found.got)
    if flat is not None and views.elements(flat.sample) == found.got:
        text = product(flat.sample, script.source(number.node))
    edit = number.becomes(text)
    return Fix(f"Make the {found.kind} take {_features(found.got)}", (edit,)) if edit else None


def _other_way(script: Script, found: Disagreement) -> Iterator[Fix]:
    producer = found.producer
    number = written(script, producer, "out_features") if producer and name_of(producer) == "Linear" else None
    edit = number.becomes(str(found.wanted)) if number is not None else None
    if edit is not None and producer and whole_of(producer.arguments, 1, "out_features") == found.got:
        yield Fix(f"Make the Linear before it give {_features(found.wanted)}", (edit,), Safety.SUGGESTION)


def _heads(script: Script) -> Iterator[Finding]:
    """A last layer of a torchvision model that is replaced by one for another number of features."""
    for head in new_heads(script):
        wanted = whole_of(head.layer.arguments, 0, "in_features")
        number = written(script, head.layer, "in_features") if wanted not in (None, head.features) else None
        if wanted is not None and number is not None:
            edit = number.becomes(str(head.features))
            fix = Fix(f"Make the Linear take {_features(head.features)}", (edit,)) if edit else None
            message = (
                f"this Linear is made for {_features(wanted)}, {head.model} gives its `{head.place}` {head.features}"
            )
            yield Finding(number.node, message, fix)


def _features(count: int) -> str:
    return f"{count} feature" if count == 1 else f"{count} features"


# -- flattened maps of unknown size ----------------------------------------------------------------------------------


def _no_multiples(script: Script) -> Iterator[Finding]:
    """A number of features that maps of so many channels cannot have, whatever their size."""
    calls = layer_calls(script)
    seen: set[ast.AST] = set()
    for call in calls:
        wanted = whole_of(call.layer.arguments, 0, "in_features") if name_of(call.layer) == "Linear" else None
        if wanted is None or not call.certain or call.misfit is not None:
            continue
        channels = channels_flattened(call, calls)
        number = written(script, call.layer, "in_features") if channels and wanted % channels else None
        if number is not None and number.node not in seen:
            seen.add(number.node)
            message = f"this Linear is made for {_features(wanted)}, which is no multiple of the {channels} channels"
            yield Finding(number.node, f"{message} of the maps that are flattened before it")


# -- sizes that the program writes into view ---------------------------------------------------------------------------


def _wrong_views(script: Script) -> Iterator[Finding]:
    seen: set[ast.AST] = set()
    calls = layer_calls(script)
    for call in calls:
        flat = flattened(call, calls) if name_of(call.layer) == "Linear" and call.certain else None
        if flat is None or flat.view is None or not _cuts_samples(flat) or flat.view.node in seen:
            continue
        if not isinstance(flat.view.node, ast.Call) or not flat.view.node.args:
            continue
        seen.add(flat.view.node)
        size = flat.view.node.args[-1]
        total = views.elements(flat.sample)
        message = f"a sample has {total} numbers here, not {flat.size}: `view` would mix samples, or raise"
        yield Finding(size, message, _resize(script, call, flat, size))


def _cuts_samples(flat: Flattened) -> bool:
    """Whether the size is neither that of a sample nor that of some of its last dimensions."""
    assert flat.view is not None
    known = array(flat.view.base)
    images = known is not None and (len(flat.sample) == 3 or (known.layer and "Conv" in (known.layer.dotted or "")))
    whole = {views.elements(flat.sample[at:]) for at in range(len(flat.sample))}
    return bool(images) and flat.size not in whole


def _resize(script: Script, call: LayerCall, flat: Flattened, size: ast.expr) -> Fix | None:
    """The right size in `view`, and in the layer behind it where that has the same wrong one."""
    if not all(isinstance(each, ast.Constant | ast.BinOp | ast.Mult | ast.Name | ast.Load) for each in walk(size)):
        return None
    edits: list[Edit] = [replace(size, product(flat.sample, script.source(size)))]
    number = written(script, call.layer, "in_features")
    if number is not None and whole_of(call.layer.arguments, 0, "in_features") == flat.size:
        edit = number.becomes(product(flat.sample, script.source(number.node)))
        if edit is None:
            return None
        edits.append(edit)
    return Fix(f"Flatten to {views.elements(flat.sample)}, the size of one sample", tuple(edits))
