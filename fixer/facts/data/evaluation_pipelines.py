"""Pipelines of transforms that are called those of evaluation, whoever makes datasets of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer.facts.data.datasets import given_to
from fixer.facts.data.roles import Role, Roles, role_of_name
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Literal, Made, options
from fixer.facts.script import Script
from fixer.facts.transforms.augmentation import elements, random_elements, transform_name


def evaluation_pipelines(script: Script, roles: Roles) -> Iterator[tuple[Made, ast.Call]]:
    """The random pipelines that a program calls test, val, ..., beside one that it calls train.

    Their names are enough where code out of sight gets them: nothing that is in sight uses them for training.
    """
    made = [each for each in script.run.objects if transform_name(each) == "Compose" and each.node in script.parents]
    said = {id(each): _said(script, roles, each) for each in made if elements(each)}
    if not any(each == {Role.TRAINING} for each in said.values()):
        return
    for each in made:
        if said.get(id(each)) != {Role.EVALUATION} or not random_elements(each):
            continue
        if isinstance(each.node, ast.Call) and script.home(each.node) is None:
            users = given_to(script, each)
            if not any(_trains(roles, user) for user in users) and (users or roles.keys_of(each)):
                yield each, each.node


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
