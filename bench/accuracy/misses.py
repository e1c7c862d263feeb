"""Why a planted bug was not seen: what people who read it say, and what a program can tell where nobody has."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fixer.facts.script import Script
from fixer.files.siblings import Neighbours

MISSES = Path(__file__).with_name("misses")


@dataclass(frozen=True)
class Miss:
    """What a person who read a file with a bug planted in it says of the bug: does this file alone show it?"""

    file: str
    """The path with the name of its checkout: examples/mnist/main.py."""
    line: int
    code: str
    """The first line of the statement that was changed, as it was before."""
    visible: bool
    why: str
    """The class of the miss, in the same words for all of a class."""


def judged(rule: str, path: Path, line: int, code: str) -> Miss | None:
    """The judgement of a bug of this rule, planted at this line; none where nobody has read it."""
    for miss in _read(rule):
        if miss.line == line and miss.code.strip() == code.strip() and path.as_posix().endswith(f"/{miss.file}"):
            return miss
    return None


@lru_cache
def _read(rule: str) -> list[Miss]:
    path = MISSES / f"{rule}.toml"
    if not path.exists():
        return []
    return [Miss(**each) for each in tomllib.loads(path.read_text(encoding="utf-8")).get("miss", [])]


def reason(text: str, path: Path, line: int) -> str:
    """The first of the usual reasons that holds at this line."""
    script = Script(text, ast.parse(text), Neighbours(path))
    try:
        complete = script.run.complete
    except RecursionError:
        complete = False
    if "add_argument" in text.splitlines()[line - 1]:
        return "a default of the command line"
    if not complete:
        return "the file is too long or too deep to be followed"
    inner = [
        node
        for node in ast.walk(script.tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    used = {node.id for node in ast.walk(script.tree) if isinstance(node, ast.Name)}
    used |= {node.attr for node in ast.walk(script.tree) if isinstance(node, ast.Attribute)}
    classes = [node for node in inner if isinstance(node, ast.ClassDef)]
    functions = [node for node in inner if isinstance(node, ast.FunctionDef)]
    if classes and classes[0].name not in used:
        return "in a class that the file does not use"
    if not classes and functions and functions[0].name not in used:
        return "in a function that the file does not call"
    if classes:
        return "in a class that the file uses"
    return "in a function that the file calls" if functions else "at the top of the file"
