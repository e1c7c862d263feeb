"""misaligned-split on fragments: which of the two is wrong, and on how much evidence."""

from __future__ import annotations

import pytest

from fixer.codemods.data.misaligned_split import misaligned_split
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import numpy as np
import torch
from torch.utils.data import Dataset, TensorDataset, DataLoader

"""


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[misaligned_split])
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def silent(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[misaligned_split])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


def test_the_inputs_are_mended_where_the_targets_share_their_border_with_the_other_split() -> None:
    body = """\
def load():
    return torch.load("x.pt"), torch.load("y.pt")

x, y = load()
train = TensorDataset(x[:75], y[:80])
test = TensorDataset(x[80:], y[80:])
"""
    assert mended(body) == body.replace("x[:75]", "x[:80]")


def test_the_mend_never_gives_a_split_the_rows_of_another() -> None:
    body = """\
def parts(x, y, train, test):
    return TensorDataset(x[train], y[test]), TensorDataset(x[test], y[test])
"""
    assert "TensorDataset(x[train], y[train])" in mended(body)


def test_columns_behind_the_rows_are_kept() -> None:
    body = "x, y = torch.rand(100, 3), torch.rand(100, 2)\ntrain = TensorDataset(x[:80], y[:75, 0])\n"
    assert "TensorDataset(x[:80], y[:80, 0])" in mended(body)


def test_a_bound_that_means_something_else_where_the_targets_are_cut_is_not_copied() -> None:
    body = """\
x, y = torch.rand(100, 3), torch.rand(100, 2)
n = 80
train_x = x[:n]
n = 70
train_y = y[:n]
train = TensorDataset(train_x, train_y)
"""
    result = check_source(PRELUDE + body, rules=[misaligned_split])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]


@pytest.mark.parametrize(
    "body",
    [
        # nothing says that the two are used together
        "x, y = torch.rand(100, 3), torch.rand(100)\na, b = x[:80], y[:75]\n",
        # a shift, and no place where the two are cut alike
        "x, y = torch.rand(100, 3), torch.rand(100)\ntrain = TensorDataset(x[:-5], y[5:])\n",
        # the bounds are given from outside: they may be equal
        "def cut(x, y, n, m):\n    return TensorDataset(x[:n], y[:m])\n",
        # the data end before either bound
        "x, y = torch.rand(60, 3), torch.rand(60)\ntrain = TensorDataset(x[:80], y[:75])\n",
        # the same border, counted from both ends
        "x, y = torch.rand(100, 3), torch.rand(100)\ntrain = TensorDataset(x[80:], y[-20:])\n",
        # lists that no model is fed from
        "widths, depths = [1, 2, 3], [4, 5, 6]\nfor w, d in zip(widths[:-1], depths[1:]):\n    print(w, d)\n"
        "for w, d in zip(widths[1:], depths[1:]):\n    print(w, d)\n",
        # a shuffled copy under a name of its own
        "x, y = torch.rand(50, 3), torch.rand(50)\nmixed = y[torch.randperm(50)]\npairs = TensorDataset(x, mixed)\n",
        # two arrays of which nothing says that they belong together
        "x, y = torch.load('a'), torch.load('b')\nx = x[torch.randperm(50)]\npairs = TensorDataset(x, y)\n",
    ],
)
def test_silent(body: str) -> None:
    assert silent(body)


def test_a_permutation_drawn_in_the_brackets_is_given_a_name_for_both() -> None:
    body = """\
x, y = torch.rand(50, 3), torch.rand(50)
x = x[torch.randperm(50)]
pairs = TensorDataset(x[:40], y[:40])
"""
    expected = "perm = torch.randperm(50)\nx = x[perm]\ny = y[perm]\n"
    assert mended(body) == body.replace("x = x[torch.randperm(50)]\n", expected)


def test_a_dataset_of_the_file_pairs_what_it_reads_at_one_index() -> None:
    body = """\
