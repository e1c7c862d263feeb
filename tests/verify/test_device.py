"""Which device the programs run on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from fixer.verify import Budget, VerdictKind, verify
from fixer.verify.interpreter import TrialError
from fixer.verify.trial import Program, Trials
from tests.verify.running import LOOP, SMALL

HERE = Path(sys.executable)
STALE = (
    LOOP
    + """
device = "cuda" if torch.cuda.is_available() else "cpu"
model, X, y = model.to(device), X.to(device), y.to(device)
for i in range(20):
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
print(device)
"""
)
RIGHT = STALE.replace("    optimizer.step()\n", "    optimizer.step()\n    optimizer.zero_grad()\n")
without = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
needed = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")


@without
def test_without_a_cuda_device_nothing_is_run_and_the_reason_told(tmp_path: Path) -> None:
    verdict = verify(STALE, RIGHT, path=tmp_path / "train.py", python=HERE, budget=Budget(device="cuda"))
    assert verdict.verdict is VerdictKind.NOT_RUN and verdict.seeds == ()
    assert "no CUDA device" in verdict.reason and "--device cpu" in verdict.reason


@without
def test_auto_takes_the_processor_where_there_is_nothing_else(tmp_path: Path) -> None:
    verdict = verify(STALE, RIGHT, path=tmp_path / "train.py", python=HERE, budget=Budget(steps=15, device="auto"))
    assert verdict.verdict is VerdictKind.IMPROVED and verdict.device == "cpu"


def test_an_unknown_device_is_refused() -> None:
    with pytest.raises(TrialError, match=r"'tpu'.*cpu, cuda, auto"):
        Trials(HERE, device="tpu")


@pytest.mark.cuda
@needed
def test_runs_on_cuda_repeat_and_are_judged(tmp_path: Path) -> None:
    with Trials(HERE, device="auto") as trials:
        assert trials.device == "cuda"
        program = Program(tmp_path / "train.py", STALE.encode())
        first, again = (trials.run(program, "before", 1, SMALL) for _ in range(2))
        assert first.stdout_tail == "cuda\n" and first.series == again.series
        verdict = verify(STALE, RIGHT, path=program.path, budget=Budget(steps=15, device="cuda"), trials=trials)
    assert verdict.verdict is VerdictKind.IMPROVED and verdict.device == "cuda"


@pytest.mark.cuda
@needed
def test_cuda_is_hidden_where_the_processor_is_wanted(tmp_path: Path) -> None:
    with Trials(HERE) as trials:
        assert trials.run(Program(tmp_path / "train.py", STALE.encode()), "before", 0, SMALL).stdout_tail == "cpu\n"
