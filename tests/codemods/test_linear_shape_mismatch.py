"""linear-shape-mismatch on fragments: the sizes that are computed, how they are written, and where nothing is said."""

from __future__ import annotations

import pytest

from fixer.codemods.model.linear_shape_mismatch import linear_shape_mismatch
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
NET = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear({size}, 10)

    def forward(self, x):
        x = F.relu(self.conv(x))
        x = {flat}
        return self.fc(x)

out = Net()(torch.randn(6, 1, 12, 12))
"""


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[linear_shape_mismatch], unsafe=True)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def silent(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[linear_shape_mismatch])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


@pytest.mark.parametrize(
    "flat",
    [
        "torch.flatten(x, 1)",
        "x.flatten(1)",
        "x.view(x.size(0), -1)",
        "x.reshape(len(x), -1)",
        "nn.Flatten()(x)",
        "F.dropout(x.view(x.shape[0], -1), training=self.training)",
    ],
)
def test_the_number_follows_whatever_flattens(flat: str) -> None:
    assert mended(NET.format(size="500", flat=flat)) == NET.format(size="400", flat=flat)


@pytest.mark.parametrize(("old", "new"), [("4 * 12 * 12", "4 * 10 * 10"), ("4*12*12", "4*10*10"), ("576", "400")])
def test_a_product_stays_a_product_and_view_goes_with_the_layer(old: str, new: str) -> None:
    assert mended(NET.format(size=old, flat=f"x.view(-1, {old})")) == NET.format(size=new, flat=f"x.view(-1, {new})")


def test_a_view_alone_is_mended_where_the_layer_is_right() -> None:
    body = NET.format(size=400, flat="x.view(x.size(0), 300)")
    assert mended(body) == body.replace("300", "400")


def test_the_layer_alone_is_mended_where_the_view_is_right() -> None:
    body = NET.format(size=300, flat="x.view(-1, 400)")
    assert mended(body) == body.replace("300", "400")


def test_a_batch_norm_behind_a_linear_is_a_matter_of_features() -> None:
    body = "nn.Sequential(nn.Linear(5, 12), nn.BatchNorm1d(16), nn.ReLU())(torch.randn(4, 5))\n"
    assert mended(body) == body.replace("16", "12")


def test_layers_are_compared_where_the_input_is_not_known() -> None:
    body = "net = nn.Sequential(nn.Linear(n, 30), nn.ReLU(), nn.Linear(20, 1))\nnet(data())\n"
    assert mended(body) == body.replace("20, 1", "30, 1")


@pytest.mark.parametrize(
    "body",
    [
        NET.format(size="n", flat="x.flatten(1)"),
        NET.format(size=10, flat="x.view(-1, 10)"),  # every row on its own
        NET.format(size=100, flat="x.view(-1, 100)"),  # every map on its own
        NET.format(size=500, flat="F.adaptive_avg_pool2d(x, (k, k)).flatten(1)"),
        NET.format(size=500, flat="x if x.dim() == 2 else unknown(x)"),
        NET.format(size=400, flat="x.flatten(1)"),
        "nn.LazyLinear(5)(torch.randn(4, 7))\n",
        "nn.Linear(8, 5)(torch.randn(4, 3, 8))\n",
        "net = nn.Sequential(nn.Linear(4, 8), nn.Linear(9, 1))\nnet[1] = nn.Linear(8, 1)\nnet(torch.randn(2, 4))\n",
        "nn.Linear(4, 8).double()(torch.randn(3, 4).double())\n",
    ],
)
def test_what_fits_or_is_not_certain_is_not_reported(body: str) -> None:
    assert silent(body)


MODEL = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 20, 5)
        self.fc = nn.Linear({size}, 2)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.fc({flat})
"""


@pytest.mark.parametrize("flat", ["torch.flatten(x, 1)", "x.view(x.size(0), -1)", "F.dropout(x.flatten(1))"])
def test_a_size_that_no_flattened_maps_can_have_is_reported_whatever_the_size_of_the_images(flat: str) -> None:
    assert not silent(MODEL.format(size=3921, flat=flat))
    assert silent(MODEL.format(size=3920, flat=flat))


@pytest.mark.parametrize(
    "flat", ["x.flatten()", "x.mean(2)", "torch.cat([x.flatten(1), self.more], 1)", "x.view(9, -1)"]
)
def test_what_else_becomes_of_maps_may_have_any_size(flat: str) -> None:
    assert silent(MODEL.format(size=3921, flat=flat))


FILLED_ELSEWHERE = """\
from blocks import add_conv

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = list()
        add_conv(self.features, 3, 64)
        self.features = nn.Sequential(*self.features)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = F.adaptive_avg_pool2d(self.features(x), 1).flatten(1)
        return self.fc(x)

out = Net()(torch.randn(6, 3, 12, 12))
"""


def test_a_list_that_code_out_of_sight_may_fill_says_nothing_of_what_comes_out() -> None:
    assert isinstance(check_source(PRELUDE + FILLED_ELSEWHERE, rules=[linear_shape_mismatch]), Clean)
    unfilled = FILLED_ELSEWHERE.replace("from blocks import add_conv\n", "")
    seen = unfilled.replace("add_conv(self.features, 3, 64)", "pass")
    assert isinstance(check_source(PRELUDE + seen, rules=[linear_shape_mismatch]), Found)
