"""Where a file puts its layers, and what it hands to them: simple questions to names, for bugs of the model."""

from __future__ import annotations

import ast
import re

from planters.source import Source, name

_SAME = re.compile(
    r"(Leaky|P|R|G|S|C|Si)?(RE?LU6?|ReLU6?|ELU)|GELU|SiLU|Mish|Tanh|Sigmoid|Dropout\d?d?|dropout|relu|tanh|Identity"
)
_PASSING = frozenset({"float", "to", "cuda", "cpu", "type", "contiguous", "detach", "clone", "double", "half", "cast"})
_DEEPEST = 4
"""Models in models."""
_CONTAINERS = frozenset({"Sequential", "ModuleList", "OrderedDict", "ModuleDict"})


def is_applied(source: Source, layer: ast.expr) -> bool:
    """Whether the file itself lets data through a layer, so that its numbers have to fit something.

    Layers of classes whose `forward` lies elsewhere, and of models that are only counted, moved or saved, are not.
    """
    holder = _holder(source, layer)
    if isinstance(holder, ast.Expr) and holder.value is layer:
        return False
    if not isinstance(holder, ast.Assign | ast.AnnAssign):
        return True
    target = holder.targets[0] if isinstance(holder, ast.Assign) else holder.target
    if isinstance(target, ast.Attribute):
        cls = next((each for each in source.above(holder) if isinstance(each, ast.ClassDef)), source.tree)
        return any(
            isinstance(node, ast.Attribute)
            and node.attr == target.attr
            and isinstance(node.ctx, ast.Load)
            and _is_run(source, node)
            for node in ast.walk(cls)
        )
    if isinstance(target, ast.Name) and isinstance(holder.value, ast.Call):
        return _named_is_run(source, target.id, holder)
    return True


def _holder(source: Source, layer: ast.expr) -> ast.AST | None:
    """The statement that keeps a layer, seen through lists, containers and functions that give it back."""
    node: ast.AST = layer
    for parent in source.above(layer):
        if not isinstance(parent, ast.Call | ast.List | ast.Tuple | ast.Starred | ast.Dict | ast.ListComp):
            return parent if isinstance(parent, ast.stmt) else source.statement(node)
        node = parent
    return None


def _is_run(source: Source, node: ast.AST) -> bool:
    """Whether an attribute is called, looped over, indexed or handed to a function that runs it."""
    parent = source.parents[node]
    if isinstance(parent, ast.Attribute):
        return parent.attr in ("forward", "children", "modules")
    return isinstance(parent, ast.Call | ast.For | ast.comprehension | ast.Subscript | ast.Starred)


def _named_is_run(source: Source, variable: str, holder: ast.AST) -> bool:
    """Whether a name is called in the function that binds it, or handed to a container or a function that trains."""
    scope = next((each for each in source.above(holder) if isinstance(each, ast.FunctionDef)), source.tree)
    trains = {
        each.name for each in source.nodes if isinstance(each, ast.FunctionDef) and ".backward(" in source.of(each)
    } | {"Sequential", "append", "fit", "train", "run"}
    for node in ast.walk(scope):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == variable:
                return True
            given = any(isinstance(each, ast.Name) and each.id == variable for each in node.args)
            if given and name(node) in trains:
                return True
    return False


# -- what is flattened, and for whom -----------------------------------------------------------------------------------


def feeds_linear(source: Source, flat: ast.expr) -> bool:
    """Whether what is flattened goes into a Linear layer next, activations and dropout aside."""
    user = _user(source, flat)
    if isinstance(user, ast.Call):
        return _begins_linear(source, user.func, user, _DEEPEST)
    if not isinstance(user, ast.Assign) or len(user.targets) != 1 or not isinstance(user.targets[0], ast.Name):
        return False
    block = next(each for each in source.blocks if user in each)
    return _next_use_is_linear(source, user.targets[0].id, block[block.index(user) + 1 :], _DEEPEST)


