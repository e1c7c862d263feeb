"""Names that star imports bring."""

from __future__ import annotations

from pathlib import Path

from fixer.codemods.loop.missing_zero_grad import missing_zero_grad
from fixer.engine import check_source
from fixer.files.siblings import Neighbours
from fixer.results import Found

TRAINING = """
from {module} import *
model = {model}
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in batches:
    F.cross_entropy(model(x), y).backward()
    opt.step()
"""
PARTS = """
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 2)
    def forward(self, x):
        return self.layer(x)
class Careful(Net):
    def forward(self, x):
        self.zero_grad()
        return self.layer(x)
"""


def found(text: str, path: Path) -> bool:
    result = check_source(text, path=str(path), rules=[missing_zero_grad], siblings=Neighbours(path))
    return isinstance(result, Found)


def test_what_everybody_calls_torch_is_torch(tmp_path: Path) -> None:
    assert found(TRAINING.format(module="snippets", model="nn.Linear(4, 2)"), tmp_path / "train.py")


def test_a_class_of_a_sibling_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text(PARTS)
    path = tmp_path / "train.py"
    assert found(TRAINING.format(module="parts", model="Net()"), path)
    assert not found(TRAINING.format(module="parts", model="Careful()"), path)


def test_a_star_hands_on_what_another_star_brought(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "__init__.py").write_text("from .nets import *\n")
    (tmp_path / "parts" / "nets.py").write_text(PARTS)
    assert not found(TRAINING.format(module="parts", model="Careful()"), tmp_path / "train.py")


def test_stars_in_a_circle_bring_nothing(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("from two import *\n")
    (tmp_path / "two.py").write_text("from one import *\n")
    assert found(TRAINING.format(module="one", model="Net()"), tmp_path / "train.py")
