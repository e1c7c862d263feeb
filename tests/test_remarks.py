"""A remark that calls a mistake deliberate silences it; remarks about anything else do not."""

import pytest

from fixer.engine import check_source
from fixer.results import Found

LOOP = """\
import torch

model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = model(torch.randn(8, 3)).pow(2).mean()
    {remark}
    loss.backward()
    optimizer.step()
"""


def found(remark: str) -> bool:
    return isinstance(check_source(LOOP.format(remark=remark)), Found)


@pytest.mark.parametrize(
    "remark",
    [
        "# gradients add up here on purpose",
        "# Intentionally not cleared",
        "# deliberately without a clear, to show what happens",
        "# we do NOT call optimizer.zero_grad() here",
        "# 注意:故意不写 optimizer.zero_grad()",
        "# BAD: the gradients add up",
    ],
)
def test_a_remark_that_calls_it_deliberate_silences(remark: str) -> None:
    assert not found(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "# compute the gradients",
        "# general-purpose step",
        "# optimizer.zero_grad()",
        "# not bad",
        'print("on purpose")',
        "pass",
    ],
)
def test_other_remarks_do_not(remark: str) -> None:
    assert found(remark)


def test_what_a_lesson_calls_bad_by_name_is_meant_so() -> None:
    assert not isinstance(check_source(LOOP.replace("optimizer", "optimizer_bad").format(remark="pass")), Found)


def test_a_remark_far_above_belongs_to_something_else() -> None:
    far = "# set on purpose\n" + "".join(f"    x{number} = {number}\n" for number in range(5))
    assert found(far)
