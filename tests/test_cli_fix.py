"""`fixer fix` as a user types it."""

import io
import os
import subprocess
from pathlib import Path

import pytest

from tests.command_line import BUGGY, CLEAN, MENDED, fixer, put


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_fix_prints_a_diff_and_writes_nothing() -> None:
    path = put("sub dir/train.py")
    ran = fixer("fix", ".")
    assert ran.code == 0
    assert ran.out.startswith("--- a/sub dir/train.py\t\n+++ b/sub dir/train.py\t\n@@ ")
    assert ran.err == "would fix 1 finding in 1 file\n"
    assert path.read_text() == BUGGY
    subprocess.run(["git", "apply"], input=ran.raw, check=True)
    assert path.read_text() == MENDED


def test_fix_apply_writes_and_has_nothing_left_to_do() -> None:
    path = put("train.py")
    ran = fixer("fix", "--apply", "train.py")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "fixed train.py: missing-zero-grad (line 11)\nfixed 1 finding in 1 file\n"
    assert path.read_text() == MENDED
    again = fixer("fix", "-a", "train.py")
    assert (again.code, again.err) == (0, "nothing to fix\n")


def test_a_file_without_findings_is_not_touched() -> None:
    path = put("train.py", CLEAN)
    os.utime(path, (1_000_000, 1_000_000))
    fixer("fix", "--apply", "train.py")
    assert path.stat().st_mtime == 1_000_000


def test_fix_check_exits_with_one_when_something_would_change() -> None:
    path = put("train.py")
    ran = fixer("fix", "--check", "-q", "train.py")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("--- a/train.py")
    assert path.read_text() == BUGGY
    put("train.py", CLEAN)
    assert fixer("fix", "--check", "train.py").code == 0


@pytest.mark.parametrize("pair", [("--check", "--apply"), ("--verify", "--interactive"), ("--check", "-i")])
def test_options_that_contradict_each_other(pair: tuple[str, str]) -> None:
    put("train.py")
    ran = fixer("fix", *pair, "train.py")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")


def test_fix_of_standard_input() -> None:
    diff = fixer("fix", "-", "--stdin-filename", "train.py", stdin=BUGGY)
    assert diff.out.startswith("--- a/train.py\n+++ b/train.py\n")
    whole = fixer("fix", "-", "--apply", stdin=BUGGY)
    assert (whole.code, whole.out) == (0, MENDED)
    assert fixer("fix", "-", "--apply", stdin=CLEAN).out == CLEAN
    broken = "optimizer.step(\nloss.backward(" + BUGGY
    failed = fixer("fix", "-", "--apply", stdin=broken)
    assert (failed.code, failed.out) == (2, broken)
    assert failed.err.startswith("error: <stdin>:2:15: ")


def test_interactive_asks_only_on_a_terminal() -> None:
    put("train.py")
    ran = fixer("fix", "-i", "train.py", stdin="y\n")
    assert (ran.code, ran.out) == (2, "")
    assert "needs a terminal" in ran.err


@pytest.mark.parametrize(
    ("answers", "fixed"),
    [
        ("y\ny\n", [True, True]),
        ("n\ny\n", [False, True]),
        ("y\nq\n", [True, False]),
        ("what?\na\n", [True, True]),
        ("q\n", [False, False]),
        ("y\n", [True, False]),  # the terminal is closed after the first answer
    ],
)
def test_interactive_does_as_told(monkeypatch: pytest.MonkeyPatch, answers: str, fixed: list[bool]) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("tests.command_line.io.TextIOWrapper", Terminal)
    paths = [put("one.py"), put("two.py")]
    ran = fixer("fix", "-i", stdin=answers)
    assert "Apply this fix? [y/n/a/q/?] " in ran.err
    assert [path.read_text() == MENDED for path in paths] == fixed


def test_a_link_is_fixed_as_its_target_once() -> None:
    put("real.py")
    Path("link.py").symlink_to("real.py")
    diff = fixer("fix", "link.py", "real.py")
    assert diff.out.count("--- a/") == 1 and "--- a/real.py\n" in diff.out
    fixer("fix", "--apply", "link.py")
    assert Path("link.py").is_symlink()
    assert Path("real.py").read_text() == MENDED
