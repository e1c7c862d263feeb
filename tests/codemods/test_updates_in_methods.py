"""Updates in methods of classes whose bases, and whose callers, are out of sight."""

from __future__ import annotations

import pytest

from fixer.codemods.loop.missing_optimizer_step import missing_optimizer_step
from fixer.codemods.loop.step_before_backward import step_before_backward
from fixer.engine import check_source
from fixer.results import Clean, Found

RUNNER = """
from catalyst import dl
from torch.nn import functional as F


class Runner(dl.IRunner):
    def handle_batch(self, batch):
        x, y = batch
        loss = F.cross_entropy(self.model(x), y)
        if self.is_train_loader:
            {lines}
"""


def lines(text: str) -> str:
    return RUNNER.format(lines=text.replace("; ", "\n            "))


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("loss.backward(); self.optimizer.zero_grad()", True),
        ("self.engine.backward(loss); self.optimizer.zero_grad()", True),
        ("self.engine.backward(loss); self.optimizer.step(); self.optimizer.zero_grad()", False),
        ("loss.backward(); self.on_backward_end(); self.optimizer.zero_grad()", False),  # it may step
        ("self.optimizer.zero_grad(); loss.backward()", False),  # the callers may step
    ],
)
def test_gradients_that_are_cleared_at_once_are_used_by_nobody(text: str, reported: bool) -> None:
    result = check_source(lines(text), rules=[missing_optimizer_step])
    assert isinstance(result, Clean | Found)
    assert isinstance(result, Found) is reported


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("self.optimizer.zero_grad(); self.optimizer.step(); self.fabric.backward(loss)", True),
        ("self.optimizer.zero_grad(); self.fabric.backward(loss); self.optimizer.step()", False),
        ("self.optimizer.step(); self.total_loss.backward(loss)", False),  # given gradients
    ],
)
def test_an_engine_that_goes_backward_may_be_an_attribute(text: str, reported: bool) -> None:
    result = check_source(lines(text), rules=[step_before_backward])
    assert isinstance(result, Clean | Found)
    assert isinstance(result, Found) is reported
