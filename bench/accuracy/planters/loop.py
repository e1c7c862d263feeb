"""Bugs of the training loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Mutation, Planter, Source, keyword, leaves, name, reached, single_line

BACKWARD = (".backward(", "manual_backward(")
_SCHEDULES = re.compile(r"sched|LambdaLR|StepLR|ReduceLROnPlateau|\[[\"']lr[\"']\]|warm_?up|lr_find", re.IGNORECASE)

_TESTS = re.compile(r"^\s*((import|from) (pytest|unittest)\b|def test_\w+\(\))", re.MULTILINE)
_LAYERS = re.compile(r"\b(Linear|Conv[123]d|LSTM|GRU|RNN|Embedding|\w*former\w*|\w+(Conv|Block|Layer)|resnet\w*)\(")


def missing_zero_grad(source: Source) -> Iterator[Mutation]:
    """Each clear in a loop gives way to `pass`, which keeps the block valid and every line where it is."""
    if ".step(" not in source.text or not any(word in source.text for word in BACKWARD):
        return
    for statement in _clears(source):
        loop = _loop_around(source, statement)
        if loop is None or leaves(loop) or _made_in(loop, _receiver(statement)) or _again(loop, statement):
            continue
        if any(_trains_in(each) for each in reached(source, loop)):
            yield statement, [source.put(statement, "pass")]


def misplaced_zero_grad(source: Source) -> Iterator[Mutation]:
    """A clear moves to directly before the step of the same object, where a backward lies between the two."""
    for block in source.blocks:
        for index, clear in enumerate(block):
            if not _calls(clear, "zero_grad") or not single_line(clear):
                continue
            later = block[index + 1 :]
            step = next((i for i, each in enumerate(later) if _steps(each, _receiver(clear))), None)
            if step is None or not any(word in source.of(x) for x in later[:step] for word in BACKWARD):
                continue
            yield later[step], [source.put(clear, "pass"), source.before(later[step], source.of(clear))]


def excessive_learning_rate(source: Source) -> Iterator[Mutation]:
    """A literal rate, where the optimizer is made or in a name or an option, a thousand times too high.

    At least 1 for Adam and its relatives and 100 for SGD; 10 for Adam of a single layer, which may bear 1.
    Not in tests: they take a step or two, and look at other things than whether it trains.
    """
    if not _trains(source.text) or _SCHEDULES.search(source.text) or _TESTS.search(source.text):
        return
    limits = {"Adam": 0.1, "AdamW": 0.1, "RMSprop": 0.1, "NAdam": 0.1, "RAdam": 0.1, "Adamax": 0.1, "SGD": 10.0}
    planted: dict[ast.expr, float] = {}  # one number may be the rate of several optimizers
    for call in source.calls(*limits):
        if _unused(source, call):
            continue
        rate = keyword(call, "lr") or (call.args[1] if len(call.args) > 1 else None)
        rate = source.resolved(rate)
        if isinstance(rate, ast.Attribute):
            rate = _option(source, rate.attr)
        if isinstance(rate, ast.Constant) and isinstance(rate.value, float) and rate.value > 0:
            factor = 10.0 ** (3 if name(call) != "SGD" else 5)
            least = limits[name(call)] * (100 if name(call) != "SGD" and _one_layer(source, call) else 10)
            planted[rate] = max(rate.value * factor, least, planted.get(rate, 0))
    for rate, value in planted.items():
        yield rate, [source.put(rate, f"{value:g}")]


def _unused(source: Source, call: ast.Call) -> bool:
    """Whether the optimizer gives way to another one of its name before anything is done with it."""
    statement = source.statement(call)
    match statement:
        case ast.Assign(targets=[ast.Name(id=made)], value=value) if value is call:
            block = next(each for each in source.blocks if statement in each)
            for later in block[block.index(statement) + 1 :]:
                uses = [x for x in ast.walk(later) if isinstance(x, ast.Name) and x.id == made]
                if uses:
                    again = isinstance(later, ast.Assign) and any(ast.unparse(x) == made for x in later.targets)
                    return again and len(uses) == 1
    return False


def _one_layer(source: Source, call: ast.Call) -> bool:
    """Whether an optimizer gets a layer of a model, `net.fc.parameters()`, or a model whose class has only one."""
    match call.args[:1]:
        case [ast.Call(func=ast.Attribute(attr="parameters", value=ast.Attribute(attr=part, value=owner)))]:
            return ast.unparse(owner) != "self" and re.match(r"(fc|head|classifier|last|lin|out)", part) is not None
        case [ast.Call(func=ast.Attribute(attr="parameters", value=ast.Name(id=model)))]:
            made = " ".join(source.of(each) for each in source.assigned(model))
            bodies = [
                source.of(x) for x in source.nodes if isinstance(x, ast.ClassDef) and re.search(rf"\b{x.name}\(", made)
            ]
            return len(_LAYERS.findall(made)) + sum(len(_LAYERS.findall(each)) for each in bodies) == 1
    return False


def _trains(text: str) -> bool:
    """Whether the file trains, in a loop of its own or of a file that gets the optimizer, or in Lightning's."""
    own = ".step(" in text and any(word in text for word in BACKWARD)
    return own or "def training_step" in text or re.search(r"\btrain\w*\(.*optimi[sz]er", text, re.DOTALL) is not None


