"""Scripts that behave, and scripts that do not: each ends as what it is."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from fixer.verify.trace import Outcome, Trace
from fixer.verify.trial import Budget, Program, Run, TrialError, Trials, find_interpreter
from tests.verify.running import LOOP, SMALL, Bench, becomes, bench, trials

__all__ = ["bench", "trials"]

STEP = """
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()
"""


def test_a_run_records_every_loss_rate_and_batch(bench: Bench) -> None:
    trace = bench.train("for i in range(7):" + STEP + "print('done', loss.item())\n")
    assert (trace.outcome, trace.steps, trace.backwards, trace.trains) == (Outcome.FINISHED, 7, 7, True)
    assert list(trace.series) == ["loss 1"] and len(trace.series["loss 1"]) == 7
    assert trace.series["loss 1"][-1] < trace.series["loss 1"][0]
    assert trace.learning_rates == (0.05,) * 7
    assert len(trace.gradient_norms) == len(trace.update_norms) == 7
    assert trace.update_norms[0] == pytest.approx(0.05 * trace.gradient_norms[0], rel=1e-4)
    assert len(set(trace.batches)) == 1 and len(trace.batches) == 7
    assert trace.stdout_tail.startswith("done 0.") or trace.stdout_tail.startswith("done ")
    assert set(trace.versions) >= {"python", "torch"}
    assert Trace.from_json(trace.to_json()) == trace


def test_the_step_cap_stops_an_endless_loop_that_swallows_everything(bench: Bench) -> None:
    trace = bench.train(
        """
while True:
    try:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(X), y).backward()
        optimizer.step()
    except:
        pass
"""
    )
    assert (trace.outcome, trace.steps) == (Outcome.BUDGET, SMALL.steps)


def test_a_loop_without_optimizer_is_capped_too(bench: Bench) -> None:
    trace = bench.train(
        """
while True:
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 0.05 * p.grad
            p.grad = None
""".replace("optimizer", "")
    )
    assert trace.outcome is Outcome.BUDGET and trace.steps == 0 and trace.trains


def test_a_crash_names_the_deepest_line_of_the_users_own_code(bench: Bench) -> None:
    (bench.folder / "helper.py").write_text("import torch\ndef add(a, b):\n    return a @ b  # sizes differ\n")
    trace = bench.run("import torch, helper\n\ndef go():\n    helper.add(torch.ones(2, 3), torch.ones(2, 3))\ngo()\n")
    assert trace.outcome is Outcome.CRASHED and not trace.trains
    assert trace.crash is not None
    assert (trace.crash.type, trace.crash.line, trace.crash.function) == ("RuntimeError", 3, "add")
    assert trace.crash.file == str(bench.folder / "helper.py")
    assert trace.crash.user_frame_source == "return a @ b  # sizes differ"
    assert trace.symptoms["crash"].shown == 1
    assert "helper.py" in trace.stderr_tail and "fixer" not in trace.stderr_tail


def test_a_text_that_does_not_parse_is_a_crash_with_its_line(bench: Bench) -> None:
    trace = bench.run("x = 1\nfor\n")
    assert trace.crash is not None and (trace.crash.type, trace.crash.line) == ("SyntaxError", 2)


@pytest.mark.parametrize(
    ("leave", "outcome", "message"),
    [
        ("sys.exit(0)", Outcome.FINISHED, None),
        ("sys.exit()", Outcome.FINISHED, None),
        ("sys.exit(3)", Outcome.CRASHED, "exit code 3"),
        ("sys.exit('no data')", Outcome.CRASHED, "no data"),
        ("os._exit(4)", Outcome.CRASHED, "os._exit(4)"),
        ("argparse.ArgumentParser().parse_args(['--what'])", Outcome.CRASHED, "unrecognized arguments: --what"),
        ("input('name? ')", Outcome.CRASHED, "asks for input ('name? ')"),
        ("sys.stdin.readline() or 1 / 0", Outcome.CRASHED, "division by zero"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", Outcome.CRASHED, "SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGKILL)", Outcome.MEMORY, None),
        ("torch.empty(1 << 40)", Outcome.MEMORY, None),
        ("bytearray(1 << 40)", Outcome.MEMORY, None),
    ],
)
def test_ways_to_leave(bench: Bench, leave: str, outcome: Outcome, message: str | None) -> None:
    trace = bench.run(f"import argparse, os, signal, sys, torch\n{leave}\n")
    assert trace.outcome is outcome, trace
    if message is not None:
        assert trace.crash is not None and message in trace.crash.message


def test_memory_that_grows_bit_by_bit_is_stopped(bench: Bench) -> None:
    trace = bench.run("import torch\nkept = []\nwhile True: kept.append(torch.ones(1 << 22))\n")
    assert trace.outcome is Outcome.MEMORY
    assert trace.peak_memory_mb < SMALL.memory_mb + 1000


def test_a_script_that_hangs_times_out_and_keeps_its_record(bench: Bench) -> None:
    budget = dataclasses.replace(SMALL, seconds=2.0)
    hang = (
        """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for i in range(3):
    time.sleep(0.4)
