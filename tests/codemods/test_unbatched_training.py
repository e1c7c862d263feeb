"""unbatched-training on fragments: which loops take single samples, and that the batches hold the same pairs."""

from __future__ import annotations

import pytest

from fixer.codemods.data.unbatched_training import unbatched_training
from fixer.engine import check_source
from fixer.results import Clean, Found

PRELUDE = """\
import torch
from torch import nn

X, y = torch.randn(100, 4), torch.randn(100, 1)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
loss_fn = nn.MSELoss()
opt = torch.optim.SGD(net.parameters(), lr=0.01)
"""
STEP = "    opt.zero_grad()\n    loss.backward()\n    opt.step()\n"


def found(body: str, prelude: str = PRELUDE) -> bool:
    result = check_source(prelude + body, rules=[unbatched_training])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Found)


@pytest.mark.parametrize(
    ("header", "loss", "reported"),
    [
        ("for i in range(len(X)):", "loss = loss_fn(net(X[i]), y[i])", True),
        ("for i in range(100):", "loss = loss_fn(net(X[i]), y[i])", True),
        ("for i in range(X.size(0)):", "loss = loss_fn(net(X[i : i + 1]), y[i : i + 1])", True),
        ("for a, b in zip(X, y):", "loss = loss_fn(net(a.unsqueeze(0)), b.unsqueeze(0))", True),
        ("for i in range(50):", "loss = loss_fn(net(X[i]), y[i])", False),
        ("for i in order:", "loss = loss_fn(net(X[i]), y[i])", False),
        ("for i in range(len(X)):", "loss = loss_fn(net(X[i - 1]), y[i])", False),
        ("for i in range(len(X)):", "loss = loss_fn(net(X), y)", False),
        ("for i in range(len(X)):", "out = net(X[i])\n    print(out)\n    loss = loss_fn(out, y[i])", True),
        ("for i in range(len(X)):", "out = net(X[i])\n    kept.append(out)\n    loss = loss_fn(out, y[i])", True),
        ("for i in range(len(X)):", "out = net(X[i])\n    state = out\n    loss = loss_fn(out, y[i])", False),
        ("for i in range(len(X)):", "loss = loss_fn(net(X[i]), y[i]) + X[i].sum()", False),
        ("for i in range(len(X)):", "loss = loss_fn(net(X[i].unsqueeze(0)), y[i])", False),
        ("for a, b in zip(X, other):", "loss = loss_fn(net(a), b)", False),
    ],
)
def test_which_loops_take_single_samples(header: str, loss: str, reported: bool) -> None:
    assert found(f"{header}\n    {loss}\n{STEP}") is reported


@pytest.mark.parametrize(
    "change",
    [
        ("torch.randn(100, 4), torch.randn(100, 1)", "torch.randn(9, 4), torch.randn(9, 1)"),
        ("torch.randn(100, 4), torch.randn(100, 1)", "list(torch.randn(100, 4)), torch.randn(100, 1)"),
        ("nn.ReLU()", "nn.Softmax(dim=0)"),
        ("nn.ReLU()", "nn.Flatten(0)"),
        ("import torch", "import torch  # one sample at a time, as they come"),
    ],
)
def test_silent_where_a_batch_may_be_something_else(change: tuple[str, str]) -> None:
    loop = f"for i in range(len(X)):\n    loss = loss_fn(net(X[i]), y[i])\n{STEP}"
    assert found(loop)
    assert not found(loop, PRELUDE.replace(*change, 1))


def test_a_vector_of_numbers_becomes_a_column_so_that_batches_are_compared_pair_by_pair() -> None:
    loop = f"for i in range(len(X)):\n    loss = loss_fn(net(X[i]), y[i])\n{STEP}"
    result = check_source(PRELUDE.replace("torch.randn(100, 1)", "torch.randn(100)") + loop, rules=[unbatched_training])
    assert isinstance(result, Found)
    (alternative,) = result.diagnostics[0].alternatives
    assert any("TensorDataset(X, y.unsqueeze(1))" in edit.content for edit in alternative.edits)


@pytest.mark.parametrize(
    ("body", "reported"),
    [
        ("torch.sigmoid(torch.mm(x, w) + b)", True),
        ("(x @ w + b).clamp(0)", True),
        ("w @ x + b", False),
        ("x - x.mean(0) + b", False),
        ("torch.softmax(x @ w, 0)", False),
    ],
)
def test_models_that_are_functions(body: str, reported: bool) -> None:
    weights = (
        f"w, b = nn.Parameter(torch.randn(4, 1)), nn.Parameter(torch.zeros(1))\ndef model(x):\n    return {body}\n"
    )
    loop = f"for i in range(len(X)):\n    out = model(X[i : i + 1])\n    loss = loss_fn(out, y[i : i + 1])\n{STEP}"
    prelude = PRELUDE.replace("net.parameters()", "[w, b]").replace("opt =", f"{weights}opt =")
    assert found(loop, prelude) is reported
