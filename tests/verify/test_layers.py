"""Symptoms of layers that cannot learn, each on a network that has the defect and on some that come near it."""

from __future__ import annotations

import pytest

from tests.verify.running import Bench, bench, shown, trials

__all__ = ["bench", "trials"]

TRAIN = """
labels = (X[:, 0] > 0).long() + (X[:, 1] > 0).long()
net = {network}
{before}
optimizer = torch.optim.{optimizer}(net.parameters(), lr=0.05)
for i in range(28):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(X), labels).backward()
    optimizer.step()
"""
CONSTANT = (
    "for m in net.modules():\n    if isinstance(m, nn.Linear): nn.init.constant_(m.weight, {0}); nn.init.zeros_(m.bias)"
)
PLAIN = "nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3))"
CONVOLUTION = "nn.Sequential(nn.Unflatten(1, (1, 4)), nn.Conv1d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))"
SYMMETRIC = {
    "constant weights": (PLAIN, CONSTANT.format(0.1), {"symmetric-units"}),
    "all weights zero": (PLAIN, CONSTANT.format(0.0), {"symmetric-units"}),
    "constant filters": (
        CONVOLUTION,
        "for p in net[1].parameters(): nn.init.constant_(p, 0.2)\nnn.init.ones_(net[4].weight)",
        {"symmetric-units"},
    ),
    "as it comes": (PLAIN, "", set()),
    "only the last layer zero": (PLAIN, "nn.init.zeros_(net[4].weight); nn.init.zeros_(net[4].bias)", set()),
    "constant biases": (PLAIN, "for m in net[::2]: nn.init.constant_(m.bias, 0.1)", set()),
    "identity": (PLAIN, "nn.init.eye_(net[2].weight)", set()),
    "equal filters, different ways out": (CONVOLUTION, "nn.init.constant_(net[1].weight, 0.2)", set()),
    "fixed blur in front": (
        CONVOLUTION,
        "for p in net[1].parameters(): nn.init.constant_(p, 0.3).requires_grad_(False)",
        set(),
    ),
}


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("name", SYMMETRIC)
def test_units_that_are_all_the_same(bench: Bench, name: str, optimizer: str) -> None:
    network, before, expected = SYMMETRIC[name]
    trace = bench.train(TRAIN.format(network=network, before=before, optimizer=optimizer))
    assert shown(trace) == expected, trace.symptoms
    assert trace.symptoms["symmetric-units"].checked >= 1


def test_a_low_rank_adapter_that_starts_at_zero(bench: Bench) -> None:
    trace = bench.train(
        """
down, up = nn.Linear(4, 2, bias=False), nn.Linear(2, 8, bias=False)
nn.init.zeros_(up.weight)
for p in model.parameters(): p.requires_grad = False
optimizer = torch.optim.AdamW([*down.parameters(), *up.parameters()], lr=1e-4)
for i in range(30):
    optimizer.zero_grad()
    nn.functional.mse_loss(model[2](model[1](model[0](X) + up(down(X)))), y).backward()
    optimizer.step()
"""
    )
    assert shown(trace) == set()
    assert trace.symptoms["symmetric-units"].checked == 2


def stack(activation: str, layers: int, join: str = "") -> str:
    hidden = ", ".join(f"nn.Linear(16, 16), nn.{activation}(){join}" for _ in range(layers))
    return f"nn.Sequential(nn.Linear(4, 16), {hidden}, nn.Linear(16, 3))"


RESIDUAL = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 16), nn.Linear(16, 3)
        self.blocks = nn.ModuleList(nn.Linear(16, 16) for _ in range(6))
    def forward(self, x):
        x = self.first(x)
        for block in self.blocks: x = {step}
        return self.last(x)
net = Net()
"""
GRADIENTS = {
    "many sigmoids": (stack("Sigmoid", 6), "", "shown"),
    "many sigmoids called as functions": ("None", RESIDUAL.format(step="torch.sigmoid(block(x))"), "shown"),
    "rectified": (stack("ReLU", 6), "", "absent"),
    "tanh": (stack("Tanh", 6), "", "absent"),
    "one hidden sigmoid": (stack("Sigmoid", 1), "", "absent"),
    "sigmoids as gates": ("None", RESIDUAL.format(step="x * torch.sigmoid(block(x))"), "absent"),
    "sigmoids beside a way around": ("None", RESIDUAL.format(step="x + torch.sigmoid(block(x))"), "absent"),
    "two hidden sigmoids": (stack("Sigmoid", 2), "", "not shown"),
    "normalised sigmoids": (stack("Sigmoid", 6, ", nn.BatchNorm1d(16)"), "", "not shown"),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_behind_sigmoids(bench: Bench, name: str) -> None:
    network, before, expected = GRADIENTS[name]
    program = TRAIN.format(network=network, before=before, optimizer="Adam")
    for seed in (0, 1, 2):
        trace = bench.train(program, seed=seed)
        found = trace.symptoms.get("vanishing-gradients")
        assert shown(trace) == ({"vanishing-gradients"} if expected == "shown" else set()), (seed, trace.symptoms)
        if expected == "absent":
            assert found is not None and found.checked >= 3
    if expected == "shown":
        assert found is not None and max(found.values) < 0.003


def test_losses_are_the_same_with_and_without_the_looks(bench: Bench) -> None:
    body = TRAIN.format(network=stack("Sigmoid", 6), before="", optimizer="Adam")
    body += "print([p.double().sum().item().hex() for p in net.parameters()], torch.rand(3))\n"
    watched, alone = bench.train(body), bench.train(body, observe=False)
    assert watched.stdout_tail == alone.stdout_tail != ""
