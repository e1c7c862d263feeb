"""The other commands as a user types them, and what holds for all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import fixer as package
from tests.command_line import BUGGY, CLEAN, fixer, put


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


# code-action


def test_code_action_for_a_range() -> None:
    put("train.py")
    actions = json.loads(fixer("code-action", "train.py", "--range", "11:5-11:9").out)
    assert [action["kind"] for action in actions] == ["quickfix", "source.fixAll.fixer"]
    assert actions[0]["title"].startswith("fixer (missing-zero-grad): ")
    (change,) = actions[1]["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": Path("train.py").absolute().as_uri(), "version": None}
    away = json.loads(fixer("code-action", "train.py", "--range", "1:1").out)
    assert [action["kind"] for action in away] == ["source.fixAll.fixer"]


def test_code_action_takes_the_buffer_of_an_unsaved_file() -> None:
    actions = json.loads(fixer("code-action", "new/unsaved.py", "--range", "11", "--stdin", stdin=BUGGY).out)
    assert len(actions) == 2
    assert actions[0]["edit"]["documentChanges"][0]["textDocument"]["uri"].endswith("/new/unsaved.py")


def test_code_action_of_what_does_not_parse_is_an_empty_answer() -> None:
    ran = fixer("code-action", "train.py", "--stdin", stdin="optimizer.step(\nbackward")
    assert (ran.code, json.loads(ran.out)) == (2, [])
    assert ran.err.startswith("error: train.py:1:")


@pytest.mark.parametrize("span", ["", "x", "3:", "5:1-4:1", "0:1", "1-2-3"])
def test_a_range_that_is_none_is_refused(span: str) -> None:
    put("train.py")
    ran = fixer("code-action", "train.py", "--range", span)
    assert (ran.code, ran.out) == (2, "")
    assert "--range" in ran.err


# rules, explain, version, help


def test_rules_and_explain() -> None:
    assert "  missing-zero-grad " in fixer("rules").out
    listed = json.loads(fixer("rules", "--format", "json").out)
    (rule,) = [rule for rule in listed if rule["name"] == "missing-zero-grad"]
    assert (rule["group"], rule["safety"], rule["symptom"]) == ("loop", "safe", "stale-gradients")
    told = fixer("explain", "missing-zero-grad")
    assert (
        told.code == 0
        and told.out == (Path(package.__file__).parents[1] / "docs" / "rules" / "missing-zero-grad.md").read_text()
    )
    unknown = fixer("explain", "mising-zero-grad")
    assert (unknown.code, unknown.out) == (2, "")
    assert "missing-zero-grad" in unknown.err


def test_version_is_one_line() -> None:
    for flag in ("--version", "-V"):
        assert fixer(flag).out == f"fixer {package.__version__}\n"


@pytest.mark.parametrize("command", ["", "check", "fix", "verify", "code-action", "rules", "explain"])
def test_help(command: str) -> None:
    ran = fixer(*([command] if command else []), "--help")
    assert ran.code == 0
    assert "Usage: fixer" in ran.out
    if command not in ("rules", "explain"):
        assert "  fixer check train.py" in ran.out or f"\n  fixer {command}" in ran.out  # an example


def test_unknown_options_are_a_usage_error() -> None:
    assert fixer("check", "--nonsense").code == 2
    assert fixer("nonsense").code == 2


def test_color_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    put("train.py")
    assert "\x1b[" not in fixer("check").out
    assert "\x1b[31m" in fixer("check", "--color", "always").out
    assert "\x1b[32m+" in fixer("fix", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31m" in fixer("check").out
    assert "\x1b[" not in fixer("fix").out  # which goes through a pipe into git apply


def test_nothing_heavy_is_loaded_where_nothing_is_found() -> None:
    put("train.py", CLEAN)
    script = (
        "import sys; from fixer.cli import main\n"
        "try: main(['check', 'train.py', '-q'])\n"
        "except SystemExit: print([m for m in ('libcst', 'rich', 'torch', 'numpy', 'pathspec') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
