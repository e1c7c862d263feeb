"""overlapping-split on fragments: what certainly overlaps, whose bound is moved, what is meant so."""

from __future__ import annotations

import pytest

from fixer.codemods.data.overlapping_split import overlapping_split
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = "import torch\nfrom torch.utils.data import DataLoader, Subset, TensorDataset\n"
DATA = "x, y = torch.randn(100, 3), torch.randn(100, 1)\n"
USE = "train_set, test_set = TensorDataset(x_train), TensorDataset(x_test)\n"


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[overlapping_split], unsafe=True)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def silent(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[overlapping_split])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


@pytest.mark.parametrize(
    ("train", "test", "moved"),
    [
        ("x[:80]", "x[70:]", "x[80:]"),
        ("x[:80, 1:]", "x[70:, 1:]", "x[80:, 1:]"),
        ("x[:80].float()", "x[60:90]", "x[80:90]"),
        ("x[:-20]", "x[-30:]", "x[-20:]"),
        ("x[:len(x) * 3 // 4]", "x[len(x) // 2:]", "x[len(x) * 3 // 4:]"),
        ("x[30:]", "x[:40]", "x[:30]"),
    ],
)
def test_the_bound_of_evaluation_is_moved_to_that_of_training(train: str, test: str, moved: str) -> None:
    body = f"{DATA}x_train = {train}\nx_test = {test}\n{USE}"
    assert mended(body) == body.replace(test, moved)


def test_inputs_and_targets_are_moved_together() -> None:
    body = f"{DATA}train_set = TensorDataset(x[:80], y[:80])\ntest_set = TensorDataset(x[70:], y[70:])\n"
    result = check_source(PRELUDE + body, rules=[overlapping_split])
    assert isinstance(result, Found) and len(result.diagnostics) == 1
    assert "test_set = TensorDataset(x[80:], y[80:])" in mended(body)


def test_data_of_unknown_size_overlap_where_they_do_at_any_size() -> None:
    body = f"x = torch.load('x.pt')\nx_train, x_test = x[:80], x[70:]\n{USE}"
    assert "x[:80], x[80:]" in mended(body)
    assert silent(body.replace("x[70:]", "x[-30:]"))


def test_a_bound_that_cannot_be_read_where_the_test_is_cut_is_only_reported() -> None:
    body = f"""{DATA}
def training_part():
    border = 80
    train_rows = x[:border]
    return TensorDataset(train_rows)
def test_part():
    test_rows = x[70:]
    return TensorDataset(test_rows)
train_set, test_set = training_part(), test_part()
"""
    assert not silent(body)
    assert not isinstance(fix_source(PRELUDE + body, rules=[overlapping_split], unsafe=True), Fixed)


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("x[:80]", "x[80:]"),
        ("x[:80]", "x[60:80]"),
        ("x", "x[80:]"),
        ("x[:80]", "x[:]"),
        ("x[:80]", "y[70:]"),
        ("x[:n_train]", "x[n_test:]"),
        ("x[:n_train]", "x[n_train - 10:]"),
        ("x[::2]", "x[1::2]"),
        ("x[:80]", "x[test_rows]"),
    ],
)
def test_what_may_be_meant_or_cannot_be_told_is_left_alone(train: str, test: str) -> None:
    assert silent(f"{DATA}x_train = {train}\nx_test = {test}\n{USE}")


@pytest.mark.parametrize("word", ["# overfit a few rows", "n_folds = 5", "# time series", "window_size = 10"])
def test_programs_in_which_shared_rows_are_usual_are_left_alone(word: str) -> None:
    assert silent(f"{word}\n{DATA}x_train = x[:80]\nx_test = x[70:]\n{USE}")


def test_targets_that_are_cut_otherwise_are_the_business_of_another_rule() -> None:
    body = f"{DATA}train_set = TensorDataset(x[:80], y[:80])\ntest_set = TensorDataset(x[70:], y[80:])\n"
    assert silent(body)


def test_a_name_that_says_both_says_nothing() -> None:
    assert silent(
        f"{DATA}x_train = x[:80]\ntrain_eval_x = x[70:]\nprint(TensorDataset(x_train), TensorDataset(train_eval_x))\n"
    )


def test_who_serves_what_is_seen_in_the_loops_where_names_say_nothing() -> None:
    body = f"""{DATA}
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
first = TensorDataset(x[:80], y[:80])
second = TensorDataset(x[70:], y[70:])
# the model is never trained on the test rows
for a, b in DataLoader(first, batch_size=10):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(a), b).backward()
    optimizer.step()
with torch.no_grad():
    for a, b in DataLoader(second, batch_size=10):
        print(torch.nn.functional.mse_loss(model(a), b))
"""
    assert "second = TensorDataset(x[80:], y[80:])" in mended(body)


def test_words_far_from_the_split_excuse_a_small_share_only() -> None:
    far = "\n" * 20
    assert not silent(f"# dropout against overfitting\n{far}{DATA}x_train = x[:80]\nx_test = x[70:]\n{USE}")
    assert silent(f"# do they overlap?\n{far}{DATA}x_train = x[:80]\nx_test = x[70:]\n{USE}")
    assert not silent(f"# do they overlap?\n{far}{DATA}x_train = x[:80]\nx_test = x[40:]\n{USE}")


def test_fractions_that_the_source_does_not_say_are_parts_of_the_rows() -> None:
    body = """\
def parts(rows, train_part, val_part):
    train_end = int(len(rows) * train_part)
    val_end = train_end + int(len(rows) * val_part)
    train_rows = rows[:train_end]
    val_rows = rows[train_end // 2:val_end]
    return train_rows, val_rows
"""
    assert mended(body) == body.replace("train_end // 2:", "train_end:")
    assert silent(body.replace("train_end // 2:", "train_end:"))


@pytest.mark.parametrize(
    "body",
    [
        # the length of a list that a loop fills, of which the data are made
        """
paths = []
for name in names:
    paths.append(name)
data = shuffled(paths)
first, second = int(len(paths) * 0.7), int(len(paths) * 0.8)
train_paths, val_paths, test_paths = data[:first], data[first // 2 : second], data[second:]
""",
        # the size of an index, and a part of it that an option says
        """
def parts(people, share):
    order = people.index[torch.randperm(len(people))]
    count = order.size
    test_ids = order[: int(count * share) + int(count * share) // 4]
    train_ids = order[int(count * share) :]
    return train_ids, test_ids
""",
        # several lists that go through a comprehension
        """
X, Y = [], []
for sample, label in source:
    X.append(sample)
    Y.append(label)
X, Y = [each for each in [X, Y]]
n_train = 9 * len(X) // 10
train_ds, test_ds = TensorDataset(X[:n_train], Y[:n_train]), TensorDataset(X[n_train // 2 :], Y[n_train // 2 :])
""",
    ],
)
def test_bounds_that_depend_on_a_length_of_which_nothing_is_known(body: str) -> None:
    assert not silent(body)
