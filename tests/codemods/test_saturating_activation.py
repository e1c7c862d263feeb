"""saturating-activation on fragments: which sigmoids count, and how ReLU is written in their place."""

from __future__ import annotations

import pytest

from fixer.codemods.model.saturating_activation import saturating_activation
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n"
NET = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(9, 20), nn.Linear(20, 20), nn.Linear(20, 1)
        self.act = nn.Sigmoid()

    def forward(self, x):
        return self.c({hidden})
"""


def found(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[saturating_activation])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Found)


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[saturating_activation], unsafe=True)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        ("torch.sigmoid(self.b(torch.sigmoid(self.a(x))))", "torch.relu(self.b(torch.relu(self.a(x))))"),
        ("F.sigmoid(self.b(F.dropout(F.sigmoid(self.a(x)))))", "F.relu(self.b(F.dropout(F.relu(self.a(x)))))"),
        ("self.b(self.a(x).sigmoid()).tanh()", None),
        ("torch.sigmoid(self.b(torch.relu(self.a(x))))", None),
        ("torch.sigmoid(self.b(x + torch.sigmoid(self.a(x))))", None),
        ("torch.sigmoid(torch.sigmoid(self.a(x)))", None),
        ("torch.tanh(self.b(torch.tanh(self.a(x))))", None),
    ],
)
def test_two_hidden_sigmoids_become_relus(hidden: str, expected: str | None) -> None:
    body = NET.format(hidden=hidden)
    assert found(body) is (expected is not None)
    if expected is not None:
        assert mended(body) == NET.format(hidden=expected)


def test_a_layer_that_is_only_used_between_layers_is_made_otherwise() -> None:
    body = NET.format(hidden="self.act(self.b(self.act(self.a(x))))")
    assert mended(body) == body.replace("nn.Sigmoid()", "nn.ReLU()")


@pytest.mark.parametrize(
    "name", ["Gate", "AutoEncoder", "Pinn", "Discriminator", "SigmoidNet", "SEBlock", "DeepBelief"]
)
def test_names_that_tell_of_a_purpose(name: str) -> None:
    body = NET.format(hidden="self.act(self.b(self.act(self.a(x))))")
    assert found(body.replace("Net(", "Detector("))
    assert not found(body.replace("Net(", f"{name}("))


@pytest.mark.parametrize(
    ("width", "loss", "outputs", "reported"),
    [
        (20, "MSELoss", 1, True),
        (20, "BCELoss", 1, False),
        (4, "MSELoss", 1, False),
        (20, "MSELoss", 9, False),
    ],
)
def test_an_output_sigmoid_counts_where_the_loss_does_not_undo_it(
    width: int, loss: str, outputs: int, reported: bool
) -> None:
    layers = f"nn.Linear(9, {width}), nn.Sigmoid(), nn.Linear({width}, {outputs}), nn.Sigmoid()"
    body = f"net = nn.Sequential({layers})\nloss = nn.{loss}()(net(x), y)\n"
    assert found(body) is reported
    if reported:
        assert mended(body) == body.replace("nn.Sigmoid()", "nn.ReLU()", 1)
