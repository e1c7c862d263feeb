"""missing-optimizer-step: what a remark at the loop says of it."""

from __future__ import annotations

import pytest

from fixer.codemods.loop.missing_optimizer_step import missing_optimizer_step
from fixer.engine import check_source
from fixer.results import Clean, Found

LOOP = """\
import torch
from torch import nn

model = nn.Linear(8, 2)
optimizer = torch.optim.Adam(model.parameters())
# {above}
for _ in range(3):
    loss = nn.functional.mse_loss(model(torch.ones(4, 8)), torch.zeros(4, 2))
    # {inside}
    loss.backward()
    optimizer.zero_grad()
"""


def test_rounds_of_warm_up_need_no_step() -> None:
    assert isinstance(check_source(LOOP.format(above="Warmup", inside="-"), rules=[missing_optimizer_step]), Clean)


@pytest.mark.parametrize("remark", ["loss measures the generator's ability to fool", "the batch size is 4", "train"])
def test_other_remarks_say_nothing(remark: str) -> None:
    assert isinstance(check_source(LOOP.format(above="-", inside=remark), rules=[missing_optimizer_step]), Found)
