"""missing-flatten on fragments: where the flattening goes, and what is no image that was forgotten."""

from __future__ import annotations

import pytest

from fixer.codemods.model.missing_flatten import missing_flatten
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = "import torch\nfrom torch import nn\n"
NET = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear({size}, 10)

    def forward(self, x):
        x = self.conv(x)
{body}

out = Net()(torch.randn(6, 1, 12, 12))
"""


def net(*lines: str, size: int = 400) -> str:
    return NET.format(size=size, body="\n".join(" " * 8 + each for each in lines))


def mended(body: str, unsafe: bool = False, prelude: str = PRELUDE) -> str:
    result = fix_source(prelude + body, rules=[missing_flatten], unsafe=unsafe)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(prelude)


def silent(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[missing_flatten])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


def test_a_line_of_its_own_where_the_statement_goes_on_with_the_name() -> None:
    assert mended(net("x = self.fc(x)", "return x")) == net("x = torch.flatten(x, 1)", "x = self.fc(x)", "return x")


def test_around_the_argument_where_the_maps_are_used_again() -> None:
    assert mended(net("y = self.fc(x)", "return y, x")) == net("y = self.fc(torch.flatten(x, 1))", "return y, x")


def test_as_a_method_where_torch_is_not_at_hand() -> None:
    body = "model = nn.Linear(4, 2)\nmodel(rand(3, 1, 2, 2))\n"
    prelude = "from torch import nn, rand\n"
    assert mended(body, prelude=prelude) == body.replace("rand(3, 1, 2, 2))", "rand(3, 1, 2, 2).flatten(1))")


def test_every_line_of_a_sequential_keeps_its_comment() -> None:
    body = """\
def build():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),  # 12 -> 10
        nn.Linear(400, 10),  # scores
    )

build()(torch.randn(6, 1, 12, 12))
"""
    assert mended(body) == body.replace("        nn.Linear", "        nn.Flatten(),\n        nn.Linear")


def test_a_starred_list_gets_an_element() -> None:
    body = "model = nn.Sequential(*[nn.Conv2d(1, 4, 3), nn.Linear(400, 10)])\nmodel(torch.randn(6, 1, 12, 12))\n"
    assert mended(body) == body.replace("nn.Linear", "nn.Flatten(), nn.Linear")


def test_a_layer_made_for_the_channels_gets_their_means_only_when_asked() -> None:
    body = net("return self.fc(x)", size=4)
    assert not isinstance(fix_source(PRELUDE + body, rules=[missing_flatten]), Fixed)
    assert mended(body, unsafe=True) == net("x = x.mean((2, 3))", "return self.fc(x)", size=4)


def test_a_wrong_size_is_still_an_image_that_was_not_flattened() -> None:
    assert mended(net("return self.fc(x)", size=500)) == net("x = torch.flatten(x, 1)", "return self.fc(x)", size=500)


@pytest.mark.parametrize(
    "body",
    [
        net("return self.fc(x)", size=10),  # the last dimension
        net("if x.dim() == 4:", "    x = self.fc(x)", "return x"),
        net("return self.fc(x.permute(0, 2, 3, 1))", size=4),
        "nn.Linear(6, 2)(torch.randn(4, 9, 5))\n",  # a sequence of another width: not an image
        "nn.Linear(784, 2)(torch.load('images.pt'))\n",
        "fc = nn.Linear(20, 2)\nfc(torch.randn(3, 5, 20))\nfc(torch.randn(3, 1, 4, 5))\n",
        "model = nn.Linear(64, 2)\nfor x in images():\n    model(x.view(-1, 64))\n",
    ],
)
def test_what_is_meant_or_not_certain_is_not_reported(body: str) -> None:
    assert silent(body)


def test_in_front_of_what_initialises_the_layer() -> None:
    layers = "nn.Conv2d(3, 8, 3), init(nn.Linear(8 * 6 * 6, 2))"
    body = f"from weights import init\n\nnet = nn.Sequential({layers})\nnet(images)\n"
    flat = layers.replace("init(", "nn.Flatten(), init(")
    assert mended(body, unsafe=True) == body.replace(layers, flat)
