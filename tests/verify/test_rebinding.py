"""Programs that insist on CUDA, where there is none: the processor does what it can, and what it cannot is said."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from fixer.verify import Budget, VerdictKind, verify
from fixer.verify.trace import Outcome
from fixer.verify.trial import Program, Run, Trials
from tests.verify.running import LOOP, SMALL, Bench, bench, trials

__all__ = ["bench", "trials"]

pytestmark = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
TRAIN = """
for i in range(4):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
"""
MOVED = "model.cuda(); X, y = X.cuda(), y.cuda()\n"

LOOKING = {
    "method": MOVED,
    "device": 'd = torch.device("cuda:1"); model.to(d); X, y = X.to(d, torch.float32), y.to(device=d)',
    "number": "model.to(0); X, y = X.to(0, non_blocking=True), y.to(device=0)",
    "assert": 'assert torch.cuda.is_available(), "needs a GPU"',
    "exception": 'if not torch.cuda.is_available():\n    raise RuntimeError("please run this on a CUDA machine")',
    "exit": 'if not torch.cuda.is_available():\n    print("CUDA is required")\n    raise SystemExit(1)',
    "first of many": 'd = [torch.device(f"cuda:{i}") for i in range(torch.cuda.device_count())][0]',
    "tensor type": "model.type(torch.cuda.FloatTensor); X = X.type('torch.cuda.FloatTensor')",
    "stream": "s = torch.cuda.Stream()",
    "allocator": "torch.cuda.set_per_process_memory_fraction(0.5, 0)",
    "local rank": "torch.cuda.set_device(0); model.to(0)",
    "nccl": """
import os
os.environ.update(MASTER_ADDR="localhost", MASTER_PORT="29511", RANK="0", WORLD_SIZE="1")
torch.distributed.init_process_group("nccl")
model = nn.parallel.DistributedDataParallel(model.cuda(), device_ids=[0], output_device=0)""",
}


@pytest.mark.parametrize("name", LOOKING)
def test_a_program_that_looks_for_a_gpu_gets_the_processor(bench: Bench, name: str) -> None:
    trace = bench.train(LOOKING[name] + TRAIN)
    assert (trace.crash, trace.steps) == (None, 4)
    assert "cuda -> cpu" in trace.replaced


ANSWERED = {
    "default device": """
torch.set_default_device("cuda")
w = torch.randn(3, requires_grad=True)
assert w.cuda() is w""",
    "device of a block": """
with torch.device("cuda"):
    layer, w = nn.Linear(4, 4), torch.randn(3)
assert layer(X).shape == (64, 4)""",
    "default type": "torch.set_default_tensor_type(torch.cuda.FloatTensor); torch.cuda.FloatTensor(2) + torch.ones(2)",
    "block": "with torch.cuda.device(0):\n    X = X.cuda()",
    "factories": """
d = "cuda:0"
made = [torch.zeros(2, device=d), torch.ones_like(X, device=d), torch.arange(3, device=torch.device(d)), torch.empty(2,
        device=0), torch.tensor([1.0], device=d), X.new_zeros(2, device=d), torch.randperm(3, device=d)]
embedding = nn.Embedding(3, 2, device=d)""",
    "questions": """
p = torch.cuda.get_device_properties(0)
told = p.name, p.total_memory / 2, torch.cuda.get_device_capability()[0], torch.cuda.get_device_name(), \\
    torch.cuda.memory_summary(), torch.cuda.mem_get_info()[0], torch.cuda.memory_stats()["x"], \\
    torch.cuda.is_bf16_supported(), torch.cuda.device_count(), torch.cuda.max_memory_allocated() / 1e6""",
    "streams": """
side = torch.cuda.Stream()
with torch.cuda.stream(side):
    X = X.cuda(non_blocking=True) * 1
torch.cuda.current_stream().wait_stream(side)
X.record_stream(side)
side.synchronize(); torch.cuda.default_stream().wait_event(side.record_event())""",
    "times": """
a, b = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
a.record(); b.record(); torch.cuda.synchronize(); b.wait()
assert a.elapsed_time(b) == 0.0 and a.query()
torch.cuda.empty_cache(); torch.cuda.reset_peak_memory_stats()
torch.cuda.nvtx.range_push("x"); torch.cuda.nvtx.range_pop()
with torch.cuda.nvtx.range("x"):
    pass""",
    "random streams": """
torch.cuda.manual_seed(1); torch.cuda.manual_seed_all(1)
state = torch.cuda.get_rng_state(); a = torch.rand(3, device="cuda")
torch.cuda.set_rng_state(state); assert torch.equal(a, torch.rand(3, device="cuda"))
g = torch.Generator(device="cuda").manual_seed(3); torch.randn(4, device="cuda", generator=g)
torch.backends.cudnn.benchmark = torch.backends.cudnn.deterministic = True""",
    "mixed precision": """
scaler = torch.cuda.amp.GradScaler()
with torch.cuda.amp.autocast():
    loss = model(X).mean()
with torch.autocast("cuda", dtype=torch.bfloat16):
    model(X)
scaler.scale(loss).backward(); scaler.unscale_(optimizer); model.zero_grad()""",
    "data parallel": "model = nn.DataParallel(model, device_ids=[0, 1]).cuda(); model.module",
    "checkpoint": """
