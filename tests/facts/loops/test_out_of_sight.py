"""Updates that a library out of sight calls for: Lightning's manual optimization, and the handlers of engines."""

from textwrap import dedent

from fixer.engine import check_source
from fixer.results import Found

HEAD = """\
import torch
from torch import nn
from torch.nn import functional as F
import lightning as L
from ignite.engine import Engine
"""

MODULE = """\
class {name}({base}):
    def training_step(self, batch, batch_idx):
        first, second = self.optimizers()
        self.manual_backward(self.a(batch).sum())
        {one}
        first.zero_grad()
        self.manual_backward(self.b(batch).sum())
        second.step()
        second.zero_grad()
"""


def found(text: str) -> list[tuple[str, int]]:
    """Rule and line, counted in `text`, of all that is found."""
    result = check_source(HEAD + dedent(text), path="train.py")
    if not isinstance(result, Found):
        return []
    return [(each.rule, each.start.line - HEAD.count("\n")) for each in result.diagnostics]


def test_the_optimizers_of_one_module_are_told_apart() -> None:
    text = MODULE.format(name="Net", base="L.LightningModule", one="pass")
    assert found(text) == [("missing-optimizer-step", 4)]


def test_a_base_class_out_of_sight_gives_the_loss() -> None:
    text = MODULE.format(name="Net", base="L.LightningModule", one="loss = {}").replace(
        "self.a(batch)", "self.step(batch)"
    )
    assert found(text.replace("{}", "0")) == [("missing-optimizer-step", 4)]
    assert found(text.replace("loss = {}", "self.step()")) == []


def test_those_of_another_module_are_others() -> None:
    right = MODULE.format(name="Other", base="L.LightningModule", one="first.step()")
    wrong = MODULE.format(name="Net", base="L.LightningModule", one="pass")
    assert [rule for rule, _ in found(wrong + right)] == ["missing-optimizer-step"]


def test_those_of_a_base_class_may_be_the_same() -> None:
    right = MODULE.format(name="Other", base="L.LightningModule", one="first.step()")
    wrong = MODULE.format(name="Net", base="Other", one="pass")
    assert found(right + wrong) == []


ENGINE = """\
def create(model, optimizer):
    def update(engine, batch):
        x, y = batch
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        {step}
        return loss.item()

    return {made}
"""


def test_nobody_but_its_handler_steps_for_an_engine() -> None:
    assert found(ENGINE.format(step="pass", made="Engine(update)")) == [("missing-optimizer-step", 6)]
    assert found(ENGINE.format(step="optimizer.step()", made="Engine(update)")) == []


def test_whoever_calls_a_function_may_step() -> None:
    assert found(ENGINE.format(step="pass", made="update")) == []


def test_a_loss_behind_the_step_is_wasted_only_where_all_is_cleared() -> None:
    text = """\
    a, b = nn.Linear(2, 2), nn.Linear(2, 2)
    one, two = torch.optim.SGD(a.parameters(), 1), torch.optim.SGD(b.parameters(), 1)
    for x in torch.ones(9, 1, 2):
        first, second = a(x).sum(), b(a(x)).sum()
        first.backward()
        one.step()
        second.backward()
        one.zero_grad()
        {clear}
        b(x).sum().backward()
        two.step()
    """
    assert found(text.format(clear="two.zero_grad()")) == [("step-before-backward", 6)]
    assert "step-before-backward" not in [rule for rule, _ in found(text.format(clear="pass"))]


HELPER = """\
from helpers import *
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x in torch.ones(9, 1, 2):
    model(x).sum().backward()
    {helper}(optimizer, 1.0)
    optimizer.step()
"""


def test_the_name_of_a_helper_counts_behind_a_star_import() -> None:
    assert found(HELPER.format(helper="clip_gradient")) == [("missing-zero-grad", 7)]
    assert found(HELPER.format(helper="prepare_round")) == []


WRAPPER = """\
class Noisy(torch.optim.Optimizer):
    def __init__(self, inner):
        self.inner = inner

    def zero_grad(self, set_to_none=False):
        for group in self.inner.param_groups:
            for p in group["params"]:
                p.grad = None

    def step(self, closure=None):
        self.inner.step()

model = nn.Linear(2, 1)
optimizer = Noisy(torch.optim.SGD(model.parameters(), lr=0.1))
for x in torch.ones(9, 1, 2):
    {first}
    model(x).sum().backward()
    {second}
    optimizer.step()
"""


def test_an_optimizer_of_the_file_clears_as_any_other() -> None:
    assert found(WRAPPER.format(first="optimizer.zero_grad()", second="pass")) == []
    assert found(WRAPPER.format(first="pass", second="optimizer.zero_grad()")) == [("misplaced-zero-grad", 18)]
