"""Learning rates: what an optimizer was given, what may change it later, and how much it trains."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.modules.module_lists import members
from fixer.facts.modules.stacks import Role, role_of_layer
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Function, Imported, Items, Literal, Made, Mapping, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import number

_HANDS_ON = frozenset({"step", "unscale_", "prepare", "setup", "append", "zero_grad", "state_dict", "load_state_dict"})
_BIG = re.compile(r"torchvision\.models\.|torch\.nn\.(RNN|LSTM|GRU|Transformer|MultiheadAttention)|timm\.")


@dataclass(frozen=True)
class Rate:
    """A rate that the file itself says. `node`: its expression where the optimizer is made."""

    call: Call
    value: float
    literal: Literal
    node: ast.AST


def rates(script: Script, *optimizers: str) -> Iterator[Rate]:
    """The rates of all calls of these classes, `lr` of parameter groups included; one for each place in the text."""
    calls = list(script.calls(*optimizers))
    for call in calls:
        same_node = [each for each in calls if each.node is call.node]
        if call is not same_node[0] or not call.arguments.complete:
            continue
        given = [each.arguments.get(1, "lr") for each in same_node]
        known = {number(each) if isinstance(each, Literal) else None for each in given}
        node = next((each.value for each in call.node.keywords if each.arg == "lr"), None)
        if node is None and len(call.node.args) > 1:
            node = call.node.args[1]
        if isinstance(given[0], Literal) and len(known) == 1 and node is not None:
            yield from _rate(call, given[0], node)
        for literal in _group_rates(call.arguments.get(0, "params")):
            if isinstance(literal.node, ast.Constant):
                yield from _rate(call, literal, literal.node)


def _rate(call: Call, literal: Literal, node: ast.AST) -> Iterator[Rate]:
    value = number(literal)
    if value is not None:
        yield Rate(call, value, literal, node)


def _group_rates(groups: Value | None) -> Iterator[Literal]:
    for group in groups.items if isinstance(groups, Items) else ():
        rate = group.items.get("lr") if isinstance(group, Mapping) else None
        if isinstance(rate, Literal):
            yield rate


def is_default_of_parameter(script: Script, rate: Rate) -> bool:
    """Whether the number is what a function falls back to: its callers may give another."""
    return isinstance(script.parents.get(rate.literal.node or ast.Pass()), ast.arguments)


def place_of(script: Script, rate: Rate) -> ast.expr | None:
    """The number to change: where it is named, if it is named for this optimizer alone, else where it is used."""
    node = rate.literal.node
    if not isinstance(node, ast.Constant) or node not in script.parents:
        return rate.node if isinstance(rate.node, ast.Constant | ast.Name) else None
    users = {
        each.node
        for each in script.run.calls
        if each.dotted != "print" and any(rate.literal in options(given) for given in each.arguments.all())
    }
    followed = {each.node for each in script.run.calls if isinstance(each.callee, Function)}
    if users - followed <= {rate.call.node}:
        return node
    return rate.node if isinstance(rate.node, ast.Constant | ast.Name) else None


def may_change(script: Script, call: Call) -> bool:
    """Whether anything may lower the rate later: a schedule, a write to `["lr"]`, code out of sight."""
    if any(kind(each) is Kind.SCHEDULER for each in script.run.objects) or _writes_rate(script):
        return True
    optimizer = call.result
    for other in script.run.calls:
        if other.node is call.node or not any(optimizer in options(each) for each in _flat(other.arguments.all())):
            continue
        match other.callee:
            case Imported(dotted=dotted) if not dotted.startswith("torch.") and dotted != "print":
                return True
            case Part(key=str() as name) if name not in _HANDS_ON:
                return True
    return False


def _flat(values: list[Value]) -> Iterator[Value]:
    for value in values:
        yield value
        if isinstance(value, Items):
            yield from value.items
        if isinstance(value, Mapping):
            yield from value.items.values()


def _writes_rate(script: Script) -> bool:
    for node in walk(script.tree):
        match node:
            case ast.Subscript(slice=ast.Constant(value="lr"), ctx=ast.Store()):
                return True
            case ast.Attribute(attr="lr" | "learning_rate", ctx=ast.Store(), value=ast.Name(id=name)) if name != "self":
                return True
    return False


def weight_layers(module: Value, depth: int = 8) -> int | None:
    """How many layers with weights a module has; None where that is out of sight."""
    if not isinstance(module, Made) or depth == 0:
        return None
    if module.dotted is not None:
        if _BIG.match(module.dotted):
            return 2  # at least
        if members(module) is not None or not module.dotted.startswith("torch.nn."):
            return _together(members(module), depth)
        role, name = role_of_layer(module.dotted)
        if name in ("Sequential", "ModuleList", "ModuleDict"):
            return None
        return int(role is Role.WEIGHT or name in ("Embedding", "Bilinear", "ConvTranspose2d", "ConvTranspose1d"))
    if module.cls is None or not module.arguments.complete:
        return None
    parts = {id(each): each for each in module.attributes.values() if kind(each) is Kind.MODULE}
    return _together(list(parts.values()), depth)


def _together(modules: list[Value] | None, depth: int) -> int | None:
    """The layers of several modules; two are counted even where others are out of sight."""
    counts = [weight_layers(each, depth - 1) for each in modules] if modules is not None else [None]
    known = sum(each or 0 for each in counts)
    return None if None in counts and known < 2 else known
