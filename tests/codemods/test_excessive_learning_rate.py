"""excessive-learning-rate on fragments: from which rate on, for what is trained, and where the number is changed."""

from __future__ import annotations

import pytest

from fixer.codemods.loop.excessive_learning_rate import excessive_learning_rate
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import torch
from torch import nn, optim

net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
line = nn.Linear(4, 1)
"""
LOOP = """\
for x, y in batches:
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    opt.step()
"""


def found(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[excessive_learning_rate])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Found)


@pytest.mark.parametrize(
    ("made", "reported"),
    [
        ("optim.Adam(net.parameters(), lr=0.1)", False),
        ("optim.Adam(net.parameters(), lr=0.11)", True),
        ("optim.NAdam(net.parameters(), 2)", True),
        ("optim.Adam(params=net.parameters(), lr=2, eps=0.1)", True),  # as far as SGD with 20 at least
        ("optim.Adam(params=net.parameters(), lr=2, eps=0.5)", False),
        ("optim.Adam(list(net.parameters()), lr=2)", True),
        ("optim.Adam(line.parameters(), lr=2)", False),
        ("optim.Adam(line.parameters(), lr=20)", True),
        ("optim.Adam(model.parameters(), lr=2)", False),
        ("optim.Adam(model.parameters(), lr=1000)", True),
        ("optim.Adam([torch.zeros(3)], lr=2)", False),
        ("optim.Adam(net.parameters(), lr=rate)", False),
        ("optim.Adam(net.parameters(), **settings)", False),
        ("optim.SGD(net.parameters(), lr=10)", False),
        ("optim.SGD(net.parameters(), lr=11)", True),
        ("optim.SGD(line.parameters(), lr=11)", False),
        ("optim.SGD(model.parameters(), lr=11)", False),
        ("optim.Adagrad(net.parameters(), lr=5)", False),
        ("optim.Adadelta(net.parameters(), lr=5)", False),
    ],
)
def test_from_which_rate_on(made: str, reported: bool) -> None:
    assert found(f"opt = {made}\n{LOOP}") is reported


@pytest.mark.parametrize(
    "more",
    [
        "sched = optim.lr_scheduler.StepLR(opt, 10)\n",
        "from transformers import get_schedule\nget_schedule(opt)\n",
        "from helpers import warm\nwarm(opt, 100)\n",
        "opt.param_groups[0]['lr'] = 1e-3\n",
        "wrapper.register(opt)\n",
    ],
)
def test_silent_where_anything_may_lower_the_rate(more: str) -> None:
    body = "opt = optim.Adam(net.parameters(), lr=2)\n"
    assert found(body + LOOP)
    assert not found(body + more + LOOP)


def test_silent_where_nothing_is_trained() -> None:
    assert not found("opt = optim.Adam(net.parameters(), lr=2)\nopt.zero_grad()\nnet(x).sum().backward()\nopt.step()\n")


def test_a_number_that_two_optimizers_share_is_changed_where_it_is_used() -> None:
    body = f"""\
RATE = 2
opt = optim.Adam(net.parameters(), lr=RATE)
other = optim.SGD(line.parameters(), lr=RATE)
{LOOP}"""
    result = fix_source(PRELUDE + body, rules=[excessive_learning_rate], unsafe=True)
    assert isinstance(result, Fixed)
    assert result.fixed == PRELUDE + body.replace("Adam(net.parameters(), lr=RATE)", "Adam(net.parameters(), lr=0.001)")


@pytest.mark.parametrize(
    ("made", "reported"),
    [
        ("optim.Adam([*net.parameters(), prototypes], lr=2)", True),
        ("optim.Adam([*line.parameters(), prototypes], lr=2)", False),  # a tensor may need it
        ("optim.Adam([prototypes], lr=2)", False),
    ],
)
def test_a_tensor_beside_a_network_makes_no_rate_right(made: str, reported: bool) -> None:
    assert found(f"prototypes = nn.Parameter(torch.randn(3, 4))\nopt = {made}\n{LOOP}") is reported


@pytest.mark.parametrize(
    ("call", "reported"),
    [
        ("runner.train(model=net, optimizer=opt)", True),
        ("train_classifier_v1(net, opt)", True),
        ("train_with_warmup(net, opt)", False),
        ("runner.tune(model=net, optimizer=opt)", False),
    ],
)
def test_code_out_of_sight_trains_by_its_name(call: str, reported: bool) -> None:
    head = "from tools import runner, train_classifier_v1, train_with_warmup\n"
    assert found(f"{head}opt = optim.Adam(net.parameters(), lr=2)\n{call}\n") is reported


def test_the_layers_of_a_known_network_are_several() -> None:
    made = "from torchvision import models\nnet = nn.Sequential(*list(models.resnet18().children())[:-1])\n"
    assert found(f"{made}opt = optim.Adam(net.parameters(), lr=1)\n{LOOP}")


def test_a_model_around_a_known_network_has_its_layers() -> None:
    text = """\
from timm.models.vision_transformer import vit_small_patch16_224
from tools import Head
class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = vit_small_patch16_224(num_classes=0)
        self.top = Head(self.backbone)
    def forward(self, x):
        return self.top(self.backbone(x))
net = Whole()
opt = optim.Adam(net.parameters(), lr=1)
"""
    assert found(text + LOOP)
