"""`fixer verify` and `fixer fix --verify`: the commands around the proof, on programs that run in a second or two."""

import importlib.util
import json
import os
import signal
import time
from pathlib import Path

import pytest
import torch

from tests.command_line import BUGGY, CLEAN, MENDED, fixer, process

pytestmark = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="the proof needs torch")

SHORT = BUGGY.replace("range(100)", "range(30)")
SHORT_MENDED = MENDED.replace("range(100)", "range(30)")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_script_against_as_it_would_be_fixed(here: Path) -> None:
    Path("train.py").write_text("import sys\nassert sys.argv[1:] == ['--epochs', '1']\n" + SHORT)
    ran = fixer("verify", "train.py", "--steps", "20", "--report", "proof", "--", "--epochs", "1")
    assert ran.code == 0
    assert ran.out.startswith("improved: stale gradients are gone")
    assert f"running train.py --epochs 1 in {here} (as it stands and with the fix of missing-zero-grad" in ran.err
    assert "at most 20 optimizer steps" in ran.err
    assert "fixer verify --steps=20 train.py -- --epochs 1" in ran.out
    assert json.loads(Path("proof/report.json").read_text())["verdict"] == "improved"
    assert "<html" in Path("proof/index.html").read_text()
    assert Path("train.py").read_text().endswith(SHORT)


def test_two_versions_as_json() -> None:
    Path("before.py").write_text(SHORT_MENDED)
    Path("after.py").write_text(SHORT)
    ran = fixer("verify", "before.py", "after.py", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out)["verdict"] == "regressed"


def test_nothing_to_fix_runs_nothing() -> None:
    Path("train.py").write_text(CLEAN + "open('was_run', 'w')\n")
    ran = fixer("verify", "train.py")
    assert (ran.code, ran.out, ran.err) == (0, "", "nothing to fix; nothing was run\n")


def test_equal_versions_are_equivalent_without_a_run() -> None:
    for name in ("before.py", "after.py"):
        Path(name).write_text("raise SystemExit('was run')\n")
    ran = fixer("verify", "before.py", "after.py")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("equivalent: ")


def test_what_does_not_train_is_not_judged_and_settings_bound_the_runs() -> None:
    Path("train.py").write_text("import missing_package\n" + SHORT)
    Path("fixer.toml").write_text("[verify]\nsteps = 12\nseconds = 30\n")
    ran = fixer("verify", "train.py")
    assert ran.code == 2
    assert "at most 12 optimizer steps and 30 s a run" in ran.err
    assert ran.out.startswith("not-run: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope.py"], "nope.py: cannot be read: No such file or directory"),
        (["."], ". is a folder; name the script that trains"),
        (["train.py", "nope.py"], "nope.py: cannot be read: No such file or directory"),
        (["broken.py"], "broken.py:8:22: does not parse"),
    ],
)
def test_what_cannot_be_verified(arguments: list[str], message: str) -> None:
    Path("train.py").write_text(SHORT)
    Path("broken.py").write_text(SHORT.replace("range(30):", "range(30)"))
    ran = fixer("verify", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_fix_keeps_what_a_run_confirms_and_drops_the_rest() -> None:
    Path("train.py").write_text(SHORT)
    Path("dead.py").write_text("import nowhere\n" + SHORT)
    ran = fixer("fix", "--verify", "train.py", "dead.py")
    assert ran.code == 0
    assert ran.out.startswith("--- a/train.py\n") and "dead.py" not in ran.out
    assert "\nkept missing-zero-grad (train.py:11): improved: stale gradients are gone" in ran.err
    assert "\ndropped missing-zero-grad (dead.py:12): not-run: " in ran.err
    assert Path("train.py").read_text() == SHORT


def test_fix_verify_applies_what_it_kept() -> None:
    Path("train.py").write_text(SHORT)
    ran = fixer("fix", "--verify", "--apply", "train.py")
    assert ran.code == 0
    assert Path("train.py").read_text() == SHORT_MENDED


def test_the_missing_extra_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("train.py").write_text(SHORT)
    real = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *rest: None if name == "scipy" else real(name, *rest))
    for command in (["verify", "train.py"], ["fix", "--verify", "train.py"]):
        ran = fixer(*command)
        assert (ran.code, ran.out) == (2, "")
        assert "the proof needs scipy: pip install 'fixer[verify]'" in ran.err


def test_an_interrupted_proof_leaves_nothing_behind(here: Path) -> None:
    Path("train.py").write_text(SHORT + "    print(step, flush=True)\n    __import__('time').sleep(60)\n")
    (here / "tmp").mkdir()
    environ = {**os.environ, "TMPDIR": str(here / "tmp")}
    running = process("verify", "train.py", start_new_session=True, env=environ)
    assert running.stderr
    assert running.stderr.readline().startswith(b"running train.py in ")
    time.sleep(4)  # by now the runs have begun, or torch is being imported for them
    os.killpg(running.pid, signal.SIGINT)
    assert running.stderr.read() == b"interrupted\n"
    assert running.wait(30) == 130
    assert not list((here / "tmp").glob("fixer-*"))
    assert Path("train.py").read_text().startswith(SHORT)


def test_finished_runs_are_used_again_unless_they_must_not(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(here.parent / "cache"))
    Path("train.py").write_text(SHORT)
    first, again, anew = (fixer("verify", "train.py", *options) for options in ([], [], ["--no-cache"]))
    assert first.code == again.code == anew.code == 0
    assert "from cache" not in first.out and "from cache" not in anew.out
    assert "runs: 4 of 4 from cache (--no-cache runs them again)" in again.out
    assert again.out.splitlines()[0] == first.out.splitlines()[0] == anew.out.splitlines()[0]
    kept, fresh = fixer("fix", "--verify", "train.py"), fixer("fix", "--verify", "--no-cache", "train.py")
    assert (kept.code, kept.out) == (fresh.code, fresh.out) == (0, kept.out)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_said(here: Path) -> None:
    Path("train.py").write_text(SHORT)
    ran = fixer("verify", "train.py", "--device", "cuda")
    assert ran.code == 2 and "no CUDA device" in ran.out
    (here / "fixer.toml").write_text('[verify]\ndevice = "cuda"\n')
    assert fixer("verify", "train.py").code == 2
    assert fixer("verify", "train.py", "--device", "auto").code == 0


HIDDEN = """\
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset
from torchvision import transforms

x = torch.from_numpy(np.random.rand(64, 3, 8, 8))
y = torch.randint(0, 2, (64,))
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True, transform=transforms.RandomHorizontalFlip())
net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(3):
    for images, labels in loader:
        opt.zero_grad()
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        opt.step()
"""


def test_what_comes_to_light_behind_a_fix_is_told_too() -> None:
    Path("train.py").write_text(HIDDEN)
    run = fixer("fix", "--verify", "--no-cache", "train.py")
    assert run.code == 0
    assert "kept dataloader-transform (train.py:8): crash-fixed" in run.err
    assert "kept dtype-mismatch in train.py: came to light behind those, ran with them" in run.err
