"""Imports at the top of a file: found, extended, or added where the others stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from fixer.edits import AddImport
from fixer.rewrite.blocks import lead, leading
from fixer.rewrite.displays import NONE, Display
from fixer.rewrite.errors import RewriteError

Lines = list[cst.BaseStatement]


def add(module: cst.Module, wanted: Sequence[AddImport], original: cst.Module) -> cst.Module:
    """`module`, in which the file's other edits are made already, with what is imported at its top."""
    for number, edit in enumerate(wanted):
        if edit not in wanted[:number] and not any(_binds(line, edit) for line in _surely_run(module.body)):
            module = _extended(module, edit, original) or _with_line(module, edit, original)
    return module


def _surely_run(body: Sequence[cst.BaseStatement]) -> Lines:
    """The import statements of the module itself; those that are tried count, those under a condition do not."""
    found: Lines = []
    for line in body:
        if isinstance(line, cst.SimpleStatementLine):
            found.append(line)
        elif isinstance(line, cst.Try) and isinstance(line.body, cst.IndentedBlock):
            found += _surely_run([part for part in line.body.body if isinstance(part, cst.BaseStatement)])
    return found


def _dotted(node: cst.BaseExpression | None) -> str:
    match node:
        case cst.Name(value=value):
            return str(value)
        case cst.Attribute(value=value, attr=cst.Name(value=name)):
            return f"{_dotted(value)}.{name}"
    return ""


def _alias(alias: cst.ImportAlias) -> str | None:
    return _dotted(alias.asname.name) if alias.asname and isinstance(alias.asname.name, cst.Name) else None


def _binds(line: cst.BaseStatement, edit: AddImport) -> bool:
    """Whether a line imports what `edit` asks for, under the name that it asks for."""
    target = f"{edit.module}.{edit.name}" if edit.name else edit.module
    bound = edit.alias or edit.name
    for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
        if isinstance(small, cst.Import):
            for alias in small.names:
                name, known_as = _dotted(alias.name), _alias(alias)
                if bound and name == target and known_as == bound:
                    return True
                if not bound and known_as is None and (name == target or name.startswith(f"{target}.")):
                    return True
        elif isinstance(small, cst.ImportFrom) and not small.relative and not isinstance(small.names, cst.ImportStar):
            for alias in small.names:
                name = f"{_dotted(small.module)}.{_dotted(alias.name)}"
                if bound and name == target and (_alias(alias) or _dotted(alias.name)) == bound:
                    return True
    return False


def _region(module: cst.Module, original: cst.Module) -> tuple[int, int]:
    """How many lines belong to the docstring and the __future__ imports, and where the imports at the top end."""
    known = set(original.body)
    floor = end = 0
    for i, line in enumerate(module.body):
        if isinstance(line, cst.SimpleStatementLine):
            first = line.body[0]
            if i == 0 and isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString):
                floor = end = 1
            elif isinstance(first, cst.ImportFrom) and _dotted(first.module) == "__future__":
                floor = end = i + 1
            elif isinstance(first, cst.Import | cst.ImportFrom):
                end = i + 1
            elif line not in known and not _is_first_with_header(i, line, original):
                # what this fix has put here may need the import
                break
        elif not isinstance(line, cst.Try | cst.If) or not _guards_imports(line) or line not in known:
            break
    return floor, end


def _is_first_with_header(index: int, line: cst.BaseStatement, original: cst.Module) -> bool:
    """The first line is made anew when the comments above it are moved from the module to it."""
    return index == 0 and bool(original.body) and line.deep_equals(lead(original.body[0], leading(line)))


def _guards_imports(block: cst.Try | cst.If) -> bool:
    if not isinstance(block.body, cst.IndentedBlock):
        return False
    lines: Sequence[cst.CSTNode] = block.body.body
    simple = [line for line in lines if isinstance(line, cst.SimpleStatementLine)]
    return any(isinstance(small, cst.Import | cst.ImportFrom) for line in simple for small in line.body)


