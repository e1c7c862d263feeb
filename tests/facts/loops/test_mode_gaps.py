"""Models that are evaluated by code out of sight, or by methods of their own."""

from __future__ import annotations

import pytest

from fixer.facts.loops.mode_gaps import ModeGaps
from fixer.facts.script import Script

TRAINING = """
import torch
from torch import nn
from tools import {used}
model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(9):
    for x, y in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for x, y in val_loader:
            out = {call}
            shown = [round_off(each) for each in unstack(out)]
"""


@pytest.mark.parametrize(
    ("used", "call"),
    [
        ("sliding_window_inference", "sliding_window_inference(x, 4, model)"),
        ("predict", "predict(model, x)"),
        ("Sampler", "sampler.sample(x, model)"),
    ],
)
def test_who_computes_with_a_model_leaves_it_in_evaluation_mode(used: str, call: str) -> None:
    found = list(ModeGaps(Script.parse(TRAINING.format(used=used, call=call))).stuck())
    assert [each.switch.detail for each in found] == ["eval"]


@pytest.mark.parametrize("name", ["evaluate", "train_one_epoch", "run"])
def test_who_may_switch_the_mode_leaves_it_open(name: str) -> None:
    assert not list(ModeGaps(Script.parse(TRAINING.format(used=name, call=f"{name}(model, x)"))).stuck())


def test_a_likelihood_is_computed_by_the_model() -> None:
    text = TRAINING.format(used="unstack", call="model.log_prob(x)")
    assert list(ModeGaps(Script.parse(text.replace("model(x), y", "model.log_prob(x), y"))).stuck())


SETTINGS = """
import torch
from torch import nn
from tools import one_hot


class Net(nn.Module):
    def __init__(self, args):
        super().__init__()
        for key, value in vars(args).items():
            setattr(self, key, value)
        self.layers = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))

    def forward(self, x):
        return self.layers(x)

    def loss(self, out, y):
        return (out - one_hot(y, {handed})).pow(2).mean()


model = Net(args)
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(9):
    for x, y in train_loader:
        optimizer.zero_grad()
        model.loss(model(x), y).backward()
        optimizer.step()
    for x, y in val_loader:
        total += model.loss(model(x), y).item()
"""


@pytest.mark.parametrize(("handed", "found"), [("self.labels", 1), ("self", 0)])
def test_who_gets_a_setting_of_a_model_does_not_switch_it(handed: str, found: int) -> None:
    assert len(list(ModeGaps(Script.parse(SETTINGS.format(handed=handed))).looks())) == found


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("model.eval()", 0),  # wanted: fixed averages, no dropout
        ("model.eval()\nwith torch.no_grad():\n    for x, y in val_loader:\n        print(model(x))", 1),
    ],
)
def test_an_evaluation_before_the_loop_leaves_its_mode_behind(before: str, found: int) -> None:
    text = TRAINING.format(used="unstack", call="model(x)").replace("for epoch", f"{before}\nfor epoch")
    assert len(list(ModeGaps(Script.parse(text)).stuck())) == found


SWITCHED = """
import torch
from torch import nn
def run(model, train_loader, val_loader, opt):
    for epoch in range(3):
        model.train()
        for x, y in train_loader:
            opt.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            opt.step()
        {switch}
        for x, y in val_loader:
            print(model(x))
"""


@pytest.mark.parametrize(
    ("switch", "found"),
    [
        ("pass", 1),
        ("model.save('best.pt')", 1),
        ("model.set_inference_mode()", 0),
        ("model.switch_mode('eval')", 0),
        ("model.apply(lambda each: each.eval())", 0),
        ("model.apply(init_weights)", 1),
        ("[each.eval() for each in model.modules()]", 0),
    ],
)
def test_methods_out_of_sight_may_switch_by_their_names(switch: str, found: int) -> None:
    assert len(list(ModeGaps(Script.parse(SWITCHED.format(switch=switch))).looks())) == found
