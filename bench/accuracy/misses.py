"""Why a planted bug was not seen, as far as a program can tell; the rest is for a reader."""

from __future__ import annotations

import ast
from pathlib import Path

from fixer.facts.script import Script
from fixer.files.siblings import Neighbours


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
