"""Which samples the batches of two loaders hold: shown where inputs met the targets of others, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixer.verify.trace import Symptom
from tests.verify.running import Bench, bench, trials

__all__ = ["bench", "trials"]

CLEAN = Path(__file__).resolve().parents[2] / "corpus" / "clean"
LOOP = """
for epoch in range(3):
    for a, b in {zipped}:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), {target}).backward()
        optimizer.step()
"""


def train(bench: Bench, loaders: str, zipped: str = "zip(one, other)", target: str = "b") -> Symptom:
    body = f"from torch.utils.data import DataLoader, TensorDataset\n{loaders}\n"
    return bench.train(body + LOOP.format(zipped=zipped, target=target)).symptoms["misaligned-pairs"]


SHUFFLED = "one, other = DataLoader(X, batch_size=16, shuffle=True), DataLoader(y, batch_size=16, shuffle=True)"


def test_two_loaders_that_shuffle_apart(bench: Bench) -> None:
    found = train(bench, SHUFFLED)
    assert (found.shown, found.checked) == (1, 1)
    assert "two loaders drew them in different orders" in found.detail


def test_what_is_made_of_a_batch_row_by_row_is_still_that_batch(bench: Bench) -> None:
    assert train(bench, SHUFFLED, target="b.double().float().reshape(-1, 1)").shown == 1


def test_one_of_two_loaders_that_shuffles(bench: Bench) -> None:
    assert train(bench, SHUFFLED.replace("shuffle=True", "shuffle=False", 1)).shown == 1


@pytest.mark.parametrize(
    ("loaders", "zipped"),
    [
        (SHUFFLED.replace("True", "False"), "zip(one, other)"),
        ("one = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)", "one"),
        ("one = DataLoader(torch.utils.data.StackDataset(X, y), batch_size=16, shuffle=True)", "one"),
        ("one = DataLoader(torch.utils.data.StackDataset(X, y), batch_size=16, num_workers=1)", "one"),
    ],
)
def test_inputs_that_meet_their_targets(bench: Bench, loaders: str, zipped: str) -> None:
    found = train(bench, loaders, zipped)
    assert found.shown == 0 and found.checked > 0


@pytest.mark.parametrize("path", sorted(CLEAN.glob("ziploaders_*.py")), ids=lambda path: path.stem)
def test_loaders_that_are_zipped_rightly(bench: Bench, path: Path) -> None:
    trace = bench.run(path.read_text(encoding="utf-8"))
    assert trace.steps > 0
    found = trace.symptoms.get("misaligned-pairs")
    assert found is None or found.shown == 0
