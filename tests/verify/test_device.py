"""Which device the programs run on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from fixer.verify import Budget, VerdictKind, verify
from fixer.verify.interpreter import TrialError
from fixer.verify.probe import sandbox, zygote
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


def in_probe(text: str) -> str:
    """Run a text in a process that has the probe loaded, as runs have; what it prints."""
    beginning = f"""
import sys
sys.path.insert(0, {str(Path(zygote.__file__).parent)!r})
import zygote
zygote.load_probe()
import torch
from _fixer_probe import record, streams, surroundings
"""
    run = subprocess.run(
        [sys.executable, "-c", beginning + text], capture_output=True, text=True, timeout=120, check=True
    )
    return run.stdout


def test_seeds_of_gpus_are_shifted_once() -> None:
    said = in_probe("""
seen = []
torch.cuda.manual_seed = torch.cuda.manual_seed_all = seen.append
streams.install(2, True, print)
torch.manual_seed(7), torch.cuda.manual_seed_all(7), torch.cuda.random.manual_seed(7)
print(seen)
""")
    assert said == f"{[2, *[7 + 2 * 1_000_003] * 3]}\n"


def test_the_choice_among_algorithms_is_not_left_to_the_clock() -> None:
    said = in_probe("""
class Recorder:
    replace = print
surroundings._one_algorithm(Recorder)
torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic = True, False
print(torch.backends.cudnn.benchmark, torch._C._get_cudnn_benchmark(), torch._C._get_cudnn_deterministic())
""")
    assert said.splitlines()[-1] == "False False True" and "deterministic algorithms" in said


def test_a_run_on_cuda_reaches_the_devices_of_any_maker(tmp_path: Path) -> None:
    there = [
        "nvidia0",
        "nvidia12",
        "nvidiactl",
        "nvidia-uvm",
        "nvidia-caps/nvidia-cap1",
        "kfd",
        "dri/renderD128",
        "dxg",
    ]
    for name in (*there, "sda", "tty0", "nvme0n1"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert sandbox.gpu_devices(str(tmp_path)) == sorted(str(tmp_path / name) for name in there)


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
