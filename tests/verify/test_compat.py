"""The probe runs in the user's interpreter: Python 3.9 and torch 2.1 are enough for it, and less is refused."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fixer.verify
from fixer.verify import Budget, VerdictKind, verify
from fixer.verify.interpreter import OLDEST_PYTHON, OLDEST_TORCH, TrialError, find_interpreter
from fixer.verify.probe import zygote
from fixer.verify.trial import Trials
from tests.verify.running import LOOP

PROBE = Path(fixer.verify.__file__).parent / "probe"
FILES = sorted(PROBE.glob("*.py"))
OPTIONAL = {"numpy", "torchvision", "PIL"}
"""What may be imported inside a function, by whoever knows that the script has it."""
NEWER = {
    "itertools": {"pairwise", "batched"},
    "types": {"NoneType", "EllipsisType", "UnionType"},
    "typing": {"TypeAlias", "ParamSpec", "TypeGuard", "Concatenate", "Self", "assert_never", "override", "Never"},
    "contextlib": {"aclosing", "chdir"},
    "inspect": {"get_annotations"},
    "sys": {"orig_argv", "stdlib_module_names", "exception", "activate_stack_trampoline"},
    "os": {"eventfd", "process_cpu_count", "unshare", "setns"},
    "enum": {"StrEnum", "verify"},
    "math": {"cbrt", "exp2", "sumprod"},
    "statistics": {"correlation", "covariance", "linear_regression"},
}
"""What the standard library has only since Python 3.10."""
MODULES_SINCE_310 = {"tomllib"}

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), feature_version=OLDEST_PYTHON)


def dotted(node: ast.expr) -> str:
    """`torch.cuda.amp` for the expression that reads so."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


@each_file
def test_the_probe_is_written_in_the_oldest_python(path: Path) -> None:
    tree = parsed(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.attr not in NEWER.get(node.value.id, ()), f"{path.name}:{node.lineno}"
        if isinstance(node, ast.ImportFrom):
            assert not {name.name for name in node.names} & NEWER.get(node.module or "", set()), f"{path.name}"
        if isinstance(node, ast.Call):
            keywords = {keyword.arg for keyword in node.keywords}
            assert not (dotted(node.func) == "zip" and "strict" in keywords), f"{path.name}:{node.lineno}"
            assert not (dotted(node.func) == "isinstance" and isinstance(node.args[1], ast.BinOp)), (
                f"{path.name}:{node.lineno}: unions of types are no types before Python 3.10"
            )


@each_file
def test_annotations_are_not_evaluated(path: Path) -> None:
    """`list[int] | None` is an error to Python 3.9 wherever it is evaluated."""
    tree = parsed(path)
    annotated = any(isinstance(node, ast.arg | ast.AnnAssign) for node in ast.walk(tree))
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    assert future or not annotated


def imported(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, name.name.partition(".")[0]) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node, str(node.module).partition(".")[0]


@each_file
def test_nothing_else_needs_to_be_installed(path: Path) -> None:
    tree = parsed(path)
    for node, name in imported(tree):
        assert name not in MODULES_SINCE_310
        optional = name in OPTIONAL and node not in tree.body
        assert optional or name in sys.stdlib_module_names or name == "torch", f"{path.name} imports {name}"


def names_of_old_torch() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    place = ""
    for line in (Path(__file__).parent / "torch_2_1.txt").read_text().splitlines():
        if line.endswith(":"):
            place = line[:-1]
        elif line.startswith(" "):
            known.setdefault(place, set()).update(line.split())
    return known


def used_of_torch(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Place and name of everything that is read from torch: `torch.cuda`, `amp`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield dotted(node.value), node.attr
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("torch"):
            yield from ((str(node.module), name.name) for name in node.names)


@each_file
def test_what_is_read_from_torch_is_there_in_the_oldest(path: Path) -> None:
    """A newer name fails in the user's interpreter only. Read it by getattr, behind a question whether it is there."""
    known = names_of_old_torch()
    guarded = {
        f"{dotted(node.args[0])}.{node.args[1].value}"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and dotted(node.func) == "hasattr" and isinstance(node.args[1], ast.Constant)
    }
    for place, name in used_of_torch(parsed(path)):
        if place in known and not name.startswith("__") and f"{place}.{name}" not in guarded:
            assert name in known[place], f"{path.name} reads {place}.{name}, which torch 2.1 does not have"


def test_both_sides_know_the_same_limits() -> None:
    assert (zygote.OLDEST_PYTHON, zygote.OLDEST_TORCH) == (OLDEST_PYTHON, OLDEST_TORCH)


def test_before_the_runs_fork_nobody_asks_for_cuda() -> None:
    """Where torch is built for CUDA, every step of an optimizer asks; behind a fork CUDA is then of no use."""
    text = f"""
import sys
sys.path.insert(0, {str(PROBE)!r})
import torch, zygote
asked = []
torch.cuda.is_available = lambda: bool(asked.append("available"))
torch.backends.cuda.is_built = lambda: True
torch.cuda._lazy_init = lambda: asked.append("started")
zygote.warm_up()
zygote.prepare("torchvision")
assert not asked, asked
assert not torch.cuda.is_available() and asked == ["available"]
"""
    subprocess.run([sys.executable, "-c", text], check=True, timeout=120)


def fake(folder: Path, *, python: str = "3.11.7", body: str = "") -> Path:
    """A program that says it is that python, and does `body` when it is to run something."""
    path = folder / "bin" / "python"
    path.parent.mkdir(parents=True)
    path.write_text(f'#!/bin/sh\nif [ "$1" = "-c" ]; then printf "Python {python}"; exit 0; fi\n{body}\n')
    path.chmod(0o755)
    return path


def refusal(python: Path, folder: Path) -> str:
    """The reason of the verdict, where nothing can be run."""
    verdict = verify(LOOP, LOOP + "\n", path=folder / "train.py", python=python, budget=Budget(steps=2))
    assert verdict.verdict is VerdictKind.NOT_RUN and verdict.seeds == ()
    return verdict.reason


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    """It cannot even read what it is asked."""
    python = fake(tmp_path, python="3.6.15", body="echo 'SyntaxError: future feature annotations is not defined' >&2")
    reason = refusal(python, tmp_path)
    assert f"{python} is Python 3.6.15" in reason and "3.9 or newer" in reason and "--python" in reason


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('{"failed": "too old", "python": "3.8.18", "torch": null}', ("is Python 3.8.18", "3.9 or newer")),
        (
            '{"failed": "too old", "python": "3.9.2", "torch": "1.13.1+cu117"}',
            ("has torch 1.13.1+cu117", "2.1 or newer"),
        ),
        (
            '{"failed": "x", "python": "3.11.7", "torch": null, "no_torch": true}',
            ("3.11.7) has no torch", "install"),
        ),
        (
            '{"failed": "OSError: libcudnn.so.8 is missing", "python": "3.11.7", "torch": null, "no_torch": false}',
            ("cannot run PyTorch programs", "libcudnn.so.8 is missing"),
        ),
    ],
)
def test_what_an_interpreter_lacks_is_said(tmp_path: Path, answer: str, words: tuple[str, ...]) -> None:
    python = fake(tmp_path, body=f"echo '{answer}'")
    reason = refusal(python, tmp_path)
    assert all(word in reason for word in (str(python), *words, "--python")), reason


