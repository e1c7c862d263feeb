"""Sizes and bounds, held against the arrays and numbers themselves."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from fixer.facts.script import Script
from fixer.facts.tensors.shapes import form, number, row_count

PRELUDE = """
import numpy as np
import torch
rng = np.random.default_rng(0)
n = 50
x = torch.rand(n, 3)
"""


@pytest.mark.parametrize(
    "code",
    [
        "torch.randn(7, 2)",
        "torch.randn((7, 2))",
        "torch.zeros(size=(7, 2))",
        "np.random.rand(7, 2)",
        "rng.normal(size=(7, 2))",
        "rng.integers(0, 9, 7)",
        "np.random.randint(0, 9, size=(7,))",
        "torch.randint(0, 9, (7,))",
        "torch.arange(7)",
        "torch.linspace(0, 1, 7).unsqueeze(1)",
        "torch.from_numpy(np.zeros((7, 2))).float()",
        "2 * x + 1",
        "torch.sin(x)",
        "x.tanh().clone()",
        "x @ torch.rand(3, 1) + 0.1 * torch.randn(50, 1)",
        "torch.rand_like(x)",
        "[1, 2, 3]",
        "x[3:9]",
        "x[-7:, :2]",
        "x[:-1:2, None]",
        "torch.arange(3, 9)",
        "torch.cat([x, x[:4]])",
        "torch.stack([x, x, x])",
        "np.eye(4)",
    ],
)
def test_row_count_is_the_first_size_of_the_array(code: str) -> None:
    script = Script.parse(f"{PRELUDE}value = {code}\n")
    actual = eval(code, {"np": np, "torch": torch, "rng": np.random.default_rng(0), "x": torch.rand(50, 3)})
    assert row_count(script.run.module.values["value"]) == len(actual)


@pytest.mark.parametrize(
    "code", ["torch.load('x')", "torch.randn(*sizes)", "x.sum()", "x[x > 0]", "x[:unknown]", "torch.cat([x, *parts])"]
)
def test_row_count_says_nothing_where_it_does_not_know(code: str) -> None:
    script = Script.parse(f"{PRELUDE}value = {code}\n")
    assert row_count(script.run.module.values["value"]) is None


@pytest.mark.parametrize(
    "code", ["int(0.8 * n)", "-(n // 4)", "n - 2 * 7", "len(x) % 7", "x.shape[0] - 1", "x.size(0)"]
)
def test_number_is_what_python_computes(code: str) -> None:
    script = Script.parse(f"{PRELUDE}value = {code}\n")
    assert number(script.run.module.values["value"]) == eval(code, {"n": 50, "x": torch.rand(50, 3)})


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("total - 5", "-5 + total", True),
        ("total - a - a", "total - a", False),
        ("int(total * 0.8)", "int(total * 0.8)", True),
        ("int(total * 0.8)", "int(total * 0.7)", False),
        ("len(data) - 3", "data.shape[0] - 3", True),
        ("a", "total", False),
    ],
)
def test_forms_are_equal_where_the_numbers_must_be(left: str, right: str, equal: bool) -> None:
    script = Script.parse(f"def f(total, a, data):\n    global p, q\n    p = {left}\n    q = {right}\n")
    values = script.run.module.values
    assert form(values["p"]).plus(form(values["q"]), -1).is_zero is equal
