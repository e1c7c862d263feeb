"""Models that the file makes, or only defines, and calls nowhere: others do, in whichever way.

Whatever goes in, their layers follow each other as the `forward` says; what the file does not tell is unknown.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from fixer.facts.modules.called import module_of
from fixer.facts.modules.forwards import LayerCall, Place, applications
from fixer.facts.modules.module_lists import SEQUENTIAL
from fixer.facts.program.following import Follower
from fixer.facts.program.kinds import Kind, kind_of_class
from fixer.facts.program.machine import OutOfFuel
from fixer.facts.program.values import Arguments, Class, Function, Items, Made, Unknown, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_TAKING = frozenset({"children", "modules", "named_children", "named_modules", "__getitem__", "_modules"})
_MOST, _MOST_ALIKE = 5, 2
"""So many are looked at, and so many of one class."""
_DEEPEST = 4


def never_called(script: Script, applied: set[int]) -> Iterator[LayerCall]:
    """What their layers are given. `applied`: the ids of the layers that the program is seen to call."""
    count = Counter[int]()
    for made in [*script.run.objects, *_by_default(script)]:
        cls = made.cls
        if cls is None or _is_stand_in(made) or count.total() >= _MOST or count[id(cls)] >= _MOST_ALIKE:
            continue
        if _is_model(cls) and module_of(made) is not None and not _is_applied(made, applied, _DEEPEST):
            count[id(cls)] += 1
            yield from _records(made, Arguments(complete=False), applied)
    trains = any(each.loop for each in script.updates)  # elsewhere, in tests say, some are made that nobody runs
    for made in script.run.objects:
        if made.dotted != SEQUENTIAL or id(made) in applied or not _is_whole(made):
            continue
        if trains or (made.node is not None and isinstance(script.parents.get(made.node), ast.Return)):
            yield from _records(made, Arguments([Unknown()]), applied)


def _records(made: Made, arguments: Arguments, applied: set[int]) -> Iterator[LayerCall]:
    for record in applications(Place(Made(made.node, callee=made, arguments=arguments))):
        applied.add(id(record.container or record.layer))
        yield record


def _is_whole(container: Made) -> bool:
    """Whether the layers of a Sequential follow each other: nobody is seen to take them out of it."""
    return not container.uses & _TAKING and not any(key.startswith("[") for key in container.attributes)


def _is_model(cls: Class) -> bool:
    return isinstance(cls.find("forward"), Function) and kind_of_class(cls) is Kind.MODULE


def _is_applied(value: Value, applied: set[int], depth: int) -> bool:
    """Whether the program calls any of the layers of a module."""
    if id(value) in applied or not depth:
        return True
    inner = list(value.attributes.values())
    if isinstance(value, Made) and value.cls is None:
        inner += [*value.arguments.positional, *value.holds]
    elif isinstance(value, Items):
        inner += value.items
    return any(_is_applied(each, applied, depth - 1) for each in inner if isinstance(each, Made | Items))


def _is_stand_in(made: Made) -> bool:
    """Whether the interpreter made it, of a class that the file makes nothing of."""
    return isinstance(made.node, ast.ClassDef) and not made.arguments.complete


def _by_default(script: Script) -> Iterator[Made]:
    """Instances of the models that the file only defines, with the defaults of the parameters that have some."""
    made = {id(each.cls) for each in script.run.objects if each.cls is not None and not _is_stand_in(each)}
    bases = {id(base) for cls in script.run.classes for base in cls.bases}
    for cls in script.run.classes:
        if id(cls) in made or id(cls) in bases or cls.definition is None or not _is_model(cls):
            continue
        constructor = cls.find("__init__")
        spec = constructor.function.args if isinstance(constructor, Function) and constructor.function else None
        if spec is None or spec.vararg is not None or script.home(cls.definition) is not None:
            continue
        if not _tells_sizes(spec) and not _loops(cls):
            continue  # the program has gone through it in the same way, but for the rounds of loops
        needed = [*spec.posonlyargs, *spec.args][1 : len(spec.posonlyargs) + len(spec.args) - len(spec.defaults)]
        follower = Follower(ast.Module([], []))
        try:
            yield follower.instantiate(
                cls, cls.definition, Arguments([Unknown(each, hint=each.arg) for each in needed])
            )
        except (OutOfFuel, RecursionError, RuntimeError):
            continue


def _tells_sizes(spec: ast.arguments) -> bool:
    """Whether defaults are sizes of layers: those at both ends, of classes and colours, do not meet others."""
    named = [*spec.posonlyargs, *spec.args][-len(spec.defaults) :] if spec.defaults else []
    return any(
        _is_size(default)
        for each, default in zip(named, spec.defaults, strict=True)
        if "class" not in each.arg and not each.arg.startswith("in_")
    )


def _is_size(default: ast.expr) -> bool:
    """Whether a parameter's default says how many there are of something, or lists such numbers."""
    if isinstance(default, ast.Tuple | ast.List):
        return any(map(_is_size, default.elts))
    return isinstance(default, ast.Constant) and type(default.value) is int and default.value > 1


def _loops(cls: Class) -> bool:
    """Whether the `forward` goes through several layers in a loop."""
    forward = cls.find("forward")
    body = forward.function if isinstance(forward, Function) else None
    return body is not None and any(isinstance(each, ast.For) for each in walk(body))