def _option(source: Source, attribute: str) -> ast.expr | None:
    """The default of the command line option that `args.<attribute>` reads."""
    for call in source.calls("add_argument"):
        names = [x.value.lstrip("-").replace("-", "_") for x in call.args if isinstance(x, ast.Constant)]
        if attribute in names:
            return keyword(call, "default")
    return None


def _clears(source: Source) -> list[ast.stmt]:
    return [x for x in source.nodes if isinstance(x, ast.Expr) and _calls(x, "zero_grad") and single_line(x)]


def _loop_around(source: Source, node: ast.stmt) -> ast.For | ast.While | None:
    """The nearest loop around it in the same function: else it is a matter of who calls that function."""
    for each in source.above(node):
        if isinstance(each, ast.For | ast.While):
            return each
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            return None
    return None


def _trains_in(node: ast.AST) -> bool:
    """Whether gradients are computed or used there, or a function of another file may do so by its name.

    A clear alone, in a lesson about something else, leaves nothing behind.
    """
    called = " ".join(name(x) for x in ast.walk(node) if isinstance(x, ast.Call))
    return re.search(r"backward|step|train|fit|learn|updat|optimi[sz]e|accumul", called) is not None


def _again(loop: ast.For | ast.While, clear: ast.stmt) -> bool:
    """Whether every backward call of the loop stands in a loop inside it that clears the same object in each round."""
    inner = [x for each in loop.body for x in ast.walk(each) if isinstance(x, ast.For | ast.While)]
    whose = _receiver(clear)
    own = [each for each in inner if any(_calls(x, "zero_grad") and _receiver(x) == whose for x in each.body)]
    safe = {x for each in own for x in ast.walk(each)}
    calls = [x for x in ast.walk(loop) if isinstance(x, ast.Call) and name(x) in ("backward", "manual_backward")]
    return bool(calls) and all(x in safe for x in calls)


def _made_in(loop: ast.For | ast.While, receiver: str) -> bool:
    """Whether each round makes it anew: then it has no gradients of the round before."""
    made = [node for node in ast.walk(loop) if isinstance(node, ast.Assign)]
    return any(ast.unparse(target) == receiver for node in made for target in node.targets)


def _calls(node: ast.stmt, attribute: str) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr))):
            return attr == attribute
    return False


def _receiver(node: ast.stmt) -> str:
    assert isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return ast.unparse(node.value.func.value)  # type: ignore[attr-defined]


def _steps(node: ast.stmt, receiver: str) -> bool:
    if not _calls(node, "step"):
        return False
    arguments = node.value.args  # type: ignore[attr-defined]
    return _receiver(node) == receiver or any(ast.unparse(each) == receiver for each in arguments)


PLANTERS: dict[str, Planter] = {
    "missing-zero-grad": missing_zero_grad,
    "misplaced-zero-grad": misplaced_zero_grad,
    "excessive-learning-rate": excessive_learning_rate,
}
