"""Arrows between the packages point one way, and `check` and `fix` stay light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "fixer"
HEAVY = {"torch", "torchvision", "numpy", "scipy", "matplotlib", "jinja2", "pygls", "rich"}


def imports(folder: Path, *, lazy: bool = True) -> Iterator[tuple[str, str]]:
    """(file, module) for each import below `folder`; without `lazy` only those that run when the file is loaded."""
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree) if lazy else tree.body:
            if isinstance(node, ast.Import):
                yield from ((str(path.relative_to(ROOT)), alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                prefix = "." * node.level
                yield str(path.relative_to(ROOT)), prefix + (node.module or "")


def test_the_proof_knows_nothing_of_the_rest() -> None:
    foreign = [
        (path, module)
        for path, module in imports(ROOT / "verify")
        if module.split(".")[0] == "fixer" and not module.startswith("fixer.verify")
    ]
    assert not foreign


def test_only_the_proof_may_import_what_is_heavy() -> None:
    found = [
        (path, module)
        for path, module in imports(ROOT, lazy=False)
        if module.split(".")[0] in HEAVY and not path.startswith("verify/")
    ]
    assert not found


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("facts", ("fixer.facts", "fixer.edits")),
        ("codemods", ("fixer", "fixer.facts", "fixer.edits")),
        ("rewrite", ("fixer.edits", "fixer.rewrite", "fixer.source", "fixer.differences", "fixer.results")),
    ],
)
def test_lower_layers_do_not_look_up(folder: str, allowed: tuple[str, ...]) -> None:
    found = [
        (path, module)
        for path, module in imports(ROOT / folder)
        if module.split(".")[0] == "fixer"
        and not any(module == each or (each != "fixer" and module.startswith(each + ".")) for each in allowed)
    ]
    assert not found


def test_only_rewrite_knows_libcst() -> None:
    assert {path.split("/")[0] for path, module in imports(ROOT) if module.split(".")[0] == "libcst"} == {"rewrite"}


def test_checking_a_clean_file_loads_neither_libcst_nor_the_proof(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "import torch\nfor x in y:\n    opt.zero_grad()\n    l.backward()\n    opt.step()\n"
    )
    code = "import sys; from fixer.cli import main; main(['check', 'train.py'])"
    probe = (
        f"import atexit, sys; atexit.register(lambda: print(sorted({HEAVY | {'libcst'}} & set(sys.modules)))); {code}"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr
