"""Run small programs in one shared process that has torch imported."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.verify.trace import Trace
from fixer.verify.trial import Budget, Program, Trials

SMALL = Budget(steps=30, seconds=20.0, memory_mb=1024, output_mb=1, evaluation_batches=5, scratch_mb=64)

LOOP = """
import torch
from torch import nn
torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
"""
"""The beginning of many programs here."""


class Bench:
    """Writes a program's folder, runs a text in it, returns the trace."""

    def __init__(self, trials: Trials, folder: Path) -> None:
        self.trials = trials
        self.folder = folder

    def run(
        self,
        source: str,
        *args: str,
        budget: Budget = SMALL,
        seed: int = 0,
        version: str = "before",
        observe: bool = True,
        name: str = "train.py",
    ) -> Trace:
        path = self.folder / name
        program = Program(path, textwrap.dedent(source).encode(), args)
        return self.trials.run(program, version, seed, budget, observe=observe)

    def train(self, body: str, **options: object) -> Trace:
        """`LOOP` and then `body`."""
        return self.run(LOOP + textwrap.dedent(body), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials(Path(sys.executable)) as started:
        yield started


@pytest.fixture(scope="module")
def guarded() -> Iterator[Trials]:
    """Without namespaces, as on systems that forbid them."""
    with Trials(Path(sys.executable), isolation="guards") as started:
        yield started


@pytest.fixture
def bench(trials: Trials, tmp_path: Path) -> Bench:
    return Bench(trials, tmp_path)


def shown(trace: Trace) -> set[str]:
    """The symptoms that a run showed."""
    assert trace.crash is None, trace.crash
    return {name for name, symptom in trace.symptoms.items() if symptom.shown}


def becomes(alive: bool, argument: str) -> bool:
    """Whether, within some seconds, a process `sleep argument` is there (or is not)."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        commands = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    commands.append((entry / "cmdline").read_bytes())
                except OSError:
                    continue
        if any(b"sleep\0" + argument.encode() in command for command in commands) is alive:
            return True
        time.sleep(0.05)
    return False
