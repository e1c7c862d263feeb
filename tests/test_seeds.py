"""docs/seeds.md says what is found, mended and proved of five documents; here its tables are taken at their word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset, default_collate
from torchvision import transforms

from fixer import check_source, registry
from fixer.results import Clean, Found
from tests import corpus

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "seeds.md"
_LINK = re.compile(r"\[([\w-]+)\]\(([\w./-]+)\)")
_DOCUMENTS = 5
RULES = {rule.name: rule for rule in registry.rules()}


@dataclass(frozen=True)
class Row:
    statement: str
    rule: str | None
    shows: str
    programs: tuple[Path, ...]
    verdict: str


def _rows() -> list[Row]:
    rows = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or cells[0] == "what it says":
            continue
        statement, _, rule, shows, programs, verdict = cells
        link = _LINK.fullmatch(rule)
        paths = tuple((PAGE.parent / each[2]).resolve() for each in _LINK.finditer(programs))
        rows.append(Row(statement, link[1] if link else None, shows, paths, verdict))
    return rows


ROWS = _rows()
DEFECTS = [row for row in ROWS if row.rule is not None]
RIGHT = [path for row in ROWS if row.rule is None for path in row.programs]


def test_the_page_goes_through_all_documents_and_needs_every_rule_of_data_and_shapes() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("\n## ") == _DOCUMENTS == text.count("| what it says |")
    assert {row.rule for row in DEFECTS} >= {name for name, rule in RULES.items() if rule.group == "data"}


def test_every_link_leads_somewhere() -> None:
    links = [target for _, target in _LINK.findall(PAGE.read_text(encoding="utf-8"))]
    assert not [link for link in links if not (PAGE.parent / link).exists()]


@pytest.mark.parametrize("row", DEFECTS, ids=lambda row: f"{row.rule}: {row.statement}")
def test_the_rule_speaks_on_the_program_and_the_case_declares_the_verdict(row: Row) -> None:
    (path,) = row.programs
    case = corpus.load(path.parent)
    found = check_source(case.before)
    assert case.rule == row.rule
    assert isinstance(found, Found)
    assert {each.rule for each in found.diagnostics} == {row.rule}
    assert case.verdict == row.verdict


@pytest.mark.parametrize("row", DEFECTS, ids=lambda row: f"{row.rule}: {row.statement}")
def test_what_a_run_shows_is_what_the_rule_says(row: Row) -> None:
    assert row.rule is not None
    symptom = RULES[row.rule].symptom or "-"
    assert row.shows == ("crash" if row.verdict == "crash-fixed" else symptom)


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_nothing_is_found_in_what_is_called_right(path: Path) -> None:
    assert path.parent == corpus.ROOT / "clean"
    assert check_source(path.read_bytes()) == Clean("<string>")


def test_every_right_example_of_the_documents_is_on_the_page() -> None:
    assert set((corpus.ROOT / "clean").glob("seed_*.py")) <= set(RIGHT)


# -- where the documents are wrong about torch itself ------------------------------------------------------------------


def test_transforms_of_tensors_and_arrays() -> None:
    assert transforms.Resize((10, 10))(torch.rand(3, 20, 20)).shape == (3, 10, 10)
    assert transforms.RandomHorizontalFlip(p=1.0)(torch.rand(4, 3, 8, 8)).shape == (4, 3, 8, 8)
    assert transforms.ToTensor()(np.random.rand(8, 8, 3)).dtype == torch.float64
    with pytest.raises(TypeError):
        transforms.Resize((10, 10))(np.zeros((20, 20, 3), np.uint8))


def test_arrays_are_collated_and_flipped_ones_are_not_taken() -> None:
    assert default_collate([(np.zeros(3), 0), (np.ones(3), 1)])[0].dtype == torch.float64
    with pytest.raises(ValueError, match="negative"):
        torch.tensor(np.flip(np.zeros((2, 3)), axis=0))


def test_zip_stops_with_the_loader_that_drops_its_last_batch() -> None:
    shorter, longer = DataLoader(range(50), batch_size=16, drop_last=True), DataLoader(range(50), batch_size=16)
    assert [(len(a), len(b)) for a, b in zip(shorter, longer, strict=False)] == [(16, 16)] * 3


def test_a_dataset_of_uneven_tensors_raises_before_any_loop() -> None:
    with pytest.raises(AssertionError, match="Size mismatch"):
        TensorDataset(torch.zeros(80, 10), torch.zeros(75))


class _Numbered(Dataset[tuple[int, int]]):
    def __len__(self) -> int:
        return 20

    def __getitem__(self, index: int) -> tuple[int, int]:
        return index, -index


def test_workers_give_the_batches_that_one_process_gives() -> None:
    alone, two = ([*DataLoader(_Numbered(), batch_size=6, num_workers=number)] for number in (0, 2))
    assert [x.tolist() for x, _ in alone] == [x.tolist() for x, _ in two]
    assert all(torch.equal(x, -y) for x, y in two)


def test_a_large_rate_is_harmless_where_zero_is_asked_of_a_last_relu() -> None:
    """And is not where the last layer is linear."""
    assert _last_loss(torch.nn.ReLU()) == 0
    assert _last_loss(torch.nn.Identity()) > 1e6


def _last_loss(output: torch.nn.Module) -> float:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        inputs = torch.randn(32, 10)
        model = torch.nn.Sequential(torch.nn.Linear(10, 20), torch.nn.ReLU(), torch.nn.Linear(20, 5), output)
    optimizer = torch.optim.Adam(model.parameters(), lr=1000)
    loss = torch.tensor(0.0)
    for _ in range(20):
        optimizer.zero_grad()
        loss = model(inputs).square().mean()
        loss.backward()
        optimizer.step()
    return loss.item()
