"""Programs that train in processes which they start: the first worker is recorded, and of others it is said."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

from fixer.verify import VerdictKind, verify
from fixer.verify.outcomes import UNSEEN, describe, side_of
from fixer.verify.probe import children
from fixer.verify.trace import Outcome
from fixer.verify.trial import Trials
from tests.verify.running import SMALL, Bench, bench, guarded, trials

__all__ = ["bench", "guarded", "trials"]

TRAIN = """
import os
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn

def train(rank, world_size, steps=6):
    if world_size > 1:
        os.environ.update(MASTER_ADDR="localhost", MASTER_PORT="12355")
        dist.init_process_group("gloo", rank=rank, world_size=world_size)
    torch.manual_seed(rank)
    X = torch.randn(32, 4)
    model = nn.Linear(4, 1)
    if world_size > 1:
        model = nn.parallel.DistributedDataParallel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for i in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(X), X.sum(1, keepdim=True)).backward()
        optimizer.step()
    print(f"rank {rank}\\n", end="", flush=True)  # in one piece: the other process prints, too

"""
MAIN = "if __name__ == '__main__':\n    "
ONE = TRAIN + MAIN + "mp.spawn(train, args=(1,), nprocs=1)\n    print('joined')\n"


@pytest.mark.parametrize("call", ["mp.spawn(train, (1,))", "mp.start_processes(train, args=(1, 6), nprocs=1)"])
def test_a_single_worker_trains_in_the_scripts_own_process(bench: Bench, call: str) -> None:
    trace = bench.run(TRAIN + MAIN + call + "\n    print('joined')\n")
    assert (trace.crash, trace.steps, trace.stdout_tail) == (None, 6, "rank 0\njoined\n")
    assert trace.replaced == (children.FIRST,)
    assert UNSEEN not in trace.notes


def test_of_workers_that_train_together_the_first_is_recorded(bench: Bench) -> None:
    trace = bench.run(TRAIN + MAIN + "mp.spawn(train, args=(2,), nprocs=2)\n    print('joined')\n")
    assert trace.crash is None and (trace.steps, trace.backwards) == (6, 6)
    assert sorted(trace.stdout_tail.split("\n")) == ["", "joined", "rank 0", "rank 1"]
    assert any("of 2 processes" in note for note in trace.notes)


def test_the_step_cap_ends_all_of_them(bench: Bench) -> None:
    trace = bench.run(TRAIN + MAIN + "mp.spawn(train, args=(2, 10**9), nprocs=2)\n")
    assert (trace.outcome, trace.steps) == (Outcome.BUDGET, SMALL.steps)


def test_a_worker_that_fails_ends_the_run(bench: Bench) -> None:
    """The first one waits for it, and would wait until the time is up."""
    body = TRAIN.replace(
        "    torch.manual_seed(rank)\n", "    if rank == 1:\n        raise ValueError('rank 1 has no data')\n"
    )
    trace = bench.run(body + MAIN + "mp.spawn(train, args=(2,), nprocs=2)\n")
    assert trace.outcome is Outcome.CRASHED and "rank 1 has no data" in trace.stderr_tail
    assert trace.seconds < 15


def test_what_cannot_be_sent_to_a_process_is_a_crash_as_ever(bench: Bench) -> None:
    trace = bench.run(TRAIN + MAIN + "mp.spawn(lambda rank: train(rank, 1), nprocs=1)\n")
    assert trace.outcome is Outcome.CRASHED and trace.crash is not None and "pickle" in trace.crash.message.lower()


def test_without_a_disk_of_its_own_workers_would_run_another_version(guarded: Trials, tmp_path: Path) -> None:
    trace = Bench(guarded, tmp_path).run(ONE)
    assert (trace.crash, trace.steps) == (None, 6)
    text = TRAIN + MAIN + "mp.spawn(train, args=(1,), nprocs=2)\n"
    (tmp_path / "train.py").write_text(text)
    several = Bench(guarded, tmp_path).run(text, budget=dataclasses.replace(SMALL, seconds=1.0))
    assert several.outcome is Outcome.TIMEOUT and several.steps == 0
    assert several.notes == (UNSEEN,)  # it is known although time ran out
    assert side_of([several]).unseen


@pytest.mark.parametrize(
    "start",
    [
        "p = mp.Process(target=train, args=(0, 1)); p.start(); p.join()",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1)'], check=True)",
    ],
)
def test_training_elsewhere_is_not_run_and_the_reason_told(tmp_path: Path, start: str) -> None:
    text = TRAIN + MAIN + start + "\n"
    verdict = verify(text, text + "\n", path=tmp_path / "train.py", python=sys.executable, budget=SMALL, seeds=2)
    assert verdict.verdict is VerdictKind.NOT_RUN
    assert UNSEEN in verdict.reason and "in its own process" in verdict.reason


def test_helpers_of_a_program_that_trains_are_not_worth_a_word(bench: Bench) -> None:
    trace = bench.run(
        TRAIN
        + """
from torch.utils.data import DataLoader, TensorDataset
if __name__ == '__main__':
    next(iter(DataLoader(TensorDataset(torch.ones(8, 2)), batch_size=4, num_workers=1)))
    with mp.Pool(1) as pool:
        pool.map(abs, [1])
    train(0, 1)
"""
    )
    assert trace.crash is None and trace.steps == 6 and trace.notes == ()


@pytest.mark.parametrize(
    "ask",
    [
        'rank = int(os.environ["LOCAL_RANK"])',
        'rank = int(os.getenv("LOCAL_RANK"))',
        'dist.init_process_group("gloo"); rank = dist.get_rank(); assert dist.get_world_size() == 1',
    ],
)
def test_a_program_for_torchrun_is_told_what_torchrun_tells(bench: Bench, ask: str) -> None:
    trace = bench.run(TRAIN + MAIN + ask + "\n    train(rank, 1)\n")
    assert (trace.crash, trace.steps) == (None, 6)
    assert trace.replaced == (children.LAUNCHED,)
    assert trace.seconds < 10


def test_both_sides_use_the_same_words(bench: Bench) -> None:
    assert children.UNSEEN == UNSEEN
    trace = bench.run("import multiprocessing as mp\np = mp.Process(target=print); p.start(); p.join()\n")
    assert side_of([trace]).unseen and describe(trace) == "comes to its end without training"
