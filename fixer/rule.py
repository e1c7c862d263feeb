"""The vocabulary of a rule: what it is called, what it finds, and how what it found is mended."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from fixer.edits import Edit

if TYPE_CHECKING:
    from fixer.facts.script import Script


class Safety(StrEnum):
    """How far a fix may be trusted without a person looking at it."""

    SAFE = "safe"
    """Applied by `fixer fix`."""
    UNSAFE = "unsafe"
    """Applied with `--unsafe`, or kept by `--verify` when the run confirms it."""
    SUGGESTION = "suggestion"
    """One of several possible repairs: offered in the editor only."""


class LossEffect(StrEnum):
    """What the right program's training loss does in a short run, compared with the buggy one's."""

    LOWER = "lower"
    SAME = "same"
    HIGHER = "higher"
    EITHER = "either"
    NOT_COMPARABLE = "not-comparable"
    """The mend changes the loss function itself."""


@dataclass(frozen=True)
class Fix:
    """A mend: all of its edits are applied, or none."""

    title: str
    edits: tuple[Edit, ...]
    safety: Safety | None = None
    """None: the safety that the rule declares."""


@dataclass(frozen=True)
class Finding:
    """A defect at `node`. `fix` is what `fixer fix` applies; `alternatives` are offered in the editor beside it."""

    node: ast.AST
    message: str
    fix: Fix | None = None
    alternatives: tuple[Fix, ...] = ()


Check = Callable[["Script"], Iterator[Finding]]
Need = str | re.Pattern[bytes]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Rule:
    """One rule. `needs` must all be in a file's text: "a|b" is there with either word, a pattern with a match."""

    name: str
    check: Check
    needs: tuple[Need, ...]
    safety: Safety
    symptom: str | None
    loss: LossEffect

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.check) or ""

    @property
    def summary(self) -> str:
        return self.doc.partition("\n")[0]

    @property
    def group(self) -> str:
        """The folder that the rule lives in: `loop`, `data`, ..."""
        return self.check.__module__.split(".")[-2] if "." in self.check.__module__ else self.check.__module__

    def concerns(self, text: bytes) -> bool:
        """Whether a file with this text may hold the defect at all: a byte search, before anything is parsed."""
        return bool(concerned((self,), text))


def concerned(rules: Iterable[Rule], text: bytes) -> list[Rule]:
    """Those of `rules` that a file with this text may concern. What several of them need is looked for once."""
    known: dict[Need, bool] = {}
    found = []
    for each in rules:
        for need in each.needs:
            if need not in known:
                known[need] = _in(text, need)
            if not known[need]:
                break
        else:
            found.append(each)
    return found


def _in(text: bytes, need: Need) -> bool:
    return any(word in text for word in _words(need)) if isinstance(need, str) else need.search(text) is not None


@cache
def _words(need: str) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in need.split("|"))


def rule(
    name: str,
    *,
    needs: tuple[Need, ...],
    safety: Safety,
    symptom: str | None = None,
    loss: LossEffect = LossEffect.EITHER,
) -> Callable[[Check], Rule]:
    """Declare a rule. The decorated generator takes a `Script` and yields a `Finding` for every defect.

    Raises:
        TypeError: the declaration is malformed; the message names the rule and where it stands.
    """

    def declare(check: Check) -> Rule:
        code = check.__code__
        where = f"{code.co_filename}:{code.co_firstlineno}: rule {name!r}"
        if not _NAME.fullmatch(name):
            raise TypeError(f"{where}: a name is lower-case words joined by hyphens")
        if not inspect.isgeneratorfunction(check):
            raise TypeError(f"{where}: a rule is a generator function that yields findings")
        if not check.__doc__:
            raise TypeError(f"{where}: a rule needs a docstring; it is its documentation page")
        if not needs:
            raise TypeError(f"{where}: name at least one word that a file must contain (needs=)")
        return Rule(name, check, needs, safety, symptom, loss)

    return declare
