"""In which type a program computes: whether its models are the float32 that torch makes them, and stay so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixer.facts.program.following import kept
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Class, Computed, Function, Made, Part, Unknown, Value, options
from fixer.facts.program.walk import walk
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
    known = dtype_of(value)
    if known is not None:  # no model is cast to integers, and one of float32 is what it was
        return known != "float32" and "int" not in known and known != "bool"
    names = [value.hint] if isinstance(value, Unknown) else [str(value.key)] if isinstance(value, Part) else []
    return any("type" in each for each in names)


def made_in_single_precision(layer: Made) -> bool:
    """Whether a layer is made without asking for another type."""
    return layer.arguments.get(None, "dtype") is None and layer.arguments.complete


# -- models ------------------------------------------------------------------------------------------------------------

_WEIGHTED = re.compile(r"((Bil|L)inear|Conv(Transpose)?[123]d|(LSTM|GRU|RNN)(Cell)?)$")
_CASTING = frozenset({"float", "to", "type", "type_as", "half", "bfloat16", "double", "long", "int", "bool"})
_EMBEDDINGS = frozenset({"Embedding", "embedding"})
_OTHER_TYPES = _EMBEDDINGS | frozenset({"dtype", "one_hot", "argmax", "argsort", "multinomial", "nonzero"})


def computes_with_floats(script: Script, cls: Class) -> bool:
    """Whether a model has weights of float32, and nothing in its `forward` and its parts' changes a type."""
    return kept(cls, "computes with floats", lambda: _computes_with_floats(script, cls, _OTHER_TYPES))


def gives_floats(script: Script, cls: Class) -> bool:
    """Whether a model makes float32 of what it takes, which may be the numbers of an embedding's rows."""
    return kept(cls, "gives floats", lambda: _computes_with_floats(script, cls, _OTHER_TYPES - _EMBEDDINGS))


def _computes_with_floats(script: Script, cls: Class, others: frozenset[str]) -> bool:
    known = {each.definition.name: each for each in script.run.classes if each.definition is not None}
    helpers = {getattr(each.function, "name", ""): each.function for each in script.run.functions if not each.definer}
    waiting, seen, weighted = [cls], {id(cls)}, False
    while waiting:
        current = waiting.pop()
        methods = _methods(current)
        if current is cls and "forward" not in methods:
            return False
        if any(_changes_type(node, others) for node in _run_by("forward", methods)):
            return False
        words = {word for each in methods.values() for word in _words(each)}
        words |= {word for each in words & helpers.keys() for word in _words(helpers[each])}
        weighted = weighted or any(_WEIGHTED.match(each) for each in words)
        for each in words & known.keys():
            if id(known[each]) not in seen:
                seen.add(id(known[each]))
                waiting.append(known[each])
    return weighted


def _words(body: ast.AST | None) -> set[str]:
    """The names and attributes in a function."""
    return {getattr(node, "id", getattr(node, "attr", "")) for node in walk(body)} if body is not None else set()


def _methods(cls: Class) -> dict[str, ast.AST]:
    """The methods of a class and of its bases in the file."""
    found: dict[str, ast.AST] = {}
    for base in cls.mro():
        for name, member in base.members.items() if isinstance(base, Class) else ():
            if isinstance(member, Function) and member.function is not None:
                found.setdefault(name, member.function)
    return found


def _run_by(name: str, methods: dict[str, ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a method and of all others that it names."""
    waiting, seen = [name], {name}
    while waiting:
        body = methods.get(waiting.pop())
        for node in walk(body) if body is not None else ():
            yield node
            if isinstance(node, ast.Attribute) and node.attr in methods and node.attr not in seen:
                seen.add(node.attr)
                waiting.append(node.attr)


def _changes_type(node: ast.AST, others: frozenset[str]) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) if name in _CASTING:
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=name):
            return name in others
    return False
