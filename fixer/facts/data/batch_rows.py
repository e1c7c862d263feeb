"""How many inputs and how many targets a program makes, and where in the text these numbers are written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.datasets import guarded
from fixer.facts.data.splits import cut
from fixer.facts.loops.losses import ELEMENTWISE, LossCall, loss_calls
from fixer.facts.program.values import Imported, Items, Made, Part, Value
from fixer.facts.script import Script
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.makers import trail
from fixer.facts.tensors.shapes import row_count

_DATASET = "torch.utils.data.TensorDataset"
# Where the sizes are among the positional arguments; those of torch's first group may be several arguments.
_SIZES = {
    "zeros": 0,
    "ones": 0,
    "empty": 0,
    "rand": 0,
    "randn": 0,
    "full": 0,
    "random": 0,
    "random_sample": 0,
    "standard_normal": 0,
    "randint": 2,
    "integers": 2,
    "normal": 2,
    "uniform": 2,
    "choice": 1,
    "linspace": 2,
}
_COUNTS = frozenset({"arange", "randperm", "permutation"})


@dataclass(frozen=True)
class Rows:
    """Data that the file makes: how many rows, and where that is written."""

    root: Value
    count: int
    node: ast.Call | ast.List
    """The call or the table that makes them."""
    size: ast.expr | None
    """The first size in it; None for a table whose rows are written out."""


@dataclass(frozen=True)
class Together:
    """Inputs and targets that the program uses row by row together."""

    inputs: Rows
    targets: Rows


def together(script: Script) -> Iterator[Together]:
    """Inputs and targets of data sets and of losses, that the file makes with sizes that it writes out."""
    for call in script.calls(_DATASET):
        given = [rows(each) for each in call.arguments.positional]
        first = given[0] if given else None
        if first is not None and call.arguments.complete and not guarded(script, call):
            yield from (Together(first, each) for each in given[1:] if each is not None)
    for loss in loss_calls(script):
        fed, targets = loss.fed, rows(loss.target)
        inputs = rows(fed) if fed is not None else None
        if inputs is not None and targets is not None and loss.certain and _row_by_row(loss, inputs, targets):
            yield Together(inputs, targets)


def _row_by_row(loss: LossCall, inputs: Rows, targets: Rows) -> bool:
    """Whether the loss wants one target for each row of the inputs: the model keeps the rows, and none is broadcast."""
    prediction, target = array(loss.prediction), array(loss.target)
    if prediction is None or target is None or not prediction.shape or not target.shape:
        return False
    if prediction.shape[0] != inputs.count or target.shape[0] != targets.count:
        return False
    alike = prediction.rank == target.rank and 1 not in (inputs.count, targets.count)
    return alike if loss.name in ELEMENTWISE else True


def rows(value: Value) -> Rows | None:
    """The rows of data that a call with written sizes makes; None for what is cut, loaded, computed or drawn."""
    if any(through is not None for _, through in trail(value)):
        return None
    found = cut(value)
    count = row_count(found.root)
    if found.selections or count is None:
        return None
    whole = array(value)
    node = found.root.node
    size = _first_size(found.root)
    if whole is None or (whole.shape is not None and whole.shape[:1] != (count,)):
        return None
    if size is None and not isinstance(found.root, Items) and not _folded(found.root):
        return None
    return Rows(found.root, count, node, size) if isinstance(node, ast.Call | ast.List) else None


def _folded(value: Value) -> bool:
    """`np.arange(10).reshape((10, 1))`: so many rows, but another number alone does not make it more of them."""
    return isinstance(value, Part) and value.how == "method" and value.key in ("reshape", "view")


def _first_size(value: Value) -> ast.expr | None:
    """Where a factory is told how many rows to make."""
    node, name = value.node, None
    if isinstance(value, Made) and isinstance(value.callee, Imported):
        module, _, name = value.callee.dotted.rpartition(".")
        if module not in ("torch", "numpy", "numpy.random"):
            return None
    elif isinstance(value, Part) and value.how == "method":
        name = str(value.key)
    if not isinstance(node, ast.Call) or any(isinstance(each, ast.Starred) for each in node.args):
        return None
    sizes = next((each.value for each in node.keywords if each.arg in ("size", "shape", "steps")), None)
    if sizes is None and name in _COUNTS:
        sizes = node.args[0] if len(node.args) == 1 else None
    elif sizes is None and name in _SIZES:
        place = _SIZES[name]
        if name == "randint" and len(node.args) == 2:
            place = 1  # torch.randint(high, size)
        sizes = node.args[place] if place < len(node.args) else None
    if isinstance(sizes, ast.Tuple | ast.List):
        return sizes.elts[0] if sizes.elts and not isinstance(sizes.elts[0], ast.Starred) else None
    return sizes
