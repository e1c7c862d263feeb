"""Bugs of the mode: training and evaluation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Mutation, Planter, Source, name, reached

EVALUATION = re.compile(r"(^|[_\W])(test|val|valid|validation|eval|dev)[a-z]*", re.IGNORECASE)
_LAYERS = re.compile(r"(Feature)?(Alpha)?Dropout\w*$|\w*BatchNorm\w*$")
_FUNCTIONS = re.compile(r"(feature_|alpha_)*dropout[123]?d?$|batch_norm$")
_RATE = re.compile(r"(\w+_)?drop(out)?(_(rate|prob|proba|p))?$")
_NETWORKS = re.compile(
    r"(.*\.)?models\.(\w+\.)*(wide_)?(resne|vgg|densenet|alexnet|mobilenet|squeezenet|googlenet|inception|efficientnet)\w*$"
)


def missing_eval_mode(source: Source) -> Iterator[Mutation]:
    """`model.eval()` gives way to `pass` before a loop over test data, in a file with layers that mind the mode.

    Comments and texts make no layers, nor do questions after their class.
    """
    if not _has_layers(source.tree):
        return
    for statement in _switches(source, "eval"):
        loop = next((x for x in _after(source, statement) if isinstance(x, ast.For)), None)
        model = _model(statement)
        if (
            not _minds(source, model)
            or _switched_before(source, statement)
            or loop is None
            or source.of(loop.iter).startswith("range(")
        ):
            continue
        if not re.search(rf"{re.escape(model)}\(", source.of(loop)) or _learns(source, loop):
            continue
        between = source.text.splitlines()[statement.lineno : loop.lineno - 1]
        if any(f"{model}.eval()" in line for line in between):
            continue  # it is switched once more
        if EVALUATION.search(source.of(loop.iter)) or EVALUATION.search(_function(source, statement)):
            yield statement, [source.put(statement, "pass")]


def missing_train_mode(source: Source) -> Iterator[Mutation]:
    """Every `model.train()` of a file gives way to `pass`, where the epochs' loop trains and evaluates by `eval()`."""
    if re.search(r"nn\.Module|Sequential\(", source.text) and not _has_layers(source.tree):
        return
    groups: dict[str, list[ast.stmt]] = {}
    for statement in _switches(source, "train"):
        groups.setdefault(_model(statement), []).append(statement)
    for model, statements in groups.items():
        if not _minds(source, model):
            continue
        evals = [x for x in _switches(source, "eval") if _model(x) == model]
        for loop in (x for x in source.nodes if isinstance(x, ast.For | ast.While)):
            parts = reached(source, loop)
            trains = any(_learns(source, x) for x in parts)
            here = [x for x in statements if any(x in ast.walk(y) for y in parts)]
            if trains and here and any(x in ast.walk(y) for x in evals for y in parts):
                yield here[0], [source.put(x, "pass") for x in statements]
                break


def _minds(source: Source, model: str) -> bool:
    """Whether the mode may matter to it: not to an optimizer, nor to a model written here without such layers."""
    if "opt" in model:
        return False
    made = source.assigned(model)
    classes = {x.name: x for x in source.nodes if isinstance(x, ast.ClassDef)}
    own = rf"(\w+\.)*Sequential\([^)]|({'|'.join(classes) or '-'})\("
    if not re.match(own, " ".join(source.of(each) for each in made)):
        return True  # made elsewhere
    waiting: list[ast.AST] = [*made]
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if _has_layers(node):
            return True
        names = {x.id for x in ast.walk(node) if isinstance(x, ast.Name)}
        for each in names - seen:  # classes, and models that are handed to others
            if each in classes:
                waiting.append(classes[each])
            elif not isinstance(node, ast.ClassDef):
                waiting += source.assigned(each)
        seen |= names
        foreign = [x for x in re.findall(r"= *(?:\w+\.)*([A-Z]\w+)\(", ast.unparse(node)) if x not in classes]
        if any(not source.imported.get(x, "torch").startswith("torch.nn") and x in source.imported for x in foreign):
            return True  # layers of somebody else
    return False


def _has_layers(node: ast.AST) -> bool:
    """Whether dropout or batch norm is made there, or applied by the mode, or is an option."""
    asked = {
        id(x)
        for each in ast.walk(node)
        if isinstance(each, ast.Call) and name(each) in ("isinstance", "hasattr")
        for x in ast.walk(each)
    }
    for each in ast.walk(node):
        if id(each) in asked:
            continue
        match each:
            case ast.Name(id=written) | ast.Attribute(attr=written) if _LAYERS.match(written):
                return True
            case ast.Call(func=func, args=given, keywords=keywords):
                texts = [ast.unparse(x) for x in (*given, *(x.value for x in keywords))]
                if _FUNCTIONS.match(name(each)) and any("training" in x for x in texts):
                    return True
                if _NETWORKS.match(ast.unparse(func)) or any(_RATE.match(x.arg or "") for x in keywords):
                    return True
                if name(each) == "add_argument" and any("drop" in x for x in texts):
                    return True
                if ast.unparse(func).endswith("hub.load") and any(_NETWORKS.match(f"models.{x[1:-1]}") for x in texts):
                    return True
    return False


def _switches(source: Source, mode: str) -> Iterator[ast.stmt]:
    """Statements `model.eval()`, where `model` is a name or an attribute."""
    for node in source.nodes:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr, value=ast.Name() | ast.Attribute()), args=[])):
                if attr == mode and not node.value.keywords:
                    yield node


def _model(statement: ast.stmt) -> str:
    return ast.unparse(statement.value.func.value)  # type: ignore[attr-defined]


def _switched_before(source: Source, statement: ast.stmt) -> bool:
    """Whether the function switches the model to evaluation earlier, and not back: then this one does nothing.

    Looked for in the block and in those around it, but not across the head of a loop or the arms of a test.
    """
    model, text, inner = _model(statement), "", statement
    while True:
        block = next(each for each in source.blocks if inner in each)
        text = "\n".join([*(source.of(each) for each in block[: block.index(inner)]), text])
        parent = source.parents[inner]
        if not isinstance(parent, ast.If | ast.With | ast.Try):
            return text.rfind(f"{model}.eval()") > max(text.rfind(f"{model}.train("), text.rfind("def "))
        inner = parent


def _after(source: Source, statement: ast.stmt) -> Iterator[ast.AST]:
    """What follows a statement in its block, in the order of the text."""
    block = next(each for each in source.blocks if statement in each)
    for later in block[block.index(statement) + 1 :]:
        yield from sorted((x for x in ast.walk(later) if hasattr(x, "lineno")), key=lambda x: (x.lineno, x.col_offset))


def _learns(source: Source, node: ast.AST) -> bool:
    return re.search(r"backward\(|\.step\(", source.of(node)) is not None


def _function(source: Source, node: ast.AST) -> str:
    return next((x.name for x in source.above(node) if isinstance(x, ast.FunctionDef)), "")


PLANTERS: dict[str, Planter] = {
    "missing-eval-mode": missing_eval_mode,
    "missing-train-mode": missing_train_mode,
}
