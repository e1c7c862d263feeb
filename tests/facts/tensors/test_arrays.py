"""What is said of arrays, held against the arrays themselves."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Library
from fixer.facts.tensors.arrays import array

PRELUDE = """
import numpy as np
import torch
from PIL import Image
from torchvision.transforms.functional import pil_to_tensor, to_tensor
rng = np.random.default_rng(0)
state = np.random.RandomState(0)
n = 5
picture = Image.new("RGB", (6, 4))
images = rng.integers(0, 256, (n, 4, 6, 3), dtype=np.uint8)
floats = np.random.rand(5, 4, 6)
x = torch.rand(5, 3, 4, 6)
rows = [rng.integers(0, 256, (4, 6), dtype=np.uint8) for _ in range(3)]
"""
EXPRESSIONS = """
np.zeros((4, 6))
np.ones((2, 3), dtype=np.uint8)
np.full((4, 6), 7, dtype="uint8")
np.random.randint(0, 10, size=(3, 4))
np.random.randint(0, 256, (3, 4), dtype="uint8")
np.random.randn(3, 4)
np.random.random((3, 4)).astype(np.float32)
np.random.uniform(0, 1, size=(3, 4))
np.random.uniform(-1, 1, size=(3, 4))
state.randint(0, 256, (2, 2), dtype=np.uint8)
state.rand(4, 4)
rng.random((2, 3))
rng.normal(size=(2, 3))
images[0]
images[2:4]
images[1, :, :, 0]
images[:, None]
images / 255
images / 255.0
images.astype(np.float32) / 255
floats * 2
images * floats[:, :, :, None]
floats[0] + floats
floats - floats.mean()
(floats * 255).astype(np.uint8)
-floats
floats[0].T
images.reshape(-1, 24, 3)
images.transpose(0, 3, 1, 2)
np.transpose(images, (0, 3, 1, 2))
np.expand_dims(floats, 1)
np.expand_dims(floats, axis=-1)
np.array(picture)
np.asarray(picture, dtype=np.float32)
np.array(rows)
np.stack(rows)
np.ascontiguousarray(images)
np.uint8(floats)
rows[1]
images.copy()
torch.zeros(3, 4)
torch.zeros((3, 4), dtype=torch.int64)
torch.randint(0, 256, (3, 4), dtype=torch.uint8)
torch.randint(5, (3, 4))
torch.full((2, 2), 1.5)
torch.from_numpy(images)
torch.from_numpy(floats).float()
torch.tensor(images, dtype=torch.float32)
torch.as_tensor(floats)
torch.stack([x, x])
x[0]
x[0, 1]
x.permute(0, 2, 3, 1)
x.unsqueeze(0)
x.unsqueeze(-1)
x.view(5, -1)
x.to("cpu")
x.to(torch.float64)
x.double()
x.long()
x.numpy()
x * 255
(x * 255).byte()
x.half().cpu()
torch.zeros_like(x)
Image.fromarray(images[0])
picture.convert("L")
picture.resize((3, 3))
np.array(picture.convert("RGB"))
np.array(picture.convert("RGBA").resize((3, 2)))
np.array(picture.convert("L").resize((3, 2)))
torch.from_numpy(np.array(picture.convert("CMYK"))).permute(2, 0, 1)
to_tensor(picture.convert("L"))
pil_to_tensor(picture.convert("RGB"))
""".strip().splitlines()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_is_said_of_an_expression_holds_of_its_value(expression: str) -> None:
    text = f"{PRELUDE}look({expression})\n"
    said = array(
        next(
            call
            for call in Script.parse(text).run.calls
            if isinstance(call.node.func, ast.Name) and call.node.func.id == "look"
        ).arguments.positional[0]
    )
    seen: list[Any] = []
    exec(text, {"look": seen.append})
    got = seen[0]
    assert said is not None
    if isinstance(got, Image.Image):
        assert said.library is Library.PIL
        return
    assert said.library is (Library.TORCH if isinstance(got, torch.Tensor) else Library.NUMPY)
    assert said.dtype in (None, str(got.dtype).removeprefix("torch."))
    if said.shape is not None:
        assert len(said.shape) == got.ndim
        assert all(known in (None, real) for known, real in zip(said.shape, got.shape, strict=True))
    assert not said.unit or (np.asarray(got).min() >= 0 and np.asarray(got).max() <= 1)


@pytest.mark.parametrize(
    "expression",
    [
        "n",
        "'text'",
        "[1, 2]",
        "len(images)",
        "images.mean()",
        "images.tolist()",
        "unknown",
        "open('x')",
        "(images, n)",
        "images.shape",
    ],
)
def test_other_values_are_not_taken_for_arrays(expression: str) -> None:
    script = Script.parse(f"{PRELUDE}look({expression})\n")
    call = next(
        call for call in script.run.calls if isinstance(call.node.func, ast.Name) and call.node.func.id == "look"
    )
    assert array(call.arguments.positional[0]) is None


def test_paths_that_disagree_leave_open_what_they_disagree_on() -> None:
    script = Script.parse(
        f"{PRELUDE}if flag:\n    y = np.zeros((2, 3))\nelse:\n    y = np.zeros((4, 3), dtype=np.uint8)\nlook(y)\n"
    )
    said = array(script.run.calls[-1].arguments.positional[0])
    assert said is not None
    assert (said.library, said.dtype, said.shape) == (Library.NUMPY, None, (None, 3))
    mixed = Script.parse(f"{PRELUDE}if flag:\n    y = np.zeros((2, 3))\nelse:\n    y = picture\nlook(y)\n")
    assert array(mixed.run.calls[-1].arguments.positional[0]) is None


@pytest.mark.parametrize(
    ("expression", "rank"),
    [
        ('table["y"].values', 1),
        ("table.y.to_numpy()", 1),
        ('table[["a", "b"]].values', 2),
        ("table.iloc[:, -1].values", 1),
        ("table.iloc[:, :-1].values", 2),
        ('table.loc[:, "y"].values', 1),
        ("table.iloc[3].values", None),
        ('table.drop("y", axis=1).values', 2),
        ("table[table.y > 0].dropna().values", 2),
        ("table.groupby(key).values", None),
        ('torch.FloatTensor(table["y"].values)', 1),
        ("np.loadtxt(path)[:, 2]", 1),
        ("np.loadtxt(path)[2]", None),
    ],
)
def test_columns_of_tables_have_one_dimension(expression: str, rank: int | None) -> None:
    script = Script.parse(f'import pandas as pd\n{PRELUDE}table = pd.read_csv("x.csv")\nlook({expression})\n')
    said = array(script.run.calls[-1].arguments.positional[0])
    assert (said.rank if said else None) == rank


@pytest.mark.parametrize(
    ("paths", "some"),
    [
        ("if flag:\n    y = torch.rand(3)\nelse:\n    y = torch.from_numpy(floats)\n", True),
        ("y = torch.from_numpy(floats)\nif flag:\n    y = y.float()\n", False),
        ("y = torch.zeros(3, dtype=torch.float64)\nif flag:\n    y = torch.rand(3)\n", False),
        ("if flag:\n    y = torch.rand(3)\nelse:\n    y = torch.arange(3)\n", False),
    ],
)
def test_doubles_on_one_of_two_paths(paths: str, some: bool) -> None:
    script = Script.parse(f"{PRELUDE}{paths}look(y.view(-1))\n")
    said = array(script.run.calls[-1].arguments.positional[0])
    assert said is not None
    assert (said.dtype, said.doubles) == (None, some)
