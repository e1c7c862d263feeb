"""Runs that are kept: found again only where nothing has changed that they rest on."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fixer.verify import Budget, Verdict, VerdictKind, verify
from fixer.verify.store import Fingerprints, Store, default_folder
from fixer.verify.trace import Crash, Outcome
from fixer.verify.trial import Program, Trials
from tests.verify.traces import trace

BUDGET = Budget(steps=15)
RIGHT = """
import torch
from torch import nn
torch.manual_seed(0)
X = torch.randn(64, 4); y = X.sum(1, keepdim=True)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for i in range(15):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
"""
WRONG = RIGHT.replace("    optimizer.zero_grad()\n", "")


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials(Path(sys.executable)) as started:
        yield started


def test_a_verdict_is_the_same_from_the_store_and_says_so(trials: Trials, tmp_path: Path) -> None:
    kept, script = tmp_path / "kept", tmp_path / "project" / "train.py"
    script.parent.mkdir()

    def judged(before: str = WRONG, **options: object) -> Verdict:
        store = Store(kept)
        return verify(before, RIGHT, path=script, budget=BUDGET, store=store, trials=trials, **options)  # type: ignore[arg-type]

    first, again = judged(), judged()
    assert first.verdict is VerdictKind.IMPROVED and not any("cache" in note for note in first.notes)
    assert (
        again.notes[-1]
        == f"runs: {2 * len(first.seeds)} of {2 * len(first.seeds)} from cache (--no-cache runs them again)"
    )
    assert replace(again, notes=first.notes) == first
    half = judged(before=WRONG + "# another text\n")
    assert half.notes[-1].startswith(f"runs: {len(first.seeds)} of {2 * len(first.seeds)} from cache")
    (script.parent / "data.csv").write_text("1,2\n")
    assert not any("cache" in note for note in judged().notes), "its data have changed"
    assert {path.suffix for path in kept.iterdir()} == {".json"}
    for path in kept.iterdir():
        json.loads(path.read_text())


def test_runs_that_could_go_another_way_are_not_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    clock = "stopped after 9 steps, when the time was up"
    for ended in (
        trace("before", 0, outcome=Outcome.CRASHED, crash=Crash("ValueError", "boom")),
        trace("before", 0, outcome=Outcome.TIMEOUT),
        trace("before", 0, outcome=Outcome.MEMORY),
        trace("before", 0, outcome=Outcome.KILLED),
        trace("before", 0, notes=(clock,)),
    ):
        store.put("key", ended)
        assert store.get("key") is None
    finished = trace("before", 0, (1.0, float("nan"), float("inf")), outcome=Outcome.FINISHED)
    store.put("key", finished)
    found = store.get("key")
    assert found is not None and found.to_json() == finished.to_json() and store.served == {"key"}


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"version": "before"}', '{"surprise": 1}', "\xff"])
def test_a_broken_file_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    store = Store(tmp_path)
    (tmp_path / "key.json").write_bytes(content.encode("latin-1"))
    assert store.get("key") is None and store.served == set()


def test_writers_at_the_same_time_leave_whole_files(tmp_path: Path) -> None:
    runs = [trace("before", seed) for seed in range(8)]

    def write(run: object) -> None:
        for _ in range(20):
            Store(tmp_path).put("key", run)  # type: ignore[arg-type]

    threads = [threading.Thread(target=write, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for _ in range(50):
        if (tmp_path / "key.json").exists():
            assert Store(tmp_path).get("key") in runs
    for thread in threads:
        thread.join()
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_where_nothing_can_be_written_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Store(tmp_path / "file" / "runs").put("key", trace("before", 0))


def test_the_name_of_a_run_says_what_it_rests_on(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "data.pt").write_text("old")
    (elsewhere / "more.csv").write_text("old")
    source = b'import torch\nload("' + str(elsewhere / "more.csv").encode() + b'")\n'
    program = Program(folder / "train.py", source)
    python = Path(sys.executable)

    def name(program: Program = program, budget: Budget = BUDGET, seed: int = 0, device: str = "cpu") -> str | None:
        return Fingerprints(python, device, "auto").key(program, budget, seed, 0)

    first = name()
    assert first is not None and first == name()
    (folder / "train.py").write_text("whatever stands on disk is not what runs")
    assert name() == first
    others = {
        name(replace(program, source=source + b"#")),
        name(replace(program, args=("--epochs", "2"))),
        name(budget=replace(BUDGET, steps=16)),
        name(seed=1),
        name(device="cuda"),
    }
    (elsewhere / "more.csv").write_text("longer than before")
    others.add(name())
    (folder / "helper.py").write_text("x = 1")
    others.add(name())
    assert len(others) == 7 and not others & {first, None}


def test_a_run_in_an_interpreter_that_cannot_be_seen_into_is_not_kept(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text("")
    assert Fingerprints(python, "cpu", "auto").key(Program(tmp_path / "t.py", b""), BUDGET, 0, 0) is None


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "fixer" / "runs"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder().is_absolute() and "fixer" in default_folder().parts