def _extended(module: cst.Module, edit: AddImport, original: cst.Module) -> cst.Module | None:
    """The name added to a `from module import ...` that stands at the top already."""
    if edit.name is None:
        return None
    for i, line in enumerate(module.body[: _region(module, original)[1]]):
        if not isinstance(line, cst.SimpleStatementLine):
            continue
        for j, small in enumerate(line.body):
            if isinstance(small, cst.ImportFrom) and _dotted(small.module) == edit.module and not small.relative:
                if isinstance(small.names, cst.ImportStar):
                    continue
                longer = _with_name(small, small.names, edit)
                changed = line.with_changes(body=[*line.body[:j], longer, *line.body[j + 1 :]])
                return module.with_changes(body=[*module.body[:i], changed, *module.body[i + 1 :]])
    return None


def _with_name(statement: cst.ImportFrom, names: Sequence[cst.ImportAlias], edit: AddImport) -> cst.ImportFrom:
    known = [_dotted(alias.name) for alias in names]
    place = len(known)
    for key in (str, str.casefold):
        if known == sorted(known, key=key) and len(known) > 1:
            place = sum(key(name) < key(edit.name or "") for name in known)
            break
    opening = statement.lpar.whitespace_after if statement.lpar else NONE
    closing = statement.rpar.whitespace_before if statement.rpar else NONE
    display = Display.read(names, opening, closing)
    display.insert(place, _import_alias(edit.name or "", edit.alias))
    items, opening, closing = display.write()
    changes: dict[str, Any] = {"names": items}
    if statement.lpar and statement.rpar:
        changes["lpar"] = statement.lpar.with_changes(whitespace_after=opening)
        changes["rpar"] = statement.rpar.with_changes(whitespace_before=closing)
    return statement.with_changes(**changes)


def _import_alias(name: str, alias: str | None) -> cst.ImportAlias:
    parsed = cst.parse_expression(name)
    if not isinstance(parsed, cst.Name | cst.Attribute):
        raise RewriteError(f"not a name to import: {name!r}")
    return cst.ImportAlias(parsed, cst.AsName(cst.Name(alias)) if alias else None)


def _with_line(module: cst.Module, edit: AddImport, original: cst.Module) -> cst.Module:
    """A line of its own behind the imports at the top."""
    statement: cst.Import | cst.ImportFrom
    if edit.name:
        source = _import_alias(edit.module, None).name
        statement = cst.ImportFrom(source, [_import_alias(edit.name, edit.alias)])
    else:
        statement = cst.Import([_import_alias(edit.module, edit.alias)])
    line: cst.BaseStatement = cst.SimpleStatementLine([statement])
    floor, end = _region(module, original)
    at = max(floor, end)
    body = list(module.body)
    imports_above = end > floor or (at and not _is_docstring(body[at - 1]))
    if imports_above:
        return module.with_changes(body=[*body[:at], line, *body[at:]])
    if at == 0 and body:
        return _at_the_very_top(module, line)
    if at:
        line = lead(line, [_blank()])
    return module.with_changes(body=[*body[:at], line, *_apart(body[at:])])


def _at_the_very_top(module: cst.Module, line: cst.BaseStatement) -> cst.Module:
    """Below the comments that belong to the file, above those that belong to its first statement."""
    above = [*module.header, *leading(module.body[0])]
    at = len(above)
    while at and above[at - 1].comment is not None:
        at -= 1
    at = at or len(above)
    first = lead(module.body[0], above[at:])
    return module.with_changes(header=(), body=[lead(line, above[:at]), *_apart([first, *module.body[1:]])])


def _is_docstring(line: cst.BaseStatement) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Expr)


def _blank() -> cst.EmptyLine:
    return cst.EmptyLine(indent=False)


def _apart(body: Sequence[cst.BaseStatement]) -> Lines:
    """`body`, its first line set apart from the import above it."""
    if not body:
        return []
    above = list(leading(body[0]))
    blanks = 2 if isinstance(body[0], cst.FunctionDef | cst.ClassDef) else 1
    there = next((i for i, line in enumerate(above) if line.comment is not None), len(above))
    return [lead(body[0], [_blank()] * (blanks - there) + above), *body[1:]]
