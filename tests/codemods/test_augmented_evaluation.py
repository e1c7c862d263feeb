"""augmented-evaluation on fragments: the ways of giving a flag, and what must be known before a fix is offered."""

from __future__ import annotations

import pytest

from fixer.codemods.evaluation.augmented_evaluation import augmented_evaluation
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import random
import torch
from torch.utils.data import Dataset, DataLoader, random_split
from torchvision import datasets, transforms

"""
FLAGGED = """\
class Rows(Dataset):
    def __init__(self, rows, augment, scale=1.0):
        self.rows = rows
        self.augment = augment
        self.scale = scale

    def __getitem__(self, i):
        row = self.rows[i] * self.scale
        if self.augment and random.random() < 0.5:
            row = row.flip(0)
        return row

"""
ALWAYS = FLAGGED.replace("self.augment and ", "")


def mended(body: str, unsafe: bool = False) -> str:
    result = fix_source(PRELUDE + body, rules=[augmented_evaluation], unsafe=unsafe)
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def silent(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[augmented_evaluation])
    assert isinstance(result, Clean | Found), result
    return isinstance(result, Clean)


def without_fix(body: str) -> bool:
    result = check_source(PRELUDE + body, rules=[augmented_evaluation])
    return isinstance(result, Found) and all(each.fix is None for each in result.diagnostics)


def test_a_flag_given_by_position_is_turned_off_where_it_stands() -> None:
    body = FLAGGED + "train = Rows([1], True, 2.0)\ntest = Rows([2], True, 2.0)\n"
    assert mended(body) == body.replace("test = Rows([2], True, 2.0)", "test = Rows([2], False, 2.0)")


def test_a_stored_flag_that_is_off_for_evaluation_already_is_only_consulted() -> None:
    body = ALWAYS + "train = Rows([1], True)\nval = Rows([2], augment=False)\n"
    assert mended(body) == body.replace("if random.random() < 0.5", "if self.augment and random.random() < 0.5")


def test_a_condition_of_alternatives_keeps_its_meaning_behind_the_flag() -> None:
    body = ALWAYS.replace("random.random() < 0.5", "random.random() < 0.1 or random.random() > 0.9")
    fixed = mended(body + "train = Rows([1], True)\nval = Rows([2], False)\n")
    assert "if self.augment and (random.random() < 0.1 or random.random() > 0.9):" in fixed


def test_every_evaluation_set_of_the_class_is_told() -> None:
    body = (
        FLAGGED.replace(", augment,", ",")
        .replace("        self.augment = augment\n", "")
        .replace("self.augment and ", "")
    )
    fixed = mended(body + "train = Rows([1])\nval = Rows([2], scale=3)\ntest = Rows([3])\n")
    assert "val = Rows([2], scale=3, train=False)" in fixed
    assert "test = Rows([3], train=False)" in fixed
    assert "train = Rows([1])\n" in fixed
    assert "def __init__(self, rows, scale=1.0, train=True):" in fixed


@pytest.mark.parametrize(
    "uses",
    [
        "train = Rows([1], True)\n",  # training only
        "a = Rows([1], True)\nb = Rows([2], True)\n",  # nothing says what they are for
        "train = Rows([1], True)\ntrain_eval = Rows([1], True)\n",  # the name says both
        "test = Rows([2], True)\n",  # nothing of the class is trained on
    ],
)
@pytest.mark.parametrize("cls", [FLAGGED, ALWAYS])
def test_silent_where_the_roles_are_not_known(cls: str, uses: str) -> None:
    assert silent(cls + uses)


@pytest.mark.parametrize(
    "method",
    [
        "        return random.random() * self.rows[i]\n",
        "        row = self.rows[random.randrange(len(self.rows))]\n        return row\n",
        "        row = self.rows[i]\n        left = random.randint(0, 3)\n        row = row[left : left + 8]\n"
        "        return row\n",
        "        row = self.rows[i]\n        if self.scale > 1:\n            row = row.flip(random.randint(0, 1))\n"
        "        return row\n",
        "        row = self.rows[i]\n        row = row + torch.randn(3)\n        return row\n",
    ],
    ids=["in-return", "random-sample", "random-crop", "unknown-condition", "noise-only"],
)
def test_silent_where_the_randomness_is_not_plainly_augmentation(method: str) -> None:
    head = ALWAYS.partition("        row = self.rows[i] * self.scale")[0]
    assert silent(head + method + "\ntrain = Rows([1], True)\ntest = Rows([2], False)\n")


def test_a_flag_that_chooses_the_data_as_well_is_left_alone() -> None:
    body = FLAGGED.replace("self.rows = rows\n", "self.rows = rows[:80] if augment else rows[80:]\n")
    assert silent(body + "train = Rows([1], True)\ntest = Rows([1], True)\n")


def test_a_helper_that_builds_sets_for_both_gets_no_fix() -> None:
    uses = "train = DataLoader(make([1]))\ntest = DataLoader(make([2]))\n"
    body = ALWAYS + "def make(rows):\n    return Rows(rows, True)\n\n" + uses
    assert without_fix(body)


def test_crops_keep_the_size() -> None:
    body = """\