import io
def saved():
    stream = io.BytesIO(); torch.save(model.state_dict(), stream); stream.seek(0); return stream
for place in ("cuda:0", torch.device("cuda"), {"cuda:1": "cuda:0"}, lambda storage, _: storage.cuda()):
    model.load_state_dict(torch.load(saved(), map_location=place))
torch.load(saved(), torch.device("cuda"))""",
    "pinned": """
from torch.utils.data import DataLoader, TensorDataset
for a, b in DataLoader(TensorDataset(X, y), batch_size=8, pin_memory=True):
    a = a.pin_memory().cuda(non_blocking=True)
torch.empty(2, pin_memory=True)""",
    "a leaf is no leaf behind a transfer": """
assert not torch.randn(2, requires_grad=True).cuda().is_leaf
assert not torch.randn(2, requires_grad=True).to("cuda").is_leaf
w = torch.randn(2, requires_grad=True, device="cuda")
assert w.is_leaf and w.cuda() is w and w.to("cuda") is w
before = list(model.parameters()); model.to("cuda")
assert all(a is b and a.to("cuda") is a for a, b in zip(before, model.parameters()))""",
    "a transfer copies": """
data = torch.randn(3)
for copy in (data.cuda(), data.to("cuda"), data.to(device=torch.device("cuda", 0))):
    copy += 1
    assert not torch.equal(copy, data)
    assert copy.cuda() is copy""",
    "kernels of an optimizer": """
adam = torch.optim.AdamW(model.parameters(), lr=0.0, fused=True)
model(X).mean().backward(); adam.step(); torch.optim.Adam(model.parameters(), capturable=True).step()""",
    "attention": """
q = torch.randn(1, 2, 8, 4, device="cuda")
with torch.backends.cuda.sdp_kernel(enable_flash=True, enable_math=True, enable_mem_efficient=False):
    nn.functional.scaled_dot_product_attention(q, q, q)""",
}


@pytest.mark.parametrize("name", ANSWERED)
def test_what_is_asked_of_a_gpu_is_answered(bench: Bench, name: str) -> None:
    trace = bench.train(MOVED + ANSWERED[name] + TRAIN)
    assert trace.crash is None and trace.steps >= 4
    assert "cuda -> cpu" in trace.replaced


def test_only_the_script_is_told_of_a_gpu(bench: Bench) -> None:
    """What torch itself asks decides about libraries that are not there."""
    body = "assert torch.cuda.is_available() and not torch.amp.autocast('cuda')._enabled"
    trace = bench.train(MOVED + body + TRAIN)
    assert trace.crash is None and any("CUDA is not available" in warning for warning in trace.warnings)


def test_losses_are_those_of_the_processor(bench: Bench) -> None:
    on_cpu = bench.train(TRAIN)
    assert bench.train(MOVED + TRAIN).series == on_cpu.series
    assert on_cpu.replaced == ()


def test_a_gate_on_cuda_is_closed_where_nothing_else_asks(bench: Bench) -> None:
    trace = bench.train("assert not torch.cuda.is_available() and torch.cuda.device_count() == 0" + TRAIN)
    assert trace.crash is None and trace.replaced == ()
    gate = bench.train('model.to("cuda" if torch.cuda.is_available() else "cpu")' + TRAIN, name="gate.py")
    assert gate.crash is None and gate.replaced == ()


@pytest.mark.parametrize(
    ("body", "word"),
    [("graph = torch.cuda.CUDAGraph()", "CUDA"), ("assert next(model.parameters()).is_cuda", "is_cuda")],
)
def test_what_the_processor_cannot_do_is_not_run_and_the_reason_told(tmp_path: Path, body: str, word: str) -> None:
    text = LOOP + MOVED + body + TRAIN
    verdict = verify(text, text + "\n", path=tmp_path / "train.py", python=sys.executable, budget=SMALL, seeds=2)
    assert verdict.verdict is VerdictKind.NOT_RUN
    assert "it looks for a GPU" in verdict.reason and "--device cuda" in verdict.reason
    crash = verdict.before.crash if verdict.before else None
    assert crash is not None and word in crash.message + str(crash.user_frame_source)
    assert any("the processor stood in" in note for note in verdict.notes)


def test_a_defect_behind_cuda_is_proved(tmp_path: Path) -> None:
    faulty = LOOP + MOVED + TRAIN.replace("    optimizer.zero_grad()\n", "").replace("range(4)", "range(20)")
    right = LOOP + MOVED + TRAIN.replace("range(4)", "range(20)")
    verdict = verify(faulty, right, path=tmp_path / "train.py", python=sys.executable, budget=Budget(steps=15))
    assert verdict.verdict is VerdictKind.IMPROVED and verdict.replaced == ("cuda -> cpu",)


def test_one_program_that_insists_changes_nothing_for_another(trials: Trials, tmp_path: Path) -> None:
    programs = [
        Program(tmp_path / "one.py", (LOOP + MOVED + TRAIN).encode()),
        Program(tmp_path / "two.py", (LOOP + "assert not torch.cuda.device_count() + 0" + TRAIN).encode()),
    ]
    traces = list(trials.run_many(Run(program, "before", 0, SMALL) for program in programs))
    assert {trace.outcome for trace in traces} == {Outcome.FINISHED}
    assert sorted(trace.replaced for trace in traces) == [(), ("cuda -> cpu",)]
