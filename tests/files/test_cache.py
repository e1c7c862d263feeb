"""What `check` found is found again without looking, and never when anything has changed."""

from __future__ import annotations

import importlib.util
import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from fixer import registry
from fixer.files.cache import Cache, key
from fixer.results import Diagnostic, Position, ProposedFix, TextEdit
from tests.command_line import BUGGY, CLEAN, fixer

FOUND = Diagnostic(
    "a-rule",
    "wrong: »x«",
    Position(3, 5),
    Position(3, 9),
    "stale-gradients",
    ProposedFix("Mend it", "safe", (TextEdit(Position(3, 1), Position(3, 1), "y\n"),)),
    (ProposedFix("Or so", "suggestion", ()),),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder that the command line uses in this test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    return tmp_path / "cache" / "fixer" / "check"


def the_file(folder: Path) -> Path:
    (path,) = folder.glob("*.json")
    return path


def alter_messages(folder: Path) -> None:
    """What is printed from now on tells whether it comes from the cache."""
    path = the_file(folder)
    known = json.loads(path.read_text())
    for entry in known.values():
        for each in entry["found"]:
            each["message"] = "from the cache"
    path.write_text(json.dumps(known))


def test_a_diagnostic_comes_back_as_it_was(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "new" / "c.json")
    assert cache.get("k") is None
    cache.put("k", [FOUND], {})
    cache.put("clean", [], {})
    cache.save()
    again = Cache(cache.path)
    assert again.get("k") == (FOUND,)
    assert again.get("clean") == ()


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        {},
        {"found": 5, "read": {}},
        {"found": ["abc"], "read": {}},
        {"found": [], "read": ["a"]},
        {"found": [], "read": {"a\0b": "x"}},
        {"found": [asdict(FOUND) | {"start": {"line": "a", "column": None}}], "read": {}},
        {"found": [asdict(FOUND) | {"message": None}], "read": {}},
        {"found": [asdict(FOUND) | {"fix": {"title": 1, "safety": "safe", "edits": []}}], "read": {}},
    ],
)
def test_an_entry_that_somebody_has_written_in_counts_for_nothing(tmp_path: Path, entry: object) -> None:
    (tmp_path / "c.json").write_text(json.dumps({"k": entry}))
    assert Cache(tmp_path / "c.json").get("k") is None


def test_the_second_check_says_the_same_without_looking(folder: Path) -> None:
    Path("train.py").write_text(BUGGY)
    Path("clean.py").write_text(CLEAN)
    first = fixer("check", ".")
    assert fixer("check", ".").out == first.out
    alter_messages(folder)
    again = fixer("check", ".")
    assert again.code == 1 and "from the cache" in again.out
    assert fixer("check", "--no-cache", ".").out == first.out


def test_worker_processes_use_the_cache_too(folder: Path) -> None:
    for number in range(8):
        Path(f"train{number}.py").write_text(BUGGY + f"# {number}\n")
    fixer("check", "-j", "2", ".")
    alter_messages(folder)
    assert fixer("check", "-j", "2", "--format", "concise", ".").out.count("from the cache") == 8


def test_a_changed_file_is_looked_at(folder: Path) -> None:
    Path("train.py").write_text(BUGGY)
    fixer("check", ".")
    alter_messages(folder)
    Path("train.py").write_text(BUGGY + "print()\n")
    assert "from the cache" not in fixer("check", ".").out


def test_other_rules_and_edits_are_other_questions(folder: Path) -> None:
    Path("train.py").write_text(BUGGY)
    fixer("check", ".")
    alter_messages(folder)
    assert fixer("check", "--ignore", "missing-zero-grad", ".").code == 0
    (found,) = json.loads(fixer("check", "--format", "json", ".").out)
    assert found["message"] != "from the cache" and found["fix"]["edits"]


@pytest.mark.usefixtures("folder")
def test_a_file_that_does_not_parse_is_said_each_time() -> None:
    Path("broken.py").write_text("import torch\nloss.backward(\noptimizer.step()\n")
    assert fixer("check", ".").err == fixer("check", ".").err != ""
    # met in a folder, a file that concerns no rule is not parsed; by name, it is
    Path("other.py").write_text("def f(:\n")
    assert "other.py" not in fixer("check", ".").err
    assert fixer("check", "other.py").code == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"k": {"found": [{"rule": 1}], "read": {}}}', "\0"])
def test_a_damaged_cache_is_as_good_as_none(folder: Path, content: str) -> None:
    Path("train.py").write_text(BUGGY)
    first = fixer("check", ".")
    the_file(folder).write_text(content)
    assert fixer("check", ".").out == first.out


def test_a_cache_folder_that_cannot_be_written_is_no_error(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    Path("train.py").write_text(BUGGY)
    assert fixer("check", ".").code == 1
    assert folder.read_text() == "a file where the folder should be"


def test_two_processes_keep_what_both_have_found(tmp_path: Path) -> None:
    one, other = Cache(tmp_path / "c.json"), Cache(tmp_path / "c.json")
    one.put("a", [FOUND], {})
    other.put("b", [], {})
    one.save()
    other.save()
    both = Cache(tmp_path / "c.json")
    assert both.get("a") == (FOUND,) and both.get("b") == ()


def test_a_rule_that_changes_is_another_state(tmp_path: Path) -> None:
    source = tmp_path / "own.py"
    source.write_text(
        "from fixer import Safety, rule\n\n\n"
        "@rule('own', needs=('x',), safety=Safety.SAFE)\ndef own(script):\n    'Own.'\n    yield from ()\n"
    )
    spec = importlib.util.spec_from_file_location("own", source)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rules = [*registry.rules(), module.own]
    before = Cache.of(rules, tmp_path).path
    assert Cache.of(rules, tmp_path).path == before != Cache.of(registry.rules(), tmp_path).path
    os.utime(source, (1, 1))
    assert Cache.of(rules, tmp_path).path != before


def test_bytes_rules_and_options_make_the_key() -> None:
    keys = {
        key(data, folder, rules, edits)
        for data in (b"a", b"b")
        for folder in (Path("x"), Path("y"))
        for rules in (["r"], ["r", "s"])
        for edits in (True, False)
    }
    assert len(keys) == 16


def test_files_of_states_long_unused_are_removed(tmp_path: Path) -> None:
    for age in range(6):
        old = tmp_path / f"old{age}.json"
        old.write_text("{}")
        os.utime(old, (1000 - age, 1000 - age))
    cache = Cache(tmp_path / "now.json")
    cache.put("k", [replace(FOUND, fix=None)], {})
    cache.save()
    assert sorted(path.name for path in tmp_path.glob("*.json")) == ["now.json", "old0.json", "old1.json", "old2.json"]


def test_what_an_imported_file_says_is_looked_at_again_when_it_changes(folder: Path) -> None:
    Path("train.py").write_text(
        "import torch\nfrom helpers import update\n\nnet = torch.nn.Linear(2, 1)\n"
        "opt = torch.optim.SGD(net.parameters(), lr=0.1)\n"
        "for _ in range(9):\n    loss = net(torch.randn(4, 2)).sum()\n    update(opt)\n"
        "    loss.backward()\n    opt.step()\n"
    )
    Path("helpers.py").write_text("def update(opt):\n    opt.zero_grad()\n")
    assert fixer("check", ".").code == 0
    Path("helpers.py").write_text("def update(opt):\n    pass\n")
    assert "missing-zero-grad" in fixer("check", ".").out
    Path("helpers.py").unlink()
    assert fixer("check", ".").code == 0
    assert the_file(folder)
