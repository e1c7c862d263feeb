"""What names mean: imports and aliases resolved to dotted names (`torch.optim.SGD`), and back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache, cached_property

from fixer.facts.program.walk import parents_of

_HOMES = (
    # where things live under more than one name: the module that defines them -> the one that documents them
    (re.compile(r"^torch\.utils\.data\.(dataloader|dataset|sampler|distributed)\.(?=\w)"), "torch.utils.data."),
    (re.compile(r"^torch\.optim\.(?!lr_scheduler|swa_utils)[a-z_]+\.(?=[A-Z])"), "torch.optim."),
    (re.compile(r"^torch\.nn\.modules\.(\w+\.)?(?=[A-Z])"), "torch.nn."),
    (re.compile(r"^torchvision\.transforms\.transforms\."), "torchvision.transforms."),
    (re.compile(r"^torchvision\.datasets\.[a-z_]+\.(?=[A-Z])"), "torchvision.datasets."),
)


@cache
def canonical(dotted: str) -> str:
    """The documented name of a thing that can be reached by several."""
    for pattern, home in _HOMES:
        dotted = pattern.sub(home, dotted)
    return dotted


def dotted_text(node: ast.expr) -> str | None:
    """`a.b.c` for a chain of attributes on a plain name, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def import_bindings(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with the dotted name it stands for. A star binds nothing."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.asname:
                yield alias.asname, alias.name
            else:
                root = alias.name.partition(".")[0]
                yield root, root
        return
    module = "." * node.level + (f"{node.module}." if node.module else "")
    for alias in node.names:
        if alias.name != "*":
            yield alias.asname or alias.name, canonical(f"{module}{alias.name}")


def star_imports(tree: ast.Module) -> list[str]:
    """The modules of which the file's top level imports everything, the last first."""
    nodes = [each for each in tree.body if isinstance(each, ast.ImportFrom) and each.names[0].name == "*"]
    return ["." * each.level + (each.module or "") for each in reversed(nodes)]


class Names:
    """The import table of a file, and how the file itself would spell a dotted name."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local name -> dotted name, over all imports of the file (the first one of a name counts)."""
        table: dict[str, str] = {}
        for node in parents_of(self._tree):
            if type(node) is ast.Import or type(node) is ast.ImportFrom:
                for local, dotted in import_bindings(node):
                    table.setdefault(local, dotted)
        return table

    @cached_property
    def bound(self) -> frozenset[str]:
        """Every name that the file binds anywhere: a new name must not be one of these."""
        found = set(self.imports)
        for node in parents_of(self._tree):
            match node:
                case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(name=name):
                    found.add(name)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
        return frozenset(found)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Every name and every attribute that the file speaks of in an expression."""
        nodes = parents_of(self._tree)
        attributes = {each.attr for each in nodes if isinstance(each, ast.Attribute)}
        return frozenset(attributes | {each.id for each in nodes if isinstance(each, ast.Name)})

    def dotted(self, node: ast.expr) -> str | None:
        """The dotted name of `node` if it is a chain that starts at an imported name. Shadowing is not looked at."""
        text = dotted_text(node)
        if text is None:
            return None
        root, _, rest = text.partition(".")
        module = self.imports.get(root)
        if module is None:
            return None
        return canonical(f"{module}.{rest}" if rest else module)

    def spelling(self, dotted: str) -> str | None:
        """How this file can write `dotted` with the imports of its top level, the shortest way; None: not imported."""
        found = []
        for local, target in self._top_level.items():
            if target == dotted:
                found.append(local)
            elif dotted.startswith(target + "."):
                found.append(local + dotted[len(target) :])
        return min(found, key=lambda text: (text.count("."), len(text)), default=None)

    def fresh(self, wanted: str) -> str:
        """`wanted`, or `wanted` with a number behind it where the file uses the name already."""
        name, number = wanted, 2
        while name in self.bound:
            name, number = f"{wanted}{number}", number + 1
        return name

    @cached_property
    def _top_level(self) -> dict[str, str]:
        table: dict[str, str] = {}
        for node in self._tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    # `import torch.nn` makes the chain `torch.nn` writable, not all of torch
                    table[alias.asname or alias.name] = alias.name
            elif isinstance(node, ast.ImportFrom):
                table.update(import_bindings(node))
        return table