"""
        + STEP.replace("        ", "    ")
        + "while True: pass\n"
    )
    started = time.monotonic()
    trace = bench.train(hang, budget=budget)
    assert trace.outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 8


def test_slow_training_is_stopped_by_the_clock_and_still_trains(bench: Bench) -> None:
    budget = dataclasses.replace(SMALL, seconds=1.0)
    trace = bench.train("import time\nwhile True:\n        time.sleep(0.1)" + STEP, budget=budget)
    assert trace.outcome is Outcome.BUDGET and 3 <= trace.steps <= 12
    assert any("when the time was up" in note for note in trace.notes)


def test_endless_output_is_stopped(bench: Bench) -> None:
    trace = bench.run("while True: print('x' * 10000)\n")
    assert trace.outcome is Outcome.KILLED and len(trace.stdout_tail) < 10000
    assert any("printed too much" in note for note in trace.notes)


def test_the_script_sees_what_python_would_show_it(bench: Bench) -> None:
    trace = bench.run(
        """
        import inspect, os, pickle, sys
        class Kept: pass
        assert __name__ == "__main__" and sys.modules["__main__"].Kept is Kept
        assert sys.argv == [__file__, "--epochs", "3"], sys.argv
        assert sys.path[0] == os.getcwd() == os.path.dirname(__file__)
        assert isinstance(pickle.loads(pickle.dumps(Kept())), Kept)
        assert "class Kept" in inspect.getsource(Kept)
        import verify, codemods
        assert (verify.MINE, codemods.MINE) == (1, 2)
        """,
        "--epochs",
        "3",
    )
    assert trace.crash is not None and "No module named 'verify'" in trace.crash.message
    (bench.folder / "verify.py").write_text("MINE = 1\n")
    (bench.folder / "codemods.py").write_text("MINE = 2\n")
    assert bench.run("import verify, codemods\nassert (verify.MINE, codemods.MINE) == (1, 2)\n").outcome == "finished"


def test_worker_processes_find_the_classes_of_the_script(bench: Bench) -> None:
    trace = bench.train(
        """
from torch.utils.data import DataLoader, Dataset
class Rows(Dataset):
    def __len__(self): return 32
    def __getitem__(self, i): return X[i], y[i]
if __name__ == "__main__":
    for context in ("fork", "spawn"):
        for a, b in DataLoader(Rows(), batch_size=16, num_workers=1, multiprocessing_context=context):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(a), b).backward()
            optimizer.step()
"""
    )
    assert trace.crash is None and trace.steps == 4


def test_seeds_are_shifted_not_ignored(bench: Bench) -> None:
    source = "import torch, random, numpy as np\ntorch.manual_seed(1); random.seed(1); np.random.seed(1)\n"
    source += "print(torch.rand(1).item(), random.random(), np.random.rand(), np.random.default_rng(1).random())\n"
    first, again, other = (bench.run(source, seed=seed).stdout_tail.split() for seed in (0, 0, 1))
    assert first == again
    assert first[0] == "0.7576315999031067", "seed 0 is the script as it is"
    assert all(one != two for one, two in zip(first, other, strict=True))


def test_unseeded_streams_are_equal_in_both_versions(bench: Bench) -> None:
    source = "import torch, random, numpy as np\nrandom.seed(); np.random.seed()\n"
    source += "print(torch.rand(1), random.random(), np.random.rand(), np.random.default_rng().random())\n"
    runs = [bench.run(source, seed=2, version=version).stdout_tail for version in ("before", "after")]
    assert runs[0] == runs[1]


def test_evaluation_behind_the_step_cap_is_still_seen_and_cut_short(bench: Bench) -> None:
    trace = bench.train(
        """
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(X, y), batch_size=1)
for epoch in range(9):
    last = None
    for number, (a, b) in enumerate(loader):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
        if number == 63: last = number
    model.eval()
    with torch.no_grad():
        for count, (a, b) in enumerate(loader):
            nn.functional.mse_loss(model(a), b)
    model.train()
    print("evaluated", count + 1, last + 1)
