"""Training code that calls into other files of its project."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from fixer.engine import check_source, fix_source
from fixer.files.siblings import MISSING, Neighbours
from fixer.results import Clean, Fixed, Found

SCRIPT = """
import torch
{imports}

net = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(9):
    loss = net(torch.randn(4, 2)).sum()
    {call}
    loss.backward()
    optimizer.step()
"""
CLEARS = "def prepare(optimizer):\n    optimizer.zero_grad()\n"
KEEPS = "def prepare(optimizer):\n    print(optimizer.state_dict())\n    # zero_grad is somebody else's job\n"


def project(folder: Path, **files: str) -> Path:
    """Write the files (a name with `__` for the slashes, or a path), and a marker of the project's top."""
    (folder / "pyproject.toml").write_text("")
    for name, text in files.items():
        path = folder / f"{name if '/' in name else name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return folder


def names(path: Path) -> list[tuple[str, int]]:
    """What is found in a file that knows its neighbours."""
    result = check_source(path.read_bytes(), path=str(path), siblings=Neighbours(path))
    assert isinstance(result, Clean | Found), result
    return [(each.rule, each.start.line) for each in result.diagnostics] if isinstance(result, Found) else []


def script(imports: str, call: str) -> str:
    return SCRIPT.format(imports=imports, call=call)


WAYS = [
    ("from helpers import prepare", "prepare(optimizer)", "helpers"),
    ("import helpers", "helpers.prepare(optimizer)", "helpers"),
    ("import helpers as h", "h.prepare(optimizer)", "helpers"),
    ("from lib.helpers import prepare as ready", "ready(optimizer)", "lib__helpers"),
    ("import lib.helpers", "lib.helpers.prepare(optimizer)", "lib__helpers"),
    ("from lib import helpers", "helpers.prepare(optimizer)", "lib__helpers"),
]


@pytest.mark.parametrize(("imports", "call", "place"), WAYS)
def test_an_imported_helper_is_followed(tmp_path: Path, imports: str, call: str, place: str) -> None:
    top = project(tmp_path, train=script(imports, call), **{place: CLEARS})
    assert names(top / "train.py") == []
    project(tmp_path, **{place: KEEPS})
    assert names(top / "train.py") == [("missing-zero-grad", 11)]


def test_relative_imports_and_names_passed_on_by_a_package(tmp_path: Path) -> None:
    top = project(
        tmp_path,
        pkg__engine="from .deep.parts import prepare\n",
        pkg__deep__parts=CLEARS,
        pkg__train=script("from . import prepare", "prepare(optimizer)"),
        scripts__run=script("from pkg import prepare", "prepare(optimizer)"),
        **{"pkg/__init__": "from .engine import prepare\n"},
    )
    for each in ("pkg/train.py", "scripts/run.py"):
        assert names(top / each) == []
    project(tmp_path, pkg__deep__parts=KEEPS)
    for each in ("pkg/train.py", "scripts/run.py"):
        assert [rule for rule, _ in names(top / each)] == ["missing-zero-grad"], each


def test_the_src_folder_of_a_project_is_looked_through(tmp_path: Path) -> None:
    top = project(
        tmp_path, src__own__helpers=KEEPS, tools__train=script("from own.helpers import prepare", "prepare(optimizer)")
    )
    assert [rule for rule, _ in names(top / "tools/train.py")] == ["missing-zero-grad"]


def test_files_that_import_each_other_come_to_an_end(tmp_path: Path) -> None:
    top = project(
        tmp_path,
        a=script("from b import prepare", "prepare(optimizer)"),
        b="from c import clear\nfrom a import net\n\ndef prepare(optimizer):\n    clear(optimizer)  # zero_grad\n",
        c="from b import prepare\nfrom d import clear\n",
        d="from c import clear\n",
    )
    assert names(top / "a.py") == []  # nobody can say what `clear` is


@pytest.mark.parametrize(
    "helpers",
    [
        "def prepare(optimizer:\n",
        "if flag:\n    def prepare(optimizer): ...\nelse:\n    def prepare(optimizer): optimizer.zero_grad()\n",
        "prepare = make()\n",
        "def other(): ...\n",
        "\x00",
    ],
    ids=["broken", "two definitions", "made at run time", "another name", "no text"],
)
def test_what_cannot_be_read_stays_out_of_sight(tmp_path: Path, helpers: str) -> None:
    top = project(tmp_path, train=script("from helpers import prepare", "prepare(optimizer)"), helpers=helpers)
    assert names(top / "train.py") == []


