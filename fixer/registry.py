"""Finds the rules: those in the package `fixer.codemods` and those that other packages offer as entry points."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from fixer.rule import Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "fixer.rules"
_BUILT_IN = "fixer.codemods"


@dataclass(frozen=True)
class Loaded:
    """The rules that could be loaded, sorted by name, and a message for each package that could not."""

    rules: tuple[Rule, ...]
    errors: tuple[str, ...]


def rules() -> tuple[Rule, ...]:
    """All rules, sorted by name.

    Raises:
        ValueError: two rules have one name; the message names both places.
    """
    return load().rules


@cache
def load() -> Loaded:
    """All rules, and why some package's rules are missing: one broken package does not take the others away."""
    errors: list[str] = []
    found: list[Rule] = list(_rules_of(importlib.import_module(_BUILT_IN)))  # these must load: what raises is a bug
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        if entry.value != _BUILT_IN:
            owner = f"package {entry.dist.name}, " if entry.dist else ""
            _collect(f"{owner}entry point {entry.name!r} ({entry.value})", entry.load, found, errors)
    return Loaded(_sorted(found), tuple(errors))


def entry_points(group: str) -> Iterable[EntryPoint]:
    """What installed packages offer. Few offer any, and `importlib.metadata` takes a tenth of a start to load."""
    if not any(map(_offers_rules, sys.path)):
        return ()
    from importlib import metadata

    return metadata.entry_points(group=group)


def _offers_rules(folder: str) -> bool:
    """Whether a package other than this one says in this folder of `sys.path` that it has rules."""
    path = Path(folder)
    if path.is_file():
        return True  # an archive: let importlib.metadata look into it
    for listed in path.glob("*-info/entry_points.txt"):
        with contextlib.suppress(OSError):
            if not listed.parent.name.startswith(("fixer-", "fixer.")) and GROUP.encode() in listed.read_bytes():
                return True
    return False


def _collect(source: str, get: Callable[[], object], found: list[Rule], errors: list[str]) -> None:
    try:
        offered = list(_rules_of(get()))
    except Exception as error:  # whatever a package raises on import must not stop the others
        errors.append(f"rules of {source} cannot be loaded: {type(error).__name__}: {error}")
        return
    found += [rule for rule in offered if not any(rule is known for known in found)]


def _rules_of(offered: object) -> Iterator[Rule]:
    """A rule itself, several of them, a module, or a package with all modules below it."""
    if isinstance(offered, Rule):
        yield offered
    elif isinstance(offered, ModuleType):
        modules = [offered]
        if hasattr(offered, "__path__"):
            below = pkgutil.walk_packages(offered.__path__, f"{offered.__name__}.", onerror=_fail)
            modules += [importlib.import_module(info.name) for info in below]
        for module in modules:
            yield from (value for value in vars(module).values() if isinstance(value, Rule))
    elif isinstance(offered, Iterable):
        for item in offered:
            yield from _rules_of(item)
    else:
        raise TypeError(f"expected a module or rules, got {type(offered).__name__}")


def _fail(name: str) -> None:
    importlib.import_module(name)


def _sorted(found: Sequence[Rule]) -> tuple[Rule, ...]:
    by_name: dict[str, Rule] = {}
    for rule in found:
        other = by_name.setdefault(rule.name, rule)
        if other is not rule:
            raise ValueError(f"two rules are called {rule.name!r}: {_place(other)} and {_place(rule)}")
    return tuple(by_name[name] for name in sorted(by_name))


def _place(rule: Rule) -> str:
    code = rule.check.__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def select(rules: Sequence[Rule], select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules to run. Names of rules, of groups (`loop`), or `all`; `ignore` wins; no `select` means all.

    Raises:
        ValueError: a name is neither a rule's nor a group's; the message lists the nearest.
    """
    wanted = _named(rules, select) or {rule.name for rule in rules}
    dropped = _named(rules, ignore)
    return tuple(rule for rule in rules if rule.name in wanted and rule.name not in dropped)


def _named(rules: Sequence[Rule], names: Iterable[str]) -> set[str]:
    chosen: set[str] = set()
    for name in names:
        hits = {rule.name for rule in rules if name in (rule.name, rule.group, f"{rule.group}/{rule.name}", "all")}
        if not hits and name != "all":
            raise ValueError(_unknown(name, rules))
        chosen |= hits
    return chosen


def _unknown(name: str, rules: Sequence[Rule]) -> str:
    import difflib

    known = sorted({rule.name for rule in rules} | {rule.group for rule in rules})
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`fixer rules` lists them."
    return f"no rule or group is called {name!r}; {hint}"
