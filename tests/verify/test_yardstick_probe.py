"""What is scored while a program trains: which batches, how, and when they count as seen for the first time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fixer.verify.trace import Trace
from tests.verify.running import Bench, bench, trials

__all__ = ["bench", "trials"]


def scored(trace: Trace) -> list[list[float]]:
    assert trace.crash is None, trace.crash
    return [[round(value, 6) for value in scores.values] for scores in trace.yardstick]


def printed(trace: Trace) -> Any:
    return json.loads(trace.stdout_tail)


SAME_OUTPUTS = """
import json
labels = ((X[:, 0] > 0).long() + (X[:, 1] > 0).long())[:60]
positive = (X[:60, :1] > 0.3).float()
model = nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
F, expected = nn.functional, []
for i in range(6):
    optimizer.zero_grad()
    out = model(X[:60])
    one = out[:, :1]
    {by_hand}
    ({losses}).backward()
    optimizer.step()
print(json.dumps(expected))
"""
WAYS = {
    "error rate": (
        "expected.append((out.argmax(1) != labels).float().mean().item())",
        "F.cross_entropy(out, labels) + F.cross_entropy(out.softmax(1), labels) + 0.1 * F.nll_loss(out, labels)"
        " + F.nll_loss(out.log_softmax(1), labels) + F.cross_entropy(out, F.one_hot(labels, 3).float())",
    ),
    "wrongly ranked pairs": (
        "p, n = one[positive > 0.5], one[positive < 0.5]\n"
        "    expected.append((n[None] > p[:, None]).float().mean().item())",
        "F.binary_cross_entropy_with_logits(one, positive) + F.binary_cross_entropy(one.sigmoid(), positive)"
        " + F.binary_cross_entropy_with_logits(one.sigmoid(), positive)",
    ),
    "squared error": (
        "expected.append((one[:, 0] - X[:60, 0]).square().mean().item())",
        "F.mse_loss(one, X[:60, 0]) + F.mse_loss(one[:, 0], X[:60, 0]) + F.mse_loss(one, X[:60, :1])",
    ),
}


@pytest.mark.parametrize("measure", WAYS)
@pytest.mark.filterwarnings("ignore")
def test_the_measure_is_the_same_however_the_loss_reads_its_input(bench: Bench, measure: str) -> None:
    by_hand, losses = WAYS[measure]
    # One line for each loss, since a place is a line.
    losses = losses.replace(" + ", "\n    + ")
    trace = bench.train(SAME_OUTPUTS.format(by_hand=by_hand, losses=losses))
    expected = [round(value, 6) for value in printed(trace)]
    assert {scores.measure for scores in trace.yardstick} == {measure}
    assert len(scored(trace)) == losses.count("F.") - losses.count("one_hot")
    for values in scored(trace):
        assert values == pytest.approx(expected, abs=1e-5)


CLASSIFY = """
labels = (X[:, 0] > 0).long()
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
"""


def test_classes_that_the_loss_passes_over_are_not_scored(bench: Bench) -> None:
    trace = bench.train(
        CLASSIFY
        + "labels[:40] = 9\n"
        + "nn.CrossEntropyLoss(ignore_index=9)(model(X), labels).backward()\noptimizer.step()\n"
    )
    assert trace.yardstick[0].counts == (24,)


def test_pixels_are_scored_too(bench: Bench) -> None:
    trace = bench.run(
        """
        import torch
        from torch import nn
        images, labels = torch.rand(2, 3, 600, 500), torch.zeros(2, 600, 500, dtype=torch.long)
        model = nn.Conv2d(3, 4, 1)
        with torch.no_grad():
            model.bias.copy_(torch.tensor([9.0, 0, 0, 0]))
        labels[:, :300] = 1
        nn.functional.cross_entropy(model(images), labels).backward()
        """
    )
    assert trace.yardstick[0].values == (0.5,)
    assert trace.yardstick[0].counts[0] < 300_000


@pytest.mark.parametrize(
    ("data", "fresh"),
    [
        ("a, b = X, labels", [True, False, False, False]),
        ("a, b = X[16 * i : 16 * i + 16], labels[16 * i : 16 * i + 16]", [True] * 4),
        ("order = torch.randperm(64)\n    a, b = X[order], labels[order]", [True, False, False, False]),
        ("a, b = torch.randn(16, 4), labels[:16]", [True] * 4),
    ],
)
def test_a_batch_is_seen_for_the_first_time_once(bench: Bench, data: str, fresh: list[bool]) -> None:
    trace = bench.train(
        CLASSIFY
        + f"""
