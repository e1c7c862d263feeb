"""channel-mismatch on fragments: whose number is mended, and where nothing may be said."""

from __future__ import annotations

import pytest

from fixer.codemods.model.channel_mismatch import channel_mismatch
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = "import torch\nimport torch.nn as nn\n"
NET = """\
class Net(nn.Module):
    def __init__(self, channels={default}):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)

    def forward(self, x):
        return self.conv(x)

"""


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[channel_mismatch], unsafe=True)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def silent(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[channel_mismatch])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


def test_a_default_is_mended_where_it_is_the_only_source_of_the_number() -> None:
    body = NET.format(default=3) + "Net()(torch.randn(4, 1, 9, 9))\n"
    assert mended(body) == body.replace("channels=3", "channels=1")


def test_the_argument_of_the_call_is_mended_not_the_default() -> None:
    body = NET.format(default=1) + "Net(3)(torch.randn(4, 2, 9, 9))\n"
    assert mended(body) == body.replace("Net(3)", "Net(2)")


def test_a_number_that_has_other_uses_stays() -> None:
    body = (
        "width = 16\nnet = nn.Sequential(nn.Conv1d(2, 8, 3), nn.Conv1d(width, width, 3))\nnet(torch.randn(4, 2, 20))\n"
    )
    assert mended(body) == body.replace("Conv1d(width, width", "Conv1d(8, width")


def test_a_chain_of_layers_is_mended_from_front_to_back() -> None:
    body = (
        "nn.Sequential(nn.Conv2d(1, 6, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 4, 3))(torch.randn(2, 1, 9, 9))\n"
    )
    assert mended(body) == body.replace("BatchNorm2d(8)", "BatchNorm2d(6)").replace("Conv2d(8, 4", "Conv2d(6, 4")


def test_the_other_ways_are_offered_and_not_taken() -> None:
    body = "nn.Sequential(nn.Conv2d(1, 6, 3), nn.Conv2d(8, 4, 3))(torch.randn(2, 1, 9, 9))\n"
    result = check_source(PRELUDE + body, rules=[channel_mismatch])
    assert isinstance(result, Found)
    assert [each.title for each in result.diagnostics[0].alternatives] == ["Make the layer before it give 8 channels"]


def test_a_grouped_convolution_is_reported_and_left_to_its_author() -> None:
    body = "nn.Conv2d(8, 8, 3, groups=4)(torch.randn(2, 6, 9, 9))\n"
    assert not silent(body)
    assert not isinstance(fix_source(PRELUDE + body, rules=[channel_mismatch], unsafe=True), Fixed)


@pytest.mark.parametrize(
    "lines",
    [
        "conv(torch.randn(2, 1, 9, 9))\n",
        "try:\n    conv(torch.randn(2, 1, 9, 9))\nexcept RuntimeError as error:\n    print(error)\n",
    ],
)
def test_the_data_are_mended_where_other_data_fit(lines: str) -> None:
    body = f"conv = nn.Conv2d(3, 8, 3)\n{lines}conv(torch.rand(2, 3, 9, 9))\n"
    assert mended(body) == body.replace("2, 1, 9", "2, 3, 9")


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    nn.Conv2d(3, 8, 3)(torch.randn(2, 1, 9, 9))\nexcept RuntimeError:\n    print('as expected')",
        "conv = nn.Conv2d(3, 8, 3)\nconv(torch.rand(2, 3, 9, 9))\nconv(torch.randn(2, 9, 9, 3))",
        "nn.Conv2d(3, 8, 3)(torch.randn(2, 9, 9, 3))",  # channels last
        "nn.Conv2d(1, 8, 3)(torch.randn(64, 28, 28))",  # the dimension of the channels may be missing
        "nn.Conv2d(n, 8, 3)(torch.randn(2, 5, 9, 9))",
        "nn.Conv2d(3, 8, 3)(torch.load('x.pt'))",
        "nn.Conv2d(3, 8, 3)(torch.randn(2, n, 9, 9))",
        "conv = nn.Conv2d(3, 8, 3)\nconv(torch.randn(2, 3, 9, 9))\nconv(images(torch.randn(2, 1, 9, 9)))",
        "x = torch.randn(2, 1, 9, 9)\nif wide:\n    x = torch.randn(2, 3, 9, 9)\nnn.Conv2d(3, 8, 3)(x)",
        "x = torch.randn(2, 1, 9, 9)\nif x.size(1) == 3:\n    nn.Conv2d(3, 8, 3)(x)",
        "x = torch.randn(2, 1, 9, 9)\nx.resize_(2, 3, 9, 9)\nnn.Conv2d(3, 8, 3)(x)",
        "import pytest\nwith pytest.raises(RuntimeError):\n    nn.Conv2d(3, 8, 3)(torch.randn(2, 1, 9, 9))",
    ],
)
def test_what_is_not_certain_is_not_reported(body: str) -> None:
    assert silent(body + "\n")


GATE = """\
class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 1, 3, padding=1)

    def forward(self, x):
        weights = self.conv(x.mean((2, 3)).view({sizes}))
        return x * weights.view(x.size(0), -1, 1, 1)
"""


def test_a_view_says_what_it_makes_of_data_of_which_nothing_is_known() -> None:
    assert mended(GATE.format(sizes="x.size(0), 1, -1")) == GATE.format(sizes="x.size(0), 1, -1").replace(
        "(2, 1", "(1, 1"
    )
    assert silent(GATE.format(sizes="x.size(0), self.n, -1"))
    assert silent(GATE.format(sizes="x.size(0), -1, 8"))
    assert silent(GATE.format(sizes="*shape, 1, 8"))


SHARED_BLOCK = """\
import torch
from torch import nn

def block(c_in, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, padding=1), nn.ReLU(), nn.Conv2d(c_in, c_out, 1), nn.ReLU())

net = nn.Sequential(block(1, 8), nn.MaxPool2d(2), block(8, 16))
print(net(torch.randn(2, 1, 16, 16)).shape)
"""


def test_one_mistake_in_a_block_that_is_made_twice_is_one_finding_without_a_number_to_write() -> None:
    result = check_source(SHARED_BLOCK, rules=[channel_mismatch])
    assert isinstance(result, Found)
    (finding,) = result.diagnostics
    assert finding.start.line == 5
    assert finding.fix is None
