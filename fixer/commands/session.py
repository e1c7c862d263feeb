"""What all commands share: from options and settings to the files at hand and the rules that judge each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fixer import registry
from fixer.commands.console import Console
from fixer.files.config import Configuration, Settings, patterns
from fixer.files.discover import discover, display
from fixer.files.scan import Job
from fixer.results import Failed
from fixer.rule import Rule

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

STDIN = "<stdin>"


class UsageError(Exception):
    """The command line asks for something that makes no sense: said on stderr, exit code 2."""


@dataclass
class Options:
    """The options that `check`, `fix` and the others have in common."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    config: Path | None = None
    jobs: int = 0
    stdin_filename: str | None = None
    quiet: bool = False
    color: str = "auto"


@dataclass
class Session:
    options: Options
    unsafe: bool = False
    edits: bool = True
    """Whether the text edits of fixes are wanted: what people read names the fix only."""
    console: Console = field(init=False)

    def __post_init__(self) -> None:
        self.console = Console(self.options.color, quiet=self.options.quiet)
        self._chosen: dict[tuple[Path | None, tuple[str, ...]], tuple[str, ...]] = {}
        # unknown names are said before any work, even where no file would need them
        self.select(None, self.options.select, self.options.ignore)

    @cached_property
    def configuration(self) -> Configuration:
        return Configuration(self.options.config)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return registry.rules()

    def files(self, paths: list[str]) -> Iterator[Job | Failed]:
        """The files below `paths`, each once, with the rules for each; paths that cannot be looked at as Failed."""
        named = {Path(os.path.realpath(path)) for path in paths}  # other than resolve(), it never raises
        for found in discover(map(Path, paths), self._excluded, force_exclude=self.options.force_exclude):
            yield found if isinstance(found, Failed) else self.job(found, display(found), named=found in named)

    def stdin(self) -> Job:
        """Standard input, under the name that `--stdin-filename` gives it."""
        if self.options.stdin_filename:
            path = Path(self.options.stdin_filename).absolute()
            return self.job(path, display(path))
        return self.job(Path.cwd() / STDIN, STDIN)

    def job(self, path: Path, name: str, *, named: bool = True) -> Job:
        settings = self.configuration.of_folder(path.parent)
        unsafe = self.unsafe or settings.unsafe_fixes
        return Job(path, name, self._rules_for(settings, path), unsafe, named, self.edits)

    def _rules_for(self, settings: Settings, path: Path) -> tuple[str, ...]:
        off = settings.ignored_in(path)
        key = (settings.source, off)
        if key not in self._chosen:
            if self.options.select:  # the command line names the rules: what the file says about them no longer counts
                select, ignore = self.options.select, self.options.ignore
            else:
                select, ignore = settings.select or (), (*settings.ignore, *self.options.ignore)
            self._chosen[key] = self.select(settings.source, select, (*ignore, *off))
        return self._chosen[key]

    def select(self, source: Path | None, select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(rule.name for rule in registry.select(self.rules, select, ignore))
        except ValueError as error:
            raise UsageError(f"{source}: {error}" if source else str(error)) from None

    def _excluded(self, path: Path, folder: bool) -> bool:
        if self.configuration.of_folder(path.parent).excludes(path, folder=folder):
            return True
        here = Path.cwd()
        if not self.options.exclude or not path.is_relative_to(here):
            return False
        return self._exclude.match_file(path.relative_to(here).as_posix() + ("/" if folder else ""))

    @cached_property
    def _exclude(self) -> GitIgnoreSpec:
        return patterns(self.options.exclude)


def rules_are_whole(console: Console) -> bool:
    """Whether all rules could be loaded; says which could not, and why."""
    errors = registry.load().errors
    for error in errors:
        console.error(f"{console.err.bold(console.err.red('error'))}: {error}")
    return not errors


def read_stdin() -> bytes:
    return sys.stdin.buffer.read()


def from_stdin(paths: list[str]) -> bool:
    """Whether the one path is `-`.

    Raises:
        UsageError: `-` stands beside other paths.
    """
    if "-" in paths and len(paths) > 1:
        raise UsageError("`-` reads standard input and cannot stand beside other paths")
    return paths == ["-"]
