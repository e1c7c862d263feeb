"""Loads corpus/: programs with a known defect and their mends, and programs in which nothing may be found."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "corpus"
VERDICTS = frozenset({"improved", "crash-fixed", "equivalent"})

_MARKER = re.compile(r"[ \t]*# bug: ([a-z0-9-]+)[ \t]*$", re.MULTILINE)
_FIELDS = {"form": str, "verdict": str, "unsafe": bool, "args": list}
_OPTIONAL = {"alternative": int}


class BadCase(ValueError):
    """A case does not follow the format; the message says which and how."""


@dataclass(frozen=True)
class Case:
    """One program with one kind of defect. `before` is without markers; `lines` are those that carried one."""

    rule: str
    name: str
    folder: Path
    before: str
    after: str
    lines: frozenset[int]
    form: str
    verdict: str
    unsafe: bool
    args: tuple[str, ...]
    alternative: int | None = None
    """Which of the finding's alternatives makes `after`; None: its fix, as `fixer fix` applies it."""

    @property
    def id(self) -> str:
        return f"{self.rule}/{self.name}"


def cases() -> list[Case]:
    """Every case under corpus/, in order of rule and name."""
    return [load(path.parent) for path in sorted(ROOT.glob("*/*/before.py"))]


def load(folder: Path) -> Case:
    """Read one case folder.

    Raises:
        BadCase: a file is missing, case.toml is incomplete, or no line is marked.
    """
    rule = folder.parent.name
    try:
        marked, after = (_text(folder / name) for name in ("before.py", "after.py"))
        meta = tomllib.loads(_text(folder / "case.toml"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadCase(f"{folder}: {error}") from error
    _check_fields(folder, meta)
    markers = [(marked.count("\n", 0, found.start()) + 1, found[1]) for found in _MARKER.finditer(marked)]
    if not markers or {name for _, name in markers} != {rule}:
        raise BadCase(f"{folder}: before.py needs '# bug: {rule}' on its faulty lines, and no other marker")
    return Case(
        rule,
        folder.name,
        folder,
        _MARKER.sub("", marked),
        after,
        frozenset(line for line, _ in markers),
        meta["form"],
        meta["verdict"],
        meta["unsafe"],
        tuple(meta["args"]),
        meta.get("alternative"),
    )


def clean() -> list[Path]:
    """The look-alikes: every rule must stay silent on each of them."""
    return sorted((ROOT / "clean").glob("*.py"))


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as stream:
        return stream.read()


def _check_fields(folder: Path, meta: dict[str, object]) -> None:
    wrong = [name for name, kind in _FIELDS.items() if not isinstance(meta.get(name), kind)]
    wrong += [name for name, kind in _OPTIONAL.items() if name in meta and not isinstance(meta[name], kind)]
    if wrong or set(meta) - set(_FIELDS) - set(_OPTIONAL):
        known = "form, verdict, unsafe and args, and perhaps alternative"
        raise BadCase(f"{folder}/case.toml: it has {known}; see {wrong or sorted(meta)}")
    # an alternative may be a matter of speed or taste, of which a short run says nothing
    allowed = VERDICTS | {"inconclusive"} if "alternative" in meta else VERDICTS
    if meta["verdict"] not in allowed:
        raise BadCase(f"{folder}/case.toml: {meta['verdict']!r} is none of {', '.join(sorted(allowed))}")
