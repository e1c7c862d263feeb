"""Finds the files of a project that a file imports, as Python would: beside the script, then from the project's top."""

# The functions of os.path answer where those of Path raise: for names that are too long, in folders that are closed.
# ruff: noqa: PTH110, PTH112, PTH113

from __future__ import annotations

import ast
import builtins
import hashlib
import sys
import warnings
from functools import cache, lru_cache
from os.path import exists, isdir, isfile
from pathlib import Path

from fixer.facts.program.siblings import Module

_TOP = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt")
"""What lies in the top folder of a project."""
_HIGHEST = 6
"""Folders to go up in search of it."""
_LARGEST = 500_000
"""Bytes; what is larger is no module that a person wrote."""
MISSING = ""
"""The state of a file that is not there."""
_INSTALLED = {
    "torch",
    "torchvision",
    "numpy",
    "PIL",
    "sklearn",
    "pandas",
    "tqdm",
    *sys.stdlib_module_names,
    *dir(builtins),
}
"""Names that nobody has a file for in the tree, and that occur too often to look for them."""


class Neighbours:
    """The files that one file may import. `read` names those that were looked for, each with its state."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read: dict[str, str] = {}

    def find(self, importer: str | None, dotted: str) -> tuple[Module, str] | None:
        """See `fixer.facts.program.siblings.Siblings`."""
        start = Path(importer) if importer is not None else self.path
        level = len(dotted) - len(dotted.lstrip("."))
        parts = dotted[level:].split(".")
        if level:
            base = start.parents[level - 1] if level <= len(start.parents) else None
            return self._below(base, parts) if base is not None else None
        if parts[0] in _INSTALLED:
            return None
        for root in _roots(start.parent):
            # folders of modules need no `__init__.py`
            if _holds(root, parts[0]) or (len(parts) > 1 and _holds(root / parts[0], parts[1])):
                return self._below(root, parts)
        for path in _places(start.parent, parts[0]):
            self.read[str(path)] = MISSING
        return None

    def _below(self, folder: Path, parts: list[str]) -> tuple[Module, str] | None:
        """The last module or package on the way that `parts` goes from `folder`, and what is left of it."""
        for index, name in enumerate(parts):
            rest = ".".join(parts[index + 1 :])
            for path in _places(folder, name):
                further = path.name == "__init__.py" and rest and _holds(folder / name, parts[index + 1])
                if not further and path != self.path and isfile(path):
                    return self._module(path, rest)
            folder = folder / name
        package = folder.parent / "__init__.py"
        return self._module(package, parts[-1]) if len(parts) == 1 and isfile(package) else None

    def _module(self, path: Path, rest: str) -> tuple[Module, str] | None:
        try:
            stat = path.stat()
            self.read[str(path)] = _digest(str(path), stat.st_mtime_ns, stat.st_size)
            module = _parsed(str(path), stat.st_mtime_ns, stat.st_size)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return (module, rest) if rest else None


def state(path: str) -> str:
    """A digest of a file's bytes as they are now; MISSING where there is none."""
    try:
        stat = Path(path).stat()
        return _digest(path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return MISSING


# The arguments behind the path say which state of the file is meant.
@lru_cache(maxsize=4096)
def _digest(path: str, _changed: int, _size: int) -> str:
    return hashlib.blake2b(Path(path).read_bytes(), digest_size=16).hexdigest()


@lru_cache(maxsize=256)
def _parsed(path: str, _changed: int, size: int) -> Module:
    if size > _LARGEST:
        raise ValueError("too large")
    text = Path(path).read_bytes().decode("utf-8-sig")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Module(path, text, ast.parse(text))


def _holds(folder: Path, name: str) -> bool:
    """Whether `import name` finds something in this folder."""
    return any(isfile(path) for path in _places(folder, name))


def _places(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.py", folder / name / "__init__.py"


@cache
def _roots(folder: Path) -> tuple[Path, ...]:
    """The folders that absolute imports start from: the script's own, and those above it within the project."""
    above = [folder, *folder.parents][:_HIGHEST]
    top = next((index for index, each in enumerate(above) if any(exists(each / name) for name in _TOP)), None)
    if top is None:
        return (folder,)
    return tuple(root for each in above[: top + 1] for root in (each, each / "src") if isdir(root))
