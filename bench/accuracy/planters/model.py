"""Bugs of the model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Mutation, Planter, Source, is_int, keyword, name

FLAT = {"view", "reshape", "flatten"}


def channel_mismatch(source: Source) -> Iterator[Mutation]:
    """The channels that a convolution or its norm takes, written as a number, become one more."""
    for call in source.calls("Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d", "BatchNorm2d"):
        word = "num_features" if "Norm" in name(call) else "in_channels"
        yield from _one_more(source, call, word)


def linear_shape_mismatch(source: Source) -> Iterator[Mutation]:
    """The features that a layer takes, written as a number, become one more."""
    for call in source.calls("Linear", "LSTM", "GRU"):
        yield from _one_more(source, call, "in_features" if name(call) == "Linear" else "input_size")


def missing_flatten(source: Source) -> Iterator[Mutation]:
    """`nn.Flatten()` leaves a Sequential, `x = x.view(len(x), -1)` a forward, `.view(-1, 784)` an expression."""
    if "Linear" not in source.text:
        return
    for call in source.calls("Flatten", *FLAT):
        parent = source.parents[call]
        if name(call) == "Flatten":
            if isinstance(parent, ast.Call) and name(parent) == "Sequential" and len(parent.args) > 1:
                yield call, [source.without(parent.args, parent.args.index(call))]
            continue
        data = _flattened(call)
        if data is None:
            continue
        if isinstance(parent, ast.Assign) and ast.unparse(parent.targets[0]) == ast.unparse(data):
            yield call, [source.put(parent, "pass")]
        else:
            yield call, [source.put(call, source.of(data))]


def saturating_activation(source: Source) -> Iterator[Mutation]:
    """Every ReLU of a Sequential or a forward of linear and convolutional layers gives way to a sigmoid."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and name(node) == "Sequential":
            kinds = [name(each) for each in node.args if isinstance(each, ast.Call)]
            calm = not any("Norm" in kind for kind in kinds) and len(kinds) == len(node.args)
            if calm and kinds.count("ReLU") >= 3 and kinds[-1] != "ReLU":
                yield node, [_sigmoid(source, each) for each in node.args if name(each) == "ReLU"]  # type: ignore[arg-type]
        if isinstance(node, ast.FunctionDef) and node.name == "forward" and "bn" not in source.of(node).lower():
            relus = [
                x for x in ast.walk(node) if isinstance(x, ast.Call) and ast.unparse(x.func) in ("F.relu", "torch.relu")
            ]
            if len(relus) >= 3:
                yield node, [source.put(each.func, "torch.sigmoid") for each in relus]


def bad_initialisation(source: Source) -> Iterator[Mutation]:
    """The random initialisations of weights in a function, or in the module, all become a constant."""
    drawn = ("xavier_uniform_", "xavier_normal_", "kaiming_normal_", "kaiming_uniform_", "orthogonal_")
    places: dict[ast.AST, list[ast.Call]] = {}
    for call in source.calls(*drawn):
        if call.args and isinstance(call.func, ast.Attribute) and "weight" in source.of(call.args[0]):
            function = next((x for x in source.above(call) if isinstance(x, ast.FunctionDef)), source.tree)
            places.setdefault(function, []).append(call)
    for calls in places.values():
        yield (
            calls[0],
            [
                source.put(each, f"{source.of(each.func.value)}.constant_({source.of(each.args[0])}, 0.1)")  # type: ignore[attr-defined]
                for each in calls
            ],
        )


def _one_more(source: Source, call: ast.Call, word: str) -> Iterator[Mutation]:
    given = call.args[0] if call.args else keyword(call, word)
    if is_int(given):
        yield call, [source.put(given, str(given.value + 1))]  # type: ignore[union-attr, arg-type]


def _sigmoid(source: Source, call: ast.Call) -> tuple[int, int, bytes]:
    return source.put(call, source.of(call.func).replace("ReLU", "Sigmoid") + "()")


def _flattened(call: ast.Call) -> ast.expr | None:
    """What the call flattens, where it does."""
    sizes = [ast.unparse(each) for each in call.args]
    if name(call) == "flatten" and isinstance(call.func, ast.Attribute):
        if ast.unparse(call.func.value) == "torch":
            return call.args[0] if sizes[1:] == ["1"] else None
        return call.func.value if sizes == ["1"] else None
    if len(sizes) != 2 or not isinstance(call.func, ast.Attribute):
        return None
    rows = sizes[1] == "-1" and re.fullmatch(r".*\.(size\(0\)|shape\[0\])|len\(\w+\)|batch_size", sizes[0])
    flat = sizes[0] == "-1" and re.fullmatch(r"\d+ \* \d+( \* \d+)*|784", sizes[1])
    return call.func.value if rows or flat else None


PLANTERS: dict[str, Planter] = {
    "channel-mismatch": channel_mismatch,
    "linear-shape-mismatch": linear_shape_mismatch,
    "missing-flatten": missing_flatten,
    "saturating-activation": saturating_activation,
    "bad-initialisation": bad_initialisation,
}
