"""Stacks of layers from a library that is out of sight."""

from __future__ import annotations

from fixer.facts.modules.stack_flow import stacks
from fixer.facts.modules.stacks import Role
from fixer.facts.script import Script

TEXT = """
import torch
from torch import nn
from torch_geometric.nn import GCNConv, global_mean_pool
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = GCNConv(8, 16)
        self.last = nn.Linear(16, 2)
    def forward(self, x, edge_index, batch):
        x = torch.sigmoid(self.first(x, edge_index))
        return self.last(global_mean_pool(x, batch))
net = Net()
"""


def test_a_graph_convolution_is_a_layer_and_a_pool_passes_on() -> None:
    (stack,) = stacks(Script.parse(TEXT))
    (activation,) = stack.of(Role.ACTIVATION)
    assert [each.name for each in stack.of(Role.WEIGHT)] == ["Conv", "Linear"]
    assert [user.name for user in activation.destinations() if user is not None] == ["Linear"]
