"""Settings: `[tool.fixer]` of pyproject.toml, or fixer.toml; the nearest one upward of each file holds."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os.path import isfile
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAMES = ("fixer.toml", ".fixer.toml", "pyproject.toml")
"""In a folder that has several, the first wins."""

_EMPTY: Mapping[str, Any] = MappingProxyType({})


class ConfigError(ValueError):
    """A configuration file that cannot be used. The message names the file and the key."""


@dataclass(frozen=True)
class Settings:
    """What one configuration file says; the defaults hold where there is none. Patterns are relative to `root`."""

    root: Path
    source: Path | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _EMPTY)
    exclude: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    verify: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)

    def excludes(self, path: Path, *, folder: bool) -> bool:
        """Whether `exclude` names this path (a folder above it counts where `path` is given as a whole)."""
        return bool(self.exclude) and _matches(self._excluded, path, self.root, folder=folder)

    def ignored_in(self, path: Path) -> tuple[str, ...]:
        """The rules that `per-file-ignores` turns off in this file."""
        hits = [rules for pattern, rules in self._per_file if _matches(pattern, path, self.root, folder=False)]
        return tuple(name for rules in hits for name in rules)

    @cached_property
    def _excluded(self) -> GitIgnoreSpec:
        return patterns(self.exclude)

    @cached_property
    def _per_file(self) -> tuple[tuple[GitIgnoreSpec, tuple[str, ...]], ...]:
        return tuple((patterns([pattern]), rules) for pattern, rules in self.per_file_ignores.items())


def patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    # 15 ms that a run without any pattern need not pay
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def _matches(spec: GitIgnoreSpec, path: Path, root: Path, *, folder: bool) -> bool:
    if not path.is_relative_to(root):
        return False
    return spec.match_file(path.relative_to(root).as_posix() + ("/" if folder else ""))


class Configuration:
    """Finds the settings of each file, and reads each configuration file once."""

    def __init__(self, explicit: Path | None = None) -> None:
        """`explicit` (`--config`) holds for every file, wherever it lies."""
        self._explicit = load(explicit) if explicit else None
        self._folders: dict[Path, Settings] = {}

    def of_folder(self, folder: Path) -> Settings:
        if self._explicit:
            return self._explicit
        if folder not in self._folders:
            self._folders[folder] = self._search(folder)
        return self._folders[folder]

    def _search(self, folder: Path) -> Settings:
        for name in NAMES:
            candidate = folder / name
            # Path.is_file raises in a folder that may not be entered
            if isfile(candidate) and (settings := _load(candidate, required=False)):  # noqa: PTH113
                return settings
        if folder == folder.parent:
            return Settings(root=folder)
        return self.of_folder(folder.parent)


def load(path: Path) -> Settings:
    """Read one configuration file.

    Raises:
        ConfigError: it is missing, is not TOML, lacks `[tool.fixer]`, or holds a key that does not exist.
    """
    settings = _load(path, required=True)
    assert settings is not None
    return settings


def _load(path: Path, *, required: bool) -> Settings | None:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        # a broken pyproject.toml further up may be none of our business, but guessing its content is worse
        raise ConfigError(f"{path}: {error}") from None
    if path.name == "pyproject.toml":
        document = document.get("tool", {})
        if "fixer" not in document:
            if required:
                raise ConfigError(f"{path}: has no [tool.fixer] table")
            return None
        document = document["fixer"]
        if not isinstance(document, dict):
            raise ConfigError(f"{path}: [tool.fixer] must be a table")
    return _settings(path, document)


def _settings(path: Path, table: Mapping[str, Any]) -> Settings:
    values: dict[str, Any] = {}
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None:
            raise ConfigError(f"{path}: unknown key `{key}`{_near(key, _READERS)}")
        values[key.replace("-", "_")] = reader(f"{path}: `{key}`", value)
    return Settings(root=path.absolute().parent, source=path, **values)


def _names(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f'{where} must be a list of strings, such as ["missing-zero-grad"]')
    return tuple(value)


def _boolean(where: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{where} must be true or false")
    return value


def _per_file_ignores(where: str, value: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ConfigError(f'{where} must be a table of patterns, such as {{"tests/**" = ["missing-eval-mode"]}}')
    return {pattern: _names(f"{where}.{pattern}", rules) for pattern, rules in value.items()}


_VERIFY = {"seeds": int, "steps": int, "seconds": (int, float), "device": str, "python": str}
_DEVICES = ("cpu", "cuda", "auto")


def _verify(where: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} must be a table")
    for key, item in value.items():
        if key not in _VERIFY:
            raise ConfigError(f"{where}: unknown key `{key}`{_near(key, _VERIFY)}")
        if not isinstance(item, _VERIFY[key]) or isinstance(item, bool):  # type: ignore[arg-type]
            raise ConfigError(f"{where}.{key} must be a {'string' if _VERIFY[key] is str else 'number'}")
        if key == "device" and item not in _DEVICES:
            raise ConfigError(f"{where}.device must be one of {', '.join(_DEVICES)}")
    return dict(value)


_READERS: Mapping[str, Any] = {
    "select": _names,
    "ignore": _names,
    "per-file-ignores": _per_file_ignores,
    "exclude": _names,
    "unsafe-fixes": _boolean,
    "verify": _verify,
}


def _near(key: str, known: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(key, list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(known)}"
