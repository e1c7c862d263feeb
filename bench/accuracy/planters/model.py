"""Bugs of the model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Mutation, Planter, Source, is_int, keyword, name
from planters.wiring import feeds_linear, first_is_linear, is_applied

FLAT = {"view", "reshape", "flatten"}


def channel_mismatch(source: Source) -> Iterator[Mutation]:
    """The channels that a convolution or its norm takes, written as a number, become one more.

    Only in layers that the file lets something through: the numbers of others may be what they like. So may those of
    layers that get another weight at once.
    """
    for call in source.calls("Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d", "BatchNorm2d"):
        word = "num_features" if "Norm" in name(call) else "in_channels"
        parent = source.parents[call]
        if isinstance(parent, ast.Assign) and re.search(
            rf"{re.escape(source.of(parent.targets[0]))}\.weight(\.data)? = ", source.text
        ):
            continue
        yield from _one_more(source, call, word)


def linear_shape_mismatch(source: Source) -> Iterator[Mutation]:
    """The features that a layer takes, written as a number, become one more: in layers that the file applies."""
    for call in source.calls("Linear", "LSTM", "GRU"):
        yield from _one_more(source, call, "in_features" if name(call) == "Linear" else "input_size")


def missing_flatten(source: Source) -> Iterator[Mutation]:
    """`nn.Flatten()` leaves a Sequential, `x = x.view(len(x), -1)` a forward, `.view(-1, 784)` an expression.

    Only in front of a Linear: elsewhere it makes another bug, or none.
    """
    if "Linear" not in source.text:
        return
    for call in source.calls("Flatten", *FLAT):
        parent = source.parents[call]
        if name(call) == "Flatten":
            items = parent.args if isinstance(parent, ast.Call) and name(parent) == "Sequential" else []
            items = parent.elts if isinstance(parent, ast.List) else items
            if call in items[:-1] and first_is_linear(items[items.index(call) + 1 :]) and not _is_head(source, parent):
                yield call, [source.without(items, items.index(call))]
            continue
        data = _flattened(source, call)
        if data is None or not feeds_linear(source, call):
            continue
        if isinstance(parent, ast.Assign) and ast.unparse(parent.targets[0]) == ast.unparse(data):
            yield call, [source.put(parent, "pass")]
        else:
            yield call, [source.put(call, source.of(data))]


def _is_head(source: Source, container: ast.AST) -> bool:
    """Whether it becomes the last part of a model of torchvision, which flattens what that gets: `net.fc = ...`."""
    statement = source.statement(container)
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if not isinstance(target, ast.Attribute) or target.attr not in ("fc", "classifier"):
        return False
    return ast.unparse(target.value) != "self" and re.search(r"\bmodels\.\w+\(", source.text) is not None


def saturating_activation(source: Source) -> Iterator[Mutation]:
    """Every ReLU of a Sequential or a forward of linear and convolutional layers gives way to a sigmoid.

    Not between norms, nor where weights are drawn with a gain of the author's choice: that one may make up for it.
    """
    if re.search(r"calculate_gain|(xavier|glorot)\w*\([^()]*(\([^()]*\))?[^()]*, *(gain *=|[\d.])", source.text):
        return
    loads, trains = (re.search(x, source.text) for x in (r"load_state_dict|torch\.load\(", r"backward\(|fit\("))
    if loads and not trains and "optim." not in source.text:
        return  # trained elsewhere, with whatever stands between the layers
    alike: dict[str, list[ast.Call]] = {}
    for node in source.calls("Sequential"):
        kinds = [name(each) for each in node.args if isinstance(each, ast.Call)]
        calm = not any("Norm" in kind for kind in kinds) and len(kinds) == len(node.args)
        if calm and kinds.count("ReLU") >= 3 and kinds[-1] != "ReLU":
            alike.setdefault(source.of(node), []).append(node)
    for nodes in alike.values():
        yield nodes[0], [_sigmoid(source, x) for node in nodes for x in node.args if name(x) == "ReLU"]  # type: ignore[arg-type]
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef) and node.name == "forward":
            text = source.of(next((x for x in source.above(node) if isinstance(x, ast.ClassDef)), node))
            layers = re.findall(r"\b(Linear|Conv[123]d|ConvTranspose[123]d)\(", text)
            if len(layers) < 3 or re.search("norm|bn", text, re.IGNORECASE):
                continue
            relus = [
                x for x in ast.walk(node) if isinstance(x, ast.Call) and ast.unparse(x.func) in ("F.relu", "torch.relu")
            ]
            if len(relus) >= 3:
                yield node, [source.put(each.func, source.of(each.func).replace("relu", "sigmoid")) for each in relus]


def bad_initialisation(source: Source) -> Iterator[Mutation]:
    """The random initialisations of the weights of several layers all become a constant.

    Several: a loop or a function over modules, or layers by name. One layer alone may start so, and of a table of
    embeddings each row has a gradient of its own.
    """
    drawn = ("xavier_uniform_", "xavier_normal_", "kaiming_normal_", "kaiming_uniform_", "orthogonal_")
    places: dict[ast.AST, list[ast.Call]] = {}
    for call in source.calls(*drawn):
        if call.args and isinstance(call.func, ast.Attribute) and "weight" in source.of(call.args[0]):
            function = next((x for x in source.above(call) if isinstance(x, ast.FunctionDef)), source.tree)
            if not _embeds(source, call.args[0]):
                places.setdefault(function, []).append(call)
    for function, calls in places.items():
        if len(calls) > 1 or _general(source, function, calls[0]):
            yield (
                calls[0],
                [
                    source.put(each, f"{source.of(each.func.value)}.constant_({source.of(each.args[0])}, 0.1)")  # type: ignore[attr-defined]
                    for each in calls
                ],
            )


def _embeds(source: Source, weight: ast.expr) -> bool:
    """Whether the weight is that of a table of embeddings."""
    layer = source.of(weight).partition(".weight")[0]
    made = re.search(rf"{re.escape(layer)} *= *(torch\.)?(nn\.)?Embedding\(", source.text)
    return "emb" in layer.lower() or made is not None


def _general(source: Source, function: ast.AST, call: ast.Call) -> bool:
    """Whether the weight is that of a parameter, of the variable of a loop, or of a layer that is written here."""
    holder = source.of(call.args[0]).partition(".")[0]
    if isinstance(function, ast.FunctionDef) and holder in {each.arg for each in function.args.args[:2]} - {"self"}:
        return True
    loops = [x for x in source.above(call) if isinstance(x, ast.For)]
    if any(holder in source.of(each.target) for each in loops):
        own = any(re.search(r"self\.(modules|children)\(", source.of(each.iter)) for each in loops)
        return not own or not _has_one_layer(source, call)
    made = re.search(r"self\.weight *=.*", source.text)
    if made is not None and "class" in made[0]:
        return False  # a last layer: the targets part its units
    return holder == "self" and bool(re.search(r"F\.(linear|conv[123]d)\([^)]*self\.weight", source.text))


def _has_one_layer(source: Source, node: ast.AST) -> bool:
    """Whether the class around a node makes one linear or convolutional layer, and that not in a loop."""
    around = next((each for each in source.above(node) if isinstance(each, ast.ClassDef)), source.tree)
    made = [x for x in ast.walk(around) if isinstance(x, ast.Call) and re.match(r"Conv|Linear", name(x))]
    return len(made) == 1 and not any(
        isinstance(x, ast.For | ast.comprehension | ast.ListComp) for x in source.above(made[0])
    )


def _one_more(source: Source, call: ast.Call, word: str) -> Iterator[Mutation]:
    given = call.args[0] if call.args else keyword(call, word)
    if is_int(given) and is_applied(source, call):
        yield call, [source.put(given, str(given.value + 1))]  # type: ignore[union-attr, arg-type]


def _sigmoid(source: Source, call: ast.Call) -> tuple[int, int, bytes]:
    return source.put(call, source.of(call.func).replace("ReLU", "Sigmoid") + "()")


def _flattened(source: Source, call: ast.Call) -> ast.expr | None:
    """What the call flattens, where it does."""
    sizes = [ast.unparse(each) for each in (*call.args, *(x.value for x in call.keywords if x.arg == "start_dim"))]
    if name(call) == "flatten" and isinstance(call.func, ast.Attribute):
        if ast.unparse(call.func.value) == "torch":
            return call.args[0] if sizes[1:] == ["1"] else None
        return call.func.value if sizes == ["1"] else None
    if len(sizes) != 2 or not isinstance(call.func, ast.Attribute):
        return None
    rows = sizes[1] == "-1" and re.fullmatch(r".*\.(size\(0\)|shape\[0\])|len\(\w+\)|batch_size", sizes[0])
    images = r"|\d\d+|[\w.]+( \* [\w.]+)+" if "Conv2d" in _class_text(source, call) else ""
    flat = sizes[0] == "-1" and re.fullmatch(rf"\d+ \* \d+( \* \d+)*|784{images}", sizes[1])
    return call.func.value if rows or flat else None


def _class_text(source: Source, node: ast.AST) -> str:
    return next((source.of(each) for each in source.above(node) if isinstance(each, ast.ClassDef)), "")


PLANTERS: dict[str, Planter] = {
    "channel-mismatch": channel_mismatch,
    "linear-shape-mismatch": linear_shape_mismatch,
    "missing-flatten": missing_flatten,
    "saturating-activation": saturating_activation,
    "bad-initialisation": bad_initialisation,
}
