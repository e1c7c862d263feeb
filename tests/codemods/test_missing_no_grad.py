"""missing-no-grad: which loops evaluate, and what is no use of what they compute."""

from __future__ import annotations

import pytest

from fixer.codemods.evaluation.missing_no_grad import missing_no_grad
from fixer.engine import check_source
from fixer.results import Clean, Found

TRAINING = """
import torch
from torch import nn


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.backbone(x))


model = Siamese()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train(loader):
    for x, y in loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


"""


def found(text: str) -> bool:
    result = check_source(TRAINING + text, rules=[missing_no_grad])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Found)


@pytest.mark.parametrize(
    ("loop", "reported"),
    [
        ("for i in range(len(batches)):\n        x, y = batches[i]\n        print(model(x))", True),
        ("for i in range(0, last - 1, size):\n        print(model(data[i : i + size]))", True),
        ("for i in range(rounds):\n        print(model(play()))", False),
        ("for x, y in test_loader:\n        print(model.backbone(x))", True),
    ],
)
def test_a_function_that_evaluates_goes_through_batches(loop: str, reported: bool) -> None:
    assert found(f"def evaluate():\n    {loop}\n\n\ntrain(train_loader)\nevaluate()\n") is reported


ACCURACY = """\
def accuracies(loaders):
    for loader in loaders:
        right = 0
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
        print(right)


accuracies([train_loader, val_loader])
train(train_loader)
"""


def test_batches_of_a_loader_are_not_what_a_loop_over_it_computes() -> None:
    assert found(ACCURACY)


def test_accuracy_on_the_training_data_needs_no_graph() -> None:
    loop = "for x, y in train_loader:\n    {}\n"
    assert found("train(train_loader)\n" + loop.format("print((model(x).argmax(1) == y).sum().item())"))
    assert not found("train(train_loader)\n" + loop.format("print(model(x))"))


EVALUATE = """
def evaluate(loader):
    for x, y in loader:
        x = {variable}
        print(criterion(model(x), y).item())


train(train_loader)
evaluate(test_loader)
{after}
"""


@pytest.mark.parametrize(
    ("variable", "after", "reported"),
    [
        ("torch.autograd.Variable(x)", "", True),
        ("torch.autograd.Variable(x, volatile=True)", "", False),
        ("x.cuda()", "one = torch.autograd.Variable(data[0], volatile=True)", True),
        ("x.cuda()", "def batch(x):\n    return torch.autograd.Variable(x, volatile=True)", False),
        ("x.cuda()", "print(sample.data[0])", True),
        ("x.cuda()", "print(loss.data[0])", False),  # the torch of those days had its own way
    ],
)
def test_words_of_old_torch(variable: str, after: str, reported: bool) -> None:
    assert found(EVALUATE.format(variable=variable, after=after)) is reported
