"""What layers make of each other in models that a file makes, or only defines, and hands to others."""

from __future__ import annotations

import pytest

from fixer.codemods.model.channel_mismatch import channel_mismatch
from fixer.codemods.model.linear_shape_mismatch import linear_shape_mismatch
from fixer.engine import check_source
from fixer.results import Clean, Found

PRELUDE = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def found(body: str, prelude: str = PRELUDE) -> bool:
    result = check_source(prelude + body, rules=[linear_shape_mismatch, channel_mismatch])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Found)


TABLE = """\
cfgs = {{"A": [64, "M", 128, "M"], "B": [64, 64, "M", 128, 128, "M"]}}

class VGG(nn.Module):
    def __init__(self, features, classes=10):
        super().__init__()
        self.features = features
        self.classifier = nn.Linear({size}, classes)

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.view(x.size(0), -1))

def make_layers(cfg, batch_norm=False):
    layers, width = [], 3
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(2)]
        else:
            conv = nn.Conv2d(width, v, 3, padding=1)
            layers += [conv, nn.BatchNorm2d(v), nn.ReLU()] if batch_norm else [conv, nn.ReLU()]
            width = v
    return nn.Sequential(*layers)

def vgg_a(**kwargs):
    return VGG(make_layers(cfgs["A"]), **kwargs)

def vgg_b(**kwargs):
    return VGG(make_layers(cfgs["B"]), **kwargs)
"""


@pytest.mark.parametrize(("size", "reported"), [(128, False), (512, False), (129, True), (200, True)])
def test_models_that_functions_make_for_others(size: int, reported: bool) -> None:
    assert found(TABLE.format(size=size)) is reported


DEFAULTS = """\
class Net(nn.Module):
    def __init__(self, classes, width=8, channels=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3)
        self.conv2 = nn.Conv2d(width, width * 8, 3)
        self.fc = nn.Linear({size}, classes)

    def forward(self, x):
        x = self.conv2(F.relu(self.conv1(x)))
        return self.fc(torch.flatten(x, 1))
"""


@pytest.mark.parametrize(("size", "reported"), [(1152, False), (1153, True)])
def test_a_model_with_the_defaults_of_its_parameters(size: int, reported: bool) -> None:
    assert found(DEFAULTS.format(size=size)) is reported
    # made with another number, it is that one which counts
    assert not found(DEFAULTS.format(size=8 * 1153) + "net = Net(2, width=1153)\n")


ALONE = """\
net = nn.Sequential(nn.Linear(30, 64), nn.Tanh(), nn.Linear({size}, 2))
other = nn.Linear(30, 2)
opt = torch.optim.SGD(other.parameters(), lr=0.1)
for x, y in loader:
    opt.zero_grad()
    F.mse_loss(other(x), y).backward()
    opt.step()
{more}
"""


@pytest.mark.parametrize(
    ("size", "more", "reported"),
    [
        (64, "", False),
        (65, "", True),
        (65, "first = net[0]", False),
        (65, "parts = list(net.children())", False),
    ],
)
def test_a_sequential_that_nobody_calls(size: int, more: str, reported: bool) -> None:
    assert found(ALONE.format(size=size, more=more)) is reported


def test_one_that_is_only_looked_at_in_a_file_that_does_not_train() -> None:
    assert not found("net = nn.Sequential(nn.Linear(30, 64), nn.Linear(65, 2))\nprint(net)\n")


def test_one_that_a_function_gives_back() -> None:
    assert found("def net(n):\n    return nn.Sequential(nn.Linear(n, 64), nn.Tanh(), nn.Linear(65, 2))\n")
    assert not found("def net(n):\n    return nn.Sequential(nn.Linear(n, 64), nn.Tanh(), nn.Linear(64, 2))\n")


def test_the_layers_behind_some_that_nobody_has_counted() -> None:
    behind = "def net(*blocks):\n    return nn.Sequential(*blocks, nn.Linear(9, 64), nn.ReLU(), nn.Linear({size}, 2))\n"
    assert found(behind.format(size=65))
    assert not found(behind.format(size=64))
    assert not found(behind.format(size=65).replace("nn.ReLU()", "*blocks"))


