"""What a program counts as right: targets that it holds against the class with the largest output."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer.facts.program.following import kept
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Loop, within
from fixer.facts.program.values import Computed, Made, Part, Value, options
from fixer.facts.script import Script

_EQUAL = frozenset({"eq", "equal"})
_CONVERTING = frozenset(
    {"tensor", "as_tensor", "from_numpy", "FloatTensor", "LongTensor", "DoubleTensor", "Tensor", "Variable", "array"}
)


def is_counted_as_class(script: Script, target: Value) -> bool:
    """Whether the program compares this target with an argmax: then it holds the numbers of classes."""
    compared = kept(script, "counted as classes", lambda: {id(each) for each in _compared(script)})
    return any(id(each) in compared for each in _origins(target))


def counts_hits(script: Script, loop: Loop) -> bool:
    """Whether the loop compares the classes that a model finds with those that are right."""
    calls = (each for each in script.run.calls if within(each.event, loop))
    return any(any(map(_largest, options(side))) for call in calls for pair in _pairs(call) for side in pair)


def _compared(script: Script) -> Iterator[Value]:
    for call in script.run.calls:
        for one, other in _pairs(call):
            for left, right in ((one, other), (other, one)):
                if any(map(_largest, options(left))):
                    yield from _origins(right)


def _pairs(call: Call) -> Iterator[tuple[Value, Value]]:
    result, given = call.result, call.arguments.positional
    if isinstance(result, Part) and result.how == "method":
        if result.key in _EQUAL and len(given) == 1:
            yield result.base, given[0]
        given = [result.base, *given]
    elif isinstance(result, Made) and (result.dotted or "").rpartition(".")[2] in _EQUAL and len(given) == 2:
        yield given[0], given[1]
    for each in given:
        yield from _equations(each)


def _equations(value: Value, depth: int = 4) -> Iterator[tuple[Value, Value]]:
    """The sides of `a == b`, in `(a == b).float()` too."""
    match value:
        case Computed(node=ast.Compare(ops=[ast.Eq()]), operands=[left, right]):
            yield left, right
        case Computed(operands=operands) if depth:
            for each in operands:
                yield from _equations(each, depth - 1)
        case Part(how="method", base=base) if depth:
            yield from _equations(base, depth - 1)


def _largest(value: Value, depth: int = 6) -> bool:
    """Whether it is the place of the largest of several numbers: `argmax(1)`, `max(1)[1]`."""
    match value:
        case Part(how="method", key="argmax"):
            return True
        case Made(dotted="torch.argmax" | "numpy.argmax"):
            return True
        case Part(how="subscript", key=1, base=Part(how="method", key="max" | "topk", arguments=given)):
            return given is not None and bool(given.all())
        case Part(how="attribute", key="indices", base=Part(how="method", key="max" | "topk")):
            return True
        case Part(how="subscript", key=1, base=Made(dotted="torch.max" | "torch.topk", arguments=given)):
            return len(given.all()) > 1
        case Part(how="method" | "attribute", base=base) if depth:
            return _largest(base, depth - 1)
    return False


def _origins(value: Value) -> Iterator[Value]:
    """A value, and what it was before it was converted, moved and reshaped."""
    for each in options(value):
        yield each
        match each:
            case Part(how="method", base=base) | Part(how="attribute", key="data", base=base):
                yield from _origins(base)
            case Made(arguments=given) if (each.dotted or "").rpartition(".")[2] in _CONVERTING and given.positional:
                yield from _origins(given.positional[0])
