"""Arguments that reach a function through somebody else: processes that are started, options that are spread."""

from __future__ import annotations

import pytest

from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import Literal, Part, Unknown
from fixer.facts.script import Script

PARSER = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
args = parser.parse_args()
class Trainer:
    def __init__(self, lr=1.0, momentum=0.9):
        self.lr, self.momentum = lr, momentum
"""


def test_a_spawned_function_gets_its_rank_and_the_arguments() -> None:
    text = (
        "import torch\nimport torch.multiprocessing as mp\ndef work(rank, model):\n    out = model\n    number = rank\n"
    )
    script = Script.parse(text + "mp.spawn(work, args=(torch.nn.Linear(1, 1),), nprocs=2)\n")
    scope = next(each for each in script.run.scopes if "out" in each.values)
    assert kind(scope.get("out")) is Kind.MODULE
    assert isinstance(scope.get("number"), Unknown)
    assert len(script.run.roots) == 1


@pytest.mark.parametrize("spread", ["vars(args)", "args.__dict__"])
def test_options_that_are_spread_arrive_as_what_they_are(spread: str) -> None:
    made = Script.parse(f"{PARSER}trainer = Trainer(**{spread})\n").run.module.get("trainer")
    rate = made.attributes["lr"]
    assert isinstance(rate, Part)
    assert rate.key == "lr"


def test_what_is_no_option_stays_unknown() -> None:
    made = Script.parse(f"{PARSER}trainer = Trainer(**vars(args))\n").run.module.get("trainer")
    assert not isinstance(made.attributes["momentum"], Literal | Part)
