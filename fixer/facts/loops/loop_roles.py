"""What a loop serves, training or evaluation: by the names around it, by its data, by what it counts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixer.facts.data.roles import Role, Roles, called_loader, is_loader, role_of_name
from fixer.facts.loops.matches import counts_hits
from fixer.facts.program.kinds import name_of
from fixer.facts.program.training import Inlined, Loop, ancestors
from fixer.facts.program.values import Literal, Made, Value, options
from fixer.facts.script import Script

_EVALUATES = re.compile(r"(^|_)(test|eval|evaluate|evaluation|valid|validate|validation|val|accuracy)(_|\d|$)")


def role_of_loop(script: Script, roles: Roles, loop: Loop, without_grad: bool) -> Role | None:
    """What a loop does with what it draws, by the names around it and by what it counts; None: nobody knows."""
    source = next((each for each, own in roles.loops if own is loop), None)
    if source is None:
        return None
    said = {role_of_name(each) for each in _names(loop) if each} - {None}
    if not said:  # what the loop calls it says more than what it was called where it was made
        said = {role_of_name(each) for each in [*roles.names_of(source), name_of(source)] if each}
    said = (said | {_role_of_data(each) for each in options(source)}) - {None}
    if not said and roles.said_of_dataset(source) == {Role.EVALUATION}:
        return Role.EVALUATION
    if not said and (is_loader(source) or called_loader(loop)) and counts_hits(script, loop):
        return Role.EVALUATION
    if not said and _EVALUATES.search(_function_name(loop)) and (without_grad or _goes_in_batches(loop)):
        return Role.EVALUATION
    return Role.EVALUATION if said == {Role.EVALUATION} else None


def _names(loop: Loop) -> Iterator[str]:
    """What the loop calls the thing that it draws from: `test_loader`, `loaders["val"]`."""
    drawn = getattr(loop.node, "iter", None)
    if drawn is None:
        drawn = loop.node.generators[0].iter  # type: ignore[union-attr]
    while isinstance(drawn, ast.Call) and drawn.args:
        drawn = drawn.args[0]
    match drawn:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            yield name
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            yield name


def _role_of_data(source: Value) -> Role | None:
    """What the dataset behind a loader was made as: `train=False`, `split="test"`."""
    dataset = source.arguments.get(0, "dataset") if isinstance(source, Made) else None
    if not isinstance(dataset, Made) or "sampler" in source.arguments.keywords:  # type: ignore[attr-defined]
        return None  # a part of it may be kept for evaluation
    flag, split = dataset.arguments.keywords.get("train"), dataset.arguments.keywords.get("split")
    if isinstance(flag, Literal) and isinstance(flag.value, bool):
        return Role.TRAINING if flag.value else Role.EVALUATION
    return role_of_name(split.value) if isinstance(split, Literal) and isinstance(split.value, str) else None


def _goes_in_batches(loop: Loop) -> bool:
    """Whether a loop takes batches, by themselves or by where they start: `range(0, len(data), size)`."""
    drawn = getattr(loop.node, "iter", None)
    while isinstance(drawn, ast.Call) and isinstance(drawn.func, ast.Name) and drawn.args:
        if drawn.func.id in ("range", "trange"):
            return len(drawn.args) == 3
        drawn = drawn.args[0]
    return called_loader(loop)


def _function_name(loop: Loop) -> str:
    around = next((each for each in ancestors(loop) if isinstance(each, Inlined)), None)
    return getattr(around.function.function, "name", "") if around else ""
