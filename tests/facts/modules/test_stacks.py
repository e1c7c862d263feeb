"""Stacks, held against what the modules themselves do."""

from __future__ import annotations

import pytest
import torch

from fixer.facts.modules.stack_flow import stacks
from fixer.facts.modules.stacks import Role, Stack, role_of_layer
from fixer.facts.script import Script

PRELUDE = """
from collections import OrderedDict
import torch
import torch.nn as nn
import torch.nn.functional as F
"""


def stack(body: str) -> Stack:
    """The largest stack of a program."""
    return max(stacks(Script.parse(PRELUDE + body)), key=lambda each: len(each.steps))


def path(body: str) -> list[str]:
    """What happens to the data, from the input to what is returned, where that is one way."""
    steps = stack(body).steps
    (step,) = [each for each in steps if each.returned]
    names = [step.name]
    while len(step.inputs) == 1:
        step = step.inputs[0]
        names.append(step.name)
    return names[-2::-1]


SEQUENTIALS = {
    "plain": "net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))",
    "nested": "net = nn.Sequential(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), nn.Linear(4, 2))",
    "ordered": "net = nn.Sequential(OrderedDict([('a', nn.Linear(3, 4)), ('r', nn.ReLU()), ('b', nn.Linear(4, 2))]))",
    "unpacked": "layers = [nn.Linear(3, 4), nn.ReLU()]\nnet = nn.Sequential(*layers, nn.Linear(4, 2))",
    "of a list": "net = nn.Sequential(*[nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)])",
}


@pytest.mark.parametrize("body", SEQUENTIALS.values(), ids=SEQUENTIALS)
def test_a_sequential_is_its_layers_in_order(body: str) -> None:
    assert path(body) == ["Linear", "relu", "Linear"]
    namespace: dict[str, torch.nn.Module] = {}
    exec(PRELUDE + body, namespace)
    leaves = [each for each in namespace["net"].modules() if not list(each.children())]
    assert [role_of_layer(f"torch.nn.{type(each).__name__}")[1] for each in leaves] == path(body)


FORWARDS = {
    "functions": ("return self.b(torch.sigmoid(self.a(x)))", ["Linear", "sigmoid", "Linear"]),
    "methods": ("h = self.a(x).relu()\nreturn self.b(h.view(h.size(0), -1))", ["Linear", "relu", "view", "Linear"]),
    "own method": ("return self.b(self.half(x))", ["Linear", "tanh", "Linear"]),
    "module list": ("for m in self.many:\n    x = F.relu(m(x))\nreturn x", ["Linear", "relu"] * 3),
    "part of a list": (
        "for i, m in enumerate(self.many[:-1]):\n    x = m(x)\nreturn self.many[-1](F.gelu(x))",
        ["Linear", "Linear", "gelu", "Linear"],
    ),
    "alias": ("layer = self.a\nx = layer(x)\nprint(x.shape)\nreturn self.b(x)", ["Linear", "Linear"]),
}
NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)
        self.many = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
    def half(self, x):
        return torch.tanh(self.a(x))
    def forward(self, x):
        {body}
"""


@pytest.mark.parametrize("name", FORWARDS)
def test_forward_is_followed(name: str) -> None:
    body, expected = FORWARDS[name]
    assert path(NET.format(body=body.replace("\n", "\n        "))) == expected


UNCLEAR = {
    "a way around": "return self.b(x + torch.sigmoid(self.a(x)))",
    "a gate": "return self.b(x * torch.sigmoid(self.a(x)))",
    "a branch": "h = self.a(x)\nif x.sum() > 0:\n    h = torch.sigmoid(h)\nreturn self.b(h)",
    "code out of sight": "import helpers\nreturn self.b(helpers.mix(torch.sigmoid(self.a(x))))",
    "kept": "self.seen = h = torch.sigmoid(self.a(x))\nreturn self.b(h)",
    "returned, too": "h = torch.sigmoid(self.a(x))\nreturn self.b(h), h",
    "unknown loop": "h = torch.sigmoid(self.a(x))\nwhile h.sum() > 1:\n    h = h / 2\nreturn self.b(h)",
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_no_straight_way_is_claimed_where_there_is_more_than_one(name: str) -> None:
    found = stack(NET.format(body=UNCLEAR[name].replace("\n", "\n        ")))
    (sigmoid,) = [step for step in found.of(Role.ACTIVATION) if step.name == "sigmoid"]
    users = list(sigmoid.destinations())
    assert len(users) != 1 or users[0] is None or users[0].role is not Role.WEIGHT


def test_submodules_of_the_file_are_followed() -> None:
    body = """
class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.layer = nn.Linear(n, n)
    def forward(self, x):
        return torch.relu(self.layer(x))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two, self.out = Block(8), Block(8), nn.Linear(8, 1)
    def forward(self, x):
        return self.out(self.two(self.one(x)))
"""
    assert path(body) == ["Linear", "relu", "Linear", "relu", "Linear"]
    (first, *_, last) = stack(body).of(Role.WEIGHT)
    assert (first.fan_in, first.width, last.width) == (8, 8, 1)


@pytest.mark.parametrize(
    "body",
    [
        "layers = []\nfor n in sizes:\n    layers.append(nn.Linear(n, n))\nnet = nn.Sequential(*layers)",
        "net = nn.Sequential(nn.Linear(3, 3))\nnet.add_module('act', nn.Sigmoid())",
        "net = nn.Sequential(nn.Linear(3, 3), nn.ReLU())\nnet[1] = nn.Sigmoid()",
        "net = nn.Sequential(*make_layers())",
    ],
)
def test_a_sequential_whose_layers_are_not_all_known_is_no_stack(body: str) -> None:
    assert stacks(Script.parse(PRELUDE + body)) == []
