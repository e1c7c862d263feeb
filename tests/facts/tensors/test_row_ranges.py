"""The rows that slices take, worked out from the source, against what Python takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fixer.facts.data.sample_order import Order, rows
from fixer.facts.data.splits import cut
from fixer.facts.program.values import Value
from fixer.facts.script import Script
from fixer.facts.tensors.row_ranges import size_of, taken_rows

BOUNDS = st.sampled_from(["", "10", "-10", "len(x) // 2", "int(0.3 * len(x))", "x.shape[0] - 5", "3 * 7", "-(2 + 2)"])
SLICES = st.lists(st.tuples(BOUNDS, BOUNDS), min_size=1, max_size=3)


def value(expression: str, before: str = "") -> Value:
    script = Script.parse(f"import torch, numpy as np\nx = torch.randn(40, 2)\n{before}\nfound = {expression}\n")
    return script.run.module.values["found"]


@given(SLICES)
def test_slices_of_slices_take_the_rows_that_python_takes(slices: list[tuple[str, str]]) -> None:
    brackets = "".join(f"[{lower}:{upper}]" for lower, upper in slices)
    found = value(f"x{brackets}")
    expected = eval(f"range(40){brackets}".replace("x.shape[0]", "40").replace("len(x)", "40"))
    assert list(taken_rows(cut(found), 40) or ()) == list(expected)
    assert size_of(found) == len(expected)


def test_rows_that_depend_on_something_else_are_not_known() -> None:
    for brackets in ("[:n]", "[::2]", "[mask]", "[5:len(y)]"):
        assert size_of(value(f"x{brackets}")) is None


def test_a_permutation_keeps_the_number_of_rows() -> None:
    assert size_of(value("x[torch.randperm(40)][:30]")) == 30


def test_where_the_order_of_rows_comes_from() -> None:
    orders = {
        "x * 2 + 1": Order.RANDOM,
        "torch.linspace(0, 1, 40)": Order.OWN,
        "torch.cat([x, x + 1])": Order.OWN,
        "torch.cat([x, x ** 2], dim=1)": Order.RANDOM,
        "torch.arange(4).repeat_interleave(10)": Order.OWN,
        "torch.sin(torch.arange(40.)) + x[:, 0]": Order.OWN,
        "torch.arange(40)[torch.randperm(40)]": Order.RANDOM,
        "torch.eye(3)[torch.randint(0, 3, (40,))]": Order.RANDOM,
        "np.load('x.npy')[:30]": Order.OWN,
        "np.random.default_rng(0).normal(size=40)": Order.RANDOM,
        "torch.zeros(40)": Order.NONE,
        "fetch()": Order.UNKNOWN,
        "[fetch(i) for i in range(40)]": Order.UNKNOWN,
    }
    assert {each: rows(value(each)) for each in orders} == orders


def test_rows_written_one_by_one_are_in_an_order_that_nobody_knows() -> None:
    assert rows(value("y", "y = torch.zeros(40)\ny[20:] = 1")) is Order.UNKNOWN