size = 64
tf = transforms.Compose([
    transforms.RandomResizedCrop(size),  # any size
    transforms.ToTensor(),
])
test_set = datasets.FakeData(transform=tf)
"""
    fixed = mended(body)
    assert "transforms.Resize(int(size * 256 / 224))," in fixed
    assert "transforms.CenterCrop(size)," in fixed
    assert "Random" not in fixed


def test_a_pipeline_shared_with_training_stays_as_it_is() -> None:
    body = """\
tf = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
train_set = datasets.FakeData(transform=tf)
test_set = datasets.FakeData(transform=tf)
"""
    fixed = mended(body)
    assert body.splitlines()[0] in fixed
    assert "train_set = datasets.FakeData(transform=tf)" in fixed
    assert "test_set = datasets.FakeData(transform=eval_transform)" in fixed


def test_parts_of_a_split_are_mended_only_on_demand() -> None:
    body = """\
tf = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
full = datasets.FakeData(transform=tf)
train_part, val_part = random_split(full, [0.8, 0.2])
"""
    assert isinstance(fix_source(PRELUDE + body, rules=[augmented_evaluation]), Found)
    assert "val_part = torch.utils.data.Subset(" in mended(body, unsafe=True)


def test_a_set_whose_arguments_are_computed_is_not_built_twice() -> None:
    body = """\
tf = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
full = datasets.FakeData(int(torch.rand(1) * 50), transform=tf)
train_part, val_part = random_split(full, [0.8, 0.2])
"""
    assert without_fix(body)


def test_a_training_set_that_is_cut_into_subsets_still_holds_the_training_pipeline() -> None:
    body = """\
tf = transforms.Compose([transforms.RandomCrop(28), transforms.ToTensor()])
everything = datasets.MNIST("data", train=True, transform=tf)
fit = DataLoader(torch.utils.data.Subset(everything, range(0, 50000)))
check = DataLoader(torch.utils.data.Subset(everything, range(50000, 60000)))
test_set = datasets.MNIST("data", train=False, transform=tf)
"""
    fixed = mended(body)
    assert 'test_set = datasets.MNIST("data", train=False, transform=eval_transform)' in fixed
    assert "transforms.CenterCrop(28)," in fixed


def test_a_pipeline_kept_in_an_attribute_is_reported_without_a_fix() -> None:
    body = """\
class Data:
    def __init__(self):
        self.tf = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
        self.train_set = datasets.FakeData(transform=self.tf)
        self.test_set = datasets.FakeData(transform=self.tf)
"""
    assert without_fix(body)


PIPELINES = """\
train_tf = transforms.Compose([transforms.RandomCrop(8), transforms.ToTensor()])
test_tf = transforms.Compose([transforms.RandomVerticalFlip(), transforms.ToTensor()])
"""


def test_a_pipeline_called_test_beside_one_called_train_is_told_by_its_name() -> None:
    use = "loaders = make_loaders(train_transforms=train_tf, test_transforms=test_tf)\n"
    assert mended(PIPELINES + use) == PIPELINES.replace("transforms.RandomVerticalFlip(), ", "") + use
    alone = PIPELINES.partition("\n")[2] + "loaders = make_loaders(test_tf)\n"
    assert silent(alone)  # nothing shows that there is another one for training
    assert silent(PIPELINES + "make(transform=train_tf)\ndata = datasets.CIFAR10('.', train=True, transform=test_tf)\n")


def test_the_keys_of_a_dict_say_what_its_pipelines_are_for() -> None:
    table = (
        "TABLE = {'a': {'train': transforms.Compose([transforms.RandomCrop(8)]),"
        " 'val': transforms.Compose([transforms.RandomCrop(8)])}}\n"
    )
    expected = "'val': transforms.Compose([transforms.CenterCrop(8)])"
    assert expected in mended(table) and "'train': transforms.Compose([transforms.RandomCrop(8)])" in mended(table)


def test_one_random_pipeline_for_both_entries_of_a_dict_is_no_matter_of_one_name() -> None:
    body = (
        "tf = transforms.Compose([transforms.RandomCrop(8), transforms.ToTensor()])\n"
        "sets = {x: datasets.ImageFolder(x, tf) for x in ['train', 'val']}\n"
    )
    assert without_fix(body)


def test_a_dataset_of_somebody_else_that_is_called_test_is_enough() -> None:
    body = (
        "from streets import StreetDataset\n"
        + PIPELINES.partition("\n")[2]
        + "test_set = StreetDataset('.', transform=test_tf)\n"
    )
    assert "RandomVerticalFlip" not in mended(body)
    views = "# SimSiam learns from two views\nloss = NegativeCosine()\nsimsiam = SimSiam()\n"
    assert "RandomVerticalFlip" not in mended(views + body)
    assert silent(views + body.replace("transform=test_tf", "transform=TwoViews(test_tf)"))
    assert silent("# how robust is it?\nrobustness = 1\n" + body)


def test_a_flag_with_one_more_condition_behind_it_does_not_decide() -> None:
    one = "if self.augment and random.random() < 0.5:\n            row"
    nested = "if self.augment:\n            if {more}random.random() < 0.5:\n                row"
    made = "train = Rows([1], True, 2.0)\ntest = Rows([2], True, 1.0)\n"
    assert not silent(FLAGGED.replace(one, nested.format(more="")) + made)
    assert silent(FLAGGED.replace(one, nested.format(more="self.scale == 2.0 and ")) + made)
