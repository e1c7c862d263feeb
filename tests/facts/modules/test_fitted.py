"""What skorch and Poutyne hand to the models of a program."""

from textwrap import dedent

import pytest

from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.script import Script

IMPORTS = """
import numpy as np, torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets, transforms
from sklearn.datasets import make_classification
from sklearn.model_selection import cross_validate
from skorch import NeuralNet, NeuralNetClassifier

X, y = make_classification(500, 12)
X = X.astype(np.float32)

class Net(nn.Module):
    def __init__(self, hidden=5):
        super().__init__()
        self.first, self.second = nn.Linear(12, hidden), nn.Linear(hidden, 2)

    def forward(self, X):
        return self.second(self.first(X))
"""


def inputs(text: str) -> list[int | None]:
    """The features that each Linear is given, where that is certain."""
    calls = layer_calls(Script.parse(IMPORTS + dedent(text)))
    return [each.input.features for each in calls if each.certain and each.input is not None and each.input.shape]


@pytest.mark.parametrize(
    ("fit", "given"),
    [
        ("NeuralNetClassifier(Net, module__hidden=7).fit(X, y)", [12, 7]),
        ("NeuralNet(Net(4), nn.MSELoss).partial_fit(X, y)", [12, 4]),
        ("cross_validate(NeuralNetClassifier(Net), X, y)", [12, 5]),
        ("net = NeuralNetClassifier(Net)\nnet.set_params(lr=0.1)\nnet.fit({'X': X}, y)", [12, 5]),
        ("class Own(NeuralNetClassifier):\n    pass\nOwn(Net).fit(X, y)", [12, 5]),
    ],
)
def test_a_net_makes_the_module_and_hands_it_rows(fit: str, given: list[int]) -> None:
    assert inputs(fit + "\n")[-2:] == given


@pytest.mark.parametrize(
    "fit",
    [
        "net = NeuralNetClassifier(Net)\nnet.set_params(module__hidden=9)\nnet.fit(X, y)",
        "class Own(NeuralNet):\n    def infer(self, x):\n        return self.module_(x[:, :3])\nOwn(Net).fit(X, y)",
        "NeuralNetClassifier(Net, **options()).fit(X, y)",
    ],
)
def test_nets_that_may_do_otherwise_are_not_followed(fit: str) -> None:
    assert 12 not in inputs(fit + "\n")


def test_poutyne_hands_on_the_batches_of_a_loader() -> None:
    text = """
    import poutyne
    batches = DataLoader(TensorDataset(torch.randn(64, 8), torch.randn(64, 1)), batch_size=8)
    poutyne.Model(nn.Sequential(nn.Linear(9, 1)), "sgd", "mse").fit_generator(batches, epochs=2)
    """
    assert inputs(text) == [8]


def test_a_container_is_what_it_was_when_it_was_called() -> None:
    text = """
    model = nn.Sequential(nn.Linear(3, 4))
    model(torch.zeros(2, 3))
    model.add_module("last", nn.Linear(5, 1))
    model(torch.zeros(2, 3))
    """
    assert inputs(text) == [3, 3, 4]


def test_what_is_put_in_front_after_a_call_is_not_followed() -> None:
    text = "model = nn.Sequential(nn.Linear(3, 4))\nmodel(torch.zeros(2, 3))\nmodel.insert(0, nn.Linear(3, 3))\n"
    assert inputs(text) == []


def test_tensors_of_the_shape_of_others() -> None:
    text = "x = torch.zeros(2, 3)\nnn.Linear(3, 4)(x + torch.randn(*x.shape))\nnn.Linear(3, 4)(torch.zeros(x.size()))\n"
    assert inputs(text) == [3, 3]


def test_functions_for_pictures() -> None:
    text = """
    from PIL import Image
    from torchvision.transforms import functional as TF
    small = TF.resize(TF.to_grayscale(Image.open("digit.png")), (28, 20))
    nn.Linear(9, 1)(TF.normalize(TF.to_tensor(small), (0.5,), (0.5,)).unsqueeze(0).flatten(1))
    """
    assert inputs(text) == [560]


@pytest.mark.parametrize("run", ["torch.onnx.export(net, x, 'net.onnx')", "fast = torch.jit.trace(net, x)"])
def test_tracing_runs_the_model(run: str) -> None:
    assert inputs(f"net, x = nn.Sequential(nn.Linear(9, 1)), torch.ones(1, 7)\n{run}\n") == [7]


def test_an_iterator_may_be_asked_by_its_method() -> None:
    text = "batches = iter(DataLoader(TensorDataset(torch.ones(64, 6), torch.ones(64)), batch_size=8))\n"
    assert inputs(text + "x, _ = batches.next()\nnn.Linear(9, 1)(x)\n") == [6]
