"""Learning rates: what an optimizer was given, what may change it later, and whether it steps often."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fixer.facts.loops.updates import trains
from fixer.facts.program.command_line import default_of_option
from fixer.facts.program.effects import is_foreign
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Inlined, ancestors
from fixer.facts.program.values import (
    Function,
    Imported,
    Items,
    Literal,
    Made,
    Mapping,
    Part,
    Value,
    options,
)
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.shapes import number

_HANDS_ON = frozenset(
    {"step", "unscale_", "prepare", "setup", "setup_optimizers", "make_private", "append", "zero_grad", "state_dict"}
    | {"load_state_dict"}
)
_TRAIN = re.compile(
    r"((?!\w*(sched|warm|anneal|noam|find))(\w+_)?(train|fit)(_\w+)?|train(ing)?_\w*(loop|step|epochs?))$"
)
_LOGS = re.compile(r"(^|[._])(log|wandb)")


@dataclass(frozen=True)
class Rate:
    """A rate that the file itself says. `node`: its expression where the optimizer is made."""

    call: Call
    value: float
    literal: Literal
    node: ast.AST
    sharing: tuple[Call, ...] = ()
    """The optimizers that get it from the command line: the number is what its option falls back to. Else empty."""


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
        elif given[0] is not None and len({id(each) for each in given}) == 1:
            yield from _option(script, call, given[0])
        for literal in _group_rates(call.arguments.get(0, "params")):
            if isinstance(literal.node, ast.Constant):
                yield from _rate(call, literal, literal.node)


def _rate(call: Call, literal: Literal, node: ast.AST) -> Iterator[Rate]:
    value = number(literal)
    if value is not None:
        yield Rate(call, value, literal, node)


def _option(script: Script, call: Call, given: Value) -> Iterator[Rate]:
    """A rate from the command line, once for all optimizers that get it."""
    default = default_of_option(script, given)
    if default is None or default.node is None or not isinstance(given, Part):
        return
    sharing = [
        each
        for each in script.run.calls
        if (each.dotted or "").startswith("torch.optim.") and given in each.arguments.all()
    ]
    used = {id(node) for each in sharing for node in walk(each.node)}
    others = [node for node in walk(script.tree) if isinstance(node, ast.Attribute) and node.attr == given.key]
    kept = {id(node) for node in others if _keeps(script, node, given)}
    if any(id(node) not in used | kept and not _only_shown(script, node) for node in others):
        return  # whatever else takes it may need the number as it is
    if sharing[0] is call:
        yield from (replace(rate, sharing=tuple(sharing)) for rate in _rate(call, default, default.node))


def _keeps(script: Script, node: ast.Attribute, given: Part) -> bool:
    """Whether it is `self.lr = lr`, where an option arrives as an argument of the same name."""
    match script.parents.get(node):
        case ast.Assign(targets=[target], value=ast.Name(id=name)):
            return target is node and name == given.key and isinstance(node.value, ast.Name)
    return False


def _only_shown(script: Script, node: ast.AST) -> bool:
    """Whether a number becomes text where it stands: printed, formatted, made part of a file's name."""
    parent = script.parents.get(node)
    match parent:
        case ast.FormattedValue() | ast.Call(func=ast.Name(id="print" | "str")):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "info" | "debug")) | ast.BinOp(op=ast.Mod()):
            return True
        case ast.keyword():
            call = script.parents[parent]
            return isinstance(call, ast.Call) and _LOGS.search(ast.unparse(call.func)) is not None
        case ast.Tuple():
            return _only_shown(script, parent)
    return False


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
    if rate.sharing and isinstance(node, ast.Constant):
        return node
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


def steps_often(script: Script) -> set[ast.AST]:
    """The calls that made optimizers which step again and again: in a loop, or in a function whose callers do that.

    The latter are out of sight, so that the optimizer has to outlive the function.
    """
    found: set[ast.AST] = set()
    for update in script.updates:
        made = [one.node for one in options(update.optimizer) if isinstance(one, Made) and one.node is not None]
        if update.loop is not None:
            found |= set(made)
        elif trains(script.run, update):
            around = [each.function.function for each in ancestors(update.step) if isinstance(each, Inlined)]
            if not any(getattr(each, "name", "").startswith("test") for each in around):
                found |= {each for each in made if script.function_of(each) not in around}
    return found


def trained_elsewhere(script: Script, call: Call) -> bool:
    """Whether the training is somebody else's: Lightning's, or that of a function out of sight called `train`."""
    function = script.function_of(call.node)
    if function is not None and function.name == "configure_optimizers":
        return True
    return any(_trains(other) and call.result in other.arguments.all() for other in script.run.calls)


def _trains(call: Call) -> bool:
    """Whether code out of sight trains, by its name: `train(model, optimizer)`, `runner.train(optimizer=optimizer)`."""
    match call.callee:
        case Imported(dotted=dotted):
            return _TRAIN.match(dotted.rpartition(".")[2]) is not None
        case Part(how="method", key=str() as name):
            return _TRAIN.match(name) is not None
    return False


def may_change(script: Script, call: Call) -> bool:
    """Whether anything may lower the rate later: a schedule, a write to `["lr"]`, code out of sight.

    What is called `train` and gets the optimizer is expected to step, no more.
    """
    if any(kind(each) is Kind.SCHEDULER for each in script.run.objects) or _writes_rate(script):
        return True
    optimizer = call.result
    for other in script.run.calls:
        if other.node is call.node or not any(optimizer in options(each) for each in _flat(other.arguments.all())):
            continue
        match other.callee:
            case Imported(dotted=dotted) if is_foreign(dotted):
                if not _trains(other):
                    return True
            case Part(key=str() as name) if name not in _HANDS_ON and not _trains(other):
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
