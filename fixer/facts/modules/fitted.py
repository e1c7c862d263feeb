"""Models that somebody else runs: skorch's nets, which are given a class, Poutyne's models, tracing and export.

They hand the model what `fit` is given, in batches: rows of arrays, the samples of a dataset, the batches of a loader.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixer.facts.data.datasets import guarded
from fixer.facts.modules.shown import applied, shown
from fixer.facts.program.following import Follower, follow, kept, stand_in
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call, OutOfFuel
from fixer.facts.program.values import Arguments, Class, Imported, Items, Made, Mapping, Part, Unknown, Value
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.tensors.arrays import array

_FITS = frozenset({"fit", "partial_fit"})
_FED = frozenset({"infer", "initialize_module", "get_dataset", "get_iterator", "train_step", "train_step_single"})
"""Methods of skorch's nets that decide on what the module is, and what it is given."""
_ANEW = re.compile(r"set_params\([^)]*module")
"""The module is made anew, of other arguments."""
_CROSSED = re.compile(r"sklearn\.model_selection\.cross_val")
_LOADER = Imported(dotted="torch.utils.data.DataLoader")


def fitted(script: Script) -> Iterator[Call]:
    """The calls that such libraries make, and those that are made for them."""
    skorch, poutyne = "skorch" in script.text, "poutyne" in script.text
    yield from shown(script)
    if skorch and _ANEW.search(script.text):
        return
    for call in list(script.run.calls) if skorch or poutyne else ():
        method, given = call.callee, call.arguments.positional
        if skorch and _CROSSED.match(call.dotted or "") and len(given) > 1 and isinstance(given[0], Made):
            yield from _by_skorch(given[0], given[1])
        if not isinstance(method, Part) or method.how != "attribute" or not isinstance(method.base, Made):
            continue
        if skorch and method.key in _FITS and not guarded(script, call):
            data = call.arguments.get(0, "X")
            yield from _by_skorch(method.base, data) if data is not None else ()
        elif poutyne and method.key == "fit_generator" and not guarded(script, call):
            yield from _by_poutyne(call, method.base)


# -- skorch ------------------------------------------------------------------------------------------------------------


def _by_skorch(net: Made, data: Value) -> Iterator[Call]:
    """`NeuralNetClassifier(Net, module__hidden=10).fit(X, y)`."""
    if not _is_net(net) or not net.arguments.complete:
        return
    module, inputs = _module(net), _inputs(data)
    if module is None or inputs is None:
        return
    followed = follow(module, "forward", inputs)
    yield from followed.calls if followed is not None else ()


def _is_net(net: Made) -> bool:
    """Whether it is one of skorch's nets, or of a class of the file that leaves to them how the module is called."""
    if net.cls is None:
        return _names_net(net.callee)
    own = any(net.cls.find(name) is not None for name in _FED)
    return not own and any(_names_net(base) for base in net.cls.mro())


def _names_net(cls: Value) -> bool:
    return isinstance(cls, Imported) and cls.dotted.startswith("skorch.") and "NeuralNet" in cls.dotted


def _module(net: Made) -> Made | None:
    """The module that a net makes of the class that it is given, with the arguments for it."""
    given = net.arguments.get(0, "module")
    if not isinstance(given, Class):
        return given if isinstance(given, Made) and kind(given) is Kind.MODULE else None
    named = {key.partition("__")[2]: each for key, each in net.arguments.keywords.items() if key.startswith("module__")}

    def make() -> Made | None:
        follower = Follower(ast.Module([], []))
        try:
            return follower.instantiate(given, net.node or ast.Pass(), Arguments(keywords=named))
        except (OutOfFuel, RecursionError, RuntimeError):
            return None

    return kept(net, "module of a net", make)


def _inputs(given: Value) -> Arguments | None:
    """What `forward` gets of the data: a batch of an array's rows, of each array of a dict, of a dataset's samples."""
    if isinstance(given, Mapping):
        rows = {key: _rows(each) for key, each in given.items.items() if isinstance(key, str)}
        known = given.complete and not given.holds and len(rows) == len(given.items)
        return Arguments(keywords={key: each or Unknown() for key, each in rows.items()}) if known else None
    if (batch := _rows(given)) is not None:
        return Arguments([batch])
    if kind(given) is not Kind.DATASET:
        return None
    sizes: dict[str, Value] = {"batch_size": Unknown()}
    element = Follower(ast.Module([], [])).element(
        Made(given.node, callee=_LOADER, arguments=Arguments([given], sizes))
    )
    return Arguments([_first(element)])


def _rows(given: Value) -> Value | None:
    known = array(given)
    if known is None or not known.shape or known.library not in (Library.NUMPY, Library.TORCH):
        return None
    dtype = known.dtype if known.dtype == "float32" else None  # what it makes of others is its own affair
    return stand_in(Array(Library.TORCH, dtype, (None, *known.shape[1:])), given.node)


def _first(batch: Value) -> Value:
    inputs = batch.items[0] if isinstance(batch, Items) and batch.items else None
    return inputs or Part(batch.node, base=batch, how="subscript", key=0)


# -- Poutyne -----------------------------------------------------------------------------------------------------------


def _by_poutyne(call: Call, model: Made) -> Iterator[Call]:
    """`Model(network, optimizer, loss).fit_generator(loader)`."""
    network, loader = model.arguments.get(0, "network"), call.arguments.get(0, "train_generator")
    if (
        model.dotted != "poutyne.Model"
        or loader is None
        or not isinstance(network, Made)
        or kind(network) is not Kind.MODULE
    ):
        return
    yield applied(call, network, [_first(Follower(ast.Module([], [])).element(loader))])
