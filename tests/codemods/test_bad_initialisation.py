"""bad-initialisation on fragments: which layers a call reaches, and from what width on weights are too wide."""

from __future__ import annotations

import pytest

from fixer.codemods.model.bad_initialisation import bad_initialisation
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import torch
from torch import nn

net = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
"""
TRAIN = """
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in batches:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
"""


def found(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[bad_initialisation])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Found)


LOOP = "for m in net.modules():\n    if {test}:\n        {fill}\n"
WEIGHTS = "nn.init.constant_(m.weight, 0.5)"


@pytest.mark.parametrize(
    ("body", "reported"),
    [
        (LOOP.format(test="isinstance(m, nn.Linear)", fill=WEIGHTS), True),
        (LOOP.format(test="type(m) == nn.Linear", fill=WEIGHTS), True),
        (LOOP.format(test="isinstance(m, (nn.Conv2d, nn.Linear))", fill=WEIGHTS), True),
        (LOOP.format(test="'Linear' in type(m).__name__", fill=WEIGHTS), True),
        (LOOP.format(test="hasattr(m, 'weight')", fill=WEIGHTS), True),
        ("KINDS = {nn.Conv2d, nn.Linear}\n" + LOOP.format(test="type(m) in KINDS", fill=WEIGHTS), True),
        ("KINDS = {nn.Conv2d}\n" + LOOP.format(test="type(m) in KINDS", fill=WEIGHTS), False),
        (LOOP.format(test="isinstance(m, nn.Linear)", fill="nn.init.constant_(m.weight.detach(), 0.5)"), True),
        (LOOP.format(test="isinstance(m, nn.Conv2d)", fill=WEIGHTS), False),
        (LOOP.format(test="isinstance(m, nn.Linear)", fill="nn.init.constant_(m.bias, 0.5)"), False),
        (LOOP.format(test="isinstance(m, nn.Linear) and m.out_features == 2", fill=WEIGHTS), False),
        ("for n, p in net.named_parameters():\n    if 'weight' in n:\n        p.data.zero_()\n", True),
        ("for n, p in net.named_parameters():\n    if 'bias' in n:\n        p.data.zero_()\n", False),
        ("nn.init.ones_(net[0].weight)\n", False),
        ("nn.init.ones_(net[0].weight)\nnn.init.ones_(net[2].weight)\n", True),
        ("nn.init.ones_(net[0].weight)\nnn.init.ones_(net[4].weight)\n", False),
        ("nn.init.zeros_(net[2].weight)\nnn.init.zeros_(net[4].weight)\nnn.init.eye_(net[2].weight)\n", False),
    ],
)
def test_which_layers_a_call_reaches(body: str, reported: bool) -> None:
    assert found(body + TRAIN) is reported


@pytest.mark.parametrize(
    ("fill", "reported"),
    [
        ("nn.init.normal_(net[0].weight)", True),
        ("nn.init.normal_(net[0].weight, 0, 1)", True),
        ("nn.init.normal_(net[0].weight, std=0.9)", False),
        ("net[2].weight.data.normal_(0, 2)", True),
        ("nn.init.normal_(net[4].bias, std=3)", False),
        ("nn.init.normal_(net[0].weight, std=width)", False),
    ],
)
def test_from_what_width_on_weights_are_too_wide(fill: str, reported: bool) -> None:
    assert found(fill + "\n" + TRAIN) is reported


def test_silent_where_nothing_is_trained_or_weights_are_loaded() -> None:
    body = LOOP.format(test="isinstance(m, nn.Linear)", fill=WEIGHTS)
    assert not found(body)
    assert not found(body + "net.load_state_dict(torch.load('net.pt'))\n" + TRAIN)


RESUME = """
def restore(model, path):
    model.load_state_dict(torch.load(path))