@pytest.mark.parametrize("version", ["1.13.1", "2.0.1+cu118"])
def test_an_old_torch_is_seen_before_anything_is_run(tmp_path: Path, version: str) -> None:
    module = tmp_path / "torch.py"
    module.write_text(f"__version__ = {version!r}\n")
    python = fake(tmp_path, body=f'PYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"')
    assert f"has torch {version}" in refusal(python, tmp_path)


def test_a_python_without_torch_is_told_from_one_whose_torch_is_broken(tmp_path: Path) -> None:
    bare = fake(tmp_path / "bare", body=f'exec "{sys.executable}" -S "$@"')
    assert "has no torch" in refusal(bare, tmp_path)
    (tmp_path / "torch.py").write_text("import nothing_like_it\n")
    broken = fake(tmp_path / "broken", body=f'PYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"')
    reason = refusal(broken, tmp_path)
    assert "No module named 'nothing_like_it'" in reason and "has no torch" not in reason


@pytest.mark.parametrize("program", ["/bin/true", "/bin/ls"])
def test_other_programs_are_no_interpreters(tmp_path: Path, program: str) -> None:
    assert f"{program} runs no Python" in refusal(Path(program), tmp_path)


def test_what_an_interpreter_prints_by_itself_is_no_answer(tmp_path: Path) -> None:
    python = fake(tmp_path, body=f"echo 'Welcome!'; echo 1; exec '{sys.executable}' \"$@\"")
    with Trials(python) as trials:
        assert trials.versions["python"] == sys.version.split()[0]


def test_an_environment_and_a_name_stand_for_their_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = fake(tmp_path / "venv")
    assert find_interpreter(tmp_path / "train.py", tmp_path / "venv") == python
    monkeypatch.setenv("PATH", str(python.parent))
    assert find_interpreter(tmp_path / "train.py", Path("python")) == python
    with pytest.raises(TrialError, match="nowhere is not a Python interpreter"):
        find_interpreter(tmp_path / "train.py", Path("nowhere"))
