"""misplaced-zero-grad, beyond its corpus: optimizers of the project's own, and loops that several calls share."""

from __future__ import annotations

from pathlib import Path

from fixer.codemods.loop.misplaced_zero_grad import misplaced_zero_grad
from fixer.engine import check_source, fix_source
from fixer.files.siblings import Neighbours
from fixer.results import Clean, Fixed, Found

SCHEDULED = """\
class ScheduledOptim:
    def __init__(self, optimizer):
        self.optimizer = optimizer

    def step(self):
        self.optimizer.step()

    def zero_grad(self):
        self.optimizer.zero_grad()
"""
TRAINING = """\
import torch
from optim import ScheduledOptim

model = torch.nn.Linear(3, 1)
optimizer = ScheduledOptim(torch.optim.Adam(model.parameters()))
for x, y in batches:
    loss = (model(x) - y).pow(2).mean()
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
"""


def test_an_optimizer_of_another_file_is_reported_where_this_file_clears_it(tmp_path: Path) -> None:
    (tmp_path / "optim.py").write_text(SCHEDULED)
    path = tmp_path / "train.py"
    result = check_source(TRAINING, path=str(path), rules=[misplaced_zero_grad], siblings=Neighbours(path))
    assert isinstance(result, Found)
    assert [(each.start.line, each.fix) for each in result.diagnostics] == [(9, None)]
    right = TRAINING.replace(
        "    loss.backward()\n    optimizer.zero_grad()\n", "    optimizer.zero_grad()\n    loss.backward()\n"
    )
    assert isinstance(
        check_source(right, path=str(path), rules=[misplaced_zero_grad], siblings=Neighbours(path)), Clean
    )


SHARED = """\
import torch

model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

def run(x, y, training):
    loss = (model(x) - y).pow(2).mean()
    if training:
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return loss

"""


def test_one_call_in_a_loop_is_enough() -> None:
    loop = "for epoch in range(9):\n    run(x, y, True)\n"
    for last in ("", "run(x, y, flag)\n"):
        result = fix_source(SHARED + loop + last, rules=[misplaced_zero_grad])
        assert isinstance(result, Fixed)
        assert "        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n" in result.fixed
    assert isinstance(check_source(SHARED + "run(x, y, True)\n", rules=[misplaced_zero_grad]), Clean)
