"""`fixer check` as a user types it."""

import json
from pathlib import Path

import pytest

from tests.command_line import BUGGY, CLEAN, fixer, put


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_check_shows_place_line_and_cure() -> None:
    put("train.py")
    ran = fixer("check", "train.py")
    assert ran.code == 1
    assert ran.out.startswith("train.py:11:5: missing-zero-grad: ")
    assert "\n11 |     optimizer.step()\n   |     ^^^^^^^^^^^^^^^^\n" in ran.out
    assert "= help: " in ran.out and "(`fixer fix` does it)" in ran.out
    assert ran.err == "1 finding in 1 file, 1 fixable with `fixer fix`\n"


def test_check_without_paths_does_this_folder() -> None:
    put("pkg/train.py")
    put("clean.py", CLEAN)
    assert fixer("check", "--format", "concise").out.startswith("pkg/train.py:11:5: missing-zero-grad ")


def test_check_of_clean_files() -> None:
    put("train.py", CLEAN)
    ran = fixer("check", "train.py")
    assert (ran.code, ran.out, ran.err) == (0, "", "no findings in 1 file\n")


def test_check_of_nothing_says_so() -> None:
    put("notes.txt")
    ran = fixer("check", ".")
    assert (ran.code, ran.out, ran.err) == (0, "", "no Python files found\n")


@pytest.mark.parametrize("form", ["json", "json-lines", "sarif", "github", "gitlab", "rdjson", "junit"])
def test_machine_formats_leave_stderr_empty(form: str) -> None:
    put("train.py")
    ran = fixer("check", "--format", form)
    assert (ran.code, ran.err) == (1, "")
    assert "missing-zero-grad" in ran.out


def test_check_reads_standard_input() -> None:
    put("sub/fixer.toml", 'ignore = ["loop"]\n')
    named = fixer("check", "-", "--stdin-filename", "lib/train.py", "--format", "json", stdin=BUGGY)
    assert (named.code, json.loads(named.out)[0]["filename"]) == (1, str(Path("lib/train.py").absolute()))
    assert fixer("check", "-", "--format", "concise", stdin=BUGGY).out.startswith("<stdin>:11:5: ")
    assert fixer("check", "-", "--stdin-filename", "sub/train.py", stdin=BUGGY).code == 0


def test_standard_input_stands_alone() -> None:
    ran = fixer("check", "-", "train.py", stdin=BUGGY)
    assert (ran.code, ran.out) == (2, "")
    assert "cannot stand beside other paths" in ran.err


def test_rules_are_chosen_by_name_and_group() -> None:
    put("train.py")
    assert fixer("check", "--select", "missing-zero-grad").code == 1
    assert fixer("check", "--select", "data,loop").code == 1
    assert fixer("check", "--select", "data").code == 0
    assert fixer("check", "--ignore", "missing-zero-grad").code == 0


def test_an_unknown_rule_is_named_with_its_neighbours() -> None:
    ran = fixer("check", "--select", "mising-zero-grad")
    assert ran.code == 2
    assert "'mising-zero-grad'" in ran.err and "missing-zero-grad" in ran.err


def test_settings_hold_until_the_command_line_says_otherwise() -> None:
    put("train.py")
    put("pyproject.toml", '[tool.fixer]\nignore = ["loop"]\n')
    assert fixer("check").code == 0
    assert fixer("check", "--select", "loop").code == 1
    put("other.toml", 'select = ["loop"]\n')
    assert fixer("check", "--config", "other.toml").code == 1
    put("pyproject.toml", '[tool.fixer]\nexclude = ["train.py"]\n')
    assert fixer("check").err == "no Python files found\n"
    assert fixer("check", "train.py").code == 1
    assert fixer("check", "train.py", "--force-exclude").code == 0


def test_per_file_ignores() -> None:
    put("train.py")
    put("attacks/fgsm.py")
    put("fixer.toml", '[per-file-ignores]\n"attacks/" = ["missing-zero-grad"]\n')
    assert fixer("check", "--format", "concise", "-q").out.count("\n") == 1


@pytest.mark.parametrize("text", ["ignore = 3\n", 'ignor = ["x"]\n', 'ignore = ["no-such-rule"]\n', "[[[\n"])
def test_bad_settings_are_said_with_the_file(text: str) -> None:
    put("train.py")
    put("fixer.toml", text)
    ran = fixer("check")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {Path.cwd()}/fixer.toml: ")
    assert ran.err.count("\n") == 1


def test_exclude_patterns_are_relative_to_this_folder() -> None:
    put("a.py")
    put("old/a.py")
    assert fixer("check", "--exclude", "/a.py,old/").err == "no Python files found\n"


def test_several_processes_give_the_same_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        put(f"train{number}.py", BUGGY if number % 3 else CLEAN)
    put("train5.py", "optimizer.zero_grad(\nloss.backward(); optimizer.step(")
    one, two = fixer("check", "-j", "1"), fixer("check", "-j", "2")
    assert (one.code, one.out, one.err) == (two.code, two.out, two.err)
    assert one.code == 2
    assert one.out.count("missing-zero-grad:") == 7
    monkeypatch.setattr("fixer.files.scan._PAYS", 3 * len(BUGGY))
    by_size = fixer("check")
    assert (one.code, one.out, one.err) == (by_size.code, by_size.out, by_size.err)


def test_suppressed_findings_are_not_reported() -> None:
    put("train.py", BUGGY.replace("optimizer.step()", "optimizer.step()  # fixer: ignore[missing-zero-grad]"))
    assert fixer("check", "train.py").code == 0
