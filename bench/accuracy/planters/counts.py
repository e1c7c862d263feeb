"""Bugs of how many rows there are: targets of another number than the inputs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.rows import LOSS, TARGETS, pairs
from planters.source import Mutation, Planter, Source, is_int, keyword, name

FACTORIES = ("randn", "rand", "zeros", "ones", "randint", "linspace", "normal", "full", "empty")
TABLES = ("tensor", "Tensor", "FloatTensor", "LongTensor", "array", "as_tensor")
MOVES = ("float", "long", "to", "cuda", "Variable", "requires_grad_", "from_numpy", "unsqueeze")


def batch_size_mismatch(source: Source) -> Iterator[Mutation]:
    """Targets that a factory makes, or a table that is written out, for a loss or a data set get one row more."""
    for node in source.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        called, made = node.targets[0].id, _root(node.value)
        if not isinstance(made, ast.Call) or not TARGETS.search(called) or not _with_inputs(source, node, called):
            continue
        if name(made) in TABLES and made.args and isinstance(made.args[0], ast.List) and len(made.args[0].elts) > 1:
            last = made.args[0].elts[-1]
            yield node, [source.behind(last, f", {source.of(last)}")]
        size = _first_size(made) if name(made) in FACTORIES else None
        number = _number(source, size)
        if size is not None and isinstance(number, ast.Constant) and is_int(number) and number.value > 1:
            yield node, [source.put(size, str(number.value + 1) if number is size else f"{source.of(size)} + 1")]


def _root(value: ast.expr) -> ast.expr:
    """What is cast and moved: `torch.randn(4, 1)` of `Variable(torch.randn(4, 1).to(device))`."""
    while isinstance(value, ast.Call) and name(value) in MOVES:
        function = isinstance(value.func, ast.Name) or _of_module(value)
        inner = value.args[0] if function and value.args else getattr(value.func, "value", None)
        if not isinstance(inner, ast.expr):
            break
        value = inner
    return value


def _of_module(call: ast.Call) -> bool:
    """Whether it is a function of a module, not a method of a tensor."""
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("torch", "np", "autograd")


def _with_inputs(source: Source, made: ast.Assign, called: str, depth: int = 2) -> bool:
    """Whether these targets, as they are made, go with a model's output into a loss, or with inputs into a data set."""
    for each in source.nodes if depth else ():
        # the same rows under another name
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name) and each.targets[0].id != called:
            root = _root(each.value)
            if (
                isinstance(root, ast.Name)
                and root.id == called
                and _with_inputs(source, each, each.targets[0].id, depth - 1)
            ):
                return _lasting(source, made, called)
    calls = [x for x in ast.walk(source.function_of(made)) if isinstance(x, ast.Call) and len(x.args) > 1]
    for call in calls:
        if not any(isinstance(each, ast.Name) and each.id == called for each in call.args[1:]):
            continue
        if name(call) == "TensorDataset":
            return True
        # held against something that a model made: the result of a call, or a name that is bound to one
        output = source.resolved(call.args[0])
        if LOSS.search(name(call)) and isinstance(output, ast.Call) and _is_model(source, output):
            return _lasting(source, made, called)
    return False


def _lasting(source: Source, made: ast.Assign, called: str) -> bool:
    """Whether the name is bound to nothing else, but perhaps to the same rows cast or moved."""
    plain = [x for x in source.nodes if isinstance(x, ast.Assign) and called in map(ast.unparse, x.targets)]
    stored = [x for x in source.nodes if isinstance(x, ast.Name) and x.id == called and isinstance(x.ctx, ast.Store)]
    if len(stored) > len(plain):
        return False  # a loop, or an assignment of several things, binds it
    others = [each for each in source.assigned(called) if each is not made.value]
    return all(isinstance(root := _root(each), ast.Name) and root.id == called for each in others)


def _number(source: Source, size: ast.expr | None) -> ast.expr | None:
    """A size, looked up where it is the name of a number: `N = 64`, `N, D_in = 64, 1000`."""
    if not isinstance(size, ast.Name):
        return size
    bound = [pair for node in source.nodes if isinstance(node, ast.Assign) for pair in pairs(node)]
    found = [value for target, value in bound if isinstance(target, ast.Name) and target.id == size.id]
    return found[0] if len(found) == 1 else None


def _is_model(source: Source, call: ast.Call) -> bool:
    """Whether what is called is a model by its name, or something that the file makes of a class."""
    made = source.resolved(call.func) if isinstance(call.func, ast.Name) else None
    called = re.search(r"(model|net)\d?$|^self$", source.of(call.func), re.IGNORECASE)
    return bool(called) or (isinstance(made, ast.Call) and name(made)[:1].isupper())


def _first_size(call: ast.Call) -> ast.expr | None:
    """The number of rows that a factory is asked for."""
    if name(call) == "linspace":
        return keyword(call, "steps") or (call.args[2] if len(call.args) > 2 else None)
    tables = [x for x in [*call.args, *(k.value for k in call.keywords)] if isinstance(x, ast.Tuple | ast.List)]
    if tables:
        return tables[0].elts[0] if tables[0].elts else None
    if name(call) in ("randint", "normal", "full") or not call.args:
        return None
    return call.args[0]


PLANTERS: dict[str, Planter] = {"batch-size-mismatch": batch_size_mismatch}
