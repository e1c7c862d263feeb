"""Bugs of the mode: training and evaluation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Mutation, Planter, Source, reached

EVALUATION = re.compile(r"(^|[_\W])(test|val|valid|validation|eval|dev)[a-z]*", re.IGNORECASE)
LAYERS = re.compile(r"Dropout|BatchNorm|dropout|batch_norm|models\.(resnet|vgg|densenet|alexnet|mobilenet|squeezenet)")


def missing_eval_mode(source: Source) -> Iterator[Mutation]:
    """`model.eval()` gives way to `pass` before a loop over test data, in a file with layers that mind the mode.

    Comments make no layers: the text is looked at without them.
    """
    if not LAYERS.search(ast.unparse(source.tree)):
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
        if EVALUATION.search(source.of(loop.iter)) or EVALUATION.search(_function(source, statement)):
            yield statement, [source.put(statement, "pass")]


def missing_train_mode(source: Source) -> Iterator[Mutation]:
    """Every `model.train()` of a file gives way to `pass`, where the epochs' loop trains and evaluates by `eval()`."""
    if re.search(r"nn\.Module|Sequential\(", source.text) and not LAYERS.search(ast.unparse(source.tree)):
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
    made = " ".join(source.of(each) for each in source.assigned(model))
    classes = {x.name: ast.unparse(x) for x in source.nodes if isinstance(x, ast.ClassDef)}
    waiting, seen = [made], set[str]()
    if not re.match(r"(\w+\.)*Sequential\([^)]", made) and not re.match(rf"({'|'.join(classes) or '-'})\(", made):
        return True  # made elsewhere
    while waiting:
        text = waiting.pop()
        if LAYERS.search(text):
            return True
        more = {x for x in re.findall(r"\b(\w+)\b", text) if x in classes} - seen
        seen |= more
        waiting += [classes[x] for x in more]
        foreign = [x for x in re.findall(r"= *(?:\w+\.)*([A-Z]\w+)\(", text) if x not in classes]
        if any(not source.imported.get(x, "torch").startswith("torch.nn") and x in source.imported for x in foreign):
            return True  # layers of somebody else
    return False


def _switches(source: Source, name: str) -> Iterator[ast.stmt]:
    """Statements `model.eval()`, where `model` is a name or an attribute."""
    for node in source.nodes:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr, value=ast.Name() | ast.Attribute()), args=[])):
                if attr == name and not node.value.keywords:
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