HANDED = """\
class Net(nn.Module):
    def __init__(self, width, {parameter}):
        super().__init__()
        {before}
        self.conv1 = nn.Conv2d(width, 64, 3)
        self.between = {between}
        self.conv2 = nn.Conv2d(63, 10, 3)

    def forward(self, x):
        return self.conv2(self.between(self.conv1(x)))
"""


@pytest.mark.parametrize(
    ("parameter", "between", "reported"),
    [
        ("norm_layer", "norm_layer(64)", True),
        ("norm", "norm", True),
        ("BatchNorm", "BatchNorm(64)", True),
        ("act_layer=nn.ReLU", "act_layer()", True),
        ("activation", "getattr(nn, activation)()", True),
        ("activation", "ACT2FN[activation]", True),
        ("activation", "nn.Sequential(activation(), nn.Dropout(0.1))", True),
        ("block", "block(64)", False),
        ("norm_conv", "norm_conv(64)", False),
        ("active", "active(64)", False),
    ],
)
def test_norms_and_activations_that_are_handed_in_keep_the_shape(parameter: str, between: str, reported: bool) -> None:
    assert found(HANDED.format(parameter=parameter, before="pass", between=between)) is reported


def test_a_norm_that_is_one_of_torch_by_default() -> None:
    before = "norm_layer = norm_layer or nn.BatchNorm2d"
    assert found(HANDED.format(parameter="norm_layer=None", before=before, between="norm_layer(64)"))


STAR = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(20, 64), nn.Linear(63, 2)

    def forward(self, x):
        return self.two(F.relu(self.one(x)))
"""


@pytest.mark.parametrize(
    ("imports", "reported"),
    [
        ("from torch_helpers import *\n", True),
        ("from torch_helpers import nn, F\n", False),
        ("from torch_helpers import *\nfrom jax_like import nn\n", False),
    ],
)
def test_the_usual_names_behind_an_import_of_everything(imports: str, reported: bool) -> None:
    assert found(STAR, imports) is reported


WORDS = """\
class Words(nn.Module):
    def __init__(self, words, width):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.convs = nn.ModuleList([nn.Conv2d({channels}, 100, (k, width)) for k in (3, 4, 5)])

    def forward(self, x):
        x = {made}
        return torch.cat([F.relu(conv(x)).squeeze(3).amax(2) for conv in self.convs], 1)
"""


@pytest.mark.parametrize(
    "made", ["self.embed(x).unsqueeze(1)", "torch.unsqueeze(self.embed(x), 1)", "self.embed(x)[:, None]"]
)
def test_a_dimension_that_is_added_to_words(made: str) -> None:
    assert found(WORDS.format(channels=2, made=made))
    assert not found(WORDS.format(channels=1, made=made))
    assert not found(WORDS.format(channels=2, made=made.replace("1)", "0)").replace("[:, None]", "[None]")))


STEPS = """\
class Steps(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.lstm = nn.LSTM(width, 128, batch_first=True, bidirectional=True)
        self.out = nn.Linear({size}, 2)

    def forward(self, x):
        states, _ = self.lstm(x)
        return self.out(states[{step}])
"""


@pytest.mark.parametrize("step", [":, -1, :", ":, -1", "-1"])
def test_the_last_step_of_a_recurrent_layer(step: str) -> None:
    assert found(STEPS.format(size=128, step=step))
    assert not found(STEPS.format(size=256, step=step))


BLOCKS = """\
class Block(nn.Module):
    def __init__(self, width, out, stride):
        super().__init__()
        self.conv = nn.Conv2d(width, out, 3, stride=stride)

    def forward(self, x):
        return F.relu(self.conv(x))

class Net(nn.Module):
    cfg = [64, (128, 2), 128, (256, 2)]

    def __init__(self):
        super().__init__()
        layers, width = [], 3
        for x in self.cfg:
            out = x if isinstance(x, int) else x[0]
            layers.append(Block(width, out, 1 if isinstance(x, int) else x[1]))
            width = out
        self.layers = nn.Sequential(*layers)
        self.fc = nn.Linear({size}, 10)

    def forward(self, x):
        return self.fc(F.adaptive_avg_pool2d(self.layers(x), 1).flatten(1))
"""


def test_a_table_of_numbers_and_pairs() -> None:
    assert found(BLOCKS.format(size=255))
    assert not found(BLOCKS.format(size=256))
