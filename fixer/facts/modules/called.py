"""Which module it is that a program calls, and which it holds."""

from __future__ import annotations

import ast
import re

from fixer.facts.modules.layers import altered, altered_later, name_of
from fixer.facts.modules.module_lists import alike_of
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import Items, Made, Mapping, Part, Value

_WRAPPERS = frozenset(
    {
        "torch.nn.DataParallel",
        "torch.nn.parallel.DataParallel",
        "torch.nn.parallel.DistributedDataParallel",
        "torch.compile",
        "torch.jit.script",
        "torch.jit.trace",
        "copy.deepcopy",
        "torch.nn.utils.weight_norm",
        "torch.nn.utils.spectral_norm",
        "torch.nn.utils.parametrizations.weight_norm",
        "torch.nn.utils.parametrizations.spectral_norm",
    }
)
_KEEPS = re.compile(
    r"ddp|fsdp|(data|model|tensor)_?parallel|parallelize_module|gradsamplemodule|"
    r"(^|_)init(_|$|iali[sz])|(weight|spectral)_?norm",
    re.IGNORECASE,
)
"""What libraries call that which spreads a model over devices, keeps the gradients of each sample, or draws weights."""
_CONTAINERS = frozenset({"Sequential", "ModuleList"})


def module_of(callee: Value) -> Made | None:
    """The module that is called, seen through wrappers that change nothing: DataParallel, compile, weight_norm."""
    if isinstance(callee, Part) and isinstance(callee.base, Made) and callee.how in ("subscript", "element"):
        return _listed(callee, callee.base)
    if not isinstance(callee, Made):
        return None
    if callee.dotted in _WRAPPERS:
        return _wrapped(callee)
    if callee.cls is not None:
        return callee if kind(callee) in (Kind.MODULE, Kind.LOSS) else None
    if name_of(callee) or callee.dotted is None:
        return callee if name_of(callee) else None
    return _wrapped(callee) if _KEEPS.search(callee.dotted.rpartition(".")[2]) else None


def _wrapped(wrapper: Made) -> Made | None:
    given = wrapper.arguments
    first = given.get(0, "module") or given.get(0, "model") or given.get(0, "x")
    return module_of(first) if first is not None else None


def _listed(member: Part, container: Made) -> Made | None:
    """`layers[1]`, or the element of a loop over layers that were all made by the same call of a comprehension."""
    members = members_of(container)
    if members is None:
        alike = alike_of(container)
        return module_of(alike) if alike is not None else None
    if isinstance(member.key, int) and -len(members) <= member.key < len(members):
        return module_of(members[member.key])
    return module_of(members[0]) if member.how == "element" and len(members) == 1 else None


def every_one(callee: Value) -> list[Made]:
    """The modules of a list that a comprehension calls one after the other: `[conv(x) for conv in self.convs]`."""
    if not isinstance(callee, Part) or callee.how != "element" or not isinstance(callee.base, Made):
        return []
    members = members_of(callee.base) or []
    found = [each for each in map(module_of, members) if each is not None]
    return found if len(found) == len(members) else []


def members_of(container: Made) -> list[Value] | None:
    """The layers of a Sequential (or ModuleList), in order; None where they are not all known."""
    if name_of(container) not in _CONTAINERS:
        return None
    if container.built is not None and container.built.grown:
        # what it was made with, and what was added to it ever since
        found = list(container.built.items)
        others = {id(each) for each in container.holds} - {id(each) for each in found}
        return None if others or not container.built.known else found
    if altered(container):
        return None
    given = container.arguments
    if given.keywords or len(given.positional) != 1:
        return list(given.positional) if not given.keywords else None
    only = given.positional[0]
    if isinstance(only, Made) and only.dotted == "collections.OrderedDict" and len(only.arguments.positional) == 1:
        pairs = only.arguments.positional[0]
        return _named(pairs) if not only.uses & {"update", "pop", "move_to_end"} and not only.holds else None
    if isinstance(only, Items):
        whole = only.complete and only.each is None and name_of(container) == "ModuleList"
        return list(only.items) if whole else None
    return [only] if name_of(container) == "Sequential" else None


def members_behind(container: Made) -> list[Value]:
    """The layers of a Sequential behind those that nobody has counted: `Sequential(*blocks, nn.Flatten(), head)`."""
    node, given = container.node, container.arguments.positional
    if name_of(container) != "Sequential" or not isinstance(node, ast.Call) or altered_later(container):
        return []
    stars = [index for index, each in enumerate(node.args) if isinstance(each, ast.Starred)]
    behind = node.args[stars[-1] + 1 :] if stars else []
    found = given[-len(behind) :] if behind else []
    return found if [each.node for each in found] == behind else []


def _named(pairs: Value) -> list[Value] | None:
    if isinstance(pairs, Mapping):
        return list(pairs.items.values()) if pairs.complete else None
    if not isinstance(pairs, Items) or not pairs.complete or pairs.each is not None:
        return None
    found = []
    for pair in pairs.items:
        if not isinstance(pair, Items) or len(pair.items) != 2:
            return None
        found.append(pair.items[1])
    return found
