"""Deterministic twins: how a pipeline that augments is written for evaluation."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from fixer.edits import Edit, add_import, insert_element, remove_element, replace
from fixer.facts.program.values import Made
from fixer.facts.script import Script
from fixer.facts.transforms.augmentation import CROPPED, elements, random_elements, transform_name


@dataclass(frozen=True)
class Twin:
    """The transforms that take the place of one (none: it is left out), and what they need imported from where."""

    codes: tuple[str, ...] = ()
    imports: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Copy:
    """A statement that makes a deterministic copy of a pipeline, to go behind `statement`."""

    name: str
    code: str
    statement: ast.stmt
    imports: tuple[tuple[str, str], ...]


def written_elements(pipeline: Made) -> ast.List | ast.Tuple | None:
    """The list in the call of `Compose`, element for element."""
    node = pipeline.node
    written = [*node.args, *[each.value for each in node.keywords]] if isinstance(node, ast.Call) else []
    match written:
        case [ast.List() | ast.Tuple() as display] if len(display.elts) == len(elements(pipeline)):
            return display
    return None


def twin(script: Script, made: Made) -> Twin | None:
    """What stands in for a random transform; None where its size cannot be told."""
    name, node = transform_name(made), made.node
    if name not in CROPPED:
        return Twin()
    if not isinstance(node, ast.Call) or made.dotted is None:
        return None
    size = node.args[0] if node.args else next((each.value for each in node.keywords if each.arg == "size"), None)
    if size is None or isinstance(size, ast.Starred):
        return None
    wanted = {"CenterCrop": script.source(size)}
    if name == "RandomResizedCrop":
        larger = _larger(script, size)
        if larger is None:
            return None
        wanted = {"Resize": larger, **wanted}
    codes, imports = [], []
    module = made.dotted.rpartition(".")[0]
    for each, argument in wanted.items():
        spelled = script.names.spelling(f"{module}.{each}")
        if isinstance(node.func, ast.Attribute):
            spelled = f"{script.source(node.func.value)}.{each}"
        elif spelled is None:
            imports.append((module, each))
        codes.append(f"{spelled or each}({argument})")
    return Twin(tuple(codes), tuple(imports))


def _larger(script: Script, size: ast.expr) -> str | None:
    """The size to which an image is resized before it is cropped: 256 for 224, as torchvision's presets have it."""
    match size:
        case ast.Constant(value=int() as number):
            return str(number * 256 // 224)
        case ast.Tuple(elts=[ast.Constant(value=int() as height), ast.Constant(value=int() as width)]):
            return f"({height * 256 // 224}, {width * 256 // 224})"
        case ast.Name() | ast.Attribute():
            return f"int({script.source(size)} * 256 / 224)"
    return None


def deterministic_copy(script: Script, pipeline: Made) -> Copy | None:
    """A copy of a pipeline with twins for what is random in it, where an assignment of its own makes the pipeline."""
    display, node = written_elements(pipeline), pipeline.node
    if display is None or not isinstance(node, ast.Call):
        return None
    statement = script.statement_of(node)
    if not isinstance(statement, ast.Assign) or statement.value is not node or len(statement.targets) != 1:
        return None
    lines: list[str] = []
    imports: list[tuple[str, str]] = []
    random = random_elements(pipeline)
    for element, value in zip(display.elts, elements(pipeline), strict=True):
        found = twin(script, value) if isinstance(value, Made) and value in random else Twin((script.source(element),))
        if found is None:
            return None
        lines += found.codes
        imports += found.imports
    name = script.names.fresh("eval_transform")
    body = "".join(f"    {line},\n" for line in lines)
    return Copy(name, f"{name} = {script.source(node.func)}([\n{body}])", statement, tuple(imports))


def imported(wanted: Iterable[tuple[str, str]]) -> list[Edit]:
    return [add_import(module, name) for module, name in dict.fromkeys(wanted)]


def twins_in_place(script: Script, pipeline: Made) -> list[Edit]:
    display = written_elements(pipeline)
    edits: list[Edit] = []
    random = random_elements(pipeline)
    for node, made in zip(display.elts if display else [], elements(pipeline), strict=False):
        if display is None or not isinstance(made, Made) or made not in random:
            continue
        found = twin(script, made)
        if found is None or made.node is not node:
            return []
        edits += imported(found.imports)
        edits.append(replace(node, found.codes[0]) if found.codes else remove_element(display, node))
        edits += [insert_element(display, display.elts.index(node) + 1, code) for code in found.codes[1:]]
    return edits
