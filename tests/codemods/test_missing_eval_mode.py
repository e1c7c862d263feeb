"""missing-eval-mode where one loop both trains and evaluates."""

from __future__ import annotations

from fixer.codemods.evaluation.missing_eval_mode import missing_eval_mode
from fixer.engine import check_source
from fixer.results import Found

SHARED = b"""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
val_set = TensorDataset(torch.randn(64, 4), torch.randint(0, 2, (64,)))
train_set = TensorDataset(torch.randn(64, 4), torch.randint(0, 2, (64,)))
model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def run_epoch(loader, optimizer=None):
    hits = 0
    for x, y in loader:
        out = model(x)
        loss = criterion(out, y)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        hits += (out.argmax(1) == y).sum().item()
    return hits


for epoch in range(3):
    run_epoch(DataLoader(train_set, 16, shuffle=True), optimizer)
    print(run_epoch(DataLoader(val_set, 16)))
"""


def test_a_loop_that_trains_on_another_way_is_not_switched_to_evaluation() -> None:
    result = check_source(SHARED, rules=[missing_eval_mode])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]