def first_is_linear(layers: list[ast.expr]) -> bool:
    """Whether the first of some layers that is more than an activation is a Linear."""
    first = next((each for each in layers if not _keeps(each)), None)
    layer = _first_layer(first) if first is not None else None
    return layer is not None and name(layer) == "Linear"


def _next_use_is_linear(source: Source, variable: str, rest: list[ast.stmt], depth: int) -> bool:
    for statement in rest:
        uses = [
            node
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and node.id == variable and isinstance(node.ctx, ast.Load)
        ]
        for use in uses:
            parent = source.parents[use]
            if isinstance(parent, ast.Attribute):
                continue  # x.shape, x.size(0)
            user = _user(source, use)
            if isinstance(user, ast.Call):
                return _begins_linear(source, user.func, user, depth)
            if not isinstance(user, ast.Assign) or ast.unparse(user.targets[0]) != variable:
                return False
    return False


def _user(source: Source, node: ast.expr) -> ast.AST | None:
    """The call or statement that takes a value, seen through casts, arithmetic with numbers and activations."""
    for parent in source.above(node):
        match parent:
            case ast.Call(args=[first, *_]) if first is node and (
                _SAME.fullmatch(name(parent)) or name(parent) == "Variable"
            ):
                pass
            case ast.Call(func=func) if func is node:
                pass
            case ast.Attribute(attr=attr) if attr in _PASSING:
                pass
            case ast.BinOp(left=left, right=ast.Constant()) if left is node:
                pass
            case _:
                return parent
        node = parent
    return None


def _begins_linear(source: Source, func: ast.expr, call: ast.Call, depth: int) -> bool:
    """Whether the first layer with weights of what is called is a Linear."""
    if depth == 0:
        return False
    for value in _values(source, func, call):
        first = _first_layer(value)
        if first is None:
            continue
        if name(first) == "Linear":
            return True
        cls = next((x for x in source.nodes if isinstance(x, ast.ClassDef) and x.name == name(first)), None)
        if cls is not None and _class_begins_linear(source, cls, depth):
            return True
    return False


def _class_begins_linear(source: Source, cls: ast.ClassDef, depth: int) -> bool:
    forward = next((x for x in cls.body if isinstance(x, ast.FunctionDef) and x.name == "forward"), None)
    if forward is None or len(forward.args.args) < 2:
        return False
    return _next_use_is_linear(source, forward.args.args[1].arg, forward.body, depth - 1)


def _values(source: Source, func: ast.expr, call: ast.Call) -> list[ast.expr]:
    """What the thing that is called was made by."""
    if isinstance(func, ast.Name):
        return source.assigned(func.id)
    if not isinstance(func, ast.Attribute) or ast.unparse(func.value) != "self":
        return []
    cls = next((each for each in source.above(call) if isinstance(each, ast.ClassDef)), None)
    return [
        node.value
        for node in (ast.walk(cls) if cls is not None else ())
        if isinstance(node, ast.Assign) and any(ast.unparse(each) == ast.unparse(func) for each in node.targets)
    ]


def _first_layer(value: ast.expr) -> ast.Call | None:
    """The constructor of the first layer with weights in `value`."""
    if isinstance(value, ast.Starred):
        return None
    if isinstance(value, ast.Tuple) and len(value.elts) == 2:
        return _first_layer(value.elts[1])
    if isinstance(value, ast.List):
        return next((x for each in value.elts if (x := _first_layer(each)) is not None or not _keeps(each)), None)
    if not isinstance(value, ast.Call):
        return None
    if name(value) in _CONTAINERS:
        return next((x for each in value.args if (x := _first_layer(each)) is not None or not _keeps(each)), None)
    if isinstance(value.func, ast.Attribute) and value.func.attr in _PASSING:
        return _first_layer(value.func.value)
    if name(value).islower() and value.args and isinstance(value.args[0], ast.Call):
        return _first_layer(value.args[0])  # initialise(nn.Linear(...))
    return None if _SAME.fullmatch(name(value)) else value


def _keeps(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _SAME.fullmatch(name(node)) is not None