class Rows(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __getitem__(self, i):
        return self.images[i], self.labels[i]

x, y = torch.rand(100, 3), torch.rand(100)
train, test = Rows(x[:80], y[:80]), Rows(x[80:], y[70:])
"""
    assert mended(body) == body.replace("y[70:]", "y[80:]")


@pytest.mark.parametrize(
    "use", ["net.fit(x, y)", "net.partial_fit(x, y)", "a, b, c, d = train_test_split(x, y, test_size=0.2)"]
)
def test_estimators_and_scikit_learns_split_use_inputs_and_targets_row_by_row(use: str) -> None:
    body = f"""\
from sklearn.model_selection import train_test_split

def test_net(net, data):
    x, y = data[0][:40], data[1][40:]
    {use}
"""
    assert mended(body) == body.replace("data[1][40:]", "data[1][:40]")
    assert silent(body.replace("data[1][40:]", "data[1][:40]"))
    assert silent(body.replace("data[0][:40]", "data[0][:-1]").replace("data[1][40:]", "data[1][1:]"))
    assert silent(body.replace("data[1]", "data[0]"))


def test_a_function_of_the_file_that_is_called_fit_says_nothing_by_its_name() -> None:
    body = """\
class Matcher:
    def fit(self, source, target):
        self.mean = source.mean() - target.mean()

x, y = torch.load("x.pt"), torch.load("y.pt")
Matcher().fit(x[:40], y[40:])
"""
    assert silent(body)


def test_rows_of_the_rest_are_followed_to_the_cut_that_differs() -> None:
    body = """\
x, y = np.load("x.npy"), np.load("y.npy")
rest_x, rest_y = x[80:], y[:80]
val = TensorDataset(torch.from_numpy(rest_x[:10]), torch.from_numpy(rest_y[:10]))
"""
    assert mended(body) == body.replace("y[:80]", "y[80:]")
    assert silent(body.replace("x[80:], y[:80]", "x[80:], y[70:]"))  # ten rows each, in any case


def test_every_tensor_of_a_dataset_is_held_against_the_inputs() -> None:
    body = (
        "x, m, y = torch.rand(100, 3), torch.rand(100), torch.rand(100)\ndata = TensorDataset(x[:80], m[:80], y[:75])\n"
    )
    assert mended(body) == body.replace("y[:75]", "y[:80]")


def test_rows_of_targets_that_are_folded_into_one_dimension() -> None:
    body = """\
x, y = torch.rand(100, 1, 5), torch.zeros(100, 5).long()
net = torch.nn.Conv1d(1, 3, 1)
for first in range(0, 100, 10):
    last = first + 10
    out = net(x[first:last]).transpose(1, 2)
    loss = torch.nn.functional.cross_entropy(out.reshape(-1, 3), y[first + 1 : last].view(-1))
"""
    assert mended(body) == body.replace("y[first + 1 : last]", "y[first:last]")


WINDOWS = """\
class Windows(Dataset):
    def __init__(self, data, stamps, seq_len, pred_len):
        self.data_x, self.data_y, self.data_stamp = data[:800], data[:800], stamps[:800]
        self.seq_len, self.pred_len = seq_len, pred_len

    def __getitem__(self, index):
        begin = index + self.seq_len
        end = begin + self.pred_len
        seq_y = self.data_y[begin:end]
        seq_y_mark = self.data_stamp[begin:end]
        return self.data_x[index:begin], seq_y, seq_y_mark
"""


@pytest.mark.parametrize(
    ("window", "right"),
    [("begin:end", True), ("begin + 1:end", False), ("begin:begin + self.seq_len", True), ("begin + 1:end + 1", True)],
)
def test_windows_are_held_against_the_marks_of_their_rows(window: str, right: bool) -> None:
    assert silent(WINDOWS.replace("self.data_y[begin:end]", f"self.data_y[{window}]")) is right
