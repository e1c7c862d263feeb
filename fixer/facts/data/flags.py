"""The flag by which a dataset is told whether it serves training: a parameter of `__init__`, kept in an attribute."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.program.names import dotted_text
from fixer.facts.program.values import Class, Function, Literal, Made
from fixer.facts.program.walk import walk

_FLAG = re.compile(r"(is_?)?(train|training)(_?mode)?$|(do_|use_|is_)?aug(ment(ation|ed)?)?$")


@dataclass(frozen=True)
class Flag:
    """A parameter of a class's `__init__`, the attribute it is stored in, and its default."""

    parameter: str
    attribute: str
    default: bool | None
    stored_only: bool
    """The parameter is only stored, and the attribute only read in tests of `__getitem__`, if at all."""


def constructor(cls: Class) -> ast.FunctionDef | None:
    """The `__init__` that stands in the class itself."""
    found = cls.members.get("__init__")
    return found.function if isinstance(found, Function) and isinstance(found.function, ast.FunctionDef) else None


def mentions_attribute(cls: Class, name: str) -> bool:
    """Whether the body of a class reads or sets an attribute of this name, of any object."""
    return cls.definition is not None and any(
        isinstance(each, ast.Attribute) and each.attr == name for each in walk(cls.definition)
    )


def flags(cls: Class) -> Iterator[Flag]:
    """The parameters of `__init__` that are stored in attributes as they are."""
    init = constructor(cls)
    if init is None or cls.definition is None or not init.args.args:
        return
    me = init.args.args[0].arg
    for statement in init.body:
        for target, value in _assignments(statement):
            if isinstance(target, ast.Attribute) and isinstance(value, ast.Name) and dotted_text(target.value) == me:
                parameters = _defaults(init)
                if value.id in parameters:
                    uses = [n for n in walk(cls.definition) if isinstance(n, ast.Name) and n.id == value.id]
                    reads = sum(isinstance(n.ctx, ast.Load) for n in uses)
                    alone = reads == 1 and _read_in_item_only(cls, target.attr)
                    yield Flag(value.id, target.attr, parameters[value.id], alone)


def _assignments(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=left)], value=ast.Tuple(elts=right)) if len(left) == len(right):
            yield from zip(left, right, strict=True)
        case ast.Assign(targets=[target], value=value):
            yield target, value


def _defaults(init: ast.FunctionDef) -> dict[str, bool | None]:
    """The parameters that may be flags: those without a default (None), and those with a boolean one."""
    spec = init.args
    names = [*spec.posonlyargs, *spec.args]
    defaults: list[ast.expr | None] = [*[None] * (len(names) - len(spec.defaults)), *spec.defaults]
    found: dict[str, bool | None] = {}
    for each, default in [*zip(names, defaults, strict=True), *zip(spec.kwonlyargs, spec.kw_defaults, strict=True)]:
        if default is None:
            found[each.arg] = None
        elif isinstance(default, ast.Constant) and isinstance(default.value, bool):
            found[each.arg] = default.value
    return found


def _read_in_item_only(cls: Class, attribute: str) -> bool:
    assert cls.definition is not None
    for method in cls.definition.body:
        inside = isinstance(method, ast.FunctionDef) and method.name == "__getitem__"
        for node in walk(method):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == attribute
                and isinstance(node.ctx, ast.Load)
                and not inside
            ):
                return False
    return True


def named_as_flag(flag: Flag) -> bool:
    """Whether its name says that it tells training from evaluation."""
    return _FLAG.match(flag.parameter) is not None


def flag_given(made: Made, flag: Flag) -> bool | None:
    """The literal value that an object was made with; None where it is not a literal."""
    init = constructor(made.cls) if made.cls else None
    if init is None:
        return None
    names = [each.arg for each in [*init.args.posonlyargs, *init.args.args]][1:]
    position = names.index(flag.parameter) if flag.parameter in names else None
    given = made.arguments.get(position, flag.parameter)
    if given is None:
        return flag.default if made.arguments.complete else None
    return given.value if isinstance(given, Literal) and isinstance(given.value, bool) else None
