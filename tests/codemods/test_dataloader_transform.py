"""Forms of the mend that need no program of their own in the corpus, and where it is not offered."""

from __future__ import annotations

import pytest
import torch
from torch.utils.data import TensorDataset

from fixer.codemods.data.dataloader_transform import dataloader_transform
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

HEAD = """import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, random_split
from torchvision import datasets, transforms

x, y = torch.rand(20, 3, 8, 8), torch.arange(20)
"""


def fixed(body: str, unsafe: bool = False) -> str | None:
    result = fix_source(HEAD + body, rules=[dataloader_transform], unsafe=unsafe)
    return result.fixed if isinstance(result, Fixed) else None


def reported(body: str) -> bool:
    result = check_source(HEAD + body, rules=[dataloader_transform])
    assert isinstance(result, Found | Clean)
    return isinstance(result, Found)


def run(text: str) -> dict[str, object]:
    space: dict[str, object] = {}
    exec(compile(text, "fixed.py", "exec"), space)
    return space


@pytest.mark.parametrize(
    ("body", "shapes"),
    [
        ("ds = TensorDataset(x)\nbatch = next(iter(DataLoader(ds, transform=transforms.Resize(4))))\n", [(1, 3, 4, 4)]),
        (
            "ds = TensorDataset(x, y, y)\nbatch = next(iter(DataLoader(ds, 5, transform=transforms.Resize(4))))\n",
            [(5, 3, 4, 4), (5,), (5,)],
        ),
        (
            "a, b = random_split(TensorDataset(x, y), [15, 5])\n"
            "batch = next(iter(DataLoader(b, 5, transform=transforms.CenterCrop(6))))\n",
            [(5, 3, 6, 6), (5,)],
        ),
        (
            "ds = TensorDataset(x, y)\nbatch = next(iter(DataLoader(ds, 2, transform={'a': torch.neg, **{}}['a'])))\n",
            [(2, 3, 8, 8), (2,)],
        ),
    ],
)
def test_the_wrapper_fits_the_samples(body: str, shapes: list[tuple[int, ...]]) -> None:
    text = fixed(body)
    assert text is not None
    batch = run(text)["batch"]
    assert [tuple(part.shape) for part in batch] == shapes  # type: ignore[attr-defined]


def test_samples_of_unknown_form_are_taken_for_tuples_only_on_request() -> None:
    body = "def loader(ds, t):\n    return DataLoader(ds, batch_size=4, transform=t)\n"
    assert fixed(body) is None
    text = fixed(body, unsafe=True)
    assert text is not None
    numbers = TensorDataset(torch.arange(3), torch.arange(3))
    batch = next(iter(run(text)["loader"](numbers, lambda v: v + 1)))  # type: ignore[operator]
    assert [part.tolist() for part in batch] == [[1, 2, 3], [0, 1, 2]]


def test_two_forms_in_one_file_get_two_classes() -> None:
    body = (
        "class Lone(Dataset):\n"
        "    def __len__(self):\n        return 20\n\n"
        "    def __getitem__(self, i):\n        return x[i]\n\n\n"
        "one = DataLoader(Lone(), transform=torch.neg)\n"
        "two = DataLoader(TensorDataset(x, y), transform=torch.neg)\n"
        "lone, pair = next(iter(one)), next(iter(two))\n"
    )
    text = fixed(body)
    assert text is not None
    assert text.count("\nclass Transformed") == 2
    space = run(text)
    assert (space["lone"] <= 0).all()  # type: ignore[operator]
    assert (space["pair"][0] <= 0).all()  # type: ignore[index]


def test_one_transform_for_two_loaders_of_one_dataset_is_given_to_the_dataset_once() -> None:
    text = fixed(
        "t = transforms.ToTensor()\n"
        "ds = datasets.FakeData(10, (3, 8, 8))\n"
        "train, test = DataLoader(ds, shuffle=True, transform=t), DataLoader(ds, transform=t)\n"
    )
    assert text is not None
    assert "FakeData(10, (3, 8, 8), transform=t)" in text
    assert "DataLoader(ds, shuffle=True), DataLoader(ds)" in text


def test_a_loader_without_transform_keeps_the_samples_it_had() -> None:
    text = fixed(
        "t = transforms.ToTensor()\n"
        "ds = datasets.FakeData(10, (3, 8, 8))\n"
        "train, raw = DataLoader(ds, transform=t), DataLoader(ds, collate_fn=list)\n"
    )
    assert text is not None
    assert "FakeData(10, (3, 8, 8))\n" in text
    assert "DataLoader(TransformedDataset(ds, t)), DataLoader(ds, collate_fn=list)" in text


def test_a_pipeline_that_makes_its_own_image_is_moved_as_it_is() -> None:
    text = fixed(
        "t = transforms.Compose([transforms.ToPILImage(), transforms.Resize(4), transforms.ToTensor()])\n"
        "images, _ = next(iter(DataLoader(TensorDataset(torch.randn(6, 3, 8, 8), y[:6]), batch_size=3, transform=t)))\n"
    )
    assert text is not None
    assert run(text)["images"].shape == (3, 3, 4, 4)  # type: ignore[attr-defined]


def test_names_of_the_file_are_kept_apart() -> None:
    text = fixed("TransformedDataset = None\nloader = DataLoader(TensorDataset(x, y), transform=torch.neg)\n")
    assert text is not None
    assert "class TransformedDataset2(Dataset):" in text


@pytest.mark.parametrize(
    "body",
    [
        "options = {'batch_size': 4, 'transform': torch.neg}\nDataLoader(TensorDataset(x, y), **options)\n",
        "DataLoader(TensorDataset(x, y), **{'transform': torch.neg})\n",
        # PIL images cannot be collated: there is nothing that the transform alone can mend
        "DataLoader(datasets.FakeData(), transform=transforms.RandomHorizontalFlip())\n",
        # ToTensor would fail on the tensors of floats
        "DataLoader(TensorDataset(x, y), transform=transforms.ToTensor())\n",
        "class Stream(IterableDataset):\n"
        "    def __iter__(self):\n        return iter(x)\n\n\n"
        "DataLoader(Stream(), transform=torch.neg)\n",
        "def make(ds, transform=None):\n    return DataLoader(ds, transform=transform)\n\n\n"
        "make(TensorDataset(x, y))\nmake(TensorDataset(x, y), torch.neg)\n",
    ],
)
def test_a_finding_without_a_certain_mend_is_only_reported(body: str) -> None:
    assert reported(body)
    assert fixed(body, unsafe=True) is None


@pytest.mark.parametrize(
    "body",
    [
        "import torch_geometric.loader as pyg\n\n\npyg.DataLoader([], transform=torch.neg)\n",
        "options = {'transform': torch.neg}\noptions.clear()\nDataLoader(TensorDataset(x, y), **options)\n",
        "import pytest\n\nwith pytest.raises(TypeError):\n    DataLoader(TensorDataset(x, y), transform=torch.neg)\n",
        "def DataLoader(*args, transform):\n    return transform\n\n\nDataLoader(x, transform=torch.neg)\n",
    ],
)
def test_calls_that_may_be_right_are_left_alone(body: str) -> None:
    assert not reported(body)
