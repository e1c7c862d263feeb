"""In which type a program computes: whether its models are the float32 that torch makes them, and stay so."""

from __future__ import annotations

from collections.abc import Iterator

from fixer.facts.program.following import kept
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Computed, Made, Part, Unknown, Value, options
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import dtype_of
from fixer.facts.tensors.arrays import array

_DEFAULTS = ("set_default_dtype", "set_default_tensor_type", "autocast", "custom_fwd", "amp.initialize", "Accelerator")
_CASTS = frozenset({"double", "half", "bfloat16"})


def single_precision(script: Script) -> bool:
    """Whether nothing in the file makes a model anything but float32, or casts what goes into it by itself."""
    return kept(script, "single precision", lambda: _single_precision(script))


def _single_precision(script: Script) -> bool:
    if not script.run.complete or any((dotted or "").endswith(_DEFAULTS) for dotted in _imported(script)):
        return False
    casts = [call for call in script.run.calls if _casts_a_model(call)]
    if not casts:
        return True
    fed = {id(each) for each in _fed(script)}
    return all(id(call.result) in fed for call in casts)


def _fed(script: Script) -> Iterator[Value]:
    """What modules are called with, and what that is computed of: what is cast among it is a tensor, not a model."""
    for call in script.run.calls:
        if isinstance(call.callee, Made | Part) and kind(call.callee) is Kind.MODULE:
            for each in call.arguments.all():
                yield from _operands(each)


def _operands(value: Value, depth: int = 6) -> Iterator[Value]:
    yield value
    match value:
        case Computed(operands=operands) if depth:
            for each in operands:
                yield from _operands(each, depth - 1)
        case Part(how="method", base=base) if depth:
            yield from _operands(base, depth - 1)


def _imported(script: Script) -> set[str | None]:
    return {call.dotted for call in script.run.calls} | set(script.names.imports.values())


def _casts_a_model(call: Call) -> bool:
    """`model.double()`, `model.to(torch.float64)`, `model.to(dtype)`; a tensor may be cast."""
    for callee in options(call.callee):
        result = call.result
        owner, name = (callee.base, callee.key) if isinstance(callee, Part) else (None, None)
        if isinstance(result, Part) and result.how == "method":
            owner, name = result.base, result.key
        if owner is None or name not in _CASTS | {"to", "type"} or array(owner) is not None:
            continue
        if name in _CASTS or any(_is_type(each) for each in call.arguments.all()):
            return True
    return False


def _is_type(value: Value) -> bool:
    if dtype_of(value) is not None:
        return True
    names = [value.hint] if isinstance(value, Unknown) else [str(value.key)] if isinstance(value, Part) else []
    return any("type" in each for each in names)


def made_in_single_precision(layer: Made) -> bool:
    """Whether a layer is made without asking for another type."""
    return layer.arguments.get(None, "dtype") is None and layer.arguments.complete
