from pathlib import Path

import pytest

from fixer.files.config import ConfigError, Configuration, load


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_nearest_file_upward_holds_alone(tmp_path: Path) -> None:
    put(tmp_path / "pyproject.toml", '[tool.fixer]\nselect = ["loop"]\nunsafe-fixes = true\n')
    put(tmp_path / "sub/fixer.toml", 'ignore = ["data"]\n')
    (tmp_path / "sub/deep").mkdir()
    configuration = Configuration()
    assert configuration.of_folder(tmp_path).select == ("loop",)
    nearest = configuration.of_folder(tmp_path / "sub/deep")
    assert (nearest.select, nearest.ignore, nearest.unsafe_fixes) == (None, ("data",), False)
    assert nearest.root == tmp_path / "sub"


def test_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "fixer.toml", 'ignore = ["data"]\n')
    put(tmp_path / "sub/pyproject.toml", "[tool.black]\nline-length = 100\n")
    assert Configuration().of_folder(tmp_path / "sub").ignore == ("data",)


def test_dedicated_file_beats_pyproject_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "pyproject.toml", '[tool.fixer]\nignore = ["loop"]\n')
    put(tmp_path / "fixer.toml", 'ignore = ["data"]\n')
    assert Configuration().of_folder(tmp_path).ignore == ("data",)


def test_explicit_file_holds_everywhere(tmp_path: Path) -> None:
    explicit = put(tmp_path / "ci/strict.toml", 'select = ["loss"]\n')
    put(tmp_path / "fixer.toml", 'select = ["data"]\n')
    assert Configuration(explicit).of_folder(tmp_path).select == ("loss",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('igore = ["data"]', "unknown key `igore`; did you mean `ignore`?"),
        ('select = "data"', "`select` must be a list of strings"),
        ("unsafe-fixes = 1", "`unsafe-fixes` must be true or false"),
        ("[verify]\nstep = 3", "unknown key `step`; did you mean `steps`?"),
        ('[verify]\ndevice = "gpu"', "`verify`.device must be one of cpu, cuda, auto"),
        ('[verify]\nsteps = "3"', "`verify`.steps must be a number"),
        ('[per-file-ignores]\n"a.py" = "data"', "`per-file-ignores`.a.py must be a list"),
        ("select = x\n", "line 1"),
    ],
)
def test_mistakes_are_named_with_the_file(tmp_path: Path, text: str, message: str) -> None:
    path = put(tmp_path / "fixer.toml", text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_explicit_pyproject_without_table_is_a_mistake(tmp_path: Path) -> None:
    path = put(tmp_path / "pyproject.toml", "[project]\nname = 'x'\n")
    with pytest.raises(ConfigError, match=r"has no \[tool.fixer\] table"):
        load(path)


def test_patterns_are_relative_to_the_file(tmp_path: Path) -> None:
    put(tmp_path / "fixer.toml", 'exclude = ["/old", "*_pb2.py"]\n[per-file-ignores]\n"tests/**" = ["loop"]\n')
    settings = Configuration().of_folder(tmp_path)
    assert settings.excludes(tmp_path / "old", folder=True)
    assert settings.excludes(tmp_path / "deep/x_pb2.py", folder=False)
    assert not settings.excludes(tmp_path / "deep/old", folder=True)
    assert settings.ignored_in(tmp_path / "tests/test_x.py") == ("loop",)
    assert settings.ignored_in(tmp_path / "train.py") == ()