{call}
"""


@pytest.mark.parametrize(
    ("call", "reported"),
    [
        ("if resumed:\n    restore(net, 'last.pt')", True),
        ("def restart():\n    restore(net, 'last.pt')\n\nif resumed:\n    restart()", True),
        ("", True),
        ("restore(net, 'last.pt')", False),
        ("if __name__ == '__main__':\n    restore(net, 'last.pt')", False),
        ("if resumed:\n    restore(net, 'last.pt')\nrestore(net, 'best.pt')", False),
    ],
)
def test_weights_that_a_helper_loads_only_under_a_test(call: str, reported: bool) -> None:
    body = LOOP.format(test="isinstance(m, nn.Linear)", fill=WEIGHTS)
    assert found(body + RESUME.format(call=call) + TRAIN) is reported


INSIDE = """
class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(8, 8), nn.Linear(8, 8)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.{inner}
    def forward(self, x):
        return self.two(self.one(x).relu())

class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.Sequential(Part(), Part())
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.{outer}
    def forward(self, x):
        return self.parts(x)

net = Whole()
"""


def test_the_last_of_several_initialisations_counts() -> None:
    drawn, constant = "kaiming_normal_(m.weight)", "constant_(m.weight, 0.1)"
    assert found(INSIDE.format(inner=drawn, outer=constant) + TRAIN)
    assert not found(INSIDE.format(inner=constant, outer=drawn) + TRAIN)


@pytest.mark.parametrize(
    ("head", "reported"),
    [
        ("def initialize_decoder(module):\n    for m in module.modules():", True),
        ("def weights_init(*nets):\n    for net in nets:\n      for name, m in net.named_modules():", True),
        ("def fill_with_a_constant(module):\n    for m in module.modules():", False),
    ],
)
def test_helpers_that_go_through_the_layers_of_modules_for_others(head: str, reported: bool) -> None:
    body = f"\n{head}\n        if isinstance(m, nn.Linear):\n            nn.init.constant_(m.weight, 0.1)\n"
    result = check_source("from torch import nn\n" + body, rules=[bad_initialisation])
    assert isinstance(result, Found) is reported


ATTENTION = """
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.before, self.after = nn.Linear(32, 96), nn.Linear(32, 32)
        nn.init.constant_(self.before.weight, {before})
        nn.init.constant_(self.after.weight, {after})
    def forward(self, x):
        q, k, v = self.before(x).chunk(3, dim=-1)
        return self.after(torch.softmax(q @ k.transpose(-2, -1), -1) @ v)

net = Attention()
"""


@pytest.mark.parametrize(("before", "after", "reported"), [(0.1, 0.1, True), (0.1, 0, False), ("scale", 0.1, False)])
def test_what_lies_between_two_layers_of_one_number_does_not_matter(
    before: float, after: float, reported: bool
) -> None:
    assert found(ATTENTION.format(before=before, after=after) + TRAIN) is reported


def test_no_function_of_matrices_is_called_on_the_weights_of_norms() -> None:
    body = LOOP.format(test="hasattr(m, 'weight')", fill=WEIGHTS) + TRAIN
    source = PRELUDE.replace("nn.ReLU(), nn.Linear(64, 2)", "nn.BatchNorm1d(64), nn.Linear(64, 2)") + body
    result = fix_source(source, rules=[bad_initialisation], unsafe=True)
    assert isinstance(result, Found) and result.diagnostics[0].fix is None
    result = fix_source(PRELUDE + body, rules=[bad_initialisation], unsafe=True)
    assert isinstance(result, Fixed) and 'nn.init.kaiming_normal_(m.weight, nonlinearity="relu")' in result.fixed


@pytest.mark.parametrize(("activations", "offered"), [("ReLU", False), ("Tanh", False), ("Sigmoid", True)])
def test_between_hidden_sigmoids_the_fix_waits_for_theirs(activations: str, offered: bool) -> None:
    source = PRELUDE.replace("ReLU", activations) + LOOP.format(test="isinstance(m, nn.Linear)", fill=WEIGHTS) + TRAIN
    result = check_source(source, rules=[bad_initialisation])
    assert isinstance(result, Found)
    (diagnostic,) = result.diagnostics
    assert (diagnostic.fix is None) == offered
    assert [each.title for each in diagnostic.alternatives] == (
        ["Draw the weights with `xavier_uniform_`"] if offered else []
    )
