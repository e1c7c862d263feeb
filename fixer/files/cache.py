"""What `check` found, kept between calls: one JSON file for each state of the rules, shared by all projects.

A file's entry is named by its bytes and folder, by the rules that judged it, and by whether edits were wanted; it
says which other files were read for it, and holds while they are as they were. The cache file is named by everything
that the rules are made of, so nothing of another release is ever read. Processes may share it: it is replaced as a
whole, and what another process added in the meantime is taken over.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import operator
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fixer import __version__
from fixer.files.siblings import state
from fixer.results import Diagnostic, Position, ProposedFix, TextEdit
from fixer.rule import Rule

MOST_ENTRIES = 100_000
_KEPT_STATES = 3
"""Cache files of other states of the rules that stay, for people who go back and forth between releases."""

Entry = dict[str, Any]
"""`found`: the findings; `read`: other files and their states."""


class Cache:
    """The entries of one state of the rules."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known = _load(path)
        self._seen: dict[str, Entry] = {}

    @classmethod
    def of(cls, rules: Iterable[Rule], folder: Path | None = None) -> Cache:
        """The cache for these rules, in the user's cache folder by default."""
        return cls((folder or default_folder()) / f"{_state(rules)}.json")

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def get(self, key: str) -> tuple[Diagnostic, ...] | None:
        """The findings in a file; None where it has not been looked at, or a file that it imports has changed."""
        entry = self._known.get(key)
        try:
            if entry is None or any(state(path) != was for path, was in entry["read"].items()):
                return None
            return tuple(_diagnostic(each) for each in entry["found"])
        except (KeyError, TypeError, AttributeError, ValueError):  # somebody has written in it
            return None

    def put(self, key: str, found: Sequence[Diagnostic], read: Mapping[str, str]) -> None:
        """Keep the findings in a file, and the states of the files that were read for it."""
        self._seen[key] = {"found": [asdict(each) for each in found], "read": dict(read)}

    def save(self) -> None:
        """Write what is new. Where that is impossible (a full disk, say), nothing happens."""
        if not self._seen:
            return
        entries = {**self._known, **_load(self.path), **self._seen}
        if len(entries) > MOST_ENTRIES:
            entries = self._seen  # nobody knows which of the others are still of use
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self.path, json.dumps(entries, separators=(",", ":")))
            _forget(self.path)


def key(data: bytes, folder: Path, rules: Sequence[str], *options: bool) -> str:
    """The name of the entry for a file's bytes. The folder counts, because imports start there."""
    digest = hashlib.blake2b(data, digest_size=16)
    digest.update(f"\0{folder}\0{options}\0{','.join(rules)}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def default_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("fixer", appauthor=False) / "check"


def _state(rules: Iterable[Rule]) -> str:
    """A name for the code that findings come from: this release, as it lies on the disk, and the files of the rules."""
    package = Path(__file__).parents[1]
    files = {path for path in package.rglob("*.py") if "verify" not in path.parts}
    files |= {Path(each.check.__code__.co_filename) for each in rules}
    digest = hashlib.blake2b(__version__.encode(), digest_size=16)
    for path in sorted(files):
        with contextlib.suppress(OSError):  # a rule out of a zip archive, or typed in
            stat = path.stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _load(path: Path) -> dict[str, Entry]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _replace(path: Path, text: str) -> None:
    import tempfile

    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


def _forget(path: Path) -> None:
    """Remove the files of states that have not been used for longest."""
    others = sorted(path.parent.glob("*.json"), key=lambda each: each.stat().st_mtime, reverse=True)
    for each in [other for other in others if other != path][_KEPT_STATES:]:
        each.unlink(missing_ok=True)


def _diagnostic(raw: dict[str, Any]) -> Diagnostic:
    return Diagnostic(
        _text(raw["rule"]),
        _text(raw["message"]),
        _position(raw["start"]),
        _position(raw["end"]),
        raw["symptom"],
        _fix(raw["fix"]) if raw["fix"] else None,
        tuple(map(_fix, raw["alternatives"])),
    )


def _fix(raw: dict[str, Any]) -> ProposedFix:
    edits = [
        TextEdit(_position(each["start"]), _position(each["end"]), _text(each["content"])) for each in raw["edits"]
    ]
    return ProposedFix(_text(raw["title"]), _text(raw["safety"]), tuple(edits))


def _position(raw: dict[str, Any]) -> Position:
    return Position(operator.index(raw["line"]), operator.index(raw["column"]))


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw
