"""How a file would write a name that it does not use yet, in the style of a name that it does use."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixer.edits import Edit, add_import
from fixer.facts.script import Script


@dataclass(frozen=True)
class Spelling:
    """A name as the file writes it, and the imports that this needs."""

    code: str
    imports: tuple[Edit, ...] = ()


def beside(script: Script, neighbour: ast.expr, dotted: str) -> Spelling | None:
    """`dotted`, written like `neighbour`, which names something of the same module. None: its name is taken.

    Beside `T.Compose` the file writes `T.ToPILImage`, beside an imported `Compose` it imports `ToPILImage`.
    """
    module, _, name = dotted.rpartition(".")
    if isinstance(neighbour, ast.Attribute):
        return Spelling(f"{script.source(neighbour.value)}.{name}")
    if script.names.imports.get(name) == dotted:
        return Spelling(name)
    if name in script.names.bound:
        return None
    return Spelling(name, (add_import(module, name),))
