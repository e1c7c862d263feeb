"""The commands as a user types them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import fixer as package
from tests.command_line import BUGGY, CLEAN, MENDED, fixer


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def put(name: str, text: str = BUGGY) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


# check


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


def test_several_processes_give_the_same_in_the_same_order() -> None:
    for number in range(12):
        put(f"train{number}.py", BUGGY if number % 3 else CLEAN)
    put("train5.py", "optimizer.zero_grad(\nloss.backward(); optimizer.step(")
    one, two = fixer("check", "-j", "1"), fixer("check", "-j", "2")
    assert (one.code, one.out, one.err) == (two.code, two.out, two.err)
    assert one.code == 2
    assert one.out.count("missing-zero-grad:") == 7


def test_suppressed_findings_are_not_reported() -> None:
    put("train.py", BUGGY.replace("optimizer.step()", "optimizer.step()  # fixer: ignore[missing-zero-grad]"))
    assert fixer("check", "train.py").code == 0


# fix


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
    assert told.code == 0 and rule["summary"] in told.out
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


def test_color_when_asked_for() -> None:
    put("train.py")
    assert "\x1b[" not in fixer("check").out
    assert "\x1b[31m" in fixer("check", "--color", "always").out
    assert "\x1b[32m+" in fixer("fix", "--color", "always").out


def test_nothing_heavy_is_loaded_where_nothing_is_found() -> None:
    put("train.py", CLEAN)
    script = (
        "import sys; from fixer.cli import main\n"
        "try: main(['check', 'train.py', '-q'])\n"
        "except SystemExit: print([m for m in ('libcst', 'rich', 'torch', 'numpy', 'pathspec') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
