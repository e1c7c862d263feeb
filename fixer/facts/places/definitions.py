"""Classes that a mend adds to a file: their names, where they go, and whether the file has them already."""

from __future__ import annotations

import ast

from fixer.edits import Edit, add_import, insert_after, insert_before
from fixer.facts.program.walk import walk
from fixer.facts.script import Script


class NewClasses:
    """The classes that one look at a file asks for. Asked twice for the same body, it gives the same name."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._names: dict[str, str] = {}

    def named(self, wanted: str, base: str, body: str, like: ast.expr) -> tuple[str, tuple[Edit, ...]]:
        """The name of a class with this body and base (a dotted name), and the edits that add it to the file.

        No edits where the file has the class. `like` is a name of the base's module as the file writes it.
        """
        there = self._existing(body)
        if there is not None:
            return there, ()
        if body not in self._names:
            taken = set(self._names.values()) | self._script.names.bound
            numbers = (str(number) if number > 1 else "" for number in range(1, len(taken) + 2))
            self._names[body] = next(f"{wanted}{number}" for number in numbers if f"{wanted}{number}" not in taken)
        name = self._names[body]
        written, imports = self._base(base, like)
        code = f"class {name}({written}):\n{body}"
        return name, (*imports, self._placed(code, like))

    def _existing(self, body: str) -> str | None:
        wanted = [ast.dump(each) for each in _code(ast.parse(f"class C:\n{body}").body[0])]
        for node in self._script.tree.body:
            if isinstance(node, ast.ClassDef) and [ast.dump(each) for each in _code(node)] == wanted:
                return node.name
        return None

    def _base(self, dotted: str, like: ast.expr) -> tuple[str, tuple[Edit, ...]]:
        """How the base is written at the top level of the file, and the import that this needs."""
        module, _, name = dotted.rpartition(".")
        spelling = self._script.names.spelling(dotted)
        if spelling == name or (spelling is not None and isinstance(like, ast.Attribute)):
            return spelling, ()
        if name not in self._script.names.bound or self._script.names.imports.get(name) == dotted:
            return name, (add_import(module, name),)
        alias = self._script.names.fresh(f"Torch{name}")
        return alias, (add_import(module, name, alias),)

    def _placed(self, code: str, near: ast.AST) -> Edit:
        """Behind the imports, before whatever may use the class: the first definition, or the statement of `near`."""
        anchor: ast.stmt | None = None
        for statement in self._script.tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                anchor = statement
            elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or _holds(
                statement, near
            ):
                if anchor is None:
                    return insert_before(statement, code)
                break
        return insert_after(anchor or self._script.tree.body[0], code)


def _holds(statement: ast.stmt, node: ast.AST) -> bool:
    return any(each is node for each in walk(statement))


def _code(node: ast.stmt) -> list[ast.stmt]:
    """The body of a class without its docstring."""
    assert isinstance(node, ast.ClassDef)
    return node.body[1:] if ast.get_docstring(node) is not None else node.body
