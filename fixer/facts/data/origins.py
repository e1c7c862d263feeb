"""Where values come from: what was computed from what, and what belongs together by that."""

from __future__ import annotations

import ast

from fixer.facts.program.values import Computed, Items, Made, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import row_count


def reaches(value: Value, wanted: Value, depth: int = 10) -> bool:
    """Whether `value` was computed from `wanted`."""
    if value is wanted:
        return True
    if depth == 0:
        return False
    return any(reaches(each, wanted, depth - 1) for each in _sources(value))


def _sources(value: Value) -> list[Value]:
    match value:
        case Computed(operands=operands):
            return operands
        case Made(arguments=given):
            return given.all()
        case Part(base=base, arguments=given):
            return [base, *(given.all() if given else []), *value.holds]
        case Items(items=items, each=each):
            return [*items, *([each] if each else [])]
    return options(value) if options(value) != [value] else []


def belong_together(inputs: Value, targets: Value) -> bool:
    """Whether two roots hold the inputs and targets of the same samples, in the same order, as far as one can see."""
    if inputs is targets:
        return False
    sizes = {row_count(inputs), row_count(targets)}
    if len(sizes) == 1 and None not in sizes:
        return True
    if isinstance(inputs, Part) and isinstance(targets, Part) and inputs.base is targets.base:
        return inputs.how == targets.how and inputs.how in ("subscript", "attribute")
    return reaches(targets, inputs) or reaches(inputs, targets)


def reads_alike(script: Script, node: ast.expr, place: ast.expr) -> bool:
    """Whether the text of `node` means at `place` what it means where it stands: one scope, nothing bound between."""
    scope = script.function_of(node)
    if scope is not script.function_of(place):
        return False
    names = {each.id for each in walk(node) if isinstance(each, ast.Name)}
    names |= {each.attr for each in walk(node) if isinstance(each, ast.Attribute)}
    start, end = sorted((script.statement_of(node).lineno, script.statement_of(place).lineno))
    bound = {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in walk(scope or script.tree)
        if isinstance(each, ast.Name | ast.Attribute) and isinstance(each.ctx, ast.Store) and start < each.lineno < end
    }
    if bound & names:
        return False
    return not any(isinstance(each, ast.NamedExpr | ast.Lambda | ast.Await) for each in walk(node))
