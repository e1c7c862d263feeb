"""Programs that are trained on the wrong loss, and their mends, whose losses are other functions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from fixer.verify import Budget, Expectation, Verdict, VerdictKind, verify
from fixer.verify.compare import Decision
from fixer.verify.trial import Trials

Judged = Callable[..., Verdict]

PROGRAM = """\
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(3)
rule = torch.randn(8, 4)
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, {outputs}){last})
optimizer = torch.optim.{optimizer}
for step in range(120):
    x = torch.randn(32, 8)
    y = {target}
    optimizer.zero_grad()
    loss = {loss}
    loss.backward()
    optimizer.step()
"""
SGD, ADAM = "SGD(model.parameters(), lr={})", "Adam(model.parameters(), lr=0.01)"
CLASSES = {"outputs": 4, "target": "(x @ rule).argmax(1)", "last": "", "optimizer": SGD.format(0.2)}
BINARY = {"outputs": 1, "target": "(x @ rule[:, :1] > 0).float()", "last": "", "optimizer": SGD.format(0.2)}
NUMBERS = {"outputs": 1, "target": "(x @ rule)[:, 0]", "last": "", "optimizer": SGD.format(0.02)}


def program(parts: dict[str, object], loss: str, **changes: object) -> str:
    return PROGRAM.format(**{**parts, "loss": loss, **changes})


LOGITS, ONCE = "F.cross_entropy(model(x), y)", "F.binary_cross_entropy_with_logits(model(x), y)"
DEFECTS = {
    "softmax before cross-entropy": (
        program(CLASSES, LOGITS, last=", nn.Softmax(dim=1)"),
        program(CLASSES, LOGITS),
        "probabilities-as-logits",
        "error rate",
    ),
    "scores into nll": (
        program(CLASSES, "F.nll_loss(model(x), y)"),
        program(CLASSES, "F.nll_loss(F.log_softmax(model(x), 1), y)"),
        "unbounded-loss",
        "error rate",
    ),
    "two sigmoids": (
        program(BINARY, ONCE, last=", nn.Sigmoid()"),
        program(BINARY, ONCE),
        "loss-input-range",
        "wrongly ranked pairs",
    ),
    "broadcasting": (
        program(NUMBERS, "F.mse_loss(model(x), y)"),
        program(NUMBERS, "F.mse_loss(model(x).squeeze(1), y)"),
        "broadcast-in-loss",
        "squared error",
    ),
}
TWINS = {
    "the same loss by another name": (
        program(CLASSES, LOGITS),
        program(CLASSES, "F.nll_loss(model(x).log_softmax(1), y)"),
    ),
    "a divided loss, which Adam does not mind": (
        program(CLASSES, LOGITS, optimizer=ADAM),
        program(CLASSES, LOGITS + " / 3", optimizer=ADAM),
    ),
    "a sigmoid of one's own": (
        program(BINARY, ONCE),
        program(BINARY, "F.binary_cross_entropy(model(x).sigmoid(), y)"),
    ),
    "the other shape": (
        program(NUMBERS, "F.mse_loss(model(x)[:, 0], y)"),
        program(NUMBERS, "F.mse_loss(model(x), y[:, None])"),
    ),
}


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials(Path(sys.executable)) as running:
        yield running


@pytest.fixture
def judged(tmp_path: Path, trials: Trials) -> Judged:
    return partial(verify, path=tmp_path / "train.py", trials=trials, budget=Budget(seconds=30))


@pytest.mark.parametrize("name", DEFECTS)
def test_the_mend_is_improved_and_its_fit_is_told(name: str, judged: Judged) -> None:
    wrong, right, symptom, measure = DEFECTS[name]
    verdict = judged(wrong, right, expected=Expectation((symptom,), "not-comparable"))
    assert verdict.verdict is VerdictKind.IMPROVED, verdict.reason
    assert f"{measure} on first-seen batches" in verdict.reason
    assert verdict.yardstick is not None and verdict.yardstick.measure == measure
    assert verdict.yardstick.effect is not None and verdict.yardstick.effect < 0
    assert verdict.loss.decision is Decision.NOT_COMPARABLE


@pytest.mark.parametrize("name", DEFECTS)
def test_undoing_the_mend_is_a_regression(name: str, judged: Judged) -> None:
    wrong, right, symptom, _ = DEFECTS[name]
    verdict = judged(right, wrong)
    assert verdict.verdict is VerdictKind.REGRESSED, verdict.reason
    assert symptom in {each.name for each in verdict.symptoms if each.appeared}


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("declared", [None, "not-comparable"])
def test_two_right_programs_are_not_told_apart(name: str, declared: str | None, judged: Judged) -> None:
    before, after = TWINS[name]
    verdict = judged(before, after, expected=Expectation(loss=declared))
    assert verdict.verdict in (VerdictKind.EQUIVALENT, VerdictKind.INCONCLUSIVE), verdict.reason