def test_findings_are_told_of_the_file_in_which_they_are(tmp_path: Path) -> None:
    loop = """
    def fit(model, optimizer, batches):
        for batch in batches:
            loss = model(batch).sum()
            loss.backward()
            optimizer.step()
    """
    main = """
    import torch
    from loops import fit

    model = torch.nn.Linear(2, 1)
    fit(model, torch.optim.SGD(model.parameters(), lr=0.1), torch.randn(9, 4, 2))
    # .backward( and .step( are elsewhere
    """
    top = project(tmp_path, loops=loop, main=main)
    assert names(top / "main.py") == []
    assert names(top / "loops.py") == [("missing-zero-grad", 6)]


def test_a_dataset_of_another_file_is_understood_and_not_edited(tmp_path: Path) -> None:
    data = """
    from torch.utils.data import Dataset

    class Pictures(Dataset):
        def __init__(self, images, labels, transform=None):
            self.images, self.labels, self.transform = images, labels, transform

        def __len__(self):
            return len(self.images)

        def __getitem__(self, index):
            image = self.images[index]
            if self.transform:
                image = self.transform(image)
            return image, self.labels[index]
    """
    train = """
    import torch
    from torch.utils.data import DataLoader
    from torchvision import transforms
    from data import Pictures

    normalize = transforms.Normalize((0.5,), (0.5,))
    pictures = Pictures(torch.rand(64, 1, 8, 8), torch.randint(0, 2, (64,)))
    loader = DataLoader(pictures, batch_size=8, transform=normalize)
    """
    top = project(tmp_path, data=data, train=train)
    path = top / "train.py"
    result = fix_source(path.read_bytes(), path=str(path), siblings=Neighbours(path))
    assert isinstance(result, Fixed)
    assert "Pictures(torch.rand(64, 1, 8, 8), torch.randint(0, 2, (64,)), transform=normalize)" in result.fixed
    assert "DataLoader(pictures, batch_size=8)" in result.fixed


def test_what_was_looked_for_is_told(tmp_path: Path) -> None:
    top = project(tmp_path, train=script("from helpers import prepare", "prepare(optimizer)"), helpers=CLEARS)
    near = Neighbours(top / "train.py")
    check_source((top / "train.py").read_bytes(), siblings=near)
    assert set(near.read) == {str(top / "helpers.py")}
    (top / "helpers.py").unlink()
    gone = Neighbours(top / "train.py")
    check_source((top / "train.py").read_bytes(), siblings=gone)
    assert gone.read[str(top / "helpers.py")] == MISSING


def test_nothing_outside_of_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text(KEEPS)
    inner = tmp_path / "project"
    inner.mkdir()
    project(inner, train=script("from helpers import prepare", "prepare(optimizer)"))
    assert names(inner / "train.py") == []


def test_an_import_whose_name_is_too_long_for_a_file_is_not_found(tmp_path: Path) -> None:
    root = project(tmp_path, train=SCRIPT.format(imports=f"from {'a' * 300} import prepare", call="prepare(optimizer)"))
    assert names(root / "train.py") == []


def test_an_optimizer_that_another_file_wraps_is_cleared_where_the_wrapper_steps(tmp_path: Path) -> None:
    wrapper = """
        class Scheduled:
            def __init__(self, inner):
                self.inner = inner
            def step(self):
                self.inner.step()
            def zero_grad(self):
                self.inner.zero_grad()
    """
    text = SCRIPT.format(imports="from wrap import Scheduled", call="pass")
    text = text.replace(
        "torch.optim.SGD(net.parameters(), lr=0.1)", "Scheduled(torch.optim.SGD(net.parameters(), 0.1))"
    )
    folder = project(tmp_path, wrap=wrapper, train=text)
    path = folder / "train.py"
    fixed = fix_source(path.read_text(), path=str(path), siblings=Neighbours(path))
    assert isinstance(fixed, Fixed)
    assert "    optimizer.step()\n    optimizer.zero_grad()\n" in fixed.fixed
