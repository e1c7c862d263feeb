"""Pipelines of transforms that are called those of evaluation, whoever makes datasets of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer.facts.data.datasets import given_to
from fixer.facts.data.roles import Role, Roles, role_of_name
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Literal, Made, options
from fixer.facts.script import Script
from fixer.facts.transforms.augmentation import elements, random_elements, transform_name


def evaluation_pipelines(script: Script, roles: Roles, views: bool) -> Iterator[tuple[Made, ast.Call]]:
    """The random pipelines that a program calls test, val, ..., with the calls that make them.

    The name is enough where another pipeline is called train, or a dataset that is called test is given this one: code
    out of sight may get them, but nothing in sight trains with them. In a program that is about several `views` of a
    sample, nobody but such datasets must be given it.
    """
    made = [each for each in script.run.objects if transform_name(each) == "Compose" and each.node in script.parents]
    said = {id(each): _said(script, roles, each) for each in made if elements(each)}
    beside = not views and any(each == {Role.TRAINING} for each in said.values())
    for each in made:
        if said.get(id(each)) != {Role.EVALUATION} or not random_elements(each):
            continue
        users = [user for user in given_to(script, each) if script.home(user.node) is None]
        if any(_trains(roles, user) for user in users):
            continue
        tested = [user for user in users if _tests(roles, user)]
        certain = bool(tested) and (not views or len(tested) == len(users))
        named = beside and bool(users or roles.keys_of(each))
        if (certain or named) and isinstance(each.node, ast.Call) and script.home(each.node) is None:
            yield each, each.node


def _tests(roles: Roles, user: Call) -> bool:
    """Whether a call makes a dataset for evaluation, whoever wrote its class."""
    drawn = {id(each) for loader in roles.loaders for each in options(loader.dataset)}
    return all(
        (kind(each) is Kind.DATASET or id(each) in drawn) and roles.of(each) is Role.EVALUATION
        for each in options(user.result)
    )


def _said(script: Script, roles: Roles, pipeline: Made) -> set[Role]:
    """What the program says of a pipeline: the variables that it is bound to, its keys in dicts, and its parameters."""
    names = [*roles.names_of(pipeline), *roles.keys_of(pipeline)]
    for call in given_to(script, pipeline):
        names += [name for name, value in call.arguments.keywords.items() if pipeline in options(value)]
    parent = script.parents.get(pipeline.node) if pipeline.node is not None else None
    function = script.function_of(parent) if isinstance(parent, ast.Return) else None
    names += [function.name] if function is not None else []
    return {role for each in names if (role := role_of_name(each)) is not None}


def _trains(roles: Roles, user: Call) -> bool:
    """Whether what a call makes of the pipeline serves training, or nobody knows what a part of it serves."""
    flag = user.arguments.keywords.get("train")
    if isinstance(flag, Literal) and flag.value is True:
        return True
    return any(roles.of(each) is Role.TRAINING for each in options(user.result))
