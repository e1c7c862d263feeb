import os
from pathlib import Path

import pytest

from fixer.files.discover import discover
from fixer.results import Failed


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*names: str, text: str = "x = 1\n") -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def found(*paths: str, exclude: tuple[str, ...] = (), force: bool = False) -> list[str]:
    """Names below the current folder; what cannot be looked at as `!name: reason`."""
    here = Path.cwd()

    def excluded(path: Path, _folder: bool) -> bool:
        return path.name in exclude

    results = discover(map(Path, paths or (".",)), excluded, force_exclude=force)
    return [
        f"!{path.path}: {path.error}" if isinstance(path, Failed) else path.relative_to(here).as_posix()
        for path in results
    ]


def test_python_files_of_a_folder_in_order() -> None:
    put("b.py", "a.py", "pkg/z.py", "pkg/a/q.py", "notes.txt", "pkg/data.json")
    assert found() == ["a.py", "b.py", "pkg/z.py", "pkg/a/q.py"]


def test_each_file_once() -> None:
    put("a.py", "pkg/b.py")
    assert found("pkg/b.py", "a.py", ".", "./pkg/../a.py") == ["pkg/b.py", "a.py"]


def test_foreign_code_is_left_out() -> None:
    put("a.py", ".venv/lib/x.py", "node_modules/x.py", "__pycache__/x.py", "sub/build/x.py", "wandb/run/x.py")
    put("my-env/pyvenv.cfg", "my-env/lib/site.py")
    assert found() == ["a.py"]


def test_a_virtual_environment_that_is_named_is_done() -> None:
    put("env/pyvenv.cfg", "env/x.py")
    assert found("env") == ["env/x.py"]


def test_named_files_are_done_whatever_is_ignored() -> None:
    put(".gitignore", text="*.py\n")
    put("a.py", "script", ".venv/x.py")
    assert found("a.py", "script", ".venv/x.py") == ["a.py", "script", ".venv/x.py"]
    assert found("a.py", ".venv/x.py", exclude=("a.py",), force=True) == []


def test_gitignore_of_nested_folders() -> None:
    put(".gitignore", text="# generated\n*_gen.py\n/out/\n")
    put("sub/.gitignore", text="!keep_gen.py\nlocal.py\n")
    put("a.py", "x_gen.py", "out/a.py", "sub/out/a.py", "sub/keep_gen.py", "sub/x_gen.py", "sub/local.py", "local.py")
    assert found() == ["a.py", "local.py", "sub/keep_gen.py", "sub/out/a.py"]


def test_gitignore_above_the_folder_holds_inside_a_repository(here: Path) -> None:
    put(".gitignore", text="secret/\n*_gen.py\n")
    put("src/a.py", "src/a_gen.py", "src/secret/b.py")
    assert found("src") == ["src/a.py", "src/a_gen.py", "src/secret/b.py"]
    (here / ".git/info").mkdir(parents=True)
    (here / ".git/info/exclude").write_text("src/a.py\n")
    assert found("src") == []


def test_an_ignored_folder_that_is_named_is_done(here: Path) -> None:
    (here / ".git").mkdir()
    put(".gitignore", text="/generated/\n")
    put("generated/a.py")
    assert found("generated") == ["generated/a.py"]
    assert found() == []


def test_excluded_folders_are_not_entered() -> None:
    put("a.py", "old/b.py", "new/old/c.py", "new/d.py")
    assert found(exclude=("old", "d.py")) == ["a.py"]


def test_links_are_done_as_their_target_once() -> None:
    put("real.py")
    Path("link.py").symlink_to("real.py")
    assert found() == ["real.py"]
    assert found("link.py", "real.py") == ["real.py"]


def test_links_that_lead_out_of_a_folder_are_not_followed() -> None:
    put("outside/x.py", "project/a.py")
    Path("project/x.py").symlink_to("../outside/x.py")
    Path("project/all").symlink_to("../outside")
    Path("project/round").symlink_to(".")
    assert found("project") == ["project/a.py"]


def test_paths_that_cannot_be_done_are_reported_and_the_others_done() -> None:
    put("a.py")
    Path("dangling.py").symlink_to("nowhere.py")
    Path("loop.py").symlink_to("loop.py")
    os.mkfifo("pipe.py")
    assert found("nope.py", "dangling.py", "loop.py", "pipe.py", "a.py") == [
        "!nope.py: does not exist",
        "!dangling.py: is a link to a file that does not exist",
        "!loop.py: cannot be looked at: " + found("loop.py")[0].rpartition(": ")[2],
        "!pipe.py: is neither a file nor a folder",
        "a.py",
    ]
    assert "links" in found("loop.py")[0]


def test_odd_entries_of_a_folder_are_passed_over() -> None:
    put("a.py")
    Path("dangling.py").symlink_to("nowhere.py")
    os.mkfifo("pipe.py")
    Path("folder.py").mkdir()
    assert found() == ["a.py"]


def test_a_link_to_itself_in_a_folder_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    (tmp_path / "circle.py").symlink_to("circle.py")
    (tmp_path / "z.py").touch()
    assert list(discover([tmp_path], lambda _path, _folder: False)) == [tmp_path / "a.py", tmp_path / "z.py"]
