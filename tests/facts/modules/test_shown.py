"""Libraries that run a model once tell what goes into it; those of graphs, what comes out of their layers."""

from __future__ import annotations

import pytest

from fixer.codemods.model.channel_mismatch import channel_mismatch
from fixer.codemods.model.linear_shape_mismatch import linear_shape_mismatch
from fixer.engine import check_source
from fixer.results import Clean, Found

MODEL = """\
import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)

    def forward(self, x):
        return self.conv(x)

net = Net()
x = torch.randn(1, {channels}, 28, 28)
"""


def found(text: str) -> bool:
    result = check_source(text, rules=[linear_shape_mismatch, channel_mismatch])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Found)


@pytest.mark.parametrize(
    "shows",
    [
        "from torchsummary import summary\nsummary(net, ({channels}, 28, 28))",
        "import torchsummary\ntorchsummary.summary(net, input_size=({channels}, 28, 28))",
        "from torchinfo import summary\nsummary(net, input_size=(64, {channels}, 28, 28))",
        "from torchinfo import summary\nsummary(net, input_data=x)",
        "import thop\nthop.profile(net, inputs=(x,))",
        "from fvcore.nn import FlopCountAnalysis\nFlopCountAnalysis(net, x).total()",
        "from ptflops import get_model_complexity_info\nget_model_complexity_info(net, ({channels}, 28, 28))",
        "from torch.utils.tensorboard import SummaryWriter\nSummaryWriter().add_graph(net, x)",
        "torch.onnx.export(net, x, 'net.onnx')",
        "torch.onnx.export(net, (x,), 'net.onnx')",
        "torch.export.export(net, (x,))",
        "torch.jit.trace(net, x)",
    ],
)
def test_what_a_library_is_told_goes_into_the_model(shows: str) -> None:
    assert found((MODEL + shows).format(channels=3))
    assert not found((MODEL + shows).format(channels=1))


def test_nothing_is_said_of_functions_that_nobody_knows() -> None:
    assert not found(MODEL.format(channels=3) + "from mine import summary\nsummary(net, (3, 28, 28))")
    assert not found(MODEL.format(channels=3) + "from torchsummary import summary\nsummary(net, (64, 3, 28, 28))")


GRAPH = """\
import torch
from torch import nn
from torch_geometric.nn import {layer}

class Net(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.conv = {layer}({arguments})
        self.out = nn.Linear(33, 2)

    def forward(self, x, edge_index):
        return self.out(torch.relu(self.conv(x, edge_index)))
"""


@pytest.mark.parametrize(
    ("layer", "arguments", "reported"),
    [
        ("GCNConv", "features, 32", True),
        ("GCNConv", "features, 33", False),
        ("SAGEConv", "(features, 8), out_channels=32", True),
        ("GATConv", "features, 8, heads=4", True),
        ("GATConv", "features, 11, heads=3", False),
        ("GATConv", "features, 33, heads=3, concat=False", False),
        ("FeaStConv", "features, 11, heads=3", False),
        ("DynamicEdgeConv", "nn.Linear(2, 33), 6", False),
        ("RGCNConv", "features, 32, 5", False),
    ],
)
def test_convolutions_over_graphs_give_their_number_of_features(layer: str, arguments: str, reported: bool) -> None:
    assert found(GRAPH.format(layer=layer, arguments=arguments)) is reported