for i in range(4):
    {data}
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(a), b).backward()
    optimizer.step()
"""
    )
    assert list(trace.yardstick[0].fresh) == fresh


def test_a_second_epoch_is_not_new_though_each_sample_is_changed_at_random(bench: Bench) -> None:
    trace = bench.train(
        CLASSIFY
        + """
class Noisy(torch.utils.data.Dataset):
    def __len__(self):
        return 64
    def __getitem__(self, index):
        return X[index] + torch.randn(4), labels[index]

noisy = Noisy()
for epoch in range(2):
    for a, b in torch.utils.data.DataLoader(noisy, batch_size=16):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(a), b).backward()
        optimizer.step()
"""
    )
    assert list(trace.yardstick[0].fresh) == [True] * 4 + [False] * 4


EVALUATING = (
    CLASSIFY.replace("nn.ReLU(), ", "nn.ReLU(), nn.Dropout(0.2), ")
    + """
from torch.utils.data import DataLoader, TensorDataset
def loader(start, end):
    return DataLoader(TensorDataset(X[start:end], labels[start:end]), batch_size=16)
for epoch in range(3):
    model.train()
    for a, b in loader(0, 48):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(a), b).backward()
        optimizer.step()
    {mode}
        for a, b in loader(48, 64):
            print(nn.functional.cross_entropy(model(a), b).item())
"""
)


@pytest.mark.parametrize("mode", ["if True:", "model.eval()\n    if True:", "model.eval()\n    with torch.no_grad():"])
def test_an_evaluation_is_no_training_batch_whatever_its_mode(bench: Bench, mode: str) -> None:
    right = bench.train(EVALUATING.format(mode="model.eval()\n    with torch.no_grad():"))
    trace = bench.train(EVALUATING.format(mode=mode))
    assert trace.batches == right.batches
    assert len(set(trace.batches)) == 3 and len(trace.batches) == 9
    assert scored(trace) == scored(right) and len(trace.yardstick[0].values) == 9


def test_training_in_evaluation_mode_is_training(bench: Bench) -> None:
    body = (
        CLASSIFY
        + """
model.{mode}()
for i in range(4):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(X[16 * i : 16 * i + 16]), labels[16 * i : 16 * i + 16]).backward()
    optimizer.step()
"""
    )
    frozen, trained = bench.train(body.format(mode="eval")), bench.train(body.format(mode="train"))
    assert frozen.batches == trained.batches
    assert all(frozen.batches)


def test_a_detached_loss_leaves_the_batches_comparable(bench: Bench) -> None:
    body = (
        CLASSIFY
        + """
for i in range(4):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X[16 * i : 16 * i + 16]), labels[16 * i : 16 * i + 16])
    {loss}.backward()
    optimizer.step()
"""
    )
    cut = bench.train(body.format(loss="loss.detach().requires_grad_()"))
    assert cut.batches == bench.train(body.format(loss="loss")).batches
    assert cut.yardstick == ()


def test_scoring_changes_nothing(bench: Bench) -> None:
    body = SAME_OUTPUTS.format(
        by_hand="print(one.sum().item())", losses="\n    + ".join(losses for _, losses in WAYS.values())
    )
    watched, alone = bench.train(body), bench.train(body, observe=False)
    assert watched.crash is None and len(watched.yardstick) >= 3
    assert watched.stdout_tail == alone.stdout_tail


@pytest.mark.parametrize("grad", ["if True:", "with torch.no_grad():"])
def test_losses_that_nothing_is_trained_on_are_those_of_evaluation(bench: Bench, grad: str) -> None:
    trace = bench.train(EVALUATING.format(mode=f"model.eval()\n    {grad}"))
    lines = [float(line) for line in trace.stdout_tail.split()]
    assert trace.evaluation == {"evaluation 1": tuple(pytest.approx(value) for value in lines)}
    assert len(lines) == 3 and len(trace.series["loss 1"]) == 9


def test_losses_that_are_trained_on_later_are_not_evaluation(bench: Bench) -> None:
    trace = bench.train(
        CLASSIFY
        + """
for i in range(4):
    first = nn.functional.cross_entropy(model(X), labels)
    second = nn.functional.mse_loss(model(X)[:, 0], X[:, 0])
    optimizer.zero_grad()
    first.backward()
    second.backward()
    optimizer.step()
"""
    )
    assert trace.evaluation == {}
    assert [len(scores.values) for scores in trace.yardstick] == [4, 4]
