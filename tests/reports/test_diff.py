import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.reports.diff import painted, unified
from fixer.reports.style import Style

NAMES = ["a.py", "sub dir/with blank.py", 'quo"te.py', "tab\tname.py", "back\\slash.py", "ünïcode.py"]

TEXTS = {
    "plain": (b"a\nb\nc\n", b"a\nB\nc\n"),
    "no newline at the end": (b"a\nb", b"a\nc"),
    "newline added": (b"a\nb", b"a\nb\n"),
    "newline lost": (b"a\nb\n", b"a\nb"),
    "crlf": (b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nd\r\nc\r\n"),
    "mixed ends": (b"a\r\nb\nc\rd\n", b"a\r\nB\nc\rd\n"),
    "bom": (b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n"),
    "latin-1": (b"# caf\xe9\nx = 1\n", b"# caf\xe9\nx = 2\n"),
    "form feed": (b"a\n\x0cb\n", b"a\n\x0cc\n"),
    "two far apart": (b"1\n" + b"x\n" * 40 + b"2\n", b"one\n" + b"x\n" * 40 + b"two\n"),
    "emptied": (b"a\n", b""),
}


def apply(tool: list[str], folder: Path, patch: bytes) -> None:
    done = subprocess.run(tool, cwd=folder, input=patch, capture_output=True)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS.keys())
def test_git_applies_it_and_takes_it_back(tmp_path: Path, texts: tuple[bytes, bytes]) -> None:
    before, after = texts
    path = tmp_path / "a.py"
    path.write_bytes(before)
    patch = unified(before, after, "a.py")
    apply(["git", "apply", "-"], tmp_path, patch)
    assert path.read_bytes() == after
    apply(["git", "apply", "-R", "-"], tmp_path, patch)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", NAMES)
def test_git_and_patch_understand_the_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"old\n")
    patch = unified(b"old\n", b"new\n", name)
    apply(["git", "apply", "-"], tmp_path, patch)
    assert path.read_bytes() == b"new\n"
    if shutil.which("patch"):
        apply(["patch", "-p1", "-R"], tmp_path, patch)
        assert path.read_bytes() == b"old\n"


def test_one_patch_of_several_files(tmp_path: Path) -> None:
    patch = b""
    for name in NAMES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"old")
        patch += unified(b"old", b"new", name)
    apply(["git", "apply", "-"], tmp_path, patch)
    assert {(tmp_path / name).read_bytes() for name in NAMES} == {b"new"}


def test_equal_texts_have_no_diff() -> None:
    assert unified(b"a\n", b"a\n", "a.py") == b""


LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\r\n", b"-- x\n", b"\n", b"d\r"]), max_size=12)


@given(LINES, LINES, st.sampled_from([b"", b"end"]), st.sampled_from([b"", b"end"]))
@settings(max_examples=25, deadline=None)
def test_any_two_texts(
    tmp_path_factory: pytest.TempPathFactory, one: list[bytes], two: list[bytes], tail: bytes, other: bytes
) -> None:
    # git takes an empty file on either side for a new or a deleted one, which needs other headers
    before, after = b"first\n" + b"".join(one) + tail, b"first\n" + b"".join(two) + other
    if before == after:
        return
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.py").write_bytes(before)
    apply(["git", "apply", "-"], folder, unified(before, after, "a.py"))
    assert (folder / "a.py").read_bytes() == after


def test_a_terminal_gets_color_but_no_control_characters() -> None:
    shown = painted(unified(b"a\r\n\x1b[2J\n", b"b\r\n\x1b[2J\n", "a.py"), Style(color=True))
    assert "\x1b[31m-a\x1b[0m\n" in shown
    assert "\x1b[2J" not in shown and "\r" not in shown
