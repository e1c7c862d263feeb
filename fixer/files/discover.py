"""From paths on the command line to Python files: explicit files always, folders by what git would look at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.files.config import patterns
from fixer.results import Failed

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

Excluded = Callable[[Path, bool], bool]
"""(path, whether it is a folder) -> whether settings or `--exclude` leave it out."""

SUFFIXES = (".py",)

NEVER = frozenset(
    (
        *(".git", ".hg", ".svn", ".bzr", ".venv", "venv", ".tox", ".nox", ".eggs", ".direnv", "site-packages"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints", "__pycache__", "__pypackages__"),
        *("_build", "build", "dist", "buck-out", "node_modules", "wandb", "lightning_logs", "mlruns"),
    )
)
"""Folders that hold other people's code, caches or the records of runs."""

Layers = tuple[tuple[Path, "GitIgnoreSpec"], ...]


def display(path: Path) -> str:
    """The name that people see: relative to the current folder where it lies below it, with `/`."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


def discover(paths: Iterable[Path], excluded: Excluded, *, force_exclude: bool = False) -> Iterator[Path | Failed]:
    """The files to do, resolved, each once, sorted within each folder; a Failed for each path that cannot be looked at.

    A file that is named is done whatever the ignore files say (unless `force_exclude`). In folders, links to other
    folders are not followed, and links to files are done as the file they lead to, when that lies in the same folder.
    """
    seen: set[Path] = set()
    for path in paths:
        for found in _of(path, excluded, force_exclude):
            if isinstance(found, Failed):
                yield found
            elif found not in seen:
                seen.add(found)
                yield found


def _of(path: Path, excluded: Excluded, force_exclude: bool) -> Iterator[Path | Failed]:
    try:
        real = path.resolve(strict=True)
        folder = real.is_dir()
    except FileNotFoundError:
        reason = "is a link to a file that does not exist" if path.is_symlink() else "does not exist"
        yield Failed(path.as_posix(), reason)
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError before Python 3.13
        yield Failed(path.as_posix(), f"cannot be looked at: {getattr(error, 'strerror', None) or 'a loop of links'}")
    else:
        if folder:
            yield from _walk(real, excluded)
        elif not real.is_file():
            yield Failed(path.as_posix(), "is neither a file nor a folder")
        elif not (force_exclude and _left_out(real, excluded)):
            yield real


def _left_out(path: Path, excluded: Excluded) -> bool:
    return excluded(path, False) or any(part in NEVER for part in path.parts[:-1])


def _walk(root: Path, excluded: Excluded) -> Iterator[Path | Failed]:
    pending: list[tuple[Path, Layers]] = [(root, _layers_above(root))]
    while pending:
        folder, layers = pending.pop()
        try:
            with os.scandir(folder) as entries:
                names = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield Failed(display(folder), f"cannot be listed: {error.strerror}")
            continue
        if folder != root and any(entry.name == "pyvenv.cfg" for entry in names):
            continue  # a virtual environment, whatever it is called
        layers += _layer(folder, ".gitignore")
        below = [
            Path(entry.path)
            for entry in names
            if entry.is_dir(follow_symlinks=False)
            and entry.name not in NEVER
            and not _ignored(Path(entry.path), layers, folder=True)
            and not excluded(Path(entry.path), True)
        ]
        pending += [(path, layers) for path in reversed(below)]
        yield from _files(names, layers, root, excluded)


def _files(entries: list[os.DirEntry[str]], layers: Layers, root: Path, excluded: Excluded) -> Iterator[Path]:
    for entry in entries:
        if not entry.name.endswith(SUFFIXES) or not _is_file(entry):
            continue
        path = Path(entry.path)
        if _ignored(path, layers, folder=False) or excluded(path, False):
            continue
        if not entry.is_symlink():
            yield path
        elif (real := path.resolve()).is_relative_to(root):
            yield real


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself, or into a folder that may not be entered
        return False


def _ignored(path: Path, layers: Layers, *, folder: bool) -> bool:
    # the ignore file nearest to the path has the last word, as in git
    for base, spec in reversed(layers):
        verdict = spec.check_file(path.relative_to(base).as_posix() + ("/" if folder else "")).include
        if verdict is not None:
            return verdict
    return False


def _layers_above(folder: Path) -> Layers:
    """The ignore files that hold for a folder from above: those of its repository, up to its root."""
    above = [folder, *folder.parents]
    top = next((path for path in above if (path / ".git").exists()), None)
    if top is None:
        return ()
    layers = _layer(top, ".git/info/exclude")
    for path in reversed(above[1:]):
        if path.is_relative_to(top):
            layers += _layer(path, ".gitignore")
    # whoever names an ignored folder means it
    return () if _ignored(folder, layers, folder=True) else layers


def _layer(folder: Path, name: str) -> Layers:
    try:
        text = (folder / name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return ((folder, patterns(lines)),) if lines else ()
