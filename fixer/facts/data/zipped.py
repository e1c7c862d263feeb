"""Two loaders drawn from side by side, of which one gives the inputs and the other the targets of one loss."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.datasets import Loader, loaders
from fixer.facts.data.loaders import length
from fixer.facts.data.origins import reaches
from fixer.facts.data.roles import drawn_from, loop_of
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.training import EventKind, Loop, ancestors, events, within
from fixer.facts.program.values import Arguments, Computed, Imported, Items, Literal, Made, Part, Value, options
from fixer.facts.script import Script

# Losses that compare each output with the target of the same sample.
_LOSS = re.compile(
    r"torch\.nn\.((MSE|L1|SmoothL1|Huber|CrossEntropy|NLL|BCE|BCEWithLogits|PoissonNLL|GaussianNLL|MultiMargin|SoftMargin|"
    r"MultiLabelMargin|MultiLabelSoftMargin)Loss|functional\.(mse_loss|l1_loss|smooth_l1_loss|huber_loss|cross_entropy|"
    r"nll_loss|binary_cross_entropy(_with_logits)?|poisson_nll_loss|gaussian_nll_loss|multi_margin_loss|soft_margin_loss|"
    r"multilabel_margin_loss|multilabel_soft_margin_loss))$"
)
_ZIPS = ("zip", "itertools.zip_longest")


@dataclass(frozen=True, eq=False)
class Zipped:
    """`zip(first, second)` of two loaders; one of them is `inputs`, the other `targets`."""

    node: ast.Call
    loop: Loop
    inputs: Loader
    targets: Loader
    first: Loader
    second: Loader

    @property
    def to_the_longest(self) -> bool:
        """`itertools.zip_longest`."""
        func = self.node.func
        return getattr(func, "attr", getattr(func, "id", "")) == "zip_longest"

    @property
    def outer(self) -> Loop | None:
        """The loop of epochs around it."""
        return next((each for each in ancestors(self.loop) if isinstance(each, Loop) and each.repeats), None)


def zipped(script: Script) -> Iterator[Zipped]:
    """The zips of two loaders whose batches meet in a loss."""
    made = {id(each.call.result): each for each in loaders(script)} if script.run.complete else {}
    for root in script.run.roots if len(made) > 1 else ():
        for draw in events(root, EventKind.DRAW):
            loop, subject = loop_of(draw), drawn_from(draw.subject)
            if loop is None or not isinstance(subject, Made) or subject.dotted not in _ZIPS:
                continue
            pair = [made.get(id(drawn_from(each))) for each in subject.arguments.positional]
            if len(pair) == 2 and pair[0] and pair[1] and isinstance(subject.node, ast.Call):
                found = _roles(script, loop, pair[0], pair[1])
                if found is not None:
                    yield Zipped(subject.node, loop, *found, pair[0], pair[1])


def _roles(script: Script, loop: Loop, first: Loader, second: Loader) -> tuple[Loader, Loader] | None:
    """Which of the two gives the inputs, and which the targets; None where nothing shows that they belong together."""
    if _one_source(first, second) or _lengths_differ(first, second):
        return None
    inside = [call for call in script.run.calls if within(call.event, loop)]
    for inputs, targets in ((first, second), (second, first)):
        if any(_compares(call, inputs, targets) for call in inside):
            return inputs, targets
    return None


def _one_source(first: Loader, second: Loader) -> bool:
    return any(one is other for one in options(first.dataset) for other in options(second.dataset))


def _lengths_differ(first: Loader, second: Loader) -> bool:
    sizes = {length(first.dataset), length(second.dataset)} - {None}
    return len(sizes) == 2


def _compares(call: Call, inputs: Loader, targets: Loader) -> bool:
    """Whether the call compares what a model made of the inputs with the targets as they were drawn."""
    if _is_loss(call.callee):
        output, target = call.arguments.get(0, "input"), call.arguments.get(1, "target")
        return output is not None and target is not None and _meet(output, target, inputs, targets)
    given = [*call.arguments.positional, *([call.callee.base] if isinstance(call.callee, Part) else [])]
    return any(
        _meet(one, other, inputs, targets)
        for value in given
        for left, right in _differences(value)
        for one, other in ((left, right), (right, left))
    )


def _is_loss(callee: Value) -> bool:
    dotted = callee.dotted if isinstance(callee, Imported | Made) else None
    if dotted is None:
        return kind(callee) is Kind.LOSS and not isinstance(callee, Made)  # `criterion`, by its name only
    return _LOSS.match(dotted) is not None


def _differences(value: Value, depth: int = 4) -> Iterator[tuple[Value, Value]]:
    """The operands of a subtraction, or of a product with a logarithm: `((a - b) ** 2)`, `y * torch.log(p)`."""
    if isinstance(value, Computed) and depth:
        if isinstance(value.node, ast.BinOp) and len(value.operands) == 2:
            entropy = isinstance(value.node.op, ast.Mult) and any(map(_is_logarithm, value.operands))
            if isinstance(value.node.op, ast.Sub) or entropy:
                yield value.operands[0], value.operands[1]
        for each in value.operands:
            yield from _differences(each, depth - 1)


def _is_logarithm(value: Value) -> bool:
    if isinstance(value, Part):
        return value.how == "method" and value.key in ("log", "log_softmax")
    return isinstance(value, Made) and value.dotted in ("torch.log", "torch.nn.functional.log_softmax")


def _meet(output: Value, target: Value, inputs: Loader, targets: Loader) -> bool:
    drawn, compared = _batch(inputs), _batch(targets)
    if drawn is None or compared is None:
        return False
    return _as_drawn(target, compared) and _from_model(output, drawn) and not reaches(output, compared)


def _batch(loader: Loader) -> Value | None:
    """What a loop draws from a loader."""
    return loader.call.result.attributes.get("[*]")


def _as_drawn(value: Value, batch: Value, depth: int = 12) -> bool:
    """Whether `value` is `batch` or a part of it, in another type, shape or place at most."""
    if value is batch:
        return True
    match value:
        case Part(base=base) if depth:
            return _as_drawn(base, batch, depth - 1)
        case Made(callee=Imported(dotted=dotted), arguments=given) if dotted.startswith("torch.") and given.positional:
            return depth > 0 and _as_drawn(given.positional[0], batch, depth - 1)
    return False


_PRODUCTS = frozenset({"mm", "matmul", "mv", "dot", "linear", "addmm"})


def _multiplies(value: Value, batch: Value) -> bool:
    """Whether a batch is multiplied by weights right here: `torch.mm(x, w)`, `x @ w`, `w * x`."""
    match value:
        case Computed(node=ast.BinOp(op=ast.MatMult() | ast.Mult()), operands=[left, right]):
            pair = [left, right]
        case Made(callee=Imported(dotted=dotted), arguments=given) if dotted.rpartition(".")[2] in _PRODUCTS:
            pair = given.positional
        case Part(how="method", key="mm" | "matmul" | "mv", base=base, arguments=Arguments() as given):
            pair = [base, *given.positional]
        case _:
            return False
    return any(map(_is_weight, pair)) and any(_as_drawn(each, batch) for each in pair)


def _is_weight(value: Value) -> bool:
    """Whether the program asks for its gradient."""
    several = options(value)
    if len(several) > 1:
        return any(map(_is_weight, several))
    if isinstance(value, Part):
        return value.how == "method" and (value.key == "requires_grad_" or _is_weight(value.base))
    if not isinstance(value, Made) or value.dotted is None:
        return False
    asked = value.arguments.keywords.get("requires_grad")
    return value.dotted == "torch.nn.Parameter" or (isinstance(asked, Literal) and asked.value is True)


def _from_model(value: Value, batch: Value, depth: int = 10) -> bool:
    """Whether `value` is what a model made of `batch`, perhaps with functions applied to it."""
    if depth == 0:
        return False
    if _multiplies(value, batch):
        return True
    match value:
        case Made(callee=callee, arguments=given):
            if kind(callee) is Kind.MODULE:
                return any(reaches(each, batch) for each in given.all())
            return isinstance(callee, Imported) and any(
                _from_model(each, batch, depth - 1) for each in given.positional
            )
        case Part(base=base):
            return _from_model(base, batch, depth - 1)
        case Computed(operands=operands):
            return any(_from_model(each, batch, depth - 1) for each in operands)
        case Items(items=items):
            return any(_from_model(each, batch, depth - 1) for each in items)
    several = options(value)
    # one call of a model that may have been wrapped since, or one value or another
    single = len({id(each.node) for each in several}) == 1
    answers = [_from_model(each, batch, depth - 1) for each in several] if several != [value] else []
    return any(answers) if single else bool(answers) and all(answers)
