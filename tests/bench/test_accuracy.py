"""The planters of `bench/accuracy`, and its judgements."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "accuracy"))

from findings import Finding, judgements
from planters import PLANTERS
from planters.source import Source

from fixer.engine import check_source
from fixer.registry import rules
from fixer.results import Found

LOOP = """import torch
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for epoch in range(3):
    for x, y in loader:
        optimizer.zero_grad()
        loss = (model(x) - y).square().mean()
        loss.backward()
        optimizer.step()
"""
PIPELINE = """from torch.utils.data import DataLoader
from torchvision import datasets, transforms
steps = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
train_set = datasets.MNIST("data", transform=steps)
loader = DataLoader(train_set, batch_size=7)
"""
NETWORK = """import torch
from torch import nn
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 3))
head = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
out = net(torch.randn(2, 3, 9, 9))
logits = head(out.mean((2, 3)))
"""

MODES = """
import torch
from torch import nn
model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for x, y in test_loader:
            print((model(x).argmax(1) == y).float().mean())
"""


def mutants(rule: str, text: str) -> list[str]:
    source = Source(text)
    return [source.apply(edits) for _, edits in PLANTERS[rule](source)]


def test_every_rule_has_a_planter() -> None:
    assert set(PLANTERS) == {rule.name for rule in rules() if rule.check.__module__.startswith("fixer.")}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("missing-zero-grad", LOOP),
        ("misplaced-zero-grad", LOOP),
        ("transform-order", PIPELINE),
        ("missing-to-tensor", PIPELINE),
        ("dataloader-transform", PIPELINE),
        ("channel-mismatch", NETWORK),
        ("linear-shape-mismatch", NETWORK),
        ("missing-eval-mode", MODES),
        ("missing-train-mode", MODES),
    ],
)
def test_a_planted_bug_is_found_where_none_was(rule: str, text: str) -> None:
    own = [each for each in rules() if each.name == rule]
    assert not isinstance(check_source(text, rules=own), Found)
    found = [isinstance(check_source(each, rules=own), Found) for each in mutants(rule, text)]
    assert any(found)


@pytest.mark.parametrize("text", [LOOP, PIPELINE, NETWORK])
def test_what_is_planted_is_python_and_another_program(text: str) -> None:
    for rule in PLANTERS:
        for mutant in mutants(rule, text):
            assert ast.dump(ast.parse(mutant)) != ast.dump(ast.parse(text))


def test_a_judgement_is_found_again_on_another_line(tmp_path: Path) -> None:
    said = judgements()[0]
    place = tmp_path / said.repository.rpartition("/")[2] / said.file
    place.parent.mkdir(parents=True)
    place.write_text(f"# a line more\n    {said.code}\n")
    assert said.concerns(Finding(place, 2, said.rule, ""))
    assert not said.concerns(Finding(place, 1, said.rule, ""))
    assert not said.concerns(Finding(place, 2, "another-rule", ""))
