"""Initialisations of all layers of a kind at once: loops over modules, functions for `apply`, layers' own weights.

The layers need not be seen one behind the other: where all convolutions of a network are filled with one number, some
of them are hidden ones.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from fixer.facts.modules.initialisation import Draw, Filling, Target
from fixer.facts.modules.layer_kinds import whole_of
from fixer.facts.modules.module_lists import SEQUENTIAL
from fixer.facts.modules.stacks import Role, role_of_layer
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Event, Node, ancestors
from fixer.facts.program.values import Choice, Function, Imported, Items, Made, Part, Unknown, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_KINDS = frozenset({"linear", "conv", "conv1d", "conv2d", "conv3d", "_convnd"}) | {
    f"convtranspose{dims}d" for dims in (1, 2, 3)
}
_MULTIPLYING = frozenset({"linear", "conv1d", "conv2d", "conv3d", "matmul", "mm"})
_DEEPEST = 14


def wholesale(script: Script, filled: list[Filling]) -> Iterator[Filling]:
    """Calls that fill the weights of several layers, whichever they are, with one constant and are not made good."""
    seen: set[ast.AST] = set()
    for filling in filled:
        node = filling.call.node
        if node in seen or filling.drawn is not Draw.CONSTANT or filling.parameter != "weight":
            continue
        together = [each for each in filled if each.call.node is node]
        known = not math.isnan(filling.value)
        if not known or not (_of_all(filling, together) or _of_own_layer(script, filling)):
            continue
        if not _is_asked_for(script, node) and not any(redrawn(script, filling, other) for other in filled):
            seen.add(node)
            yield filling


def _of_all(filling: Filling, together: list[Filling]) -> bool:
    """Whether it fills every layer of a class, and there are several of them. `together`: what the call fills, always.

    Layers that a function is given one by one may all be last ones, but for convolutions.
    """
    words = {word.lower() for word in filling.tests.wanted}
    if not words <= _KINDS or (not words and (filling.value == 0 or filling.tests.unwanted)):
        return False
    layers = [target.layer for each in together for target in each.targets if target.layer is not None]
    named = {id(each.node): each for each in layers if role_of_layer(each.dotted or "")[0] is Role.WEIGHT}
    inner = words or any("Conv" in (each.dotted or "") for each in layers)
    if inner and filling.value != 0 and len(named) > 1 and any(map(_is_wide, named.values())):
        return True
    return any(_several(each.module, filling) for each in filling.targets if each.module is not None)


def _several(module: Value, filling: Filling) -> bool:
    """Whether a module has several such layers; of one out of sight that is taken for granted, but for zeros."""
    if not isinstance(module, Made):
        return filling.value != 0
    layers = [each for each in _layers(module) if _is_weighted(each, filling)]
    if len(layers) > 1:
        return any(map(_is_wide, layers))
    if filling.value != 0 and layers and any(map(_grows, (module, *module.attributes.values()))):
        return True
    if module.dotted == "torch.nn.ModuleList":
        return not module.arguments.all() and filling.value != 0
    ours = module.dotted is not None and module.dotted.startswith("torch.nn.")
    return not ours and (module.cls is None or not layers) and filling.value != 0


def _is_asked_for(script: Script, call: ast.Call) -> bool:
    """Whether the constant is an argument of the function: a caller asks for it, to see what comes of it."""
    function = script.function_of(call)
    names = {each.id for each in call.args[-1:] if isinstance(each, ast.Name)}
    spec = function.args if function is not None else None
    return spec is not None and any(each.arg in names for each in (*spec.args, *spec.kwonlyargs))


def _grows(part: Value) -> bool:
    """Whether it is a container that layers are added to out of sight: in a loop, by a list of unknown length."""
    for each in options(part):
        if isinstance(each, Made) and each.dotted in (SEQUENTIAL, "torch.nn.ModuleList"):
            unknown = isinstance(first := next(iter(each.arguments.positional), None), Unknown | Part | Choice)
            if each.uses & {"add_module", "append", "extend"} or not each.arguments.complete or (first and unknown):
                return True
    return False


def _is_weighted(layer: Made, filling: Filling) -> bool:
    role, name = role_of_layer(layer.dotted or "")
    words = {word.lower() for word in filling.tests.wanted}
    return role is Role.WEIGHT and (not words or any(word.strip("_nd") in name.lower() for word in words))


def _is_wide(layer: Made) -> bool:
    """Whether a layer has several units, or nobody knows how many."""
    name = layer.dotted or ""
    return whole_of(layer.arguments, 1, "out_features" if "Linear" in name else "out_channels") != 1


def _layers(value: Value, depth: int = _DEEPEST) -> Iterator[Made]:
    """The layers of torch.nn that a module holds; those that a loop makes count twice."""
    for each in options(value):
        if isinstance(each, Items):
            several = [*each.items, *([each.each, each.each] if each.each else [])]
            for item in several if depth else ():
                yield from _layers(item, depth - 1)
        elif isinstance(each, Made) and depth:
            if (each.dotted or "").startswith("torch.nn.") and each.dotted != SEQUENTIAL:
                yield each
            held = each.attributes.values() if each.cls is not None else [*each.arguments.all(), *each.holds]
            for part in list(held):
                if isinstance(part, Made | Items | Choice):
                    yield from _layers(part, depth - 1)


def _of_own_layer(script: Script, filling: Filling) -> bool:
    """Whether it fills `self.weight` of a layer that is written here, whose `forward` multiplies the input with it."""
    match filling.tensor:
        case (
            ast.Attribute(value=ast.Name(id="self"), attr=name)
            | ast.Attribute(value=ast.Attribute(value=ast.Name(id="self"), attr=name), attr="data")
        ):
            pass
        case _:
            return False
    if filling.value == 0 or not filling.own:
        return False
    around: ast.AST | None = filling.call.node
    while around is not None and not isinstance(around, ast.ClassDef):
        around = script.parents.get(around)
    if around is None or "requires_grad" in script.source(around):
        return False
    for node in walk(around):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _MULTIPLYING:
            given = {each.attr for each in node.args if isinstance(each, ast.Attribute)}
            if name in given:
                return True
    return False


def redrawn(script: Script, filling: Filling, other: Filling) -> bool:
    """Whether another call may fill the same weights with something else."""
    if other.call.node is filling.call.node or other.drawn is Draw.CONSTANT or other.parameter == "bias":
        return False
    if _excluded(script, filling.call.node, other.call.node) or _comes_before(script, other.call, filling.call):
        return False
    if filling.own or other.own:
        return filling.own and other.own and script.source(filling.tensor) == script.source(other.tensor)
    if other.targets and all(_is_another(each, filling) for each in other.targets):
        return False
    theirs, ours = other.tests.wanted, filling.tests.wanted
    return not theirs or not ours or bool(theirs & ours)


def one_of_several(script: Script, filling: Filling) -> bool:
    """Whether the program tries several ways in turn: `run("zeros", lambda w: init.zeros_(w))`, `run("he", he)`."""
    around: list[ast.AST] = []
    node: ast.AST | None = filling.call.node
    while node is not None:
        node = script.parents.get(node)
        around += [node] if isinstance(node, ast.Lambda | ast.FunctionDef) else []
    given: dict[tuple[object, int | str], set[object]] = {}
    ours: set[tuple[object, int | str]] = set()
    for call in script.run.calls if around else ():
        callee = call.callee.function if isinstance(call.callee, Function) else None
        places: list[tuple[int | str, Value]] = [
            *enumerate(call.arguments.positional),
            *call.arguments.keywords.items(),
        ]
        for place, each in places:
            if callee is not None and isinstance(each, Function | Imported):
                what = each.function if isinstance(each, Function) else each.dotted
                given.setdefault((callee, place), set()).add(what)
                if what in around:
                    ours.add((callee, place))
    return any(len(given[each]) > 1 for each in ours)


def _comes_before(script: Script, earlier: Call, later: Call) -> bool:
    """Whether one call is made before the other in the same run of the program, which makes good what it did."""
    if _root(earlier.event) is not _root(later.event):
        return False
    return next(each is earlier for each in script.run.calls if each is earlier or each is later)


def _root(item: Event) -> Node | None:
    return next(iter(list(ancestors(item))[-1:]), None)


def _is_another(target: Target, filling: Filling) -> bool:
    """Whether what another call fills is a part of the model, or another layer or module than this one's."""
    if target.layer is not None:
        named = {id(each.layer.node) for each in filling.targets if each.layer is not None}
        named |= {id(x.node) for each in filling.targets if each.module is not None for x in _layers(each.module)}
        weighted = role_of_layer(target.layer.dotted or "")[0] is Role.WEIGHT
        return not weighted or (bool(named) and id(target.layer.node) not in named)
    if isinstance(target.module, Made) and filling.targets:
        theirs = {id(each) for each in _layers(target.module)}
        ours = {id(each) for one in filling.targets for each in _layers(one.module or one.layer or Value())}
        return bool(theirs) and bool(ours) and not theirs & ours
    if isinstance(target.module, Unknown):
        return all(each.module is not target.module for each in filling.targets)
    return isinstance(target.module, Part) and target.module.how == "attribute"


def _excluded(script: Script, one: ast.AST, other: ast.AST) -> bool:
    """Whether two calls stand in different arms of one `if`."""
    arms: dict[ast.AST, ast.AST] = {}
    child: ast.AST | None = one
    while child is not None:
        parent = script.parents.get(child)
        if isinstance(parent, ast.If):
            arms[parent] = child
        child = parent
    child = other
    while child is not None:
        parent = script.parents.get(child)
        if isinstance(parent, ast.If) and parent in arms:
            return (arms[parent] in parent.orelse) != (child in parent.orelse)
        child = parent
    return False
