"""What a dataset is used for: the loops decide, then the names."""

from __future__ import annotations

import pytest

from fixer.facts.data.roles import Role, Roles, role_of_name
from fixer.facts.script import Script


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("test_set", Role.EVALUATION),
        ("valLoader", Role.EVALUATION),
        ("validation", Role.EVALUATION),
        ("testset2", Role.EVALUATION),
        ("train_ds", Role.TRAINING),
        ("trainloader", Role.TRAINING),
        ("train_eval_set", None),
        ("values", None),
        ("latest", None),
        ("contest_data", None),
        ("constrained", None),
        ("evaluator", None),
    ],
)
def test_role_of_name(name: str, role: Role | None) -> None:
    assert role_of_name(name) is role


PROGRAM = """
import torch
from torch.utils.data import DataLoader, TensorDataset, random_split
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

def fit(loader):
    for x, y in loader:
        optimizer.zero_grad()
        (model(x) - y).pow(2).mean().backward()
        optimizer.step()

def score(loader):
    return sum((model(x) - y).abs().sum() for x, y in loader)

"""


def role(body: str, name: str = "data") -> Role | None:
    script = Script.parse(PROGRAM + body)
    return Roles(script).of(script.run.module.values[name])


def test_a_loop_that_steps_trains() -> None:
    assert role("data = TensorDataset(a, b)\nfit(DataLoader(data))\n") is Role.TRAINING


def test_a_loop_that_only_feeds_the_model_evaluates() -> None:
    assert role("data = TensorDataset(a, b)\nscore(enumerate(DataLoader(data)))\n") is Role.EVALUATION


def test_both_is_neither() -> None:
    assert role("data = TensorDataset(a, b)\nloader = DataLoader(data)\nfit(loader)\nscore(loader)\n") is None


def test_a_set_called_test_that_is_trained_on_is_neither() -> None:
    assert role("test_data = TensorDataset(a, b)\nfit(DataLoader(test_data))\n", "test_data") is None


def test_the_name_of_the_loader_counts_where_no_loop_is_seen() -> None:
    assert role("data = TensorDataset(a, b)\nval_loader = DataLoader(data)\n") is Role.EVALUATION


def test_parts_of_a_split_have_roles_of_their_own() -> None:
    body = """\
whole = TensorDataset(a, b)
first, second = random_split(whole, [8, 2])
fit(DataLoader(first))
score(DataLoader(second))
"""
    assert role(body, "first") is Role.TRAINING
    assert role(body, "second") is Role.EVALUATION
    assert role(body, "whole") is None
