"""The losses that a program computes: what is compared with what, and what each loss asks of the type of its target."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.datasets import guarded
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Class, Imported, Made, Part, Value
from fixer.facts.script import Script

_FUNCTIONS = {
    "torch.nn.functional.cross_entropy": "CrossEntropyLoss",
    "torch.nn.functional.nll_loss": "NLLLoss",
    "torch.nn.functional.binary_cross_entropy": "BCELoss",
    "torch.nn.functional.binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
    "torch.nn.functional.mse_loss": "MSELoss",
    "torch.nn.functional.l1_loss": "L1Loss",
    "torch.nn.functional.smooth_l1_loss": "SmoothL1Loss",
    "torch.nn.functional.huber_loss": "HuberLoss",
}
_CLASSES = frozenset(f"torch.nn.{each}" for each in _FUNCTIONS.values())

WORDS = "Loss|_loss|entropy"
"""One of these is in every file that calls a loss of torch: what rules about losses need."""
CLASS_NUMBERS = frozenset({"CrossEntropyLoss", "NLLLoss"})
"""Losses whose targets are class numbers (CrossEntropyLoss: or probabilities of the classes)."""
ELEMENTWISE = frozenset({"MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"})
"""Losses that broadcast prediction and target against each other."""


@dataclass(frozen=True)
class LossCall:
    """One call of a loss of torch. `name` is that of its class, for the function too."""

    call: Call
    name: str
    prediction: Value
    target: Value
    target_node: ast.expr | None
    """How the call writes the target."""
    certain: bool
    """False where the type of something is looked at first, or an error is awaited."""

    @property
    def fed(self) -> Value | None:
        """What was fed to the model whose output the prediction is; None: it is not seen to be a model's output."""
        return fed(self.prediction)

    @property
    def ignores_an_index(self) -> bool:
        """Whether it was told a class number that does not count: torch refuses that for probabilities."""
        made = self.call.callee.arguments if isinstance(self.call.callee, Made) else self.call.arguments
        return "ignore_index" in made.keywords


def loss_calls(script: Script) -> Iterator[LossCall]:
    """Every call of one of torch's common losses, in the order of the program."""
    for call in script.run.calls if script.run.complete else ():
        name = _FUNCTIONS.get(call.dotted or "")
        if isinstance(call.callee, Made) and call.callee.dotted in _CLASSES:
            name = call.callee.dotted.rpartition(".")[2]
        prediction, target = call.arguments.get(0, "input"), call.arguments.get(1, "target")
        if name is None or prediction is None or target is None or not call.arguments.complete:
            continue
        yield LossCall(call, name, prediction, target, _written(call.node), not guarded(script, call))


def _written(node: ast.Call) -> ast.expr | None:
    if any(isinstance(each, ast.Starred) for each in node.args):
        return None
    named = next((each.value for each in node.keywords if each.arg == "target"), None)
    return named if named is not None else node.args[1] if len(node.args) > 1 else None


def fed(prediction: Value, depth: int = 8) -> Value | None:
    """What was fed to the model whose output `prediction` is, through activations and reshaping."""
    if depth == 0:
        return None
    match prediction:
        case Made(callee=Imported()) if prediction.arguments.positional:
            return fed(prediction.arguments.positional[0], depth - 1)
        case Made(callee=callee, arguments=given) if given.positional and not isinstance(callee, Class):
            if kind(callee) is not Kind.MODULE:
                return None
            inner = given.positional[0]
            return fed(inner, depth - 1) or inner
        case Part(how="method" | "subscript", base=base):
            return fed(base, depth - 1)
    return None
