"""An element that a list is asked for by a number which nobody knows."""

from __future__ import annotations

from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import Choice, Made, options
from fixer.facts.script import Script


def test_a_model_of_a_list_made_in_one_place_is_that_model() -> None:
    text = "from torch import nn\nnets = [nn.Linear(1, 1) for _ in range(3)]\nfor i in range(3):\n    net = nets[i]\n"
    net = Script.parse(text).run.module.get("net")
    assert any(isinstance(each, Made) and kind(each) is Kind.MODULE for each in options(net))


def test_one_of_several_is_any_of_them() -> None:
    text = "from torch import nn\nnets = [nn.Linear(1, 1), nn.Identity()]\ndef pick(i):\n    return nets[i]\n"
    net = Script.parse(f"{text}net = pick(n)\n").run.module.get("net")
    assert isinstance(net, Choice)
    assert len(net.options) == 2
