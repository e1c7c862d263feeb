"""What `**options` adds to a call, where the file writes the dict out: its keys, and the values each may have."""

from __future__ import annotations

import ast

from fixer.facts.program.walk import walk
from fixer.facts.script import Script

Entries = dict[str, list[ast.expr]]


def spread(script: Script, call: ast.Call) -> Entries | None:
    """All that the `**` arguments of a call may add; None where the file does not show it."""
    found: Entries = {}
    for keyword in call.keywords:
        if keyword.arg is None and not _added(found, _entries(script, keyword.value)):
            return None
    return found


def _added(found: Entries, more: Entries | None) -> bool:
    for key, values in (more or {}).items():
        found.setdefault(key, []).extend(values)
    return more is not None


def _entries(script: Script, node: ast.expr, depth: int = 4) -> Entries | None:
    if depth == 0:
        return None
    parts: list[Entries | None] = []
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                parts.append(_entry(script, key, value, depth))
        case ast.IfExp(body=body, orelse=orelse):
            parts = [_entries(script, body, depth - 1), _entries(script, orelse, depth - 1)]
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            for keyword in keywords:
                key = ast.Constant(keyword.arg) if keyword.arg else None
                parts.append(_entry(script, key, keyword.value, depth))
        case ast.Name(id=name):
            parts = _of_name(script, name, depth - 1)
        case _:
            return None
    found: Entries = {}
    return found if all(_added(found, part) for part in parts) else None


def _entry(script: Script, key: ast.expr | None, value: ast.expr, depth: int) -> Entries | None:
    if key is None:
        return _entries(script, value, depth - 1)
    return {key.value: [value]} if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def _of_name(script: Script, name: str, depth: int) -> list[Entries | None]:
    """What any variable of this name is ever given; a None where something else is done with it."""
    mentions = [node for node in walk(script.tree) if isinstance(node, ast.Name) and node.id == name]
    parameter = any(isinstance(node, ast.arg) and node.arg == name for node in walk(script.tree))
    if parameter or not any(isinstance(node.ctx, ast.Store) for node in mentions):
        return [None]
    return [_at(script, node, depth) for node in mentions]


def _at(script: Script, node: ast.Name, depth: int) -> Entries | None:
    """What one mention of a variable adds to it."""
    parent = script.parents[node]
    above = script.parents.get(parent)
    match parent:
        case ast.Assign(targets=[ast.Name() as target], value=value) if target is node:
            return _entries(script, value, depth)
        case ast.keyword(arg=None):
            return {}
        case ast.Attribute(attr="update") if isinstance(above, ast.Call) and above.func is parent:
            given = [_entries(script, each, depth) for each in above.args]
            given += [{each.arg: [each.value]} if each.arg else None for each in above.keywords]
            found: Entries = {}
            return found if all(_added(found, each) for each in given) else None
        case ast.Call(func=ast.Attribute(attr="update")):
            return {}
        case ast.Subscript(value=value, slice=key) if value is node:
            if isinstance(parent.ctx, ast.Load):
                return {}
            return _entry(script, key, above.value, depth) if isinstance(above, ast.Assign) else None
    return None