"""
    )
    assert (trace.outcome, trace.steps, trace.crash) == (Outcome.BUDGET, SMALL.steps, None)
    assert len(trace.evaluation["evaluation 1"]) == 1
    assert any("cut after 5 batches" in note for note in trace.notes)
    assert any("epoch cut short: TypeError" in note for note in trace.notes)


def test_a_script_that_insists_on_cuda_runs_on_the_processor(bench: Bench) -> None:
    trace = bench.train(
        """
device = torch.device("cuda:0")
model = model.to(device)
X, y = X.cuda(), y.to("cuda", non_blocking=True)
torch.cuda.synchronize(); torch.cuda.set_device(0)
scaler = torch.amp.GradScaler("cuda")
noise = torch.randn(64, 4, device="cuda")
for i in range(4):
    optimizer.zero_grad()
    with torch.autocast(device_type="cuda"):
        loss = nn.functional.mse_loss(model(X + 0 * noise), y)
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()
assert X.device == torch.device("cpu")
"""
    )
    assert trace.crash is None and trace.steps == 4
    assert "cuda -> cpu" in trace.replaced


def test_of_two_runs_at_a_time_both_get_the_processor(tmp_path: Path) -> None:
    text = b"import torch\ntorch.ones(2, requires_grad=True).cuda().sum().backward()\n"
    program = Program(tmp_path / "train.py", text)
    with Trials(Path(sys.executable), jobs=2) as trials:
        traces = list(trials.run_many([Run(program, version, 0, SMALL) for version in ("before", "after")]))
    assert [(trace.crash, trace.replaced) for trace in traces] == [(None, ("cuda -> cpu",))] * 2


def test_runs_go_side_by_side_and_can_be_cancelled(trials: Trials, tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    quick = Program(path, LOOP.encode())
    endless = Program(path, b"import time\nwhile True: time.sleep(1)\n")
    runs = [Run(endless, "before", 0, SMALL), *(Run(quick, "after", seed, SMALL) for seed in range(3))]
    traces = trials.run_many(runs)
    if trials.jobs > 1:
        assert next(traces).version == "after"
    started = time.monotonic()
    traces.close()
    assert time.monotonic() - started < 5


def test_leaving_ends_every_process(tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    source = "import subprocess, time\nsubprocess.Popen(['sleep', '98765'], start_new_session=True)\ntime.sleep(60)\n"
    with Trials(Path(sys.executable), jobs=2) as own:
        traces = own.run_many([Run(Program(path, source.encode()), "before", 0), Run(Program(path, b""), "after", 0)])
        assert next(traces).version == "after"
        assert becomes(True, "98765")
    assert becomes(False, "98765")


def test_nothing_survives_a_caller_that_is_killed(tmp_path: Path) -> None:
    caller = f"""
import sys
from pathlib import Path
from fixer.verify.trial import Program, Trials
source = b"import subprocess, time; subprocess.Popen(['sleep', '87654'], start_new_session=True); time.sleep(60)"
with Trials(Path(sys.executable)) as trials:
    print(trials._folder, flush=True)
    trials.run(Program(Path({str(tmp_path)!r}) / "train.py", source), "before", 0)
"""
    with subprocess.Popen([sys.executable, "-c", caller], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert becomes(True, "87654")
        process.kill()
    assert becomes(False, "87654")
    deadline = time.monotonic() + 5
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


def test_an_interpreter_without_torch_is_said_so(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -I "$@"\n')
    python.chmod(0o755)
    with pytest.raises(TrialError, match=r"has no torch; install it.*--python"), Trials(python):
        pass
    with pytest.raises(TrialError, match="is not a Python interpreter"):
        find_interpreter(tmp_path / "train.py", tmp_path / "missing")


def test_the_interpreter_is_the_projects_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "src" / "train.py"
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    assert find_interpreter(script) == Path(sys.executable)
    for environment in ("active", ".venv"):
        python = tmp_path / environment / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)
        monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
        assert find_interpreter(script) == python
    assert find_interpreter(script, Path(sys.executable)) == Path(sys.executable)


def test_programs_that_lose_their_folder_still_run(trials: Trials, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "train.py"
    text = textwrap.dedent("open('out.txt', 'w').write('x')")
    trace = trials.run(Program(path, text.encode()), "before", 0, Budget(seconds=10))
    assert trace.outcome is Outcome.FINISHED and not path.parent.exists()
