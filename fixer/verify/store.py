"""Finished runs, kept between calls: one small JSON file each, under a name that says everything the run rests on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlparse

from fixer.verify.trace import Outcome, Trace
from fixer.verify.trial import Budget, Program

_MOST_RUNS = 2000
_MOST_FILES = 50_000
"""Of the data beside a script. Where there are more, looking at all would take longer than a run."""
_PASSED_OVER = {".git", ".venv", "venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "node_modules"}
_QUOTED = re.compile(rb"""["']((?:/|~|\.\.)[^"'\n]{0,300})["']""")
_BY_THE_CLOCK = "when the time was up"


class Store:
    """The finished runs in a folder, `folder()` by default. Several processes may use it at once.

    A run that crashed, or that the clock ended, is not kept: the next one may go another way.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_folder()
        self.served: set[str] = set()
        """The keys of the runs that were found here."""

    def get(self, key: str) -> Trace | None:
        """The run of that key. A file that cannot be read, or is of another release, is as good as none."""
        path = self._path(key)
        try:
            found = Trace.from_json(path.read_text(encoding="utf-8"))
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        self.served.add(key)
        return found

    def put(self, key: str, trace: Trace) -> None:
        """Keep a run, if it may be kept. Where that is impossible (a full disk, say), nothing happens."""
        by_clock = any(_BY_THE_CLOCK in note for note in trace.notes)
        if trace.outcome not in (Outcome.FINISHED, Outcome.BUDGET) or by_clock:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=self.folder)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                    stream.write(trace.to_json())
                Path(name).replace(self._path(key))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._prune()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _prune(self) -> None:
        paths = list(self.folder.iterdir())
        if len(paths) <= _MOST_RUNS:
            return
        for path in sorted(paths, key=_age)[: _MOST_RUNS // 4]:
            path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def default_folder() -> Path:
    """Where finished runs lie: the user's cache folder, or XDG_CACHE_HOME where that is set."""
    import platformdirs

    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) / "fixer" if named else Path(platformdirs.user_cache_dir("fixer"))) / "runs"


class Fingerprints:
    """Names of runs for a store: whatever a run rests on is part of the name, as far as it can be seen from outside."""

    def __init__(self, python: Path, device: str, isolation: str) -> None:
        self._fixed = json.dumps([str(python), device, isolation, os.environ.get("PYTHONPATH", ""), _own()])
        self._packages = _packages(python)
        self._data: dict[Program, str | None] = {}

    def key(self, program: Program, budget: Budget, seed: int, repeat: int) -> str | None:
        """None where not everything can be seen: a run without a name is not kept."""
        if program not in self._data:
            self._data[program] = _data(program)
        data = self._data[program]
        if data is None or self._packages is None:
            return None
        told = [self._fixed, self._packages, data, str(program.path), program.args, seed, repeat, asdict(budget)]
        return hashlib.sha256(program.source + b"\0" + json.dumps(told).encode()).hexdigest()


@cache
def _own() -> str:
    """The text of all that runs and records the programs: a release may not take the runs of another for its own."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*here.glob("*.py"), *(here / "probe").glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _packages(python: Path) -> str | None:
    """The versions of python and of everything that is installed for it; None where that lies elsewhere."""
    prefix = python.absolute().parent.parent
    folders = [*sorted(prefix.glob("lib/python3*/site-packages")), *prefix.glob("Lib/site-packages")]
    found = sorted(path for folder in folders for path in folder.glob("*.dist-info"))
    if not any(path.name.startswith("torch-") for path in found):
        return None
    sources = [source for path in found if (source := _editable(path)) is not None]
    told = _files(sources, suffix=".py")
    program = python.resolve().stat()
    names = [path.name for path in found]
    return None if told is None else json.dumps([names, program.st_size, program.st_mtime_ns, told])


def _editable(information: Path) -> Path | None:
    """The sources of a package that is installed in place: its version says nothing about them."""
    try:
        told = json.loads((information / "direct_url.json").read_text(encoding="utf-8"))
        editable = told["dir_info"]["editable"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Path(unquote(urlparse(told["url"]).path)) if editable else None


def _data(program: Program) -> str | None:
    """The files beside the script, and those that its text or its arguments name elsewhere; not the script itself."""
    folder = program.path.absolute().parent
    named = [match.decode(errors="replace") for match in _QUOTED.findall(program.source)]
    named += [part for argument in program.args for part in (argument, argument.partition("=")[2]) if part]
    places = {folder}
    for name in named:
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            place = (folder / Path(name).expanduser()).absolute()
            if len(place.parts) > 2 and place.exists():
                places.add(place)
    return _files(sorted(places), without=program.path.absolute())


def _files(places: Iterable[Path], *, suffix: str = "", without: Path | None = None) -> str | None:
    """Names, sizes and times of all files there; None when there are too many."""
    digest = hashlib.sha256()
    for number, path in enumerate(_walk(places)):
        if number >= _MOST_FILES:
            return None
        if path.endswith(suffix) and path != str(without):
            with contextlib.suppress(OSError):
                status = os.stat(path)  # noqa: PTH116 - objects for each of many files cost more than the look
                digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _walk(places: Iterable[Path]) -> Iterator[str]:
    """Files in a fixed order, and behind links too. A loop of links ends at the limit."""
    for place in places:
        if place.is_file():
            yield str(place)
            continue
        for folder, folders, files in os.walk(place, followlinks=True):
            folders[:] = sorted(set(folders) - _PASSED_OVER)
            yield from (os.path.join(folder, name) for name in sorted(files))  # noqa: PTH118
