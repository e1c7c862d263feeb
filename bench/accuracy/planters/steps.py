"""Steps of optimizers that are forgotten, or taken before there are gradients."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from planters.source import Mutation, Planter, Source, name, single_line

BACKWARD = (".backward(", "manual_backward(")


def missing_optimizer_step(source: Source) -> Iterator[Mutation]:
    """A step gives way to `pass`, where its function calls backward and the file clears the same optimizer."""
    for statement in _steps(source):
        if any(word in _around(source, statement) for word in BACKWARD):
            yield statement, [source.put(statement, "pass")]


def step_before_backward(source: Source) -> Iterator[Mutation]:
    """A step and the backward call before it, in one block, change places."""
    for statement in _steps(source):
        block = next(each for each in source.blocks if statement in each)
        for earlier in reversed(block[: block.index(statement)]):
            if isinstance(earlier, ast.Expr) and name_of(earlier) in ("backward", "manual_backward"):
                if single_line(earlier):
                    both = source.of(statement), source.of(earlier)
                    yield earlier, [source.put(earlier, both[0]), source.put(statement, both[1])]
                break
            if _clears_or_steps(source, earlier):
                break


def _steps(source: Source) -> Iterator[ast.stmt]:
    """Statements `o.step()` and `scaler.step(o)` of what is cleared somewhere in the file."""
    cleared = {
        ast.unparse(call.func.value) for call in source.calls("zero_grad") if isinstance(call.func, ast.Attribute)
    }
    for node in source.nodes:
        if not isinstance(node, ast.Expr) or name_of(node) != "step" or not single_line(node):
            continue
        call = node.value
        assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        which = ast.unparse(call.args[0] if call.args else call.func.value)
        if which in cleared:
            yield node


def _clears_or_steps(source: Source, statement: ast.stmt) -> bool:
    return "zero_grad" in source.of(statement) or ".step(" in source.of(statement)


def _around(source: Source, node: ast.AST) -> str:
    """The text of the function that holds a node, or the whole."""
    function = next((each for each in source.above(node) if isinstance(each, ast.FunctionDef)), None)
    return source.of(function) if function else source.text


def name_of(statement: ast.Expr) -> str:
    """The method that a statement calls."""
    value = statement.value
    return name(value) if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else ""


PLANTERS: dict[str, Planter] = {
    "missing-optimizer-step": missing_optimizer_step,
    "step-before-backward": step_before_backward,
}
